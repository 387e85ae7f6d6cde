package signin

import (
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// responder takes the answer to one kind of challenge.
type responder struct {
	// begin does what needs no lock, such as the arithmetic of SRP, and returns the move.
	begin func(*Engine, Answer) move
}

// responderOf returns the responder of a challenge and whether the engine has one.
func responderOf(name types.ChallengeNameType) (responder, bool) {
	switch name {
	case types.ChallengeNameTypeNewPasswordRequired:
		return responder{inSession(step.newPassword)}, true
	case types.ChallengeNameTypePasswordVerifier:
		return responder{(*Engine).beginVerifier}, true
	}
	return responder{}, false
}

// inSession makes a responder of a move on the user of the Session. Only success spends the session,
// so that a user can try again after a mistake.
func inSession(respond func(step, *pool.User, map[string]string) (outcome, error)) func(*Engine, Answer) move {
	return func(e *Engine, in Answer) move {
		return func(s step) (outcome, error) {
			if err := s.checkParameters(in, "Session"); err != nil {
				return outcome{}, err
			}
			st, err := s.sessions.open(in.Session)
			if err != nil {
				return outcome{}, err
			}
			u, err := s.resume(st, in)
			if err != nil {
				return outcome{}, err
			}
			return s.spending(st)(respond(s, u, in.Responses))
		}
	}
}

// spending marks a session as used where a move succeeded.
func (s step) spending(st state) func(outcome, error) (outcome, error) {
	return func(out outcome, err error) (outcome, error) {
		if err == nil {
			s.pool.SpendSessionLocked(st.ID, st.Expires, s.now)
		}
		return out, err
	}
}

// checkParameters checks what every answer needs, USERNAME and SECRET_HASH, and what this one needs
// besides.
func (s step) checkParameters(in Answer, required ...string) error {
	name := in.Responses["USERNAME"]
	for _, parameter := range append(required, "USERNAME") {
		if in.Responses[parameter] == "" && (parameter != "Session" || in.Session == "") {
			return missingParameter(parameter)
		}
	}
	return s.client.CheckSecretHash(name, in.Responses["SECRET_HASH"], pool.SecretHashUnverified)
}

// resume finds the user whose sign-in a state is, who must be the one that USERNAME names.
func (s step) resume(st state, in Answer) (*pool.User, error) {
	if err := s.usable(st, in.Challenge); err != nil {
		return nil, err
	}
	u, err := s.pool.UserLocked(in.Responses["USERNAME"])
	if err != nil || u.Sub != st.Sub {
		return nil, sessionInvalid()
	}
	return u, s.admissible(u)
}

// usable checks that a state is of this client and challenge, young enough and not spent.
func (s step) usable(st state, challenge types.ChallengeNameType) error {
	switch {
	case !s.now.Before(st.Expires):
		return sessionExpired()
	case s.pool.SessionSpentLocked(st.ID):
		return sessionSpent()
	case st.Pool != s.pool.ID || st.Client != s.client.ID || st.Challenge != challenge:
		return sessionInvalid()
	}
	return nil
}
