// Package trigger holds the Lambda triggers of user pools: the events that the service sends, and
// the functions that take them.
//
// Functions are user code: nobody may hold a pool's lock while one runs. An operation composes an
// [Event] under the lock, which copies what it tells of the user, and invokes it after. What the
// function answers replaces the Response of the event.
//
// Which function a pool calls is its LambdaConfig's to say, by ARN; [Functions] knows which ARNs are
// functions of this process.
package trigger

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/cognitotest/cognito/fake/internal/clock"
)

// Handler is a function as AWS Lambda runs it: an event in, an answer out, both JSON. It is the
// Handler of github.com/aws/aws-lambda-go/lambda.
type Handler interface {
	Invoke(ctx context.Context, payload []byte) ([]byte, error)
}

// Func makes a Handler of a function with a typed event and a typed answer, such as those of
// github.com/aws/aws-lambda-go/events.
func Func[In, Out any](f func(context.Context, In) (Out, error)) Handler { return typed[In, Out](f) }

type typed[In, Out any] func(context.Context, In) (Out, error)

func (f typed[In, Out]) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	var in In
	if err := json.Unmarshal(payload, &in); err != nil {
		return nil, err
	}
	out, err := f(ctx, in)
	if err != nil {
		return nil, err
	}
	return json.Marshal(out)
}

// The limits of an invocation (developer guide): a function has five seconds, three times.
const (
	timeout  = 5 * time.Second
	attempts = 3
)

// Functions are the functions that the pools of one server can call. It is safe for concurrent use.
type Functions struct {
	clock *clock.Clock
	logf  func(string, ...any)

	mu      sync.Mutex // guards everything below
	byARN   map[string]Handler
	records []*record // in the order in which the calls began; fewer than twice maxRecords
}

// record is an invocation, which is complete once it is done.
type record struct {
	Invocation
	done bool
}

// New returns an empty set. logf is told what the author of a test should know; it is called
// without locks.
func New(c *clock.Clock, logf func(string, ...any)) *Functions {
	return &Functions{clock: c, logf: logf, byARN: map[string]Handler{}}
}

// Bind makes a function answer for an ARN; nil makes nobody answer.
func (f *Functions) Bind(arn string, h Handler) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.byARN[arn] = h
}

// Bound returns the functions by their ARNs.
func (f *Functions) Bound() map[string]Handler {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.byARN)
}

// Rebind makes these functions answer for their ARNs, and nobody for any other.
func (f *Functions) Rebind(byARN map[string]Handler) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.byARN = maps.Clone(byARN)
}

// Invocation is one call of a function.
type Invocation struct {
	PoolID   string
	Username string
	Source   Source
	Event    json.RawMessage
	Response json.RawMessage // the function's whole answer; nil where it failed
	Err      error           // what the caller of the operation is told (of senders: nobody), or nil
	At       time.Time
	Duration time.Duration // on the server's clock
}

// Decode reads the event, as the function got it, into a pointer.
func (i Invocation) Decode(event any) error { return json.Unmarshal(i.Event, event) }

// maxRecords is how many calls are kept at least.
const maxRecords = 10_000

// Invocations returns the calls that have ended, in the order in which they began, of the newest 10,000.
func (f *Functions) Invocations() []Invocation {
	f.mu.Lock()
	defer f.mu.Unlock()
	var ended []Invocation
	for _, r := range f.newestLocked() {
		if r.done {
			ended = append(ended, r.Invocation)
		}
	}
	return ended
}

// begin keeps a record of a call that begins.
func (f *Functions) begin(e *Event, payload []byte) *record {
	r := &record{Invocation: Invocation{PoolID: e.UserPoolID, Username: e.UserName, Source: e.Source, Event: payload, At: f.clock.Now()}}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.records = append(f.records, r)
	if len(f.records) == 2*maxRecords {
		f.records = slices.Clone(f.newestLocked())
	}
	return r
}

// newestLocked returns the calls that are kept.
func (f *Functions) newestLocked() []*record { return f.records[max(0, len(f.records)-maxRecords):] }

// end completes a record.
func (f *Functions) end(r *record, answer []byte, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r.Response, r.Err, r.Duration, r.done = bytes.Clone(answer), err, f.clock.Now().Sub(r.At), true
}

// Invoke sends an event to its function, and replaces the event's Response by what the function
// answers. No lock may be held. Errors are the service's.
func (f *Functions) Invoke(ctx context.Context, e *Event) error {
	return f.invoke(ctx, e, attempts, e.take)
}

// Notify sends an event to a function from which nobody wants an answer, once. It waits until the
// function has returned, at most for its time; a failure is logged, and nothing else comes of it.
func (f *Functions) Notify(ctx context.Context, e *Event) {
	if err := f.invoke(ctx, e, 1, func([]byte) error { return nil }); err != nil {
		f.logf("cognitotest: the operation goes on, as it does on the service: %s: %v", e.Source, err)
	}
}

// invoke sends an event at most so many times, and has take read what the function answers.
func (f *Functions) invoke(ctx context.Context, e *Event, times int, take func([]byte) error) error {
	payload, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("encoding an event for %s: %w", e.Source, err)
	}
	r := f.begin(e, payload)
	answer, err := f.call(ctx, e, payload, times)
	if err == nil {
		err = take(answer)
	}
	f.end(r, answer, err)
	return err
}

// call finds the function of an event and runs it until it answers in time, at most so many times.
func (f *Functions) call(ctx context.Context, e *Event, payload []byte, times int) ([]byte, error) {
	f.mu.Lock()
	h := f.byARN[e.arn]
	f.mu.Unlock()
	if h == nil {
		f.logf("cognitotest: the pool's LambdaConfig names %s for %s, and nothing is bound to that ARN: bind a function with fake.Server.BindFunction or cognitotest.WithFunction", e.arn, e.Source.Trigger())
		return nil, notInvoked(e.Source, "AccessDeniedException")
	}
	for range times {
		answer, err := f.run(context.WithoutCancel(ctx), h, e.Source, payload)
		if err != errLate {
			return answer, err
		}
	}
	f.logf("cognitotest: the function for %s did not answer within %v, %d times", e.Source, timeout, times)
	return nil, notInvoked(e.Source, timedOut)
}

// result is what a function answered.
type result struct {
	answer []byte
	err    error
}

// errLate says that a function did not answer in time.
var errLate = errors.New("trigger: the time is up")

// run runs a function once. Where the time is up the function is left to end by itself, and its
// context is done.
func (f *Functions) run(ctx context.Context, h Handler, source Source, payload []byte) ([]byte, error) {
	ctx, cancel := f.clock.WithTimeout(ctx, timeout)
	defer cancel()
	done := make(chan result, 1)
	go func() {
		r := result{err: failed(source, exited)}
		defer func() { done <- r }()
		r.answer, r.err = f.guarded(ctx, h, source, payload)
	}()
	select {
	case r := <-done:
		if ctx.Err() != nil { // it gave up because its time was up
			return nil, errLate
		}
		return r.answer, r.err
	case <-ctx.Done():
		return nil, errLate
	}
}

// guarded runs a function that may panic, or end its goroutine.
func (f *Functions) guarded(ctx context.Context, h Handler, source Source, payload []byte) (answer []byte, err error) {
	returned := false
	defer func() {
		if p := recover(); p != nil {
			f.logf("cognitotest: the function for %s panicked: %v\n%s", source, p, debug.Stack())
			err = failed(source, fmt.Sprint(p))
		} else if !returned {
			f.logf("cognitotest: the function for %s ended its goroutine, as t.Fatal does: let it return an error", source)
		}
	}()
	answer, err = h.Invoke(ctx, bytes.Clone(payload)) // it may write to its event, in time or late
	returned = true
	if unreached := (*invokeError)(nil); errors.As(err, &unreached) && ctx.Err() == nil {
		f.logf("cognitotest: the function for %s could not be invoked: %v", source, err)
		return nil, notInvoked(source, unreached.code)
	}
	if err != nil {
		return nil, failed(source, err.Error())
	}
	return answer, nil
}
