package token

import (
	"errors"
	"maps"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"

	"github.com/cognitotest/cognito/fake/internal/clock"
	"github.com/cognitotest/cognito/fake/internal/pool"
)

// newIssuer returns an issuer with one pool.
func newIssuer(t *testing.T, now time.Time) (*Issuer, *pool.Pool) {
	t.Helper()
	store := pool.NewStore("123456789012", clock.New(func() time.Time { return now }), pool.NewRandom(1))
	p := pool.New(pool.Name{ID: "us-east-1_Test00000", Region: "us-east-1"}, &types.UserPoolType{}, nil)
	store.AddPool(p)
	i := NewIssuer(store, func(p *pool.Pool) string { return "https://issuer.example/" + p.ID }, Take)
	t.Cleanup(i.Close)
	return i, p
}

func TestAuthenticate(t *testing.T) {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	i, p := newIssuer(t, now)
	keys := i.Keys(p)
	for _, test := range []struct {
		why  string
		edit map[string]any // claims that differ from a good token's
		sign func(any) (string, error)
		want string
	}{
		{"a good one", nil, keys.SignAccess, ""},
		{"one scope among others", map[string]any{"scope": "openid aws.cognito.signin.user.admin email"}, keys.SignAccess, ""},
		{"the scope is missing", map[string]any{"scope": "openid email"}, keys.SignAccess, "Access Token does not have required scopes"},
		{"there is no scope", map[string]any{"scope": ""}, keys.SignAccess, "Access Token does not have required scopes"},
		{"the scope is part of a word", map[string]any{"scope": "aws.cognito.signin.user.administrator"}, keys.SignAccess, "Access Token does not have required scopes"},
		{"it expires now", map[string]any{"exp": now.Unix()}, keys.SignAccess, "Access Token has expired"},
		{"it never expires", map[string]any{"exp": nil}, keys.SignAccess, "Access Token has expired"},
		{"it is an ID token", map[string]any{"token_use": "id"}, keys.SignID, "Invalid Access Token"},
		{"it is signed as an ID token", nil, keys.SignID, "Invalid Access Token"},
		{"it is an ID token by its own words", map[string]any{"token_use": "id"}, keys.SignAccess, "Invalid Access Token"},
		{"it names the issuer in other words", map[string]any{"iss": "https://elsewhere.example/us-east-1_Test00000"}, keys.SignAccess, "Invalid Access Token"},
		{"it names another pool", map[string]any{"iss": "https://issuer.example/us-east-1_Other0000"}, keys.SignAccess, "Could not verify signature for Access Token"},
		{"it names no pool", map[string]any{"iss": nil}, keys.SignAccess, "Could not verify signature for Access Token"},
	} {
		t.Run(test.why, func(t *testing.T) {
			claims := map[string]any{
				"iss": i.URL(p), "token_use": "access", "scope": UserScope, "exp": now.Add(time.Second).Unix(), "client_id": "client",
			}
			maps.Copy(claims, test.edit)
			token, err := test.sign(claims)
			if err != nil {
				t.Fatal(err)
			}
			_, err = i.Authenticate(token)
			var got string
			if e := smithy.APIError(nil); errors.As(err, &e) {
				got = e.ErrorMessage()
			}
			if got != test.want || (err == nil) != (test.want == "") {
				t.Errorf("Authenticate: %v, want %q", err, test.want)
			}
		})
	}
}
