package pool

import (
	"testing"
	"time"
)

// start is when these tests begin.
var start = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

func TestLocksDouble(t *testing.T) {
	u, now := &User{}, start
	for failure := 1; failure <= 20; failure++ {
		u.FailPasswordLocked(now)
		want := time.Duration(0) // the first four are free
		if failure >= 5 {
			want = min(time.Second<<min(failure-5, 20), 15*time.Minute)
		}
		if want > 0 && !u.LockedOutLocked(now.Add(want-time.Nanosecond)) {
			t.Errorf("failure %d: not locked for %v", failure, want)
		}
		if u.LockedOutLocked(now.Add(want)) {
			t.Errorf("failure %d: locked for more than %v", failure, want)
		}
		now = now.Add(min(want, 14*time.Minute)) // soon enough to be a failure in a row
	}
}

func TestFailuresAreForgotten(t *testing.T) {
	for _, test := range []struct {
		why    string
		forget func(*User) (now time.Time)
	}{
		{"by a right password", func(u *User) time.Time { u.PassPasswordLocked(); return start.Add(time.Second) }},
		{"by a quarter of an hour without attempts", func(*User) time.Time { return start.Add(15 * time.Minute) }},
	} {
		t.Run(test.why, func(t *testing.T) {
			u := &User{}
			for range 5 {
				u.FailPasswordLocked(start)
			}
			now := test.forget(u)
			for range 4 {
				u.FailPasswordLocked(now)
			}
			if u.LockedOutLocked(now) {
				t.Error("locked after four failures")
			}
			u.FailPasswordLocked(now)
			if !u.LockedOutLocked(now) {
				t.Error("not locked after five failures")
			}
		})
	}
}

// TestAttemptsDuringALockAreAttempts refuses a user in the middle of the longest lock, which alone
// would be the quarter of an hour that forgets the failures.
func TestAttemptsDuringALockAreAttempts(t *testing.T) {
	u := &User{}
	for range 20 {
		u.FailPasswordLocked(start)
	}
	if !u.LockedOutLocked(start.Add(5 * time.Minute)) {
		t.Error("not locked")
	}
	unlocked := start.Add(15 * time.Minute)
	if u.LockedOutLocked(unlocked) {
		t.Error("the attempt made the lock longer")
	}
	u.FailPasswordLocked(unlocked)
	if !u.LockedOutLocked(unlocked.Add(14 * time.Minute)) {
		t.Error("the failures were forgotten in spite of an attempt")
	}
}

func TestHasPassword(t *testing.T) {
	for _, test := range []struct {
		why, password, given string
		want                 bool
	}{
		{"the same", "Correct-Horse-7", "Correct-Horse-7", true},
		{"a part", "Correct-Horse-7", "Correct-Horse", false},
		{"case matters", "Correct-Horse-7", "correct-horse-7", false},
		{"no password is none", "", "", false},
		{"none is not any", "", "Correct-Horse-7", false},
	} {
		if got := (&User{Password: test.password}).HasPassword(test.given); got != test.want {
			t.Errorf("%s: got %t, want %t", test.why, got, test.want)
		}
	}
}
