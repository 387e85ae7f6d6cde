// Package api holds the operations of the Cognito JSON API, one method each, with the SDK's own
// types in and out. [API] therefore satisfies the same interfaces as the SDK's client.
//
// Each operation has three steps: authorise (which pool, client, user), decide (may it), effect
// (under the pool's lock). Families of operations stand in files named for them. Constraints of the
// API model were checked before; [Dispatch] does that.
//
// To add an operation: write its method in the file of its family, delete it from notsimulated.go,
// and take the mark off its line in the table of operations.go. The tests tell what else is missing.
package api

import (
	"context"
	"crypto/cipher"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/cognitotest/cognito/fake/internal/message"
	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/signin"
	"github.com/cognitotest/cognito/fake/internal/token"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// API is the operations on the pools of one server. Its methods are safe for concurrent use.
type API struct {
	notSimulated

	store     *pool.Store
	tokens    *token.Issuer
	engine    *signin.Engine
	outbox    *message.Outbox
	functions *trigger.Functions
	region    string // for calls that name none
	notice    func(feature string)
	pages     cipher.AEAD // of page tokens
}

// Parts is what an API works on.
type Parts struct {
	Store     *pool.Store
	Tokens    *token.Issuer
	Engine    *signin.Engine
	Outbox    *message.Outbox
	Functions *trigger.Functions
	Region    string               // of pools that are created by a call that names no region
	Notice    func(feature string) // told each setting that is stored but not simulated
	Pages     *PageSealer
}

// New returns the operations on these parts.
func New(p Parts) *API {
	return &API{
		store: p.Store, tokens: p.Tokens, engine: p.Engine, outbox: p.Outbox, functions: p.Functions,
		region: p.Region, notice: p.Notice, pages: p.Pages.aead,
	}
}

// Adopt takes note of pools that were not made by CreateUserPool.
func Adopt(a *API, pools []*pool.Pool) {
	for _, p := range pools {
		a.tokens.Keys(p) // so that they are made while the test goes on
		p.Lock()
		settings, clients, domains := p.Settings, slices.Collect(p.ClientsLocked("")), p.DomainsLocked()
		p.Unlock()
		a.noticePool(settings)
		for _, d := range domains {
			a.noticeDomain(d)
		}
		for _, c := range clients {
			a.noticeClient(c.Settings)
		}
	}
}

type regionKey struct{}

// WithRegion returns a context for a call that was signed for a region. Such a call sees the pools
// of that region only; a call without a region sees all.
func WithRegion(ctx context.Context, region string) context.Context {
	return context.WithValue(ctx, regionKey{}, region)
}

// regionOf returns the region of a call, or "".
func regionOf(ctx context.Context) string {
	region, _ := ctx.Value(regionKey{}).(string)
	return region
}

// pool finds the pool that a call names.
func (a *API) pool(ctx context.Context, id *string) (*pool.Pool, error) {
	return a.store.Pool(aws.ToString(id), regionOf(ctx))
}

// poolOfClient finds the pool of the app client that a call names.
func (a *API) poolOfClient(ctx context.Context, clientID *string) (*pool.Pool, error) {
	return a.store.PoolOfClient(aws.ToString(clientID), regionOf(ctx))
}

// done is the answer of an operation that answers nothing but whether it failed.
func done[O any](err error) (*O, error) {
	if err != nil {
		return nil, err
	}
	return new(O), nil
}

// answer returns an output, or the error alone where there is one.
func answer[O any](out *O, err error) (*O, error) {
	if err != nil {
		return nil, err
	}
	return out, nil
}
