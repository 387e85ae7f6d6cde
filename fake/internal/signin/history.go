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
	return visit{by: in.Call, username: in.Responses["USERNAME"], event: st.Trail.Event, challenge: historic(in.Challenge)}
}

// historic returns the name that a history has for a challenge.
func historic(name types.ChallengeNameType) types.ChallengeName {
	switch name {
	case types.ChallengeNameTypePasswordVerifier, types.ChallengeNameTypePassword:
		return types.ChallengeNamePassword
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
	if u, unknown := v.by.Pool.UserLocked(v.username); unknown == nil {
		event.Created = e.store.Clock.Now()
		u.HappenedLocked(event)
	}
}
