package triggers_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/golang-jwt/jwt/v5"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/examples/triggers"
	"github.com/cognitotest/cognito/fake"
	"github.com/cognitotest/cognito/jwks"
)

const appURL = "https://app.example.com/callback"

// newProvider serves an OpenID Connect provider that tells these claims of whoever comes.
func newProvider(t *testing.T, claims jwt.MapClaims) *httptest.Server {
	signer, mux := jwks.NewSigner(), http.NewServeMux()
	server := httptest.NewTLSServer(mux)
	t.Cleanup(server.Close)
	answers := func(path string, answer func() any) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { json.NewEncoder(w).Encode(answer()) })
	}
	answers("GET /keys", func() any { return signer.Set() })
	answers("GET /user", func() any { return claims })
	answers("POST /token", func() any {
		token := jwt.MapClaims{"iss": server.URL, "aud": "shop", "exp": time.Now().Add(time.Minute).Unix(), "sub": claims["sub"]}
		signed, err := signer.Sign(token)
		if err != nil {
			t.Error(err)
		}
		return map[string]string{"access_token": "opaque", "id_token": signed}
	})
	return server
}

// shop is a pool whose users may come from a provider to an application.
type shop struct {
	*cognitotest.Provider
	app *cognitotest.AppClient
}

func newShop(t *testing.T, claims jwt.MapClaims) shop {
	provider := newProvider(t, claims)
	cog := cognitotest.New(t, cognitotest.WithIdPClient(provider.Client()))
	link := triggers.LinkAccounts{Users: cog.Client()}
	if err := cog.Fake(t).HandleTrigger(cog.PoolID, fake.InboundFederation, fake.TriggerFunc(link.InboundFederation)); err != nil {
		t.Fatal(err)
	}
	_, err := cog.Client().CreateIdentityProvider(context.Background(), &cip.CreateIdentityProviderInput{
		UserPoolId: &cog.PoolID, ProviderName: aws.String("Partner"), ProviderType: types.IdentityProviderTypeTypeOidc,
		ProviderDetails: map[string]string{
			"client_id": "shop", "authorize_scopes": "openid email", "oidc_issuer": provider.URL, "attributes_request_method": "GET",
			"authorize_url": provider.URL + "/authorize", "token_url": provider.URL + "/token", "attributes_url": provider.URL + "/user", "jwks_uri": provider.URL + "/keys",
		},
		AttributeMapping: map[string]string{"email": "email", "email_verified": "email_verified"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return shop{cog, cog.NewAppClient(t, cognitotest.ClientSettings(cip.CreateUserPoolClientInput{
		AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows: []types.OAuthFlowType{types.OAuthFlowTypeImplicit},
		AllowedOAuthScopes: []string{"openid"}, CallbackURLs: []string{appURL}, SupportedIdentityProviders: []string{"Partner"},
	}))}
}

// visit signs somebody in at the provider, and returns the claims of the ID token that the application gets.
func (s shop) visit(t *testing.T, domain string) map[string]any {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	next := func(target string) *url.URL {
		answer, err := browser.Get(target)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		to, err := answer.Location()
		if err != nil {
			t.Fatalf("%s: status %d: %v", target, answer.StatusCode, err)
		}
		return to
	}
	away := next(domain + "/oauth2/authorize?" + url.Values{"response_type": {"token"}, "client_id": {s.app.ID}, "redirect_uri": {appURL}}.Encode())
	back := next(domain + "/oauth2/idpresponse?" + url.Values{"code": {"any"}, "state": {away.Query().Get("state")}}.Encode())
	tokens, err := url.ParseQuery(back.Fragment)
	if err != nil || tokens.Get("id_token") == "" {
		t.Fatalf("back to %v (%v)", back, err)
	}
	return claimsOf(t, s.Provider, tokens.Get("id_token"), "sub", "cognito:username")
}

func TestWhoComesFromAPartnerIsTheUserOfTheSameAddress(t *testing.T) {
	for _, test := range []struct {
		reason   string
		claims   jwt.MapClaims
		verified string // whether ann has shown that the address is hers
		linked   bool
	}{
		{"both have shown it", jwt.MapClaims{"sub": "123", "email": "ann@example.com", "email_verified": true}, "true", true},
		{"the partner has not", jwt.MapClaims{"sub": "123", "email": "ann@example.com", "email_verified": false}, "true", false},
		{"ann has not", jwt.MapClaims{"sub": "123", "email": "ann@example.com", "email_verified": true}, "false", false},
		{"another address", jwt.MapClaims{"sub": "123", "email": "bob@example.com", "email_verified": true}, "true", false},
		{"no address", jwt.MapClaims{"sub": "123"}, "true", false},
	} {
		t.Run(test.reason, func(t *testing.T) {
			s := newShop(t, test.claims)
			domain := s.Domain(t)
			ann := s.NewUser(t, cognitotest.Attribute("email", "ann@example.com"), cognitotest.Attribute("email_verified", test.verified))
			for range 2 { // the account is linked once
				got := s.visit(t, domain)
				if linked := got["sub"] == ann.Sub; linked != test.linked {
					t.Errorf("signed in as %v, ann is %s", got, ann.Sub)
				}
				if !test.linked && got["cognito:username"] != "Partner_123" {
					t.Errorf("signed in as %v, want a user of her own", got)
				}
			}
			if calls := s.Fake(t).Invocations(fake.OfTrigger(fake.InboundFederation)); len(calls) != 2 {
				t.Errorf("%d invocations, want one a sign-in", len(calls))
			}
		})
	}
}
