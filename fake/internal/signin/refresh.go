package signin

import (
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/token"
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
	u, g, err := r.UserLocked(s.pool, s.now)
	var gone *types.UserNotFoundException
	if errors.As(err, &gone) && pool.HidesUserExistence(s.client.Settings) {
		return outcome{}, token.InvalidRefreshToken()
	}
	if err != nil {
		return outcome{}, err
	}
	return outcome{draft: s.issuer.DraftLocked(s.pool, s.client, u, g)}, nil
}
