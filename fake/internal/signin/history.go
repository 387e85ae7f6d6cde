package signin

import (
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// visit is a request of a sign-in as the user's history tells of it.
type visit struct {
	by        trigger.Call
	username  string
	sub       string              // in place of the username, of a sign-in that goes on
	event     string              // the id of the sign-in's entry; "" where none is kept
	challenge types.ChallengeName // what the request answers; "" for what a history does not name
}

// entrance is the visit of a request that begins a sign-in. A refresh, which names no user, is none.
func (e *Engine) entrance(in Initiation) visit {
	v := visit{by: in.Call, username: in.Parameters["USERNAME"]}
	if in.Parameters["PASSWORD"] != "" {
		v.challenge = types.ChallengeNamePassword
	}
	if v.username != "" && keepsHistory(in.Pool) {
		v.event = e.store.Random.UUID()
	}
	return v
}

func keepsHistory(p *pool.Pool) bool {
	p.Lock()
	defer p.Unlock()
	return p.KeepsHistory()
}

// continuation is the visit of a request that answers a challenge.
func (e *Engine) continuation(in Answer) visit {
	if !keepsHistory(in.Pool) {
		return visit{}
	}
	st, err := e.sessions.open(in.Session)
	if err != nil {
		st, _, _ = e.sessions.openBlock(in.Responses["PASSWORD_CLAIM_SECRET_BLOCK"])
	}
	return visit{by: in.Call, sub: st.Sub, event: st.Trail.Event, challenge: historic(in)}
}

// userLocked returns whose sign-in it is, nil where that is nobody. Who goes on may name another user by
// mistake.
func (v visit) userLocked() *pool.User {
	if v.username == "" {
		return v.by.Pool.UserOfSubLocked(v.sub)
	}
	u, err := v.by.Pool.UserLocked(v.username)
	if err != nil {
		return nil
	}
	return u
}

// historic returns the name that a history has for what is answered.
func historic(in Answer) types.ChallengeName {
	switch in.Challenge {
	case types.ChallengeNameTypePasswordVerifier, types.ChallengeNameTypePassword:
		return types.ChallengeNamePassword
	case types.ChallengeNameTypeSelectChallenge:
		if in.Responses["PASSWORD"] != "" {
			return types.ChallengeNamePassword
		}
	case pool.FactorSMS, pool.FactorEmail, pool.FactorTOTP:
		return types.ChallengeNameMfa
	}
	return ""
}

// remembered runs a request and tells the user's history how it ended.
func (e *Engine) remembered(v visit, do func(event string) (*Result, error)) (*Result, error) {
	r, err := do(v.event)
	if v.event != "" && (err == nil || refused(err)) {
		e.remember(v, r, err)
	}
	return r, err
}

// refused reports whether an error ends an attempt, rather than a request that was none.
func refused(err error) bool {
	var answer smithy.APIError
	if !errors.As(err, &answer) {
		return false
	}
	switch answer.(type) {
	case *types.InvalidParameterException, *types.ResourceNotFoundException:
		return false
	}
	return true
}

func (e *Engine) remember(v visit, r *Result, err error) {
	event := pool.Event{ID: v.event, Type: types.EventTypeSignIn, IP: v.by.IP, Response: types.EventResponseTypeInProgress}
	answer := types.ChallengeResponseSuccess
	switch {
	case err != nil:
		event.Response, answer = types.EventResponseTypeFail, types.ChallengeResponseFailure
	case r.Tokens != nil:
		event.Response = types.EventResponseTypePass
	}
	if v.challenge != "" {
		event.Challenges = []types.ChallengeResponseType{{ChallengeName: v.challenge, ChallengeResponse: answer}}
	}
	v.by.Pool.Lock()
	defer v.by.Pool.Unlock()
	if u := v.userLocked(); u != nil {
		event.Created = e.store.Clock.Now()
		u.HappenedLocked(event)
	}
}
