package jwks

import (
	"context"
	"errors"
	"fmt"

	"github.com/golang-jwt/jwt/v5"
)

// Keyfunc is a [jwt.Keyfunc] over a set that does not change. It refuses tokens
// of any algorithm but RS256, tokens without a key ID, and tokens whose header makes
// an extension mandatory (crit); a key that the set does not have is [ErrUnknownKey].
func (s *Set) Keyfunc(token *jwt.Token) (any, error) {
	id, err := keyID(token)
	if err != nil {
		return nil, err
	}
	key, ok := s.Key(id)
	if !ok {
		return nil, fmt.Errorf("%w %.64q", ErrUnknownKey, id)
	}
	return key, nil
}

// Keyfunc is a [jwt.Keyfunc] that asks the cache for the key that the token
// names. What [Set.Keyfunc] refuses it refuses before it asks. It waits for a fetch no longer than [WithTimeout] allows; use
// [Cache.KeyfuncContext] to wait no longer than a request lives.
func (c *Cache) Keyfunc(token *jwt.Token) (any, error) {
	return c.KeyfuncContext(context.Background())(token)
}

// KeyfuncContext returns [Cache.Keyfunc] bound to ctx: it gives up when ctx is done.
func (c *Cache) KeyfuncContext(ctx context.Context) jwt.Keyfunc {
	return func(token *jwt.Token) (any, error) {
		id, err := keyID(token)
		if err != nil {
			return nil, err
		}
		key, err := c.Key(ctx, id)
		if err != nil {
			return nil, err // not a typed nil in the interface
		}
		return key, nil
	}
}

// keyID returns the key ID of a token that claims to be signed with RS256.
func keyID(token *jwt.Token) (string, error) {
	if token.Method == nil || token.Method.Alg() != algorithm {
		return "", fmt.Errorf("jwks: token has the algorithm %.64q, want %s", fmt.Sprint(token.Header["alg"]), algorithm)
	}
	if _, ok := token.Header["crit"]; ok { // RFC 7515 section 4.1.11; no extension is understood here
		return "", errors.New("jwks: token has mandatory extensions (crit)")
	}
	switch id := token.Header["kid"].(type) {
	case nil:
		return "", errors.New("jwks: token has no key ID (kid)")
	case string:
		if id == "" {
			return "", errors.New("jwks: token has an empty key ID (kid)")
		}
		return id, nil
	default:
		return "", fmt.Errorf("jwks: token has a key ID (kid) that is no string but %T", id)
	}
}
