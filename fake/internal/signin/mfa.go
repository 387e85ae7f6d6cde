package signin

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/message"
	"github.com/cognitotest/cognito/fake/internal/pool"
)

// secondFactor asks for what the pool and the user want besides the password, or ends the sign-in.
func (s step) secondFactor(u *pool.User) outcome {
	due, required := s.pool.DueFactors(u)
	switch d := s.device(u); {
	case d != nil && s.pool.DeviceDue(d, len(due) > 0 || required):
		return s.askDevice(u, d)
	case len(due) == 1:
		return s.ask(due[0], u)
	case len(due) > 1:
		return s.mfa(types.ChallengeNameTypeSelectMfaType, u, "MFAS_CAN_CHOOSE", jsonText(due))
	case required:
		return s.mfa(types.ChallengeNameTypeMfaSetup, u, "MFAS_CAN_SETUP", jsonText(s.pool.Factors()))
	}
	return s.tokens(u)
}

// mfa is a challenge of MFA with a parameter, which is left out where it is "".
func (s step) mfa(name types.ChallengeNameType, u *pool.User, parameter, value string) outcome {
	params := map[string]string{"USER_ID_FOR_SRP": u.Username}
	if value != "" {
		params[parameter] = value
	}
	return s.challenge(name, u, params)
}

// ask asks for one factor. Where it is a code that is delivered, the code travels in the session.
func (s step) ask(f pool.Factor, u *pool.User) outcome {
	if f == pool.FactorTOTP {
		return s.mfa(f, u, "FRIENDLY_DEVICE_NAME", u.TOTPDevice())
	}
	out := s.sendCode(s.newState(f, u), u, s.store.Random.Digits(6))
	out.params["USER_ID_FOR_SRP"] = u.Username
	return out
}

// sendCode sends a code for the challenge of a state. Somebody made up gets none, and no code is
// right then.
func (s step) sendCode(st state, u *pool.User, code string) outcome {
	draft := message.SignInCode(s.by, u, pool.ContactOf(st.Challenge), code)
	details := draft.Details()
	out := outcome{challenge: st.Challenge, state: st, params: map[string]string{
		"CODE_DELIVERY_DELIVERY_MEDIUM": string(details.DeliveryMedium),
		"CODE_DELIVERY_DESTINATION":     *details.Destination,
	}}
	if st.Nobody == "" {
		out.state.Code, out.state.To, out.messages = code, destination(u, st.Challenge), []message.Draft{draft}
	}
	return out
}

// destination tells apart where the codes of a challenge go, in a form that fits into a session.
func destination(u *pool.User, challenge types.ChallengeNameType) []byte {
	sum := sha256.Sum256([]byte(u.Attribute(pool.ContactOf(challenge))))
	return sum[:]
}

// codeIn answers the challenge of a delivered code, which stands in a response of this name. A wrong
// one leaves the session as it is, however often. That a code is wrong once the address or number is
// another is inferred.
func codeIn(response string) func(step, reply) (outcome, error) {
	return func(s step, r reply) (outcome, error) {
		code, err := r.get(response)
		if err != nil {
			return outcome{}, err
		}
		right := subtle.ConstantTimeCompare([]byte(code), []byte(r.state.Code)) == 1
		if !right || !bytes.Equal(r.state.To, destination(r.user, r.state.Challenge)) {
			return outcome{}, codeMismatch()
		}
		return s.received(r)
	}
}

// received ends the sign-in of a user who has received the code of a challenge.
func (s step) received(r reply) (outcome, error) {
	if !r.state.First {
		s.pool.ProveFactorLocked(r.user, r.state.Challenge, s.now)
		return s.tokens(r.user), nil
	}
	if err := s.checkOffered(r.user, r.state.Challenge); err != nil {
		return outcome{}, err
	}
	s.pool.ProveContactLocked(r.user, pool.ContactOf(r.state.Challenge), s.now)
	return s.tokens(r.user), nil
}

// totp answers SOFTWARE_TOKEN_MFA.
func (s step) totp(r reply) (outcome, error) {
	code, err := r.get("SOFTWARE_TOKEN_MFA_CODE")
	if err != nil {
		return outcome{}, err
	}
	if err := r.user.TakeTOTPLocked(code, s.now); err != nil {
		return outcome{}, err
	}
	s.pool.ProveFactorLocked(r.user, pool.FactorTOTP, s.now)
	return s.tokens(r.user), nil
}

// emailAnswer is another name of EMAIL_OTP among the answers to SELECT_MFA_TYPE (API reference).
const emailAnswer = "EMAIL_MFA"

// selectFactor answers SELECT_MFA_TYPE.
func (s step) selectFactor(r reply) (outcome, error) {
	answer, err := r.get("ANSWER")
	if err != nil {
		return outcome{}, err
	}
	if answer == emailAnswer {
		answer = string(pool.FactorEmail)
	}
	if due, _ := s.pool.DueFactors(r.user); !slices.Contains(due, pool.Factor(answer)) {
		return outcome{}, notSelectable(answer)
	}
	return s.ask(pool.Factor(answer), r.user), nil
}
