package triggers_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/examples/triggers"
	"github.com/cognitotest/cognito/fake"
	"github.com/cognitotest/cognito/jwks"
)

// table is Accounts in memory.
type table map[string]triggers.Account

func (t table) Account(_ context.Context, sub string) (triggers.Account, error) {
	account, ok := t[sub]
	if !ok {
		return account, errors.New("who is that?")
	}
	return account, nil
}

// claimsOf returns some claims of a token that verifies.
func claimsOf(t *testing.T, cog *cognitotest.Provider, token string, names ...string) map[string]any {
	t.Helper()
	var all jwt.MapClaims
	if _, err := jwt.ParseWithClaims(token, &all, jwks.NewCache(cog.JWKSURL).Keyfunc, jwt.WithIssuer(cog.Issuer)); err != nil {
		t.Fatal(err)
	}
	some := map[string]any{}
	for _, name := range names {
		if value, ok := all[name]; ok {
			some[name] = value
		}
	}
	return some
}

func TestTokensTellWhatTheTableSays(t *testing.T) {
	accounts := table{}
	claims := triggers.Claims{Accounts: accounts}
	for _, test := range []struct {
		name            string
		source          fake.TriggerSource
		handler         fake.Trigger
		idToken, access map[string]any
	}{
		{"V1", fake.PreTokenGeneration, fake.TriggerFunc(claims.PreTokenGeneration),
			map[string]any{"tenant": "acme", "permissions": "orders.read orders.write", "cognito:groups": []any{"staff"}},
			map[string]any{"scope": "aws.cognito.signin.user.admin", "cognito:groups": []any{"staff"}}},
		{"V2", fake.PreTokenGenerationV2, fake.TriggerFunc(claims.PreTokenGenerationV2),
			map[string]any{"tenant": "acme", "permissions": []any{"orders.read", "orders.write"}, "cognito:groups": []any{"staff"}},
			map[string]any{"tenant": "acme", "permissions": []any{"orders.read", "orders.write"}, "scope": "orders.read orders.write", "cognito:groups": []any{"staff"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			cog := cognitotest.New(t, cognitotest.WithTrigger(test.source, test.handler))
			ann := cog.NewUser(t, cognitotest.Email("ann@example.com"), cognitotest.Groups("staff"))
			accounts[ann.Sub] = triggers.Account{Tenant: "acme", Permissions: []string{"orders.read", "orders.write"}}
			tokens := ann.Tokens(t)
			if diff := cmp.Diff(test.idToken, claimsOf(t, cog, tokens.IDToken, "tenant", "permissions", "cognito:groups", "email")); diff != "" {
				t.Errorf("ID token (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.access, claimsOf(t, cog, tokens.AccessToken, "tenant", "permissions", "cognito:groups", "scope")); diff != "" {
				t.Errorf("access token (-want +got):\n%s", diff)
			}
			if calls := cog.Fake(t).Invocations(fake.OfTrigger(test.source)); len(calls) != 1 {
				t.Errorf("%d invocations, want one for both tokens", len(calls))
			}
		})
	}
}

func TestWithoutAnAccountThereAreNoTokens(t *testing.T) {
	cog := cognitotest.New(t, cognitotest.WithTrigger(fake.PreTokenGenerationV2, fake.TriggerFunc(triggers.Claims{Accounts: table{}}.PreTokenGenerationV2)))
	ann := cog.NewUser(t)
	_, err := signIn(cog, ann.Username, ann.Password)
	if want := "PreTokenGeneration failed with error no account: who is that?."; err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("error = %v, want %s", err, want)
	}
}
