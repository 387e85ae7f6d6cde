package clock

import (
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
