package token

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// Refresh is an opened refresh token. Whether it is still good is for [Refresh.UserLocked] to say.
type Refresh struct {
	Username string // the stored username, which SECRET_HASH is made of
	claims   refreshClaims
}

// OpenRefresh decrypts a refresh token of a pool's client. Errors are the service's
// NotAuthorizedException.
func (i *Issuer) OpenRefresh(p *pool.Pool, clientID, refreshToken string) (*Refresh, error) {
	payload, err := i.Keys(p).OpenRefresh(refreshToken)
	if err != nil {
		return nil, InvalidRefreshToken()
	}
	var c refreshClaims
	if err := json.Unmarshal(payload, &c); err != nil || c.Pool != p.ID || c.Client != clientID {
		return nil, InvalidRefreshToken()
	}
	return &Refresh{Username: c.Username, claims: c}, nil
}

// UserLocked returns the user and the sign-in that the token belongs to, if it can still be
// refreshed.
func (r *Refresh) UserLocked(p *pool.Pool, now time.Time) (*pool.User, *pool.Grant, error) {
	u := p.UserNamedLocked(r.claims.Username)
	if u == nil || u.Sub != r.claims.Sub {
		return nil, nil, pool.UserNotFound()
	}
	if u.Disabled {
		return nil, nil, pool.UserDisabled()
	}
	if now.Unix() >= r.claims.Expires {
		return nil, nil, RefreshTokenExpired()
	}
	g := u.GrantLocked(r.claims.Grant)
	if g == nil {
		return nil, nil, InvalidRefreshToken()
	}
	if g.Revoked {
		return nil, nil, RefreshTokenRevoked()
	}
	return u, g, nil
}

// CheckUnusedLocked refuses a token that is used up: see [pool.Grant.TakesLocked].
func (r *Refresh) CheckUnusedLocked(g *pool.Grant, grace time.Duration, now time.Time) error {
	if !g.TakesLocked(r.claims.Generation, grace, now) {
		return RefreshTokenReused()
	}
	return nil
}

// RotateLocked uses the token up where its client rotates refresh tokens: see
// [pool.Grant.RotateLocked].
func (r *Refresh) RotateLocked(g *pool.Grant, grace time.Duration, now time.Time) error {
	if err := r.CheckUnusedLocked(g, grace, now); err != nil {
		return err
	}
	g.RotateLocked(r.claims.Generation, now)
	return nil
}

// RevokeLocked ends the sign-in that the token belongs to. Doing so twice, or for a user who is
// gone, is no error.
func (r *Refresh) RevokeLocked(p *pool.Pool) {
	if u := p.UserNamedLocked(r.claims.Username); u != nil && u.Sub == r.claims.Sub {
		if g := u.GrantLocked(r.claims.Grant); g != nil {
			g.Revoked = true
		}
	}
}

// IsSigned reports whether a text looks like an access or ID token: a JWT in three parts.
func IsSigned(text string) bool { return unverified(text, &struct{}{}) == nil }

// unverified decodes the payload of a JWT without looking at its signature.
func unverified(text string, into any) error {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return fmt.Errorf("a JWT has 3 parts, this has %d", len(parts))
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return fmt.Errorf("decoding the payload: %w", err)
	}
	return json.Unmarshal(payload, into)
}
