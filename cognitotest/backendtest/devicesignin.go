package backendtest

import (
	"maps"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/cognitotest/internal/srpclient"
)

// The challenges of devices.
const (
	deviceSRP      = types.ChallengeNameTypeDeviceSrpAuth
	deviceVerifier = types.ChallengeNameTypeDevicePasswordVerifier
)

const deviceGone = "Device does not exist."

// fromDevice signs a user in by SRP with a DEVICE_KEY and returns the challenge, which must be want.
func fromDevice(t *testing.T, p *cognitotest.Provider, u *cognitotest.User, d *cognitotest.Device, want types.ChallengeNameType) *cip.RespondToAuthChallengeOutput {
	t.Helper()
	s, err := beginSRP(p, u.Username)
	need(t, err)
	out, err := s.answer(t, u.Password, "DEVICE_KEY", d.Key)
	need(t, err)
	if out.ChallengeName != want || (out.AuthenticationResult == nil) != (want != "") {
		t.Fatalf("challenge = %q, result = %v; want %q", out.ChallengeName, out.AuthenticationResult, want)
	}
	return out
}

// deviceProof is a sign-in that has come to DEVICE_PASSWORD_VERIFIER.
type deviceProof struct {
	p         *cognitotest.Provider
	client    *srpclient.Client
	challenge *cip.RespondToAuthChallengeOutput
}

// beginProof answers DEVICE_SRP_AUTH.
func beginProof(p *cognitotest.Provider, session *string, username string, d *cognitotest.Device) (deviceProof, error) {
	s := deviceProof{p: p, client: srpclient.NewDevice(d.GroupKey)}
	var err error
	s.challenge, err = reply(p, deviceSRP, session, username, "DEVICE_KEY", d.Key, "SRP_A", s.client.Public())
	return s, err
}

// answer proves a device's password. Pairs of names and values replace responses.
func (s deviceProof) answer(t *testing.T, password string, replace ...string) (*cip.RespondToAuthChallengeOutput, error) {
	t.Helper()
	responses, err := s.client.AnswerDevice(s.challenge.ChallengeParameters, password, time.Now())
	need(t, err)
	for i := 0; i < len(replace); i += 2 {
		responses[replace[i]] = replace[i+1]
	}
	maps.DeleteFunc(responses, func(_, value string) bool { return value == "" })
	return s.p.Client().RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{
		ClientId: &s.p.ClientID, ChallengeName: deviceVerifier, ChallengeResponses: hashed(responses, s.p.SecretHash(responses["USERNAME"])),
	})
}

var deviceSignIns = []Behaviour{
	{"a user signs in from a remembered device, with and without a client secret, MFA, and a choice to remember", func(t *testing.T, start Start) {
		for _, opts := range [][]cognitotest.Option{
			{always()}, {optIn()}, {always(), withTOTP("ON"), cognitotest.WithClientSecret()}, {optIn(), withTOTP("OPTIONAL")},
		} {
			p := start(t, opts...)
			u := p.NewUser(t)
			if len(opts) > 1 {
				u = p.NewUser(t, cognitotest.TOTP())
			}
			d := u.RememberDevice(t)
			tokens := d.SignIn(t)
			if tokens.AccessToken == "" || tokens.IDToken == "" || tokens.RefreshToken == "" {
				t.Errorf("tokens = %+v", tokens)
			}
			wantClaims(t, claims(t, tokens.AccessToken), map[string]any{"device_key": d.Key})
		}
	}},
	{"a remembered device proves itself in place of the second factor, and gets no new key", func(t *testing.T, start Start) {
		p := start(t, always(), withTOTP("ON"))
		u := p.NewUser(t, cognitotest.TOTP())
		d := u.RememberDevice(t)
		first := fromDevice(t, p, u, d, deviceSRP)
		s, err := beginProof(p, first.Session, u.Username, d)
		need(t, err)
		if s.challenge.ChallengeName != deviceVerifier {
			t.Fatalf("challenge = %s, want DEVICE_PASSWORD_VERIFIER", s.challenge.ChallengeName)
		}
		for name, pattern := range map[string]string{
			"SALT": "^[0-9a-f]{20,32}$", "SRP_B": "^[0-9a-f]{700,768}$", "SECRET_BLOCK": "^[0-9A-Za-z+/]{600,}={0,2}$",
			"USERNAME": "^" + u.Username + "$", "DEVICE_KEY": "^" + d.Key + "$",
		} {
			if got := s.challenge.ChallengeParameters[name]; !regexp.MustCompile(pattern).MatchString(got) {
				t.Errorf("%s = %q, want %s", name, got, pattern)
			}
		}
		out, err := s.answer(t, d.Password)
		wantTokens(t, out, err)
		if out.AuthenticationResult.NewDeviceMetadata != nil {
			t.Errorf("new device: %+v, want none", out.AuthenticationResult.NewDeviceMetadata)
		}
	}},
	{"a remembered device proves itself after a sign-in by password too", func(t *testing.T, start Start) {
		p := start(t, always())
		u := p.NewUser(t)
		d := u.RememberDevice(t)
		out, err := initiate(p, types.AuthFlowTypeUserPasswordAuth, "", map[string]string{"USERNAME": u.Username, "PASSWORD": u.Password, "DEVICE_KEY": d.Key})
		need(t, err)
		if out.ChallengeName != deviceSRP || out.Session == nil {
			t.Errorf("challenge %s with session %v, want DEVICE_SRP_AUTH", out.ChallengeName, out.Session)
		}
	}},
	{"the key of a device may come with the beginning of SRP or with its end", func(t *testing.T, start Start) {
		p := start(t, always())
		u := p.NewUser(t)
		d := u.RememberDevice(t)
		fromDevice(t, p, u, d, deviceSRP)
		s := srpSignIn{p: p, client: srpclient.New(p.PoolID)}
		var err error
		s.challenge, err = initiate(p, types.AuthFlowTypeUserSrpAuth, "", map[string]string{"USERNAME": u.Username, "SRP_A": s.client.Public(), "DEVICE_KEY": d.Key})
		need(t, err)
		out, err := s.answer(t, u.Password)
		need(t, err)
		if out.ChallengeName != deviceSRP {
			t.Errorf("challenge = %q, want DEVICE_SRP_AUTH", out.ChallengeName)
		}
	}},
	{"a forgotten device is refused, and the sign-in goes on without it", func(t *testing.T, start Start) {
		p := start(t, always())
		u := p.NewUser(t)
		d := u.RememberDevice(t)
		need(t, forgetDevice(p, u, d.Key))
		s := srpSignIn{p: p, client: srpclient.New(p.PoolID)}
		var err error
		s.challenge, err = initiate(p, types.AuthFlowTypeUserSrpAuth, "", map[string]string{"USERNAME": u.Username, "SRP_A": s.client.Public(), "DEVICE_KEY": d.Key})
		need(t, err)
		_, err = s.answer(t, u.Password, "DEVICE_KEY", d.Key)
		wantError(t, err, "ResourceNotFoundException", deviceGone)
		out, err := s.answer(t, u.Password)
		wantTokens(t, out, err)
		if got := out.AuthenticationResult.NewDeviceMetadata; got == nil || *got.DeviceKey == d.Key {
			t.Errorf("new device = %+v, want another one", got)
		}
		_, err = initiate(p, types.AuthFlowTypeUserPasswordAuth, "", map[string]string{"USERNAME": u.Username, "PASSWORD": u.Password, "DEVICE_KEY": d.Key})
		wantError(t, err, "ResourceNotFoundException", deviceGone)
	}},
	{"a DEVICE_KEY that is too long to be one is passed over where it came early", func(t *testing.T, start Start) {
		p := start(t, always(), withTOTP("ON"))
		u := p.NewUser(t, cognitotest.TOTP())
		s := srpSignIn{p: p, client: srpclient.New(p.PoolID)}
		var err error
		s.challenge, err = initiate(p, types.AuthFlowTypeUserSrpAuth, "", map[string]string{
			"USERNAME": u.Username, "SRP_A": s.client.Public(), "DEVICE_KEY": strings.Repeat("名", 5000),
		})
		need(t, err)
		out, err := s.answer(t, u.Password)
		need(t, err)
		out, err = reply(p, totpMFA, out.Session, u.Username, "SOFTWARE_TOKEN_MFA_CODE", u.TOTPCode(t))
		wantTokens(t, out, err)
	}},
	{"a device of another user is unknown", func(t *testing.T, start Start) {
		p := start(t, always())
		d := p.NewUser(t).RememberDevice(t)
		u := p.NewUser(t)
		s, err := beginSRP(p, u.Username)
		need(t, err)
		_, err = s.answer(t, u.Password, "DEVICE_KEY", d.Key)
		wantError(t, err, "ResourceNotFoundException", deviceGone)
	}},
	{"a device that is not remembered keeps its key and does not replace the second factor", func(t *testing.T, start Start) {
		p := start(t, optIn(), withTOTP("ON"))
		u := p.NewUser(t, cognitotest.TOTP())
		d := u.RememberDevice(t)
		need(t, setRemembered(p, u, d.Key, "not_remembered"))
		out := fromDevice(t, p, u, d, totpMFA)
		out, err := reply(p, totpMFA, out.Session, u.Username, "SOFTWARE_TOKEN_MFA_CODE", u.TOTPCode(t))
		wantTokens(t, out, err)
		if out.AuthenticationResult.NewDeviceMetadata != nil {
			t.Errorf("new device: %+v, want none", out.AuthenticationResult.NewDeviceMetadata)
		}
		wantClaims(t, claims(t, *out.AuthenticationResult.AccessToken), map[string]any{"device_key": d.Key})
		need(t, setRemembered(p, u, d.Key, "remembered"))
		fromDevice(t, p, u, d, deviceSRP)
	}},
	{"without ChallengeRequiredOnNewDevice a remembered device does not replace the second factor", func(t *testing.T, start Start) {
		p := start(t, tracking(types.DeviceConfigurationType{}), withTOTP("OPTIONAL"))
		plain := p.NewUser(t)
		fromDevice(t, p, plain, plain.RememberDevice(t), deviceSRP)
		u := p.NewUser(t, cognitotest.TOTP())
		d := u.RememberDevice(t)
		fromDevice(t, p, u, d, totpMFA)
		if tokens := d.SignIn(t); tokens.AccessToken == "" {
			t.Error("no tokens")
		}
	}},
	{"a new password comes before the device", func(t *testing.T, start Start) {
		p := start(t, always())
		u := p.NewUser(t)
		d := u.RememberDevice(t)
		need(t, setPassword(p, u.Username, u.Password, false))
		out := fromDevice(t, p, u, d, types.ChallengeNameTypeNewPasswordRequired)
		out, err := respond(p, out.Session, u.Username, newPassword)
		need(t, err)
		if out.ChallengeName != deviceSRP {
			t.Errorf("challenge = %q, want DEVICE_SRP_AUTH", out.ChallengeName)
		}
	}},
	{"an administrator answers for a device too", func(t *testing.T, start Start) {
		p := start(t, always())
		u := p.NewUser(t)
		d := u.RememberDevice(t)
		first, err := adminInitiate(p, types.AuthFlowTypeAdminUserPasswordAuth, "", map[string]string{"USERNAME": u.Username, "PASSWORD": u.Password, "DEVICE_KEY": d.Key})
		need(t, err)
		client := srpclient.NewDevice(d.GroupKey)
		answer := func(challenge types.ChallengeNameType, session *string, responses map[string]string) *cip.AdminRespondToAuthChallengeOutput {
			out, err := p.Client().AdminRespondToAuthChallenge(ctx, &cip.AdminRespondToAuthChallengeInput{
				UserPoolId: &p.PoolID, ClientId: &p.ClientID, ChallengeName: challenge, Session: session, ChallengeResponses: responses,
			})
			need(t, err)
			return out
		}
		second := answer(first.ChallengeName, first.Session, map[string]string{"USERNAME": u.Username, "DEVICE_KEY": d.Key, "SRP_A": client.Public()})
		proof, err := client.AnswerDevice(second.ChallengeParameters, d.Password, time.Now())
		need(t, err)
		if last := answer(second.ChallengeName, second.Session, proof); last.AuthenticationResult == nil {
			t.Errorf("answer = %+v, want tokens", last)
		}
	}},
}

var deviceProofs = []Behaviour{
	{"a device answers with the session or, as clients do, without one, and once", func(t *testing.T, start Start) {
		p := start(t, always())
		u := p.NewUser(t)
		d := u.RememberDevice(t)
		_, err := beginProof(p, nil, u.Username, d)
		wantError(t, err, "InvalidParameterException", "Missing required parameter Session") // nobody asked yet
		for _, withSession := range []bool{true, false} {
			session := fromDevice(t, p, u, d, deviceSRP).Session
			if !withSession {
				session = nil
			}
			s, err := beginProof(p, session, u.Username, d)
			need(t, err)
			_, err = beginProof(p, session, u.Username, d)
			wantError(t, err, "NotAuthorizedException", "Invalid session for the user, session can only be used once.")
			out, err := s.answer(t, d.Password)
			wantTokens(t, out, err)
			_, err = s.answer(t, d.Password)
			wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		}
	}},
	{"two sign-ins from one device at once end both, with and without their sessions", func(t *testing.T, start Start) {
		p := start(t, always())
		u := p.NewUser(t)
		d := u.RememberDevice(t)
		for _, withSession := range []bool{true, false} {
			sessions := []*string{fromDevice(t, p, u, d, deviceSRP).Session, fromDevice(t, p, u, d, deviceSRP).Session}
			if !withSession {
				sessions = []*string{nil, nil}
			}
			for _, session := range sessions {
				s, err := beginProof(p, session, u.Username, d)
				need(t, err)
				out, err := s.answer(t, d.Password)
				wantTokens(t, out, err)
			}
		}
	}},
	{"a device has as long to answer as any challenge", func(t *testing.T, start Start) {
		p := start(t, always())
		fake := needFake(t, p, slow)
		u := p.NewUser(t)
		d := u.RememberDevice(t)
		for _, withSession := range []bool{true, false} {
			session := fromDevice(t, p, u, d, deviceSRP).Session
			if !withSession {
				session = nil
			}
			fake.Advance(3 * time.Minute)
			_, err := beginProof(p, session, u.Username, d)
			wantError(t, err, "NotAuthorizedException", "Invalid session for the user, session is expired.")
		}
		s, err := beginProof(p, fromDevice(t, p, u, d, deviceSRP).Session, u.Username, d)
		need(t, err)
		fake.Advance(3 * time.Minute)
		_, err = s.answer(t, d.Password)
		wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
	}},
	{"a session is of one user, one client and one device", func(t *testing.T, start Start) {
		p := start(t, always())
		u, other := p.NewUser(t), p.NewUser(t)
		d, second, theirs := u.RememberDevice(t), u.RememberDevice(t), other.RememberDevice(t)
		session := fromDevice(t, p, u, d, deviceSRP).Session
		_, err := beginProof(p, session, u.Username, second)
		wantError(t, err, "NotAuthorizedException", "Invalid session for the user.")
		_, err = beginProof(p, session, other.Username, theirs)
		wantError(t, err, "NotAuthorizedException", "Invalid session for the user.")
		_, err = beginProof(p, session, u.Username, theirs)
		wantError(t, err, "ResourceNotFoundException", deviceGone)
		client := p.NewAppClient(t)
		for _, s := range []*string{session, nil} {
			_, err = p.Client().RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{
				ClientId: &client.ID, ChallengeName: deviceSRP, Session: s,
				ChallengeResponses: map[string]string{"USERNAME": u.Username, "DEVICE_KEY": d.Key, "SRP_A": "2"},
			})
			wantError(t, err, "NotAuthorizedException", "Invalid session for the user.")
		}
		_, err = beginProof(p, aws.String("AYABeNoSessionAtAll0"), u.Username, d)
		wantError(t, err, "CodeMismatchException", "Invalid session provided")
	}},
	{"the answers of a device need their parameters", func(t *testing.T, start Start) {
		p := start(t, always())
		u := p.NewUser(t)
		d := u.RememberDevice(t)
		session := fromDevice(t, p, u, d, deviceSRP).Session
		_, err := reply(p, deviceSRP, session, u.Username, "SRP_A", "2")
		wantError(t, err, "InvalidParameterException", "Missing required parameter DEVICE_KEY")
		_, err = reply(p, deviceSRP, session, u.Username, "DEVICE_KEY", d.Key)
		wantError(t, err, "InvalidParameterException", "Missing required parameter SRP_A")
		for _, zero := range []string{"0", "-2", "G"} {
			_, err = reply(p, deviceSRP, session, u.Username, "DEVICE_KEY", d.Key, "SRP_A", zero)
			wantCode(t, err, "InvalidParameterException")
		}
		s, err := beginProof(p, session, u.Username, d)
		need(t, err)
		for _, name := range []string{"USERNAME", "DEVICE_KEY", "PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE", "TIMESTAMP"} {
			_, err = s.answer(t, d.Password, name, "")
			wantError(t, err, "InvalidParameterException", "Missing required parameter "+name)
		}
	}},
	{"a wrong proof of a device is refused, and the right one may follow", func(t *testing.T, start Start) {
		p := start(t, always())
		u := p.NewUser(t)
		d, second := u.RememberDevice(t), u.RememberDevice(t)
		s, err := beginProof(p, fromDevice(t, p, u, d, deviceSRP).Session, u.Username, d)
		need(t, err)
		for range 6 { // no lockout
			_, err = s.answer(t, second.Password)
			wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		}
		for name, value := range map[string]string{
			"PASSWORD_CLAIM_SIGNATURE": "AAAA", "DEVICE_KEY": second.Key, "USERNAME": p.NewUser(t).Username, "TIMESTAMP": "Sun Feb 4 11:08:39 UTC 2024",
		} {
			_, err = s.answer(t, d.Password, name, value)
			wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		}
		out, err := s.answer(t, d.Password)
		wantTokens(t, out, err)
	}},
	{"the block of a password does not serve for a device, nor that of a device for a password", func(t *testing.T, start Start) {
		p := start(t, always())
		u := p.NewUser(t)
		d := u.RememberDevice(t)
		password, err := beginSRP(p, u.Username)
		need(t, err)
		device, err := beginProof(p, fromDevice(t, p, u, d, deviceSRP).Session, u.Username, d)
		need(t, err)
		right, err := password.client.Answer(password.challenge.ChallengeParameters, u.Password, time.Now())
		need(t, err)
		right["DEVICE_KEY"] = d.Key
		swapped := func(challenge types.ChallengeNameType, responses map[string]string) error {
			return fail(p.Client().RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{
				ClientId: &p.ClientID, ChallengeName: challenge, ChallengeResponses: responses,
			}))
		}
		wantError(t, swapped(deviceVerifier, right), "NotAuthorizedException", "Incorrect username or password.")
		right, err = device.client.AnswerDevice(device.challenge.ChallengeParameters, d.Password, time.Now())
		need(t, err)
		wantError(t, swapped(types.ChallengeNameTypePasswordVerifier, right), "NotAuthorizedException", "Incorrect username or password.")
	}},
	{"a device that is forgotten meanwhile cannot end its sign-in", func(t *testing.T, start Start) {
		p := start(t, always())
		u := p.NewUser(t)
		d := u.RememberDevice(t)
		session := fromDevice(t, p, u, d, deviceSRP).Session
		s, err := beginProof(p, session, u.Username, d)
		need(t, err)
		need(t, forgetDevice(p, u, d.Key))
		_, err = s.answer(t, d.Password)
		wantError(t, err, "ResourceNotFoundException", deviceGone)
	}},
	{"a user who was disabled meanwhile cannot end the sign-in from a device", func(t *testing.T, start Start) {
		p := start(t, always())
		u := p.NewUser(t)
		d := u.RememberDevice(t)
		s, err := beginProof(p, fromDevice(t, p, u, d, deviceSRP).Session, u.Username, d)
		need(t, err)
		need(t, disable(p, u.Username))
		_, err = s.answer(t, d.Password)
		wantError(t, err, "NotAuthorizedException", "User is disabled.")
	}},
}
