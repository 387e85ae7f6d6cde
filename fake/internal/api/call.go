package api

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/message"
	"github.com/cognitotest/cognito/fake/internal/pool"
)

// call is what an operation of an app client works on while the pool's lock is held. Messages that
// it composes leave after the lock is released, and only where the operation succeeds.
type call struct {
	*API
	pool   *pool.Pool
	client *pool.Client
	now    time.Time
	grant  *pool.Grant // of the access token; nil where the operation has none
	drafts []message.Draft
}

// locked runs do for an app client of a pool.
func (a *API) locked(p *pool.Pool, clientID string, do func(*call) error) error {
	c := &call{API: a, pool: p, now: a.store.Clock.Now()}
	if err := c.underLock(clientID, do); err != nil {
		return err
	}
	a.outbox.Send(c.drafts...)
	return nil
}

func (c *call) underLock(clientID string, do func(*call) error) (err error) {
	c.pool.Lock()
	defer c.pool.Unlock()
	if c.client, err = c.pool.ClientLocked(clientID); err != nil {
		return err
	}
	return do(c)
}

// send gives a code its value, remembers it for the user and sends it; it returns where to.
func (c *call) send(u *pool.User, source message.Source, code pool.Code) *types.CodeDeliveryDetailsType {
	draft := c.issueCode(c.pool, u, source, code)
	c.drafts = append(c.drafts, draft)
	return draft.Details()
}

// withToken runs do on the user of an access token. That a token of a deleted client is answered with
// ResourceNotFoundException is inferred.
func (a *API) withToken(accessToken *string, do func(*call, *pool.User) error) error {
	access, err := a.tokens.Authenticate(aws.ToString(accessToken))
	if err != nil {
		return err
	}
	return a.locked(access.Pool, access.ClientID, func(c *call) error {
		u, err := access.UserLocked()
		if err != nil {
			return err
		}
		c.grant = access.GrantLocked(u)
		return do(c, u)
	})
}

// named is what an operation without a token says: which app client calls, and for whom.
type named struct{ clientID, username, secretHash *string }

// withClient runs do for an app client whose SECRET_HASH is right; mismatch words a wrong one.
func (a *API) withClient(ctx context.Context, n named, mismatch func(string) error, do func(*call) error) error {
	p, err := a.poolOfClient(ctx, n.clientID)
	if err != nil {
		return err
	}
	return a.locked(p, aws.ToString(n.clientID), func(c *call) error {
		if err := c.client.CheckSecretHash(aws.ToString(n.username), aws.ToString(n.secretHash), mismatch); err != nil {
			return err
		}
		return do(c)
	})
}

// withNamed runs do on the user whom an app client names. hidden runs instead, for a client that
// hides who exists, where the user is unknown or disabled.
func (a *API) withNamed(ctx context.Context, n named, hidden func(*call) error, do func(*call, *pool.User) error) error {
	return a.withClient(ctx, n, pool.SecretHashUnverified, func(c *call) error {
		u, err := c.pool.UserLocked(aws.ToString(n.username))
		switch gone := err != nil || u.Disabled; {
		case gone && pool.HidesUserExistence(c.client.Settings):
			return hidden(c)
		case err != nil:
			return pool.UserClientNotFound()
		case u.Disabled:
			return pool.UserDisabled()
		}
		return do(c, u)
	})
}
