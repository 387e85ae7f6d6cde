package backendtest

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
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

// codeLife is how long an authorization code is good.
const codeLife = 5 * time.Minute

// halfHash is the at_hash of an access token (OpenID Connect Core section 3.1.3.6).
func halfHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

const mismatchPage = "An error was encountered with the requested page."

var uuidCode = regexp.MustCompile(`^` + regexp.QuoteMeta(callback) + `\?code=[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}&state=a\+state$`)

var authorizeEndpoint = []Behaviour{
	{"the login page has the same query, and ends in a code and the state", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		u, b := p.NewUser(t), a.newBrowser(t)
		page := b.open("/oauth2/authorize", a.request())
		wantRedirect(t, page, a.domain+"/login?"+a.request().Encode())
		back := b.signIn(a.request(), u.Username, u.Password)
		if back.location == nil || !uuidCode.MatchString(back.location.String()) {
			t.Errorf("back to %v", back.location)
		}
	}},
	{"an implicit grant brings the tokens in the fragment", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		u := p.NewUser(t)
		for scopes, pattern := range map[string]string{
			"openid email": `^id_token=[^&]+&access_token=[^&]+&token_type=bearer&expires_in=3600&state=a\+state$`,
			userScope:      `^access_token=[^&]+&token_type=bearer&expires_in=3600&state=a\+state$`,
		} {
			back := a.newBrowser(t).signIn(a.request("response_type", "token", "scope", scopes), u.Username, u.Password)
			if back.location == nil || back.location.RawQuery != "" || !regexp.MustCompile(pattern).MatchString(back.location.EscapedFragment()) {
				t.Errorf("%s: back to %v", scopes, back.location)
			}
		}
	}},
	{"without scope all scopes of the client are granted", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		tokens := a.newBrowser(t).tokens(a.request("scope", ""), p.NewUser(t))
		got := strings.Fields(claims(t, tokens["access_token"].(string))["scope"].(string))
		want := map[string]bool{}
		for _, s := range applicationSettings().AllowedOAuthScopes {
			want[s] = true
		}
		for _, s := range got {
			delete(want, s)
		}
		if len(want) > 0 {
			t.Errorf("scopes = %v, without %v", got, want)
		}
	}},
	{"access tokens are for the resource that the application names, also after a refresh", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		u := p.NewUser(t)
		for _, resource := range []string{"https://api.example.com", "http://localhost:8080/api", "my-app://api"} {
			b := a.newBrowser(t)
			tokens := b.tokens(a.request("resource", resource), u)
			wantSome(t, "access", claims(t, tokens["access_token"].(string)), fields{"aud": resource, "client_id": a.ID})
			wantSome(t, "ID", claims(t, tokens["id_token"].(string)), fields{"aud": a.ID})
			renewed := b.send("/oauth2/token", url.Values{"grant_type": {"refresh_token"}, "client_id": {a.ID}, "refresh_token": {tokens["refresh_token"].(string)}}).object(t)
			wantSome(t, "renewed", claims(t, renewed["access_token"].(string)), fields{"aud": resource})
		}
		wantSome(t, "access", claims(t, a.newBrowser(t).tokens(a.request(), u)["access_token"].(string)), fields{"aud": absent})
	}},
	{"who is signed in goes straight back, for an hour", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		u, b := p.NewUser(t), a.newBrowser(t)
		first := claims(t, b.tokens(a.request(), u)["access_token"].(string))
		pass(t, p, time.Hour-margin)
		back := b.open("/oauth2/authorize", a.request())
		if back.location == nil || !uuidCode.MatchString(back.location.String()) {
			t.Fatalf("back to %v", back.location)
		}
		again := claims(t, b.redeem(back.location.Query().Get("code")).object(t)["access_token"].(string))
		if again["auth_time"] != first["auth_time"] || again["origin_jti"] == first["origin_jti"] {
			t.Errorf("tokens of %v, then %v", first, again)
		}
		pass(t, p, margin)
		wantRedirect(t, b.open("/oauth2/authorize", a.request()), a.domain+"/login?"+a.request().Encode())
	}},
	{"prompt=none shows no page, prompt=login always does", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		b := a.newBrowser(t)
		wantRedirect(t, b.open("/oauth2/authorize", a.request("prompt", "none")), callback+"?error=login_required&state=a+state")
		b.code(a.request(), p.NewUser(t))
		silent := b.open("/oauth2/authorize", a.request("prompt", "none"))
		if silent.location == nil || silent.location.Query().Get("code") == "" {
			t.Errorf("prompt=none leads to %v", silent.location)
		}
		login := a.request("prompt", "login")
		wantRedirect(t, b.open("/oauth2/authorize", login), a.domain+"/login?"+login.Encode())
	}},
	{"a client with one provider has a default redirect_uri", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p, func(in *cip.CreateUserPoolClientInput) { in.DefaultRedirectURI = aws.String(callback) })
		u := p.NewUser(t)
		back := a.newBrowser(t).signIn(a.request("redirect_uri", ""), u.Username, u.Password)
		if back.location == nil || !uuidCode.MatchString(back.location.String()) {
			t.Errorf("back to %v", back.location)
		}
	}},
	{"what cannot be told to the application is shown to its user", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		b := a.newBrowser(t)
		for _, page := range []string{"/oauth2/authorize", "/login"} {
			wantPage(t, b.open(page, a.request("client_id", "")), 400, "Required String parameter 'client_id' is not present")
			for _, uri := range []string{"https://evil.example.com/callback", callback + "/", ""} {
				got := b.open(page, a.request("redirect_uri", uri))
				wantSame(t, "query of the error page", got.location.Query(), url.Values{"error": {"redirect_mismatch"}, "client_id": {a.ID}})
				wantSame(t, "path of the error page", got.location.Path, "/error")
				wantPage(t, b.open(got.location.String(), nil), 400, mismatchPage)
			}
		}
	}},
	{"the application is told what is wrong with its request", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p, func(in *cip.CreateUserPoolClientInput) {
			in.AllowedOAuthScopes = []string{"openid", "email"}
		})
		codeOnly := p.NewAppClient(t, cognitotest.ClientSettings(func() cip.CreateUserPoolClientInput {
			in := applicationSettings()
			in.AllowedOAuthFlows = []types.OAuthFlowType{types.OAuthFlowTypeCode}
			return in
		}()))
		b := a.newBrowser(t)
		for _, row := range []struct {
			why   string
			query url.Values
			want  string
		}{
			{"a scope that the client does not have", a.request("scope", "openid phone"), "?error_description=invalid_scope&state=a+state&error=invalid_request"},
			{"offline_access", a.request("scope", "openid offline_access"), "?error_description=invalid_scope&state=a+state&error=invalid_request"},
			{"a scope and no state", a.request("scope", "none", "state", ""), "?error_description=invalid_scope&error=invalid_request"},
			{"a scope of an implicit grant", a.request("scope", "none", "response_type", "token"), "#error_description=invalid_scope&state=a+state&error=invalid_request"},
			{"email without openid", a.request("scope", "email", "state", ""), "?error_description=invalid_scope&error=invalid_request"},
			{"no response_type", a.request("response_type", "", "state", ""), "?error=invalid_request"},
			{"a code_challenge without method", a.request("code_challenge", "c", "state", ""), "?error=invalid_request"},
			{"a resource that is no URL", a.request("resource", "api", "state", ""), "?error=invalid_request"},
			{"a resource without https", a.request("resource", "http://api.example.com", "state", ""), "?error=invalid_request"},
			{"the method plain", a.request("code_challenge", "c", "code_challenge_method", "plain", "state", ""), "?error=invalid_request"},
			{"a response_type that the client must not use", a.request("client_id", codeOnly.ID, "response_type", "token", "state", ""), "#error=unauthorized_client"},
		} {
			t.Run(row.why, func(t *testing.T) {
				b := *b
				b.t = t
				got := b.open("/oauth2/authorize", row.query)
				if got.status != http.StatusFound || got.header.Get("Location") != callback+row.want {
					t.Errorf("answer = %d to %s, want %s", got.status, got.header.Get("Location"), callback+row.want)
				}
			})
		}
	}},
	{"a client without identity providers has no login pages", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p, func(in *cip.CreateUserPoolClientInput) { in.SupportedIdentityProviders = nil })
		wantPage(t, a.newBrowser(t).open("/oauth2/authorize", a.request()), 400, "Login pages unavailable")
	}},
	{"the discovery document names the endpoints of the domain", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		got := a.newBrowser(t).open(p.Issuer+"/.well-known/openid-configuration", nil).object(t)
		for member, path := range map[string]string{
			"authorization_endpoint": "/oauth2/authorize", "token_endpoint": "/oauth2/token", "userinfo_endpoint": "/oauth2/userInfo",
		} {
			wantSame(t, member, got[member], any(a.domain+path))
		}
	}},
}
