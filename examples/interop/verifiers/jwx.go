package verifiers

import (
	"context"
	"time"

	"github.com/lestrrat-go/httprc/v3"
	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jws"
	"github.com/lestrrat-go/jwx/v3/jwt"
)

// JWX is jwx as its documentation shows it: a cached set of keys (docs/04-jwk.md, "Auto-refreshing remote keys"), and
// jwt.Parse with it (docs/01-jwt.md, "Parse and Verify a JWT").
func JWX(ctx context.Context, p Pool) (Verifier, error) {
	keys, err := cachedSet(ctx, p)
	if err != nil {
		return nil, err
	}
	return func(token string) error {
		_, err := jwt.Parse([]byte(token), jwt.WithKeySet(keys))
		return err
	}, nil
}

// JWXComplete is [JWX] with more options of its own. That for critical headers is one of package jws.
func JWXComplete(ctx context.Context, p Pool) (Verifier, error) {
	keys, err := cachedSet(ctx, p, jwk.WithStrictKeySetParsing(false))
	if err != nil {
		return nil, err
	}
	return func(token string) error {
		payload, err := jws.Verify([]byte(token), jws.WithKeySet(keys), jws.WithCritValidation(true))
		if err != nil {
			return err
		}
		_, err = jwt.Parse(payload, jwt.WithVerify(false), jwt.WithIssuer(p.Issuer), jwt.WithRequiredClaim(jwt.ExpirationKey),
			jwt.WithClaimValue("token_use", "access"), jwt.WithClaimValue("client_id", p.ClientID))
		return err
	}, nil
}

// cachedSet waits for the first set no longer than a few seconds; without an end it waits until there is one.
func cachedSet(ctx context.Context, p Pool, opts ...jwk.RegisterOption) (jwk.Set, error) {
	cache, err := jwk.NewCache(ctx, httprc.NewClient())
	if err != nil {
		return nil, err
	}
	first, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	if err := cache.Register(first, p.JWKSURL, opts...); err != nil {
		return nil, err
	}
	return cache.CachedSet(p.JWKSURL)
}
