package backendtest

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// redirectingTo makes an application with another callback URL.
func redirectingTo(uri string) func(*cip.CreateUserPoolClientInput) {
	return func(in *cip.CreateUserPoolClientInput) { in.CallbackURLs = []string{uri} }
}

// wantBack checks where the application is told of an error, if the browser is sent there at all.
func wantBack(t *testing.T, got webAnswer, want string) {
	t.Helper()
	if got.location == nil || got.location.String() != want {
		t.Errorf("answer = %d to %v, want %s\n%s", got.status, got.location, want, got.body)
	}
}

var redirections = []Behaviour{
	{"an application on a telephone is sent to by its own scheme", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p, redirectingTo("myapp://callback"))
		u := p.NewUser(t)
		back := a.newBrowser(t).signIn(a.request("redirect_uri", "myapp://callback"), u.Username, u.Password)
		if back.location == nil || !strings.HasPrefix(back.location.String(), "myapp://callback?code=") {
			t.Errorf("back to %v", back.location)
		}
	}},
	{"a redirect_uri with a query keeps it", func(t *testing.T, start Start) {
		p := start(t)
		uri := callback + "?tenant=acme"
		a := newApplication(t, p, redirectingTo(uri))
		b := a.newBrowser(t)
		wantBack(t, b.open("/oauth2/authorize", a.request("redirect_uri", uri, "prompt", "none")), uri+"&error=login_required&state=a+state")
		back := b.signIn(a.request("redirect_uri", uri), p.NewUser(t).Username, "Wrong-pass1")
		wantPage(t, back, 200, wrongPassword)
		implicit := a.request("redirect_uri", uri, "response_type", "token", "scope", "unknown")
		wantBack(t, b.open("/oauth2/authorize", implicit), uri+"#error_description=invalid_scope&state=a+state&error=invalid_request")
	}},
	{"a state comes back whatever characters it has", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		for _, state := range []string{"a&b=c#d?e", "+ %20 %", "ä€😀", "'\"<script>", "line\r\nLocation: https://evil.example.com", strings.Repeat("x", 4000)} {
			for _, responseType := range []string{"code", "token"} {
				request := a.request("state", state, "response_type", responseType, "prompt", "none")
				got := a.newBrowser(t).open("/oauth2/authorize", request)
				if got.location == nil {
					t.Errorf("%q: %d %s", state, got.status, got.body)
					continue
				}
				parameters := got.location.RawQuery
				if responseType == "token" {
					parameters = got.location.EscapedFragment()
				}
				back, err := url.ParseQuery(parameters)
				if err != nil || back.Get("state") != state {
					t.Errorf("%s: state = %q (%v), want %q", responseType, back.Get("state"), err, state)
				}
			}
		}
	}},
	{"a parameter comes once", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		b := a.newBrowser(t)
		twice := func(name, value string) url.Values {
			query := a.request()
			query.Add(name, value)
			return query
		}
		wantPage(t, b.open("/oauth2/authorize", twice("client_id", a.ID)), 400, mismatchPage)
		wantPage(t, b.open("/oauth2/authorize", twice("redirect_uri", "https://evil.example.com/")), 400, mismatchPage)
		wantBack(t, b.open("/oauth2/authorize", twice("scope", "phone")), callback+"?error=invalid_request&state=a+state")
		form := url.Values{"grant_type": {"authorization_code"}, "client_id": {a.ID}, "redirect_uri": {callback}, "code": {"one", "two"}}
		wantRefusal(t, b.send("/oauth2/token", form), 400, invalidRequest)
	}},
	{"an endpoint refuses methods and bodies that are none of its own", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		b := a.newBrowser(t)
		if got := b.send("/oauth2/authorize?"+a.request().Encode(), nil); got.status != http.StatusMethodNotAllowed {
			t.Errorf("POST to authorize: %d", got.status)
		}
		if got := b.open("/oauth2/token", nil); got.status != http.StatusMethodNotAllowed || got.header.Get("Allow") != http.MethodPost {
			t.Errorf("GET of token: %d, Allow %q", got.status, got.header.Get("Allow"))
		}
		form := url.Values{"grant_type": {"authorization_code"}, "client_id": {a.ID}, "redirect_uri": {callback}, "code": {"c"}}
		json := func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }
		wantRefusal(t, b.send("/oauth2/token", form, json), 400, invalidRequest)
		preflight := func(r *http.Request) { r.Method = http.MethodOptions }
		if got := b.send("/oauth2/token", nil, preflight); got.status != 200 || got.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("OPTIONS of token: %d %v", got.status, got.header)
		}
		head := func(r *http.Request) { r.Method = http.MethodHead }
		if got := b.send("/login?"+a.request().Encode(), nil, head); got.status != 200 || got.body != "" {
			t.Errorf("HEAD of login: %d %q", got.status, got.body)
		}
		form.Set("code", strings.Repeat("c", 2<<20))
		wantRefusal(t, b.send("/oauth2/token", form), 400, invalidRequest)
	}},
}

// basic calls as an app client by the Authorization header.
func basic(id, secret string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(id+":"+secret)))
	}
}

var clientAuthentication = []Behaviour{
	{"a secret in the header may be encoded as in a form", func(t *testing.T, start Start) {
		p := start(t)
		b := newMachine(t, p).newBrowser(t)
		secret := strings.Repeat("a+", 12) + "end"
		_, err := p.Client().AddUserPoolClientSecret(ctx, &cip.AddUserPoolClientSecretInput{UserPoolId: &p.PoolID, ClientId: &b.ID, ClientSecret: &secret})
		need(t, err)
		form := url.Values{"grant_type": {"client_credentials"}}
		for _, written := range []string{secret, url.QueryEscape(secret)} {
			if got := b.send("/oauth2/token", form, basic(b.ID, written)); got.status != 200 {
				t.Errorf("%q: %d %s", written, got.status, got.body)
			}
		}
		wantRefusal(t, b.send("/oauth2/token", form, basic(b.ID, secret+"%")), 400, invalidClientSecret)
	}},
	{"a client is the same in header and body", func(t *testing.T, start Start) {
		p := start(t)
		b := newMachine(t, p).newBrowser(t)
		form := func(id string) url.Values { return url.Values{"grant_type": {"client_credentials"}, "client_id": {id}} }
		if got := b.send("/oauth2/token", form(b.ID), basic(b.ID, b.Secret)); got.status != 200 {
			t.Errorf("the same: %d %s", got.status, got.body)
		}
		wantRefusal(t, b.send("/oauth2/token", form(p.ClientID), basic(b.ID, b.Secret)), 400, invalidRequest)
	}},
	{"a code that comes often at once is good once", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		code := a.newBrowser(t).code(a.request(), p.NewUser(t))
		var all sync.WaitGroup
		statuses := make(chan int, 8)
		for range cap(statuses) {
			b := a.newBrowser(t)
			all.Go(func() { statuses <- b.redeem(code).status })
		}
		all.Wait()
		close(statuses)
		good := 0
		for status := range statuses {
			if status == 200 {
				good++
			}
		}
		if good != 1 {
			t.Errorf("the code was good %d times", good)
		}
	}},
	{"a code is good for nobody who is gone, disabled or signed out since", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		for why, leave := range map[string]func(username string) error{
			"deleted": func(username string) error {
				return fail(p.Client().AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: &p.PoolID, Username: &username}))
			},
			"disabled": func(username string) error { return disable(p, username) },
			"signed out": func(username string) error {
				return fail(p.Client().AdminUserGlobalSignOut(ctx, &cip.AdminUserGlobalSignOutInput{UserPoolId: &p.PoolID, Username: &username}))
			},
		} {
			u, b := p.NewUser(t), a.newBrowser(t)
			code := b.code(a.request(), u)
			need(t, leave(u.Username))
			if got := b.redeem(code); got.status != 400 || got.body != invalidGrant {
				t.Errorf("%s: %d %s", why, got.status, got.body)
			}
			again := b.open("/oauth2/authorize", a.request("prompt", "none"))
			if signedIn := again.location != nil && again.location.Query().Has("code"); signedIn != (why == "signed out") {
				t.Errorf("%s: the browser goes to %v", why, again.location)
			}
		}
	}},
	{"an app client that is gone redeems nothing", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		b := a.newBrowser(t)
		code := b.code(a.request(), p.NewUser(t))
		need(t, fail(p.Client().DeleteUserPoolClient(ctx, &cip.DeleteUserPoolClientInput{UserPoolId: &p.PoolID, ClientId: &a.ID})))
		wantRefusal(t, b.redeem(code), 400, `{"error":"invalid_client"}`)
		wantPage(t, b.open("/login", a.request()), 400, mismatchPage)
	}},
	{"what a browser keeps between pages fits into a cookie", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		_, err := p.Client().AdminCreateUser(ctx, &cip.AdminCreateUserInput{
			UserPoolId: &p.PoolID, Username: aws.String("ann"), TemporaryPassword: aws.String("Temporary-1"), MessageAction: types.MessageActionTypeSuppress,
			UserAttributes: pairs("address", strings.Repeat("x", 2048), "website", strings.Repeat("y", 2048)),
		})
		need(t, err)
		got := a.newBrowser(t).signIn(a.request("nonce", strings.Repeat("n", 500)), "ann", "Temporary-1")
		follow(t, got, "/changePassword")
		for _, cookie := range got.header["Set-Cookie"] {
			if len(cookie) > 4096 {
				t.Errorf("a cookie of %d bytes", len(cookie))
			}
		}
	}},
}
