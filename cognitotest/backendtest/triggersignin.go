package backendtest

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

// every makes a pool call a function for each of these triggers that changes nothing.
func every(t *testing.T, p *cognitotest.Provider, sources ...fake.TriggerSource) {
	t.Helper()
	for _, source := range sources {
		onTrigger(t, p, source, replying())
	}
}

// remembering is a function that keeps the last event, and changes nothing.
func remembering(last *event) func(event) (event, error) {
	return func(e event) (event, error) { *last = e; return e, nil }
}

var signInTriggers = []Behaviour{
	{"a sign-in asks pre authentication, post authentication and pre token generation, in this order", func(t *testing.T, start Start) {
		p := start(t)
		every(t, p, fake.PreAuthentication, fake.PostAuthentication, fake.PreTokenGeneration)
		u := p.NewUser(t)
		_, err := signIn(p, u.Username, u.Password)
		need(t, err)
		wantSources(t, p, "PreAuthentication_Authentication", "PostAuthentication_Authentication", "TokenGeneration_Authentication")
	}},
	{"by SRP pre authentication is asked first, the others after the proof", func(t *testing.T, start Start) {
		p := start(t)
		every(t, p, fake.PreAuthentication, fake.PostAuthentication, fake.PreTokenGeneration)
		s, err := beginSRP(p, p.NewUser(t).Username)
		need(t, err)
		wantSources(t, p, "PreAuthentication_Authentication")
		_, err = s.answer(t, "Wrong-1234")
		wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		wantSources(t, p, "PreAuthentication_Authentication")
	}},
	{"pre authentication can refuse a sign-in whatever the password, and counts no failure", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		onTrigger(t, p, fake.PreAuthentication, refusing("not from here"))
		for range 7 {
			_, err := signIn(p, u.Username, u.Password)
			wantError(t, err, "UserLambdaValidationException", "PreAuthentication failed with error not from here.")
		}
		onTrigger(t, p, fake.PreAuthentication, replying())
		_, err := signIn(p, u.Username, u.Password)
		need(t, err)
	}},
	{"post authentication can refuse the tokens, after the password was right", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		onTrigger(t, p, fake.PostAuthentication, refusing("no"))
		_, err := signIn(p, u.Username, u.Password)
		wantError(t, err, "UserLambdaValidationException", "PostAuthentication failed with error no.")
		_, err = signIn(p, u.Username, "Wrong-1234")
		wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
	}},
	{"the metadata of a sign-in goes to pre authentication alone, as validation data", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		var pre, post, tokens event
		onTrigger(t, p, fake.PreAuthentication, remembering(&pre))
		onTrigger(t, p, fake.PostAuthentication, remembering(&post))
		onTrigger(t, p, fake.PreTokenGeneration, remembering(&tokens))
		_, err := p.Client().InitiateAuth(ctx, &cip.InitiateAuthInput{
			ClientId: &p.ClientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth, ClientMetadata: map[string]string{"from": "here"},
			AuthParameters: map[string]string{"USERNAME": u.Username, "PASSWORD": u.Password},
		})
		need(t, err)
		if diff := cmp.Diff(map[string]any{"from": "here"}, pre.part("request")["validationData"]); diff != "" {
			t.Errorf("validationData (-want +got):\n%s", diff)
		}
		for _, e := range []event{post, tokens} {
			if got, there := e.part("request")["clientMetadata"]; there {
				t.Errorf("%v has clientMetadata %v", e["triggerSource"], got)
			}
		}
	}},
	{"the metadata of the answer to a challenge goes to the triggers that follow it", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.TemporaryPassword())
		var post, tokens event
		onTrigger(t, p, fake.PostAuthentication, remembering(&post))
		onTrigger(t, p, fake.PreTokenGeneration, remembering(&tokens))
		first := challenged(t, p, u)
		_, err := p.Client().RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{
			ClientId: &p.ClientID, ChallengeName: first.ChallengeName, Session: first.Session, ClientMetadata: map[string]string{"from": "here"},
			ChallengeResponses: map[string]string{"USERNAME": u.Username, "NEW_PASSWORD": newPassword},
		})
		need(t, err)
		for _, e := range []event{post, tokens} {
			if diff := cmp.Diff(map[string]any{"from": "here"}, e.part("request")["clientMetadata"]); diff != "" {
				t.Errorf("clientMetadata of %v (-want +got):\n%s", e["triggerSource"], diff)
			}
		}
		if tokens["triggerSource"] != "TokenGeneration_NewPasswordChallenge" {
			t.Errorf("triggerSource = %v, want TokenGeneration_NewPasswordChallenge", tokens["triggerSource"])
		}
	}},
	{"pre authentication hears of an unknown user where the client hides who exists, and only there", func(t *testing.T, start Start) {
		p := start(t, hiding)
		var pre event
		onTrigger(t, p, fake.PreAuthentication, remembering(&pre))
		_, err := signIn(p, "nobody", "Wrong-1234")
		wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		if got := pre.part("request")["userNotFound"]; got != true || pre["userName"] != "nobody" {
			t.Errorf("userNotFound = %v of %v, want true of nobody", got, pre["userName"])
		}
		open := start(t)
		every(t, open, fake.PreAuthentication)
		_, err = signIn(open, "nobody", "Wrong-1234")
		wantError(t, err, "UserNotFoundException", "User does not exist.")
		wantSources(t, open)
	}},
	{"a function may call the same pool", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		back := func(e event) (event, error) {
			name, _ := e["userName"].(string)
			return e, fail(p.Client().AdminUpdateUserAttributes(ctx, &cip.AdminUpdateUserAttributesInput{
				UserPoolId: &p.PoolID, Username: &name, UserAttributes: pairs("nickname", "seen"),
			}))
		}
		for _, source := range []fake.TriggerSource{fake.PreAuthentication, fake.PostAuthentication, fake.PreTokenGeneration} {
			onTrigger(t, p, source, back)
		}
		_, err := signIn(p, u.Username, u.Password)
		need(t, err)
		if got := attribute(look(t, p, u.Username).UserAttributes, "nickname"); got != "seen" {
			t.Errorf("nickname = %q, want seen", got)
		}
	}},
	{"a function that deletes the user ends the sign-in", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		onTrigger(t, p, fake.PreAuthentication, func(e event) (event, error) {
			return e, fail(p.Client().AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: &p.PoolID, Username: &u.Username}))
		})
		_, err := signIn(p, u.Username, u.Password)
		wantError(t, err, "UserNotFoundException", "User does not exist.")
	}},
}

// legacy is a function that knows one user of another directory.
func legacy(username, password string, namesAndValues ...any) func(event) (event, error) {
	return func(e event) (event, error) {
		given := e.part("request")["password"]
		if e["userName"] != username || given != nil && given != password {
			return nil, errBadUser
		}
		e.part("response")["userAttributes"] = map[string]any{"email": username + "@example.com", "email_verified": "true"}
		return replying(namesAndValues...)(e)
	}
}

var errBadUser = &types.NotAuthorizedException{Message: aws.String("Bad password")}

var migrations = []Behaviour{
	{"an unknown user who gives the password of another directory is migrated and signed in", func(t *testing.T, start Start) {
		p := start(t)
		onTrigger(t, p, fake.UserMigration, legacy("ann", "x", "finalUserStatus", "CONFIRMED", "messageAction", "SUPPRESS"))
		every(t, p, fake.PreAuthentication)
		out, err := signIn(p, "ann", "x") // no password that the policy would take
		need(t, err)
		if out.AuthenticationResult == nil {
			t.Errorf("answer = %+v, want tokens", out)
		}
		wantSources(t, p, "UserMigration_Authentication", "PreAuthentication_Authentication")
		u := look(t, p, "ann")
		if u.UserStatus != types.UserStatusTypeConfirmed || attribute(u.UserAttributes, "email_verified") != "true" {
			t.Errorf("user = %+v, want confirmed with a verified address", u)
		}
		_, err = signIn(p, "ann", "x")
		need(t, err)
		wantSources(t, p, "UserMigration_Authentication", "PreAuthentication_Authentication", "PreAuthentication_Authentication")
	}},
	{"nobody is asked for names that nobody can have", func(t *testing.T, start Start) { // inferred
		p := start(t)
		onTrigger(t, p, fake.UserMigration, legacy("ann", "x", "finalUserStatus", "CONFIRMED"))
		_, err := signIn(p, strings.Repeat("a", 129), "x")
		wantError(t, err, "UserNotFoundException", "User does not exist.")
		wantSources(t, p)
	}},
	{"a migrated user without a final status has to reset the password", func(t *testing.T, start Start) {
		p := start(t)
		onTrigger(t, p, fake.UserMigration, legacy("ann", "x"))
		_, err := signIn(p, "ann", "x")
		wantError(t, err, "PasswordResetRequiredException", "Password reset required for the user")
		if got := look(t, p, "ann").UserStatus; got != types.UserStatusTypeResetRequired {
			t.Errorf("status = %s, want RESET_REQUIRED", got)
		}
	}},
	{"what another directory refuses, or answers without attributes, makes no user", func(t *testing.T, start Start) {
		p := start(t)
		onTrigger(t, p, fake.UserMigration, refusing("Bad password"))
		_, err := signIn(p, "ann", "x")
		wantError(t, err, "UserLambdaValidationException", "UserMigration failed with error Bad password.")
		wantNobody(t, p, "ann")
		onTrigger(t, p, fake.UserMigration, replying("finalUserStatus", "CONFIRMED"))
		_, err = signIn(p, "ann", "x")
		wantError(t, err, "InvalidLambdaResponseException", "Unrecognizable lambda output")
		wantNobody(t, p, "ann")
	}},
	{"a forgotten password migrates too, without a password to check", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(autoVerifying(autoEmail)))
		onTrigger(t, p, fake.UserMigration, legacy("ann", "x", "finalUserStatus", "CONFIRMED"))
		out, err := p.Client().ForgotPassword(ctx, &cip.ForgotPasswordInput{ClientId: &p.ClientID, Username: aws.String("ann")})
		need(t, err)
		wantDelivery(t, out.CodeDeliveryDetails, delivery{"a***@e***", types.DeliveryMediumTypeEmail, "email"})
		wantSources(t, p, "UserMigration_ForgotPassword")
		need(t, fail(p.Client().ConfirmForgotPassword(ctx, &cip.ConfirmForgotPasswordInput{
			ClientId: &p.ClientID, Username: aws.String("ann"), Password: aws.String(goodPassword), ConfirmationCode: aws.String(lastCode(t, p, "ann")),
		})))
		_, err = signIn(p, "ann", goodPassword)
		need(t, err)
	}},
	{"a sign-in without a password migrates nobody", func(t *testing.T, start Start) {
		p := start(t)
		every(t, p, fake.UserMigration)
		_, err := beginSRP(p, "ann")
		wantError(t, err, "UserNotFoundException", "User does not exist.")
		wantSources(t, p)
	}},
}
