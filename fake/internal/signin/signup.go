package signin

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// Who signs up at a client that allows USER_AUTH can be signed in without a further code: SignUp
// returns a session, ConfirmSignUp takes it and returns the next one, and USER_AUTH takes that for
// the first factor.

// What the states of these sessions wait for, in place of a challenge.
const (
	confirmSignUp   types.ChallengeNameType = "ConfirmSignUp"
	signInConfirmed types.ChallengeNameType = "InitiateAuth"
)

// SignUp is somebody who signs up or confirms a sign-up, at an app client. The pool's lock must be
// held.
type SignUp struct {
	Pool   *pool.Pool
	Client *pool.Client
	User   *pool.User
	Now    time.Time
}

func (e *Engine) stepOf(up SignUp) step {
	return step{Engine: e, pool: up.Pool, client: up.Client, now: up.Now}
}

// SignUpSessionLocked returns the session of SignUp, or "" where the client does not allow USER_AUTH.
func (e *Engine) SignUpSessionLocked(up SignUp) (string, error) {
	return e.sessionLocked(up, confirmSignUp)
}

// ConfirmedSessionLocked returns the session of ConfirmSignUp, or "" where the client does not allow
// USER_AUTH. That it does not depend on the session of SignUp is inferred from clients that send
// none.
func (e *Engine) ConfirmedSessionLocked(up SignUp) (string, error) {
	return e.sessionLocked(up, signInConfirmed)
}

func (e *Engine) sessionLocked(up SignUp, waitsFor types.ChallengeNameType) (string, error) {
	if !pool.FlowAllowed(up.Client.Settings, types.AuthFlowTypeUserAuth) {
		return "", nil
	}
	return e.sessions.seal(e.stepOf(up).newState(waitsFor, up.User))
}

// CheckSignUpSessionLocked refuses a session that is not of this user's SignUp, or is too old. The
// answers are inferred: those of any session.
func (e *Engine) CheckSignUpSessionLocked(up SignUp, session string) error {
	_, err := e.stepOf(up).openFor(up.User, session, confirmSignUp)
	return err
}

// openFor opens a session of a user that waits for something.
func (s step) openFor(u *pool.User, session string, waitsFor types.ChallengeNameType) (state, error) {
	st, err := s.sessions.open(session)
	if err != nil {
		return state{}, err
	}
	if err := s.usable(st); err != nil {
		return state{}, err
	}
	if st.Sub != u.Sub || st.Challenge != waitsFor {
		return state{}, sessionInvalid()
	}
	return st, nil
}

// afterSignUp signs in who has just confirmed the sign-up, once. That what follows a password, such as a
// second factor, is asked for here too is inferred, as is that pre authentication is.
func afterSignUp(in Initiation) move {
	return func(s step) (outcome, error) {
		name := in.Parameters["USERNAME"]
		if err := s.client.CheckSecretHash(name, in.Parameters["SECRET_HASH"], in.secretMismatch()); err != nil {
			return outcome{}, err
		}
		u, err := s.pool.UserLocked(name)
		if err != nil {
			return outcome{}, sessionInvalid()
		}
		if _, err := s.openFor(u, in.Session, signInConfirmed); err != nil {
			return outcome{}, err
		}
		return s.announce(in, u, func(s step, u *pool.User) (outcome, error) {
			st, err := s.openFor(u, in.Session, signInConfirmed) // it may be spent by now
			if err != nil {
				return outcome{}, err
			}
			if err := s.admissible(u); err != nil {
				return outcome{}, err
			}
			return s.spending(st)(s.next(u))
		})
	}
}
