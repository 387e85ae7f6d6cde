package signin

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// setUpFactor answers MFA_SETUP: in the session of an authenticator that was verified, or with an
// address to send codes to.
func (s step) setUpFactor(r reply) (outcome, error) {
	switch address := r.responses["EMAIL"]; {
	case r.state.Verified:
		return s.tokens(r.user), nil
	case address != "" && slices.Contains(s.pool.Factors(), pool.FactorEmail):
		return s.setUpEmail(r.user, address)
	}
	return outcome{}, pool.TOTPNotFound() // inferred
}

// setUpEmail gives the user an address and asks for the code that goes there. That an address which
// the user has already stays is inferred.
func (s step) setUpEmail(u *pool.User, address string) (outcome, error) {
	given := []pool.Attribute{{Name: "email", Value: address}}
	if u.Attribute("email") != "" {
		return outcome{}, alreadyProvided("email")
	}
	if err := s.pool.CheckNewAttributes(given); err != nil {
		return outcome{}, err
	}
	if err := s.pool.FillAttributesLocked(u, given, s.now); err != nil {
		return outcome{}, err
	}
	return s.ask(pool.FactorEmail, u), nil
}

// AssociateTOTP begins, in the session of MFA_SETUP, to register an authenticator; it returns the
// secret and the next session.
func (e *Engine) AssociateTOTP(ctx context.Context, session string) (secret, next string, err error) {
	secret = e.store.Random.TOTPSecret()
	next, err = e.duringSetup(ctx, session, func(s step, u *pool.User, _ *state) error {
		return s.pool.AssociateTOTPLocked(u, secret)
	})
	return secret, next, err
}

// VerifyTOTP ends the registration by a code, and returns the session in which MFA_SETUP is to be
// answered. The factor counts from now on, whether the answer comes or not.
func (e *Engine) VerifyTOTP(ctx context.Context, session, code, device string) (next string, err error) {
	return e.duringSetup(ctx, session, func(s step, u *pool.User, st *state) error {
		if err := s.pool.VerifyTOTPLocked(u, code, device, s.now); err != nil {
			return err
		}
		st.Verified = true
		s.pool.ProveFactorLocked(u, pool.FactorTOTP, s.now)
		return nil
	})
}

// duringSetup runs do on the user of a session of MFA_SETUP and replaces the session where do
// succeeds; do may change the state of the next one.
func (e *Engine) duringSetup(ctx context.Context, session string, do func(step, *pool.User, *state) error) (string, error) {
	st, err := e.sessions.open(session)
	if err != nil {
		return "", err
	}
	p, err := e.store.Pool(st.Pool, "")
	if err != nil {
		return "", sessionInvalid()
	}
	r, err := e.locked(ctx, trigger.NewCall(ctx, p, st.Client), st.Trail, func(s step) (outcome, error) {
		u, err := s.settingUp(st)
		if err != nil {
			return outcome{}, err
		}
		out := s.challenge(st.Challenge, u, nil)
		err = do(s, u, &out.state)
		return s.spending(st)(out, err)
	})
	if err != nil {
		return "", err
	}
	return r.Session, nil
}

// settingUp finds the user of a session of MFA_SETUP.
func (s step) settingUp(st state) (*pool.User, error) {
	if err := s.usable(st); err != nil {
		return nil, err
	}
	u := s.pool.UserOfSubLocked(st.Sub)
	if st.Challenge != types.ChallengeNameTypeMfaSetup || u == nil {
		return nil, sessionInvalid()
	}
	return u, s.admissible(u)
}
