package signin

import (
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// In a custom authentication functions of the pool's owner decide which challenge comes next, make it,
// and judge the answer. It can begin with a proof of the password by SRP.

// dialogue is a custom authentication so far.
type dialogue struct {
	rounds []pool.Round
	srp    bool   // began with SRP_A
	offer  *offer // until the proof of the password is asked for
}

// srpChallenge is the value of CHALLENGE_NAME, and the name of a round, where SRP comes first.
const srpChallenge = "SRP_A"

// beginCustom begins CUSTOM_AUTH.
func (e *Engine) beginCustom(in Initiation) (move, error) {
	d := dialogue{srp: in.Parameters["CHALLENGE_NAME"] == srpChallenge}
	if d.srp {
		if in.Parameters["SRP_A"] == "" {
			return nil, missingParameter("SRP_A")
		}
		var err error
		if d.offer, err = offerTo(in.Pool, in.Parameters["USERNAME"], in.Parameters["SRP_A"]); err != nil {
			return nil, err
		}
		d.rounds = []pool.Round{{Challenge: srpChallenge, Passed: true}}
	}
	return func(s step) (outcome, error) {
		if !trigger.Has(s.pool, trigger.DefineAuthChallenge) {
			return outcome{}, customTriggerMissing()
		}
		return s.arrive(in, func(s step, u *pool.User) (outcome, error) {
			if err := s.admissible(u); err != nil {
				return outcome{}, err
			}
			return s.define(u, d)
		})
	}, nil
}

// require runs a function without which the dialogue cannot go on, and goes on with the user, who may
// not be admissible any more. That each of the three functions is missed in the same words is inferred.
func (s step) require(event *trigger.Event, u *pool.User, then userMove) (outcome, error) {
	if event == nil {
		return outcome{}, customTriggerMissing()
	}
	return s.consultOn(event, u, func(s step, u *pool.User) (outcome, error) {
		if err := s.admissible(u); err != nil {
			return outcome{}, err
		}
		return then(s, u)
	})
}

// define asks which challenge comes next. That an answer which names none, or one that the functions
// cannot ask for, is unusable is inferred.
func (s step) define(u *pool.User, d dialogue) (outcome, error) {
	event, answer := s.by.DefineLocked(u, d.rounds)
	return s.require(event, u, func(s step, u *pool.User) (outcome, error) {
		switch next := aws.ToString(answer.Challenge); {
		case aws.ToBool(answer.Fail), aws.ToBool(answer.Tokens) && isNobody(u):
			return outcome{}, pool.IncorrectCredentials()
		case aws.ToBool(answer.Tokens):
			return s.tokens(u), nil
		case next == trigger.CustomChallenge:
			return s.create(u, d)
		case next == string(types.ChallengeNameTypePasswordVerifier) && d.offer != nil:
			return s.askProof(u, d)
		}
		return outcome{}, trigger.Unusable()
	})
}

// askProof asks for the proof of the password, after which the dialogue goes on.
func (s step) askProof(u *pool.User, d dialogue) (outcome, error) {
	st := s.customState(types.ChallengeNameTypePasswordVerifier, u)
	s.pool.KeepCustomLocked(st.ID, &pool.Custom{Rounds: d.rounds, SRP: true, Expires: st.Expires}, s.now)
	return s.verifierChallenge(d.offer, st)
}

// customState begins a state of a custom authentication.
func (s step) customState(challenge types.ChallengeNameType, u *pool.User) state {
	st := s.newState(challenge, u)
	st.Custom = true
	return st
}

// create asks for a custom challenge and passes it on. The client sees what it is to see and, where it
// did not learn that from SRP, the user's name.
func (s step) create(u *pool.User, d dialogue) (outcome, error) {
	event, made := s.by.CreateLocked(u, d.rounds)
	return s.require(event, u, func(s step, u *pool.User) (outcome, error) {
		st := s.customState(types.ChallengeNameTypeCustomChallenge, u)
		s.pool.KeepCustomLocked(st.ID, &pool.Custom{
			Rounds: d.rounds, SRP: d.srp, Private: made.Private, Metadata: made.Metadata, Expires: st.Expires,
		}, s.now)
		params := map[string]string{}
		maps.Copy(params, made.Public)
		if !d.srp {
			params["USERNAME"] = u.Username
		}
		return outcome{challenge: st.Challenge, params: params, state: st}, nil
	})
}

// answerCustom answers CUSTOM_CHALLENGE. Whatever becomes of the answer, it spends the session, also where
// a function fails (inferred).
func (s step) answerCustom(r reply) (outcome, error) {
	answer, err := r.get("ANSWER")
	if err != nil {
		return outcome{}, err
	}
	kept := s.pool.TakeCustomLocked(r.state.ID)
	if kept == nil {
		return outcome{}, sessionInvalid()
	}
	event, verdict := s.by.VerifyLocked(r.user, kept.Private, answer)
	return s.require(event, r.user, func(s step, u *pool.User) (outcome, error) {
		return s.define(u, dialogue{srp: kept.SRP, rounds: append(kept.Rounds, pool.Round{
			Challenge: trigger.CustomChallenge, Passed: aws.ToBool(verdict.Correct), Metadata: kept.Metadata,
		})})
	})
}

// resumeCustom goes on with the dialogue whose proof of the password was right.
func (s step) resumeCustom(u *pool.User, st state) (outcome, error) {
	kept := s.pool.TakeCustomLocked(st.ID)
	if kept == nil {
		return outcome{}, sessionInvalid()
	}
	proof := pool.Round{Challenge: string(types.ChallengeNameTypePasswordVerifier), Passed: true}
	return s.define(u, dialogue{srp: true, rounds: append(kept.Rounds, proof)})
}
