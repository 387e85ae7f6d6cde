package signin

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// A choice-based sign-in begins with a first factor that the user chooses among several. The choice
// comes with the initiation (PREFERRED_CHALLENGE) or as the answer to SELECT_CHALLENGE, and what
// completes it (PASSWORD, SRP_A) comes along or as the answer to a challenge of its own.

// choice is a first factor that was chosen.
type choice struct {
	factor   types.ChallengeNameType
	password string
	offer    *offer // where SRP_A came along
}

// beginChoice begins USER_AUTH.
func (e *Engine) beginChoice(in Initiation) (move, error) {
	if in.Session != "" {
		return afterSignUp(in), nil
	}
	c, err := choiceIn(in.Pool, in.Parameters, in.Parameters["PREFERRED_CHALLENGE"])
	if err != nil {
		return nil, err
	}
	return func(s step) (outcome, error) {
		return s.arrive(in, func(s step, u *pool.User) (outcome, error) {
			return s.offerChoice(u, c)
		})
	}, nil
}

// choiceIn reads a choice from parameters; the arithmetic of SRP is done here, without the lock.
func choiceIn(p *pool.Pool, params map[string]string, factor string) (c choice, err error) {
	c = choice{factor: types.ChallengeNameType(factor), password: params["PASSWORD"]}
	if c.factor == types.ChallengeNameTypePasswordSrp && params["SRP_A"] != "" {
		c.offer, err = offerTo(p, params["USERNAME"], params["SRP_A"])
	}
	return c, err
}

// offerChoice goes on with the factor that the user prefers, if it is available, or asks which it
// shall be.
func (s step) offerChoice(u *pool.User, preferred choice) (outcome, error) {
	available, err := s.firstChallenges(u)
	if err != nil {
		return outcome{}, err
	}
	if !slices.Contains(available, preferred.factor) {
		out := s.firstChallenge(types.ChallengeNameTypeSelectChallenge, u)
		out.available = available
		return out, nil
	}
	out, err := s.chosen(u, preferred)
	if out.state.First {
		out.available = []types.ChallengeNameType{preferred.factor}
	}
	return out, err
}

// firstChallenges returns the first factors that a user can choose, by the names of challenges. That
// those without any are refused like a wrong password is inferred.
func (s step) firstChallenges(u *pool.User) ([]types.ChallengeNameType, error) {
	if err := s.admissibleByCode(u); err != nil {
		return nil, err
	}
	var available []types.ChallengeNameType
	for _, f := range s.pool.FirstFactors(u) {
		if f == types.AuthFactorTypePassword {
			available = append(available, types.ChallengeNameTypePasswordSrp)
		}
		available = append(available, types.ChallengeNameType(f))
	}
	if len(available) > 0 {
		return available, nil
	}
	if err := s.admissible(u); err != nil {
		return nil, err
	}
	return nil, pool.IncorrectCredentials()
}

// choosing answers SELECT_CHALLENGE, or the challenge of the factor that was chosen there. It needs
// one response besides USERNAME.
func choosing(required string) responder {
	return func(e *Engine, in Answer) move {
		factor := string(in.Challenge)
		if in.Challenge == types.ChallengeNameTypeSelectChallenge {
			factor = in.Responses["ANSWER"]
		}
		c, err := choiceIn(in.Pool, in.Responses, factor)
		return inSession(func(s step, r reply) (outcome, error) {
			if _, err := r.get(required); err != nil {
				return outcome{}, err
			}
			if err != nil {
				return outcome{}, err
			}
			available, err := s.firstChallenges(r.user)
			if err != nil {
				return outcome{}, err
			}
			if !slices.Contains(available, c.factor) {
				return outcome{}, notAvailable(factor)
			}
			return s.chosen(r.user, c)
		})(e, in)
	}
}

// chosen goes on with the first factor that was chosen, as far as what came along allows.
func (s step) chosen(u *pool.User, c choice) (outcome, error) {
	switch {
	case c.factor == types.ChallengeNameTypePassword && c.password != "":
		if err := s.checkPassword(u, c.password); err != nil {
			return outcome{}, err
		}
		return s.next(u)
	case c.offer != nil:
		return s.verifierChallenge(c.offer, s.firstState(types.ChallengeNameTypePasswordVerifier, u))
	case c.factor == types.ChallengeNameTypeWebAuthn:
		return s.askPasskey(u), nil
	case pool.ContactOf(c.factor) != "":
		return s.sendCode(s.firstState(c.factor, u), u, s.store.Random.Digits(8)), nil
	}
	return s.firstChallenge(c.factor, u), nil
}

// checkOffered refuses the answer to a first factor that is none for the user any more, as where a
// second one is due by now.
func (s step) checkOffered(u *pool.User, challenge types.ChallengeNameType) error {
	if !slices.Contains(s.pool.FirstFactors(u), types.AuthFactorType(challenge)) {
		return sessionInvalid()
	}
	return nil
}

// firstChallenge asks for a first factor, or which it shall be.
func (s step) firstChallenge(challenge types.ChallengeNameType, u *pool.User) outcome {
	return outcome{challenge: challenge, params: map[string]string{}, state: s.firstState(challenge, u)}
}

// firstState begins a state of a sign-in in which no factor has been passed.
func (s step) firstState(challenge types.ChallengeNameType, u *pool.User) state {
	st := s.newState(challenge, u)
	st.First = true
	return st
}
