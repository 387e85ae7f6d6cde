package signin

import (
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// responder takes the answer to one kind of challenge: it does what needs no lock, such as the
// arithmetic of SRP, and returns the move.
type responder func(*Engine, Answer) move

// responderOf returns the responder of a challenge, or nil where the engine has none.
func responderOf(name types.ChallengeNameType) responder {
	switch name {
	case types.ChallengeNameTypeNewPasswordRequired:
		return inSession(step.newPassword)
	case types.ChallengeNameTypePasswordVerifier:
		return inBlock(step.proven)
	case types.ChallengeNameTypeDeviceSrpAuth:
		return (*Engine).beginDevice
	case types.ChallengeNameTypeDevicePasswordVerifier:
		return inBlock(step.deviceProven)
	case types.ChallengeNameTypeSelectMfaType:
		return inSession(step.selectFactor)
	case types.ChallengeNameTypeMfaSetup:
		return inSession(step.setUpFactor)
	case types.ChallengeNameTypeSelectChallenge:
		return choosing("ANSWER")
	case types.ChallengeNameTypePassword:
		return choosing("PASSWORD")
	case types.ChallengeNameTypePasswordSrp:
		return choosing("SRP_A")
	case types.ChallengeNameTypeWebAuthn:
		return (*Engine).beginPasskey
	case types.ChallengeNameTypeCustomChallenge:
		return inSession(step.answerCustom)
	case types.ChallengeNameTypeSmsOtp:
		return inSession(codeIn("SMS_OTP_CODE"))
	case pool.FactorSMS:
		return inSession(codeIn("SMS_MFA_CODE"))
	case pool.FactorEmail: // first or second
		return inSession(codeIn("EMAIL_OTP_CODE"))
	case pool.FactorTOTP:
		return inSession(step.totp)
	}
	return nil
}

// reply is the answer to a challenge once its session and user are found good.
type reply struct {
	state     state
	user      *pool.User
	responses map[string]string
}

// get returns a response that the challenge needs.
func (r reply) get(name string) (string, error) {
	if r.responses[name] == "" {
		return "", missingParameter(name)
	}
	return r.responses[name], nil
}

// inSession makes a responder of a move on the user of the Session. Only success spends the session,
// so that a user can try again after a mistake.
func inSession(respond func(step, reply) (outcome, error)) responder {
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
			s.trail = st.Trail.follow(in.Responses).answeredBy(u, in.Responses)
			return s.spending(st)(respond(s, reply{st, u, in.Responses}))
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
	if err := s.usable(st); err != nil {
		return nil, err
	}
	u, err := s.userOf(st, in.Responses["USERNAME"])
	switch {
	case err != nil:
		return nil, err
	case in.Challenge == pool.FactorTOTP && !u.HasTOTP():
		return nil, pool.TOTPNotFound() // whatever was asked
	case in.Challenge != st.Challenge:
		return nil, sessionInvalid()
	case st.First:
		return u, s.admissibleByCode(u)
	}
	return u, s.admissible(u)
}

// userOf returns the user of a state, whom a name must name.
func (s step) userOf(st state, name string) (*pool.User, error) {
	if st.Nobody != "" && st.Nobody == s.pool.PretendedID(name) {
		return s.pool.PretendUser(name), nil
	}
	u, err := s.pool.UserLocked(name)
	if err != nil || u.Sub != st.Sub {
		return nil, sessionInvalid()
	}
	return u, nil
}

// usable checks that a state is of this client, young enough and not spent.
func (s step) usable(st state) error {
	switch {
	case !s.now.Before(st.Expires):
		return sessionExpired()
	case s.pool.SessionSpentLocked(st.ID):
		return sessionSpent()
	case st.Pool != s.pool.ID || st.Client != s.client.ID:
		return sessionInvalid()
	}
	return nil
}
