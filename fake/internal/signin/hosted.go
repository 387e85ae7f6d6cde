package signin

import (
	"context"
	"time"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// Hosted is what a sign-in at a pool's domain is for. It ends in tokens of the scopes that were asked for,
// whatever flows the API allows the app client, and tracks no devices (inferred).
type Hosted struct {
	Scopes   string    `json:",omitempty"` // separated by blanks
	Nonce    string    `json:",omitempty"`
	Resource string    `json:",omitempty"` // see [pool.Grant]
	AuthTime time.Time `json:",omitzero"`  // of an earlier sign-in in the same browser
}

// hostedValidity is how long a login page waits for a user to go on (developer guide).
const hostedValidity = 5 * time.Minute

// Login is what a user signs in with by password.
type Login struct{ Username, Password string }

// Keep returns a session in which a browser keeps a login that has to wait until the user has confirmed a
// sign-up. Nobody but the server can read it, and no challenge is answered by it.
func (e *Engine) Keep(p *pool.Pool, l Login) (string, error) {
	return e.sessions.seal(state{Pool: p.ID, Login: &l, Expires: e.store.Clock.Now().Add(hostedValidity)})
}

// Kept returns the login in a session of [Engine.Keep], unless it is too old.
func (e *Engine) Kept(p *pool.Pool, session string) (Login, bool) {
	st, err := e.sessions.open(session)
	if err != nil || st.Login == nil || st.Pool != p.ID || !e.store.Clock.Now().Before(st.Expires) {
		return Login{}, false
	}
	return *st.Login, true
}

// hostedTokens ends a sign-in at the pool's domain. That pre token generation comes then, rather than when the
// tokens are fetched, shows in redirections with its errors.
func (s step) hostedTokens(u *pool.User, g *pool.Grant) outcome {
	h := s.trail.Hosted
	g.OAuth, g.Scopes, g.Resource = true, h.Scopes, h.Resource
	s.source = trigger.TokensHostedAuth
	out := s.mint(u, g)
	out.browser = pool.Browser{Sub: u.Sub, AuthTime: g.AuthTime}
	out.draft.Nonce(h.Nonce)
	out.draft.WithRefresh(s.pool, u, g)
	return out
}

// Resume signs in, for another app client or once more, who has signed in earlier in the same browser. Of the
// triggers, pre token generation alone is asked (inferred).
func (e *Engine) Resume(ctx context.Context, by trigger.Call, h Hosted, sub string) (*Result, error) {
	return e.locked(ctx, by, trail{Hosted: &h}, func(s step) (outcome, error) {
		u := s.pool.UserOfSubLocked(sub)
		if u == nil {
			return outcome{}, pool.UserNotFound()
		}
		if err := s.admissible(u); err != nil {
			return outcome{}, err
		}
		g := s.issuer.GrantLocked(s.client, u, s.store.Random.UUID(), s.now)
		g.AuthTime = h.AuthTime
		return s.hostedTokens(u, g), nil
	})
}

// Machine issues the access token of an app client that stands for itself. by has the client's metadata.
func (e *Engine) Machine(ctx context.Context, by trigger.Call, scopes string) (*Result, error) {
	return e.locked(ctx, by, trail{}, func(s step) (outcome, error) {
		return outcome{draft: s.issuer.MachineDraftLocked(s.pool, s.client, scopes), mint: s.by.MachineTokensLocked(scopes)}, nil
	})
}
