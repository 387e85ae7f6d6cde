package backendtest

import (
	"errors"
	"maps"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/cognitotest/internal/passkeyclient"
	"github.com/cognitotest/cognito/cognitotest/internal/srpclient"
)

// asking is a sign-in that has come to a challenge, and the right answer to it.
type asking struct {
	p         *cognitotest.Provider
	u         *cognitotest.User
	challenge types.ChallengeNameType
	session   *string           // nil where the state is in a SECRET_BLOCK
	answer    map[string]string // with USERNAME, without SECRET_HASH
}

// request is the right answer of the provider's app client.
func (a asking) request() *cip.RespondToAuthChallengeInput {
	return &cip.RespondToAuthChallengeInput{
		ClientId: &a.p.ClientID, ChallengeName: a.challenge, Session: a.session,
		ChallengeResponses: hashed(a.answer, a.p.SecretHash(a.answer["USERNAME"])),
	}
}

// send sends the right answer, edited.
func (a asking) send(edit ...func(*cip.RespondToAuthChallengeInput)) error {
	in := a.request()
	for _, f := range edit {
		f(in)
	}
	return fail(a.p.Client().RespondToAuthChallenge(ctx, in))
}

// sendAs sends the right answer as an administrator of a pool and one of its clients.
func (a asking) sendAs(poolID, clientID *string) error {
	in := a.request()
	return fail(a.p.Client().AdminRespondToAuthChallenge(ctx, &cip.AdminRespondToAuthChallengeInput{
		UserPoolId: poolID, ClientId: clientID, ChallengeName: in.ChallengeName, Session: in.Session, ChallengeResponses: in.ChallengeResponses,
	}))
}

// wantRefusal checks the answer to a session that is no good, by its own text, or to a SECRET_BLOCK,
// which looks like a wrong password.
func (a asking) wantRefusal(t *testing.T, err error, text string) {
	t.Helper()
	if a.session == nil {
		text = "Incorrect username or password."
	}
	wantError(t, err, "NotAuthorizedException", text)
}

const (
	foreignSession = "Invalid session for the user."
	spentSession   = "Invalid session for the user, session can only be used once."
	oldSession     = "Invalid session for the user, session is expired."
)

// answering makes a sign-in that waits for an answer. Pairs of names and values are the answer.
func answering(p *cognitotest.Provider, u *cognitotest.User, challenge types.ChallengeNameType, session *string, namesAndValues ...string) asking {
	answer := map[string]string{"USERNAME": u.Username}
	for i := 0; i < len(namesAndValues); i += 2 {
		answer[namesAndValues[i]] = namesAndValues[i+1]
	}
	return asking{p, u, challenge, session, answer}
}

// challengeCase is a way to come to a challenge.
type challengeCase struct {
	why string
	ask func(t *testing.T, start Start) asking
}

// challengeCases are all challenges.
var challengeCases = []challengeCase{
	{"NEW_PASSWORD_REQUIRED", func(t *testing.T, start Start) asking {
		p := start(t)
		u := p.NewUser(t, cognitotest.TemporaryPassword())
		return answering(p, u, types.ChallengeNameTypeNewPasswordRequired, challenged(t, p, u).Session, "NEW_PASSWORD", newPassword)
	}},
	{"SMS_MFA", func(t *testing.T, start Start) asking { return askingCode(t, start, smsMFA, "SMS_MFA_CODE") }},
	{"EMAIL_OTP as a second factor", func(t *testing.T, start Start) asking { return askingCode(t, start, emailMFA, "EMAIL_OTP_CODE") }},
	{"SOFTWARE_TOKEN_MFA", func(t *testing.T, start Start) asking {
		p := start(t, withTOTP("ON"))
		u := p.NewUser(t, cognitotest.TOTP())
		return answering(p, u, totpMFA, asked(t, p, u, totpMFA).Session, "SOFTWARE_TOKEN_MFA_CODE", u.TOTPCode(t))
	}},
	{"SELECT_MFA_TYPE", func(t *testing.T, start Start) asking {
		p := mfaPool(t, start, "ON", smsMFA, emailMFA)
		u := p.NewUser(t, reachable...)
		return answering(p, u, selectMFA, asked(t, p, u, selectMFA).Session, "ANSWER", "SMS_MFA")
	}},
	{"MFA_SETUP", func(t *testing.T, start Start) asking {
		s := beginSetup(t, start(t, withTOTP("ON")))
		s.associate(t)
		need(t, s.verify(t, codeAt(t, s.p, s.secret, 0)))
		return answering(s.p, s.u, setUpMFA, s.session)
	}},
	{"SELECT_CHALLENGE", func(t *testing.T, start Start) asking {
		p := start(t, choosing)
		u := p.NewUser(t)
		return answering(p, u, selectFirst, preferring(t, p, u.Username, "", selectFirst).Session, "ANSWER", "PASSWORD", "PASSWORD", u.Password)
	}},
	{"PASSWORD", func(t *testing.T, start Start) asking {
		p := start(t, choosing)
		u := p.NewUser(t)
		return answering(p, u, password, preferring(t, p, u.Username, password, password).Session, "PASSWORD", u.Password)
	}},
	{"PASSWORD_SRP", func(t *testing.T, start Start) asking {
		p := start(t, choosing)
		u := p.NewUser(t)
		return answering(p, u, passwordSRP, preferring(t, p, u.Username, passwordSRP, passwordSRP).Session, "SRP_A", srpclient.New(p.PoolID).Public())
	}},
	{"EMAIL_OTP as the first factor", func(t *testing.T, start Start) asking { return askingFirst(t, start, emailOTP, "EMAIL_OTP_CODE") }},
	{"SMS_OTP", func(t *testing.T, start Start) asking { return askingFirst(t, start, smsOTP, "SMS_OTP_CODE") }},
	{"WEB_AUTHN", func(t *testing.T, start Start) asking {
		p := start(t, withPasskeys())
		a := new(passkeyclient.Authenticator)
		u := holder(t, p, a)
		out := asksPasskey(t, p, u)
		return answering(p, u, passkey, out.Session, "CREDENTIAL", signs(t, a, out.ChallengeParameters[requestOptions]))
	}},
	{"CUSTOM_CHALLENGE", func(t *testing.T, start Start) asking {
		p := start(t)
		riddles(t, p)
		u := p.NewUser(t)
		first, err := beginCustom(p, u.Username)
		need(t, err)
		second, err := reply(p, customChallenge, first.Session, u.Username, "ANSWER", "one")
		need(t, err)
		return answering(p, u, customChallenge, second.Session, "ANSWER", "two")
	}},
	{"PASSWORD_VERIFIER", func(t *testing.T, start Start) asking {
		p := start(t)
		u := p.NewUser(t)
		s, err := beginSRP(p, u.Username)
		need(t, err)
		proof, err := s.client.Answer(s.challenge.ChallengeParameters, u.Password, time.Now())
		need(t, err)
		return answering(p, u, verifier, nil, pairsOf(proof)...)
	}},
	{"DEVICE_SRP_AUTH", func(t *testing.T, start Start) asking {
		p := start(t, always())
		u := p.NewUser(t)
		d := u.RememberDevice(t)
		return answering(p, u, deviceSRP, fromDevice(t, p, u, d, deviceSRP).Session, "DEVICE_KEY", d.Key, "SRP_A", srpclient.NewDevice(d.GroupKey).Public())
	}},
	{"DEVICE_PASSWORD_VERIFIER", func(t *testing.T, start Start) asking {
		p := start(t, always())
		u := p.NewUser(t)
		d := u.RememberDevice(t)
		s, err := beginProof(p, fromDevice(t, p, u, d, deviceSRP).Session, u.Username, d)
		need(t, err)
		proof, err := s.client.AnswerDevice(s.challenge.ChallengeParameters, d.Password, time.Now())
		need(t, err)
		return answering(p, u, deviceVerifier, nil, pairsOf(proof)...)
	}},
}

// askingCode comes to the challenge of a second factor that delivers a code.
func askingCode(t *testing.T, start Start, factor types.ChallengeNameType, response string) asking {
	t.Helper()
	p := mfaPool(t, start, "ON", factor)
	u := p.NewUser(t, reachable...)
	return answering(p, u, factor, asked(t, p, u, factor).Session, response, u.Code(t))
}

// askingFirst comes to the challenge of a one-time password.
func askingFirst(t *testing.T, start Start, factor types.ChallengeNameType, response string) asking {
	t.Helper()
	p := oneTimePool(t, start)
	u := p.NewUser(t, reachable...)
	return answering(p, u, factor, preferring(t, p, u.Username, factor, factor).Session, response, u.Code(t))
}

// inEvery makes a behaviour of a check on each challenge.
func inEvery(check func(t *testing.T, a asking), opts ...cognitotest.Option) func(*testing.T, Start) {
	return func(t *testing.T, start Start) {
		for _, c := range challengeCases {
			part(t, c.why, func(t *testing.T) {
				check(t, c.ask(t, func(t *testing.T, more ...cognitotest.Option) *cognitotest.Provider {
					return start(t, append(more, opts...)...)
				}))
			})
		}
	}
}

// as replaces a response, or removes it where value is "".
func as(name, value string) func(*cip.RespondToAuthChallengeInput) {
	return func(in *cip.RespondToAuthChallengeInput) {
		in.ChallengeResponses = maps.Clone(in.ChallengeResponses)
		in.ChallengeResponses[name] = value
		if value == "" {
			delete(in.ChallengeResponses, name)
		}
	}
}

var everyChallenge = []Behaviour{
	{"every right answer ends the sign-in, or leads to another challenge in a new session", inEvery(func(t *testing.T, a asking) {
		out, err := a.p.Client().RespondToAuthChallenge(ctx, a.request())
		need(t, err)
		if out.ChallengeParameters == nil {
			t.Error("no ChallengeParameters, want an empty object at least")
		}
		switch {
		case out.AuthenticationResult != nil && (out.ChallengeName != "" || out.Session != nil || len(out.ChallengeParameters) != 0):
			t.Errorf("answer = %+v, want tokens and nothing else", out)
		case out.AuthenticationResult == nil && (out.ChallengeName == a.challenge || out.Session == nil || *out.Session == aws.ToString(a.session)):
			t.Errorf("answer = %+v, want tokens, or another challenge and session", out)
		}
	})},
	{"administrators answer every challenge", inEvery(func(t *testing.T, a asking) {
		need(t, a.sendAs(&a.p.PoolID, &a.p.ClientID))
	})},
	{"every answer to a client with a secret needs the SECRET_HASH of the USERNAME that it names", inEvery(func(t *testing.T, a asking) {
		wantError(t, a.send(as("SECRET_HASH", "")), "NotAuthorizedException",
			"Client "+a.p.ClientID+" is configured with secret but SECRET_HASH was not received")
		wantError(t, a.send(as("SECRET_HASH", a.p.SecretHash("somebody else"))), "NotAuthorizedException",
			"Unable to verify secret hash for client "+a.p.ClientID)
		need(t, a.send())
	}, cognitotest.WithClientSecret())},
	{"every answer to a client without a secret comes without SECRET_HASH", inEvery(func(t *testing.T, a asking) {
		wantError(t, a.send(as("SECRET_HASH", "AAAA")), invalid,
			"App client "+a.p.ClientID+" is not configured for secret but secret hash was received")
		need(t, a.send())
	})},
	{"every answer needs a USERNAME and, but for those to SRP, a Session", inEvery(func(t *testing.T, a asking) {
		wantError(t, a.send(as("USERNAME", "")), invalid, "Missing required parameter USERNAME")
		if a.session != nil && a.challenge != deviceSRP {
			wantError(t, a.send(func(in *cip.RespondToAuthChallengeInput) { in.Session = nil }), invalid, "Missing required parameter Session")
		}
		need(t, a.send())
	})},
	{"every challenge is answered once", inEvery(func(t *testing.T, a asking) {
		need(t, a.send())
		a.wantRefusal(t, a.send(), spentSession)
	})},
	{"of several answers to a challenge at once one is taken", inEvery(func(t *testing.T, a asking) {
		var taken atomic.Int32
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if a.send() == nil {
					taken.Add(1)
				}
			})
		}
		wg.Wait()
		if got := taken.Load(); got != 1 {
			t.Errorf("%d answers were taken, want 1", got)
		}
	})},
	{"an answer that meets a change of its user is taken or refused, and breaks nothing", inEvery(func(t *testing.T, a asking) {
		in := &cip.AdminDeleteUserInput{UserPoolId: &a.p.PoolID, Username: &a.u.Username}
		var wg sync.WaitGroup
		for _, work := range []func() error{
			func() error { return a.send() },
			func() error { return a.send() },
			func() error { return disable(a.p, a.u.Username) },
			func() error { return setPassword(a.p, a.u.Username, newPassword, false) },
			func() error { return setPreference(a.p, a.u, software(true, true)) },
			func() error { return update(a.p, a.u.Username, "email", "new@example.com", "phone_number", "") },
			func() error { return fail(a.p.Client().AdminDeleteUser(ctx, in)) },
		} {
			wg.Go(func() {
				var e smithy.APIError
				if err := work(); err != nil && (!errors.As(err, &e) || e.ErrorFault() == smithy.FaultServer) {
					t.Errorf("unexpected error: %v", err)
				}
			})
		}
		wg.Wait()
	})},
	{"every challenge expires", inEvery(func(t *testing.T, a asking) {
		pass(t, a.p, 3*time.Minute)
		a.wantRefusal(t, a.send(), oldSession)
	})},
	{"every challenge is of one app client", inEvery(func(t *testing.T, a asking) {
		other := a.p.NewAppClient(t)
		a.wantRefusal(t, a.send(func(in *cip.RespondToAuthChallengeInput) { in.ClientId = &other.ID }), foreignSession)
		need(t, a.send())
	})},
	{"every challenge is of one pool", inEvery(func(t *testing.T, a asking) {
		pool, client := neighbour(t, a)
		if a.challenge == deviceSRP { // the user there has no such device
			wantError(t, a.sendAs(pool, client), "ResourceNotFoundException", deviceGone)
			return
		}
		a.wantRefusal(t, a.sendAs(pool, client), foreignSession)
	})},
	{"every challenge is of one user", inEvery(func(t *testing.T, a asking) {
		other := a.p.NewUser(t).Username
		if a.challenge == deviceSRP {
			wantError(t, a.send(as("USERNAME", other)), "ResourceNotFoundException", deviceGone)
			return
		}
		a.wantRefusal(t, a.send(as("USERNAME", other)), foreignSession)
		a.wantRefusal(t, a.send(as("USERNAME", "nobody")), foreignSession)
		need(t, a.send())
	})},
	{"every challenge is answered under its own name", inEvery(func(t *testing.T, a asking) {
		name, response := types.ChallengeNameTypeNewPasswordRequired, "NEW_PASSWORD"
		if a.challenge == name {
			name, response = smsMFA, "SMS_MFA_CODE"
		}
		if a.session == nil {
			return // there is no session to misuse
		}
		a.wantRefusal(t, a.send(as(response, newPassword), func(in *cip.RespondToAuthChallengeInput) { in.ChallengeName = name }), foreignSession)
		need(t, a.send())
	})},
	{"a user who is disabled meanwhile answers no challenge", inEvery(func(t *testing.T, a asking) {
		need(t, disable(a.p, a.u.Username))
		wantError(t, a.send(), "NotAuthorizedException", "User is disabled.")
	})},
	{"a user who is deleted meanwhile answers no challenge, even if somebody takes the name", inEvery(func(t *testing.T, a asking) {
		need(t, fail(a.p.Client().AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: &a.p.PoolID, Username: &a.u.Username})))
		a.wantRefusal(t, a.send(), foreignSession)
		a.p.NewUser(t, cognitotest.Username(a.u.Username), cognitotest.Password(a.u.Password))
		if a.challenge == deviceSRP {
			wantError(t, a.send(), "ResourceNotFoundException", deviceGone)
			return
		}
		a.wantRefusal(t, a.send(), foreignSession)
	})},
}

// neighbour makes another pool of the same account, with a client and a user of the same name.
func neighbour(t *testing.T, a asking) (poolID, clientID *string) {
	t.Helper()
	c := a.p.Client()
	pool, err := createPool(t, c, marked(a.p, cip.CreateUserPoolInput{DeviceConfiguration: &types.DeviceConfigurationType{}}))
	need(t, err)
	client, err := c.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{UserPoolId: pool.Id, ClientName: aws.String("client")})
	need(t, err)
	need(t, fail(c.AdminCreateUser(ctx, &cip.AdminCreateUserInput{UserPoolId: pool.Id, Username: &a.u.Username, MessageAction: types.MessageActionTypeSuppress})))
	return pool.Id, client.UserPoolClient.ClientId
}
