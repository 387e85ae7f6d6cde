package inspector_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"golang.org/x/net/html"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake/cmd/fakecognito/internal/inspector"
)

func TestPagesOfAnEmptyServerSayWhatToDo(t *testing.T) {
	s := newSite(t)
	for path, want := range map[string]string{
		"":       "aws cognito-idp create-user-pool --pool-name demo",
		"outbox": "aws cognito-idp sign-up",
		"calls":  "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER=" + base,
		"token":  "Decode",
		"faults": "No fault is injected",
		"clock":  "The clock goes.",
	} {
		s.get(path).want("main", want)
	}
}

func TestPagesOfAPool(t *testing.T) {
	s := newPool(t)
	code := s.server.Messages()[0].Code
	for path, want := range map[string][]string{
		"":                         {"customers", s.poolID, code, "SignUp ann OK"},
		"pool?id=" + s.poolID:      {"ann", "person@example.com", "UNCONFIRMED", "admins All of them", "web", s.clientID, base + "/" + s.poolID, "8 characters or more"},
		"outbox":                   {"1 in all", code, "person@example.com", "EMAIL", "CustomMessage_SignUp", "Your verification code is " + code},
		"calls":                    {"1 in all", "SignUp ann OK", s.clientID, `"Password": "***"`},
		"outbox?user=ann":          {code},
		"outbox?user=bob":          {"No message was sent to that user."},
		"calls?operation=SignUp":   {"SignUp ann OK"},
		"calls?failed=yes":         {"No call is of that kind."},
		"calls?user=ann&from=1000": {"No call is of that kind."},
		"group?pool=" + s.poolID + "&name=admins": {"All of them", "ann", "person@example.com"},
		"user?pool=" + s.poolID + "&name=ann": {
			"UNCONFIRMED", "email person@example.com", "Groups admins", "The user has confirmed no device.", "The user has registered no passkey.", code, "SignUp ann OK",
		},
	} {
		s.get(path).want("main", want...)
	}
}

func TestPagesThatAreNotThere(t *testing.T) {
	s := newPool(t)
	for path, want := range map[string]string{
		"nosuch":                                  "there is no such page",
		"pool?id=us-east-1_Nowhere11":             "User pool us-east-1_Nowhere11 does not exist.",
		"user?pool=" + s.poolID + "&name=bob":     "User does not exist.",
		"group?pool=" + s.poolID + "&name=nosuch": "Group not found.",
	} {
		s.page(s.do(request(path, nil)), http.StatusNotFound).want("main", want)
	}
	s.page(s.do(request("?after=nonsense", nil)), http.StatusBadRequest)
	if w := s.do(request("user", values([]string{"action", "nosuch"}))); w.Code != http.StatusNotFound {
		t.Errorf("an unknown action: status %d, want 404", w.Code)
	}
}

func TestEveryAnswerProtectsItself(t *testing.T) {
	s := newPool(t)
	for _, path := range []string{"", "pool?id=" + s.poolID, "messages", "nosuch", "static/inspector.css", "static/inspector.js"} {
		h := s.do(request(path, nil)).Header()
		policy := h.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%q: policy %q, want %s", path, policy, want)
			}
		}
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
			t.Errorf("%q: policy %q allows too much", path, policy)
		}
		for name, want := range map[string]string{"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "no-store"} {
			if got := h.Get(name); got != want {
				t.Errorf("%q: %s is %q, want %s", path, name, got, want)
			}
		}
	}
}

// TestHostileNamesAreTexts has a user, an attribute, a group, a client and a pool that are called like HTML.
func TestHostileNamesAreTexts(t *testing.T) {
	const hostile = `<img/src=x/onerror=alert(1)>"'><script>alert(1)</script>`
	s := newSite(t)
	api, ctx := s.server.API(), t.Context()
	p, err := api.CreateUserPool(ctx, &cip.CreateUserPoolInput{PoolName: aws.String(hostile), AutoVerifiedAttributes: []types.VerifiedAttributeType{"email"}})
	s.must(err)
	s.poolID = *p.UserPool.Id
	c, err := api.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{UserPoolId: &s.poolID, ClientName: aws.String(hostile)})
	s.must(err)
	s.clientID = *c.UserPoolClient.ClientId
	_, err = api.CreateGroup(ctx, &cip.CreateGroupInput{UserPoolId: &s.poolID, GroupName: aws.String(hostile), Description: aws.String(hostile)})
	s.must(err)
	s.signUp(hostile)
	_, err = api.AdminAddUserToGroup(ctx, &cip.AdminAddUserToGroupInput{UserPoolId: &s.poolID, Username: aws.String(hostile), GroupName: aws.String(hostile)})
	s.must(err)

	pool := s.get(s.get("").linkNamed(hostile))
	for name, page := range map[string]*page{
		"pool": pool, "user": s.get(pool.linkNamed(hostile)), "outbox": s.get("outbox"), "calls": s.get("calls"),
		"group":  s.get("group?" + values([]string{"pool", s.poolID, "name", hostile}).Encode()),
		"search": s.get("pool?" + values([]string{"id", s.poolID, "by", "name", "starts", hostile}).Encode()),
		"token":  s.page(s.do(request("token", values([]string{"token", hostile}))), http.StatusUnprocessableEntity),
	} {
		if got := page.text("body"); !strings.Contains(got, "alert(1)") {
			t.Errorf("%s: %q, want the name in it", name, got)
		}
		for _, n := range page.all(func(n *html.Node) bool { return n.Data == "img" || n.Data == "script" && attribute(n, "src") == "" }) {
			t.Errorf("%s: an element of somebody's name: %v", name, n)
		}
	}
}

func TestHosts(t *testing.T) {
	s := newSite(t)
	pages := inspector.New(s.server, inspector.Options{URL: "http://cognito.test:9229"})
	for _, test := range []struct {
		host, why string
		want      int
	}{
		{"127.0.0.1:9229", "the address itself", 200},
		{"127.0.0.1", "without a port", 200},
		{"127.3.2.1:80", "any loopback address", 200},
		{"[::1]:9229", "of version 6", 200},
		{"localhost:9229", "the usual name", 200},
		{"fake.localhost:9229", "which is local by definition", 200},
		{"Cognito.Test:9229", "the host of the URL", 200},
		{"evil.test:9229", "a name that was made to point here", 403},
		{"localhost.evil.test", "a name that looks local", 403},
		{"127.0.0.1.evil.test", "a name that looks like an address", 403},
		{"10.0.0.1:9229", "another address", 403},
		{"", "no host", 403},
	} {
		for _, path := range []string{"", "messages"} {
			r := request(path, nil)
			r.Host = test.host
			w := httptest.NewRecorder()
			pages.ServeHTTP(w, r)
			if w.Code != test.want {
				t.Errorf("%q (%s), /%s: status %d, want %d", test.host, test.why, path, w.Code, test.want)
			}
		}
	}
}

func TestTheTokenLetsIn(t *testing.T) {
	s := newPool(t)
	const token = "correct token"
	s.pages = inspector.New(s.server, inspector.Options{URL: "http://10.0.0.1:9229", Token: token})
	with := func(edit func(*http.Request)) *http.Request {
		r := request("messages", nil)
		edit(r)
		return r
	}
	for _, test := range []struct {
		why  string
		r    *http.Request
		want int
	}{
		{"no token", with(func(*http.Request) {}), 401},
		{"no token, a page", request("", nil), 401},
		{"no token, a form", request("clock", values([]string{"action", "stop"})), 401},
		{"a stylesheet holds no secret", request("static/inspector.css", nil), 200},
		{"what stands beside the stylesheets", request("static/%2e%2e/templates/user.html", nil), 404},
		{"a page by way of the stylesheets", request("static/%2e%2e/messages", nil), 404},
		{"a wrong bearer", with(func(r *http.Request) { r.Header.Set("Authorization", "Bearer wrong") }), 401},
		{"the bearer", with(func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }), 200},
		{"a wrong cookie", with(func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "fakecognito", Value: "wrong"}) }), 401},
		{"an empty cookie", with(func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "fakecognito", Value: ""}) }), 401},
		{"a cookie of the token itself", with(func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "fakecognito", Value: token, Quoted: true}) }), 401},
		{"a wrong token in the query", request("?token=wrong", nil), 401},
	} {
		if w := s.do(test.r); w.Code != test.want {
			t.Errorf("%s: status %d, want %d", test.why, w.Code, test.want)
		}
	}
	if s.server.ReadClock().Frozen {
		t.Error("a visitor without the token has stopped the clock")
	}
}

func TestTheTokenBecomesACookie(t *testing.T) {
	for _, token := range []string{"a/b+c", "with blanks", `quotes " and ; \`, "schlüssel"} {
		t.Run(token, func(t *testing.T) { tokenBecomesACookie(t, token) })
	}
}

func tokenBecomesACookie(t *testing.T, token string) {
	s := newPool(t)
	o := inspector.Options{URL: "http://10.0.0.1:9229", Token: token}
	s.pages = inspector.New(s.server, o)
	for why, r := range map[string]*http.Request{
		"in the link": httptest.NewRequest(http.MethodGet, o.Link(), nil),
		"in a query":  request("calls?"+url.Values{"token": {token}, "user": {"ann"}}.Encode(), nil),
		"in the form": request("", values([]string{"token", o.Token})),
		"on any page": request("calls?user=ann", values([]string{"token", o.Token})),
	} {
		w := s.do(r)
		cookies := w.Result().Cookies()
		if w.Code != http.StatusSeeOther || len(cookies) != 1 {
			t.Fatalf("%s: status %d with %d cookies, want a redirect with one", why, w.Code, len(cookies))
		}
		if c := cookies[0]; !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != inspector.Path {
			t.Errorf("%s: cookie %v, want one for the inspector and HTTP alone", why, c)
		}
		next := httptest.NewRequest(http.MethodGet, "http://10.0.0.1:9229"+w.Header().Get("Location"), nil)
		if next.URL.Query().Has("token") || r.URL.Query().Get("user") != next.URL.Query().Get("user") {
			t.Errorf("%s: goes on to %s, want the same without the token", why, next.URL)
		}
		next.AddCookie(cookies[0])
		s.page(s.do(next), http.StatusOK)
	}
	s.page(s.do(request("?token=wrong", nil)), http.StatusUnauthorized).want("#token-wrong", "This is not the token")
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	s := newPool(t)
	for _, test := range []struct {
		why          string
		site, origin string
		want         int
	}{
		{"a page of another site", "cross-site", "http://evil.test", 403},
		{"a neighbour's page, such as on another port", "same-site", "http://127.0.0.1:8080", 403},
		{"an old browser, from elsewhere", "", "http://evil.test", 403},
		{"a frame without an origin", "", "null", 403},
		{"the page itself", "same-origin", base, 303},
		{"the page itself, over plain HTTP, where browsers do not say the site", "", base, 303},
		{"a program", "", "", 303},
	} {
		r := request("clock", values([]string{"action", "stop"}))
		r.Header.Del("Sec-Fetch-Site")
		r.Header.Del("Origin")
		if test.site != "" {
			r.Header.Set("Sec-Fetch-Site", test.site)
		}
		if test.origin != "" {
			r.Header.Set("Origin", test.origin)
		}
		s.server.SetTime(s.server.Now())
		if w := s.do(r); w.Code != test.want || s.server.ReadClock().Frozen != (test.want == 303) {
			t.Errorf("%s: status %d, frozen %v; want %d", test.why, w.Code, s.server.ReadClock().Frozen, test.want)
		}
	}
}

func TestFormsAreNotEndless(t *testing.T) {
	s := newSite(t)
	if w := s.do(request("token", values([]string{"token", strings.Repeat("a", 2<<20)}))); w.Code < 400 {
		t.Errorf("status %d, want the form of 2 MB refused", w.Code)
	}
}

func TestLongLists(t *testing.T) {
	s := newPool(t)
	for i := range 60 {
		s.signUp(fmt.Sprintf("user-%02d", i))
	}
	pool := s.get("pool?id=" + s.poolID)
	pool.want("main", "ann", "user-18")
	second := s.get(pool.linkNamed("Next page"))
	second.want("main", "user-19", "user-38")
	if strings.Contains(second.text("main"), "user-18") {
		t.Error("the second page begins with users of the first")
	}
	for _, path := range []string{"outbox", "calls"} {
		first := s.get(path)
		first.want("main", "61 in all", "user-59", "user-10")
		older := s.get(first.linkNamed("Older"))
		older.want("main", "user-09", "ann")
		s.get(older.linkNamed("Newer")).want("main", "user-59")
	}
}

func TestUsersAreFound(t *testing.T) {
	s := newPool(t)
	s.signUp("bob")
	for _, test := range []struct{ by, starts, want, not string }{
		{"username", "an", "ann", "bob"},
		{"name", "bob", "bob", "ann"},
		{"email", "person@", "bob", "No user"},
		{"username", `a"n`, "No user’s attribute begins so.", "bob"},
	} {
		p := s.get("pool?" + values([]string{"id", s.poolID, "by", test.by, "starts", test.starts}).Encode())
		p.want("main", test.want)
		if list := p.text("tbody"); strings.Contains(list, test.not) {
			t.Errorf("%s %s: %s, want no %s", test.by, test.starts, list, test.not)
		}
	}
	s.get("pool?"+values([]string{"id", s.poolID, "by", "address", "starts", "x"}).Encode()).want("#starts-wrong", "address")
}

func TestDevicesPasskeysAndSignInsOfAUser(t *testing.T) {
	cog := cognitotest.New(t, cognitotest.WithPasskeys("example.com"), cognitotest.WithPool(cip.CreateUserPoolInput{
		DeviceConfiguration: &types.DeviceConfigurationType{}, UserPoolTier: types.UserPoolTierTypePlus,
		UserPoolAddOns: &types.UserPoolAddOnsType{AdvancedSecurityMode: types.AdvancedSecurityModeTypeAudit},
	}))
	ann := cog.NewUser(t)
	device := ann.RememberDevice(t)
	ann.RegisterPasskey(t)
	s := &site{T: t, server: cog.Fake(t), pages: inspector.New(cog.Fake(t), inspector.Options{URL: cog.URL})}
	p := s.get("user?" + values([]string{"pool", cog.PoolID, "name", ann.Username}).Encode())
	p.want("main", device.Key, "dev:device_remembered_status: remembered", "example.com", "SignIn", "Password: Success", "Pass")
	if passkeys, err := s.server.Passkeys(cog.PoolID, ann.Username); err != nil || len(passkeys) != 1 {
		t.Errorf("passkeys = %v, %v; want one", passkeys, err)
	} else {
		p.want("main", *passkeys[0].CredentialId, *passkeys[0].FriendlyCredentialName)
	}
}
