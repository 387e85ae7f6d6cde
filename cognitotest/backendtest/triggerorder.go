package backendtest

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/cognitotest/internal/srpclient"
	"github.com/cognitotest/cognito/fake"
)

// The sources of a sign-in, in their order.
const (
	preAuth  = "PreAuthentication_Authentication"
	postAuth = "PostAuthentication_Authentication"
	newToken = "TokenGeneration_Authentication"
)

// signInTriggersOf makes a pool call a function that changes nothing before and after each sign-in.
func signInTriggersOf(t *testing.T, p *cognitotest.Provider) {
	t.Helper()
	every(t, p, fake.PreAuthentication, fake.PostAuthentication, fake.PreTokenGeneration)
}

var triggerOrders = []Behaviour{
	{"the code of a sign-in comes after pre authentication, and the rest after the code", func(t *testing.T, start Start) {
		p := mfaPool(t, start, types.UserPoolMfaTypeOptional, smsMFA)
		u := p.NewUser(t, cognitotest.Phone("+12065550134"))
		prefer(t, p, u, true, smsMFA)
		signInTriggersOf(t, p)
		every(t, p, fake.CustomMessage, fake.CustomSMSSender)
		out := asked(t, p, u, smsMFA)
		asking := []string{preAuth, "CustomMessage_Authentication", "CustomSMSSender_Authentication"}
		wantSources(t, p, asking...)
		_, err := reply(p, smsMFA, out.Session, u.Username, "SMS_MFA_CODE", wrong(lastCode(t, p, u.Username)))
		wantCode(t, err, "CodeMismatchException")
		wantSources(t, p, asking...)
		last, err := reply(p, smsMFA, out.Session, u.Username, "SMS_MFA_CODE", lastCode(t, p, u.Username))
		wantTokens(t, last, err)
		wantSources(t, p, append(asking, postAuth, newToken)...)
	}},
	{"a custom sign-in is between pre and post authentication, and so is the proof of the password", func(t *testing.T, start Start) {
		p := start(t)
		riddles(t, p)
		signInTriggersOf(t, p)
		u := p.NewUser(t)
		client := srpclient.New(p.PoolID)
		out, err := beginCustom(p, u.Username, "CHALLENGE_NAME", "SRP_A", "SRP_A", client.Public())
		need(t, err)
		proof, err := client.Answer(out.ChallengeParameters, u.Password, now(p))
		need(t, err)
		next, err := reply(p, verifier, out.Session, u.Username, pairsOf(proof)...)
		need(t, err)
		next, err = reply(p, customChallenge, next.Session, u.Username, "ANSWER", "one")
		need(t, err)
		last, err := reply(p, customChallenge, next.Session, u.Username, "ANSWER", "two")
		wantTokens(t, last, err)
		const define, create, verify = "DefineAuthChallenge_Authentication", "CreateAuthChallenge_Authentication", "VerifyAuthChallengeResponse_Authentication"
		wantSources(t, p, preAuth, define, define, create, verify, define, create, verify, define, postAuth, newToken)
	}},
	{"a choice-based sign-in asks pre authentication once, before the choice", func(t *testing.T, start Start) {
		p := start(t, choosing)
		signInTriggersOf(t, p)
		u := p.NewUser(t)
		out, err := choose(p, u.Username)
		need(t, err)
		wantSources(t, p, preAuth)
		last, err := reply(p, types.ChallengeNameTypeSelectChallenge, out.Session, u.Username, "ANSWER", "PASSWORD", "PASSWORD", u.Password)
		wantTokens(t, last, err)
		wantSources(t, p, preAuth, postAuth, newToken)
	}},
	{"the session of a sign-up leads past pre authentication, which can refuse it and spends nothing", func(t *testing.T, start Start) {
		p := start(t, choosing, cognitotest.WithPool(autoVerifying(autoEmail)))
		session := confirmed(t, p, "ann")
		onTrigger(t, p, fake.PreAuthentication, refusing("not from here"))
		wantError(t, fail(resume(p, "ann", session)), "UserLambdaValidationException", "PreAuthentication failed with error not from here.")
		signInTriggersOf(t, p)
		need(t, fail(resume(p, "ann", session)))
		wantSources(t, p, preAuth, preAuth, postAuth, newToken)
	}},
	{"a forgotten password asks user migration, custom message and the sender, in this order", func(t *testing.T, start Start) {
		p := startFake(t, start, unproven, cognitotest.WithPool(mailing(autoEmail)))
		onTrigger(t, p, fake.UserMigration, legacy("ann", "x", "finalUserStatus", "CONFIRMED"))
		every(t, p, fake.CustomMessage, fake.CustomEmailSender, fake.PostConfirmation)
		need(t, forgotten(p, "ann"))
		first := []string{"UserMigration_ForgotPassword", "CustomMessage_ForgotPassword", "CustomEmailSender_ForgotPassword"}
		wantSources(t, p, first...)
		need(t, confirmForgot(p, "ann", lastCode(t, p, "ann"), newPassword))
		need(t, forgotten(p, "ann"))
		wantSources(t, p, append(first, "PostConfirmation_ConfirmForgotPassword", first[1], first[2])...)
	}},
	{"refused requests call no function", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithClientSecret())
		u := p.NewUser(t)
		signInTriggersOf(t, p)
		every(t, p, fake.UserMigration, fake.DefineAuthChallenge)
		password := map[string]string{"USERNAME": u.Username, "PASSWORD": u.Password}
		wantCode(t, fail(initiate(p, types.AuthFlowTypeUserPasswordAuth, "wrong", password)), "NotAuthorizedException")
		password["USERNAME"] = "nobody"
		wantCode(t, fail(initiate(p, types.AuthFlowTypeUserPasswordAuth, "wrong", password)), "NotAuthorizedException")
		wantCode(t, fail(initiate(p, types.AuthFlowTypeCustomAuth, "", nil)), "InvalidParameterException")
		wantCode(t, fail(refresh(p, "no token")), "NotAuthorizedException")
		wantSources(t, p)
	}},
}

// migrated signs ann in, who comes from another directory with an address and a number that are verified.
func migrated(t *testing.T, p *cognitotest.Provider, namesAndValues ...any) (*cip.InitiateAuthOutput, error) {
	t.Helper()
	onTrigger(t, p, fake.UserMigration, func(e event) (event, error) {
		e.part("response")["userAttributes"] = map[string]any{
			"email": "shared@example.com", "email_verified": "true", "phone_number": "+12065550134", "phone_number_verified": "true",
		}
		return replying(append(namesAndValues, "messageAction", "SUPPRESS", "desiredDeliveryMediums", []string{"EMAIL"})...)(e)
	})
	return signIn(p, "ann", goodPassword)
}

var migrationAnswers = []Behaviour{
	{"a migrated user takes an alias from another user where the function says so, and is refused else", func(t *testing.T, start Start) {
		for _, move := range []any{true, false, nil} {
			p := start(t, aliases(types.AliasAttributeTypeEmail))
			need(t, fail(create(p, "bob", with("email", "shared@example.com", "email_verified", "true"))))
			err := fail(migrated(t, p, "finalUserStatus", "CONFIRMED", "forceAliasCreation", move))
			if move != true {
				if err == nil { // nobody has shown which
					t.Errorf("forceAliasCreation %v: no error", move)
				}
				wantNobody(t, p, "ann")
				continue
			}
			need(t, err)
			wantAttributes(t, p, "bob", "email", "shared@example.com", "email_verified", "false")
			if got := aws.ToString(look(t, p, "shared@example.com").Username); got != "ann" {
				t.Errorf("the alias names %s, want ann", got)
			}
		}
	}},
	{"a migrated user has a second factor by SMS where the function says so", func(t *testing.T, start Start) {
		for _, enable := range []any{true, false, nil} {
			p := mfaPool(t, start, types.UserPoolMfaTypeOptional, smsMFA)
			out, err := migrated(t, p, "finalUserStatus", "CONFIRMED", "enableSMSMFA", enable)
			need(t, err)
			if got := out.ChallengeName == smsMFA; got != (enable == true) {
				t.Errorf("enableSMSMFA %v: challenge = %q", enable, out.ChallengeName)
			}
		}
	}},
	{"a migrated user whose final status is RESET_REQUIRED has to reset the password", func(t *testing.T, start Start) {
		p := start(t)
		wantError(t, fail(migrated(t, p, "finalUserStatus", "RESET_REQUIRED")), "PasswordResetRequiredException", "Password reset required for the user")
		wantStatus(t, p, "ann", types.UserStatusTypeResetRequired)
	}},
	{"a migrated user gets no message of welcome", func(t *testing.T, start Start) {
		p := start(t)
		need(t, fail(migrated(t, p, "finalUserStatus", "CONFIRMED")))
		if sent := inbox(t, p, "ann"); len(sent) != 0 {
			t.Errorf("sent: %+v, want nothing", sent)
		}
	}},
	{"a migrated user's name in a pool of addresses is the address that was typed", func(t *testing.T, start Start) {
		p := start(t, usernames(types.UsernameAttributeTypeEmail))
		onTrigger(t, p, fake.UserMigration, func(e event) (event, error) {
			e.part("response")["userAttributes"] = map[string]any{"username": "ignored", "email": "ann@example.com", "email_verified": "true"}
			return replying("finalUserStatus", "CONFIRMED")(e)
		})
		need(t, fail(signIn(p, "ann@example.com", goodPassword)))
		need(t, fail(signIn(p, "ann@example.com", goodPassword)))
		wantSources(t, p, "UserMigration_Authentication")
		need(t, fail(p.Client().AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: &p.PoolID, Username: aws.String("ann@example.com")})))
	}},
}

var preSignUpAliases = []Behaviour{
	{"who is confirmed by pre sign-up with somebody's address, and not vouched for, has no alias", func(t *testing.T, start Start) {
		p := start(t, aliases(types.AliasAttributeTypeEmail))
		need(t, fail(create(p, "ann", with("email", "shared@example.com", "email_verified", "true"))))
		onTrigger(t, p, fake.PreSignUp, replying("autoConfirmUser", true))
		need(t, fail(signUp(p, "bob", "email", "shared@example.com")))
		wantStatus(t, p, "bob", types.UserStatusTypeConfirmed)
		wantAttributes(t, p, "ann", "email", "shared@example.com", "email_verified", "true")
		if got := aws.ToString(look(t, p, "shared@example.com").Username); got != "ann" {
			t.Errorf("the alias names %s, want ann", got)
		}
	}},
	{"what pre sign-up answers beyond its three flags is ignored, and so are flags in another case", func(t *testing.T, start Start) {
		p := start(t)
		onTrigger(t, p, fake.PreSignUp, replying("AutoConfirmUser", true, "autoconfirmuser", true, "userAttributes", map[string]string{"nickname": "x"}))
		need(t, fail(signUp(p, "ann")))
		wantStatus(t, p, "ann", types.UserStatusTypeUnconfirmed)
		wantAttributes(t, p, "ann")
	}},
	{"an administrator's user is made whatever pre sign-up answers about missing addresses", func(t *testing.T, start Start) {
		p := start(t)
		onTrigger(t, p, fake.PreSignUp, replying("autoConfirmUser", true, "autoVerifyEmail", true, "autoVerifyPhone", true))
		need(t, fail(create(p, "ann")))
		wantStatus(t, p, "ann", types.UserStatusTypeForceChangePassword)
	}},
	{"the name of a sign-up by address is a generated one in the event, and the user's", func(t *testing.T, start Start) {
		p := start(t, usernames(types.UsernameAttributeTypeEmail))
		var last event
		onTrigger(t, p, fake.PreSignUp, remembering(&last))
		out, err := signUp(p, "ann@example.com")
		need(t, err)
		if last["userName"] != *out.UserSub || last.attribute("email") != "ann@example.com" || last.attribute("sub") != "" {
			t.Errorf("event of %v with %v, want it of %s, with the address and without sub", last["userName"], last.part("request"), *out.UserSub)
		}
	}},
}
