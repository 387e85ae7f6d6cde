package signin

import (
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// answer moves a sign-in on by the answer to its challenge. Only success spends the session, so
// that a user can try again after a mistake.
func (s step) answer(in Answer) (outcome, error) {
	respond := responder(in.Challenge)
	if respond == nil {
		return outcome{}, &pool.NotSimulated{What: "ChallengeName " + string(in.Challenge)}
	}
	if err := s.checkParameters(in); err != nil {
		return outcome{}, err
	}
	st, u, err := s.resume(in)
	if err != nil {
		return outcome{}, err
	}
	out, err := respond(s, u, in.Responses)
	if err != nil {
		return outcome{}, err
	}
	s.pool.SpendSessionLocked(st.ID, st.Expires, s.now)
	return out, nil
}

// responder returns how the engine takes the answer to a challenge, or nil where it is not
// simulated.
func responder(name types.ChallengeNameType) func(step, *pool.User, map[string]string) (outcome, error) {
	switch name {
	case types.ChallengeNameTypeNewPasswordRequired:
		return step.newPassword
	}
	return nil
}

// checkParameters checks what every answer needs: Session, USERNAME and SECRET_HASH.
func (s step) checkParameters(in Answer) error {
	if in.Session == "" {
		return missingParameter("Session")
	}
	name := in.Responses["USERNAME"]
	if name == "" {
		return missingParameter("USERNAME")
	}
	return s.client.CheckSecretHash(name, in.Responses["SECRET_HASH"], pool.SecretHashUnverified)
}

// resume opens the session and finds the user, who must be the one that USERNAME names.
func (s step) resume(in Answer) (state, *pool.User, error) {
	st, err := s.sessions.open(in.Session)
	switch {
	case err != nil:
		return st, nil, err
	case !s.now.Before(st.Expires):
		return st, nil, sessionExpired()
	case s.pool.SessionSpentLocked(st.ID):
		return st, nil, sessionSpent()
	case st.Pool != s.pool.ID || st.Client != s.client.ID || st.Challenge != in.Challenge:
		return st, nil, sessionInvalid()
	}
	u, err := s.pool.UserLocked(in.Responses["USERNAME"])
	if err != nil || u.Sub != st.Sub {
		return st, nil, sessionInvalid()
	}
	return st, u, s.admissible(u)
}
