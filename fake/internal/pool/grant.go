package pool

import (
	"slices"
	"strings"
	"time"
)

// Grant is one successful sign-in: the session that its tokens and their refreshed successors
// belong to. Its pool's lock guards Revoked and the rotation of the refresh token.
type Grant struct {
	ID        string // event_id of the tokens; kept by refreshes (inferred)
	OriginJTI string // "" where the client does not use token revocation
	ClientID  string
	AuthTime  time.Time
	Expires   time.Time // of the refresh token
	Scopes    string    // of the access token, separated by blanks
	OAuth     bool      // whether it began at the pool's domain, rather than in the API
	Resource  string    // that the access tokens are for (RFC 8707); "" where none was named
	Revoked   bool

	Device      string // the key of the device that the user signed in from; "" where the pool tracks none
	Confirmable bool   // whether Device is new and may be confirmed

	Generation int       // how often the refresh token was rotated
	rotated    time.Time // when it was last
}

// HasIDToken reports whether the sign-in has ID tokens: at a pool's domain they must be asked for.
func (g *Grant) HasIDToken() bool {
	return !g.OAuth || slices.Contains(strings.Fields(g.Scopes), "openid")
}

// TakesLocked reports whether a refresh token of a generation is good: the grant's own, and for the grace
// period still the one before, as a client may ask again whose answer was lost.
func (g *Grant) TakesLocked(generation int, grace time.Duration, now time.Time) bool {
	return generation == g.Generation || generation == g.Generation-1 && now.Before(g.rotated.Add(grace))
}

// RotateLocked takes a refresh token of a generation that [Grant.TakesLocked], and makes the next one the
// grant's own. The one before leads to the one that replaced it.
func (g *Grant) RotateLocked(generation int, now time.Time) {
	if generation == g.Generation {
		g.Generation++
		g.rotated = now
	}
}

// lastRefresh is how long a token can outlive the refresh token that it was made with: the longest
// lifetime of an access token.
const lastRefresh = maxValidity * time.Second

// AddGrantLocked remembers a sign-in until no token of it can be valid.
func (u *User) AddGrantLocked(g *Grant, now time.Time) {
	if u.grants == nil {
		u.grants = &expiring[*Grant]{}
	}
	u.grants.set(g.ID, g, func(g *Grant) bool { return now.After(g.Expires.Add(lastRefresh)) })
}

// GrantLocked returns a sign-in of the user, or nil.
func (u *User) GrantLocked(id string) *Grant {
	if u.grants == nil {
		return nil
	}
	return u.grants.entries[id]
}

// SignOutLocked ends every sign-in of the user, and remembers when.
func (u *User) SignOutLocked(now time.Time) {
	u.signedOut = now
	u.RevokeLocked()
}

// SignedOut returns when the user was last signed out everywhere; the zero time for never.
func (u *User) SignedOut() time.Time { return u.signedOut }

// RevokeLocked ends every sign-in of the user.
func (u *User) RevokeLocked() {
	if u.grants == nil {
		return
	}
	for _, g := range u.grants.entries {
		g.Revoked = true
	}
}
