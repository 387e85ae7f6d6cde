package backendtest

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/cognitotest/internal/srpclient"
)

// The challenges of choice-based sign-in.
const (
	selectFirst = types.ChallengeNameTypeSelectChallenge
	password    = types.ChallengeNameTypePassword
	passwordSRP = types.ChallengeNameTypePasswordSrp
	emailOTP    = types.ChallengeNameTypeEmailOtp
	smsOTP      = types.ChallengeNameTypeSmsOtp
	passkey     = types.ChallengeNameTypeWebAuthn
	verifier    = types.ChallengeNameTypePasswordVerifier
)

// beside is the settings of a pool that allows these first factors besides passwords.
func beside(factors ...types.AuthFactorType) cip.CreateUserPoolInput {
	return cip.CreateUserPoolInput{Policies: firstFactors(append(factors, types.AuthFactorTypePassword)...)}
}

// choosing is an app client with choice-based sign-in alone.
var choosing = flows(types.ExplicitAuthFlowsTypeAllowUserAuth, types.ExplicitAuthFlowsTypeAllowRefreshTokenAuth)

// choose begins a choice-based sign-in. Pairs of names and values are further parameters.
func choose(p *cognitotest.Provider, username string, namesAndValues ...string) (*cip.InitiateAuthOutput, error) {
	params := map[string]string{"USERNAME": username}
	for i := 0; i < len(namesAndValues); i += 2 {
		params[namesAndValues[i]] = namesAndValues[i+1]
	}
	return initiate(p, types.AuthFlowTypeUserAuth, p.SecretHash(username), params)
}

// preferring is a choice-based sign-in that must come to a challenge.
func preferring(t *testing.T, p *cognitotest.Provider, username string, preferred, want types.ChallengeNameType) *cip.InitiateAuthOutput {
	t.Helper()
	out, err := choose(p, username, "PREFERRED_CHALLENGE", string(preferred))
	need(t, err)
	if out.ChallengeName != want || out.Session == nil {
		t.Fatalf("challenge %q with session %v, want %s with one", out.ChallengeName, out.Session, want)
	}
	return out
}

// wantAvailable compares AvailableChallenges, whose order the service leaves open.
func wantAvailable(t *testing.T, got []types.ChallengeNameType, want ...types.ChallengeNameType) {
	t.Helper()
	if diff := cmp.Diff(sorted(want), sorted(got)); diff != "" {
		t.Errorf("AvailableChallenges (-want +got):\n%s", diff)
	}
}

var choices = []Behaviour{
	{"a choice-based sign-in without a preference asks which first factor it shall be", func(t *testing.T, start Start) {
		p := start(t, choosing)
		out, err := choose(p, p.NewUser(t).Username)
		need(t, err)
		if out.ChallengeName != selectFirst || aws.ToString(out.Session) == "" || len(out.ChallengeParameters) != 0 {
			t.Errorf("answer = %+v, want SELECT_CHALLENGE with a session and no parameters", out)
		}
		wantAvailable(t, out.AvailableChallenges, password, passwordSRP)
	}},
	{"the first factors to choose from depend on the pool and on the user", func(t *testing.T, start Start) {
		p := start(t, choosing, cognitotest.WithPool(beside(types.AuthFactorTypeEmailOtp)))
		for _, row := range []struct {
			why  string
			user []cognitotest.UserOption
			want []types.ChallengeNameType
		}{
			{"no address", nil, []types.ChallengeNameType{password, passwordSRP}},
			{"an address", []cognitotest.UserOption{cognitotest.Email("ann@example.com")}, []types.ChallengeNameType{password, passwordSRP, emailOTP}},
			{"a number, which the pool does not use", []cognitotest.UserOption{cognitotest.Phone("+12065550134")}, []types.ChallengeNameType{password, passwordSRP}},
			{"a temporary password", []cognitotest.UserOption{cognitotest.Email("bob@example.com"), cognitotest.TemporaryPassword()},
				[]types.ChallengeNameType{passwordSRP, password}},
		} {
			part(t, row.why, func(t *testing.T) {
				out, err := choose(p, p.NewUser(t, row.user...).Username)
				need(t, err)
				wantAvailable(t, out.AvailableChallenges, row.want...)
			})
		}
	}},
	{"a preferred factor that the user does not have leads to the choice, not to an error", func(t *testing.T, start Start) {
		p := start(t, choosing, cognitotest.WithPool(beside(types.AuthFactorTypeEmailOtp, types.AuthFactorTypeWebAuthn)))
		u := p.NewUser(t)
		for _, preferred := range []types.ChallengeNameType{emailOTP, smsOTP, passkey} {
			out := preferring(t, p, u.Username, preferred, selectFirst)
			wantAvailable(t, out.AvailableChallenges, password, passwordSRP)
		}
	}},
	{"a user with a temporary password who prefers a one-time password has to choose a password", func(t *testing.T, start Start) {
		p := start(t, choosing, cognitotest.WithPool(beside(types.AuthFactorTypeEmailOtp)))
		u := p.NewUser(t, cognitotest.TemporaryPassword(), cognitotest.Email("ann@example.com"))
		out := preferring(t, p, u.Username, emailOTP, selectFirst)
		if diff := cmp.Diff([]types.ChallengeNameType{passwordSRP, password}, out.AvailableChallenges); diff != "" {
			t.Errorf("AvailableChallenges (-want +got):\n%s", diff)
		}
	}},
	{"an administrator begins a choice-based sign-in too", func(t *testing.T, start Start) {
		p := start(t, choosing, cognitotest.WithClientSecret())
		u := p.NewUser(t)
		out, err := adminInitiate(p, types.AuthFlowTypeUserAuth, p.SecretHash(u.Username), map[string]string{"USERNAME": u.Username})
		need(t, err)
		wantAvailable(t, out.AvailableChallenges, password, passwordSRP)
		last, err := p.Client().AdminRespondToAuthChallenge(ctx, &cip.AdminRespondToAuthChallengeInput{
			UserPoolId: &p.PoolID, ClientId: &p.ClientID, ChallengeName: selectFirst, Session: out.Session,
			ChallengeResponses: hashed(map[string]string{"USERNAME": u.Username, "ANSWER": "PASSWORD", "PASSWORD": u.Password}, p.SecretHash(u.Username)),
		})
		need(t, err)
		if last.AuthenticationResult == nil {
			t.Errorf("answer = %+v, want tokens", last)
		}
	}},
	{"every tier has a choice-based sign-in by password", func(t *testing.T, start Start) {
		for _, tier := range []types.UserPoolTierType{types.UserPoolTierTypeLite, types.UserPoolTierTypeEssentials, types.UserPoolTierTypePlus} {
			p := start(t, choosing, cognitotest.WithPool(cip.CreateUserPoolInput{UserPoolTier: tier}))
			out := preferring(t, p, p.NewUser(t).Username, "", selectFirst)
			wantAvailable(t, out.AvailableChallenges, password, passwordSRP)
		}
	}},
	{"what is chosen must have been offered, and the session lives on", func(t *testing.T, start Start) {
		p := start(t, choosing)
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		session := preferring(t, p, u.Username, "", selectFirst).Session
		_, err := reply(p, selectFirst, session, u.Username)
		wantError(t, err, "InvalidParameterException", "Missing required parameter ANSWER")
		for _, answer := range []string{"EMAIL_OTP", "WEB_AUTHN", "SMS_MFA", "nonsense"} {
			_, err := reply(p, selectFirst, session, u.Username, "ANSWER", answer)
			wantCode(t, err, "InvalidParameterException")
		}
		out, err := reply(p, selectFirst, session, u.Username, "ANSWER", "PASSWORD", "PASSWORD", u.Password)
		wantTokens(t, out, err)
	}},
	{"the first factors of a user are told by name, with the settings of MFA", func(t *testing.T, start Start) {
		p := start(t, choosing, cognitotest.WithPool(beside(types.AuthFactorTypeEmailOtp)))
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		tokens, err := choose(p, u.Username, "PREFERRED_CHALLENGE", "PASSWORD", "PASSWORD", u.Password)
		need(t, err)
		got, err := p.Client().GetUserAuthFactors(ctx, &cip.GetUserAuthFactorsInput{AccessToken: tokens.AuthenticationResult.AccessToken})
		need(t, err)
		want := []types.AuthFactorType{types.AuthFactorTypeEmailOtp, types.AuthFactorTypePassword}
		if diff := cmp.Diff(want, sorted(got.ConfiguredUserAuthFactors)); diff != "" {
			t.Errorf("ConfiguredUserAuthFactors (-want +got):\n%s", diff)
		}
		if aws.ToString(got.Username) != u.Username || got.UserMFASettingList != nil || got.PreferredMfaSetting != nil {
			t.Errorf("answer = %+v, want the user and no settings of MFA", got)
		}
	}},
	{"the first factors of a user follow what is set later", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(beside(types.AuthFactorTypeEmailOtp)), withTOTP(types.UserPoolMfaTypeOptional))
		u := p.NewUser(t, cognitotest.TOTP())
		token := u.AccessToken(t)
		wantFirst := func(want ...types.AuthFactorType) {
			t.Helper()
			got, err := p.Client().GetUserAuthFactors(ctx, &cip.GetUserAuthFactorsInput{AccessToken: &token})
			need(t, err)
			if diff := cmp.Diff(sorted(want), sorted(got.ConfiguredUserAuthFactors)); diff != "" {
				t.Errorf("ConfiguredUserAuthFactors (-want +got):\n%s", diff)
			}
		}
		wantFirst(types.AuthFactorTypePassword)
		need(t, update(p, u.Username, "email", "ann@example.com"))
		wantFirst(types.AuthFactorTypePassword) // a second factor is due
		need(t, setPreference(p, u, software(false, false)))
		wantFirst(types.AuthFactorTypePassword, types.AuthFactorTypeEmailOtp)
		need(t, update(p, u.Username, "email", ""))
		wantFirst(types.AuthFactorTypePassword)
	}},
	{"the second factors of a user stand beside the first", func(t *testing.T, start Start) {
		p := start(t, withTOTP(types.UserPoolMfaTypeOptional))
		u := p.NewUser(t, cognitotest.TOTP())
		token := u.AccessToken(t)
		got, err := p.Client().GetUserAuthFactors(ctx, &cip.GetUserAuthFactorsInput{AccessToken: &token})
		need(t, err)
		if diff := cmp.Diff([]string{"SOFTWARE_TOKEN_MFA"}, got.UserMFASettingList); diff != "" {
			t.Errorf("UserMFASettingList (-want +got):\n%s", diff)
		}
	}},
}

var passwordChoices = []Behaviour{
	{"a preferred password that comes along signs in at once", func(t *testing.T, start Start) {
		p := start(t, choosing, cognitotest.WithClientSecret())
		u := p.NewUser(t)
		out, err := choose(p, u.Username, "PREFERRED_CHALLENGE", "PASSWORD", "PASSWORD", u.Password)
		need(t, err)
		if out.AuthenticationResult == nil || out.AvailableChallenges != nil {
			t.Errorf("answer = %+v, want tokens", out)
		}
		_, err = choose(p, u.Username, "PREFERRED_CHALLENGE", "PASSWORD", "PASSWORD", "Wrong-1234")
		wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
	}},
	{"a preferred password that does not come along is asked for", func(t *testing.T, start Start) {
		p := start(t, choosing)
		u := p.NewUser(t)
		out := preferring(t, p, u.Username, password, password)
		wantAvailable(t, out.AvailableChallenges, password)
		_, err := reply(p, password, out.Session, u.Username)
		wantError(t, err, "InvalidParameterException", "Missing required parameter PASSWORD")
		_, err = reply(p, password, out.Session, u.Username, "PASSWORD", "Wrong-1234")
		wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		last, err := reply(p, password, out.Session, u.Username, "PASSWORD", u.Password)
		wantTokens(t, last, err)
		_, err = reply(p, password, out.Session, u.Username, "PASSWORD", u.Password)
		wantError(t, err, "NotAuthorizedException", "Invalid session for the user, session can only be used once.")
	}},
	{"a password that is chosen without being given is asked for next", func(t *testing.T, start Start) {
		p := start(t, choosing)
		u := p.NewUser(t)
		first := preferring(t, p, u.Username, "", selectFirst)
		next, err := reply(p, selectFirst, first.Session, u.Username, "ANSWER", "PASSWORD")
		need(t, err)
		if next.ChallengeName != password {
			t.Fatalf("challenge = %s, want PASSWORD", next.ChallengeName)
		}
		last, err := reply(p, password, next.Session, u.Username, "PASSWORD", u.Password)
		wantTokens(t, last, err)
	}},
	{"a password is proven by SRP, with a session beside the secret block", func(t *testing.T, start Start) {
		for _, row := range []struct {
			why   string
			begin func(t *testing.T, p *cognitotest.Provider, username, A string) (types.ChallengeNameType, map[string]string, *string)
		}{
			{"preferred, SRP_A comes along", func(t *testing.T, p *cognitotest.Provider, username, A string) (types.ChallengeNameType, map[string]string, *string) {
				out, err := choose(p, username, "PREFERRED_CHALLENGE", "PASSWORD_SRP", "SRP_A", A)
				need(t, err)
				return out.ChallengeName, out.ChallengeParameters, out.Session
			}},
			{"preferred, SRP_A follows", func(t *testing.T, p *cognitotest.Provider, username, A string) (types.ChallengeNameType, map[string]string, *string) {
				first := preferring(t, p, username, passwordSRP, passwordSRP)
				out, err := reply(p, passwordSRP, first.Session, username, "SRP_A", A)
				need(t, err)
				return out.ChallengeName, out.ChallengeParameters, out.Session
			}},
			{"chosen", func(t *testing.T, p *cognitotest.Provider, username, A string) (types.ChallengeNameType, map[string]string, *string) {
				first := preferring(t, p, username, "", selectFirst)
				out, err := reply(p, selectFirst, first.Session, username, "ANSWER", "PASSWORD_SRP", "SRP_A", A)
				need(t, err)
				return out.ChallengeName, out.ChallengeParameters, out.Session
			}},
		} {
			part(t, row.why, func(t *testing.T) {
				p := start(t, choosing)
				u := p.NewUser(t)
				client := srpclient.New(p.PoolID)
				name, params, session := row.begin(t, p, u.Username, client.Public())
				if name != verifier || session == nil {
					t.Fatalf("challenge %s with session %v, want PASSWORD_VERIFIER with one", name, session)
				}
				responses, err := client.Answer(params, u.Password, now(p))
				need(t, err)
				proof := pairsOf(responses)
				_, err = reply(p, verifier, nil, u.Username, proof...)
				wantError(t, err, "InvalidParameterException", "Missing required parameter Session")
				other := preferring(t, p, u.Username, "", selectFirst)
				_, err = reply(p, verifier, other.Session, u.Username, proof...)
				wantError(t, err, "NotAuthorizedException", "Invalid session for the user.")
				out, err := reply(p, verifier, session, u.Username, proof...)
				wantTokens(t, out, err)
			})
		}
	}},
	{"a wrong proof or an unusable SRP_A is refused", func(t *testing.T, start Start) {
		p := start(t, choosing)
		u := p.NewUser(t)
		client := srpclient.New(p.PoolID)
		out, err := choose(p, u.Username, "PREFERRED_CHALLENGE", "PASSWORD_SRP", "SRP_A", client.Public())
		need(t, err)
		responses, err := client.Answer(out.ChallengeParameters, "Wrong-1234", now(p))
		need(t, err)
		_, err = reply(p, verifier, out.Session, u.Username, pairsOf(responses)...)
		wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		_, err = choose(p, u.Username, "PREFERRED_CHALLENGE", "PASSWORD_SRP", "SRP_A", "0")
		wantCode(t, err, "InvalidParameterException")
		first := preferring(t, p, u.Username, passwordSRP, passwordSRP)
		_, err = reply(p, passwordSRP, first.Session, u.Username, "SRP_A", "0")
		wantCode(t, err, "InvalidParameterException")
		_, err = reply(p, passwordSRP, first.Session, u.Username)
		wantError(t, err, "InvalidParameterException", "Missing required parameter SRP_A")
	}},
	{"a new password and a second factor follow a password that was chosen", func(t *testing.T, start Start) {
		p := start(t, choosing, withTOTP(types.UserPoolMfaTypeOn))
		u := p.NewUser(t, cognitotest.TemporaryPassword())
		out, err := choose(p, u.Username, "PREFERRED_CHALLENGE", "PASSWORD", "PASSWORD", u.Password)
		need(t, err)
		if out.ChallengeName != types.ChallengeNameTypeNewPasswordRequired {
			t.Fatalf("challenge = %s, want NEW_PASSWORD_REQUIRED", out.ChallengeName)
		}
		next, err := respond(p, out.Session, u.Username, newPassword)
		need(t, err)
		if next.ChallengeName != setUpMFA {
			t.Errorf("challenge = %s, want MFA_SETUP", next.ChallengeName)
		}
	}},
	{"an unconfirmed user cannot choose a password", func(t *testing.T, start Start) {
		p := start(t, choosing)
		_, err := choose(p, p.NewUser(t, cognitotest.Unconfirmed()).Username)
		wantError(t, err, "UserNotConfirmedException", "User is not confirmed.")
	}},
	{"a disabled user is told so before any choice", func(t *testing.T, start Start) {
		p := start(t, choosing)
		u := p.NewUser(t)
		_, err := p.Client().AdminDisableUser(ctx, &cip.AdminDisableUserInput{UserPoolId: &p.PoolID, Username: &u.Username})
		need(t, err)
		_, err = choose(p, u.Username)
		wantError(t, err, "NotAuthorizedException", "User is disabled.")
	}},
}

// pairsOf returns names and values in turn, without USERNAME.
func pairsOf(responses map[string]string) []string {
	var list []string
	for name, value := range responses {
		if name != "USERNAME" {
			list = append(list, name, value)
		}
	}
	return list
}
