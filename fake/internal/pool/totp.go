package pool

import (
	"crypto/subtle"
	"slices"
	"time"

	"github.com/pquerna/otp/hotp"
)

// TOTP as authenticator apps make it: SHA-1, six digits, a step of half a minute. Codes of the
// current step and of one before and after are accepted.
const (
	totpStep   = 30
	totpWindow = 1
)

// Authenticator is the app that makes a user's codes, as far as the server knows it.
type Authenticator struct {
	Secret string   // base32 without padding
	Name   string   // FriendlyDeviceName
	Used   []uint64 // steps within the window whose code was accepted
}

// verdict is what an authenticator says of a code.
type verdict int

const (
	wrongCode verdict = iota
	usedCode
	rightCode
)

// take judges a code, and accepts each once.
func (a *Authenticator) take(code string, now time.Time) verdict {
	current := uint64(now.Unix()) / totpStep
	a.Used = slices.DeleteFunc(a.Used, func(step uint64) bool { return step+totpWindow < current })
	found := wrongCode
	for step := current - totpWindow; step <= current+totpWindow; step++ {
		switch {
		case !a.makes(step, code):
		case slices.Contains(a.Used, step):
			found = usedCode
		default:
			a.Used = append(a.Used, step)
			return rightCode
		}
	}
	return found
}

// makes reports whether a code is that of a step.
func (a *Authenticator) makes(step uint64, code string) bool {
	want, err := hotp.GenerateCode(a.Secret, step)
	if err != nil {
		panic(Broken("TOTP: %v", err))
	}
	return subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1
}

// HasTOTP reports whether a user has a verified authenticator.
func (u *User) HasTOTP() bool { return u.totp != nil }

// TOTPDevice returns the name that the user gave the authenticator, or "".
func (u *User) TOTPDevice() string {
	if u.totp == nil {
		return ""
	}
	return u.totp.Name
}

// AssociateTOTPLocked begins to register an authenticator with a secret. An earlier one stays good
// until the new one is verified (inferred).
func (p *Pool) AssociateTOTPLocked(u *User, secret string) error {
	if !p.MFA.AllowsSoftwareToken() {
		return TOTPNotAllowed()
	}
	u.newTOTP = &Authenticator{Secret: secret}
	return nil
}

// VerifyTOTPLocked ends the registration of an authenticator with its first code; it does not enable
// it as a factor. Where none is being registered the one that is judges the code (inferred).
func (p *Pool) VerifyTOTPLocked(u *User, code, device string, now time.Time) error {
	if !p.MFA.AllowsSoftwareToken() {
		return TOTPNotAllowed()
	}
	a := u.newTOTP
	if a == nil {
		a = u.totp
	}
	if a == nil {
		return TOTPNotFound()
	}
	switch a.take(code, now) {
	case wrongCode:
		return TOTPNotVerified()
	case usedCode:
		return TOTPVerifiedByUsedCode()
	}
	a.Name = device
	u.totp, u.newTOTP = a, nil
	return nil
}

// TakeTOTPLocked judges a code at sign-in.
func (u *User) TakeTOTPLocked(code string, now time.Time) error {
	if u.totp == nil {
		return TOTPNotFound()
	}
	switch u.totp.take(code, now) {
	case wrongCode:
		return TOTPMismatch()
	case usedCode:
		return TOTPUsed()
	}
	return nil
}
