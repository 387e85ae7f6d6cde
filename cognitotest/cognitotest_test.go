package cognitotest_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/jwks"
)

// claims parses a token against the provider's published keys.
func claims(t *testing.T, p *cognitotest.Provider, token string) (jwt.MapClaims, error) {
	t.Helper()
	keys, err := jwks.Fetch(context.Background(), p.HTTPClient(), p.JWKSURL)
	if err != nil {
		t.Fatalf("fetching %s: %v", p.JWKSURL, err)
	}
	c := jwt.MapClaims{}
	_, err = jwt.ParseWithClaims(token, c, keys.Keyfunc, jwt.WithIssuer(p.Issuer), jwt.WithExpirationRequired())
	return c, err
}

func TestThreeLinesToAVerifiedToken(t *testing.T) {
	for name, opts := range map[string][]cognitotest.Option{
		"over loopback": nil,
		"in memory":     {cognitotest.InMemory()},
	} {
		t.Run(name, func(t *testing.T) {
			req, _ := http.NewRequest("GET", "/", nil)

			cog := cognitotest.New(t, opts...)
			ann := cog.NewUser(t, cognitotest.Groups("admins"))
			ann.Authorize(t, req)

			got, err := claims(t, cog, req.Header.Get("Authorization")[len("Bearer "):])
			if err != nil {
				t.Fatalf("verifying the token: %v", err)
			}
			if got["sub"] != ann.Sub || got["client_id"] != cog.ClientID || got["token_use"] != "access" {
				t.Errorf("claims = %v, want sub %s, client_id %s, token_use access", got, ann.Sub, cog.ClientID)
			}
		})
	}
}

func TestTokenExpiresInVirtualTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cog := cognitotest.New(t, cognitotest.InMemory())
		token := cog.NewUser(t).AccessToken(t)
		time.Sleep(time.Hour - time.Second)
		if _, err := claims(t, cog, token); err != nil {
			t.Errorf("a second before its end: %v", err)
		}
		time.Sleep(time.Second)
		if _, err := claims(t, cog, token); err == nil {
			t.Error("the token is valid after an hour")
		}
	})
}
