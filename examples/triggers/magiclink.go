package triggers

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"net/url"

	"github.com/aws/aws-lambda-go/events"
)

// MagicLink lets users sign in by a link in an e-mail. Its functions make a custom authentication of one
// challenge. The page behind the link answers it with the token in the link, and with the session that
// the browser has kept since the sign-in began.
type MagicLink struct {
	Page string // the URL of that page
	Send func(ctx context.Context, email, link string) error
}

// secret is the name of what the answer is compared with.
const secret = "token"

// DefineAuthChallenge asks for one link. A right answer signs in, and there is no second try.
func (m MagicLink) DefineAuthChallenge(_ context.Context, e events.CognitoEventUserPoolsDefineAuthChallenge) (events.CognitoEventUserPoolsDefineAuthChallenge, error) {
	switch rounds := e.Request.Session; {
	case len(rounds) == 0:
		e.Response.ChallengeName = "CUSTOM_CHALLENGE"
	case len(rounds) == 1 && rounds[0].ChallengeName == "CUSTOM_CHALLENGE" && rounds[0].ChallengeResult && !e.Request.UserNotFound:
		e.Response.IssueTokens = true
	default:
		e.Response.FailAuthentication = true
	}
	return e, nil
}

// CreateAuthChallenge sends the link. A caller cannot tell whether there is such a user: nobody is asked
// for a link too, which is sent nowhere.
func (m MagicLink) CreateAuthChallenge(ctx context.Context, e events.CognitoEventUserPoolsCreateAuthChallenge) (events.CognitoEventUserPoolsCreateAuthChallenge, error) {
	token := rand.Text()
	e.Response.PublicChallengeParameters = map[string]string{"medium": "EMAIL"}
	e.Response.PrivateChallengeParameters = map[string]string{secret: token}
	email := e.Request.UserAttributes["email"]
	if e.Request.UserNotFound || e.Request.UserAttributes["email_verified"] != "true" {
		return e, nil
	}
	if err := m.Send(ctx, email, m.Page+"?token="+url.QueryEscape(token)); err != nil {
		return e, fmt.Errorf("sending the link: %w", err)
	}
	return e, nil
}

// VerifyAuthChallengeResponse compares the answer with the token, in a time that tells nothing.
func (m MagicLink) VerifyAuthChallengeResponse(_ context.Context, e events.CognitoEventUserPoolsVerifyAuthChallenge) (events.CognitoEventUserPoolsVerifyAuthChallenge, error) {
	answer, _ := e.Request.ChallengeAnswer.(string)
	token := e.Request.PrivateChallengeParameters[secret]
	e.Response.AnswerCorrect = token != "" && subtle.ConstantTimeCompare([]byte(answer), []byte(token)) == 1
	return e, nil
}
