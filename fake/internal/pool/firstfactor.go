package pool

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// FirstFactors returns the factors with which a user can begin a choice-based sign-in.
//
// A password always counts, where the user has one. A one-time password must be allowed by the pool
// and needs an address or number, verified or not; it is no way in for users of whom MFA asks a
// second factor, because none can follow it, nor for users whose password is temporary. For a passkey
// see offersPasskey.
func (p *Pool) FirstFactors(u *User) []types.AuthFactorType {
	var factors []types.AuthFactorType
	if u.Password != "" && u.Status != types.UserStatusTypeUnconfirmed {
		factors = append(factors, types.AuthFactorTypePassword)
	}
	if u.Status == types.UserStatusTypeForceChangePassword {
		return factors
	}
	if p.offersPasskey(u) {
		factors = append(factors, types.AuthFactorTypeWebAuthn)
	}
	if due, _ := p.DueFactors(u); len(due) > 0 {
		return factors
	}
	for _, f := range [...]types.AuthFactorType{types.AuthFactorTypeEmailOtp, types.AuthFactorTypeSmsOtp} {
		if p.allowsFirst(f) && u.Attribute(ContactOf(Factor(f))) != "" {
			factors = append(factors, f)
		}
	}
	return factors
}

func (p *Pool) allowsFirst(f types.AuthFactorType) bool {
	return settings{UserPoolType: p.Settings}.allowsFirst(f)
}

// ProveContactLocked records that a user has received a one-time password: that verifies the address
// or number, and confirms a user who had only signed up (developer guide, passwordless sign-in).
func (p *Pool) ProveContactLocked(u *User, contact string, now time.Time) {
	p.verifyContact(u, contact, now)
	if u.Status == types.UserStatusTypeUnconfirmed {
		p.ChangeLocked(u, now, func(u *User) {
			u.Status = types.UserStatusTypeConfirmed
			u.DropCodeLocked(ForSignUp, contact)
		})
	}
}

// verifyContact marks the address or number that took a code as verified. One that names somebody
// else stays unverified (inferred).
func (p *Pool) verifyContact(u *User, contact string, now time.Time) {
	value := u.Attribute(contact)
	if value == "" || u.Verified(contact) || p.rival(u, contact, value) != nil {
		return
	}
	p.ChangeLocked(u, now, func(u *User) { u.SetAttribute(contact+verifiedSuffix, "true") })
}
