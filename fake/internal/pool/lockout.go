package pool

import (
	"crypto/subtle"
	"time"
)

// The schedule of password lockouts (developer guide, "Lockout behavior"): after the fifth failure
// in a row the user is locked for a second, doubled by each further failure up to about 15 minutes;
// a quarter of an hour without attempts resets the count.
const (
	freeFailures = 5
	maxLock      = 15 * time.Minute
	lockoutReset = 15 * time.Minute
)

// Lockout counts the failed password attempts of a user.
type Lockout struct {
	Failures int
	Last     time.Time // of the last attempt
	Until    time.Time
}

// HasPassword reports whether a password is the user's, in constant time. A user without one has
// none, not the blank one.
func (u *User) HasPassword(password string) bool {
	return u.Password != "" && subtle.ConstantTimeCompare([]byte(u.Password), []byte(password)) == 1
}

// LockedOutLocked reports whether a password attempt is refused at this moment. One that is adds
// nothing to the lock, but it is an attempt: it puts off the time when the failures are forgotten.
func (u *User) LockedOutLocked(now time.Time) bool {
	locked := now.Before(u.lockout.Until)
	if locked {
		u.lockout.Last = now
	}
	return locked
}

// FailPasswordLocked counts a failed attempt and starts the lock that it earns.
func (u *User) FailPasswordLocked(now time.Time) {
	l := &u.lockout
	if now.Sub(l.Last) >= lockoutReset {
		l.Failures = 0
	}
	l.Failures++
	l.Last = now
	if over := l.Failures - freeFailures; over >= 0 {
		l.Until = now.Add(min(time.Second<<min(over, 10), maxLock))
	}
}

// PassPasswordLocked forgets the failures after a right password.
func (u *User) PassPasswordLocked() { u.lockout = Lockout{} }
