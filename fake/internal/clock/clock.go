// Package clock is the one source of time of a fake server.
//
// A [Clock] follows a base function, [time.Now] unless told otherwise, so that it moves by itself
// and follows the virtual time of a testing/synctest bubble; [Clock.Advance] adds to it. No other
// code of the fake reads the wall clock.
package clock

import (
	"sync/atomic"
	"time"
)

// Clock tells the time of one server. It is safe for concurrent use.
type Clock struct {
	base   func() time.Time
	offset atomic.Int64 // nanoseconds that Advance has added
}

// New returns a Clock that follows base, or [time.Now] where base is nil.
func New(base func() time.Time) *Clock {
	if base == nil {
		base = time.Now
	}
	return &Clock{base: base}
}

// Now returns the base's time plus everything that Advance has added, in UTC.
func (c *Clock) Now() time.Time {
	return c.base().Add(time.Duration(c.offset.Load())).UTC()
}

// Advance moves the clock by d; a negative d moves it back.
func (c *Clock) Advance(d time.Duration) { c.offset.Add(int64(d)) }
