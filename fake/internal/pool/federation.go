package pool

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Guest is somebody who comes from an identity provider, as the provider tells.
type Guest struct {
	Provider   *types.IdentityProviderType
	Subject    string            // of the account at the provider: see [Mapped]
	Issuer     string            // of a SAML response; "" of other providers
	Attributes []Attribute       // by the provider's mapping: see [Mapped]
	Claims     map[string]string // the others, too
}

// account returns the guest's account by its subject.
func (g Guest) account() Account { return Account{*g.Provider.ProviderName, Subject, g.Subject} }

// ProviderForLocked returns the identity provider that a request to sign in names, by its name or by one of its
// identifiers, or the service's ResourceNotFoundException.
func (p *Pool) ProviderForLocked(name, identifier string) (*types.IdentityProviderType, error) {
	if name == "" && identifier != "" {
		return p.ProviderIdentifiedLocked(identifier)
	}
	return p.ProviderLocked(name)
}

// GuestLocked returns the user whom a guest signs in as: one whom the account is linked to or who was made for it;
// nil where there is none yet.
func (p *Pool) GuestLocked(g Guest) *User {
	u, _ := p.welcomeLocked(g)
	return u
}

// welcomeLocked also returns the account by which the user was found. An account that was linked by another attribute
// than its subject is known by a value that the mapping gives the attribute or, where nothing is mapped to it, by the
// claim of that name, as an older documentation has it.
func (p *Pool) welcomeLocked(g Guest) (*User, Account) {
	provider := *g.Provider.ProviderName
	known := []Account{g.account()}
	for _, a := range g.Attributes {
		known = append(known, Account{provider, a.Name, a.Value})
	}
	for _, name := range slices.Sorted(maps.Keys(g.Claims)) {
		if _, mapped := g.Provider.AttributeMapping[name]; !mapped {
			known = append(known, Account{provider, name, g.Claims[name]})
		}
	}
	for _, a := range known {
		if u := p.AccountOwnerLocked(a); u != nil {
			return u, a
		}
	}
	return nil, Account{}
}

// NewGuestLocked makes a user for a guest, who is not in the pool yet: see [Pool.AddGuestLocked]. Refused are
// attributes that break the schema, and those that lack a required one.
func (p *Pool) NewGuestLocked(g Guest, sub string, now time.Time) (*User, error) {
	u := &User{
		Username: p.federatedName(*g.Provider.ProviderName, g.Subject), Sub: sub, Status: types.UserStatusTypeExternalProvider,
		Created: now, Modified: now, attributes: make([]Attribute, 0, len(g.Attributes)),
	}
	if err := p.CheckNewAttributes(g.Attributes); err != nil {
		return nil, err
	}
	for _, a := range g.Attributes {
		p.store(u, a)
	}
	return u, p.checkComplete(u)
}

// federatedName returns the username of a user who is made for an account. In a pool that takes names without regard
// to case it has small letters (seen in tokens).
func (p *Pool) federatedName(provider, subject string) string {
	name := provider + "_" + subject
	if !p.caseSensitive() {
		name = strings.ToLower(name)
	}
	return name
}

// checkComplete refuses a guest who lacks attributes that users must have.
func (p *Pool) checkComplete(u *User) error {
	var missing []string
	for _, name := range p.Schema.Required() {
		if u.Attribute(name) == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return guestIncomplete(missing)
	}
	return nil
}

// AddGuestLocked puts the new user of a guest into the pool and into the group of the provider, or refuses a name
// that somebody has. Whoever has run a trigger since [Pool.GuestLocked] asks that again: the trigger may have
// linked the account.
func (p *Pool) AddGuestLocked(u *User, g Guest, now time.Time) error {
	if p.UserNamedLocked(u.Username) != nil {
		return GuestTaken(u.Username)
	}
	group, err := p.ProviderGroupLocked(g.Provider, now)
	if err != nil {
		return err
	}
	u.identities = []Identity{{
		Provider: *g.Provider.ProviderName, Type: g.Provider.ProviderType, Issuer: cmp.Or(g.Issuer, issuerOf(g.Provider)),
		Attribute: Subject, Value: g.Subject, Primary: true, Created: now,
	}}
	p.AddUserLocked(u)
	return group.AddLocked(u)
}

// ReturnLocked brings the user of a guest up to date: with the attributes that the provider tells, and with the
// subject of an account that was linked by another attribute. An attribute that the provider no longer tells stays
// as it is (inferred). One that cannot change is refused, also where it would not change (seen in reports).
func (p *Pool) ReturnLocked(u *User, g Guest, now time.Time) error {
	if err := p.CheckChangedAttributes(g.Attributes); err != nil {
		return err
	}
	after := u.draft()
	for _, a := range g.Attributes {
		p.store(after, a)
	}
	if err := p.checkComplete(after); err != nil {
		return err
	}
	if err := p.checkChanged(after); err != nil {
		return err
	}
	p.ChangeLocked(u, now, func(u *User) { u.attributes = after.attributes })
	p.recogniseLocked(u, g, now)
	return nil
}

// recogniseLocked makes the subject that by which the account of a guest is known from now on (API reference).
func (p *Pool) recogniseLocked(u *User, g Guest, now time.Time) {
	_, known := p.welcomeLocked(g)
	identities := u.Identities()
	i := slices.IndexFunc(identities, func(i Identity) bool { return i.key() == known.key() })
	if i < 0 {
		return
	}
	before := identities[i]
	identities[i].Attribute, identities[i].Value = Subject, g.Subject
	identities[i].Issuer = cmp.Or(g.Issuer, before.Issuer)
	if identities[i] != before {
		p.setIdentitiesLocked(u, identities, now)
	}
}
