package webapp_test

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/examples/webapp"
	"github.com/cognitotest/cognito/fake"
	"github.com/cognitotest/cognito/jwks"
)

// start serves the application, registered with a pool that has a domain.
func start(t *testing.T) (cog *cognitotest.Provider, home string) {
	t.Helper()
	cog = cognitotest.New(t)
	app := &webapp.App{Domain: cog.Domain(t), Issuer: cog.Issuer, Keys: jwks.NewCache(cog.JWKSURL), HTTP: cog.HTTPClient()}
	server := httptest.NewServer(app)
	t.Cleanup(server.Close)
	app.URL = server.URL
	app.ClientID = cog.NewAppClient(t, cognitotest.ClientSettings(cip.CreateUserPoolClientInput{
		AllowedOAuthFlowsUserPoolClient: true,
		AllowedOAuthFlows:               []types.OAuthFlowType{types.OAuthFlowTypeCode},
		AllowedOAuthScopes:              []string{"openid", "email"},
		CallbackURLs:                    []string{server.URL + "/callback"},
		LogoutURLs:                      []string{server.URL + "/"},
		SupportedIdentityProviders:      []string{"COGNITO"},
	})).ID
	return cog, server.URL
}

// browser follows redirections and keeps cookies, as a browser does.
type browser struct {
	*testing.T
	http *http.Client
	at   *url.URL // where it is
	page string   // what it shows
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{T: t, http: &http.Client{Jar: jar}}
}

// open shows a page.
func (b *browser) open(to string) {
	b.Helper()
	b.show(b.http.Get(to))
}

func (b *browser) show(r *http.Response, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
	defer r.Body.Close()
	page, err := io.ReadAll(r.Body)
	if err != nil {
		b.Fatal(err)
	}
	b.at, b.page = r.Request.URL, html.UnescapeString(string(page))
}

var (
	action = regexp.MustCompile(`<form [^>]*action="([^"]+)"`)
	hidden = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)
)

// fill sends the form of the page with these fields.
func (b *browser) fill(fields url.Values) {
	b.Helper()
	form := action.FindStringSubmatch(b.page)
	if form == nil {
		b.Fatalf("%s has no form: %s", b.at, b.page)
	}
	for _, input := range hidden.FindAllStringSubmatch(b.page, -1) {
		fields.Set(input[1], input[2])
	}
	b.show(b.http.PostForm(form[1], fields))
}

// want checks that a text is on the page.
func (b *browser) want(text string) {
	b.Helper()
	if !strings.Contains(b.page, text) {
		b.Errorf("%q is not on %s: %s", text, b.at, b.page)
	}
}

func TestSignInAndOut(t *testing.T) {
	cog, home := start(t)
	ann := cog.NewUser(t, cognitotest.Email("ann@example.com"))
	b := newBrowser(t)
	b.open(home)
	b.want("Sign in")
	b.open(home + "/signin")
	b.fill(url.Values{"username": {ann.Username}, "password": {"Wrong-pass1"}})
	b.want("Incorrect username or password.")
	b.fill(url.Values{"username": {ann.Username}, "password": {ann.Password}})
	b.want("Hello ann@example.com")
	b.open(home + "/signout")
	b.want("Sign in")
	b.open(home + "/signin")
	b.want("Sign in with your username and password") // at the pool too, the session is over
}

func TestSignInFindsTheSessionAtThePool(t *testing.T) {
	cog, home := start(t)
	ann := cog.NewUser(t, cognitotest.Email("ann@example.com"))
	b := newBrowser(t)
	b.open(home + "/signin")
	b.fill(url.Values{"username": {ann.Username}, "password": {ann.Password}})
	b.open(home + "/signin")
	b.want("Hello ann@example.com")
	cog.Fake(t).Advance(time.Hour)
	b.open(home + "/signin")
	b.want("Sign in with your username and password")
}

func TestCallbackRefusesWhatWasNotBegunHere(t *testing.T) {
	cog, home := start(t)
	ann := cog.NewUser(t)
	b := newBrowser(t)
	b.open(home + "/callback?code=any&state=any")
	b.want("sign in first")
	b.open(home + "/signin")
	b.open(home + "/callback?code=any&state=any")
	b.want("not begun here")

	other := newBrowser(t) // whose code an attacker sends to this one
	other.http.Transport = stopAt{"/callback"}
	other.open(home + "/signin")
	other.fill(url.Values{"username": {ann.Username}, "password": {ann.Password}})
	b.open(other.page)
	b.want("not begun here")
}

// stopAt answers requests to a path with their URL.
type stopAt struct{ path string }

func (s stopAt) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path == s.path {
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(r.URL.String())), Request: r}, nil
	}
	return http.DefaultTransport.RoundTrip(r)
}

func TestSignInWhileThePoolIsDown(t *testing.T) {
	cog, home := start(t)
	ann := cog.NewUser(t)
	cog.Fake(t).Inject(fake.Fault{Operations: []string{"/oauth2/token"}, Err: fake.HTTPStatus(http.StatusServiceUnavailable)})
	b := newBrowser(t)
	b.open(home + "/signin")
	b.fill(url.Values{"username": {ann.Username}, "password": {ann.Password}})
	b.want("redeeming the code: status 503")
}
