// Package clock is the one source of time of a fake server.
//
// A [Clock] follows a base function, [time.Now] unless told otherwise, so that it moves by itself
// and follows the virtual time of a testing/synctest bubble; [Clock.Advance] and [Clock.Set] move it,
// and [Clock.Freeze] stops it. No other code of the fake reads the wall clock.
package clock

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Clock tells the time of one server. It is safe for concurrent use.
type Clock struct {
	base  func() time.Time // user code: no lock is held when it runs
	state atomic.Pointer[state]

	mu     sync.Mutex // guards timers, and orders the changes of state
	timers map[*timer]bool
}

// state is how the clock stands to its base. It is never changed, only replaced.
type state struct {
	offset time.Duration // from the base, while the clock goes
	frozen bool
	moment time.Time // of a frozen clock
}

// at returns the clock's time, in UTC, when its base says so.
func (s *state) at(base time.Time) time.Time {
	if s.frozen {
		return s.moment
	}
	return base.Add(s.offset).UTC()
}

// New returns a Clock that follows base, or [time.Now] where base is nil.
func New(base func() time.Time) *Clock {
	if base == nil {
		base = time.Now
	}
	c := &Clock{base: base, timers: map[*timer]bool{}}
	c.state.Store(&state{})
	return c
}

// Now returns the time, in UTC.
func (c *Clock) Now() time.Time { return c.state.Load().at(c.base()) }

// Reading is what a clock shows at one moment.
type Reading struct {
	Now    time.Time // of the clock, in UTC
	Base   time.Time // of what it follows, in UTC
	Frozen bool
}

// Read returns the time beside that of the base.
func (c *Clock) Read() Reading {
	base, s := c.base(), c.state.Load()
	return Reading{Now: s.at(base), Base: base.UTC(), Frozen: s.frozen}
}

// Advance moves the clock by d, also while it is frozen; a negative d moves it back.
func (c *Clock) Advance(d time.Duration) {
	c.change(func(_ time.Time, s *state) {
		s.offset += d
		s.moment = s.moment.Add(d)
	})
}

// Set moves the clock to a moment, at most 292 years from its base, from where it goes on.
func (c *Clock) Set(moment time.Time) {
	c.change(func(base time.Time, s *state) { *s = state{offset: moment.Sub(base)} })
}

// Freeze stops the clock at a moment, until [Clock.Set].
func (c *Clock) Freeze(moment time.Time) {
	c.change(func(_ time.Time, s *state) { *s = state{frozen: true, moment: moment.UTC()} })
}

// State is how a clock was moved: by an offset from its base, or to the moment at which it is frozen, nil
// where it goes. The zero State is that of a new clock.
type State struct {
	Offset time.Duration
	Frozen *time.Time
}

// State returns how the clock was moved.
func (c *Clock) State() State {
	s := c.state.Load()
	if s.frozen {
		return State{Frozen: &s.moment}
	}
	return State{Offset: s.offset}
}

// NowAs returns the time that the clock would tell if it were moved as another was; as it is with the zero
// State.
func (c *Clock) NowAs(moved State) time.Time {
	switch {
	case moved.Frozen != nil:
		return *moved.Frozen
	case moved.Offset != 0:
		return (&state{offset: moved.Offset}).at(c.base())
	}
	return c.Now()
}

// Restore moves the clock as another was moved, or itself before.
func (c *Clock) Restore(moved State) {
	if moved.Frozen != nil {
		c.Freeze(*moved.Frozen)
		return
	}
	c.change(func(_ time.Time, s *state) { *s = state{offset: moved.Offset} })
}

// change has edit change the state, and the timers follow.
func (c *Clock) change(edit func(base time.Time, s *state)) {
	base := c.base()
	c.mu.Lock()
	defer c.mu.Unlock()
	s := *c.state.Load()
	edit(base, &s)
	c.state.Store(&s)
	for t := range c.timers {
		t.follow(&s, base)
	}
}

// timer is something that ends at a moment of the clock.
type timer struct {
	at   time.Time
	end  func()
	wake *time.Timer // nil where the clock stood still from the beginning
}

// follow makes the timer end when the clock will be there: now, by itself, or not as long as the clock
// is frozen. The clock's lock is held.
func (t *timer) follow(s *state, base time.Time) {
	if t.wake != nil {
		t.wake.Stop()
	}
	switch left := t.at.Sub(s.at(base)); {
	case left <= 0:
		t.end()
	case !s.frozen:
		t.wake = time.AfterFunc(left, t.end)
	}
}

// WithTimeout returns a context that is done when d has passed on the clock, by itself or because the
// clock was moved. While the clock is frozen nothing passes by itself.
func (c *Clock) WithTimeout(parent context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	inner, cancel := context.WithCancelCause(parent)
	base := c.base()
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.state.Load()
	t := &timer{at: s.at(base).Add(d), end: func() { cancel(context.DeadlineExceeded) }}
	c.timers[t] = true
	t.follow(s, base)
	return &timed{inner, time.Now().Add(d)}, func() {
		cancel(nil)
		c.forget(t)
	}
}

func (c *Clock) forget(t *timer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.timers, t)
	if t.wake != nil {
		t.wake.Stop()
	}
}

// WaitUntil returns when the clock has reached a moment, or with the context's error when that is done
// before.
func (c *Clock) WaitUntil(ctx context.Context, moment time.Time) error {
	waiting, cancel := c.WithTimeout(ctx, moment.Sub(c.Now()))
	defer cancel()
	<-waiting.Done()
	return ctx.Err()
}

// timed is a context whose time is up when a clock says so.
type timed struct {
	context.Context
	deadline time.Time
}

// Deadline returns when the time is up if nobody moves the clock, in the time of [time.Now], by which
// users of a context measure.
func (c *timed) Deadline() (time.Time, bool) {
	if at, ok := c.Context.Deadline(); ok && at.Before(c.deadline) {
		return at, true
	}
	return c.deadline, true
}

// Err returns [context.DeadlineExceeded] also where it was the clock that was moved.
func (c *timed) Err() error {
	if c.Context.Err() == nil {
		return nil
	}
	if context.Cause(c.Context) == context.DeadlineExceeded {
		return context.DeadlineExceeded
	}
	return c.Context.Err()
}
