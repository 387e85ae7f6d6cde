package authz

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/cognitotest/cognito/fake"
)

// The values of token_use.
const (
	Access = "access"
	ID     = "id"
)

// Want is what a verifier wants of tokens.
type Want struct {
	Uses      []string // [Access], [ID] or both
	Clients   []string // whose tokens it accepts besides the pool's first client
	AnyClient bool     // whether it accepts those of all app clients
	Scope     string   // of access tokens; "" where none is required
	Group     string   // "" where none is required
	Leeway    time.Duration
	Online    bool // whether it asks the pool if the session is still good
}

// Accepts reports whether tokens of a use are wanted.
func (w Want) Accepts(use string) bool { return slices.Contains(w.Uses, use) }

// Tokens are tokens by their use; all have both.
type Tokens map[string]string

// World is a pool with tokens, and those who have no business there.
type World struct {
	Want
	Server   *fake.Server
	PoolID   string
	Issuer   string
	Clients  []string // whose tokens are accepted
	Stranger string   // an app client of the pool whose tokens are not
	Other    Pool     // an attacker's own

	Genuine  Tokens // of a user who has what is wanted, as the pool issues them now
	Earlier  Tokens // the same, signed before the last rotation of keys
	Stranged Tokens // the same, of the app client Stranger
	Refresh  string // the refresh token that came with Genuine
	Session  string // of a sign-in that is not complete
	Ended    []Ended

	made *sync.Map // from the names of cases to their tokens, which are made once for all verifiers of one issuer
}

// Ready makes the world ready to be used, now that its fields are set.
func (w *World) Ready() *World {
	w.made = new(sync.Map)
	return w
}

// Pool is a user pool that tokens must not come from.
type Pool struct {
	ID      string
	Issuer  string
	JWKSURL string
	Tokens  Tokens
}

// Ended is a session that the pool knows to be over, though its tokens have not expired.
type Ended struct {
	How    string
	Tokens Tokens
	Uses   []string // of which tokens the pool can be asked
}

// Move returns the world as a copy of its server has it, which signs with the same keys. Where that is another
// issuer, only good tokens move along.
func (w *World) Move(to *fake.Server) (*World, error) {
	moved := *w
	moved.Server, moved.Issuer = to, to.Issuer(w.PoolID)
	moved.Other.Issuer = to.Issuer(w.Other.ID)
	moved.Other.JWKSURL = moved.Other.Issuer + "/.well-known/jwks.json"
	if moved.Issuer == w.Issuer {
		return &moved, nil
	}
	moved.made = new(sync.Map)
	for _, tokens := range []*Tokens{&moved.Genuine, &moved.Earlier} {
		if err := moved.reissue(tokens); err != nil {
			return nil, fmt.Errorf("signing for %s: %w", moved.Issuer, err)
		}
	}
	return &moved, nil
}

// reissue replaces tokens of the wanted uses by the same of this issuer.
func (w *World) reissue(tokens *Tokens) error {
	again := maps.Clone(*tokens)
	for _, use := range w.Uses {
		var err error
		again[use], err = w.Server.Forge(again[use], func(f *fake.Forgery) { f.Claims["iss"] = w.Issuer })
		if err != nil {
			return err
		}
	}
	*tokens = again
	return nil
}

// fetches counts how often the keys of a pool were asked for.
func (w *World) fetches(poolID string) int {
	n := 0
	for _, c := range w.Server.Calls(fake.JWKS, fake.Discovery) {
		if c.UserPoolID == poolID && (c.Operation == fake.JWKS || poolID == w.Other.ID) {
			n++
		}
	}
	return n
}
