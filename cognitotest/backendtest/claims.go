package backendtest

import (
	"encoding/base64"
	"maps"
	"regexp"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
)

// claims decodes a token without verifying it.
func claims(t *testing.T, token string) jwt.MapClaims {
	t.Helper()
	c := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(token, c); err != nil {
		t.Fatalf("decoding %s: %v", token, err)
	}
	return c
}

// both returns the claims of a new sign-in's access and ID tokens.
func both(t *testing.T, u *cognitotest.User) (access, id jwt.MapClaims) {
	t.Helper()
	tokens := u.Tokens(t)
	return claims(t, tokens.AccessToken), claims(t, tokens.IDToken)
}

// wantClaims checks some claims; nil wants a claim to be absent.
func wantClaims(t *testing.T, got jwt.MapClaims, want map[string]any) {
	t.Helper()
	picked := map[string]any{}
	for name := range want {
		picked[name] = got[name]
	}
	if diff := cmp.Diff(want, picked); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
}

// reading is an app client that shows some attributes.
func reading(attributes ...string) cognitotest.Option {
	return cognitotest.WithAppClient(cip.CreateUserPoolClientInput{ReadAttributes: attributes})
}

var tokenClaims = []Behaviour{
	{"an access token names user, client and use, and no attributes", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Email("a@example.com"), cognitotest.Attribute("name", "Ann"))
		access, _ := both(t, u)
		wantClaims(t, access, map[string]any{
			"sub": u.Sub, "username": u.Username, "client_id": p.ClientID, "iss": p.Issuer, "token_use": "access",
			"scope": "aws.cognito.signin.user.admin",
			"email": nil, "email_verified": nil, "name": nil, "aud": nil, "cognito:username": nil, "cognito:groups": nil,
		})
	}},
	{"an ID token names user, audience and use", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		_, id := both(t, u)
		wantClaims(t, id, map[string]any{
			"sub": u.Sub, "cognito:username": u.Username, "aud": p.ClientID, "iss": p.Issuer, "token_use": "id",
			"client_id": nil, "username": nil, "scope": nil, "cognito:groups": nil, "cognito:roles": nil, "cognito:preferred_role": nil,
		})
	}},
	{"the two tokens of a sign-in share origin_jti, event_id and times, not jti", func(t *testing.T, start Start) {
		access, id := both(t, start(t).NewUser(t))
		for _, shared := range []string{"origin_jti", "event_id", "auth_time", "iat", "exp"} {
			if access[shared] == nil || access[shared] != id[shared] {
				t.Errorf("%s = %v and %v, want the same", shared, access[shared], id[shared])
			}
		}
		if access["jti"] == nil || id["jti"] == nil || access["jti"] == id["jti"] {
			t.Errorf("jti = %v and %v, want two", access["jti"], id["jti"])
		}
		if life := access["exp"].(float64) - access["iat"].(float64); life != 3600 {
			t.Errorf("exp is %v s after iat, want 3600", life)
		}
	}},
	{"the ids in tokens are UUIDs, and kid names a key of 32 bytes", func(t *testing.T, start Start) {
		tokens := start(t).NewUser(t).Tokens(t)
		uuid := regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
		for use, token := range map[string]string{"access": tokens.AccessToken, "id": tokens.IDToken} {
			parsed, _, err := jwt.NewParser().ParseUnverified(token, jwt.MapClaims{})
			need(t, err)
			for _, name := range []string{"sub", "jti", "origin_jti", "event_id"} {
				if id, _ := parsed.Claims.(jwt.MapClaims)[name].(string); !uuid.MatchString(id) {
					t.Errorf("%s of the %s token = %q, want a UUID", name, use, id)
				}
			}
			kid, _ := parsed.Header["kid"].(string)
			if raw, err := base64.StdEncoding.DecodeString(kid); err != nil || len(raw) != 32 {
				t.Errorf("kid of the %s token = %q, want 32 bytes in base64", use, kid)
			}
			if diff := cmp.Diff(map[string]any{"kid": kid, "alg": "RS256"}, parsed.Header); diff != "" {
				t.Errorf("header of the %s token (-want +got):\n%s", use, diff)
			}
		}
	}},
	{"each token of a sign-in lasts as long as the client says", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithAppClient(cip.CreateUserPoolClientInput{
			AccessTokenValidity: aws.Int32(10), IdTokenValidity: aws.Int32(2),
			TokenValidityUnits: &types.TokenValidityUnitsType{AccessToken: types.TimeUnitsTypeMinutes, IdToken: types.TimeUnitsTypeHours},
		}))
		tokens := p.NewUser(t).Tokens(t)
		for token, want := range map[string]time.Duration{tokens.AccessToken: 10 * time.Minute, tokens.IDToken: 2 * time.Hour} {
			c := claims(t, token)
			if life := c["exp"].(float64) - c["iat"].(float64); life != want.Seconds() {
				t.Errorf("exp is %v s after iat, want %v", life, want)
			}
		}
		if tokens.ExpiresIn != 10*time.Minute {
			t.Errorf("ExpiresIn = %v, want that of the access token", tokens.ExpiresIn)
		}
	}},
	{"a refresh keeps origin_jti and auth_time, and renews jti, iat and exp", func(t *testing.T, start Start) {
		p := start(t)
		tokens := p.NewUser(t).Tokens(t)
		pass(t, p, time.Minute)
		out, err := refresh(p, tokens.RefreshToken)
		need(t, err)
		before, after := claims(t, tokens.AccessToken), claims(t, *out.AuthenticationResult.AccessToken)
		for _, kept := range []string{"origin_jti", "auth_time", "sub", "username"} {
			if before[kept] != after[kept] {
				t.Errorf("%s = %v, then %v; want it kept", kept, before[kept], after[kept])
			}
		}
		for _, renewed := range []string{"jti", "iat", "exp"} {
			if before[renewed] == after[renewed] {
				t.Errorf("%s = %v before and after; want another", renewed, before[renewed])
			}
		}
	}},
	{"a client without token revocation gets no jti", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithAppClient(cip.CreateUserPoolClientInput{EnableTokenRevocation: aws.Bool(false)}))
		access, id := both(t, p.NewUser(t))
		wantClaims(t, access, map[string]any{"jti": nil, "origin_jti": nil})
		wantClaims(t, id, map[string]any{"jti": nil, "origin_jti": nil})
	}},
	{"attributes have their JSON types in an ID token", func(t *testing.T, start Start) {
		number := types.SchemaAttributeType{Name: aws.String("level"), AttributeDataType: types.AttributeDataTypeNumber}
		flag := types.SchemaAttributeType{Name: aws.String("vip"), AttributeDataType: types.AttributeDataTypeBoolean}
		p := start(t, schema(number, flag))
		u := p.NewUser(t, cognitotest.Email("a@example.com"), cognitotest.Phone("+12065550100"), cognitotest.Attribute("name", "Ann"),
			cognitotest.Attribute("address", "1 Main St"), cognitotest.Attribute("updated_at", "1700000000"),
			cognitotest.Attribute("custom:level", "7"), cognitotest.Attribute("custom:vip", "true"))
		access, id := both(t, u)
		want := map[string]any{
			"email": "a@example.com", "email_verified": true, "phone_number": "+12065550100", "phone_number_verified": true, "name": "Ann",
			"address": map[string]any{"formatted": "1 Main St"}, "updated_at": float64(1700000000),
			"custom:level": "7", "custom:vip": "true", // strings, whatever the schema says
		}
		wantClaims(t, id, want)
		for name := range maps.Keys(want) {
			if access[name] != nil {
				t.Errorf("the access token has %s = %v", name, access[name])
			}
		}
	}},
	{"an unverified address is marked false once its flag is set, and not at all before", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Attribute("email", "a@example.com"))
		_, id := both(t, u)
		wantClaims(t, id, map[string]any{"email": "a@example.com", "email_verified": nil})
		need(t, update(p, u.Username, "email_verified", "false"))
		_, id = both(t, u)
		wantClaims(t, id, map[string]any{"email_verified": false})
	}},
	{"an ID token shows the attributes that the client reads", func(t *testing.T, start Start) {
		p := start(t, reading("given_name"))
		u := p.NewUser(t, cognitotest.Attribute("given_name", "Ann"), cognitotest.Attribute("family_name", "Lee"), cognitotest.Email("a@example.com"))
		_, id := both(t, u)
		wantClaims(t, id, map[string]any{"given_name": "Ann", "family_name": nil, "email": nil, "email_verified": nil, "sub": u.Sub})
	}},
	{"tokens show an attribute's new value after a refresh", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Attribute("name", "Ann"))
		tokens := u.Tokens(t)
		need(t, update(p, u.Username, "name", "Anna"))
		out, err := refresh(p, tokens.RefreshToken)
		need(t, err)
		wantClaims(t, claims(t, *out.AuthenticationResult.IdToken), map[string]any{"name": "Anna"})
	}},
	{"tokens name the sub as the username in a pool with username attributes", func(t *testing.T, start Start) {
		p := start(t, usernames(types.UsernameAttributeTypeEmail))
		u := p.NewUser(t)
		access, id := both(t, u)
		wantClaims(t, access, map[string]any{"sub": u.Sub, "username": u.Sub})
		wantClaims(t, id, map[string]any{"sub": u.Sub, "cognito:username": u.Sub, "email": u.Email})
	}},
	{"both tokens list the user's groups, the strongest first", func(t *testing.T, start Start) {
		p := start(t)
		makeGroup(t, p, "weak", 9, "")
		makeGroup(t, p, "strong", 0, "")
		u := p.NewUser(t, cognitotest.Groups("none", "weak", "strong")) // the first has no precedence
		access, id := both(t, u)
		want := map[string]any{"cognito:groups": []any{"strong", "weak", "none"}}
		wantClaims(t, access, want)
		wantClaims(t, id, want)
		need(t, leave(p, u.Username, "strong"))
		access, _ = both(t, u)
		wantClaims(t, access, map[string]any{"cognito:groups": []any{"weak", "none"}})
	}},
	{"an ID token lists the roles of the user's groups, and the strongest group's is preferred", func(t *testing.T, start Start) {
		for _, row := range []struct {
			why    string
			groups map[string]int32 // roles by name, with the group's precedence; "" is a group without role
			roles  []any
			want   any
		}{
			{"one group", map[string]int32{"a": 1}, []any{role + "a"}, role + "a"},
			{"the lower precedence wins", map[string]int32{"a": 2, "b": 1}, []any{role + "b", role + "a"}, role + "b"},
			{"a tie of roles prefers none", map[string]int32{"a": 1, "b": 1}, []any{role + "a", role + "b"}, nil},
			{"a tie below the strongest does not matter", map[string]int32{"a": 2, "b": 2, "c": 0}, []any{role + "c", role + "a", role + "b"}, role + "c"},
			{"no roles at all", map[string]int32{"": 1}, nil, nil},
		} {
			part(t, row.why, func(t *testing.T) {
				p := start(t)
				needFake(t, p, unproven)
				var member []string
				for name, precedence := range row.groups {
					makeGroup(t, p, "group-"+name, precedence, name)
					member = append(member, "group-"+name)
				}
				access, id := both(t, p.NewUser(t, cognitotest.Groups(member...)))
				var roles any
				if row.roles != nil {
					roles = row.roles
				}
				wantClaims(t, id, map[string]any{"cognito:roles": roles, "cognito:preferred_role": row.want})
				wantClaims(t, access, map[string]any{"cognito:roles": nil, "cognito:preferred_role": nil})
			})
		}
	}},
	{"groups that tie with the same role prefer it", func(t *testing.T, start Start) {
		p := start(t)
		needFake(t, p, unproven)
		makeGroup(t, p, "one", 1, "same")
		makeGroup(t, p, "two", 1, "same")
		_, id := both(t, p.NewUser(t, cognitotest.Groups("one", "two")))
		wantClaims(t, id, map[string]any{"cognito:preferred_role": role + "same"})
	}},
}
