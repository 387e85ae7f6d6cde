package pool

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Factor is a second factor of sign-in, by the name that challenges and lists give it.
type Factor = types.ChallengeNameType

// The factors, in the order in which lists show them.
const (
	FactorSMS   = types.ChallengeNameTypeSmsMfa
	FactorTOTP  = types.ChallengeNameTypeSoftwareTokenMfa
	FactorEmail = types.ChallengeNameTypeEmailOtp
)

// FactorPasskey says that a user's passkeys count as two factors. It is enabled like the other factors,
// but it is no second one: no list shows it, and nobody can prefer it.
const FactorPasskey = types.ChallengeNameTypeWebAuthn

// FactorSetting is what a request says of a user's factor.
type FactorSetting struct {
	Factor             Factor
	Enabled, Preferred bool
}

// ContactOf returns the attribute that the codes of a challenge go to, or "" where it has none. It
// is the same whether the code is the second factor or the first.
func ContactOf(f Factor) string {
	switch f {
	case FactorSMS, types.ChallengeNameTypeSmsOtp:
		return "phone_number"
	case FactorEmail:
		return "email"
	}
	return ""
}

// EnabledFactors returns the factors that are enabled for a user; nil where there is none.
func (u *User) EnabledFactors() []Factor { return keepFactors(u.enabled) }

// PreferredFactor returns the factor that a user prefers, or "".
func (u *User) PreferredFactor() Factor { return u.preferred }

func (u *User) enabled(f Factor) bool { return slices.Contains(u.factors, f) }

// has reports whether a user could answer a factor: by a phone number, an address, an authenticator.
func (u *User) has(f Factor) bool {
	if contact := ContactOf(f); contact != "" {
		return u.Attribute(contact) != ""
	}
	return f == FactorPasskey || u.HasTOTP()
}

// keepFactors returns the factors that keep wants, in the order of lists.
func keepFactors(keep func(Factor) bool) []Factor {
	var kept []Factor
	for _, f := range [...]Factor{FactorSMS, FactorTOTP, FactorEmail} {
		if keep(f) {
			kept = append(kept, f)
		}
	}
	return kept
}

// EnableFactor enables or disables a factor. Disabling the preferred one ends the preference. Call it
// within [Pool.ChangeLocked].
func (u *User) EnableFactor(f Factor, on bool) {
	u.factors = slices.DeleteFunc(u.factors, func(other Factor) bool { return other == f })
	if on {
		u.factors = append(u.factors, f)
	} else if u.preferred == f {
		u.preferred = ""
	}
}

// PreferFactorsLocked sets the factors that a request names, and leaves the others as they are. A
// factor is enabled only for a user who can answer it, whether the pool uses it or not (inferred). One
// that is named without being preferred is not preferred from then on (inferred).
func (p *Pool) PreferFactorsLocked(u *User, request []FactorSetting, now time.Time) error {
	if err := u.checkFactors(request); err != nil {
		return err
	}
	if err := p.checkPasskeyFactor(u, request); err != nil {
		return err
	}
	p.ChangeLocked(u, now, func(u *User) {
		for _, s := range request {
			u.EnableFactor(s.Factor, s.Enabled)
			if u.preferred == s.Factor {
				u.preferred = ""
			}
		}
		for _, s := range request {
			if s.Preferred {
				u.preferred = s.Factor
			}
		}
	})
	return nil
}

// checkFactors refuses factors that the user cannot answer and contradictory preferences.
func (u *User) checkFactors(request []FactorSetting) error {
	preferred := 0
	for _, s := range request {
		switch {
		case s.Enabled && !u.has(s.Factor):
			return FactorUndeliverable(s.Factor)
		case s.Preferred && !s.Enabled:
			return PreferredDisabled(s.Factor)
		case s.Preferred:
			preferred++
		}
	}
	if preferred > 1 {
		return PreferredTwice()
	}
	return nil
}

// checkPasskeyFactor lets passkeys count as two factors where the pool says so, for users who have
// another second factor enabled, by the same request or before.
func (p *Pool) checkPasskeyFactor(u *User, request []FactorSetting) error {
	enabled := map[Factor]bool{}
	for _, f := range u.EnabledFactors() {
		enabled[f] = true
	}
	asked := false
	for _, s := range request {
		if s.Factor == FactorPasskey {
			asked = s.Enabled
		} else {
			enabled[s.Factor] = s.Enabled
		}
	}
	switch {
	case !asked:
		return nil
	case !p.MFA.passkeysAreMFA():
		return PasskeysNotMFA()
	case !enabled[FactorSMS] && !enabled[FactorTOTP] && !enabled[FactorEmail]:
		return PasskeyMFAAlone()
	}
	return nil
}

// Factors returns the second factors that the pool uses, whether it asks for one or not.
func (p *Pool) Factors() []Factor { return keepFactors(p.uses) }

func (p *Pool) uses(f Factor) bool {
	switch f {
	case FactorSMS:
		return p.MFA.AllowsSMS(p.Settings)
	case FactorTOTP:
		return p.MFA.AllowsSoftwareToken()
	}
	return p.MFA.AllowsEmail()
}

// DueFactors returns the second factors among which a user has to choose at sign-in; required says
// that the pool wants one even where there is none to choose from. A pool that requires one takes,
// from users who have enabled none, any that they can answer.
//
// That a factor which the pool does not use, or whose address is gone, counts as not enabled is
// inferred.
func (p *Pool) DueFactors(u *User) (due []Factor, required bool) {
	if p.Settings.MfaConfiguration == types.UserPoolMfaTypeOff {
		return nil, false
	}
	required = p.Settings.MfaConfiguration == types.UserPoolMfaTypeOn
	usable := keepFactors(func(f Factor) bool { return p.uses(f) && u.has(f) })
	if slices.Contains(usable, u.preferred) {
		return []Factor{u.preferred}, required
	}
	enabled := keepFactors(func(f Factor) bool { return slices.Contains(usable, f) && u.enabled(f) })
	if len(enabled) == 0 && required {
		return usable, required
	}
	return enabled, required
}

// ProveFactorLocked records that a user has answered a factor: in a pool that requires one it is
// enabled from then on, and the address or number that took the code is verified.
func (p *Pool) ProveFactorLocked(u *User, f Factor, now time.Time) {
	if p.Settings.MfaConfiguration == types.UserPoolMfaTypeOn && !u.enabled(f) {
		p.ChangeLocked(u, now, func(u *User) { u.EnableFactor(f, true) })
	}
	if contact := ContactOf(f); contact != "" {
		p.verifyContact(u, contact, now)
	}
}
