package backendtest

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// follow ends the test unless an answer sends the browser to a page of this path, and returns its URL.
func follow(t *testing.T, got webAnswer, path string) string {
	t.Helper()
	if got.location == nil || got.location.Path != path {
		t.Fatalf("answer = %d to %v, want 302 to %s\n%s", got.status, got.location, path, got.body)
	}
	return got.location.String()
}

// wantCallback checks that the application gets a code.
func wantCallback(t *testing.T, got webAnswer) {
	t.Helper()
	if got.location == nil || !uuidCode.MatchString(got.location.String()) {
		t.Errorf("answer = %d to %v, want 302 to the application with a code\n%s", got.status, got.location, got.body)
	}
}

// page returns the URL of a page with the query of an authorization request.
func (a *application) page(path string) string { return a.domain + path + "?" + a.request().Encode() }

// newcomerForm is the form of somebody who signs up.
func newcomerForm(username string) url.Values {
	return url.Values{"username": {username}, "password": {goodPassword}, "requiredAttributes[email]": {username + "@example.com"}}
}

// requireEmail makes a pool whose users must have an address, to which codes go.
func requireEmail() cognitotest.Option {
	return cognitotest.WithPool(cip.CreateUserPoolInput{
		AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail},
		Schema:                 []types.SchemaAttributeType{{Name: aws.String("email"), Required: aws.Bool(true)}},
	})
}

var signUpPages = []Behaviour{
	{"the login page leads to sign-up and to forgotten passwords", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		login := a.newBrowser(t).open("/login", a.request())
		for _, path := range []string{"/signup", "/forgotPassword"} {
			wantPage(t, login, 200, a.page(path))
		}
	}},
	{"who signs up, confirms and is signed in", func(t *testing.T, start Start) {
		p := start(t, requireEmail())
		a := newApplication(t, p)
		b := a.newBrowser(t)
		wantPage(t, b.open(a.page("/signup"), nil), 200, `name="requiredAttributes[email]" type="email"`)
		page := follow(t, b.fill(a.page("/signup"), newcomerForm("ann")), "/confirmUser")
		wantPage(t, b.open(page, nil), 200, "a***@e***")
		code := lastCode(t, p, "ann")
		wantPage(t, b.fill(page, url.Values{"code": {wrong(code)}}), 200, mismatch)
		wantCallback(t, b.fill(page, url.Values{"code": {code}}))
		wantStatus(t, p, "ann", types.UserStatusTypeConfirmed)
		wantCallback(t, b.open("/oauth2/authorize", a.request()))
	}},
	{"who signs up at a client with a secret need not know it", func(t *testing.T, start Start) {
		p := start(t, requireEmail())
		a := newApplication(t, p, func(in *cip.CreateUserPoolClientInput) { in.GenerateSecret = true })
		b := a.newBrowser(t)
		page := follow(t, b.fill(a.page("/signup"), newcomerForm("ann")), "/confirmUser")
		wantCallback(t, b.fill(page, url.Values{"code": {lastCode(t, p, "ann")}}))
	}},
	{"what is wrong with a sign-up is told above the form", func(t *testing.T, start Start) {
		p := start(t, requireEmail())
		a := newApplication(t, p)
		u := p.NewUser(t, cognitotest.Email("bob@example.com"))
		for _, test := range []struct {
			why, name, value, want string
		}{
			{"a password against the policy", "password", "short", "Password did not conform with policy"},
			{"a name that is taken", "username", u.Username, "User already exists"},
			{"no username", "username", "", "Member must have length greater than or equal to 1"},
			{"an address that is none", "requiredAttributes[email]", "ann", "Invalid email address format."},
		} {
			form := newcomerForm("ann")
			form.Set(test.name, test.value)
			got := a.newBrowser(t).fill(a.page("/signup"), form)
			if got.status != 200 || !strings.Contains(got.body, test.want) {
				t.Errorf("%s: %d %s", test.why, got.status, got.body)
			}
		}
	}},
	{"in a pool whose users sign in by address, the address is the name", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{
			AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail},
			UsernameAttributes:     []types.UsernameAttributeType{types.UsernameAttributeTypeEmail},
			Schema:                 []types.SchemaAttributeType{{Name: aws.String("email"), Required: aws.Bool(true)}},
		}))
		a := newApplication(t, p)
		b := a.newBrowser(t)
		shown := b.open(a.page("/signup"), nil)
		wantPage(t, shown, 200, `name="username" type="email"`)
		if strings.Contains(shown.body, "requiredAttributes") {
			t.Errorf("the address is asked for twice: %s", shown.body)
		}
		page := follow(t, b.fill(a.page("/signup"), url.Values{"username": {"ann@example.com"}, "password": {goodPassword}}), "/confirmUser")
		messages := needFake(t, p, hidden).Messages()
		wantCallback(t, b.fill(page, url.Values{"code": {messages[len(messages)-1].Code}}))
	}},
	{"nobody signs up in a pool whose users administrators create", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{
			AdminCreateUserConfig: &types.AdminCreateUserConfigType{AllowAdminCreateUserOnly: true},
		}))
		a := newApplication(t, p)
		b := a.newBrowser(t)
		login := b.open("/login", a.request())
		if strings.Contains(login.body, "/signup") {
			t.Errorf("a link to sign-up: %s", login.body)
		}
		wantPage(t, b.open(a.page("/signup"), nil), 400, "SignUp is not permitted for this user pool")
		csrf := url.Values{"_csrf": hiddenToken.FindStringSubmatch(login.body)[1:], "username": {"ann"}, "password": {goodPassword}}
		wantPage(t, b.send(a.page("/signup"), csrf), 400, "SignUp is not permitted for this user pool")
	}},
	{"forms that no page has sent sign nobody up, and confirm nobody", func(t *testing.T, start Start) {
		p := start(t, verifying(false))
		a := newApplication(t, p)
		for _, path := range []string{"/signup", "/confirmUser", "/resendcode", "/forgotPassword", "/confirmforgotPassword"} {
			got := a.newBrowser(t).send(a.page(path), newcomerForm("ann"))
			wantPage(t, got, 400, "Something went wrong")
		}
	}},
}

var confirmationPages = []Behaviour{
	{"who has not confirmed the sign-up is sent to do so, and goes on", func(t *testing.T, start Start) {
		p := start(t, verifying(false))
		a := newApplication(t, p)
		b := a.newBrowser(t)
		code := newcomer(t, p, "ann")
		page := follow(t, b.signIn(a.request(), "ann", goodPassword), "/confirmUser")
		wantCallback(t, b.fill(page, url.Values{"code": {code}}))
	}},
	{"a confirmation signs in nobody who does not know the password", func(t *testing.T, start Start) {
		p := start(t, verifying(false))
		a := newApplication(t, p)
		b := a.newBrowser(t)
		code := newcomer(t, p, "ann")
		page := follow(t, b.signIn(a.request(), "ann", "Wrong-pass1"), "/confirmUser")
		follow(t, b.fill(page, url.Values{"code": {code}}), "/login")
		wantStatus(t, p, "ann", types.UserStatusTypeConfirmed)
	}},
	{"who confirms in another browser, or late, signs in next", func(t *testing.T, start Start) {
		p := start(t, verifying(false))
		a := newApplication(t, p)
		code := newcomer(t, p, "ann")
		follow(t, a.newBrowser(t).fill(a.page("/confirmUser"), url.Values{"username": {"ann"}, "code": {code}}), "/login")
		code = newcomer(t, p, "bob")
		b := a.newBrowser(t)
		page := follow(t, b.signIn(a.request(), "bob", goodPassword), "/confirmUser")
		pass(t, p, 5*time.Minute)
		follow(t, b.fill(page, url.Values{"code": {code}}), "/login")
	}},
	{"another code can be asked for", func(t *testing.T, start Start) {
		p := start(t, verifying(false))
		a := newApplication(t, p)
		b := a.newBrowser(t)
		old := newcomer(t, p, "ann")
		page := follow(t, b.signIn(a.request(), "ann", goodPassword), "/confirmUser")
		wantPage(t, b.open(page, nil), 200, `formaction="`+a.page("/resendcode"))
		page = follow(t, b.fill(a.page("/resendcode"), url.Values{"username": {"ann"}}), "/confirmUser")
		wantPage(t, b.open(page, nil), 200, "a***@e***")
		if code := lastCode(t, p, "ann"); code != old {
			wantPage(t, b.fill(page, url.Values{"code": {old}}), 200, mismatch)
		}
		wantCallback(t, b.fill(page, url.Values{"code": {lastCode(t, p, "ann")}}))
		wantPage(t, b.fill(a.page("/resendcode"), url.Values{"username": {"ann"}}), 200, "User is already confirmed.")
	}},
	{"a link confirms a sign-up at once", func(t *testing.T, start Start) {
		p := start(t, verifying(false))
		a := newApplication(t, p)
		link := func(code string, more ...string) url.Values {
			query := url.Values{"client_id": {a.ID}, "user_name": {"ann"}, "confirmation_code": {code}}
			for i := 0; i < len(more); i += 2 {
				query.Set(more[i], more[i+1])
			}
			return query
		}
		code := newcomer(t, p, "ann")
		b := a.newBrowser(t)
		wantPage(t, b.open("/confirmUser", link(wrong(code))), 400, mismatch)
		wantPage(t, b.open("/confirmUser", link(code, "client_id", "")), 400, "Required String parameter 'client_id' is not present")
		wantPage(t, b.open("/confirmUser", link(code, "client_id", "nobody")), 400, "")
		wantStatus(t, p, "ann", types.UserStatusTypeUnconfirmed)
		wantPage(t, b.open("/confirmUser", link(code)), 200, "Your registration has been confirmed!")
		wantStatus(t, p, "ann", types.UserStatusTypeConfirmed)
		wantPage(t, b.open("/confirmUser", link(code)), 400, "User cannot be confirmed. Current status is CONFIRMED")
	}},
	{"a link leads on to a registered URL alone", func(t *testing.T, start Start) {
		p := start(t, verifying(false))
		a := newApplication(t, p)
		for i, uri := range []string{callback, "https://evil.example.com/"} {
			name := fmt.Sprint("user", i)
			code := newcomer(t, p, name)
			got := a.newBrowser(t).open("/confirmUser", url.Values{
				"client_id": {a.ID}, "user_name": {name}, "confirmation_code": {code}, "redirect_uri": {uri}, "response_type": {"code"},
			})
			if uri == callback {
				wantRedirect(t, got, callback)
			} else {
				wantPage(t, got, 200, "Your registration has been confirmed!")
			}
		}
	}},
	{"a pool that verifies by link sends one", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{
			AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail},
			VerificationMessageTemplate: &types.VerificationMessageTemplateType{
				DefaultEmailOption: types.DefaultEmailOptionTypeConfirmWithLink, EmailMessageByLink: aws.String("Please {##click here##}."),
			},
		}))
		a := newApplication(t, p)
		newcomer(t, p, "ann+1")
		messages := inbox(t, p, "ann+1")
		match := regexp.MustCompile(`^Please <a href="([^"]+)">click here</a>\.$`).FindStringSubmatch(messages[0].Body)
		if match == nil {
			t.Fatalf("message = %q", messages[0].Body)
		}
		want := a.domain + "/confirmUser?client_id=" + p.ClientID + "&user_name=ann%2B1&confirmation_code=" + messages[0].Code
		wantSame(t, "link", match[1], want)
		wantPage(t, a.newBrowser(t).open(match[1], nil), 200, "Your registration has been confirmed!")
		_, err := forgot(p, "ann+1")
		need(t, err)
		wantSame(t, "message", inbox(t, p, "ann+1")[1].Body, "Your verification code is "+lastCode(t, p, "ann+1")+". ")
	}},
}
