package backendtest

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

func decodeJSON(t *testing.T, text []byte, into any) {
	t.Helper()
	need(t, json.Unmarshal(text, into))
}

// minted is the claims of the two tokens of a sign-in.
type minted struct{ id, access jwt.MapClaims }

func mint(t *testing.T, u *cognitotest.User) minted {
	t.Helper()
	tokens := u.Tokens(t)
	return minted{claims(t, tokens.IDToken), claims(t, tokens.AccessToken)}
}

// fields is a JSON object in an answer.
type fields = map[string]any

// changesV1 is the answer to version 1 of pre token generation.
func changesV1(details fields) func(event) (event, error) {
	return replying("claimsOverrideDetails", details)
}

// changesV2 is the answer to versions 2 and 3.
func changesV2(details fields) func(event) (event, error) {
	return replying("claimsAndScopeOverrideDetails", details)
}

// absent is the value of a claim that is not there.
const absent = "(absent)"

// wantSome compares some claims.
func wantSome(t *testing.T, token string, got jwt.MapClaims, want fields) {
	t.Helper()
	some := fields{}
	for name := range want {
		some[name] = absent
		if value, there := got[name]; there {
			some[name] = value
		}
	}
	if diff := cmp.Diff(want, some); diff != "" {
		t.Errorf("claims of the %s token (-want +got):\n%s", token, diff)
	}
}

// memberOf makes a user of a group with a role.
func memberOf(t *testing.T, p *cognitotest.Provider) *cognitotest.User {
	t.Helper()
	_, err := p.Client().CreateGroup(ctx, &cip.CreateGroupInput{
		UserPoolId: &p.PoolID, GroupName: aws.String("staff"), RoleArn: aws.String("arn:aws:iam::123456789012:role/staff"), Precedence: aws.Int32(1),
	})
	need(t, err)
	return p.NewUser(t, cognitotest.Groups("staff"), cognitotest.Email("ann@example.com"))
}

const staffRole, otherRole = "arn:aws:iam::123456789012:role/staff", "arn:aws:iam::123456789012:role/other"

const userScope = "aws.cognito.signin.user.admin"

// tokenChanges is the matrix of pre token generation: versions, tokens, and what is done to claims,
// groups and scopes.
var tokenChanges = []struct {
	why        string
	version    fake.TriggerSource
	details    fields
	id, access fields
}{
	{"V1 adds and overrides claims of the ID token alone", fake.PreTokenGeneration,
		fields{"claimsToAddOrOverride": fields{"tenant": "acme", "email": "other@example.com"}},
		fields{"tenant": "acme", "email": "other@example.com"}, fields{"tenant": absent, "email": absent}},
	{"V1 suppresses claims of the ID token alone", fake.PreTokenGeneration,
		fields{"claimsToSuppress": []string{"email", "cognito:groups"}},
		fields{"email": absent, "cognito:groups": absent}, fields{"cognito:groups": []any{"staff"}}},
	{"V1 without groupOverrideDetails leaves the groups", fake.PreTokenGeneration,
		fields{"claimsToAddOrOverride": fields{"a": "b"}},
		fields{"cognito:groups": []any{"staff"}, "cognito:roles": []any{staffRole}, "cognito:preferred_role": staffRole}, fields{"cognito:groups": []any{"staff"}}},
	{"V1 replaces the groups of both tokens", fake.PreTokenGeneration,
		fields{"groupOverrideDetails": fields{"groupsToOverride": []string{"x", "y"}, "iamRolesToOverride": []string{otherRole}, "preferredRole": otherRole}},
		fields{"cognito:groups": []any{"x", "y"}, "cognito:roles": []any{otherRole}, "cognito:preferred_role": otherRole}, fields{"cognito:groups": []any{"x", "y"}}},
	{"V1 takes the groups away by an empty object", fake.PreTokenGeneration, fields{"groupOverrideDetails": fields{}},
		fields{"cognito:groups": absent, "cognito:roles": absent, "cognito:preferred_role": absent}, fields{"cognito:groups": absent}},
	{"V1 takes the groups away by null", fake.PreTokenGeneration, fields{"groupOverrideDetails": nil},
		fields{"cognito:groups": absent}, fields{"cognito:groups": absent}},
	{"V1 changes nothing by null", fake.PreTokenGeneration, nil, fields{"email": "ann@example.com"}, fields{"cognito:groups": []any{"staff"}}},
	{"V2 adds claims of any type to both tokens", fake.PreTokenGenerationV2,
		fields{"idTokenGeneration": fields{"claimsToAddOrOverride": fields{"n": 7, "list": []any{"a", 1, true}, "o": fields{"k": "v"}}},
			"accessTokenGeneration": fields{"claimsToAddOrOverride": fields{"yes": true, "email": "ann@example.com"}}},
		fields{"n": 7.0, "list": []any{"a", 1.0, true}, "o": fields{"k": "v"}, "yes": absent}, fields{"yes": true, "email": "ann@example.com", "n": absent}},
	{"V2 adds empty values as they are", fake.PreTokenGenerationV2,
		fields{"idTokenGeneration": fields{"claimsToAddOrOverride": fields{"none": "", "list": []any{}, "o": fields{}, "no": false, "zero": 0}}},
		fields{"none": "", "list": []any{}, "o": fields{}, "no": false, "zero": 0.0}, fields{}},
	{"V2 suppresses a claim that it adds", fake.PreTokenGenerationV2,
		fields{"idTokenGeneration": fields{"claimsToAddOrOverride": fields{"a": "b"}, "claimsToSuppress": []string{"a"}},
			"accessTokenGeneration": fields{"claimsToAddOrOverride": fields{"a": "b"}, "claimsToSuppress": []string{"a"}}},
		fields{"a": absent}, fields{"a": absent}},
	{"V1 suppresses a claim that it adds", fake.PreTokenGeneration,
		fields{"claimsToAddOrOverride": fields{"a": "b"}, "claimsToSuppress": []string{"a"}}, fields{"a": absent}, fields{"a": absent}},
	{"V1 knows nothing of access tokens and scopes", fake.PreTokenGeneration,
		fields{"accessTokenGeneration": fields{"scopesToAdd": []string{"openid"}, "claimsToAddOrOverride": fields{"a": "b"}}, "scopesToAdd": []string{"openid"}},
		fields{"a": absent}, fields{"scope": userScope, "a": absent}},
	{"V2 takes the groups away by an empty object", fake.PreTokenGenerationV2, fields{"groupOverrideDetails": fields{}},
		fields{"cognito:groups": absent, "cognito:roles": absent, "cognito:preferred_role": absent}, fields{"cognito:groups": absent}},
	{"V2 without groupOverrideDetails leaves the groups", fake.PreTokenGenerationV2, fields{"idTokenGeneration": fields{}, "accessTokenGeneration": nil},
		fields{"cognito:groups": []any{"staff"}, "cognito:roles": []any{staffRole}}, fields{"cognito:groups": []any{"staff"}}},
	{"V2 changes nothing by null", fake.PreTokenGenerationV2, nil, fields{"email": "ann@example.com"}, fields{"scope": userScope}},
	{"V3 suppresses claims and scopes", fake.PreTokenGenerationV3,
		fields{"idTokenGeneration": fields{"claimsToSuppress": []string{"email"}}, "accessTokenGeneration": fields{"scopesToSuppress": []string{userScope}, "claimsToSuppress": []string{"cognito:groups"}}},
		fields{"email": absent}, fields{"scope": "", "cognito:groups": absent}},
	{"V3 adds claims of any type, and replaces groups", fake.PreTokenGenerationV3,
		fields{"idTokenGeneration": fields{"claimsToAddOrOverride": fields{"list": []any{"a"}}}, "groupOverrideDetails": fields{"groupsToOverride": []string{"x"}}},
		fields{"list": []any{"a"}, "cognito:groups": []any{"x"}}, fields{"list": absent, "cognito:groups": []any{"x"}}},
	{"V2 suppresses claims of each token", fake.PreTokenGenerationV2,
		fields{"idTokenGeneration": fields{"claimsToSuppress": []string{"email"}}, "accessTokenGeneration": fields{"claimsToSuppress": []string{"cognito:groups"}}},
		fields{"email": absent, "cognito:groups": []any{"staff"}}, fields{"cognito:groups": absent}},
	{"V2 adds scopes", fake.PreTokenGenerationV2, fields{"accessTokenGeneration": fields{"scopesToAdd": []string{"openid", "photos/read"}}},
		fields{"scope": absent}, fields{"scope": userScope + " openid photos/read"}},
	{"V2 suppresses scopes", fake.PreTokenGenerationV2, fields{"accessTokenGeneration": fields{"scopesToAdd": []string{"openid"}, "scopesToSuppress": []string{userScope}}},
		fields{}, fields{"scope": "openid"}},
	{"V2 adds no scope of the service", fake.PreTokenGenerationV2, fields{"accessTokenGeneration": fields{"scopesToAdd": []string{"aws.cognito.signin.other"}}},
		fields{}, fields{"scope": userScope}},
	{"V2 replaces groups", fake.PreTokenGenerationV2, fields{"groupOverrideDetails": fields{"groupsToOverride": []string{"x"}}},
		fields{"cognito:groups": []any{"x"}, "cognito:roles": absent}, fields{"cognito:groups": []any{"x"}}},
	{"V3 is as V2 for users", fake.PreTokenGenerationV3,
		fields{"accessTokenGeneration": fields{"claimsToAddOrOverride": fields{"tenant": "acme"}, "scopesToAdd": []string{"openid"}}},
		fields{"tenant": absent}, fields{"tenant": "acme", "scope": userScope + " openid"}},
	{"an aud that is another client's is dropped from the access token", fake.PreTokenGenerationV2,
		fields{"accessTokenGeneration": fields{"claimsToAddOrOverride": fields{"aud": "other"}}}, fields{}, fields{"aud": absent}},
	{"claims with the service's prefixes cannot be set", fake.PreTokenGenerationV2,
		fields{"idTokenGeneration": fields{"claimsToAddOrOverride": fields{"cognito:x": "a", "dev:x": "b"}}, "accessTokenGeneration": fields{"claimsToAddOrOverride": fields{"cognito:x": "a"}}},
		fields{"cognito:x": absent, "dev:x": absent}, fields{"cognito:x": absent}},
	{"claims of the ID token that are flags, times and addresses cannot be objects", fake.PreTokenGenerationV2,
		fields{"idTokenGeneration": fields{"claimsToAddOrOverride": fields{"email_verified": fields{"k": "v"}, "updated_at": []any{1}, "address": fields{"formatted": "x"}, "phone_number_verified": fields{}}}},
		fields{"email_verified": true, "updated_at": absent, "address": absent, "phone_number_verified": absent}, fields{}},
	{"those claims can be texts, numbers and flags", fake.PreTokenGenerationV2,
		fields{"idTokenGeneration": fields{"claimsToAddOrOverride": fields{"email_verified": false, "updated_at": 7, "address": "x"}}},
		fields{"email_verified": false, "updated_at": 7.0, "address": "x"}, fields{}},
}

var tokenGeneration = []Behaviour{
	{"pre token generation changes claims, groups and scopes, version by version", func(t *testing.T, start Start) {
		for _, row := range tokenChanges {
			part(t, row.why, func(t *testing.T) {
				p := start(t)
				u := memberOf(t, p)
				change := changesV2
				if row.version == fake.PreTokenGeneration {
					change = changesV1
				}
				onTrigger(t, p, row.version, change(row.details))
				got := mint(t, u)
				wantSome(t, "ID", got.id, row.id)
				wantSome(t, "access", got.access, row.access)
			})
		}
	}},
	{"claims of the service stay as they are, set or suppressed", func(t *testing.T, start Start) {
		p := start(t)
		u := memberOf(t, p)
		before := mint(t, u)
		onTrigger(t, p, fake.PreTokenGenerationV2, changesV2(fields{
			"idTokenGeneration":     forgery(servicesClaims("identities", "aud", "cognito:username")...),
			"accessTokenGeneration": forgery(servicesClaims("username", "client_id", "scope", "device_key", "event_id", "version")...),
		}))
		after := mint(t, u)
		for _, pair := range [][2]jwt.MapClaims{{before.id, after.id}, {before.access, after.access}} {
			for name := range pair[0] {
				if pair[1][name] == nil || pair[1][name] == "forged" {
					t.Errorf("%s token: %s = %v, %v before", pair[0]["token_use"], name, pair[1][name], pair[0][name])
				}
			}
			if len(pair[1]) != len(pair[0]) {
				t.Errorf("%s token: claims %v, want none more than %v", pair[0]["token_use"], pair[1], pair[0])
			}
		}
		wantSome(t, "access", after.access, fields{"sub": u.Sub, "username": u.Username, "client_id": p.ClientID, "scope": userScope})
	}},
	{"an access token may name its own client as aud", func(t *testing.T, start Start) {
		p := start(t)
		onTrigger(t, p, fake.PreTokenGenerationV2, changesV2(fields{"accessTokenGeneration": fields{"claimsToAddOrOverride": fields{"aud": p.ClientID}}}))
		wantSome(t, "access", mint(t, p.NewUser(t)).access, fields{"aud": p.ClientID})
	}},
	{"values other than texts are unusable in version 1", func(t *testing.T, start Start) {
		for _, value := range []any{7, true, []string{"a"}, fields{"k": "v"}} {
			p := start(t)
			u := p.NewUser(t)
			onTrigger(t, p, fake.PreTokenGeneration, changesV1(fields{"claimsToAddOrOverride": fields{"x": value}}))
			_, err := signIn(p, u.Username, u.Password)
			wantError(t, err, "InvalidLambdaResponseException", "Unrecognizable lambda output")
		}
	}},
	{"numbers in claims are as the function wrote them", func(t *testing.T, start Start) {
		p := start(t)
		const long = `12345678901234567890`
		onTrigger(t, p, fake.PreTokenGenerationV2, changesV2(fields{"idTokenGeneration": fields{"claimsToAddOrOverride": fields{"n": json.Number(long)}}}))
		parts := strings.Split(p.NewUser(t).IDToken(t), ".")
		payload, err := base64.RawURLEncoding.DecodeString(parts[1])
		need(t, err)
		if !strings.Contains(string(payload), `"n":`+long) {
			t.Errorf("claims = %s, want n to be %s", payload, long)
		}
	}},
	{"a refresh asks too, and its changes last for its tokens", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		tokens := u.Tokens(t)
		onTrigger(t, p, fake.PreTokenGeneration, changesV1(fields{"claimsToAddOrOverride": fields{"tenant": "acme"}}))
		out, err := initiate(p, types.AuthFlowTypeRefreshTokenAuth, "", map[string]string{"REFRESH_TOKEN": tokens.RefreshToken})
		need(t, err)
		wantSome(t, "ID", claims(t, *out.AuthenticationResult.IdToken), fields{"tenant": "acme"})
		wantSources(t, p, "TokenGeneration_RefreshTokens")
		exchanged, err := p.Client().GetTokensFromRefreshToken(ctx, &cip.GetTokensFromRefreshTokenInput{
			ClientId: &p.ClientID, RefreshToken: &tokens.RefreshToken, ClientMetadata: map[string]string{"from": "here"},
		})
		need(t, err)
		wantSome(t, "ID", claims(t, *exchanged.AuthenticationResult.IdToken), fields{"tenant": "acme"})
		wantSources(t, p, "TokenGeneration_RefreshTokens", "TokenGeneration_Authentication")
		onTrigger(t, p, fake.PreTokenGeneration, refusing("no"))
		_, err = initiate(p, types.AuthFlowTypeRefreshTokenAuth, "", map[string]string{"REFRESH_TOKEN": tokens.RefreshToken})
		wantError(t, err, "UserLambdaValidationException", "PreTokenGeneration failed with error no.")
	}},
	{"a sign-in from a remembered device asks as such, with the same event", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{DeviceConfiguration: &types.DeviceConfigurationType{}}))
		u := p.NewUser(t)
		d := u.RememberDevice(t)
		var byPassword, fromDevice event
		onTrigger(t, p, fake.PreTokenGeneration, remembering(&byPassword))
		u.SignInSRP(t)
		onTrigger(t, p, fake.PreTokenGeneration, remembering(&fromDevice))
		d.SignIn(t)
		wantSources(t, p, "TokenGeneration_Authentication", "TokenGeneration_AuthenticateDevice")
		byPassword["triggerSource"] = "TokenGeneration_AuthenticateDevice"
		if diff := cmp.Diff(byPassword, fromDevice); diff != "" {
			t.Errorf("event (-by password +from the device):\n%s", diff)
		}
	}},
}
