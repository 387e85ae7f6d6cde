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
			"TIMESTAMP":                   "Sun Feb 4 11:08:39 UTC 2024",
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
		s := p.Fake(t)
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
	{"an unconfirmed user who signs in by SRP is told so", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Unconfirmed())
		s, err := beginSRP(p, u.Username)
		need(t, err)
		_, err = s.answer(t, u.Password)
		wantError(t, err, "UserNotConfirmedException", "User is not confirmed.")
	}},
	{"an SRP_A that is no usable number is refused", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		for _, A := range []string{"0", "xyz", "-5", strings.Repeat("0", 10)} {
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
		wantCode(t, err, "NotAuthorizedException")
		late, err := beginSRP(p, u.Username)
		need(t, err)
		p.Fake(t).Advance(3 * time.Minute)
		_, err = late.answer(t, u.Password)
		wantCode(t, err, "NotAuthorizedException")
	}},
}
