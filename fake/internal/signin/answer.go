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
		return responder{inBlock(step.proven)}, true
	case types.ChallengeNameTypeDeviceSrpAuth:
		return responder{(*Engine).beginDevice}, true
	case types.ChallengeNameTypeDevicePasswordVerifier:
		return responder{inBlock(step.deviceProven)}, true
	case types.ChallengeNameTypeSelectMfaType:
		return responder{inSession(step.selectFactor)}, true
	case types.ChallengeNameTypeMfaSetup:
		return responder{inSession(step.setUpFactor)}, true
	case types.ChallengeNameTypeSelectChallenge:
		return responder{choosing("ANSWER")}, true
	case types.ChallengeNameTypePassword:
		return responder{choosing("PASSWORD")}, true
	case types.ChallengeNameTypePasswordSrp:
		return responder{choosing("SRP_A")}, true
	case types.ChallengeNameTypeWebAuthn:
		return responder{(*Engine).beginPasskey}, true
	case types.ChallengeNameTypeSmsOtp:
		return responder{inSession(codeIn("SMS_OTP_CODE"))}, true
	case pool.FactorSMS:
		return responder{inSession(codeIn("SMS_MFA_CODE"))}, true
	case pool.FactorEmail: // first or second
		return responder{inSession(codeIn("EMAIL_OTP_CODE"))}, true
	case pool.FactorTOTP:
		return responder{inSession(step.totp)}, true
	}
	return responder{}, false
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
func inSession(respond func(step, reply) (outcome, error)) func(*Engine, Answer) move {
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
	u, err := s.pool.UserLocked(name)
	if st.Nobody != "" {
		u, err = s.pool.PretendUser(name), nil
	}
	if err != nil || u.Sub != st.Sub || st.Nobody != "" && u.Username != st.Nobody {
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
