package backendtest

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

// watchedWays is a pool with threat protection that lets its users sign in in every way.
func watchedWays(t *testing.T, start Start) *cognitotest.Provider {
	t.Helper()
	in := beside(types.AuthFactorTypeEmailOtp)
	in.UserPoolTier = types.UserPoolTierTypePlus
	in.UserPoolAddOns = &types.UserPoolAddOnsType{AdvancedSecurityMode: types.AdvancedSecurityModeTypeEnforced}
	in.DeviceConfiguration = &types.DeviceConfigurationType{ChallengeRequiredOnNewDevice: true}
	p := start(t, cognitotest.WithPool(in), withPasskeys(), flows(
		types.ExplicitAuthFlowsTypeAllowAdminUserPasswordAuth, types.ExplicitAuthFlowsTypeAllowUserPasswordAuth,
		types.ExplicitAuthFlowsTypeAllowUserSrpAuth, types.ExplicitAuthFlowsTypeAllowUserAuth, types.ExplicitAuthFlowsTypeAllowCustomAuth,
		types.ExplicitAuthFlowsTypeAllowRefreshTokenAuth,
	))
	riddles(t, p)
	return p
}

// watchedWay is a way to sign in, and the challenges that a history tells of it.
type watchedWay struct {
	name   string
	told   string
	signIn func(*testing.T, *cognitotest.Provider, *cognitotest.User) cognitotest.Tokens
}

var waysToSignIn = []watchedWay{
	{"a password", " Password:Success", func(t *testing.T, _ *cognitotest.Provider, u *cognitotest.User) cognitotest.Tokens {
		return u.Tokens(t)
	}},
	{"SRP", " Password:Success", func(t *testing.T, _ *cognitotest.Provider, u *cognitotest.User) cognitotest.Tokens {
		return u.SignInSRP(t)
	}},
	{"a passkey", "", func(t *testing.T, _ *cognitotest.Provider, u *cognitotest.User) cognitotest.Tokens {
		u.RegisterPasskey(t)
		return u.SignInPasskey(t)
	}},
	{"a remembered device", " Password:Success", func(t *testing.T, _ *cognitotest.Provider, u *cognitotest.User) cognitotest.Tokens {
		return u.RememberDevice(t).SignIn(t)
	}},
	{"a choice of the password", " Password:Success", func(t *testing.T, p *cognitotest.Provider, u *cognitotest.User) cognitotest.Tokens {
		first := preferring(t, p, u.Username, "", selectFirst)
		last, err := reply(p, selectFirst, first.Session, u.Username, "ANSWER", "PASSWORD", "PASSWORD", u.Password)
		wantTokens(t, last, err)
		return tokensOf(last)
	}},
	{"a code in an e-mail", " Mfa:Success", func(t *testing.T, p *cognitotest.Provider, u *cognitotest.User) cognitotest.Tokens {
		first := preferring(t, p, u.Username, emailOTP, emailOTP)
		last, err := reply(p, emailOTP, first.Session, u.Username, "EMAIL_OTP_CODE", lastCode(t, p, u.Username))
		wantTokens(t, last, err)
		return tokensOf(last)
	}},
	{"functions of custom authentication", "", func(t *testing.T, p *cognitotest.Provider, u *cognitotest.User) cognitotest.Tokens {
		first, err := beginCustom(p, u.Username)
		need(t, err)
		next, err := reply(p, customChallenge, first.Session, u.Username, "ANSWER", "one")
		need(t, err)
		last, err := reply(p, customChallenge, next.Session, u.Username, "ANSWER", "two")
		wantTokens(t, last, err)
		return tokensOf(last)
	}},
}

func tokensOf(out *cip.RespondToAuthChallengeOutput) cognitotest.Tokens {
	return cognitotest.Tokens{AccessToken: *out.AuthenticationResult.AccessToken, IDToken: *out.AuthenticationResult.IdToken}
}

// wantEventOf wants the newest event of a user to be the sign-in that tokens are of, and no other to be of it.
func wantEventOf(t *testing.T, p *cognitotest.Provider, u *cognitotest.User, tokens cognitotest.Tokens) types.AuthEventType {
	t.Helper()
	events := historyOf(t, p, u.Username)
	if len(events) == 0 {
		t.Fatal("no event")
	}
	for _, token := range []string{tokens.AccessToken, tokens.IDToken} {
		if got := claims(t, token)["event_id"]; got != *events[0].EventId {
			t.Errorf("event_id = %v, want %s", got, *events[0].EventId)
		}
	}
	same := func(e types.AuthEventType) bool { return *e.EventId == *events[0].EventId }
	if slices.ContainsFunc(events[1:], same) {
		t.Errorf("%d events, want one of the sign-in: %v", len(events), summaries(events))
	}
	return events[0]
}

var signInEvents = []Behaviour{
	{"whatever way a sign-in goes, it is one event, whose id both tokens have", func(t *testing.T, start Start) {
		for _, way := range waysToSignIn {
			p := watchedWays(t, start)
			u := p.NewUser(t, cognitotest.Email("jane@example.com"))
			last := wantEventOf(t, p, u, way.signIn(t, p, u))
			if got, want := summaries([]types.AuthEventType{last})[0], "SignIn Pass"+way.told; got != want {
				t.Errorf("%s: %q, want %q", way.name, got, want)
			}
		}
	}},
	{"the sign-in that migrates a user is the first event of the user", func(t *testing.T, start Start) {
		p := watchedWays(t, start)
		onTrigger(t, p, fake.UserMigration, legacy("ann", "x", "finalUserStatus", "CONFIRMED", "messageAction", "SUPPRESS"))
		out, err := signIn(p, "ann", "x")
		need(t, err)
		ann := p.User(t, "ann")
		wantHistory(t, p, "ann", "SignIn Pass Password:Success")
		wantEventOf(t, p, ann, cognitotest.Tokens{AccessToken: *out.AuthenticationResult.AccessToken, IDToken: *out.AuthenticationResult.IdToken})
	}},
	{"sign-ins of a user at once are an event each", func(t *testing.T, start Start) {
		p := start(t, watched())
		u := p.NewUser(t)
		answers, errs := make([]*cip.InitiateAuthOutput, 8), make([]error, 8)
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() { answers[i], errs[i] = signIn(p, u.Username, u.Password) })
		}
		all.Wait()
		need(t, errors.Join(errs...))
		var ids, got []string
		for _, out := range answers {
			ids = append(ids, claims(t, *out.AuthenticationResult.AccessToken)["event_id"].(string))
		}
		for _, e := range historyOf(t, p, u.Username) {
			got = append(got, *e.EventId)
		}
		if diff := cmp.Diff(sorted(ids), sorted(got)); diff != "" {
			t.Errorf("events (-want, as the tokens have them +got):\n%s", diff)
		}
	}},
	{"what a function refuses is an event that has failed", func(t *testing.T, start Start) {
		for _, source := range []fake.TriggerSource{fake.PreAuthentication, fake.PostAuthentication, fake.PreTokenGeneration} {
			p := start(t, watched())
			u := p.NewUser(t)
			onTrigger(t, p, source, refusing("no"))
			_, err := signIn(p, u.Username, u.Password)
			wantCode(t, err, "UserLambdaValidationException")
			wantHistory(t, p, u.Username, "SignIn Fail Password:Failure")
		}
	}},
	{"who goes on with somebody else's name leaves no event with them", func(t *testing.T, start Start) {
		p := start(t, watched(), withTOTP("OPTIONAL"))
		ann, bob := p.NewUser(t, cognitotest.TOTP()), p.NewUser(t)
		session := asked(t, p, ann, totpMFA).Session
		_, err := reply(p, totpMFA, session, bob.Username, "SOFTWARE_TOKEN_MFA_CODE", ann.TOTPCode(t))
		wantCode(t, err, "NotAuthorizedException")
		wantHistory(t, p, bob.Username)
		wantHistory(t, p, ann.Username, setUp, "SignIn Fail Password:Success Mfa:Failure")
	}},
	{"the event of a sign-in stays when the pool keeps no history any more, and ends no more", func(t *testing.T, start Start) {
		p := start(t, watched())
		u := p.NewUser(t)
		u.Tokens(t)
		update := func(mode types.AdvancedSecurityModeType) {
			need(t, fail(p.Client().UpdateUserPool(ctx, &cip.UpdateUserPoolInput{
				UserPoolId: aws.String(p.PoolID), UserPoolTier: types.UserPoolTierTypePlus, UserPoolAddOns: &types.UserPoolAddOnsType{AdvancedSecurityMode: mode},
			})))
		}
		update(types.AdvancedSecurityModeTypeOff)
		u.Tokens(t)
		update(types.AdvancedSecurityModeTypeAudit)
		wantHistory(t, p, u.Username, "SignIn Pass Password:Success")
	}},
}
