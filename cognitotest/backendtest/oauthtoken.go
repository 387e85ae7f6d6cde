package backendtest

import (
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// newMachine makes an app client that stands for itself, with two scopes of a resource server.
func newMachine(t *testing.T, p *cognitotest.Provider) *application {
	t.Helper()
	_, err := p.Client().CreateResourceServer(ctx, &cip.CreateResourceServerInput{
		UserPoolId: &p.PoolID, Identifier: aws.String("api"), Name: aws.String("api"),
		Scopes: []types.ResourceServerScopeType{
			{ScopeName: aws.String("read"), ScopeDescription: aws.String("reads")},
			{ScopeName: aws.String("write"), ScopeDescription: aws.String("writes")},
			{ScopeName: aws.String("own"), ScopeDescription: aws.String("owns")},
		},
	})
	need(t, err)
	return newApplication(t, p, func(in *cip.CreateUserPoolClientInput) {
		*in = cip.CreateUserPoolClientInput{
			GenerateSecret: true, AllowedOAuthFlowsUserPoolClient: true,
			AllowedOAuthFlows: []types.OAuthFlowType{types.OAuthFlowTypeClientCredentials}, AllowedOAuthScopes: []string{"api/read", "api/write"},
		}
	})
}

// asItself asks for a token of an app client's own, with changes: pairs of a name and a value.
func (b *browser) asItself(namesAndValues ...string) webAnswer {
	b.t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {b.ID}, "client_secret": {b.Secret}}
	for i := 0; i < len(namesAndValues); i += 2 {
		form.Set(namesAndValues[i], namesAndValues[i+1])
	}
	return b.send("/oauth2/token", form)
}

const (
	invalidClientSecret = `{"error":"invalid_client","error_description":"invalid_client_secret"}`
	invalidGrant        = `{"error":"invalid_grant"}`
	invalidRequest      = `{"error":"invalid_request"}`
	unauthorizedClient  = `{"error":"unauthorized_client"}`
)

var tokenEndpoint = []Behaviour{
	{"a code is redeemed for three tokens", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		b := a.newBrowser(t)
		got := b.redeem(b.code(a.request(), u))
		if got.status != 200 {
			t.Fatalf("status %d: %s", got.status, got.body)
		}
		wantSame(t, "content type", got.header.Get("Content-Type"), "application/json;charset=UTF-8")
		if got.header.Get("x-amz-cognito-request-id") == "" || !strings.Contains(got.header.Get("Cache-Control"), "no-store") || got.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("headers = %v", got.header)
		}
		tokens := got.object(t)
		wantSame(t, "members", keys(tokens), map[string]bool{"id_token": true, "access_token": true, "refresh_token": true, "expires_in": true, "token_type": true})
		wantSame(t, "token_type", tokens["token_type"], any("Bearer"))
		wantSame(t, "expires_in", tokens["expires_in"], any(3600.0))
	}},
	{"tokens of a domain carry scopes, version 2, at_hash and the nonce", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		tokens := a.newBrowser(t).tokens(a.request("nonce", "n-1"), u)
		access, id := claims(t, tokens["access_token"].(string)), claims(t, tokens["id_token"].(string))
		wantSame(t, "members of the access token", keys(access), map[string]bool{
			"sub": true, "iss": true, "version": true, "client_id": true, "origin_jti": true, "event_id": true, "token_use": true,
			"scope": true, "auth_time": true, "exp": true, "iat": true, "jti": true, "username": true,
		})
		wantSame(t, "version", access["version"], any(2.0))
		wantSame(t, "scope", access["scope"], any("openid email"))
		wantSame(t, "nonce", id["nonce"], any("n-1"))
		wantSame(t, "at_hash", id["at_hash"], any(halfHash(tokens["access_token"].(string))))
		wantSame(t, "origin_jti", id["origin_jti"], access["origin_jti"])
		wantSame(t, "event_id", id["event_id"], access["event_id"])
		wantSame(t, "email", id["email"], any("ann@example.com"))
	}},
	{"scopes narrow the attributes of ID tokens", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		u := p.NewUser(t, cognitotest.Email("ann@example.com"), cognitotest.Phone("+15555550123"), cognitotest.Attribute("given_name", "Ann"))
		for _, row := range []struct {
			scopes string
			want   fields
		}{
			{"openid", fields{"email": "ann@example.com", "phone_number": "+15555550123", "given_name": "Ann"}},
			{"openid email", fields{"email": "ann@example.com", "phone_number": absent, "given_name": absent}},
			{"openid phone", fields{"email": absent, "phone_number": "+15555550123", "given_name": absent}},
			{"openid profile", fields{"email": absent, "phone_number": absent, "given_name": "Ann"}},
			{"openid email phone", fields{"email": "ann@example.com", "phone_number": "+15555550123", "given_name": absent}},
		} {
			tokens := a.newBrowser(t).tokens(a.request("scope", row.scopes), u)
			wantSome(t, row.scopes, claims(t, tokens["id_token"].(string)), row.want)
		}
	}},
	{"without openid there is no ID token", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		tokens := a.newBrowser(t).tokens(a.request("scope", userScope), p.NewUser(t))
		if tokens["id_token"] != nil || tokens["access_token"] == nil || tokens["refresh_token"] == nil {
			t.Errorf("tokens = %v", tokens)
		}
		_, err := p.Client().GetUser(ctx, &cip.GetUserInput{AccessToken: aws.String(tokens["access_token"].(string))})
		need(t, err)
	}},
	{"a code is good once, for its client, its redirect_uri and five minutes", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		u, b := p.NewUser(t), a.newBrowser(t)
		code := b.code(a.request(), u)
		if got := b.redeem(code); got.status != 200 {
			t.Fatalf("status %d: %s", got.status, got.body)
		}
		wantRefusal(t, b.redeem(code), 400, invalidGrant)
		wantRefusal(t, b.redeem("00000000-0000-4000-8000-000000000000"), 400, invalidGrant)
		wantRefusal(t, b.redeem(a.newBrowser(t).code(a.request(), u), "redirect_uri", "https://app.example.com/other"), 400, unauthorizedClient)
		other := p.NewAppClient(t, cognitotest.ClientSettings(applicationSettings()))
		wantRefusal(t, b.redeem(a.newBrowser(t).code(a.request(), u), "client_id", other.ID), 400, invalidGrant)
	}},
	{"a code is forgotten after five minutes", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		u, b := p.NewUser(t), a.newBrowser(t)
		code := b.code(a.request(), u)
		pass(t, p, codeLife-margin)
		if got := b.redeem(code); got.status != 200 {
			t.Errorf("within five minutes: %d %s", got.status, got.body)
		}
		code = a.newBrowser(t).code(a.request(), u)
		pass(t, p, codeLife)
		wantRefusal(t, b.redeem(code), 400, invalidGrant)
	}},
	{"a code_challenge is answered by its verifier", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		u, b := p.NewUser(t), a.newBrowser(t)
		// The pair of RFC 7636, appendix B.
		const verifier, challenge = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
		request := a.request("code_challenge", challenge, "code_challenge_method", "S256")
		if got := b.redeem(b.code(request, u), "code_verifier", verifier); got.status != 200 {
			t.Errorf("verified: %d %s", got.status, got.body)
		}
		wantRefusal(t, b.redeem(a.newBrowser(t).code(request, u), "code_verifier", challenge), 400, invalidGrant)
		wantRefusal(t, b.redeem(a.newBrowser(t).code(request, u)), 400, invalidGrant)
	}},
	{"a confidential client proves itself in the header or in the body", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p, func(in *cip.CreateUserPoolClientInput) { in.GenerateSecret = true })
		u, b := p.NewUser(t), a.newBrowser(t)
		code := b.code(a.request(), u)
		form := url.Values{"grant_type": {"authorization_code"}, "client_id": {a.ID}, "redirect_uri": {callback}, "code": {code}}
		wantRefusal(t, b.send("/oauth2/token", form), 400, invalidClientSecret)
		wantRefusal(t, b.redeem(code, "client_secret", "wrong"), 400, invalidClientSecret)
		if got := b.send("/oauth2/token", form, basic(a.ID, a.Secret)); got.status != 200 {
			t.Errorf("Basic: %d %s", got.status, got.body)
		}
		if got := b.redeem(a.newBrowser(t).code(a.request(), u)); got.status != 200 {
			t.Errorf("body: %d %s", got.status, got.body)
		}
	}},
	{"what is wrong with a request for tokens is told", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		b := a.newBrowser(t)
		for _, row := range []struct {
			why  string
			form url.Values
			want string
		}{
			{"no grant_type", url.Values{"client_id": {a.ID}}, invalidRequest},
			{"another grant_type", url.Values{"client_id": {a.ID}, "grant_type": {"password"}}, `{"error":"unsupported_grant_type"}`},
			{"an unknown client", url.Values{"client_id": {"1example23456789"}, "grant_type": {"authorization_code"}, "code": {"c"}, "redirect_uri": {callback}}, `{"error":"invalid_client"}`},
			{"no code", url.Values{"client_id": {a.ID}, "grant_type": {"authorization_code"}, "redirect_uri": {callback}}, invalidRequest},
			{"no redirect_uri", url.Values{"client_id": {a.ID}, "grant_type": {"authorization_code"}, "code": {"c"}}, invalidRequest},
			{"no refresh token", url.Values{"client_id": {a.ID}, "grant_type": {"refresh_token"}}, invalidRequest},
			{"no refresh token of the pool", url.Values{"client_id": {a.ID}, "grant_type": {"refresh_token"}, "refresh_token": {"none"}}, invalidGrant},
			{"a grant that the client must not use", url.Values{"client_id": {a.ID}, "grant_type": {"client_credentials"}}, unauthorizedClient},
		} {
			t.Run(row.why, func(t *testing.T) {
				b := *b
				b.t = t
				wantRefusal(t, b.send("/oauth2/token", row.form), 400, row.want)
			})
		}
	}},
	{"a client that cannot read what a scope shows gets no tokens", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p, func(in *cip.CreateUserPoolClientInput) { in.ReadAttributes = []string{"email"} })
		b := a.newBrowser(t)
		wantRefusal(t, b.redeem(b.code(a.request("scope", "openid email"), p.NewUser(t))), 400, invalidGrant)
	}},
	{"a refresh token renews the other tokens", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		b := a.newBrowser(t)
		first := b.tokens(a.request(), p.NewUser(t, cognitotest.Email("ann@example.com")))
		got := b.send("/oauth2/token", url.Values{"grant_type": {"refresh_token"}, "client_id": {a.ID}, "refresh_token": {first["refresh_token"].(string)}})
		renewed := got.object(t)
		wantSame(t, "members", keys(renewed), map[string]bool{"id_token": true, "access_token": true, "expires_in": true, "token_type": true})
		before, after := claims(t, first["access_token"].(string)), claims(t, renewed["access_token"].(string))
		wantSame(t, "origin_jti", after["origin_jti"], before["origin_jti"])
		wantSame(t, "scope", after["scope"], any("openid email"))
		wantSame(t, "version", after["version"], any(2.0))
		if after["jti"] == before["jti"] {
			t.Errorf("jti stays %v", after["jti"])
		}
	}},
	{"a refresh token of the API is renewed too", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p, func(in *cip.CreateUserPoolClientInput) {
			in.ExplicitAuthFlows = []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowUserPasswordAuth}
		})
		u := p.NewUser(t)
		signedIn, err := p.Client().InitiateAuth(ctx, &cip.InitiateAuthInput{
			AuthFlow: types.AuthFlowTypeUserPasswordAuth, ClientId: &a.ID,
			AuthParameters: map[string]string{"USERNAME": u.Username, "PASSWORD": u.Password},
		})
		need(t, err)
		got := a.newBrowser(t).send("/oauth2/token", url.Values{
			"grant_type": {"refresh_token"}, "client_id": {a.ID}, "refresh_token": {*signedIn.AuthenticationResult.RefreshToken},
		})
		if got.status != 200 {
			t.Fatalf("status %d: %s", got.status, got.body)
		}
		wantSome(t, "access", claims(t, got.object(t)["access_token"].(string)), fields{"scope": userScope, "version": absent})
	}},
	{"a client that rotates refresh tokens gets the next one", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p, func(in *cip.CreateUserPoolClientInput) {
			in.RefreshTokenRotation = &types.RefreshTokenRotationType{Feature: types.FeatureTypeEnabled}
		})
		b := a.newBrowser(t)
		first := b.tokens(a.request(), p.NewUser(t))["refresh_token"].(string)
		refresh := func(token string) webAnswer {
			return b.send("/oauth2/token", url.Values{"grant_type": {"refresh_token"}, "client_id": {a.ID}, "refresh_token": {token}})
		}
		next, ok := refresh(first).object(t)["refresh_token"].(string)
		if !ok || next == first {
			t.Fatalf("refresh_token = %q", next)
		}
		wantRefusal(t, refresh(first), 400, invalidGrant)
		if got := refresh(next); got.status != 200 {
			t.Errorf("next: %d %s", got.status, got.body)
		}
	}},
	{"an app client stands for itself by its credentials", func(t *testing.T, start Start) {
		a := newMachine(t, start(t))
		tokens := a.newBrowser(t).asItself().object(t)
		wantSame(t, "members", keys(tokens), map[string]bool{"access_token": true, "expires_in": true, "token_type": true})
		access := claims(t, tokens["access_token"].(string))
		wantSome(t, "access", access, fields{"client_id": a.ID, "sub": a.ID, "token_use": "access", "version": 2.0, "scope": "api/read api/write", "username": absent, "origin_jti": absent})
	}},
	{"an app client asks for some of its own scopes, and those of others are ignored", func(t *testing.T, start Start) {
		b := newMachine(t, start(t)).newBrowser(t)
		for asked, want := range map[string]string{"api/write": "api/write", "api/own api/read": "api/read"} {
			wantSome(t, asked, claims(t, b.asItself("scope", asked).object(t)["access_token"].(string)), fields{"scope": want})
		}
	}},
	{"an app client stands for itself by a secret alone", func(t *testing.T, start Start) {
		b := newMachine(t, start(t)).newBrowser(t)
		wantRefusal(t, b.asItself("client_secret", "wrong"), 400, invalidClientSecret)
		wantRefusal(t, b.asItself("aws_client_metadata", "no JSON"), 400, invalidRequest)
	}},
}
