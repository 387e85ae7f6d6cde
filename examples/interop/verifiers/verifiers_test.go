package verifiers

import (
	"context"
	"net/http"
	"testing"

	"github.com/cognitotest/cognito/cognitotest"
)

// maker makes a verifier for a pool.
type maker func(t *testing.T, p *cognitotest.Provider) func(token string) error

// subject is a library that is judged.
type subject struct {
	name    string
	modules []string // whose versions matter
	tokens  string   // what it takes: access or ID

	shown, complete maker
	handler         newHandler // as shown, where it sees requests
	sees            bool       // whether it fetches the keys for a kid that it does not know
	provider        []cognitotest.Option
}

type newHandler = func(Pool, http.Handler) (http.Handler, error)

func subjects() []subject {
	return []subject{{
		name: "keyfunc", modules: []string{"github.com/MicahParks/keyfunc/v3", "github.com/golang-jwt/jwt/v5"}, tokens: "access",
		shown: plain(Keyfunc), complete: plain(KeyfuncComplete), sees: true,
	}, {
		name: "jwx", modules: []string{"github.com/lestrrat-go/jwx/v3"}, tokens: "access",
		shown: plain(JWX), complete: plain(JWXComplete),
	}, {
		name: "go-oidc", modules: []string{"github.com/coreos/go-oidc/v3"}, tokens: "ID",
		shown: plain(OIDC), complete: plain(OIDCComplete), sees: true,
	}, {
		name: "auth0 v2", modules: []string{"github.com/auth0/go-jwt-middleware/v2"}, tokens: "ID",
		shown: protecting(Auth0V2), complete: protecting(Auth0V2Complete), handler: Auth0V2,
	}, {
		name: "auth0 v3", modules: []string{"github.com/auth0/go-jwt-middleware/v3", "github.com/lestrrat-go/jwx/v3"}, tokens: "ID",
		shown: protecting(Auth0V3), complete: protecting(Auth0V3Complete), handler: Auth0V3,
	}, {
		// It derives the issuer from the pool's id, and insists on https.
		name: "aws-jwt-verify", modules: []string{"aws-jwt-verify"}, tokens: "access",
		shown: onNode("shown"), complete: onNode("complete"), sees: true,
		provider: []cognitotest.Option{cognitotest.AWSIssuer(), cognitotest.TLS()},
	}}
}

// options are those of the suite.
func (s subject) options() []cognitotest.AuthorizerOption {
	opts := []cognitotest.AuthorizerOption{cognitotest.OnProvider(s.provider...)}
	if s.tokens == "ID" {
		opts = append(opts, cognitotest.AcceptIDTokens())
	}
	return opts
}

func poolOf(p *cognitotest.Provider) Pool {
	return Pool{Issuer: p.Issuer, JWKSURL: p.JWKSURL, ClientID: p.ClientID}
}

// plain adapts what verifies a token.
func plain(newVerifier func(context.Context, Pool) (Verifier, error)) maker {
	return func(t *testing.T, p *cognitotest.Provider) func(string) error {
		t.Helper()
		verify, err := newVerifier(t.Context(), poolOf(p))
		if err != nil {
			t.Fatalf("the verifier cannot be made: %v", err)
		}
		return verify
	}
}

// protecting adapts what protects a handler.
func protecting(protect newHandler) maker {
	return func(t *testing.T, p *cognitotest.Provider) func(string) error {
		t.Helper()
		handler := protected(t, p, protect)
		return cognitotest.Middleware(func(*cognitotest.Provider) http.Handler { return handler })(t, p)
	}
}

// protected returns a handler that says yes to whoever reaches it.
func protected(t *testing.T, p *cognitotest.Provider, protect newHandler) http.Handler {
	t.Helper()
	handler, err := protect(poolOf(p), http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	if err != nil {
		t.Fatalf("the verifier cannot be made: %v", err)
	}
	return handler
}
