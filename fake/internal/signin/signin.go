// Package signin is the sign-in engine: which flows a client may use, which challenge comes next,
// and what ends a sign-in. The JSON API calls it, and so will whoever else signs users in; none of
// them has sign-in rules of its own.
//
// A sign-in is a state (user, client, outstanding challenge) that each request moves on. Between
// two requests the state travels in the Session string, sealed, so that the server keeps no more
// than the ids of the sessions that are spent, those that wait for a device, and what the functions
// of a custom authentication have said so far.
//
// Each request checks in the service's order: client, flow, parameters, SECRET_HASH, user, state of
// the user, credential. It is one move or several. A move decides and takes effect under the pool's
// lock; arithmetic, functions of the pool's owner (see package trigger), messages and signatures come
// before it, after it, or between two moves. flow.go lists how sign-ins begin, answer.go how each
// challenge is answered.
package signin

import (
	"cmp"
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/message"
	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/token"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// Engine signs users in to the pools of one server.
type Engine struct {
	store     *pool.Store
	issuer    *token.Issuer
	outbox    *message.Outbox
	functions *trigger.Functions
	sessions  *Sealer
}

// Parts is what an Engine works with.
type Parts struct {
	Store     *pool.Store
	Tokens    *token.Issuer
	Outbox    *message.Outbox
	Functions *trigger.Functions
	Sessions  *Sealer
}

// New returns an engine.
func New(p Parts) *Engine {
	return &Engine{store: p.Store, issuer: p.Tokens, outbox: p.Outbox, functions: p.Functions, sessions: p.Sessions}
}

// Initiation is a request that begins a sign-in: InitiateAuth or, with Admin, AdminInitiateAuth.
type Initiation struct {
	trigger.Call
	Admin      bool
	Flow       types.AuthFlowType
	Parameters map[string]string
	Session    string // of ConfirmSignUp

	Hosted *Hosted // nil in the API
}

// Answer is a request that answers a challenge: RespondToAuthChallenge or
// AdminRespondToAuthChallenge, which differ in nothing here.
type Answer struct {
	trigger.Call
	Challenge types.ChallengeNameType
	Session   string
	Responses map[string]string
}

// Result is the answer to either: tokens or the next challenge.
type Result struct {
	Tokens     *types.AuthenticationResultType
	Challenge  types.ChallengeNameType
	Parameters map[string]string // never nil
	Available  []types.ChallengeNameType
	Session    string
	Browser    pool.Browser // where a user has signed in at the pool's domain
}

// step is what the engine knows while it holds the pool's lock.
type step struct {
	*Engine
	by     trigger.Call
	pool   *pool.Pool
	client *pool.Client
	now    time.Time
	trail  trail
	source trigger.Source // of pre token generation, should the step end in tokens
}

// outcome is what a step decided under the lock; finish turns it into a Result without the lock.
type outcome struct {
	draft     *token.Draft // tokens to sign, or nil
	challenge types.ChallengeNameType
	params    map[string]string
	available []types.ChallengeNameType // among which a choice-based sign-in may choose
	state     state                     // of the session; zero where the challenge has none
	messages  []message.Draft
	newDevice *types.NewDeviceMetadataType        // with the tokens, or nil
	post      *trigger.Event                      // of post authentication, or nil
	mint      *trigger.Tokens                     // of pre token generation, or nil
	browser   pool.Browser                        // of a sign-in at the pool's domain
	aside     func(context.Context) (move, error) // user code that decides how to go on, or nil
}

// Initiate begins a sign-in.
func (e *Engine) Initiate(ctx context.Context, in Initiation) (*Result, error) {
	f, err := e.admit(in)
	if err != nil {
		return nil, err
	}
	first, err := f.begin(e, in)
	if err != nil {
		return nil, err
	}
	by := in.Call
	by.Metadata = nil // goes to pre authentication and user migration alone, as validation data
	return e.remembered(e.entrance(in), func(event string) (*Result, error) {
		return e.locked(ctx, by, trail{Event: event, Hosted: in.Hosted}.follow(in.Parameters), first)
	})
}

// Respond answers the outstanding challenge of a sign-in.
func (e *Engine) Respond(ctx context.Context, in Answer) (*Result, error) {
	respond := responderOf(in.Challenge)
	if respond == nil {
		return nil, &pool.NotSimulated{What: "ChallengeName " + string(in.Challenge)}
	}
	return e.remembered(e.continuation(in), func(string) (*Result, error) {
		return e.locked(ctx, in.Call, trail{}, respond(e, in))
	})
}

// locked runs the moves of a request, each under the pool's lock and what comes between them without,
// and finishes it after.
func (e *Engine) locked(ctx context.Context, by trigger.Call, t trail, m move) (*Result, error) {
	for {
		out, err := e.underLock(by, t, m)
		if err != nil {
			return nil, err
		}
		if out.aside == nil {
			return e.finish(ctx, out)
		}
		if m, err = out.aside(ctx); err != nil {
			return nil, err
		}
	}
}

func (e *Engine) underLock(by trigger.Call, t trail, m move) (outcome, error) {
	by.Pool.Lock()
	defer by.Pool.Unlock()
	if err := e.store.Check(by.Pool); err != nil {
		return outcome{}, err
	}
	c, err := by.Pool.ClientLocked(by.ClientID)
	if err != nil {
		return outcome{}, err
	}
	return m(step{Engine: e, by: by, pool: by.Pool, client: c, now: e.store.Clock.Now(), trail: t, source: trigger.TokensAuthentication})
}

// finish sends the messages, and signs the tokens or seals the session.
func (e *Engine) finish(ctx context.Context, out outcome) (*Result, error) {
	if err := e.outbox.Send(ctx, out.messages...); err != nil {
		return nil, err
	}
	if out.draft != nil {
		return e.sign(ctx, out)
	}
	r := &Result{Challenge: out.challenge, Parameters: out.params, Available: out.available}
	if out.state.ID == "" {
		return r, nil
	}
	var err error
	r.Session, err = e.sessions.seal(out.state)
	return r, err
}

// sign asks the triggers that come at the end of a sign-in, and signs the tokens. Their claims are those of
// before: what post authentication changes of a user shows at the next sign-in (developer guide). That a
// function which fails leaves what the sign-in has done so far, such as a session that is spent or a new
// password, is inferred.
func (e *Engine) sign(ctx context.Context, out outcome) (*Result, error) {
	if out.post != nil {
		if err := e.functions.Invoke(ctx, out.post); err != nil {
			return nil, err
		}
	}
	if out.mint != nil {
		if err := e.functions.Invoke(ctx, out.mint.Event); err != nil {
			return nil, err
		}
		customize(out.draft, out.mint)
	}
	tokens, err := out.draft.Sign()
	if err != nil {
		return nil, err
	}
	tokens.NewDeviceMetadata = out.newDevice
	return &Result{Tokens: tokens, Parameters: map[string]string{}, Browser: out.browser}, nil
}

// customize changes the claims of tokens as the pre token generation trigger wants them.
func customize(d *token.Draft, t *trigger.Tokens) {
	id, access, groups := t.Changes()
	if groups != nil {
		d.ChangeGroups(groups.Groups, groups.Roles, aws.ToString(groups.PreferredRole))
	}
	d.ChangeID(id.Set, id.Suppress)
	d.ChangeAccess(access.Set, access.Suppress)
	d.ChangeScopes(access.AddScopes, access.SuppressScopes)
}

// next decides what follows once a user has proved to know the password.
func (s step) next(u *pool.User) (outcome, error) {
	if u.Status == types.UserStatusTypeForceChangePassword {
		return s.challenge(types.ChallengeNameTypeNewPasswordRequired, u, s.newPasswordParameters(u)), nil
	}
	if err := s.checkDevice(u); err != nil {
		return outcome{}, err
	}
	return s.secondFactor(u), nil
}

// challenge asks the user for something more.
func (s step) challenge(name types.ChallengeNameType, u *pool.User, params map[string]string) outcome {
	return outcome{challenge: name, params: params, state: s.newState(name, u)}
}

// newState begins the state that waits for a user's answer to a challenge.
func (s step) newState(name types.ChallengeNameType, u *pool.User) state {
	st := state{
		ID:        s.store.Random.UUID(),
		Pool:      s.pool.ID,
		Client:    s.client.ID,
		Sub:       u.Sub,
		Challenge: name,
		Expires:   s.now.Add(s.patience()),
		Trail:     s.trail,
	}
	if isNobody(u) {
		st.Nobody = s.pool.PretendedID(u.Username)
	}
	return st
}

// patience returns how long a challenge waits for its answer.
func (s step) patience() time.Duration {
	if s.trail.Hosted != nil {
		return hostedValidity
	}
	return pool.AuthSessionValidity(s.client.Settings)
}

// tokens ends the sign-in.
func (s step) tokens(u *pool.User) outcome {
	g := s.issuer.GrantLocked(s.client, u, cmp.Or(s.trail.Event, s.store.Random.UUID()), s.now)
	if s.trail.Hosted != nil {
		out := s.hostedTokens(u, g)
		out.post = s.by.PostAuthenticationLocked(u, false)
		return out
	}
	created := s.bindDevice(u, g)
	out := s.mint(u, g)
	out.draft.WithRefresh(s.pool, u, g)
	out.newDevice, out.post = created, s.by.PostAuthenticationLocked(u, created != nil)
	return out
}

// mint composes access and ID token of a sign-in.
func (s step) mint(u *pool.User, g *pool.Grant) outcome {
	return outcome{draft: s.issuer.DraftLocked(s.pool, s.client, u, g), mint: s.by.TokensLocked(s.source, u, g.Scopes)}
}
