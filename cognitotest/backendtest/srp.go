package backendtest

import (
	"maps"
	"regexp"
	"strings"
	"testing"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/cognitotest/internal/srpclient"
)

// srpSignIn is a sign-in by SRP that has come to PASSWORD_VERIFIER.
type srpSignIn struct {
	p         *cognitotest.Provider
	client    *srpclient.Client
	challenge *cip.InitiateAuthOutput
}

func beginSRP(p *cognitotest.Provider, username string) (srpSignIn, error) {
	s := srpSignIn{p: p, client: srpclient.New(p.PoolID)}
	var err error
	s.challenge, err = initiate(p, types.AuthFlowTypeUserSrpAuth, p.SecretHash(username), map[string]string{"USERNAME": username, "SRP_A": s.client.Public()})
	return s, err
}

// answer proves a password. Pairs of names and values replace responses.
func (s srpSignIn) answer(t *testing.T, password string, replace ...string) (*cip.RespondToAuthChallengeOutput, error) {
	t.Helper()
	now := time.Now()
	responses, err := s.client.Answer(s.challenge.ChallengeParameters, password, now)
	need(t, err)
	for i := 0; i < len(replace); i += 2 {
		responses[replace[i]] = replace[i+1]
	}
	maps.DeleteFunc(responses, func(_, value string) bool { return value == "" })
	return s.p.Client().RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{
		ClientId: &s.p.ClientID, ChallengeName: types.ChallengeNameTypePasswordVerifier,
		ChallengeResponses: hashed(responses, s.p.SecretHash(responses["USERNAME"])),
	})
}

// answerAt proves a password with a TIMESTAMP of its own.
func (s srpSignIn) answerAt(t *testing.T, password, timestamp string) (*cip.RespondToAuthChallengeOutput, error) {
	t.Helper()
	responses, err := s.client.AnswerAt(s.challenge.ChallengeParameters, password, timestamp)
	need(t, err)
	return reply(s.p, types.ChallengeNameTypePasswordVerifier, nil, responses["USERNAME"], pairsOf(responses)...)
}

// proveSRP signs a user in by SRP, as far as the proof of a password.
func proveSRP(t *testing.T, p *cognitotest.Provider, u *cognitotest.User, password string) error {
	t.Helper()
	s, err := beginSRP(p, u.Username)
	need(t, err)
	return fail(s.answer(t, password))
}

var srpSignIns = []Behaviour{
	{"a user signs in by SRP, with and without a client secret", func(t *testing.T, start Start) {
		for _, opts := range [][]cognitotest.Option{nil, {cognitotest.WithClientSecret()}} {
			if tokens := start(t, opts...).NewUser(t).SignInSRP(t); tokens.AccessToken == "" || tokens.RefreshToken == "" {
				t.Errorf("tokens = %+v", tokens)
			}
		}
	}},
	{"the challenge of SRP has five parameters in hexadecimal and base64, and no session", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		s, err := beginSRP(p, u.Username)
		need(t, err)
		if s.challenge.ChallengeName != types.ChallengeNameTypePasswordVerifier || s.challenge.Session != nil {
			t.Errorf("challenge %s with session %v, want PASSWORD_VERIFIER without", s.challenge.ChallengeName, s.challenge.Session)
		}
		for name, pattern := range map[string]string{
			"SALT": "^[1-7][0-9a-f]{31}$", "SRP_B": "^[0-9a-f]{700,768}$", "SECRET_BLOCK": "^[0-9A-Za-z+/]{600,}={0,2}$",
			"USERNAME": "^" + u.Username + "$", "USER_ID_FOR_SRP": "^" + u.Username + "$",
		} {
			if got := s.challenge.ChallengeParameters[name]; !regexp.MustCompile(pattern).MatchString(got) {
				t.Errorf("%s = %q, want %s", name, got, pattern)
			}
		}
		if n := len(s.challenge.ChallengeParameters); n != 5 {
			t.Errorf("%d parameters, want 5", n)
		}
	}},
	{"an administrator begins SRP too", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		client := srpclient.New(p.PoolID)
		first, err := adminInitiate(p, types.AuthFlowTypeUserSrpAuth, "", map[string]string{"USERNAME": u.Username, "SRP_A": client.Public()})
		need(t, err)
		responses, err := client.Answer(first.ChallengeParameters, u.Password, time.Now())
		need(t, err)
		out, err := p.Client().AdminRespondToAuthChallenge(ctx, &cip.AdminRespondToAuthChallengeInput{
			UserPoolId: &p.PoolID, ClientId: &p.ClientID, ChallengeName: first.ChallengeName, ChallengeResponses: responses,
		})
		need(t, err)
		if out.AuthenticationResult == nil {
			t.Errorf("answer = %+v, want tokens", out)
		}
	}},
	{"a wrong proof of the password is refused", func(t *testing.T, start Start) {
		p := start(t)
		s, err := beginSRP(p, p.NewUser(t).Username)
		need(t, err)
		_, err = s.answer(t, "Wrong-1234")
		wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
	}},
	{"the proof covers the secret block, the user and the timestamp", func(t *testing.T, start Start) {
		p := start(t)
		u, other := p.NewUser(t), p.NewUser(t)
		theirs, err := beginSRP(p, other.Username)
		need(t, err)
		for name, value := range map[string]string{
			"PASSWORD_CLAIM_SECRET_BLOCK": theirs.challenge.ChallengeParameters["SECRET_BLOCK"],
			"PASSWORD_CLAIM_SIGNATURE":    "AAAA",
			"USERNAME":                    other.Username,
			"TIMESTAMP":                   "Sun Feb 4 11:08:39 UTC 2024", // of another proof
		} {
			s, err := beginSRP(p, u.Username)
			need(t, err)
			_, err = s.answer(t, u.Password, name, value)
			wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		}
	}},
	{"the answer to SRP needs its parameters", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		for _, name := range []string{"USERNAME", "PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE", "TIMESTAMP"} {
			s, err := beginSRP(p, u.Username)
			need(t, err)
			_, err = s.answer(t, u.Password, name, "")
			wantError(t, err, "InvalidParameterException", "Missing required parameter "+name)
		}
	}},
	{"users sign in by SRP under an alias, whose stored username the proof is made of", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{UsernameAttributes: []types.UsernameAttributeType{types.UsernameAttributeTypeEmail}}))
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		s, err := beginSRP(p, "ann@example.com")
		need(t, err)
		if got := s.challenge.ChallengeParameters["USER_ID_FOR_SRP"]; got != u.Sub {
			t.Errorf("USER_ID_FOR_SRP = %s, want the sub %s", got, u.Sub)
		}
		_, err = s.answer(t, u.Password, "USERNAME", "ann@example.com")
		need(t, err)
	}},
	{"a user with a temporary password must change it after the proof", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.TemporaryPassword())
		s, err := beginSRP(p, u.Username)
		need(t, err)
		out, err := s.answer(t, u.Password)
		need(t, err)
		if out.ChallengeName != types.ChallengeNameTypeNewPasswordRequired {
			t.Fatalf("challenge = %q, want NEW_PASSWORD_REQUIRED", out.ChallengeName)
		}
		last, err := respond(p, out.Session, u.Username, newPassword)
		need(t, err)
		if last.AuthenticationResult == nil {
			t.Errorf("answer = %+v, want tokens", last)
		}
	}},
	{"SRP names an unknown user to a client that hides nothing", func(t *testing.T, start Start) {
		_, err := beginSRP(start(t), "nobody")
		wantError(t, err, "UserNotFoundException", "User does not exist.")
	}},
	{"a client that hides who exists gets a made-up challenge for an unknown user, the same each time, and is refused at the proof", func(t *testing.T, start Start) {
		p := start(t, hiding)
		var salts, ids []string
		for range 2 {
			s, err := beginSRP(p, "nobody")
			need(t, err)
			salts = append(salts, s.challenge.ChallengeParameters["SALT"])
			ids = append(ids, s.challenge.ChallengeParameters["USER_ID_FOR_SRP"])
			_, err = s.answer(t, "Wrong-1234")
			wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		}
		uuid := regexp.MustCompile("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
		if salts[0] != salts[1] || ids[0] != ids[1] || !uuid.MatchString(ids[0]) {
			t.Errorf("salts %v, ids %v; want the same twice, and a UUID", salts, ids)
		}
	}},
	{"failures of SRP count towards the lockout as passwords do", func(t *testing.T, start Start) {
		p := start(t)
		s := needFake(t, p, slow)
		u := p.NewUser(t)
		for range 5 {
			attempt, err := beginSRP(p, u.Username)
			need(t, err)
			_, err = attempt.answer(t, "Wrong-1234")
			wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		}
		_, err := signIn(p, u.Username, u.Password)
		wantError(t, err, "NotAuthorizedException", "Password attempts exceeded")
		s.Advance(time.Second)
		_, err = signIn(p, u.Username, u.Password)
		need(t, err)
	}},
	{"users whose state forbids a sign-in are told so by SRP, whatever the password", func(t *testing.T, start Start) {
		p := start(t)
		reset, disabled := p.NewUser(t, cognitotest.Email("ann@example.com")), p.NewUser(t)
		need(t, resetPassword(p, reset.Username))
		need(t, disable(p, disabled.Username))
		for _, row := range []struct {
			u             *cognitotest.User
			code, message string
		}{
			{p.NewUser(t, cognitotest.Unconfirmed()), "UserNotConfirmedException", "User is not confirmed."},
			{reset, "PasswordResetRequiredException", "Password reset required for the user"},
			{disabled, "NotAuthorizedException", "User is disabled."},
		} {
			for _, password := range []string{row.u.Password, "Wrong-1234"} {
				wantError(t, proveSRP(t, p, row.u, password), row.code, row.message)
			}
		}
	}},
	{"a temporary password that has expired is refused by SRP", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.TemporaryPassword())
		pass(t, p, 7*24*time.Hour)
		wantError(t, proveSRP(t, p, u, u.Password), "NotAuthorizedException", "Temporary password has expired and must be reset by an administrator.")
	}},
	{"a password that is changed meanwhile cannot be proven any more", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		s, err := beginSRP(p, u.Username)
		need(t, err)
		need(t, setPassword(p, u.Username, newPassword, true))
		for _, password := range []string{u.Password, newPassword} { // the challenge was made for the first
			_, err = s.answer(t, password)
			wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		}
		need(t, proveSRP(t, p, u, newPassword))
	}},
	{"the timestamp of a proof is written in English, in UTC", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		for _, timestamp := range []string{"2024-02-04T11:08:39Z", "Dom Feb 4 11:08:39 UTC 2024", "Sun févr. 4 11:08:39 UTC 2024", "Sun Feb 4 11:08:39 +05:30 2024", "Sun, 04 Feb 2024 11:08:39 GMT"} {
			s, err := beginSRP(p, u.Username)
			need(t, err)
			_, err = s.answerAt(t, u.Password, timestamp)
			wantError(t, err, invalid, "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.")
		}
	}},
	{"a timestamp with a zero before the day, or with another day of the week, proves nothing", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		for timestamp, good := range map[string]bool{
			"Sun Feb 4 11:08:39 UTC 2024": true, "Sun Feb 04 11:08:39 UTC 2024": false, "Mon Feb 4 11:08:39 UTC 2024": false,
		} {
			s, err := beginSRP(p, u.Username)
			need(t, err)
			if _, err = s.answerAt(t, u.Password, timestamp); good {
				need(t, err)
				continue
			}
			wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		}
	}},
	{"what is no SECRET_BLOCK proves nothing", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		s, err := beginSRP(p, u.Username)
		need(t, err)
		block := s.challenge.ChallengeParameters["SECRET_BLOCK"]
		for _, forged := range []string{"*", "AAAA", block[:len(block)/2], strings.Repeat("A", len(block))} {
			_, err := s.answer(t, u.Password, "PASSWORD_CLAIM_SECRET_BLOCK", forged)
			wantCode(t, err, "NotAuthorizedException")
		}
	}},
	{"an SRP_A that is no usable number is refused", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		prime := srpclient.Prime()
		for _, A := range []string{"0", "xyz", "-5", strings.Repeat("0", 10), prime.Text(16), prime.Lsh(prime, 1).Text(16)} {
			_, err := initiate(p, types.AuthFlowTypeUserSrpAuth, "", map[string]string{"USERNAME": u.Username, "SRP_A": A})
			wantCode(t, err, "InvalidParameterException")
		}
	}},
	{"the proof must come within the lifetime of a session, and counts once", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		s, err := beginSRP(p, u.Username)
		need(t, err)
		_, err = s.answer(t, u.Password)
		need(t, err)
		_, err = s.answer(t, u.Password)
		wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		late, err := beginSRP(p, u.Username)
		need(t, err)
		pass(t, p, 3*time.Minute)
		_, err = late.answer(t, u.Password)
		wantCode(t, err, "NotAuthorizedException")
	}},
}
