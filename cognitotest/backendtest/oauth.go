package backendtest

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// What the behaviours of a domain are shown with: an application, and the browser of its user.

// callback and signedOutAt are the URLs of the application.
const (
	callback    = "https://app.example.com/callback"
	signedOutAt = "https://app.example.com/bye"
)

// application is an app client of a pool that has a domain.
type application struct {
	*cognitotest.AppClient
	provider *cognitotest.Provider
	domain   string // the URL
}

// applicationSettings are those of an application that may use every flow of users and every standard scope.
func applicationSettings() cip.CreateUserPoolClientInput {
	return cip.CreateUserPoolClientInput{
		AllowedOAuthFlowsUserPoolClient: true,
		AllowedOAuthFlows:               []types.OAuthFlowType{types.OAuthFlowTypeCode, types.OAuthFlowTypeImplicit},
		AllowedOAuthScopes:              []string{"openid", "email", "phone", "profile", userScope},
		CallbackURLs:                    []string{callback, "https://app.example.com/other"},
		LogoutURLs:                      []string{signedOutAt},
		SupportedIdentityProviders:      []string{"COGNITO"},
	}
}

// newApplication makes an app client with settings that an edit may change, of a pool that has a domain then.
func newApplication(t *testing.T, p *cognitotest.Provider, edit ...func(*cip.CreateUserPoolClientInput)) *application {
	t.Helper()
	in := applicationSettings()
	for _, change := range edit {
		change(&in)
	}
	return &application{p.NewAppClient(t, cognitotest.ClientSettings(in)), p, p.Domain(t)}
}

// webAnswer is what came back of a request.
type webAnswer struct {
	status   int
	header   http.Header
	body     string
	location *url.URL // of a redirection; otherwise nil
}

// object reads a webAnswer's JSON.
func (r webAnswer) object(t *testing.T) map[string]any {
	t.Helper()
	object := map[string]any{}
	if err := json.Unmarshal([]byte(r.body), &object); err != nil {
		t.Fatalf("status %d, %q: %v", r.status, r.body, err)
	}
	return object
}

// browser is a browser that shows where it is sent, and does not go there.
type browser struct {
	t *testing.T
	*http.Client
	*application
}

// newBrowser returns a browser without cookies.
func (a *application) newBrowser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	need(t, err)
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &browser{t, &http.Client{Transport: a.provider.HTTPClient().Transport, Jar: jar, CheckRedirect: stay}, a}
}

func (b *browser) do(r *http.Request, err error) webAnswer {
	b.t.Helper()
	need(b.t, err)
	answer, err := b.Do(r)
	need(b.t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	need(b.t, err)
	got := webAnswer{status: answer.StatusCode, header: answer.Header, body: string(body)}
	if answer.StatusCode == http.StatusFound {
		got.location, err = answer.Location()
		need(b.t, err)
	}
	return got
}

// at returns the URL of a path at the domain; a text that is a URL stays.
func (b *browser) at(path string) string {
	if strings.HasPrefix(path, "/") {
		return b.domain + path
	}
	return path
}

func (b *browser) open(path string, query url.Values) webAnswer {
	b.t.Helper()
	target := b.at(path)
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	return b.do(http.NewRequestWithContext(ctx, http.MethodGet, target, nil))
}

func (b *browser) send(path string, form url.Values, edit ...func(*http.Request)) webAnswer {
	b.t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.at(path), strings.NewReader(form.Encode()))
	need(b.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, change := range edit {
		change(r)
	}
	return b.do(r, nil)
}

// request is a query of /oauth2/authorize for a code, with changes: pairs of a name and a value, where "" takes the
// parameter away.
func (a *application) request(namesAndValues ...string) url.Values {
	query := url.Values{
		"response_type": {"code"}, "client_id": {a.ID}, "redirect_uri": {callback}, "scope": {"openid email"}, "state": {"a state"},
	}
	for i := 0; i < len(namesAndValues); i += 2 {
		query.Set(namesAndValues[i], namesAndValues[i+1])
		if namesAndValues[i+1] == "" {
			query.Del(namesAndValues[i])
		}
	}
	return query
}

var hiddenToken = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)

// fill sends the form of a page with these fields.
func (b *browser) fill(page string, fields url.Values) webAnswer {
	b.t.Helper()
	shown := b.open(page, nil)
	match := hiddenToken.FindStringSubmatch(shown.body)
	if match == nil {
		b.t.Fatalf("%s: status %d, no form in %s", page, shown.status, shown.body)
	}
	fields.Set("_csrf", match[1])
	fields.Set("cognitoAsfData", "")
	return b.send(page, fields)
}

// signIn signs a user in at the login page that an authorization request leads to.
func (b *browser) signIn(query url.Values, username, password string) webAnswer {
	b.t.Helper()
	page := b.open("/oauth2/authorize", query)
	if page.location == nil || page.location.Path != "/login" {
		b.t.Fatalf("authorize leads to %v (status %d): %s", page.location, page.status, page.body)
	}
	return b.fill(page.location.String(), url.Values{"username": {username}, "password": {password}})
}

// code signs a user in, and returns the code that the application gets.
func (b *browser) code(query url.Values, u *cognitotest.User) string {
	b.t.Helper()
	back := b.signIn(query, u.Username, u.Password)
	if back.location == nil || back.location.Query().Get("code") == "" {
		b.t.Fatalf("signing in leads to %v (status %d): %s", back.location, back.status, back.body)
	}
	return back.location.Query().Get("code")
}

// redeem fetches the tokens of a code, with changes as in request.
func (b *browser) redeem(code string, namesAndValues ...string) webAnswer {
	b.t.Helper()
	form := url.Values{"grant_type": {"authorization_code"}, "client_id": {b.ID}, "redirect_uri": {callback}, "code": {code}}
	for i := 0; i < len(namesAndValues); i += 2 {
		form.Set(namesAndValues[i], namesAndValues[i+1])
	}
	if b.Secret != "" && !form.Has("client_secret") {
		form.Set("client_secret", b.Secret)
	}
	return b.send("/oauth2/token", form)
}

// tokens signs a user in and fetches the tokens.
func (b *browser) tokens(query url.Values, u *cognitotest.User) map[string]any {
	b.t.Helper()
	got := b.redeem(b.code(query, u))
	if got.status != http.StatusOK {
		b.t.Fatalf("status %d: %s", got.status, got.body)
	}
	return got.object(b.t)
}

// wantRefusal compares an error of an endpoint for applications.
func wantRefusal(t *testing.T, got webAnswer, status int, body string) {
	t.Helper()
	if got.status != status || got.body != body {
		t.Errorf("answer = %d %s, want %d %s", got.status, got.body, status, body)
	}
}

// wantRedirect compares where a browser is sent.
func wantRedirect(t *testing.T, got webAnswer, want string) {
	t.Helper()
	if got.status != http.StatusFound || got.location.String() != want {
		t.Errorf("answer = %d to %v, want 302 to %s\n%s", got.status, got.location, want, got.body)
	}
}

// wantPage checks the status of a page, and a text that users see on it.
func wantPage(t *testing.T, got webAnswer, status int, text string) {
	t.Helper()
	if got.status != status || !strings.Contains(html.UnescapeString(got.body), text) {
		t.Errorf("page = %d %s\nwant %d with %q", got.status, got.body, status, text)
	}
}

// keys returns the names of a JSON object's members.
func keys(object map[string]any) map[string]bool {
	names := map[string]bool{}
	for name := range object {
		names[name] = true
	}
	return names
}
