package triggers_test

import (
	"context"
	"errors"
	"net/url"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/examples/triggers"
	"github.com/cognitotest/cognito/fake"
)

// mailbox has the links that were sent, by address.
type mailbox map[string][]string

func (m mailbox) send(_ context.Context, email, link string) error {
	m[email] = append(m[email], link)
	return nil
}

// token returns the token in the newest link to an address.
func (m mailbox) token(t *testing.T, email string) string {
	t.Helper()
	links := m[email]
	if len(links) == 0 {
		t.Fatalf("no link was sent to %s", email)
	}
	link, err := url.Parse(links[len(links)-1])
	if err != nil {
		t.Fatal(err)
	}
	return link.Query().Get("token")
}

// withLinks makes a pool of whose users ann can sign in by links, and where callers cannot tell who
// exists.
func withLinks(t *testing.T) (*cognitotest.Provider, mailbox) {
	sent := mailbox{}
	link := triggers.MagicLink{Page: "https://www.example.com/signin", Send: sent.send}
	cog := cognitotest.New(t,
		cognitotest.WithAppClient(cip.CreateUserPoolClientInput{PreventUserExistenceErrors: types.PreventUserExistenceErrorTypesEnabled}),
		cognitotest.WithTrigger(fake.DefineAuthChallenge, fake.TriggerFunc(link.DefineAuthChallenge)),
		cognitotest.WithTrigger(fake.CreateAuthChallenge, fake.TriggerFunc(link.CreateAuthChallenge)),
		cognitotest.WithTrigger(fake.VerifyAuthChallengeResponse, fake.TriggerFunc(link.VerifyAuthChallengeResponse)),
	)
	cog.NewUser(t, cognitotest.Username("ann"), cognitotest.Email("ann@example.com"))
	return cog, sent
}

// ask begins a sign-in and returns its session.
func ask(t *testing.T, cog *cognitotest.Provider, username string) *string {
	t.Helper()
	out, err := cog.Client().InitiateAuth(context.Background(), &cip.InitiateAuthInput{
		ClientId: &cog.ClientID, AuthFlow: types.AuthFlowTypeCustomAuth, AuthParameters: map[string]string{"USERNAME": username},
	})
	if err != nil {
		t.Fatal(err)
	}
	if out.ChallengeName != types.ChallengeNameTypeCustomChallenge || out.ChallengeParameters["medium"] != "EMAIL" || out.ChallengeParameters["token"] != "" {
		t.Errorf("challenge = %s %v, want a custom one that tells the medium and not the token", out.ChallengeName, out.ChallengeParameters)
	}
	return out.Session
}

// open answers the challenge of a session.
func open(cog *cognitotest.Provider, session *string, username, token string) (*types.AuthenticationResultType, error) {
	out, err := cog.Client().RespondToAuthChallenge(context.Background(), &cip.RespondToAuthChallengeInput{
		ClientId: &cog.ClientID, ChallengeName: types.ChallengeNameTypeCustomChallenge, Session: session,
		ChallengeResponses: map[string]string{"USERNAME": username, "ANSWER": token},
	})
	if err != nil {
		return nil, err
	}
	return out.AuthenticationResult, nil
}

func TestTheLinkSignsIn(t *testing.T) {
	cog, sent := withLinks(t)
	session := ask(t, cog, "ann")
	result, err := open(cog, session, "ann", sent.token(t, "ann@example.com"))
	if err != nil || result == nil {
		t.Fatalf("result = %v, %v; want tokens", result, err)
	}
	if _, err := cog.Client().GetUser(context.Background(), &cip.GetUserInput{AccessToken: result.AccessToken}); err != nil {
		t.Errorf("the access token: %v", err)
	}
}

func TestOtherLinksDoNot(t *testing.T) {
	const inbox = "ann@example.com"
	for _, test := range []struct {
		reason string
		token  func(t *testing.T, cog *cognitotest.Provider, sent mailbox, session *string) string
	}{
		{"a guess", func(*testing.T, *cognitotest.Provider, mailbox, *string) string { return "guess" }},
		{"nothing but a space", func(*testing.T, *cognitotest.Provider, mailbox, *string) string { return " " }},
		{"the link of another sign-in", func(t *testing.T, cog *cognitotest.Provider, sent mailbox, _ *string) string {
			ask(t, cog, "ann")
			return sent.token(t, inbox)
		}},
		{"the right link, too late", func(t *testing.T, cog *cognitotest.Provider, sent mailbox, _ *string) string {
			cog.Fake(t).Advance(3*time.Minute + time.Second)
			return sent.token(t, inbox)
		}},
		{"the right link, after a guess", func(t *testing.T, cog *cognitotest.Provider, sent mailbox, session *string) string {
			open(cog, session, "ann", "guess")
			return sent.token(t, inbox)
		}},
		{"the right link, a second time", func(t *testing.T, cog *cognitotest.Provider, sent mailbox, session *string) string {
			open(cog, session, "ann", sent.token(t, inbox))
			return sent.token(t, inbox)
		}},
	} {
		t.Run(test.reason, func(t *testing.T) {
			cog, sent := withLinks(t)
			session := ask(t, cog, "ann")
			result, err := open(cog, session, "ann", test.token(t, cog, sent, session))
			if !errors.As(err, new(*types.NotAuthorizedException)) {
				t.Errorf("result = %v, error = %v; want NotAuthorizedException", result, err)
			}
		})
	}
}

func TestNobodyIsAskedForALinkTooAndGetsNone(t *testing.T) {
	cog, sent := withLinks(t)
	session := ask(t, cog, "eve")
	if len(sent) != 0 {
		t.Errorf("sent %v, want nothing", sent)
	}
	if result, err := open(cog, session, "eve", "guess"); !errors.As(err, new(*types.NotAuthorizedException)) {
		t.Errorf("result = %v, error = %v; want NotAuthorizedException", result, err)
	}
}

// TestNobodyNeverSignsIn calls the functions as a pool would, had it made somebody up in every detail.
func TestNobodyNeverSignsIn(t *testing.T) {
	sent := mailbox{}
	link := triggers.MagicLink{Send: sent.send}
	create := events.CognitoEventUserPoolsCreateAuthChallenge{}
	create.Request.UserNotFound = true
	create.Request.UserAttributes = map[string]string{"email": "eve@example.com", "email_verified": "true"}
	if made, err := link.CreateAuthChallenge(context.Background(), create); err != nil || made.Response.PrivateChallengeParameters["token"] == "" || len(sent) != 0 {
		t.Errorf("challenge %+v, %v, sent %v; want a challenge that is sent nowhere", made.Response, err, sent)
	}
	define := events.CognitoEventUserPoolsDefineAuthChallenge{}
	define.Request.UserNotFound = true
	define.Request.Session = []*events.CognitoEventUserPoolsChallengeResult{{ChallengeName: "CUSTOM_CHALLENGE", ChallengeResult: true}}
	if next, err := link.DefineAuthChallenge(context.Background(), define); err != nil || !next.Response.FailAuthentication || next.Response.IssueTokens {
		t.Errorf("after a right answer: %+v, %v; want the end", next.Response, err)
	}
}

func TestALinkThatCannotBeSentEndsTheSignIn(t *testing.T) {
	link := triggers.MagicLink{Send: func(context.Context, string, string) error { return errors.New("the mail server is down") }}
	cog := cognitotest.New(t,
		cognitotest.WithTrigger(fake.DefineAuthChallenge, fake.TriggerFunc(link.DefineAuthChallenge)),
		cognitotest.WithTrigger(fake.CreateAuthChallenge, fake.TriggerFunc(link.CreateAuthChallenge)))
	ann := cog.NewUser(t, cognitotest.Email("ann@example.com"))
	_, err := cog.Client().InitiateAuth(context.Background(), &cip.InitiateAuthInput{
		ClientId: &cog.ClientID, AuthFlow: types.AuthFlowTypeCustomAuth, AuthParameters: map[string]string{"USERNAME": ann.Username},
	})
	var failed *types.UserLambdaValidationException
	if want := "CreateAuthChallenge failed with error sending the link: the mail server is down."; !errors.As(err, &failed) || aws.ToString(failed.Message) != want {
		t.Errorf("error = %v, want %s", err, want)
	}
}
