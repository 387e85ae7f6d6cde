package oauth

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/signin"
)

// challenge is what a browser waits for: that its user answers a challenge of a sign-in, or brings a code for
// something else. The browser keeps it in a cookie (inferred: the forms of the service do not have it); sessions are
// sealed.
type challenge struct {
	Name       types.ChallengeNameType
	Session    string
	Username   string
	Parameters map[string]string
}

const challengeCookie = "cognito-challenge"

// toChallenge sends the browser to the page of a challenge.
func (r *Request) toChallenge(c challenge) Answer {
	if err := r.prepare(&c); err != nil {
		return r.errorPage(err)
	}
	form, ok := c.form()
	if !ok {
		r.logf("cognitotest: %v", &pool.NotSimulated{What: "the login page of " + string(c.Name)})
		return r.errorPage(unfinished())
	}
	return r.carry(form.path, c)
}

// carry sends the browser to a page with what that is about.
func (r *Request) carry(path string, c challenge) Answer {
	delete(c.Parameters, "userAttributes") // which no page shows, and no cookie may hold
	text, err := json.Marshal(c)
	if err != nil {
		panic(pool.Broken("encoding a challenge: %v", err))
	}
	answer := r.redirectTo(path)
	r.setCookie(answer, &http.Cookie{Name: challengeCookie, Value: base64.RawURLEncoding.EncodeToString(text)})
	return answer
}

// carried returns what the browser has, if anything.
func (r *Request) carried() (c challenge, ok bool) {
	cookie, err := r.http.Cookie(challengeCookie)
	if err != nil {
		return c, false
	}
	text, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil || json.Unmarshal(text, &c) != nil {
		return challenge{}, false
	}
	return c, true
}

// waiting returns the challenge that the browser has for this page.
func (r *Request) waiting() (c challenge, form challengeForm, ok bool) {
	if c, ok = r.carried(); !ok {
		return c, form, false
	}
	form, ok = c.form()
	return c, form, ok && form.path == r.Path()
}

// challengeForm is how users answer a challenge.
type challengeForm struct {
	path   string
	page   page
	answer func(get func(name string) string) (responses map[string]string)
}

// form returns the form of a challenge, and whether there is one.
func (c challenge) form() (challengeForm, bool) {
	switch c.Name {
	case types.ChallengeNameTypeNewPasswordRequired:
		return c.newPasswordForm(), true
	case types.ChallengeNameTypeSmsMfa:
		return c.codeForm("SMS_MFA_CODE"), true
	case types.ChallengeNameTypeEmailOtp:
		return c.codeForm("EMAIL_OTP_CODE"), true
	case types.ChallengeNameTypeSoftwareTokenMfa:
		return c.codeForm("SOFTWARE_TOKEN_MFA_CODE"), true
	case types.ChallengeNameTypeSelectMfaType:
		return c.choiceForm(), true
	case types.ChallengeNameTypeMfaSetup:
		return c.setupForm()
	}
	return challengeForm{}, false
}

// codeField is the name and the id of the field for a code of a second factor.
const codeField = "authentication_code"

// codeForm asks for a code that was sent, or that an authenticator app shows.
func (c challenge) codeForm(response string) challengeForm {
	note := "Enter the code from your authenticator app"
	if to := c.Parameters["CODE_DELIVERY_DESTINATION"]; to != "" {
		note = "Enter the code that was sent to " + to
	}
	return challengeForm{
		path: "/mfa",
		page: page{
			Title: "Verification", Note: note, Submit: submit{"signInButton", "Sign in"}, Fields: []field{codeInput()},
		},
		answer: func(get func(string) string) map[string]string {
			return map[string]string{response: get(codeField)}
		},
	}
}

func codeInput() field {
	return field{Name: codeField, ID: codeField, Label: "Code", Type: "text", Autocomplete: "one-time-code"}
}

// newPasswordForm asks for a password in place of a temporary one, and for required attributes that the user does
// not have. The names of its fields are inferred.
func (c challenge) newPasswordForm() challengeForm {
	form := challengeForm{path: "/changePassword", page: page{
		Title: "Change password", Note: "Enter your new password below", Submit: submit{"reset_password", "Send"},
		Fields: []field{{Name: "new_password", ID: "new_password", Label: "New password", Type: "password", Autocomplete: "new-password"}},
	}}
	missing := c.requiredAttributes()
	for _, name := range missing {
		form.page.Fields = append(form.page.Fields, attributeField(name))
	}
	form.answer = func(get func(string) string) map[string]string {
		responses := map[string]string{"NEW_PASSWORD": get("new_password")}
		for _, name := range missing {
			responses[userAttributes+name] = get(attributeInput(name))
		}
		return responses
	}
	return form
}

// userAttributes marks attributes among parameters and responses of NEW_PASSWORD_REQUIRED.
const userAttributes = "userAttributes."

// requiredAttributes returns the attributes that NEW_PASSWORD_REQUIRED asks for.
func (c challenge) requiredAttributes() []string {
	var names []string
	if json.Unmarshal([]byte(c.Parameters["requiredAttributes"]), &names) != nil {
		return nil // the cookie is the browser's to spoil
	}
	for i := range names {
		names[i] = strings.TrimPrefix(names[i], userAttributes)
	}
	return names
}

// showChallenge answers the page of a challenge.
func (r *Request) showChallenge() Answer {
	if _, refused := r.authorization(); refused != nil {
		return *refused
	}
	_, form, ok := r.waiting()
	if !ok {
		return r.errorPage(unfinished())
	}
	return r.show(form.page)
}

// answerChallenge takes the answer to a challenge. A wrong one can be given again.
func (r *Request) answerChallenge() Answer {
	a, refused := r.authorization()
	if refused != nil {
		return *refused
	}
	c, form, ok := r.waiting()
	if !ok || !r.genuine() {
		return r.errorPage(unfinished())
	}
	responses := form.answer(r.form.Get)
	responses["USERNAME"] = c.Username
	result, err := r.respond(a, c, responses)
	switch {
	case signin.IsSessionOver(err):
		return r.errorPage(unfinished())
	case err != nil:
		return r.showAgain(form.page, err)
	}
	return r.proceed(a, c.Username, result)
}

// respond answers a challenge; an authenticator is registered first where that is asked for.
func (r *Request) respond(a *authorization, c challenge, responses map[string]string) (result *signin.Result, err error) {
	if c.Parameters[secretCode] != "" {
		if c.Session, err = r.engine.VerifyTOTP(r.http.Context(), c.Session, r.form.Get(codeField), ""); err != nil {
			return nil, err
		}
	}
	return r.engine.Respond(r.http.Context(), signin.Answer{
		Call: r.by(a.client), Challenge: c.Name, Session: c.Session, Responses: withSecretHash(a.client, responses),
	})
}
