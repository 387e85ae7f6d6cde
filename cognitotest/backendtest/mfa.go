package backendtest

import (
	"maps"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"
	"github.com/pquerna/otp/hotp"

	"github.com/cognitotest/cognito/cognitotest"
)

// The challenges of MFA.
const (
	smsMFA    = types.ChallengeNameTypeSmsMfa
	totpMFA   = types.ChallengeNameTypeSoftwareTokenMfa
	emailMFA  = types.ChallengeNameTypeEmailOtp
	selectMFA = types.ChallengeNameTypeSelectMfaType
	setUpMFA  = types.ChallengeNameTypeMfaSetup
)

// withTOTP is a pool whose users may or must have authenticators.
func withTOTP(mode types.UserPoolMfaType) cognitotest.Option {
	return cognitotest.WithMFA(cip.SetUserPoolMfaConfigInput{MfaConfiguration: mode, SoftwareTokenMfaConfiguration: totp})
}

// mfaPool starts a pool with these factors. Those of SMS and email need the fake: the service wants
// a role and an identity that work.
func mfaPool(t *testing.T, start Start, mode types.UserPoolMfaType, factors ...types.ChallengeNameType) *cognitotest.Provider {
	t.Helper()
	p := start(t)
	in := cip.SetUserPoolMfaConfigInput{MfaConfiguration: mode}
	for _, f := range factors {
		switch f {
		case totpMFA:
			in.SoftwareTokenMfaConfiguration = totp
		case smsMFA:
			needFake(t, p, unproven)
			in.SmsMfaConfiguration = &types.SmsMfaConfigType{
				SmsAuthenticationMessage: aws.String("By SMS: {####}"),
				SmsConfiguration:         &types.SmsConfigurationType{SnsCallerArn: roleOf(accountOf(t, p))},
			}
		case emailMFA:
			needFake(t, p, unproven)
			need(t, updatePool(p, cip.UpdateUserPoolInput{EmailConfiguration: &types.EmailConfigurationType{
				EmailSendingAccount: types.EmailSendingAccountTypeDeveloper, SourceArn: identityIn(p.Region, accountOf(t, p)),
			}}))
			in.EmailMfaConfiguration = &types.EmailMfaConfigType{Subject: aws.String("Sign in"), Message: aws.String("By email: {####}")}
		}
	}
	_, err := setMFA(p, in)
	need(t, err)
	return p
}

// asked signs a user in with the password and returns the challenge, which must be want.
func asked(t *testing.T, p *cognitotest.Provider, u *cognitotest.User, want types.ChallengeNameType) *cip.InitiateAuthOutput {
	t.Helper()
	out, err := signIn(p, u.Username, u.Password)
	need(t, err)
	if out.ChallengeName != want || (out.AuthenticationResult == nil) != (want != "") {
		t.Fatalf("challenge = %q, result = %v; want %q", out.ChallengeName, out.AuthenticationResult, want)
	}
	return out
}

// reply answers a challenge with pairs of names and values.
func reply(p *cognitotest.Provider, challenge types.ChallengeNameType, session *string, username string, namesAndValues ...string) (*cip.RespondToAuthChallengeOutput, error) {
	responses := map[string]string{"USERNAME": username}
	for i := 0; i < len(namesAndValues); i += 2 {
		responses[namesAndValues[i]] = namesAndValues[i+1]
	}
	return p.Client().RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{
		ClientId: &p.ClientID, ChallengeName: challenge, Session: session, ChallengeResponses: hashed(responses, p.SecretHash(username)),
	})
}

// wantTokens ends the test where an answer to a challenge is not the end of the sign-in.
func wantTokens(t *testing.T, out *cip.RespondToAuthChallengeOutput, err error) {
	t.Helper()
	need(t, err)
	if out.AuthenticationResult == nil {
		t.Fatalf("answer = %+v, want tokens", out)
	}
}

// associate begins to register an authenticator and returns the secret.
func associate(t *testing.T, p *cognitotest.Provider, accessToken string) string {
	t.Helper()
	out, err := p.Client().AssociateSoftwareToken(ctx, &cip.AssociateSoftwareTokenInput{AccessToken: &accessToken})
	need(t, err)
	return *out.SecretCode
}

func verifyTOTP(p *cognitotest.Provider, accessToken, code string) error {
	_, err := p.Client().VerifySoftwareToken(ctx, &cip.VerifySoftwareTokenInput{AccessToken: &accessToken, UserCode: &code})
	return err
}

// codeAt is the code of an authenticator so many steps from now.
func codeAt(t *testing.T, p *cognitotest.Provider, secret string, steps int64) string {
	t.Helper()
	code, err := hotp.GenerateCode(secret, uint64(now(p).Unix()/30+steps))
	need(t, err)
	return code
}

// midway lets time pass until no step of authenticators is about to begin or has just begun.
func midway(t *testing.T, p *cognitotest.Provider) {
	if at := now(p).Unix() % 30; at < 5 || at > 20 {
		pass(t, p, time.Duration((40-at)%30)*time.Second)
	}
}

// prefer enables a factor of a user.
func prefer(t *testing.T, p *cognitotest.Provider, u *cognitotest.User, preferred bool, factors ...types.ChallengeNameType) {
	t.Helper()
	in := cip.AdminSetUserMFAPreferenceInput{}
	for _, f := range factors {
		switch f {
		case smsMFA:
			in.SMSMfaSettings = &types.SMSMfaSettingsType{Enabled: true, PreferredMfa: preferred}
		case totpMFA:
			in.SoftwareTokenMfaSettings = &types.SoftwareTokenMfaSettingsType{Enabled: true, PreferredMfa: preferred}
		case emailMFA:
			in.EmailMfaSettings = &types.EmailMfaSettingsType{Enabled: true, PreferredMfa: preferred}
		}
	}
	need(t, setPreference(p, u, in))
}

func setPreference(p *cognitotest.Provider, u *cognitotest.User, in cip.AdminSetUserMFAPreferenceInput) error {
	in.UserPoolId, in.Username = &p.PoolID, &u.Username
	_, err := p.Client().AdminSetUserMFAPreference(ctx, &in)
	return err
}

// wantFactors compares what administrators see of a user's factors.
func wantFactors(t *testing.T, p *cognitotest.Provider, u *cognitotest.User, preferred string, list ...string) {
	t.Helper()
	got := look(t, p, u.Username)
	if diff := cmp.Diff(list, got.UserMFASettingList); diff != "" {
		t.Errorf("UserMFASettingList (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(given(preferred), got.PreferredMfaSetting); diff != "" {
		t.Errorf("PreferredMfaSetting (-want +got):\n%s", diff)
	}
}

// wantParameters compares ChallengeParameters.
func wantParameters(t *testing.T, got map[string]string, u *cognitotest.User, more map[string]string) {
	t.Helper()
	want := maps.Clone(more)
	if want == nil {
		want = map[string]string{}
	}
	want["USER_ID_FOR_SRP"] = u.Username
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ChallengeParameters (-want +got):\n%s", diff)
	}
}

const (
	codeMismatch = "Invalid code or auth state for the user."
	totpMismatch = "Invalid code received for user"
	totpUsed     = "Your software token has already been used once."
)

const phone = "+12065550839"

var mfaSignIns = []Behaviour{
	{"which second factor a sign-in asks for depends on the pool, the user's factors and attributes", func(t *testing.T, start Start) {
		type factors = []types.ChallengeNameType
		for _, test := range []struct {
			why        string
			mode       types.UserPoolMfaType
			pool       factors
			user       []cognitotest.UserOption
			enabled    factors
			preferred  bool
			want       types.ChallengeNameType
			parameters map[string]string
		}{
			{why: "optional, nothing enabled", mode: "OPTIONAL", pool: factors{smsMFA, totpMFA}, user: phoned},
			{why: "optional, SMS enabled", mode: "OPTIONAL", pool: factors{smsMFA, totpMFA}, user: phoned, enabled: factors{smsMFA}, want: smsMFA, parameters: bySMS},
			{why: "optional, email enabled", mode: "OPTIONAL", pool: factors{emailMFA}, user: mailed, enabled: factors{emailMFA}, want: emailMFA, parameters: byEmail},
			{why: "optional, two enabled", mode: "OPTIONAL", pool: factors{smsMFA, emailMFA}, user: reachable, enabled: factors{smsMFA, emailMFA},
				want: selectMFA, parameters: map[string]string{"MFAS_CAN_CHOOSE": `["SMS_MFA","EMAIL_OTP"]`}},
			{why: "required, one enabled and preferred", mode: "ON", pool: factors{smsMFA, emailMFA}, user: reachable, enabled: factors{emailMFA}, preferred: true, want: emailMFA, parameters: byEmail},
			{why: "required, one of two enabled", mode: "ON", pool: factors{smsMFA, emailMFA}, user: reachable, enabled: factors{emailMFA}, want: emailMFA, parameters: byEmail},
			{why: "required, TOTP alone, no authenticator", mode: "ON", pool: factors{totpMFA}, want: setUpMFA, parameters: map[string]string{"MFAS_CAN_SETUP": `["SOFTWARE_TOKEN_MFA"]`}},
			{why: "required, SMS, a phone that is not verified", mode: "ON", pool: factors{smsMFA}, user: []cognitotest.UserOption{cognitotest.Attribute("phone_number", phone)}, want: smsMFA, parameters: bySMS},
			{why: "required, SMS, no phone", mode: "ON", pool: factors{smsMFA}, want: setUpMFA, parameters: map[string]string{"MFAS_CAN_SETUP": `["SMS_MFA"]`}},
			{why: "required, email, an address that is not verified", mode: "ON", pool: factors{emailMFA}, user: []cognitotest.UserOption{cognitotest.Attribute("email", "test@example.com")}, want: emailMFA, parameters: byEmail},
			{why: "required, SMS and email, both attributes", mode: "ON", pool: factors{smsMFA, emailMFA}, user: reachable,
				want: selectMFA, parameters: map[string]string{"MFAS_CAN_CHOOSE": `["SMS_MFA","EMAIL_OTP"]`}},
			{why: "required, all, no attributes", mode: "ON", pool: factors{smsMFA, totpMFA, emailMFA},
				want: setUpMFA, parameters: map[string]string{"MFAS_CAN_SETUP": `["SMS_MFA","SOFTWARE_TOKEN_MFA","EMAIL_OTP"]`}},
		} {
			part(t, test.why, func(t *testing.T) {
				p := mfaPool(t, start, test.mode, test.pool...)
				u := p.NewUser(t, test.user...)
				prefer(t, p, u, test.preferred, test.enabled...)
				out := asked(t, p, u, test.want)
				if test.want != "" {
					wantParameters(t, out.ChallengeParameters, u, test.parameters)
				}
			})
		}
	}},
	{"a pool without MFA asks for nothing, whatever the user prefers", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, phoned...)
		prefer(t, p, u, true, smsMFA)
		asked(t, p, u, "")
	}},
	{"codes of sign-in have six digits and come in the pool's own words", func(t *testing.T, start Start) {
		for _, test := range []struct {
			factor                  types.ChallengeNameType
			medium, to, subj, words string
		}{
			{smsMFA, "SMS", phone, "", "By SMS: "},
			{emailMFA, "EMAIL", "test@example.com", "Sign in", "By email: "},
		} {
			p := mfaPool(t, start, "ON", test.factor)
			u := p.NewUser(t, reachable...)
			asked(t, p, u, test.factor)
			m := inbox(t, p, u.Username)[0]
			got := []string{m.Trigger, m.Medium, m.To, m.Subject, m.Body}
			if diff := cmp.Diff([]string{"CustomMessage_Authentication", test.medium, test.to, test.subj, test.words + m.Code}, got); diff != "" || len(m.Code) != 6 {
				t.Errorf("code %q, message (-want +got):\n%s", m.Code, diff)
			}
		}
	}},
	{"a wrong code does not end the sign-in, however often", func(t *testing.T, start Start) {
		for factor, response := range map[types.ChallengeNameType]string{smsMFA: "SMS_MFA_CODE", emailMFA: "EMAIL_OTP_CODE"} {
			p := mfaPool(t, start, "ON", factor)
			u := p.NewUser(t, reachable...)
			session := asked(t, p, u, factor).Session
			for _, code := range []string{wrong(u.Code(t)), wrong(u.Code(t)), wrong(u.Code(t)), "letters", "1", u.Code(t) + "0"} {
				wantError(t, fail(reply(p, factor, session, u.Username, response, code)), "CodeMismatchException", codeMismatch)
			}
			out, err := reply(p, factor, session, u.Username, response, u.Code(t))
			wantTokens(t, out, err)
			wantError(t, fail(reply(p, factor, session, u.Username, response, u.Code(t))), "NotAuthorizedException", "Invalid session for the user, session can only be used once.")
		}
	}},
	{"a code of one sign-in is no good in another", func(t *testing.T, start Start) {
		p := mfaPool(t, start, "ON", smsMFA)
		u := p.NewUser(t, phoned...)
		asked(t, p, u, smsMFA)
		earlier := u.Code(t)
		session := asked(t, p, u, smsMFA).Session
		if earlier != u.Code(t) { // once in a million sign-ins
			wantError(t, fail(reply(p, smsMFA, session, u.Username, "SMS_MFA_CODE", earlier)), "CodeMismatchException", codeMismatch)
		}
	}},
	{"a code is no good once the address that it went to is another", func(t *testing.T, start Start) {
		for _, test := range []struct {
			factor                     types.ChallengeNameType
			attribute, value, response string
		}{
			{smsMFA, "phone_number", "+12065550199", "SMS_MFA_CODE"},
			{emailMFA, "email", "new@example.com", "EMAIL_OTP_CODE"},
		} {
			p := mfaPool(t, start, "ON", test.factor)
			u := p.NewUser(t, reachable...)
			session := asked(t, p, u, test.factor).Session
			need(t, update(p, u.Username, test.attribute, test.value))
			wantError(t, fail(reply(p, test.factor, session, u.Username, test.response, u.Code(t))), "CodeMismatchException", codeMismatch)
			if got := attribute(look(t, p, u.Username).UserAttributes, test.attribute+"_verified"); got != "false" {
				t.Errorf("%s_verified = %q, want false: no code went there", test.attribute, got)
			}
		}
	}},
	{"wrong codes do not lock the password", func(t *testing.T, start Start) {
		p := mfaPool(t, start, "ON", smsMFA)
		u := p.NewUser(t, phoned...)
		session := asked(t, p, u, smsMFA).Session
		for range 6 {
			wantError(t, fail(reply(p, smsMFA, session, u.Username, "SMS_MFA_CODE", wrong(u.Code(t)))), "CodeMismatchException", codeMismatch)
		}
		asked(t, p, u, smsMFA)
	}},
	{"a code lives as long as the session", func(t *testing.T, start Start) {
		p := mfaPool(t, start, "ON", smsMFA)
		u := p.NewUser(t, phoned...)
		session := asked(t, p, u, smsMFA).Session
		pass(t, p, 3*time.Minute)
		wantError(t, fail(reply(p, smsMFA, session, u.Username, "SMS_MFA_CODE", u.Code(t))), "NotAuthorizedException", "Invalid session for the user, session is expired.")
	}},
	{"the first code of a required factor enables it and verifies the address", func(t *testing.T, start Start) {
		for _, test := range []struct {
			factor                    types.ChallengeNameType
			attribute, value, respond string
		}{
			{smsMFA, "phone_number", phone, "SMS_MFA_CODE"},
			{emailMFA, "email", "test@example.com", "EMAIL_OTP_CODE"},
		} {
			p := mfaPool(t, start, "ON", test.factor)
			u := p.NewUser(t, cognitotest.Attribute(test.attribute, test.value))
			out, err := reply(p, test.factor, asked(t, p, u, test.factor).Session, u.Username, test.respond, u.Code(t))
			wantTokens(t, out, err)
			wantFactors(t, p, u, "", string(test.factor))
			if got := attribute(look(t, p, u.Username).UserAttributes, test.attribute+"_verified"); got != "true" {
				t.Errorf("%s_verified = %q, want true", test.attribute, got)
			}
		}
	}},
	{"a choice among factors is answered by a name, and leads to that factor in a new session", func(t *testing.T, start Start) {
		p := mfaPool(t, start, "ON", smsMFA, emailMFA)
		u := p.NewUser(t, reachable...)
		first := asked(t, p, u, selectMFA)
		wantCode(t, fail(reply(p, selectMFA, first.Session, u.Username, "ANSWER", "SOFTWARE_TOKEN_MFA")), "InvalidParameterException")
		for _, name := range []string{"EMAIL_OTP", "EMAIL_MFA"} {
			first := asked(t, p, u, selectMFA)
			out, err := reply(p, selectMFA, first.Session, u.Username, "ANSWER", name)
			need(t, err)
			if out.ChallengeName != emailMFA || *out.Session == *first.Session {
				t.Fatalf("challenge %s, the same session: %t; want EMAIL_OTP in another", out.ChallengeName, *out.Session == *first.Session)
			}
			wantParameters(t, out.ChallengeParameters, u, byEmail)
		}
		out, err := reply(p, selectMFA, first.Session, u.Username, "ANSWER", "SMS_MFA")
		need(t, err)
		last, err := reply(p, smsMFA, out.Session, u.Username, "SMS_MFA_CODE", u.Code(t))
		wantTokens(t, last, err)
	}},
	{"an authenticator and SMS can be chosen between", func(t *testing.T, start Start) {
		p := mfaPool(t, start, "OPTIONAL", smsMFA, totpMFA)
		u := p.NewUser(t, cognitotest.TOTP(), cognitotest.Phone(phone))
		prefer(t, p, u, false, smsMFA, totpMFA)
		first := asked(t, p, u, selectMFA)
		wantParameters(t, first.ChallengeParameters, u, map[string]string{"MFAS_CAN_CHOOSE": `["SMS_MFA","SOFTWARE_TOKEN_MFA"]`})
		out, err := reply(p, selectMFA, first.Session, u.Username, "ANSWER", "SOFTWARE_TOKEN_MFA")
		need(t, err)
		wantParameters(t, out.ChallengeParameters, u, nil)
		last, err := reply(p, totpMFA, out.Session, u.Username, "SOFTWARE_TOKEN_MFA_CODE", u.TOTPCode(t))
		wantTokens(t, last, err)
	}},
	{"the answers to MFA need their parameters", func(t *testing.T, start Start) {
		for _, test := range []struct {
			factor  types.ChallengeNameType
			factors []types.ChallengeNameType
			missing string
		}{
			{smsMFA, []types.ChallengeNameType{smsMFA}, "SMS_MFA_CODE"},
			{emailMFA, []types.ChallengeNameType{emailMFA}, "EMAIL_OTP_CODE"},
			{selectMFA, []types.ChallengeNameType{smsMFA, emailMFA}, "ANSWER"},
		} {
			p := mfaPool(t, start, "ON", test.factors...)
			u := p.NewUser(t, reachable...)
			session := asked(t, p, u, test.factor).Session
			wantError(t, fail(reply(p, test.factor, session, u.Username)), invalid, "Missing required parameter "+test.missing)
			wantError(t, fail(reply(p, test.factor, nil, u.Username)), invalid, "Missing required parameter Session")
		}
	}},
	{"MFA follows the new password of a user whom an administrator made", func(t *testing.T, start Start) {
		p := mfaPool(t, start, "ON", smsMFA)
		u := p.NewUser(t, cognitotest.TemporaryPassword(), cognitotest.Phone(phone))
		out, err := respond(p, challenged(t, p, u).Session, u.Username, newPassword)
		need(t, err)
		if out.ChallengeName != smsMFA {
			t.Fatalf("challenge = %q, want SMS_MFA", out.ChallengeName)
		}
		wantStatus(t, p, u.Username, types.UserStatusTypeConfirmed)
		last, err := reply(p, smsMFA, out.Session, u.Username, "SMS_MFA_CODE", u.Code(t))
		wantTokens(t, last, err)
	}},
	{"MFA follows SRP", func(t *testing.T, start Start) {
		p := mfaPool(t, start, "ON", smsMFA)
		u := p.NewUser(t, phoned...)
		s, err := beginSRP(p, u.Username)
		need(t, err)
		out, err := s.answer(t, u.Password)
		need(t, err)
		last, err := reply(p, out.ChallengeName, out.Session, u.Username, "SMS_MFA_CODE", u.Code(t))
		wantTokens(t, last, err)
	}},
	{"administrators are asked for MFA and answer it alike", func(t *testing.T, start Start) {
		p := mfaPool(t, start, "ON", smsMFA)
		u := p.NewUser(t, phoned...)
		first, err := adminInitiate(p, types.AuthFlowTypeAdminUserPasswordAuth, "", map[string]string{"USERNAME": u.Username, "PASSWORD": u.Password})
		need(t, err)
		wantParameters(t, first.ChallengeParameters, u, bySMS)
		out, err := p.Client().AdminRespondToAuthChallenge(ctx, &cip.AdminRespondToAuthChallengeInput{
			UserPoolId: &p.PoolID, ClientId: &p.ClientID, ChallengeName: first.ChallengeName, Session: first.Session,
			ChallengeResponses: map[string]string{"USERNAME": u.Username, "SMS_MFA_CODE": u.Code(t)},
		})
		need(t, err)
		if out.AuthenticationResult == nil {
			t.Errorf("answer = %+v, want tokens", out)
		}
	}},
}

// Users with addresses, and what challenges show of those.
var (
	phoned    = []cognitotest.UserOption{cognitotest.Phone(phone)}
	mailed    = []cognitotest.UserOption{cognitotest.Email("test@example.com")}
	reachable = []cognitotest.UserOption{cognitotest.Phone(phone), cognitotest.Email("test@example.com")}
	bySMS     = map[string]string{"CODE_DELIVERY_DELIVERY_MEDIUM": "SMS", "CODE_DELIVERY_DESTINATION": "+*******0839"}
	byEmail   = map[string]string{"CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL", "CODE_DELIVERY_DESTINATION": "t***@e***"}
)
