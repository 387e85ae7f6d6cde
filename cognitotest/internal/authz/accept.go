package authz

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cognitotest/cognito/fake"
)

const locksOut = "users with good tokens are locked out"

func acceptKeys() []Case {
	return []Case{
		{
			Name: "genuine", Rule: "accept what the pool issues: RS256, a kid of its JWKS, header without typ", Cost: locksOut,
			make: func(k *kit) { k.raw("a token just issued", k.good) },
		}, {
			Name: "earlier-key", Rule: "accept tokens of every key in the JWKS: after a rotation the old keys stay there for the tokens that they signed",
			Cost: "a rotation of keys signs everybody out",
			make: func(k *kit) { k.raw("a token signed before the last rotation of keys", k.Earlier[k.use]) },
		}, {
			Name: "other-key", Rule: "find keys by kid alone: the JWKS has two keys of one age, and nothing says which signs what",
			Cost:  "the pool may use its other key at any time, and then " + locksOut,
			needs: func(w *World) bool { return !w.Online }, make: otherKey,
		},
	}
}

func otherKey(k *kit) {
	other := ID
	if k.use == ID {
		other = Access
	}
	key := k.key(k.Genuine[other])
	k.forge("signed by the other key of the JWKS", func(f *fake.Forgery) { f.Header["kid"], f.Key = key.id, key.private })
}

func acceptClaims() []Case {
	return []Case{
		{
			Name: "clients", Rule: "accept tokens of every app client that is allowed", Cost: "users of the other apps are locked out",
			needs: func(w *World) bool { return len(w.Clients) > 1 || w.AnyClient }, make: otherClients,
		}, {
			Name: "young", Rule: "accept a token from its first second to its last", Cost: "users are refused right after signing in, or early",
			make: young, ages: true,
		}, {
			Name: "refreshed", Rule: "take exp for the end of a token; auth_time is when its user signed in, which may be long ago", Cost: "refreshed tokens are refused",
			make: func(k *kit) {
				k.claims("auth_time is 300 days ago", map[string]any{"auth_time": k.Server.Now().AddDate(0, 0, -300).Unix()})
			},
		}, {
			Name: "without-jti", Rule: "do not ask for jti and origin_jti, which tokens of app clients without revocation lack", Cost: "users of such app clients are locked out",
			make: func(k *kit) { k.without("jti", "origin_jti") },
		}, {
			Name: "custom-claims", Rule: "leave alone claims that the verifier does not know, of whatever type: attributes and Lambda triggers add them",
			Cost: "a new attribute or a trigger locks users out", make: customClaims,
		}, {
			Name: "scopes", Rule: "read scope as words between blanks, in any order", Cost: "users with more scopes are locked out", use: Access,
			needs: func(w *World) bool { return w.Scope != "" },
			make: func(k *kit) {
				k.claim("scope", k.ownScopes()+k.Scope, k.Scope+" a/b "+k.ownScopes()+"c/d", "a/b "+k.ownScopes()+k.Scope)
			},
		},
	}
}

// ownScopes are what the pool itself wants to be asked with.
func (k *kit) ownScopes() string {
	if k.Online {
		return "aws.cognito.signin.user.admin "
	}
	return ""
}

func otherClients(k *kit) {
	if k.AnyClient {
		k.claim(k.clientClaim(), k.Stranger)
		return
	}
	for _, id := range k.Clients[1:] {
		k.claim(k.clientClaim(), id)
	}
}

// clientClaim is where a token names its app client.
func (k *kit) clientClaim() string {
	if k.use == ID {
		return "aud"
	}
	return "client_id"
}

func young(k *kit) {
	now := k.Server.Now()
	k.claims("issued this second", map[string]any{"iat": now.Unix(), "auth_time": now.Unix(), "exp": now.Add(5 * time.Minute).Unix()})
	k.claims("a second old", map[string]any{"iat": now.Add(-time.Second).Unix()})
	k.claims("with 30 seconds to live", map[string]any{"iat": now.Add(-time.Hour).Unix(), "exp": now.Add(30 * time.Second).Unix()})
}

func customClaims(k *kit) {
	k.claims("with attributes and claims of a trigger", map[string]any{
		"custom:tenant": "acme", "custom:level": "7", "email": "ann@example.com", "email_verified": true,
		"address": map[string]any{"formatted": "1 Main Street"}, "limits": map[string]any{"max": 1.5, "of": []any{1, "two", nil}}, "nothing": nil,
	})
}

func acceptPeople() []Case {
	return []Case{
		{
			Name: "without-groups", Rule: "do not ask for cognito:groups: a user of no group has no such claim", Cost: "users of no group are locked out",
			needs: func(w *World) bool { return w.Group == "" }, make: func(k *kit) { k.without("cognito:groups") },
		}, {
			Name: "groups", Rule: "look through all groups of a user", Cost: "users of several groups are locked out",
			make: func(k *kit) {
				k.claim("cognito:groups", k.withGroup("first"), append(k.withGroup(), "last"))
			},
		}, {
			Name: "large", Rule: "accept large tokens: a user may be in 100 groups", Cost: "users of many groups are locked out",
			make: func(k *kit) { k.claim("cognito:groups", k.withGroup(manyGroups()...)) },
		}, {
			Name: "unicode", Rule: "read claims as JSON in UTF-8, escaped or not", Cost: "users whose names are not ASCII are locked out",
			make: beyondASCII,
		}, {
			Name: "federated", Rule: "accept users of other identity providers, whose names and groups the service makes", Cost: "federated users are locked out",
			needs: func(w *World) bool { return !w.Online }, make: federated,
		},
	}
}

// withGroup returns groups, the required one among them at the end.
func (k *kit) withGroup(names ...string) []string {
	if k.Group != "" {
		names = append(slices.Clip(names), k.Group)
	}
	return names
}

func manyGroups() []string {
	var names []string
	for i := range 80 {
		names = append(names, fmt.Sprintf("department-%d-of-a-company-that-likes-groups", i))
	}
	return names
}

func beyondASCII(k *kit) {
	claims := map[string]any{"cognito:groups": k.withGroup("Müller&Söhne", "管理者", "🦊"), "name": "Zoë 🦊 <zoë@example.com>", "custom:motto": "a\u2028b\t\"c\""}
	k.claims("names beyond ASCII", claims)
	k.forge("names beyond ASCII, escaped", func(f *fake.Forgery) {
		maps.Copy(f.Claims, claims)
		text := strconv.QuoteToASCII(encoded(f.Claims))
		text = text[1 : len(text)-1]
		f.RawClaims = []byte(strings.NewReplacer(`\"`, `"`, `\\`, `\`, `\U0001f98a`, `\ud83e\udd8a`).Replace(text))
	})
}

func federated(k *kit) {
	name := "username"
	if k.use == ID {
		name = "cognito:username"
	}
	k.claims("a user of Google", map[string]any{
		name: "google_104837465839201", "cognito:groups": k.withGroup(k.PoolID + "_Google"),
		"identities": []any{map[string]any{"userId": "104837465839201", "providerName": "Google", "primary": "true", "dateCreated": "1760000000000"}},
	})
}
