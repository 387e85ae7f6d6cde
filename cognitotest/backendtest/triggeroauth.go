package backendtest

import (
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

// echo returns an event as it came.
func echo(e event) (event, error) { return e, nil }

var oauthTriggers = []Behaviour{
	{"a sign-in at the domain asks the triggers of a sign-in, and for its own kind of tokens", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		for _, source := range []fake.TriggerSource{fake.PreAuthentication, fake.PostAuthentication, fake.PreTokenGeneration} {
			onTrigger(t, p, source, echo)
		}
		b := a.newBrowser(t)
		code := b.code(a.request(), p.NewUser(t))
		signedIn := []string{"PreAuthentication_Authentication", "PostAuthentication_Authentication", "TokenGeneration_HostedAuth"}
		wantSources(t, p, signedIn...)
		refresh := b.redeem(code).object(t)["refresh_token"].(string)
		wantSources(t, p, signedIn...)
		b.send("/oauth2/token", url.Values{"grant_type": {"refresh_token"}, "client_id": {a.ID}, "refresh_token": {refresh}})
		wantSources(t, p, append(signedIn, "TokenGeneration_RefreshTokens")...)
	}},
	{"pre token generation changes claims and scopes of a sign-in at the domain", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		onTrigger(t, p, fake.PreTokenGenerationV2, func(e event) (event, error) {
			wantSame(t, "scopes", e.part("request")["scopes"], any([]any{"openid", "email"}))
			return changesV2(fields{
				"idTokenGeneration":     fields{"claimsToAddOrOverride": fields{"tenant": "acme"}, "claimsToSuppress": []string{"email", "nonce"}},
				"accessTokenGeneration": fields{"claimsToAddOrOverride": fields{"tenant": "acme"}, "scopesToAdd": []string{"api/read"}, "scopesToSuppress": []string{"email"}},
			})(e)
		})
		tokens := a.newBrowser(t).tokens(a.request("nonce", "n-1"), p.NewUser(t, cognitotest.Email("ann@example.com")))
		id, access := tokens["id_token"].(string), tokens["access_token"].(string)
		wantSome(t, "ID", claims(t, id), fields{"tenant": "acme", "email": absent, "nonce": "n-1", "at_hash": halfHash(access)})
		wantSome(t, "access", claims(t, access), fields{"tenant": "acme", "scope": "openid api/read", "version": 2.0})
	}},
	{"version 3 is told of an app client that stands for itself, and changes its token", func(t *testing.T, start Start) {
		p := start(t)
		b := newMachine(t, p).newBrowser(t)
		onTrigger(t, p, fake.PreTokenGenerationV3, func(e event) (event, error) {
			wantSame(t, "userName", e["userName"], any("ClientCredentials"))
			wantSame(t, "request", e.part("request"), map[string]any{
				"userAttributes": map[string]any{}, "groupConfiguration": nil, "scopes": []any{"api/read", "api/write"},
				"clientMetadata": map[string]any{"tenant": "acme"},
			})
			return changesV2(fields{"accessTokenGeneration": fields{
				"claimsToAddOrOverride": fields{"tenant": "acme", "sub": "other"}, "scopesToAdd": []string{"api/own"}, "scopesToSuppress": []string{"api/write"},
			}})(e)
		})
		access := claims(t, b.asItself("aws_client_metadata", `{"tenant":"acme"}`).object(t)["access_token"].(string))
		wantSources(t, p, "TokenGeneration_ClientCredentials")
		wantSome(t, "access", access, fields{"tenant": "acme", "sub": b.ID, "scope": "api/read api/own"})
	}},
	{"earlier versions are not told of an app client that stands for itself", func(t *testing.T, start Start) {
		for _, version := range []fake.TriggerSource{fake.PreTokenGeneration, fake.PreTokenGenerationV2} {
			p := start(t)
			b := newMachine(t, p).newBrowser(t)
			onTrigger(t, p, version, refusing("no"))
			if got := b.asItself(); got.status != 200 {
				t.Errorf("%s: %d %s", version, got.status, got.body)
			}
			wantSources(t, p)
		}
	}},
	{"what a trigger refuses is told above the form", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		u := p.NewUser(t)
		onTrigger(t, p, fake.PreAuthentication, refusing("not today"))
		wantPage(t, a.newBrowser(t).signIn(a.request(), u.Username, u.Password), 200, "PreAuthentication failed with error not today.")
	}},
	{"signing up at the domain asks the triggers of the API, and then those of a sign-in", func(t *testing.T, start Start) {
		p := start(t, verifying(false))
		a := newApplication(t, p)
		for _, source := range []fake.TriggerSource{fake.PreSignUp, fake.CustomMessage, fake.PostConfirmation, fake.PreAuthentication, fake.PreTokenGeneration} {
			onTrigger(t, p, source, echo)
		}
		b := a.newBrowser(t)
		follow(t, b.fill(a.page("/signup"), newcomerForm("ann")), "/confirmUser")
		page := follow(t, b.fill(a.page("/resendcode"), url.Values{"username": {"ann"}}), "/confirmUser")
		wantCallback(t, b.fill(page, url.Values{"code": {lastCode(t, p, "ann")}}))
		wantSources(t, p, "PreSignUp_SignUp", "CustomMessage_SignUp", "CustomMessage_ResendCode", "PostConfirmation_ConfirmSignUp",
			"PreAuthentication_Authentication", "TokenGeneration_HostedAuth")
	}},
	{"a user whom pre sign-up confirms is signed in at once", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		onTrigger(t, p, fake.PreSignUp, replying("autoConfirmUser", true))
		wantCallback(t, a.newBrowser(t).fill(a.page("/signup"), newcomerForm("ann")))
	}},
	{"a user whom pre sign-up refuses is told above the form", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		onTrigger(t, p, fake.PreSignUp, refusing("not you"))
		wantPage(t, a.newBrowser(t).fill(a.page("/signup"), newcomerForm("ann")), 200, "PreSignUp failed with error not you.")
	}},
	{"another password at the domain asks the triggers of the API", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		for _, source := range []fake.TriggerSource{fake.CustomMessage, fake.PostConfirmation, fake.PreAuthentication} {
			onTrigger(t, p, source, echo)
		}
		u, b := p.NewUser(t, cognitotest.Email("ann@example.com")), a.newBrowser(t)
		page := follow(t, b.fill(a.page("/forgotPassword"), url.Values{"username": {u.Username}}), "/confirmforgotPassword")
		follow(t, b.fill(page, newPasswordForm(lastCode(t, p, u.Username))), "/login")
		wantSources(t, p, "CustomMessage_ForgotPassword", "PostConfirmation_ConfirmForgotPassword")
	}},
	{"another directory's user signs in at the domain", func(t *testing.T, start Start) {
		p := start(t)
		a := newApplication(t, p)
		onTrigger(t, p, fake.UserMigration, replying(
			"userAttributes", fields{"email": "ann@example.com", "email_verified": "true"}, "finalUserStatus", "CONFIRMED"))
		back := a.newBrowser(t).signIn(a.request(), "ann", "Correct-Horse-7")
		if back.location == nil || back.location.Query().Get("code") == "" {
			t.Errorf("back to %v (status %d): %s", back.location, back.status, back.body)
		}
		need(t, fail(p.Client().AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &p.PoolID, Username: aws.String("ann")})))
	}},
}
