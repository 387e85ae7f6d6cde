package pool

import (
	"crypto/subtle"
	"slices"
	"time"
)

// Purpose says what a delivered code is good for.
type Purpose string

// The purposes of codes.
const (
	ForSignUp         Purpose = "sign-up"
	ForForgotPassword Purpose = "forgot password"
	ForAttribute      Purpose = "attribute" // one for each attribute
)

// Lifetimes of codes (developer guide, quotas).
const (
	signUpCodeLife = 24 * time.Hour
	forgotCodeLife = time.Hour
)

// Life returns how long a code of this purpose is good for.
func (p Purpose) Life() time.Duration {
	if p == ForForgotPassword {
		return forgotCodeLife
	}
	return signUpCodeLife
}

// Code is a code that was sent to a user and not yet used.
type Code struct {
	Purpose   Purpose
	Attribute string // email or phone_number: where it went, and what it verifies
	NewValue  string // the value that waits for the verification, where the pool wants it first
	Value     string
	Expires   time.Time
}

// SetCodeLocked remembers a code; it replaces the user's earlier code of the same purpose and, for
// attributes, the same attribute.
func (u *User) SetCodeLocked(c Code) {
	u.DropCodeLocked(c.Purpose, c.Attribute)
	u.codes = append(u.codes, c)
}

// DropCodeLocked forgets the outstanding code of a purpose; attribute matters for [ForAttribute] only.
func (u *User) DropCodeLocked(p Purpose, attribute string) {
	if i := u.codeIndex(p, attribute); i >= 0 {
		u.codes = slices.Delete(u.codes, i, i+1)
	}
}

// dropStaleCodes forgets the codes that would verify an address or number which the user is about to
// lose (inferred). A code for a new password stays good.
func (u *User) dropStaleCodes(after *User) {
	u.codes = slices.DeleteFunc(u.codes, func(c Code) bool {
		return c.Purpose != ForForgotPassword && u.Attribute(c.Attribute) != after.Attribute(c.Attribute)
	})
}

func (u *User) codeIndex(p Purpose, attribute string) int {
	return slices.IndexFunc(u.codes, func(c Code) bool {
		return c.Purpose == p && (p != ForAttribute || c.Attribute == attribute)
	})
}

// CheckCodeLocked returns the outstanding code of a purpose if it equals value and has not expired.
// Otherwise it answers ExpiredCodeException or CodeMismatchException. Either way the code stays: who
// has used it drops it.
func (u *User) CheckCodeLocked(p Purpose, attribute, value string, now time.Time) (Code, error) {
	i := u.codeIndex(p, attribute)
	switch {
	case i < 0 || !now.Before(u.codes[i].Expires):
		return Code{}, ExpiredCode()
	case subtle.ConstantTimeCompare([]byte(u.codes[i].Value), []byte(value)) == 0:
		return Code{}, CodeMismatch()
	}
	return u.codes[i], nil
}

// Attempted names an operation that a user may try so many times in an hour.
type Attempted string

// The operations with an hourly limit and, beside each, the limit (developer guide, quotas). Those
// for forgotten passwords depend on risk, 5 to 20: the fake allows the most.
const (
	AttemptForgotPassword  Attempted = "ForgotPassword"                   // 20, with ConfirmForgotPassword
	AttemptResend          Attempted = "ResendConfirmationCode"           // 5
	AttemptConfirmSignUp   Attempted = "ConfirmSignUp"                    // 15
	AttemptChangePassword  Attempted = "ChangePassword"                   // 5
	AttemptAttributeCode   Attempted = "GetUserAttributeVerificationCode" // 5
	AttemptVerifyAttribute Attempted = "VerifyUserAttribute"              // 15
)

func (a Attempted) limit() int {
	switch a {
	case AttemptForgotPassword:
		return 20
	case AttemptConfirmSignUp, AttemptVerifyAttribute:
		return 15
	default:
		return 5
	}
}

// Attempts counts the tries since a moment.
type Attempts struct {
	Count int
	Since time.Time
}

// AttemptLocked counts a try and answers LimitExceededException once there were too many in an hour.
func (u *User) AttemptLocked(what Attempted, now time.Time) error {
	tries := u.attempts[what]
	if now.Sub(tries.Since) >= time.Hour {
		tries = Attempts{Since: now}
	}
	if tries.Count >= what.limit() {
		return AttemptLimit()
	}
	tries.Count++
	if u.attempts == nil {
		u.attempts = map[Attempted]Attempts{}
	}
	u.attempts[what] = tries
	return nil
}
