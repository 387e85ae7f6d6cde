package api

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/message"
	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// call is what an operation works on while the pool's lock is held. Messages that it composes leave
// after the lock is released, and only where the operation succeeds.
type call struct {
	*API
	trigger.Call
	pool   *pool.Pool
	client *pool.Client // nil where the operation names none
	grant  *pool.Grant  // of the access token; nil where the operation has none
	now    time.Time
	drafts []message.Draft
	next   *interlude
}

// interlude is user code that an operation runs in its midst, without the lock, and what follows it.
type interlude struct {
	event *trigger.Event
	then  func(*call) error // nil where nothing does
}

// invoke goes on with then once the function of an event has answered; without an event at once. What
// was read under the lock may be out of date by then.
func (c *call) invoke(event *trigger.Event, then func(*call) error) error {
	switch {
	case event != nil:
		c.next = &interlude{event, then}
	case then != nil:
		return then(c)
	}
	return nil
}

// locked runs do for whoever calls. That what was done before a function failed stays done is inferred: a
// user stays confirmed, a code or a password set.
func (a *API) locked(ctx context.Context, by trigger.Call, do func(*call) error) error {
	for do != nil {
		c := &call{API: a, Call: by, pool: by.Pool, now: a.store.Clock.Now()}
		if err := c.underLock(do); err != nil {
			return err
		}
		if err := a.outbox.Send(ctx, c.drafts...); err != nil {
			return err
		}
		by, do = c.Call, nil
		if c.next != nil {
			if err := a.functions.Invoke(ctx, c.next.event); err != nil {
				return err
			}
			do = c.next.then
		}
	}
	return nil
}

func (c *call) underLock(do func(*call) error) (err error) {
	c.pool.Lock()
	defer c.pool.Unlock()
	if err := c.store.Check(c.pool); err != nil {
		return err
	}
	if c.ClientID != "" {
		if c.client, err = c.pool.ClientLocked(c.ClientID); err != nil {
			return err
		}
	}
	return do(c)
}

// happened tells the history of a user how an operation ended, where the pool keeps one.
func (c *call) happened(u *pool.User, what types.EventType, response types.EventResponseType) {
	if c.pool.KeepsHistory() {
		u.HappenedLocked(pool.Event{ID: c.store.Random.UUID(), Type: what, Response: response, Created: c.now, IP: c.IP})
	}
}

// attempted is happened for an operation that passes or fails, with whose error it goes on.
func (c *call) attempted(u *pool.User, what types.EventType, err error) error {
	response := types.EventResponseTypePass
	if err != nil {
		response = types.EventResponseTypeFail
	}
	c.happened(u, what, response)
	return err
}

// send gives a code its value and expiry, remembers it for the user and sends it; it returns where to.
func (c *call) send(u *pool.User, source message.Source, code pool.Code) *types.CodeDeliveryDetailsType {
	code.Value = c.store.Random.Digits(6)
	code.Expires = c.now.Add(code.Purpose.Life())
	u.SetCodeLocked(code)
	draft := message.Code(c.Call, u, source, code)
	c.drafts = append(c.drafts, draft)
	return draft.Details()
}

// withUser runs do on a user that an administrator names.
func (a *API) withUser(ctx context.Context, poolID, username *string, do func(*call, *pool.User) error) error {
	p, err := a.pool(ctx, poolID)
	if err != nil {
		return err
	}
	return a.locked(ctx, trigger.NewCall(ctx, p, ""), func(c *call) error {
		u, err := p.UserLocked(aws.ToString(username))
		if err != nil {
			return err
		}
		return do(c, u)
	})
}

// withToken runs do on the user of an access token. That a token of a deleted client is answered with
// ResourceNotFoundException is inferred.
func (a *API) withToken(ctx context.Context, accessToken *string, do func(*call, *pool.User) error) error {
	access, err := a.tokens.Authenticate(aws.ToString(accessToken))
	if err != nil {
		return err
	}
	return a.locked(ctx, trigger.NewCall(ctx, access.Pool, access.ClientID), func(c *call) error {
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
	return a.locked(ctx, trigger.NewCall(ctx, p, aws.ToString(n.clientID)), func(c *call) error {
		if err := c.client.CheckSecretHash(aws.ToString(n.username), aws.ToString(n.secretHash), mismatch); err != nil {
			return err
		}
		return do(c)
	})
}

// withNamed runs do on the user whom an app client names. hidden runs instead, for a client that
// hides who exists, where the user is unknown or disabled.
func (a *API) withNamed(ctx context.Context, n named, hidden func(*call) error, do func(*call, *pool.User) error) error {
	return a.withClient(ctx, n, pool.SecretHashUnverified, func(c *call) error { return c.named(n, hidden, do) })
}

func (c *call) named(n named, hidden func(*call) error, do func(*call, *pool.User) error) error {
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
}
