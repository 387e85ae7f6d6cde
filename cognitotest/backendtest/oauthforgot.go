package backendtest

import (
	"net/url"
	"regexp"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// newPasswordForm is the form of who chooses another password.
func newPasswordForm(code string) url.Values {
	return url.Values{"code": {code}, "password": {"Another-Horse-8"}, "confirmPassword": {"Another-Horse-8"}}
}

var forgottenPages = []Behaviour{
	{"who has forgotten the password chooses another by a code", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		u, b := p.NewUser(t, cognitotest.Email("ann@example.com")), a.newBrowser(t)
		page := follow(t, b.fill(a.page("/forgotPassword"), url.Values{"username": {u.Username}}), "/confirmforgotPassword")
		wantPage(t, b.open(page, nil), 200, "a***@e***")
		code := lastCode(t, p, u.Username)
		wantPage(t, b.fill(page, newPasswordForm(wrong(code))), 200, mismatch)
		differs := newPasswordForm(code)
		differs.Set("confirmPassword", "Other-Horse-9")
		wantPage(t, b.fill(page, differs), 200, "Passwords do not match")
		follow(t, b.fill(page, newPasswordForm(code)), "/login")
		wantCallback(t, b.signIn(a.request(), u.Username, "Another-Horse-8"))
	}},
	{"a code is good in any browser", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p, func(in *cip.CreateUserPoolClientInput) { in.GenerateSecret = true })
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		_, err := forgot(p, u.Username)
		need(t, err)
		form := newPasswordForm(lastCode(t, p, u.Username))
		form.Set("username", u.Username)
		follow(t, a.newBrowser(t).fill(a.page("/confirmforgotPassword"), form), "/login")
	}},
	{"whoever must choose another password is sent to do so", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		u, b := p.NewUser(t, cognitotest.Email("ann@example.com")), a.newBrowser(t)
		need(t, fail(p.Client().AdminResetUserPassword(ctx, &cip.AdminResetUserPasswordInput{UserPoolId: &p.PoolID, Username: &u.Username})))
		page := follow(t, b.signIn(a.request(), u.Username, u.Password), "/forgotPassword")
		wantPage(t, b.open(page, nil), 200, `value="`+u.Username+`"`)
		wantPage(t, b.open(a.page("/confirmforgotPassword"), nil), 200, "forgot_password_code")
		page = follow(t, b.fill(page, url.Values{"username": {u.Username}}), "/confirmforgotPassword")
		follow(t, b.fill(page, newPasswordForm(lastCode(t, p, u.Username))), "/login")
		wantCallback(t, b.signIn(a.request(), u.Username, "Another-Horse-8"))
	}},
	{"whose password cannot be reset is told", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		b := a.newBrowser(t)
		wantPage(t, b.fill(a.page("/forgotPassword"), url.Values{"username": {"nobody"}}), 200, "Username/client id combination not found.")
		u := p.NewUser(t, cognitotest.TemporaryPassword())
		wantPage(t, b.fill(a.page("/forgotPassword"), url.Values{"username": {u.Username}}), 200, "User password cannot be reset in the current state.")
	}},
	{"a client that hides who exists sends nobody's code too", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p, func(in *cip.CreateUserPoolClientInput) {
			in.PreventUserExistenceErrors = types.PreventUserExistenceErrorTypesEnabled
		})
		b := a.newBrowser(t)
		page := follow(t, b.fill(a.page("/forgotPassword"), url.Values{"username": {"nobody"}}), "/confirmforgotPassword")
		wantPage(t, b.fill(page, newPasswordForm("123456")), 200, mismatch)
	}},
}

var shownSecret = regexp.MustCompile(`<code id="totp_secret">([A-Z2-7]+)</code>`)

var factorPages = []Behaviour{
	{"a pool that requires a second factor has an authenticator registered on the way", func(t *testing.T, start Start) {
		p := start(t, withTOTP("ON"))
		a := newApplication(t, p)
		u, b := p.NewUser(t), a.newBrowser(t)
		page := follow(t, b.signIn(a.request(), u.Username, u.Password), "/mfa")
		shown := b.open(page, nil)
		wantPage(t, shown, 200, `href="otpauth://totp/`+u.Username+`?secret=`)
		secret := shownSecret.FindStringSubmatch(shown.body)[1]
		wantPage(t, b.fill(page, url.Values{"authentication_code": {"000000"}}), 200, "Code mismatch")
		wantCallback(t, b.fill(page, url.Values{"authentication_code": {codeAt(t, p, secret, 0)}}))
		again := a.newBrowser(t)
		page = follow(t, again.signIn(a.request(), u.Username, u.Password), "/mfa")
		wantCallback(t, again.fill(page, url.Values{"authentication_code": {codeAt(t, p, secret, 1)}}))
	}},
	{"whoever has several factors chooses one", func(t *testing.T, start Start) {
		p := mfaPool(t, start, types.UserPoolMfaTypeOptional, totpMFA, smsMFA)
		a := newApplication(t, p)
		u, b := p.NewUser(t, cognitotest.TOTP(), cognitotest.Phone("+12065550100")), a.newBrowser(t)
		need(t, setPreference(p, u, sms(true, false)))
		need(t, setPreference(p, u, software(true, false)))
		page := follow(t, b.signIn(a.request(), u.Username, u.Password), "/mfa")
		wantPage(t, b.open(page, nil), 200, `value="SOFTWARE_TOKEN_MFA" required`)
		next := follow(t, b.fill(page, url.Values{"mfa_type": {"SMS_MFA"}}), "/mfa")
		wantPage(t, b.open(next, nil), 200, "+*******0100")
		wantCallback(t, b.fill(next, url.Values{"authentication_code": {lastCode(t, p, u.Username)}}))
	}},
	{"an address for codes is registered on the way", func(t *testing.T, start Start) {
		p := mfaPool(t, start, types.UserPoolMfaTypeOn, emailMFA)
		a := newApplication(t, p)
		b := a.newBrowser(t)
		need(t, fail(p.Client().AdminCreateUser(ctx, &cip.AdminCreateUserInput{
			UserPoolId: &p.PoolID, Username: aws.String("ann"), MessageAction: types.MessageActionTypeSuppress,
		})))
		need(t, setPassword(p, "ann", goodPassword, true))
		page := follow(t, b.signIn(a.request(), "ann", goodPassword), "/mfa")
		next := follow(t, b.fill(page, url.Values{"requiredAttributes[email]": {"ann@example.com"}}), "/mfa")
		wantCallback(t, b.fill(next, url.Values{"authentication_code": {lastCode(t, p, "ann")}}))
	}},
}
