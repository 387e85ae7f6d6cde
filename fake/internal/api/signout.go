package api

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/token"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// GlobalSignOut ends every session of the user: access and refresh tokens are refused from now on.
func (a *API) GlobalSignOut(ctx context.Context, in *cip.GlobalSignOutInput, _ ...options) (*cip.GlobalSignOutOutput, error) {
	return done[cip.GlobalSignOutOutput](a.withToken(ctx, in.AccessToken, func(c *call, u *pool.User) error {
		u.SignOutLocked(c.now)
		return nil
	}))
}

// RevokeToken ends the session of a refresh token; the user's other sessions go on. The order of the
// checks is inferred, and so is the answer to an unknown client: the operation has no
// ResourceNotFoundException.
func (a *API) RevokeToken(ctx context.Context, in *cip.RevokeTokenInput, _ ...options) (*cip.RevokeTokenOutput, error) {
	p, err := a.poolOfClient(ctx, in.ClientId)
	if err != nil {
		return nil, token.WrongClientSecret()
	}
	refresh, unreadable := a.openRevoked(p, in)
	return done[cip.RevokeTokenOutput](a.locked(ctx, trigger.NewCall(ctx, p, *in.ClientId), func(c *call) error {
		if err := c.mayRevoke(in.ClientSecret); err != nil {
			return err
		}
		if unreadable != nil {
			return unreadable
		}
		refresh.RevokeLocked(c.pool)
		return nil
	}))
}

// openRevoked reads the token that is to be revoked: an RSA operation, hence without the lock.
func (a *API) openRevoked(p *pool.Pool, in *cip.RevokeTokenInput) (*token.Refresh, error) {
	text := aws.ToString(in.Token)
	if token.IsSigned(text) {
		return nil, token.UnsupportedTokenType()
	}
	refresh, err := a.tokens.OpenRefresh(p, aws.ToString(in.ClientId), text)
	if err != nil {
		return nil, token.NotRevocable()
	}
	return refresh, nil
}

// mayRevoke checks the client's secret, which comes in clear, and its settings.
func (c *call) mayRevoke(secret *string) error {
	switch {
	case !c.client.Accepts(secret):
		return token.WrongClientSecret()
	case !pool.RevocationEnabled(c.client.Settings):
		return token.RevocationDisabled()
	}
	return nil
}
