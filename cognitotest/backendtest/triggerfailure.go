package backendtest

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

const sessionIsSpent = "Invalid session for the user, session can only be used once."

// triggerFailures is what stays of an operation whose function failed. Pre sign-up, post confirmation and
// custom message have theirs beside what else they do.
var triggerFailures = []Behaviour{
	{"a failure after a new password leaves the password changed, and the session spent", func(t *testing.T, start Start) {
		for source, name := range map[fake.TriggerSource]string{
			fake.PostAuthentication: "PostAuthentication", fake.PreTokenGeneration: "PreTokenGeneration", fake.PreTokenGenerationV2: "PreTokenGeneration",
		} {
			p := start(t)
			u := p.NewUser(t, cognitotest.TemporaryPassword())
			first := challenged(t, p, u)
			onTrigger(t, p, source, refusing("no"))
			_, err := respond(p, first.Session, u.Username, newPassword)
			wantError(t, err, "UserLambdaValidationException", name+" failed with error no.")
			wantStatus(t, p, u.Username, types.UserStatusTypeConfirmed)
			onTrigger(t, p, source, replying())
			_, err = respond(p, first.Session, u.Username, newPassword)
			wantError(t, err, "NotAuthorizedException", sessionIsSpent)
			need(t, fail(signIn(p, u.Username, newPassword)))
		}
	}},
	{"a failure of pre authentication sends no code for the sign-in", func(t *testing.T, start Start) {
		p := mfaPool(t, start, types.UserPoolMfaTypeOptional, smsMFA)
		u := p.NewUser(t, cognitotest.Phone("+12065550134"))
		prefer(t, p, u, true, smsMFA)
		onTrigger(t, p, fake.PreAuthentication, refusing("no"))
		wantCode(t, fail(signIn(p, u.Username, u.Password)), "UserLambdaValidationException")
		if sent := inbox(t, p, u.Username); len(sent) != 0 {
			t.Errorf("sent: %+v, want nothing", sent)
		}
	}},
	{"a failure at the end of a sign-in leaves earlier sign-ins as they are", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		tokens := u.Tokens(t)
		onTrigger(t, p, fake.PostAuthentication, refusing("no"))
		wantCode(t, fail(signIn(p, u.Username, u.Password)), "UserLambdaValidationException")
		need(t, getUser(p, tokens.AccessToken))
		need(t, fail(refresh(p, tokens.RefreshToken)))
	}},
	{"a failure of pre token generation leaves a refresh token as good as it was, rotated or not", func(t *testing.T, start Start) {
		p := start(t)
		tokens := p.NewUser(t).Tokens(t)
		onTrigger(t, p, fake.PreTokenGeneration, refusing("no"))
		wantError(t, fail(refresh(p, tokens.RefreshToken)), "UserLambdaValidationException", "PreTokenGeneration failed with error no.")
		wantCode(t, fail(exchange(p, tokens.RefreshToken)), "UserLambdaValidationException")
		onTrigger(t, p, fake.PreTokenGeneration, replying())
		need(t, fail(refresh(p, tokens.RefreshToken)))
		need(t, fail(exchange(p, tokens.RefreshToken)))

		p = start(t, rotating(0))
		first := p.NewUser(t).Tokens(t).RefreshToken
		onTrigger(t, p, fake.PreTokenGeneration, refusing("no"))
		wantError(t, fail(exchange(p, first)), "UserLambdaValidationException", "PreTokenGeneration failed with error no.")
		onTrigger(t, p, fake.PreTokenGeneration, replying())
		need(t, fail(exchange(p, first)))
		called := len(needFake(t, p, local).Invocations())
		wantCode(t, fail(exchange(p, first)), "RefreshTokenReuseException")
		if got := len(needFake(t, p, local).Invocations()); got != called {
			t.Error("a function was asked about a refresh token that is used up")
		}
	}},
	{"a failure of user migration makes no user; one after it leaves the user in the pool", func(t *testing.T, start Start) {
		p := startFake(t, start, unproven, cognitotest.WithPool(mailing(autoEmail)))
		onTrigger(t, p, fake.UserMigration, refusing("no"))
		wantError(t, forgotten(p, "ann"), "UserLambdaValidationException", "UserMigration failed with error no.")
		wantNobody(t, p, "ann")
		onTrigger(t, p, fake.UserMigration, legacy("ann", "x", "finalUserStatus", "CONFIRMED"))
		onTrigger(t, p, fake.CustomMessage, refusing("no words"))
		wantError(t, forgotten(p, "ann"), "UserLambdaValidationException", "CustomMessage failed with error no words.")
		wantStatus(t, p, "ann", types.UserStatusTypeConfirmed)

		onTrigger(t, p, fake.UserMigration, legacy("bob", "x", "finalUserStatus", "CONFIRMED"))
		onTrigger(t, p, fake.PreAuthentication, refusing("no"))
		wantError(t, fail(signIn(p, "bob", "x")), "UserLambdaValidationException", "PreAuthentication failed with error no.")
		wantStatus(t, p, "bob", types.UserStatusTypeConfirmed)
	}},
	{"a failure of the functions of a custom sign-in spends the session, and the sign-in can begin again", func(t *testing.T, start Start) {
		for _, source := range []fake.TriggerSource{fake.DefineAuthChallenge, fake.CreateAuthChallenge, fake.VerifyAuthChallengeResponse} {
			p := start(t)
			riddles(t, p)
			u := p.NewUser(t)
			out, err := beginCustom(p, u.Username)
			need(t, err)
			onTrigger(t, p, source, refusing("no"))
			_, err = reply(p, customChallenge, out.Session, u.Username, "ANSWER", "one")
			wantCode(t, err, "UserLambdaValidationException")
			riddles(t, p)
			_, err = reply(p, customChallenge, out.Session, u.Username, "ANSWER", "one")
			wantError(t, err, "NotAuthorizedException", sessionIsSpent)
			need(t, fail(beginCustom(p, u.Username)))
		}
	}},
	{"a custom sign-in needs a function for each of its steps", func(t *testing.T, start Start) {
		p := start(t)
		const missing = "Custom auth lambda trigger is not configured for the user pool."
		u := p.NewUser(t)
		_, err := beginCustom(p, u.Username)
		wantError(t, err, "InvalidParameterException", missing)
		onTrigger(t, p, fake.DefineAuthChallenge, replying("challengeName", "CUSTOM_CHALLENGE"))
		_, err = beginCustom(p, u.Username)
		wantCode(t, err, "InvalidParameterException")
		onTrigger(t, p, fake.CreateAuthChallenge, replying())
		out, err := beginCustom(p, u.Username)
		need(t, err)
		_, err = reply(p, customChallenge, out.Session, u.Username, "ANSWER", "one")
		wantCode(t, err, "InvalidParameterException")
	}},
	{"what post authentication changes of the user shows at the next sign-in", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		onTrigger(t, p, fake.PostAuthentication, func(e event) (event, error) { return e, update(p, u.Username, "nickname", "Annie") })
		wantSome(t, "ID", mint(t, u).id, fields{"nickname": absent})
		wantSome(t, "ID", mint(t, u).id, fields{"nickname": "Annie"})
	}},
	{"post authentication learns whether the device is new", func(t *testing.T, start Start) {
		var post event
		for _, row := range []struct {
			why  string
			opts []cognitotest.Option
			want bool
		}{
			{"the pool tracks devices, and this is one that it does not know", []cognitotest.Option{always()}, true},
			{"the pool tracks none", nil, false},
		} {
			p := start(t, row.opts...)
			onTrigger(t, p, fake.PostAuthentication, remembering(&post))
			u := p.NewUser(t)
			need(t, fail(signIn(p, u.Username, u.Password)))
			if got := post.part("request")["newDeviceUsed"]; got != row.want {
				t.Errorf("%s: newDeviceUsed = %v, want %v", row.why, got, row.want)
			}
		}
		p := start(t, always())
		d := p.NewUser(t).RememberDevice(t)
		onTrigger(t, p, fake.PostAuthentication, remembering(&post))
		d.SignIn(t)
		if got := post.part("request")["newDeviceUsed"]; got != false {
			t.Errorf("a remembered device: newDeviceUsed = %v, want false", got)
		}
	}},
}

// metadataCalls are the operations that give ClientMetadata to the function of a trigger, besides those of
// sign-in. Each is called for ann, who has an address and is confirmed where the row says so.
var metadataCalls = []struct {
	why       string
	source    fake.TriggerSource
	confirmed bool
	call      func(p *cognitotest.Provider, u *cognitotest.User, metadata map[string]string) error
}{
	{"AdminConfirmSignUp", fake.PostConfirmation, false, func(p *cognitotest.Provider, u *cognitotest.User, m map[string]string) error {
		return fail(p.Client().AdminConfirmSignUp(ctx, &cip.AdminConfirmSignUpInput{UserPoolId: &p.PoolID, Username: &u.Username, ClientMetadata: m}))
	}},
	{"ResendConfirmationCode", fake.CustomMessage, false, func(p *cognitotest.Provider, u *cognitotest.User, m map[string]string) error {
		return fail(p.Client().ResendConfirmationCode(ctx, &cip.ResendConfirmationCodeInput{ClientId: &p.ClientID, Username: &u.Username, ClientMetadata: m}))
	}},
	{"ForgotPassword", fake.CustomMessage, true, func(p *cognitotest.Provider, u *cognitotest.User, m map[string]string) error {
		return fail(p.Client().ForgotPassword(ctx, &cip.ForgotPasswordInput{ClientId: &p.ClientID, Username: &u.Username, ClientMetadata: m}))
	}},
	{"AdminResetUserPassword", fake.CustomMessage, true, func(p *cognitotest.Provider, u *cognitotest.User, m map[string]string) error {
		return fail(p.Client().AdminResetUserPassword(ctx, &cip.AdminResetUserPasswordInput{UserPoolId: &p.PoolID, Username: &u.Username, ClientMetadata: m}))
	}},
	{"AdminUpdateUserAttributes", fake.CustomMessage, true, func(p *cognitotest.Provider, u *cognitotest.User, m map[string]string) error {
		return fail(p.Client().AdminUpdateUserAttributes(ctx, &cip.AdminUpdateUserAttributesInput{
			UserPoolId: &p.PoolID, Username: &u.Username, UserAttributes: pairs("email", "b@example.com"), ClientMetadata: m,
		}))
	}},
	{"AdminCreateUser", fake.CustomMessage, true, func(p *cognitotest.Provider, _ *cognitotest.User, m map[string]string) error {
		return fail(create(p, "bob", with("email", "bob@example.com"), invited(types.DeliveryMediumTypeEmail),
			func(in *cip.AdminCreateUserInput) { in.ClientMetadata = m }))
	}},
}

var triggerMetadata = []Behaviour{
	{"functions get the metadata of the operation that calls them", func(t *testing.T, start Start) {
		for _, row := range metadataCalls {
			part(t, row.why, func(t *testing.T) {
				p := startFake(t, start, unproven, cognitotest.WithPool(mailing(autoEmail)))
				opts := []cognitotest.UserOption{cognitotest.Email("a@example.com")}
				if !row.confirmed {
					opts = append(opts, cognitotest.Unconfirmed())
				}
				u := p.NewUser(t, opts...)
				var last event
				onTrigger(t, p, row.source, remembering(&last))
				need(t, row.call(p, u, map[string]string{"from": "here"}))
				wantSame(t, "clientMetadata", last.part("request")["clientMetadata"], map[string]any{"from": "here"})
				need(t, fail(p.Client().AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: &p.PoolID, Username: &u.Username})))
			})
		}
	}},
	{"an exchange of a refresh token gives its metadata to pre token generation", func(t *testing.T, start Start) {
		p := start(t)
		tokens := p.NewUser(t).Tokens(t)
		var last event
		onTrigger(t, p, fake.PreTokenGeneration, remembering(&last))
		need(t, fail(p.Client().GetTokensFromRefreshToken(ctx, &cip.GetTokensFromRefreshTokenInput{
			ClientId: &p.ClientID, RefreshToken: &tokens.RefreshToken, ClientMetadata: map[string]string{"from": "here"},
		})))
		wantSame(t, "clientMetadata", last.part("request")["clientMetadata"], map[string]any{"from": "here"})
	}},
	{"an administrator's answer to a challenge gives its metadata to the functions that follow", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.TemporaryPassword())
		first := challenged(t, p, u)
		var last event
		onTrigger(t, p, fake.PostAuthentication, remembering(&last))
		need(t, fail(p.Client().AdminRespondToAuthChallenge(ctx, &cip.AdminRespondToAuthChallengeInput{
			UserPoolId: &p.PoolID, ClientId: &p.ClientID, ChallengeName: first.ChallengeName, Session: first.Session,
			ClientMetadata:     map[string]string{"from": "here"},
			ChallengeResponses: map[string]string{"USERNAME": u.Username, "NEW_PASSWORD": newPassword},
		})))
		wantSame(t, "clientMetadata", last.part("request")["clientMetadata"], map[string]any{"from": "here"})
		if got := aws.ToString(given(last.part("callerContext")["clientId"].(string))); got != p.ClientID {
			t.Errorf("clientId = %s, want the client's", got)
		}
	}},
}
