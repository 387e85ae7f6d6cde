package token

import (
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// UserScope is the scope that access tokens of the API carry and that the API asks of them.
const UserScope = "aws.cognito.signin.user.admin"

// Issuer mints and verifies the tokens of one server's pools.
type Issuer struct {
	store *pool.Store
	url   func(*pool.Pool) string
	take  func() *Keys

	mu   sync.Mutex // guards keys
	keys map[string]*Keys
}

// NewIssuer returns an Issuer for the pools of a store. url gives a pool's iss; take gives a new
// pool its keys: [Take] or [TakeFresh].
func NewIssuer(store *pool.Store, url func(*pool.Pool) string, take func() *Keys) *Issuer {
	return &Issuer{store: store, url: url, take: take, keys: map[string]*Keys{}}
}

// URL returns the iss of a pool's tokens.
func (i *Issuer) URL(p *pool.Pool) string { return i.url(p) }

// Keys returns the keys of a pool, which the first call takes from the stock.
func (i *Issuer) Keys(p *pool.Pool) *Keys {
	i.mu.Lock()
	defer i.mu.Unlock()
	k, ok := i.keys[p.ID]
	if !ok {
		k = i.take()
		i.keys[p.ID] = k
	}
	return k
}

// Private returns the private key of an ID, whichever pool has it.
func (i *Issuer) Private(keyID string) (*rsa.PrivateKey, error) {
	i.mu.Lock()
	rings := slices.Collect(maps.Values(i.keys))
	i.mu.Unlock()
	for _, k := range rings {
		if key, err := k.PrivateOf(keyID); err == nil {
			return key, nil
		}
	}
	return nil, errKeyID
}

// Rings returns which keys the pools have, by the pools' ids.
func (i *Issuer) Rings() map[string]Ring {
	for _, p := range i.store.Pools("", "") {
		i.Keys(p) // also of one that is being made
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	rings := make(map[string]Ring, len(i.keys))
	for id, k := range i.keys {
		rings[id] = k.Ring()
	}
	return rings
}

// Restore gives the pools of these rings their keys, as [Ring.Keys] and [Keys.Restore] do.
func (i *Issuer) Restore(rings map[string]Ring) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for id, ring := range rings {
		if k, ok := i.keys[id]; ok {
			k.Restore(ring)
		} else {
			i.keys[id] = ring.Keys()
		}
	}
}

// Close gives all keys back to the stock. The Issuer must not be used afterwards.
func (i *Issuer) Close() {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, k := range i.keys {
		k.Release()
	}
	clear(i.keys)
}

// GrantLocked begins a session of tokens for a user who has just signed in through the API. The id becomes their
// event_id.
func (i *Issuer) GrantLocked(c *pool.Client, u *pool.User, id string, now time.Time) *pool.Grant {
	g := &pool.Grant{
		ID:       id,
		ClientID: c.ID,
		AuthTime: now,
		Expires:  now.Add(pool.RefreshTokenValidity(c.Settings)),
		Scopes:   UserScope,
	}
	if pool.RevocationEnabled(c.Settings) {
		g.OriginJTI = i.store.Random.UUID()
	}
	u.AddGrantLocked(g, now)
	return g
}

// Draft holds the claims of a set of tokens that is not signed yet.
type Draft struct {
	keys      *Keys
	access    map[string]any
	id        map[string]any // nil where there is no ID token
	hashed    bool           // whether the ID token has the at_hash of the access token
	expiresIn time.Duration
	refresh   *refreshClaims // nil where the client keeps the refresh token that it has
}

// refreshClaims is what a refresh token encrypts.
type refreshClaims struct {
	Pool     string `json:"pool"`
	Client   string `json:"client_id"`
	Username string `json:"username"`
	Sub      string `json:"sub"`
	Grant    string `json:"event_id"`
	Expires  int64  `json:"exp"`

	Generation int `json:"generation"` // see [pool.Grant]
}

// DraftLocked composes access and ID token for a grant. Sign them without the lock.
func (i *Issuer) DraftLocked(p *pool.Pool, c *pool.Client, u *pool.User, g *pool.Grant) *Draft {
	now := i.store.Clock.Now()
	s := subject{issuer: i.url(p), pool: p, client: c, user: u, grant: g, now: now, newID: i.store.Random.UUID}
	d := &Draft{keys: i.Keys(p), access: s.accessClaims(), expiresIn: pool.AccessTokenValidity(c.Settings)}
	if g.HasIDToken() {
		d.id, d.hashed = s.idClaims(), g.OAuth
	}
	return d
}

// WithRefresh adds a refresh token for a grant to the set.
func (d *Draft) WithRefresh(p *pool.Pool, u *pool.User, g *pool.Grant) {
	d.refresh = &refreshClaims{
		Pool: p.ID, Client: g.ClientID, Username: u.Username, Sub: u.Sub, Grant: g.ID, Expires: g.Expires.Unix(), Generation: g.Generation,
	}
}

// Sign signs the set. It makes the pool's keys where nobody has used them yet.
func (d *Draft) Sign() (*types.AuthenticationResultType, error) {
	id, access, err := d.sign()
	if err != nil {
		return nil, fmt.Errorf("signing tokens: %w", err)
	}
	result := &types.AuthenticationResultType{
		AccessToken: &access,
		IdToken:     id,
		ExpiresIn:   int32(d.expiresIn / time.Second),
		TokenType:   aws.String("Bearer"),
	}
	if d.refresh == nil {
		return result, nil
	}
	payload, err := json.Marshal(d.refresh)
	if err != nil {
		return nil, fmt.Errorf("encoding a refresh token: %w", err)
	}
	refresh, err := d.keys.SealRefresh(payload)
	if err != nil {
		return nil, fmt.Errorf("sealing a refresh token: %w", err)
	}
	result.RefreshToken = &refresh
	return result, nil
}

// Access is a verified access token. Its user may have changed since: see [Access.UserLocked].
type Access struct {
	Pool     *pool.Pool
	ClientID string
	claims   accessClaims
}

// accessClaims are the claims of an access token that the API looks at.
type accessClaims struct {
	Issuer   string  `json:"iss"`
	Use      string  `json:"token_use"`
	Expires  float64 `json:"exp"`
	Sub      string  `json:"sub"`
	Username string  `json:"username"`
	ClientID string  `json:"client_id"`
	Grant    string  `json:"event_id"`
	Scope    string  `json:"scope"`
}

// Authenticate verifies an access token that was given to an operation: signature, use, lifetime
// and scope. Errors are the service's NotAuthorizedException.
func (i *Issuer) Authenticate(accessToken string) (*Access, error) {
	a, err := i.Verify(accessToken)
	if err != nil {
		return nil, err
	}
	if !a.Has(UserScope) {
		return nil, MissingScope()
	}
	return a, nil
}

// Verify is Authenticate without the scope.
func (i *Issuer) Verify(accessToken string) (*Access, error) {
	p, err := i.PoolOf(accessToken)
	if err != nil {
		return nil, err
	}
	payload, signedBy, err := i.Keys(p).VerifyAccess(accessToken)
	if err != nil {
		return nil, BadSignature()
	}
	var c accessClaims
	if err := json.Unmarshal(payload, &c); err != nil || signedBy != UseAccess || c.Use != "access" || c.Issuer != i.url(p) {
		return nil, InvalidAccessToken()
	}
	if i.store.Clock.Now().Unix() >= int64(c.Expires) {
		return nil, AccessTokenExpired()
	}
	return &Access{Pool: p, ClientID: c.ClientID, claims: c}, nil
}

// Scopes returns the scopes of the token, separated by blanks.
func (a *Access) Scopes() string { return a.claims.Scope }

// Has reports whether the token has a scope.
func (a *Access) Has(scope string) bool {
	return slices.Contains(strings.Fields(a.claims.Scope), scope)
}

// PoolOf finds the pool that an unverified token names as its issuer.
func (i *Issuer) PoolOf(accessToken string) (*pool.Pool, error) {
	var c accessClaims
	if err := unverified(accessToken, &c); err != nil {
		return nil, BadSignature()
	}
	p, err := i.store.Pool(c.Issuer[strings.LastIndexByte(c.Issuer, '/')+1:], "")
	if err != nil {
		return nil, BadSignature()
	}
	return p, nil
}

// UserLocked returns the token's user if the user still exists, is enabled and has not signed out.
// The pool's lock must be held.
func (a *Access) UserLocked() (*pool.User, error) {
	u := a.Pool.UserNamedLocked(a.claims.Username)
	if u == nil || u.Sub != a.claims.Sub {
		return nil, pool.UserNotFound()
	}
	if u.Disabled {
		return nil, pool.UserDisabled()
	}
	if g := a.GrantLocked(u); g == nil || g.Revoked {
		return nil, AccessTokenRevoked()
	}
	return u, nil
}

// GrantLocked returns the sign-in that the token belongs to, of its user, or nil. The pool's lock must
// be held.
func (a *Access) GrantLocked(u *pool.User) *pool.Grant { return u.GrantLocked(a.claims.Grant) }
