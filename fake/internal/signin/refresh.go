package signin

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/token"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// beginRefresh begins REFRESH_TOKEN_AUTH, for which REFRESH_TOKEN is another name. The token is
// opened here, without the lock: that costs an RSA operation.
func (e *Engine) beginRefresh(in Initiation) (move, error) {
	opened, err := e.issuer.OpenRefresh(in.Pool, in.ClientID, in.Parameters["REFRESH_TOKEN"])
	return func(s step) (outcome, error) {
		if missing := s.secretHashMissing(in); missing != nil {
			return outcome{}, missing
		}
		if err != nil {
			return outcome{}, err
		}
		return s.refresh(in, opened)
	}, nil
}

// secretHashMissing refuses a client with a secret that sent no SECRET_HASH, whatever its token.
func (s step) secretHashMissing(in Initiation) error {
	if s.client.Confidential() && in.Parameters["SECRET_HASH"] == "" {
		return pool.SecretHashMissing(s.client.ID)
	}
	return nil
}

// refresh mints new access and ID tokens for an earlier sign-in. SECRET_HASH is made of the stored
// username, not of an alias.
func (s step) refresh(in Initiation, r *token.Refresh) (outcome, error) {
	if err := s.client.CheckSecretHash(r.Username, in.Parameters["SECRET_HASH"], in.secretMismatch()); err != nil {
		return outcome{}, err
	}
	u, g, err := s.refreshable(r, in.Parameters["DEVICE_KEY"], token.InvalidRefreshToken())
	if err != nil {
		return outcome{}, err
	}
	s.source = trigger.TokensRefreshTokens
	return s.mint(u, g), nil
}

// refreshable finds the user and the sign-in of a refresh token that comes from a device. It answers
// invalid to another device, and where the client wants it hidden that the user is gone.
func (s step) refreshable(r *token.Refresh, deviceKey string, invalid error) (*pool.User, *pool.Grant, error) {
	u, g, err := r.UserLocked(s.pool, s.now)
	switch {
	case errors.As(err, new(*types.UserNotFoundException)) && pool.HidesUserExistence(s.client.Settings):
		return nil, nil, invalid
	case err != nil:
		return nil, nil, err
	case !s.boundTo(u, g, deviceKey):
		return nil, nil, invalid
	}
	return u, g, nil
}

// Exchange is a request for new tokens in exchange for a refresh token: GetTokensFromRefreshToken or, with
// OAuth, one to the token endpoint.
type Exchange struct {
	trigger.Call
	OAuth        bool
	ClientSecret *string // in clear
	RefreshToken string
	DeviceKey    string
}

// Exchange answers new access and ID tokens and, where the client rotates refresh tokens, a new
// refresh token that lives as long as the old one would have.
func (e *Engine) Exchange(ctx context.Context, in Exchange) (*Result, error) {
	opened, err := e.issuer.OpenRefresh(in.Pool, in.ClientID, in.RefreshToken)
	return e.locked(ctx, in.Call, trail{}, func(s step) (outcome, error) {
		if !s.client.Accepts(in.ClientSecret) {
			return outcome{}, token.ExchangeSecretMismatch(s.client.ID)
		}
		if err != nil {
			return outcome{}, token.InvalidRefreshTokenToExchange()
		}
		if in.OAuth {
			s.source = trigger.TokensRefreshTokens
		}
		return s.exchange(opened, in.DeviceKey)
	})
}

func (s step) exchange(r *token.Refresh, deviceKey string) (outcome, error) {
	u, g, err := s.refreshable(r, deviceKey, token.InvalidRefreshTokenToExchange())
	if err != nil {
		return outcome{}, err
	}
	out := s.mint(u, g)
	if !pool.RotatesRefreshTokens(s.client.Settings) {
		return out, nil
	}
	asked := out.mint
	if asked == nil {
		return s.rotate(r, deviceKey, out)
	}
	if err := r.CheckUnusedLocked(g, pool.RotationGrace(s.client.Settings), s.now); err != nil {
		return outcome{}, err
	}
	out.mint = nil
	return s.consult(asked.Event, func(s step) (outcome, error) {
		customize(out.draft, asked)
		return s.rotate(r, deviceKey, out)
	})
}

// rotate uses a refresh token up. That comes after pre token generation, so that a function which fails
// leaves the token as good as it was (inferred).
func (s step) rotate(r *token.Refresh, deviceKey string, out outcome) (outcome, error) {
	u, g, err := s.refreshable(r, deviceKey, token.InvalidRefreshTokenToExchange())
	if err != nil {
		return outcome{}, err
	}
	if err := r.RotateLocked(g, pool.RotationGrace(s.client.Settings), s.now); err != nil {
		return outcome{}, err
	}
	out.draft.WithRefresh(s.pool, u, g)
	return out, nil
}
