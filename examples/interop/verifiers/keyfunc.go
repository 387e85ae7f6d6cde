package verifiers

import (
	"context"
	"errors"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
)

// Keyfunc is keyfunc as its example for Amazon Cognito shows it (examples/aws_cognito), with a context, as its README
// advises.
func Keyfunc(ctx context.Context, p Pool) (Verifier, error) {
	keys, err := keyfunc.NewDefaultCtx(ctx, []string{p.JWKSURL})
	if err != nil {
		return nil, err
	}
	return func(token string) error {
		_, err := jwt.Parse(token, keys.Keyfunc)
		return err
	}, nil
}

// KeyfuncComplete is [Keyfunc] with options of golang-jwt, and the claims that a user pool has of its own.
func KeyfuncComplete(ctx context.Context, p Pool) (Verifier, error) {
	keys, err := keyfunc.NewDefaultCtx(ctx, []string{p.JWKSURL})
	if err != nil {
		return nil, err
	}
	return func(token string) error {
		claims := &accessClaims{}
		parsed, err := jwt.ParseWithClaims(token, claims, keys.Keyfunc,
			jwt.WithValidMethods([]string{"RS256"}), jwt.WithIssuer(p.Issuer), jwt.WithExpirationRequired())
		switch {
		case err != nil:
			return err
		case parsed.Header["crit"] != nil:
			return errors.New("a critical header")
		case claims.TokenUse != "access" || claims.ClientID != p.ClientID:
			return errors.New("not an access token of the app client")
		}
		return nil
	}, nil
}

type accessClaims struct {
	jwt.RegisteredClaims
	TokenUse string `json:"token_use"`
	ClientID string `json:"client_id"`
}
