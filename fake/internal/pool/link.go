package pool

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// MaxIdentities is how many accounts at identity providers a user can have (API reference).
const MaxIdentities = 5

// LinkLocked lets somebody with an account at an identity provider, the source, sign in as a user of the pool. The
// order of the checks is inferred.
func (p *Pool) LinkLocked(source, destination Account, now time.Time) error {
	u, err := p.destinationLocked(destination)
	if err != nil {
		return err
	}
	s, err := p.sourceLocked(source)
	if err != nil {
		return err
	}
	if err := p.checkLinkable(u); err != nil {
		return err
	}
	link := Identity{
		Provider: source.Provider, Type: s.ProviderType, Issuer: issuerOf(s), Attribute: source.Attribute, Value: source.Value, Created: now,
	}
	p.setIdentitiesLocked(u, append(u.Identities(), link), now)
	return nil
}

// destinationLocked finds the user whom another account is to be linked to.
func (p *Pool) destinationLocked(a Account) (*User, error) {
	if a.Provider == Native {
		return p.UserLocked(a.Value)
	}
	if u := p.AccountOwnerLocked(Account{a.Provider, Subject, a.Value}); u != nil {
		return u, nil
	}
	return nil, UserNotFound()
}

// sourceLocked returns the identity provider of an account that nobody has used or linked yet.
func (p *Pool) sourceLocked(a Account) (*types.IdentityProviderType, error) {
	if a.Provider == Native {
		return nil, InvalidParameter(sourceIsNative)
	}
	s, err := p.ProviderLocked(a.Provider)
	switch {
	case err != nil:
		return nil, err
	case a.Value == "" || a.Attribute == "":
		return nil, InvalidParameter(accountIncomplete)
	case isSocial(s.ProviderType) && a.Attribute != Subject:
		return nil, InvalidParameter(socialSubject)
	}
	switch owner := p.AccountOwnerLocked(a); {
	case owner == nil && a.Attribute == Subject && p.UserNamedLocked(p.federatedName(a.Provider, a.Value)) != nil:
		return nil, InvalidParameter(sourceIsNative)
	case owner == nil:
		return s, nil
	case owner.identity(a).Primary:
		return nil, InvalidParameter(sourceSignedUp)
	}
	return nil, InvalidParameter(sourceLinked)
}

// identity returns the identity that an account is, or an empty one.
func (u *User) identity(a Account) Identity {
	i := slices.IndexFunc(u.identities, func(i Identity) bool { return i.key() == a.key() })
	if i < 0 {
		return Identity{}
	}
	return u.identities[i]
}

// checkLinkable refuses a user who has as many accounts as can be, or who has custom attributes that cannot change
// as an identity provider tells.
func (p *Pool) checkLinkable(u *User) error {
	if len(u.identities) >= MaxIdentities {
		return TooManyResources("identities of the user")
	}
	for _, a := range u.attributes {
		if strings.HasPrefix(a.Name, customPrefix) && !p.Schema.mutable(a.Name) {
			return AttributeNotUpdatable(a.Name)
		}
	}
	return nil
}

// UnlinkLocked takes an account from the user whom it was linked to or, where the account is a user of the pool, the
// password. A user who was made for an account keeps it (inferred).
func (p *Pool) UnlinkLocked(a Account, now time.Time) error {
	if a.Provider == Native {
		return p.dropPasswordLocked(a, now)
	}
	if _, err := p.ProviderLocked(a.Provider); err != nil {
		return err
	}
	u := p.AccountOwnerLocked(a)
	switch {
	case u == nil:
		return UserNotFound()
	case u.identity(a).Primary:
		return InvalidParameter(notLinked)
	}
	p.setIdentitiesLocked(u, slices.DeleteFunc(u.Identities(), func(i Identity) bool { return i.key() == a.key() }), now)
	return nil
}

// dropPasswordLocked takes the password from a user, who is left with the accounts at identity providers. The status
// is inferred.
func (p *Pool) dropPasswordLocked(a Account, now time.Time) error {
	if a.Attribute != Subject {
		return InvalidParameter(socialSubject)
	}
	u, err := p.UserLocked(a.Value)
	if err != nil {
		return err
	}
	p.ChangeLocked(u, now, func(u *User) {
		u.Password, u.TempExpires, u.Status = "", time.Time{}, types.UserStatusTypeExternalProvider
	})
	return nil
}
