package real

import (
	"context"
	"maps"
	"reflect"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go/middleware"

	"github.com/cognitotest/cognito/fake"
)

// defaultRates are the calls a second that the service grants an account in a region, by category
// (developer guide, quotas).
var defaultRates = map[fake.Category]float64{
	fake.UserAuthentication: 120, fake.ClientAuthentication: 150, fake.UserCreation: 50, fake.UserAccountRecovery: 30, fake.UserRead: 120,
	fake.UserUpdate: 25, fake.UserToken: 120, fake.UserResourceRead: 50, fake.UserResourceUpdate: 25, fake.UserList: 30,
	fake.UserPoolRead: 15, fake.UserPoolUpdate: 15, fake.UserPoolResourceRead: 20, fake.UserPoolResourceUpdate: 15,
	fake.UserPoolClientRead: 15, fake.UserPoolClientUpdate: 15,
}

// perPool is how many calls a second of one operation the service grants a single pool, in the categories of
// a pool's resources and app clients (developer guide, quotas). It grows with the rate of the category.
const perPool = 5

func limitedByPool(c fake.Category) bool {
	switch c {
	case fake.UserPoolResourceRead, fake.UserPoolResourceUpdate, fake.UserPoolClientRead, fake.UserPoolClientUpdate:
		return true
	}
	return false
}

// limiter is the budget of an account in a region. It is safe for concurrent use.
type limiter struct {
	rates map[fake.Category]float64
	logf  func(format string, args ...any) // called without the lock

	mu     sync.Mutex // guards all below
	queues map[queue]*pace
	made   int       // calls that have left, or wait to
	told   time.Time // when a wait was last told of
}

// queue is what shares a pace: a category or, where a single pool is limited, an operation of a pool.
type queue struct {
	category        fake.Category
	operation, pool string
}

// pace is how often something may be called.
type pace struct {
	full, now float64 // calls a second
	next      time.Time
	slowed    time.Time // when it was last
}

func newLimiter(rates map[fake.Category]float64, logf func(string, ...any)) *limiter {
	if logf == nil {
		logf = func(string, ...any) {}
	}
	l := &limiter{rates: maps.Clone(defaultRates), logf: logf, queues: map[queue]*pace{}}
	maps.Copy(l.rates, rates)
	return l
}

// pacesOf returns the paces that a call keeps. The lock is held.
func (l *limiter) pacesOf(operation, poolID string) []*pace {
	c := fake.CategoryOf(operation)
	paces := []*pace{l.pace(queue{category: c}, l.rates[c])}
	if limitedByPool(c) && poolID != "" {
		paces = append(paces, l.pace(queue{operation: operation, pool: poolID}, perPool*l.rates[c]/defaultRates[c]))
	}
	return paces
}

func (l *limiter) pace(q queue, rate float64) *pace {
	p, ok := l.queues[q]
	if !ok {
		p = &pace{full: rate, now: rate}
		l.queues[q] = p
	}
	return p
}

// reserve returns when a call may leave.
func (l *limiter) reserve(operation, poolID string, now time.Time) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := now
	l.made++
	for _, p := range l.pacesOf(operation, poolID) {
		if p.now <= 0 {
			continue // no limit is known
		}
		if p.next.After(at) {
			at = p.next
		}
		p.next = later(p.next, now).Add(time.Duration(float64(time.Second) / p.now))
	}
	return at
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// A wait of so long is told of, but not more often than every so often.
const (
	longWait  = 3 * time.Second
	toldEvery = 5 * time.Second
)

// tell tells of a long wait.
func (l *limiter) tell(operation string, wait time.Duration, now time.Time) {
	l.mu.Lock()
	made, due := l.made, wait >= longWait && now.Sub(l.told) >= toldEvery
	if due {
		l.told = now
	}
	l.mu.Unlock()
	if due {
		c := fake.CategoryOf(operation)
		l.logf("cognitotest: %s waits %v for the account's rate of %s, %g a second; %d calls so far",
			operation, wait.Round(time.Second), c, l.rates[c], made)
	}
}

// settle adapts the pace of a call's category to the service's answer: it falls by a fifth where calls are
// throttled, once a second at most, and comes back by a hundredth with each that is not.
func (l *limiter) settle(operation string, err error, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.pacesOf(operation, "")[0]
	switch throttled := codeOf(err) == (&types.TooManyRequestsException{}).ErrorCode(); {
	case throttled && now.Sub(p.slowed) >= time.Second:
		p.now, p.slowed = max(p.now*0.8, 1), now
	case !throttled:
		p.now = min(p.now+p.full/100, p.full)
	}
}

// register makes each sending of a call wait for its turn.
func (l *limiter) register(stack *middleware.Stack) error {
	remember := middleware.InitializeMiddlewareFunc("cognitotest pool", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
		return next.HandleInitialize(middleware.WithStackValue(ctx, poolKey{}, poolOf(in.Parameters)), in)
	})
	wait := middleware.FinalizeMiddlewareFunc("cognitotest rate", func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
		operation := middleware.GetOperationName(ctx)
		poolID, _ := middleware.GetStackValue(ctx, poolKey{}).(string)
		now := time.Now()
		at := l.reserve(operation, poolID, now)
		l.tell(operation, at.Sub(now), now)
		if err := sleepUntil(ctx, at); err != nil {
			return middleware.FinalizeOutput{}, middleware.Metadata{}, err
		}
		out, metadata, err := next.HandleFinalize(ctx, in)
		l.settle(operation, err, time.Now())
		return out, metadata, err
	})
	if err := stack.Initialize.Add(remember, middleware.Before); err != nil {
		return err
	}
	return stack.Finalize.Insert(wait, "Retry", middleware.After)
}

type poolKey struct{}

// poolOf returns the pool that an input names, or "".
func poolOf(in any) string {
	field := reflect.ValueOf(in).Elem().FieldByName("UserPoolId")
	if !field.IsValid() {
		return ""
	}
	id, _ := field.Interface().(*string)
	return aws.ToString(id)
}

func sleepUntil(ctx context.Context, at time.Time) error {
	d := time.Until(at)
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
