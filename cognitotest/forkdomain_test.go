package cognitotest_test

import (
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

const forkCallback = "https://app.example.com/callback"

// send sends a form, or fetches a page where there is none, and returns the status, the page, and where it leads.
func send(t *testing.T, c *http.Client, to string, form url.Values) (status int, page, leads string) {
	t.Helper()
	answer, err := c.Get(to)
	if form != nil {
		answer, err = c.PostForm(to, form)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body), answer.Header.Get("Location")
}

// TestForksHaveCodesAndBrowsersOfTheirOwn redeems a code in the source and in a fork, and signs a browser out of one.
func TestForksHaveCodesAndBrowsersOfTheirOwn(t *testing.T) {
	p := cognitotest.New(t, cognitotest.InMemory())
	domain, u := p.Domain(t), p.NewUser(t)
	app := p.NewAppClient(t, cognitotest.ClientSettings(cip.CreateUserPoolClientInput{
		AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows: []types.OAuthFlowType{types.OAuthFlowTypeCode},
		AllowedOAuthScopes: []string{"openid"}, CallbackURLs: []string{forkCallback}, LogoutURLs: []string{forkCallback},
		SupportedIdentityProviders: []string{"COGNITO"},
	}))
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := func(p *cognitotest.Provider) *http.Client {
		stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		return &http.Client{Transport: p.HTTPClient().Transport, Jar: jar, CheckRedirect: stay}
	}
	query := url.Values{"client_id": {app.ID}, "response_type": {"code"}, "redirect_uri": {forkCallback}}.Encode()
	_, page, _ := send(t, browser(p), domain+"/login?"+query, nil)
	csrf := regexp.MustCompile(`name="_csrf" value="([^"]+)"`).FindStringSubmatch(page)[1]
	_, page, back := send(t, browser(p), domain+"/login?"+query, url.Values{"_csrf": {csrf}, "username": {u.Username}, "password": {u.Password}})
	_, code, ok := strings.Cut(back, "code=")
	if !ok {
		t.Fatalf("the login page leads to %q: %s", back, page)
	}
	fork := p.Fork(t)
	for _, test := range []struct {
		why  string
		in   *cognitotest.Provider
		want int
	}{{"in the source", p, 200}, {"in the source again", p, 400}, {"in the fork", fork, 200}, {"in the fork again", fork, 400}} {
		form := url.Values{"grant_type": {"authorization_code"}, "client_id": {app.ID}, "redirect_uri": {forkCallback}, "code": {code}}
		if status, body, _ := send(t, browser(test.in), domain+"/oauth2/token", form); status != test.want {
			t.Errorf("%s: status %d, want %d: %s", test.why, status, test.want, body)
		}
	}
	cookies := jar.Cookies(&url.URL{Scheme: "https", Host: strings.TrimPrefix(domain, "https://")})
	send(t, browser(fork), domain+"/logout?"+url.Values{"client_id": {app.ID}, "logout_uri": {forkCallback}}.Encode(), nil)
	jar.SetCookies(&url.URL{Scheme: "https", Host: strings.TrimPrefix(domain, "https://")}, cookies)
	for _, test := range []struct {
		why, want string
		in        *cognitotest.Provider
	}{{"signed out", domain + "/login", fork}, {"still signed in", forkCallback + "?code=", p}} {
		if _, _, to := send(t, browser(test.in), domain+"/oauth2/authorize?"+query, nil); !strings.HasPrefix(to, test.want) {
			t.Errorf("%s: the browser is sent to %q, want %s", test.why, to, test.want)
		}
	}
}
