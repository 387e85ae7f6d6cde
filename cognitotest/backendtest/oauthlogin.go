package backendtest

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

const wrongPassword = "Incorrect username or password."

var loginPages = []Behaviour{
	{"the login page has a form whose token is that of a cookie", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		b := a.newBrowser(t)
		page := b.open("/login", a.request("login_hint", "ann"))
		wantPage(t, page, 200, `name="password"`)
		wantPage(t, page, 200, `value="ann"`)
		cookie := regexp.MustCompile(`XSRF-TOKEN=([^;]+); Path=/; .*HttpOnly`).FindStringSubmatch(strings.Join(page.header["Set-Cookie"], "\n"))
		hidden := hiddenToken.FindStringSubmatch(page.body)
		if cookie == nil || hidden == nil || cookie[1] != hidden[1] {
			t.Errorf("cookies %q, form %q", page.header["Set-Cookie"], hidden)
		}
		if page.header.Get("Access-Control-Allow-Origin") != "" {
			t.Error("scripts of other origins may read the page")
		}
	}},
	{"a form that no page has sent signs nobody in", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		u, b := p.NewUser(t), a.newBrowser(t)
		b.open("/login", a.request())
		got := b.send("/login?"+a.request().Encode(), url.Values{"_csrf": {"forged"}, "username": {u.Username}, "password": {u.Password}})
		if got.location != nil || got.status < 400 {
			t.Errorf("answer = %d to %v", got.status, got.location)
		}
	}},
	{"a wrong password is told above the form, and can be corrected", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		u, b := p.NewUser(t), a.newBrowser(t)
		wantPage(t, b.signIn(a.request(), u.Username, "Wrong-pass1"), 200, wrongPassword)
		wantPage(t, b.signIn(a.request(), "nobody", "Wrong-pass1"), 200, "User does not exist.")
		b.code(a.request(), u)
	}},
	{"the login page asks for no flow of the API, and a secret is the application's", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p, func(in *cip.CreateUserPoolClientInput) {
			in.GenerateSecret = true
			in.ExplicitAuthFlows = []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowUserSrpAuth}
		})
		a.newBrowser(t).tokens(a.request(), p.NewUser(t))
	}},
	{"a temporary password is changed on the way", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		b := a.newBrowser(t)
		ann := p.NewUser(t, cognitotest.TemporaryPassword())
		page := b.signIn(a.request(), ann.Username, ann.Password)
		if page.location == nil {
			t.Fatalf("answer = %d %s", page.status, page.body)
		}
		wantPage(t, b.fill(page.location.String(), url.Values{"new_password": {"short"}}), 200, "Password does not conform to policy")
		back := b.fill(page.location.String(), url.Values{"new_password": {"Permanent-1"}})
		if back.location == nil || back.location.Query().Get("code") == "" {
			t.Errorf("back to %v (status %d): %s", back.location, back.status, back.body)
		}
	}},
	{"a second factor is asked for at /mfa", func(t *testing.T, start Start) {
		p := start(t)
		need(t, fail(setMFA(p, cip.SetUserPoolMfaConfigInput{
			MfaConfiguration: types.UserPoolMfaTypeOptional, SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
		})))
		a := newApplication(t, p)
		u, b := p.NewUser(t, cognitotest.TOTP()), a.newBrowser(t)
		page := b.signIn(a.request(), u.Username, u.Password)
		if page.location == nil || page.location.Path != "/mfa" {
			t.Fatalf("answer = %d to %v: %s", page.status, page.location, page.body)
		}
		wantPage(t, b.fill(page.location.String(), url.Values{"authentication_code": {"000000"}}), 200, "Invalid code received for user")
		back := b.fill(page.location.String(), url.Values{"authentication_code": {u.TOTPCode(t)}})
		if back.location == nil || back.location.Query().Get("code") == "" {
			t.Errorf("back to %v (status %d): %s", back.location, back.status, back.body)
		}
	}},
	{"who goes on after five minutes begins anew", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		b := a.newBrowser(t)
		ann := p.NewUser(t, cognitotest.TemporaryPassword())
		page := b.signIn(a.request(), ann.Username, ann.Password).location.String()
		pass(t, p, 4*time.Minute)
		wantPage(t, b.fill(page, url.Values{"new_password": {"short"}}), 200, "Password does not conform to policy")
		pass(t, p, time.Minute)
		wantPage(t, b.fill(page, url.Values{"new_password": {"Permanent-1"}}), 400, "Something went wrong")
	}},
}

var logoutPage = []Behaviour{
	{"signing out leads to the application, and the next one signs in", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		b := a.newBrowser(t)
		b.code(a.request(), p.NewUser(t))
		wantRedirect(t, b.open("/logout", url.Values{"client_id": {a.ID}, "logout_uri": {signedOutAt}}), signedOutAt)
		wantRedirect(t, b.open("/oauth2/authorize", a.request()), a.domain+"/login?"+a.request().Encode())
	}},
	{"signing out leads to the login page with a redirect_uri, unless there is a logout_uri", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		b := a.newBrowser(t)
		b.code(a.request(), p.NewUser(t))
		both := a.request("logout_uri", signedOutAt)
		wantRedirect(t, b.open("/logout", both), signedOutAt)
		wantRedirect(t, b.open("/logout", a.request()), a.domain+"/login?"+a.request().Encode())
	}},
	{"what is missing to sign out is told", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		b := a.newBrowser(t)
		wantPage(t, b.open("/logout", url.Values{"logout_uri": {signedOutAt}}), 400, "Required String parameter 'client_id' is not present")
		oidc := url.Values{"client_id": {a.ID}, "post_logout_redirect_uri": {signedOutAt}, "id_token_hint": {"a.b.c"}}
		wantPage(t, b.open("/logout", oidc), 400, "Required String parameter 'redirect_uri' is not present")
	}},
	{"a foreign logout_uri is refused", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		b := a.newBrowser(t)
		b.code(a.request(), p.NewUser(t))
		got := b.open("/logout", url.Values{"client_id": {a.ID}, "logout_uri": {"https://evil.example.com/"}})
		if got.location == nil || got.location.Path != "/error" {
			t.Errorf("answer = %d to %v", got.status, got.location)
		}
	}},
}
