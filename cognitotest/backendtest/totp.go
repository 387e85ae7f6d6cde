package backendtest

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// settingUp is a sign-in that has come to MFA_SETUP.
type settingUp struct {
	p       *cognitotest.Provider
	u       *cognitotest.User
	session *string
	secret  string
}

func beginSetup(t *testing.T, p *cognitotest.Provider) *settingUp {
	t.Helper()
	u := p.NewUser(t)
	return &settingUp{p: p, u: u, session: asked(t, p, u, setUpMFA).Session}
}

// associate gets a secret and the next session.
func (s *settingUp) associate(t *testing.T) {
	t.Helper()
	out, err := s.p.Client().AssociateSoftwareToken(ctx, &cip.AssociateSoftwareTokenInput{Session: s.session})
	need(t, err)
	if out.Session == nil || *out.Session == *s.session {
		t.Fatal("no new session")
	}
	s.session, s.secret = out.Session, *out.SecretCode
}

// verify sends a code, and takes the next session where it is right.
func (s *settingUp) verify(t *testing.T, code string) error {
	t.Helper()
	out, err := s.p.Client().VerifySoftwareToken(ctx, &cip.VerifySoftwareTokenInput{Session: s.session, UserCode: &code})
	if err != nil {
		return err
	}
	if out.Status != types.VerifySoftwareTokenResponseTypeSuccess || out.Session == nil || *out.Session == *s.session {
		t.Fatalf("status %s, session %v; want SUCCESS and a new session", out.Status, out.Session)
	}
	s.session = out.Session
	return nil
}

const totpSpent = "Your software token has already been used once"

var totpRegistrations = []Behaviour{
	{"an authenticator is registered by an access token: a secret of 52 base32 characters, then SUCCESS, and no sessions", func(t *testing.T, start Start) {
		p := start(t, withTOTP("OPTIONAL"))
		token := p.NewUser(t).AccessToken(t)
		made, err := p.Client().AssociateSoftwareToken(ctx, &cip.AssociateSoftwareTokenInput{AccessToken: &token})
		need(t, err)
		if !regexp.MustCompile(`^[A-Z2-7]{52}$`).MatchString(*made.SecretCode) || made.Session != nil {
			t.Errorf("secret %q, session %v", *made.SecretCode, made.Session)
		}
		out, err := p.Client().VerifySoftwareToken(ctx, &cip.VerifySoftwareTokenInput{AccessToken: &token, UserCode: aws.String(codeAt(t, p, *made.SecretCode, 0))})
		need(t, err)
		if out.Status != types.VerifySoftwareTokenResponseTypeSuccess || out.Session != nil {
			t.Errorf("status %s, session %v; want SUCCESS, none", out.Status, out.Session)
		}
	}},
	{"codes of the current step and of one before and after are good, others are not", func(t *testing.T, start Start) {
		p := start(t, withTOTP("OPTIONAL"))
		u := p.NewUser(t)
		token := u.AccessToken(t)
		for steps, good := range map[int64]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
			secret := associate(t, p, token)
			midway(t, p)
			if err := verifyTOTP(p, token, codeAt(t, p, secret, steps)); (err == nil) != good {
				t.Errorf("%d steps away: %v, want good: %t", steps, err, good)
			}
		}
	}},
	{"a wrong code does not register, and another may follow", func(t *testing.T, start Start) {
		p := start(t, withTOTP("OPTIONAL"))
		token := p.NewUser(t).AccessToken(t)
		secret := associate(t, p, token)
		wantError(t, verifyTOTP(p, token, wrong(codeAt(t, p, secret, 9))), "EnableSoftwareTokenMFAException", "Code mismatch")
		need(t, verifyTOTP(p, token, codeAt(t, p, secret, 0)))
		s := beginSetup(t, start(t, withTOTP("ON")))
		s.associate(t)
		wantError(t, s.verify(t, wrong(codeAt(t, s.p, s.secret, 9))), "EnableSoftwareTokenMFAException", "Code mismatch")
		need(t, s.verify(t, codeAt(t, s.p, s.secret, 0)))
	}},
	{"a code registers once", func(t *testing.T, start Start) {
		p := start(t, withTOTP("OPTIONAL"))
		token := p.NewUser(t).AccessToken(t)
		code := codeAt(t, p, associate(t, p, token), 0)
		need(t, verifyTOTP(p, token, code))
		wantError(t, verifyTOTP(p, token, code), "EnableSoftwareTokenMFAException", totpSpent)
		s := beginSetup(t, start(t, withTOTP("ON")))
		s.associate(t)
		code = codeAt(t, s.p, s.secret, 0)
		need(t, s.verify(t, code))
		wantError(t, s.verify(t, code), "EnableSoftwareTokenMFAException", totpSpent)
	}},
	{"a code that is not six digits is refused before it is looked at", func(t *testing.T, start Start) {
		p := start(t, withTOTP("OPTIONAL"))
		token := p.NewUser(t).AccessToken(t)
		associate(t, p, token)
		for code, message := range map[string]string{
			"12345":  "1 validation error detected: Value '12345' at 'userCode' failed to satisfy constraint: Member must have length greater than or equal to 6",
			"12345a": "1 validation error detected: Value '12345a' at 'userCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9]+",
		} {
			wantError(t, verifyTOTP(p, token, code), invalid, message)
		}
	}},
	{"a pool without TOTP registers no authenticator", func(t *testing.T, start Start) {
		p := start(t)
		token := p.NewUser(t).AccessToken(t)
		_, err := p.Client().AssociateSoftwareToken(ctx, &cip.AssociateSoftwareTokenInput{AccessToken: &token})
		const message = "Software Token MFA has not been enabled by the userPool"
		wantError(t, err, "SoftwareTokenMFANotFoundException", message)
		wantError(t, verifyTOTP(p, token, "123456"), "SoftwareTokenMFANotFoundException", message)
	}},
	{"a registered authenticator is not asked for until it is enabled", func(t *testing.T, start Start) {
		p := start(t, withTOTP("OPTIONAL"))
		u := p.NewUser(t)
		token := u.AccessToken(t)
		need(t, verifyTOTP(p, token, codeAt(t, p, associate(t, p, token), 0)))
		wantFactors(t, p, u, "")
		asked(t, p, u, "")
		prefer(t, p, u, false, totpMFA)
		asked(t, p, u, totpMFA)
	}},
	{"a new secret replaces the old one when its code is verified", func(t *testing.T, start Start) {
		p := start(t, withTOTP("OPTIONAL"))
		u := p.NewUser(t)
		token := u.AccessToken(t)
		old := associate(t, p, token)
		need(t, verifyTOTP(p, token, codeAt(t, p, old, 0)))
		prefer(t, p, u, true, totpMFA)
		fresh := associate(t, p, token)
		pass(t, p, time.Minute)
		out, err := reply(p, totpMFA, asked(t, p, u, totpMFA).Session, u.Username, "SOFTWARE_TOKEN_MFA_CODE", codeAt(t, p, old, 0))
		wantTokens(t, out, err)
		need(t, verifyTOTP(p, token, codeAt(t, p, fresh, 0)))
		session := asked(t, p, u, totpMFA).Session
		wantError(t, fail(reply(p, totpMFA, session, u.Username, "SOFTWARE_TOKEN_MFA_CODE", codeAt(t, p, old, 1))), "CodeMismatchException", totpMismatch)
		out, err = reply(p, totpMFA, session, u.Username, "SOFTWARE_TOKEN_MFA_CODE", codeAt(t, p, fresh, 1))
		wantTokens(t, out, err)
	}},
	{"a pool that requires MFA has users register an authenticator during sign-in", func(t *testing.T, start Start) {
		s := beginSetup(t, start(t, withTOTP("ON")))
		s.associate(t)
		need(t, s.verify(t, codeAt(t, s.p, s.secret, 0)))
		out, err := reply(s.p, setUpMFA, s.session, s.u.Username, "SOFTWARE_TOKEN_MFA_CODE", "000000") // superfluous
		wantTokens(t, out, err)
		asked(t, s.p, s.u, totpMFA)
	}},
	{"once an authenticator is verified during sign-in it is asked for, whether the set-up was answered or not", func(t *testing.T, start Start) {
		s := beginSetup(t, start(t, withTOTP("ON")))
		s.associate(t)
		need(t, s.verify(t, codeAt(t, s.p, s.secret, 0)))
		asked(t, s.p, s.u, totpMFA)
	}},
	{"the set-up is no way around the second factor", func(t *testing.T, start Start) {
		s := beginSetup(t, start(t, withTOTP("ON")))
		wantCode(t, fail(reply(s.p, setUpMFA, s.session, s.u.Username)), "SoftwareTokenMFANotFoundException")
		s.associate(t)
		wantCode(t, fail(reply(s.p, setUpMFA, s.session, s.u.Username)), "SoftwareTokenMFANotFoundException")
	}},
	{"the set-up needs its session", func(t *testing.T, start Start) {
		s := beginSetup(t, start(t, withTOTP("ON")))
		wantError(t, fail(reply(s.p, setUpMFA, nil, s.u.Username)), invalid, "Missing required parameter Session")
	}},
	{"the sessions of a registration are used once, and are those of the set-up", func(t *testing.T, start Start) {
		s := beginSetup(t, start(t, withTOTP("ON")))
		first := s.session
		s.associate(t)
		_, err := s.p.Client().AssociateSoftwareToken(ctx, &cip.AssociateSoftwareTokenInput{Session: first})
		wantError(t, err, "NotAuthorizedException", "Invalid session for the user, session can only be used once.")
		fresh := s.p.NewUser(t, cognitotest.TemporaryPassword())
		_, err = s.p.Client().AssociateSoftwareToken(ctx, &cip.AssociateSoftwareTokenInput{Session: challenged(t, s.p, fresh).Session})
		wantError(t, err, "NotAuthorizedException", "Invalid session for the user.")
	}},
	{"a registration during sign-in ends with its session, and with its user", func(t *testing.T, start Start) {
		for _, row := range []struct {
			why           string
			happens       func(t *testing.T, s *settingUp)
			code, message string
		}{
			{"the session expires", func(t *testing.T, s *settingUp) { pass(t, s.p, 3*time.Minute) }, "NotAuthorizedException", oldSession},
			{"the user is disabled", func(t *testing.T, s *settingUp) { need(t, disable(s.p, s.u.Username)) }, "NotAuthorizedException", "User is disabled."},
			{"the user is deleted", func(t *testing.T, s *settingUp) {
				need(t, fail(s.p.Client().AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: &s.p.PoolID, Username: &s.u.Username})))
			}, "NotAuthorizedException", foreignSession},
			{"the app client is deleted", func(t *testing.T, s *settingUp) {
				need(t, fail(s.p.Client().DeleteUserPoolClient(ctx, &cip.DeleteUserPoolClientInput{UserPoolId: &s.p.PoolID, ClientId: &s.p.ClientID})))
			}, "ResourceNotFoundException", "User pool client %s does not exist."},
		} {
			part(t, row.why, func(t *testing.T) {
				s := beginSetup(t, start(t, withTOTP("ON")))
				s.associate(t)
				row.happens(t, s)
				message := strings.ReplaceAll(row.message, "%s", s.p.ClientID)
				wantError(t, s.verify(t, codeAt(t, s.p, s.secret, 0)), row.code, message)
				_, err := s.p.Client().AssociateSoftwareToken(ctx, &cip.AssociateSoftwareTokenInput{Session: s.session})
				wantError(t, err, row.code, message)
			})
		}
	}},
	{"an address can be set up as a factor during sign-in", func(t *testing.T, start Start) {
		p := mfaPool(t, start, "ON", emailMFA)
		u := p.NewUser(t)
		out, err := reply(p, setUpMFA, asked(t, p, u, setUpMFA).Session, u.Username, "EMAIL", "test@example.com")
		need(t, err)
		wantParameters(t, out.ChallengeParameters, u, byEmail)
		last, err := reply(p, emailMFA, out.Session, u.Username, "EMAIL_OTP_CODE", u.Code(t))
		wantTokens(t, last, err)
		wantAttributes(t, p, u.Username, "sub", u.Sub, "email", "test@example.com", "email_verified", "true")
	}},
	{"users of administrators register an authenticator after their new password", func(t *testing.T, start Start) {
		p := start(t, withTOTP("ON"))
		u := p.NewUser(t, cognitotest.TemporaryPassword())
		out, err := respond(p, challenged(t, p, u).Session, u.Username, newPassword)
		need(t, err)
		if out.ChallengeName != setUpMFA {
			t.Errorf("challenge = %q, want MFA_SETUP", out.ChallengeName)
		}
	}},
}

var totpSignIns = []Behaviour{
	{"the challenge of an authenticator names the device where it was given a name", func(t *testing.T, start Start) {
		p := start(t, withTOTP("OPTIONAL"))
		u := p.NewUser(t)
		token := u.AccessToken(t)
		for _, name := range []*string{aws.String("phone"), nil} {
			_, err := p.Client().VerifySoftwareToken(ctx, &cip.VerifySoftwareTokenInput{
				AccessToken: &token, FriendlyDeviceName: name, UserCode: aws.String(codeAt(t, p, associate(t, p, token), 0)),
			})
			need(t, err)
			prefer(t, p, u, true, totpMFA)
			var more map[string]string
			if name != nil {
				more = map[string]string{"FRIENDLY_DEVICE_NAME": "phone"}
			}
			wantParameters(t, asked(t, p, u, totpMFA).ChallengeParameters, u, more)
		}
	}},
	{"a code of an authenticator is good once, and the sign-in goes on with another", func(t *testing.T, start Start) {
		p := start(t, withTOTP("OPTIONAL"))
		u := p.NewUser(t)
		token := u.AccessToken(t)
		secret := associate(t, p, token)
		used := codeAt(t, p, secret, 0)
		need(t, verifyTOTP(p, token, used))
		prefer(t, p, u, true, totpMFA)
		session := asked(t, p, u, totpMFA).Session
		const response = "SOFTWARE_TOKEN_MFA_CODE"
		wantError(t, fail(reply(p, totpMFA, session, u.Username, response, used)), "ExpiredCodeException", totpUsed)
		wantError(t, fail(reply(p, totpMFA, session, u.Username, response, wrong(codeAt(t, p, secret, 9)))), "CodeMismatchException", totpMismatch)
		wantError(t, fail(reply(p, totpMFA, session, u.Username)), invalid, "Missing required parameter "+response)
		next := codeAt(t, p, secret, 1)
		out, err := reply(p, totpMFA, session, u.Username, response, next)
		wantTokens(t, out, err)
		wantError(t, fail(reply(p, totpMFA, asked(t, p, u, totpMFA).Session, u.Username, response, next)), "ExpiredCodeException", totpUsed)
	}},
	{"a code of an authenticator that the user does not have is told so", func(t *testing.T, start Start) {
		s := beginSetup(t, start(t, withTOTP("ON")))
		wantError(t, fail(reply(s.p, totpMFA, s.session, s.u.Username, "SOFTWARE_TOKEN_MFA_CODE", "123456")),
			"SoftwareTokenMFANotFoundException", "Software Token MFA does not exist for the user.")
	}},
	{"a user with an authenticator signs in by password and by SRP, with and without a client secret", func(t *testing.T, start Start) {
		for _, mode := range []types.UserPoolMfaType{"OPTIONAL", "ON"} {
			p := start(t, withTOTP(mode), cognitotest.WithClientSecret())
			u := p.NewUser(t, cognitotest.TOTP())
			wantFactors(t, p, u, "SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA")
			asked(t, p, u, totpMFA)
			if u.AccessToken(t) == "" || u.SignInSRP(t).IDToken == "" {
				t.Error("no tokens")
			}
		}
	}},
	{"a user's authenticator gives each code once", func(t *testing.T, start Start) {
		p := start(t, withTOTP("ON"))
		u := p.NewUser(t, cognitotest.TOTP())
		for range 2 {
			out, err := reply(p, totpMFA, asked(t, p, u, totpMFA).Session, u.Username, "SOFTWARE_TOKEN_MFA_CODE", u.TOTPCode(t))
			wantTokens(t, out, err)
		}
		pass(t, p, 30*time.Second)
		out, err := reply(p, totpMFA, asked(t, p, u, totpMFA).Session, u.Username, "SOFTWARE_TOKEN_MFA_CODE", u.TOTPCode(t))
		wantTokens(t, out, err)
	}},
}
