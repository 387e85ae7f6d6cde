package clock

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestAdvanceAddsToTheBase(t *testing.T) {
	base := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	c := New(func() time.Time { return base })
	c.Advance(time.Hour)
	c.Advance(-time.Minute)
	if got, want := c.Now(), base.Add(59*time.Minute); !got.Equal(want) {
		t.Errorf("Now() = %v, want %v", got, want)
	}
	base = base.Add(time.Second)
	if got, want := c.Now(), base.Add(59*time.Minute); !got.Equal(want) {
		t.Errorf("Now() after the base moved = %v, want %v", got, want)
	}
}

func TestTimeoutFollowsTheClock(t *testing.T) {
	c := New(nil)
	ctx, cancel := c.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	c.Advance(59 * time.Minute)
	if ctx.Err() != nil {
		t.Error("the time was up after 59 minutes of an hour")
	}
	c.Advance(time.Minute)
	if ctx.Err() == nil {
		t.Error("the time was not up after an hour")
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := New(nil).WithTimeout(t.Context(), time.Hour)
		defer cancel()
		time.Sleep(time.Hour)
		synctest.Wait()
		if ctx.Err() == nil {
			t.Error("the time was not up after an hour of virtual time")
		}
	})
}

func TestClockFollowsBubbleTime(t *testing.T) {
	c := New(nil) // made outside the bubble
	synctest.Test(t, func(t *testing.T) {
		before := c.Now()
		time.Sleep(time.Hour)
		if got := c.Now().Sub(before); got != time.Hour {
			t.Errorf("an hour of sleep moved the clock by %v", got)
		}
	})
}

var moment = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func TestMovedAndFrozen(t *testing.T) {
	type step func(c *Clock, sleep func(time.Duration))
	advance := func(d time.Duration) step { return func(c *Clock, _ func(time.Duration)) { c.Advance(d) } }
	set := func(at time.Time) step { return func(c *Clock, _ func(time.Duration)) { c.Set(at) } }
	freeze := func(at time.Time) step { return func(c *Clock, _ func(time.Duration)) { c.Freeze(at) } }
	sleep := func(d time.Duration) step { return func(_ *Clock, sleep func(time.Duration)) { sleep(d) } }
	for _, test := range []struct {
		name, reason string
		steps        []step
		want         time.Time
	}{
		{"set", "it goes on from there", []step{set(moment), sleep(time.Hour)}, moment.Add(time.Hour)},
		{"set after Advance", "Set says where, not how far", []step{advance(time.Hour), set(moment)}, moment},
		{"set and advanced", "Advance counts from there", []step{set(moment), advance(time.Hour)}, moment.Add(time.Hour)},
		{"set back", "time may go back", []step{set(moment), set(moment.Add(-time.Hour))}, moment.Add(-time.Hour)},
		{"frozen", "time passes without it", []step{freeze(moment), sleep(time.Hour)}, moment},
		{"frozen in another zone", "the clock tells UTC", []step{freeze(moment.In(time.FixedZone("", 3600)))}, moment},
		{"frozen at nothing", "the zero time is a moment too", []step{freeze(time.Time{}), sleep(time.Hour)}, time.Time{}},
		{"frozen and advanced", "Advance moves it alone", []step{freeze(moment), advance(time.Minute), sleep(time.Hour)}, moment.Add(time.Minute)},
		{"frozen and set", "Set ends the frost", []step{freeze(moment), sleep(time.Hour), set(moment), sleep(time.Minute)}, moment.Add(time.Minute)},
	} {
		t.Run(test.name, func(t *testing.T) {
			base := moment.AddDate(3, 0, 0)
			c := New(func() time.Time { return base })
			for _, do := range test.steps {
				do(c, func(d time.Duration) { base = base.Add(d) })
			}
			if got := c.Now(); got != test.want {
				t.Errorf("%s: Now() = %v, want %v", test.reason, got, test.want)
			}
		})
	}
}

func TestTimeoutFollowsAMovedAndFrozenClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(nil)
		expect := func(ctx context.Context, reason string, want error) {
			t.Helper()
			synctest.Wait()
			if got := ctx.Err(); got != want {
				t.Errorf("%s: %v, want %v", reason, got, want)
			}
		}
		early, cancel := c.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		c.Freeze(c.Now())
		time.Sleep(2 * time.Hour)
		expect(early, "no time passes on a frozen clock", nil)
		late, cancelLate := c.WithTimeout(t.Context(), time.Hour)
		defer cancelLate()
		c.Set(c.Now())
		time.Sleep(59 * time.Minute)
		expect(late, "an hour had not passed on the clock", nil)
		time.Sleep(time.Minute)
		expect(early, "an hour has passed on the clock", context.DeadlineExceeded)
		expect(late, "it began on a frozen clock, which goes again", context.DeadlineExceeded)

		set, cancelSet := c.WithTimeout(t.Context(), time.Hour)
		defer cancelSet()
		c.Set(c.Now().Add(-time.Hour))
		time.Sleep(time.Hour)
		expect(set, "the clock was set back", nil)
		c.Freeze(c.Now().Add(time.Hour))
		expect(set, "the clock was stopped after the end", context.DeadlineExceeded)
	})
}

func TestTimeoutIsAContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(nil)
		parent, cancelParent := context.WithTimeout(t.Context(), time.Minute)
		defer cancelParent()
		ctx, cancel := c.WithTimeout(parent, time.Hour)
		defer cancel()
		if at, ok := ctx.Deadline(); !ok || time.Until(at) != time.Minute {
			t.Errorf("Deadline() = %v, %v; want the parent's, which is nearer", at, ok)
		}
		cancelled, stop := c.WithTimeout(t.Context(), time.Hour)
		if at, ok := cancelled.Deadline(); !ok || time.Until(at) != time.Hour {
			t.Errorf("Deadline() = %v, %v; want in an hour", at, ok)
		}
		stop()
		if got := cancelled.Err(); got != context.Canceled {
			t.Errorf("Err() = %v, want %v", got, context.Canceled)
		}
	})
}

func TestWaitUntil(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(nil)
		began := c.Now()
		if err := c.WaitUntil(t.Context(), began.Add(time.Hour)); err != nil || c.Now().Sub(began) != time.Hour {
			t.Errorf("waited %v: %v; want an hour", c.Now().Sub(began), err)
		}
		if err := c.WaitUntil(t.Context(), began); err != nil {
			t.Errorf("a moment of the past: %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := c.WaitUntil(ctx, c.Now().Add(time.Hour)); err != context.DeadlineExceeded {
			t.Errorf("error = %v, want %v", err, context.DeadlineExceeded)
		}
	})
}

func TestRestoredClocks(t *testing.T) {
	base := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, test := range []struct {
		why  string
		move func(*Clock)
		want time.Time
	}{
		{"one that was not moved", func(*Clock) {}, base},
		{"one that was advanced", func(c *Clock) { c.Advance(time.Hour) }, base.Add(time.Hour)},
		{"one that stands still", func(c *Clock) { c.Freeze(base.Add(time.Minute)) }, base.Add(time.Minute)},
		{"one that stands still at no moment", func(c *Clock) { c.Freeze(time.Time{}) }, time.Time{}},
	} {
		for _, later := range []func(*Clock){func(*Clock) {}, func(c *Clock) { c.Advance(time.Second) }, func(c *Clock) { c.Freeze(base) }} {
			c := New(func() time.Time { return base })
			test.move(c)
			state := c.State()
			later(c)
			c.Restore(state)
			if got := c.Now(); got != test.want {
				t.Errorf("%s: %v, want %v", test.why, got, test.want)
			}
		}
	}
}
