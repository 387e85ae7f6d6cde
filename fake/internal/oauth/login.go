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
	p := page{Title: "Sign in with your username and password", Form: "cognitoSignInForm", Submit: submit{"signInSubmitButton", "Sign in"}, Providers: r.providerLinks(a)}
	if slices.Contains(a.client.Settings.SupportedIdentityProviders, local) {
		p.Fields = []field{
			{Name: "username", ID: "signInFormUsername", Label: "Username", Type: "text", Autocomplete: "username",
				Value: cmp.Or(r.Username(), r.query.Get("login_hint"))},
			{Name: "password", ID: "signInFormPassword", Label: "Password", Type: "password", Autocomplete: "current-password"},
		}
		p.Links = r.ways()
	}
	return r.showAgain(p, failed)
}

// messageOf returns what a page says of an error: the message that the API has for it.
func messageOf(err error) string {
	if answer, ok := err.(smithy.APIError); ok {
		return answer.ErrorMessage()
	}
	return ""
}

// login signs a user in. Who has yet to confirm a sign-up, or must choose another password, is sent to where that
// is done (inferred).
func (r *Request) login() Answer {
	a, refused := r.visitor()
	if refused != nil {
		return *refused
	}
	login := signin.Login{Username: r.Username(), Password: r.form.Get("password")}
	result, err := r.signIn(a, login)
	switch {
	case isType[*types.UserNotConfirmedException](err):
		return r.toConfirmation(login, nil)
	case isType[*types.PasswordResetRequiredException](err):
		return r.carry("/forgotPassword", challenge{Name: passwordReset, Username: login.Username})
	case err != nil:
		return r.loginPage(a, err)
	}
	return r.proceed(a, login.Username, result)
}

// signIn begins a sign-in by password, whatever flows the app client may use in the API.
func (r *Request) signIn(a *authorization, l signin.Login) (*signin.Result, error) {
	return r.engine.Initiate(r.http.Context(), signin.Initiation{
		Call: r.by(a.client), Flow: types.AuthFlowTypeUserPasswordAuth, Hosted: a.hosted(),
		Parameters: withSecretHash(a.client, map[string]string{"USERNAME": l.Username, "PASSWORD": l.Password}),
	})
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
	answer := r.remember(result.Browser, r.grant(a, result.Tokens))
	r.clearCookie(answer, challengeCookie)
	return answer
}
