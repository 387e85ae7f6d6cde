package backendtest

import (
	"maps"
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

// hostedToken is the source of tokens of a sign-in at the domain.
const hostedToken = "TokenGeneration_HostedAuth"

// forgery sets claims, and suppresses them.
func forgery(names ...string) fields {
	set := fields{}
	for _, name := range names {
		set[name] = "forged"
	}
	return fields{"claimsToAddOrOverride": set, "claimsToSuppress": names}
}

// servicesClaims are those of both tokens that nobody can change.
func servicesClaims(more ...string) []string {
	return append(more, "acr", "amr", "at_hash", "auth_time", "azp", "exp", "iat", "iss", "jti", "nbf", "nonce", "origin_jti", "sub", "token_use")
}

var hostedTokens = []Behaviour{
	{"pre token generation changes the tokens of a sign-in at the domain as it does those of the API", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		u, b := memberOf(t, p), a.newBrowser(t)
		b.code(a.request(), u)
		minted := func(scope string) map[string]any {
			return b.redeem(b.open("/oauth2/authorize", a.request("scope", scope)).location.Query().Get("code")).object(t)
		}
		for _, row := range tokenChanges {
			part(t, row.why, func(t *testing.T) {
				change := changesV2
				if row.version == fake.PreTokenGeneration {
					change = changesV1
				}
				onTrigger(t, p, row.version, change(row.details))
				whole, bare := minted("openid"), minted(userScope)
				access := maps.Clone(row.access)
				wantSome(t, "access", claims(t, bare["access_token"].(string)), access)
				delete(access, "scope")
				wantSome(t, "access", claims(t, whole["access_token"].(string)), access)
				wantSome(t, "ID", claims(t, whole["id_token"].(string)), row.id)
				if bare["id_token"] != nil {
					t.Error("there is an ID token without openid")
				}
			})
		}
	}},
	{"claims of the service stay as they are at the domain, set or suppressed", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		b := a.newBrowser(t)
		before := b.tokens(a.request("nonce", "n-1"), p.NewUser(t))
		onTrigger(t, p, fake.PreTokenGenerationV2, changesV2(fields{
			"idTokenGeneration":     forgery(servicesClaims("identities", "aud", "cognito:username")...),
			"accessTokenGeneration": forgery(servicesClaims("username", "client_id", "scope", "device_key", "event_id", "version")...),
		}))
		after := b.redeem(b.open("/oauth2/authorize", a.request("nonce", "n-1")).location.Query().Get("code")).object(t)
		for _, token := range []string{"id_token", "access_token"} {
			was, is := claims(t, before[token].(string)), claims(t, after[token].(string))
			for name, value := range is {
				if value == "forged" || was[name] == nil {
					t.Errorf("%s: %s = %v, %v before", token, name, value, was[name])
				}
			}
			wantSame(t, "number of claims of the "+token, len(is), len(was))
		}
		access := after["access_token"].(string)
		wantSome(t, "ID", claims(t, after["id_token"].(string)), fields{"nonce": "n-1", "at_hash": halfHash(access), "aud": a.ID})
		wantSome(t, "access", claims(t, access), fields{"version": 2.0, "client_id": a.ID, "scope": "openid email"})
	}},
	{"an aud that is another client's leaves that of a resource", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		const resource = "https://api.example.com"
		onTrigger(t, p, fake.PreTokenGenerationV2, changesV2(fields{"accessTokenGeneration": fields{"claimsToAddOrOverride": fields{"aud": "other"}}}))
		tokens := a.newBrowser(t).tokens(a.request("resource", resource), p.NewUser(t))
		wantSome(t, "access", claims(t, tokens["access_token"].(string)), fields{"aud": resource})
	}},
	{"version 3 changes what may change of the token of an app client that stands for itself", func(t *testing.T, start Start) {
		p := start(t)
		b := newMachine(t, p).newBrowser(t)
		minted := func() fields { return fields(claims(t, b.asItself().object(t)["access_token"].(string))) }
		for _, row := range []struct {
			why     string
			details fields
			want    fields
		}{
			{"null changes nothing", nil, fields{"scope": "api/read api/write"}},
			{"claims of any type", fields{"accessTokenGeneration": fields{"claimsToAddOrOverride": fields{"n": 7, "list": []any{"a", true}, "o": fields{"k": "v"}}}},
				fields{"n": 7.0, "list": []any{"a", true}, "o": fields{"k": "v"}}},
			{"a claim that is added and suppressed", fields{"accessTokenGeneration": fields{"claimsToAddOrOverride": fields{"a": "b"}, "claimsToSuppress": []string{"a"}}}, fields{"a": absent}},
			{"all scopes go", fields{"accessTokenGeneration": fields{"scopesToSuppress": []string{"api/read", "api/write"}}}, fields{"scope": ""}},
			{"no scope of the service comes", fields{"accessTokenGeneration": fields{"scopesToAdd": []string{userScope, "api/read", "other"}}}, fields{"scope": "api/read api/write other"}},
			{"there is no ID token to change", fields{"idTokenGeneration": fields{"claimsToAddOrOverride": fields{"a": "b"}}}, fields{"a": absent}},
			{"an app client has no groups", fields{"groupOverrideDetails": fields{"groupsToOverride": []string{"x"}, "iamRolesToOverride": []string{otherRole}}},
				fields{"cognito:groups": absent, "cognito:roles": absent}},
			{"its own id is an audience", fields{"accessTokenGeneration": fields{"claimsToAddOrOverride": fields{"aud": b.ID}}}, fields{"aud": b.ID}},
			{"another's is none", fields{"accessTokenGeneration": fields{"claimsToAddOrOverride": fields{"aud": "other"}}}, fields{"aud": absent}},
			{"names of the service", fields{"accessTokenGeneration": forgery("cognito:groups", "cognito:x", "dev:x")},
				fields{"cognito:groups": absent, "cognito:x": absent, "dev:x": absent}},
		} {
			part(t, row.why, func(t *testing.T) {
				onTrigger(t, p, fake.PreTokenGenerationV3, changesV2(row.details))
				wantSome(t, "access", minted(), row.want)
			})
		}
		onTrigger(t, p, fake.PreTokenGenerationV3, replying())
		before := minted()
		onTrigger(t, p, fake.PreTokenGenerationV3, changesV2(fields{
			"accessTokenGeneration": forgery(servicesClaims("username", "client_id", "scope", "device_key", "event_id", "version")...),
		}))
		after := minted()
		wantSame(t, "names of claims", keys(after), keys(before))
		for _, name := range []string{"sub", "client_id", "scope", "version", "iss", "token_use"} {
			wantSame(t, name, after[name], before[name])
		}
	}},
	{"an app client that a function refuses gets no token, and a later one", func(t *testing.T, start Start) {
		p := start(t)
		b := newMachine(t, p).newBrowser(t)
		onTrigger(t, p, fake.PreTokenGenerationV3, refusing("not you"))
		wantRefusal(t, b.asItself(), 400, `{"error":"invalid_request","error_description":"PreTokenGeneration failed with error not you."}`)
		onTrigger(t, p, fake.PreTokenGenerationV3, changesV2(fields{"accessTokenGeneration": "text"}))
		wantRefusal(t, b.asItself(), 400, `{"error":"invalid_request","error_description":"Unrecognizable lambda output"}`)
		onTrigger(t, p, fake.PreTokenGenerationV3, replying())
		wantSame(t, "status", b.asItself().status, 200)
	}},
}

var hostedMetadata = []Behaviour{
	{"aws_client_metadata is an object of texts, for an app client that stands for itself", func(t *testing.T, start Start) {
		p := start(t)
		b := newMachine(t, p).newBrowser(t)
		var last event
		onTrigger(t, p, fake.PreTokenGenerationV3, remembering(&last))
		wantSame(t, "status", b.asItself().status, 200)
		if metadata, there := last.part("request")["clientMetadata"]; there {
			t.Errorf("clientMetadata = %v, want none", metadata)
		}
		wantSame(t, "status", b.asItself("aws_client_metadata", `{"tenant":"acme","n":"1"}`).status, 200)
		wantSame(t, "clientMetadata", last.part("request")["clientMetadata"], any(fields{"tenant": "acme", "n": "1"}))
		for _, text := range []string{"tenant=acme", `["a"]`, `{"n":1}`, `{"o":{}}`, `{`} {
			wantRefusal(t, b.asItself("aws_client_metadata", text), 400, invalidRequest)
		}
	}},
	{"sign-ins and refreshes at the domain have no metadata for functions", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		for _, source := range []fake.TriggerSource{fake.PreSignUp, fake.PostConfirmation, fake.CustomMessage, fake.PreAuthentication, fake.PostAuthentication, fake.PreTokenGeneration, fake.UserMigration} {
			onTrigger(t, p, source, echo)
		}
		onTrigger(t, p, fake.PreSignUp, replying("autoConfirmUser", true))
		b := a.newBrowser(t)
		const extra = `{"tenant":"acme"}`
		back := b.fill(a.page("/signup"), newcomerForm("ann"))
		wantCallback(t, back)
		tokens := b.redeem(back.location.Query().Get("code"), "aws_client_metadata", extra).object(t)
		b.send("/oauth2/token", url.Values{
			"grant_type": {"refresh_token"}, "client_id": {a.ID}, "refresh_token": {tokens["refresh_token"].(string)}, "aws_client_metadata": {extra},
		})
		a.newBrowser(t).signIn(a.request("clientMetadata", extra), "nobody", goodPassword)
		wantSources(t, p, "PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp", preAuth, postAuth, hostedToken, "TokenGeneration_RefreshTokens", "UserMigration_Authentication")
		for _, i := range needFake(t, p, local).Invocations() {
			var e event
			need(t, i.Decode(&e))
			if metadata, there := e.part("request")["clientMetadata"]; there {
				t.Errorf("%s: clientMetadata = %v, want none", i.Source, metadata)
			}
			if data := e.part("request")["validationData"]; data != nil {
				t.Errorf("%s: validationData = %v, want null", i.Source, data)
			}
			wantSame(t, "clientId", e.part("callerContext")["clientId"], any(a.ID))
			wantSame(t, "awsSdkVersion", e.part("callerContext")["awsSdkVersion"], any("aws-sdk-unknown-unknown"))
		}
	}},
}

var hostedOrders = []Behaviour{
	{"a second factor at the domain comes between pre and post authentication", func(t *testing.T, start Start) {
		p := mfaPool(t, start, types.UserPoolMfaTypeOptional, smsMFA)
		a := newApplication(t, p)
		u, b := p.NewUser(t, cognitotest.Phone("+12065550134")), a.newBrowser(t)
		prefer(t, p, u, true, smsMFA)
		signInTriggersOf(t, p)
		every(t, p, fake.CustomMessage, fake.CustomSMSSender)
		page := follow(t, b.signIn(a.request(), u.Username, u.Password), "/mfa")
		asking := []string{preAuth, "CustomMessage_Authentication", "CustomSMSSender_Authentication"}
		wantSources(t, p, asking...)
		wantPage(t, b.fill(page, url.Values{"authentication_code": {wrong(lastCode(t, p, u.Username))}}), 200, "Invalid code")
		wantSources(t, p, asking...)
		wantCallback(t, b.fill(page, url.Values{"authentication_code": {lastCode(t, p, u.Username)}}))
		wantSources(t, p, append(asking, postAuth, hostedToken)...)
	}},
	{"a temporary password at the domain is changed between pre and post authentication", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		u, b := p.NewUser(t, cognitotest.TemporaryPassword()), a.newBrowser(t)
		signInTriggersOf(t, p)
		page := follow(t, b.signIn(a.request(), u.Username, u.Password), "/changePassword")
		wantSources(t, p, preAuth)
		wantCallback(t, b.fill(page, url.Values{"new_password": {"Permanent-1"}}))
		wantSources(t, p, preAuth, postAuth, hostedToken)
	}},
	{"a browser that is signed in asks for tokens alone, and a wrong password for none", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		u, b := p.NewUser(t), a.newBrowser(t)
		b.code(a.request(), u)
		signInTriggersOf(t, p)
		wantCallback(t, b.open("/oauth2/authorize", a.request()))
		wantSources(t, p, hostedToken)
		wantPage(t, a.newBrowser(t).signIn(a.request(), u.Username, "Wrong-pass1"), 200, wrongPassword)
		wantSources(t, p, hostedToken, preAuth)
	}},
	{"a forgotten password at the domain asks another directory, too", func(t *testing.T, start Start) {
		p := startFake(t, start, unproven, cognitotest.WithPool(mailing(autoEmail)))
		a := newApplication(t, p)
		onTrigger(t, p, fake.UserMigration, legacy("ann", "x", "finalUserStatus", "CONFIRMED"))
		every(t, p, fake.CustomMessage, fake.CustomEmailSender)
		follow(t, a.newBrowser(t).fill(a.page("/forgotPassword"), url.Values{"username": {"ann"}}), "/confirmforgotPassword")
		wantSources(t, p, "UserMigration_ForgotPassword", "CustomMessage_ForgotPassword", "CustomEmailSender_ForgotPassword")
		need(t, fail(p.Client().AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &p.PoolID, Username: aws.String("ann")})))
	}},
	{"the calls at the domain are found by their trigger and their user", func(t *testing.T, start Start) {
		p := start(t)
		a, machine := newApplication(t, p), newMachine(t, p)
		u := p.NewUser(t)
		every(t, p, fake.PreTokenGenerationV3, fake.PreAuthentication)
		a.newBrowser(t).code(a.request(), u)
		wantSame(t, "status", machine.newBrowser(t).asItself().status, 200)
		for _, row := range []struct {
			why     string
			filters []fake.InvocationFilter
			want    []string
		}{
			{"tokens of both", []fake.InvocationFilter{fake.OfTrigger(fake.PreTokenGenerationV3)}, []string{hostedToken, "TokenGeneration_ClientCredentials"}},
			{"a machine's", []fake.InvocationFilter{fake.OfUser(p.PoolID, "ClientCredentials")}, []string{"TokenGeneration_ClientCredentials"}},
			{"a user's tokens", []fake.InvocationFilter{fake.OfTrigger(fake.PreTokenGeneration), fake.OfUser(p.PoolID, u.Username)}, []string{hostedToken}},
		} {
			var got []string
			for _, i := range needFake(t, p, local).Invocations(row.filters...) {
				got = append(got, string(i.Source))
			}
			wantSame(t, row.why, got, row.want)
		}
	}},
}
