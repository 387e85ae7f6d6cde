package backendtest

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/cognitotest/cognito/cognitotest"
)

// userInfo asks the user info endpoint with an access token, "" for none.
func (b *browser) userInfo(method, token string) webAnswer {
	b.t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, b.at("/oauth2/userInfo"), nil)
	need(b.t, err)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return b.do(r, nil)
}

// wantChallenge compares a refusal of the user info endpoint, whose header says the same as its body.
func wantChallenge(t *testing.T, got webAnswer, status int, code, description string) {
	t.Helper()
	wantSame(t, "WWW-Authenticate", got.header.Get("WWW-Authenticate"), `error="`+code+`", error_description="`+description+`"`)
	wantRefusal(t, got, status, `{"error":"`+code+`","error_description":"`+description+`"}`)
}

const tokenOver = "Access token is expired, disabled, or deleted, or the user has globally signed out."

var userInfoEndpoint = []Behaviour{
	{"user info has what the scopes show, as strings", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		u := p.NewUser(t, cognitotest.Email("ann@example.com"), cognitotest.Attribute("given_name", "Ann"))
		for scopes, want := range map[string]map[string]any{
			"openid":         {"sub": u.Sub, "username": u.Username, "email": "ann@example.com", "email_verified": "true", "given_name": "Ann"},
			"openid email":   {"sub": u.Sub, "username": u.Username, "email": "ann@example.com", "email_verified": "true"},
			"openid profile": {"sub": u.Sub, "username": u.Username, "given_name": "Ann"},
		} {
			b := a.newBrowser(t)
			token := b.tokens(a.request("scope", scopes), u)["access_token"].(string)
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				got := b.userInfo(method, token)
				wantSame(t, scopes, got.object(t), want)
				for name, value := range map[string]string{
					"Content-Type": "application/json;charset=UTF-8", "Cache-Control": "no-cache, no-store, max-age=0, must-revalidate",
					"Pragma": "no-cache", "Expires": "0", "X-Content-Type-Options": "nosniff", "X-XSS-Protection": "1; mode=block",
					"X-Frame-Options": "DENY", "Strict-Transport-Security": "max-age=31536000 ; includeSubDomains", "Server": "Server",
				} {
					wantSame(t, name, got.header.Get(name), value)
				}
			}
		}
	}},
	{"user info needs a token of the domain that is good", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		u, b := p.NewUser(t), a.newBrowser(t)
		wantChallenge(t, b.userInfo(http.MethodGet, ""), 400, "invalid_request", "Bad OAuth2 request at UserInfo Endpoint")
		wantChallenge(t, b.userInfo(http.MethodGet, "no.good.token"), 401, "invalid_token", tokenOver)
		tokens := b.tokens(a.request("scope", "openid "+userScope), u)
		token := tokens["access_token"].(string)
		_, err := p.Client().GlobalSignOut(ctx, &cip.GlobalSignOutInput{AccessToken: &token})
		need(t, err)
		wantChallenge(t, b.userInfo(http.MethodGet, token), 401, "invalid_token", tokenOver)
		if got := b.userInfo(http.MethodGet, u.Tokens(t).AccessToken); got.status != 401 && got.status != 403 {
			t.Errorf("a token of the API: %d %s", got.status, got.body)
		}
	}},
}

var revokeEndpoint = []Behaviour{
	{"a revoked refresh token ends all tokens of its sign-in", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		u, b := p.NewUser(t), a.newBrowser(t)
		tokens := b.tokens(a.request("scope", "openid "+userScope), u)
		other := a.newBrowser(t).tokens(a.request("scope", "openid "+userScope), u)
		refresh := tokens["refresh_token"].(string)
		for range 2 { // also where it is revoked already
			got := b.send("/oauth2/revoke", url.Values{"token": {refresh}, "client_id": {a.ID}})
			wantRefusal(t, got, 200, "")
		}
		_, err := p.Client().GetUser(ctx, &cip.GetUserInput{AccessToken: aws.String(tokens["access_token"].(string))})
		wantError(t, err, "NotAuthorizedException", "Access Token has been revoked")
		wantRefusal(t, b.send("/oauth2/token", url.Values{"grant_type": {"refresh_token"}, "client_id": {a.ID}, "refresh_token": {refresh}}), 400, invalidGrant)
		_, err = p.Client().GetUser(ctx, &cip.GetUserInput{AccessToken: aws.String(other["access_token"].(string))})
		need(t, err)
	}},
	{"what is wrong with a revocation is told, but not that a token is none", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		without := p.NewAppClient(t, cognitotest.ClientSettings(func() cip.CreateUserPoolClientInput {
			in := applicationSettings()
			in.EnableTokenRevocation = aws.Bool(false)
			return in
		}()))
		secret := p.NewAppClient(t, cognitotest.ClientSettings(applicationSettings()), cognitotest.ClientSecret())
		b := a.newBrowser(t)
		access := b.tokens(a.request(), p.NewUser(t))["access_token"].(string)
		for _, row := range []struct {
			why    string
			form   url.Values
			status int
			body   string
		}{
			{"no token", url.Values{"client_id": {a.ID}}, 400, invalidRequest},
			{"a client without revocation", url.Values{"client_id": {without.ID}, "token": {"t"}}, 400, invalidRequest},
			{"an access token", url.Values{"client_id": {a.ID}, "token": {access}}, 400, `{"error":"unsupported_token_type"}`},
			{"no client that exists", url.Values{"client_id": {"1example23456789"}, "token": {"t"}}, 401, `{"error":"invalid_client"}`},
			{"no secret", url.Values{"client_id": {secret.ID}, "token": {"t"}}, 401, invalidClientSecret},
			{"nobody's token", url.Values{"client_id": {a.ID}, "token": {"t"}}, 200, ""},
		} {
			t.Run(row.why, func(t *testing.T) {
				b := *b
				b.t = t
				wantRefusal(t, b.send("/oauth2/revoke", row.form), row.status, row.body)
			})
		}
	}},
}
