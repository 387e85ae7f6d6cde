package verifiers

import (
	"context"
	"errors"

	"github.com/coreos/go-oidc/v3/oidc"
)

// OIDC is go-oidc as its package comment shows it. It takes ID tokens.
func OIDC(ctx context.Context, p Pool) (Verifier, error) {
	provider, err := oidc.NewProvider(ctx, p.Issuer)
	if err != nil {
		return nil, err
	}
	verifier := provider.Verifier(&oidc.Config{ClientID: p.ClientID})
	return func(token string) error {
		_, err := verifier.Verify(ctx, token)
		return err
	}, nil
}

// OIDCComplete is [OIDC] with the claim that a user pool has of its own.
func OIDCComplete(ctx context.Context, p Pool) (Verifier, error) {
	provider, err := oidc.NewProvider(ctx, p.Issuer)
	if err != nil {
		return nil, err
	}
	verifier := provider.Verifier(&oidc.Config{ClientID: p.ClientID})
	return func(token string) error {
		idToken, err := verifier.Verify(ctx, token)
		if err != nil {
			return err
		}
		var claims struct {
			TokenUse string `json:"token_use"`
		}
		if err := idToken.Claims(&claims); err != nil {
			return err
		}
		if claims.TokenUse != "id" {
			return errors.New("not an ID token")
		}
		return nil
	}, nil
}
