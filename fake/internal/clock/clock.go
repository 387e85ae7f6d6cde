// Package clock is the one source of time of a fake server.
//
// A [Clock] follows a base function, [time.Now] unless told otherwise, so that it moves by itself
// and follows the virtual time of a testing/synctest bubble; [Clock.Advance] adds to it. No other
// code of the fake reads the wall clock.
package clock

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Clock tells the time of one server. It is safe for concurrent use.
type Clock struct {
	base   func() time.Time
	offset atomic.Int64 // nanoseconds that Advance has added

	mu     sync.Mutex // guards timers
	timers map[*timer]bool
}

// timer is something that ends at a moment.
type timer struct {
	at  time.Time
	end func()
}

// New returns a Clock that follows base, or [time.Now] where base is nil.
func New(base func() time.Time) *Clock {
	if base == nil {
		base = time.Now
	}
	return &Clock{base: base, timers: map[*timer]bool{}}
}

// Now returns the base's time plus everything that Advance has added, in UTC.
func (c *Clock) Now() time.Time {
	return c.base().Add(time.Duration(c.offset.Load())).UTC()
}

// Advance moves the clock by d; a negative d moves it back.
func (c *Clock) Advance(d time.Duration) {
	c.offset.Add(int64(d))
	now := c.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	for t := range c.timers {
		if !now.Before(t.at) {
			t.end()
		}
	}
}

// WithTimeout returns a context that is done when d has passed, by itself or because Advance moved the
// clock on.
func (c *Clock) WithTimeout(parent context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(parent, d)
	t := &timer{c.Now().Add(d), cancel}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.timers[t] = true
	return ctx, func() {
		cancel()
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.timers, t)
	}
}
