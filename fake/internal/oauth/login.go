package oauth

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/signin"
)

// local is the name of the pool itself among identity providers.
const local = "COGNITO"

// showLogin answers the page on which users sign in.
func (r *Request) showLogin() Answer {
	a, refused := r.authorization()
	if refused != nil {
		return *refused
	}
	return r.loginPage(a, nil)
}

// loginPage is the page of a sign-in, after an attempt that failed with why.
func (r *Request) loginPage(a *authorization, failed error) Answer {
	p := page{Title: "Sign in with your username and password", Error: messageOf(failed), Submit: submit{"signInSubmitButton", "Sign in"}}
	if slices.Contains(a.client.Settings.SupportedIdentityProviders, local) {
		p.Fields = []field{
			{Name: "username", ID: "signInFormUsername", Label: "Username", Type: "text", Autocomplete: "username",
				Value: cmp.Or(r.Username(), r.query.Get("login_hint"))},
			{Name: "password", ID: "signInFormPassword", Label: "Password", Type: "password", Autocomplete: "current-password"},
		}
	}
	answer := r.show(p)
	answer.Err = failed
	return answer
}

// messageOf returns what a page says of an error: the message that the API has for it.
func messageOf(err error) string {
	if answer, ok := err.(smithy.APIError); ok {
		return answer.ErrorMessage()
	}
	return ""
}

// login signs a user in by password, whatever flows the app client may use in the API.
func (r *Request) login() Answer {
	a, refused := r.authorization()
	switch {
	case refused != nil:
		return *refused
	case !r.genuine() || !slices.Contains(a.client.Settings.SupportedIdentityProviders, local):
		return r.errorPage(unfinished())
	}
	name := r.Username()
	result, err := r.engine.Initiate(r.http.Context(), signin.Initiation{
		Call: r.by(a.client), Flow: types.AuthFlowTypeUserPasswordAuth, Hosted: a.hosted(),
		Parameters: withSecretHash(a.client, map[string]string{"USERNAME": name, "PASSWORD": r.form.Get("password")}),
	})
	if err != nil {
		return r.loginPage(a, err)
	}
	return r.proceed(a, name, result)
}

// withSecretHash adds what the API asks of app clients that have a secret.
func withSecretHash(c *pool.Client, parameters map[string]string) map[string]string {
	if c.Confidential() {
		parameters["SECRET_HASH"] = pool.SecretHash(c.Secrets[0].Value, parameters["USERNAME"], c.ID)
	}
	return parameters
}

// proceed goes on with a sign-in: to the page of the next challenge or, at the end, to the application.
func (r *Request) proceed(a *authorization, username string, result *signin.Result) Answer {
	if result.Tokens == nil {
		return r.toChallenge(challenge{result.Challenge, result.Session, username, result.Parameters})
	}
	answer := r.remember(result.Sub, r.grant(a, result.Tokens))
	r.clearCookie(answer, challengeCookie)
	return answer
}
