package pool

import (
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// User is one user of a pool. Its pool's lock guards every field. Username and Sub never change;
// the indexed fields (attributes, Status, Disabled) change through [Pool.ChangeLocked] only.
type User struct {
	id    *identity // in the index; nil of a user who is in no pool
	owner *owner    // whose the user is, of those who share the identity

	Username string
	Sub      string
	Status   types.UserStatusType
	Disabled bool
	Created  time.Time
	Modified time.Time

	Password     string    // in clear: SRP verifiers are derived from it when one is asked for; "" means none
	TempExpires  time.Time // when a temporary password ends; zero for a permanent one
	PastPassword []string  // earlier permanent passwords, newest first, as many as the policy asks

	attributes []Attribute // in the order in which they were first set; never "sub"
	groups     []string    // their names, in order
	identities []Identity  // in the order in which they came
	codes      []Code
	grants     *expiring[*Grant]
	signedOut  time.Time // when all sign-ins ended together last; zero for never
	lockout    Lockout
	attempts   map[Attempted]Attempts

	factors   []Factor // enabled for MFA
	preferred Factor   // "" or one of factors
	totp      *Authenticator
	newTOTP   *Authenticator // replaces totp once it is verified

	passkeys      []Passkey     // in the order of their registration
	passkeySerial int           // of the newest
	newPasskey    *Registration // that has begun, or nil

	devices []*Device // confirmed ones, ordered by key
	events  []Event   // the oldest first; none where the pool keeps no history
}

// Attribute is a user attribute with a value.
type Attribute struct{ Name, Value string }

// Attribute returns the value of an attribute, or "" where it is not set. The sub is one of them.
func (u *User) Attribute(name string) string {
	switch {
	case name == "sub":
		return u.Sub
	case name == identitiesAttribute && len(u.identities) > 0:
		return u.identitiesText()
	}
	for _, a := range u.attributes {
		if a.Name == name {
			return a.Value
		}
	}
	return ""
}

// Attributes returns sub, the identities where there are any, and then the other attributes, in the order in which
// they were set.
func (u *User) Attributes() []Attribute {
	all := []Attribute{{"sub", u.Sub}}
	if len(u.identities) > 0 {
		all = append(all, Attribute{identitiesAttribute, u.identitiesText()})
	}
	return append(all, u.attributes...)
}

// Verified reports whether the user's email or phone_number is set and verified.
func (u *User) Verified(attribute string) bool {
	return u.Attribute(attribute) != "" && u.Attribute(attribute+verifiedSuffix) == "true"
}

// SetAttribute sets one attribute, or deletes it where value is "". Call it within
// [Pool.ChangeLocked] once the user is in a pool.
func (u *User) SetAttribute(name, value string) {
	i := slices.IndexFunc(u.attributes, func(a Attribute) bool { return a.Name == name })
	switch {
	case i < 0 && value != "":
		u.attributes = append(u.attributes, Attribute{name, value})
	case i >= 0 && value != "":
		u.attributes[i].Value = value
	case i >= 0:
		u.attributes = slices.Delete(u.attributes, i, i+1)
	}
}

// AddUserLocked puts a new user into the pool. The caller has checked that the name is free.
func (p *Pool) AddUserLocked(u *User) {
	p.users.insert(u)
	p.addAccountsLocked(u)
}

// RemoveUserLocked takes a user out of the pool and of its groups.
func (p *Pool) RemoveUserLocked(u *User) {
	for _, g := range slices.Collect(p.GroupsOfLocked(u, "")) {
		g.RemoveLocked(u)
	}
	p.dropAccountsLocked(u)
	p.users.remove(u)
}

// ChangeLocked runs change, which may set anything but the user's name, and keeps the indexes and
// the date of the last modification true.
func (p *Pool) ChangeLocked(u *User, now time.Time, change func(*User)) {
	p.users.reindex(u, func() {
		change(u)
		u.Modified = now
	})
}

// UserCountLocked returns the number of users.
func (p *Pool) UserCountLocked() int { return p.users.count() }

// UserLocked finds a user by username, or by any alias that the pool allows, and answers the
// service's UserNotFoundException otherwise. The user must not be used beyond the lock.
func (p *Pool) UserLocked(name string) (*User, error) {
	if u := p.UserNamedLocked(name); u != nil {
		return u, nil
	}
	for _, attribute := range p.SignInAttributes() {
		if u := p.AliasOwnerLocked(attribute, name); u != nil {
			return u, nil
		}
	}
	return nil, UserNotFound()
}

// UserNamedLocked finds a user by username alone; nil where there is none.
func (p *Pool) UserNamedLocked(username string) *User {
	for u := range p.users.equal(byUsername, username) {
		if p.same(u.Username, username) {
			return u
		}
	}
	return nil
}

// UserOfSubLocked finds a user by sub; nil where there is none.
func (p *Pool) UserOfSubLocked(sub string) *User {
	for u := range p.users.equal("sub", sub) {
		return u
	}
	return nil
}

// SignInAttributes returns the attributes by which users of this pool can be named besides their
// username: the username attributes or the alias attributes.
func (p *Pool) SignInAttributes() []string {
	var names []string
	for _, a := range p.Settings.UsernameAttributes {
		names = append(names, string(a))
	}
	for _, a := range p.Settings.AliasAttributes {
		names = append(names, string(a))
	}
	return names
}

// UsesUsernameAttributes reports whether users of this pool sign up with an email address or a
// phone number and get a generated username (API reference: UsernameAttributes).
func (p *Pool) UsesUsernameAttributes() bool { return len(p.Settings.UsernameAttributes) > 0 }

// AliasOwnerLocked returns the user whom a value of a sign-in attribute names, or nil.
func (p *Pool) AliasOwnerLocked(attribute, value string) *User {
	for u := range p.users.equal(attribute, value) {
		if p.same(u.Attribute(attribute), value) && p.named(u, attribute) {
			return u
		}
	}
	return nil
}

// named reports whether a user's value of a sign-in attribute names the user. An address or number
// that is an alias does so once it is verified; a username attribute and a preferred_username do so
// from the start (developer guide). Users who were made for an account at an identity provider go by their username
// alone (inferred: pools were seen where they share an address with another user).
func (p *Pool) named(u *User, attribute string) bool {
	if u.Federated() {
		return false
	}
	if attribute == "preferred_username" || p.UsesUsernameAttributes() {
		return u.Attribute(attribute) != ""
	}
	return u.Verified(attribute)
}

// Alias returns the value of a sign-in attribute by which a user can be named, or "".
func (p *Pool) Alias(u *User, attribute string) string {
	if !slices.Contains(p.SignInAttributes(), attribute) || !p.named(u, attribute) {
		return ""
	}
	return u.Attribute(attribute)
}

// RivalsLocked yields the sign-in attributes by which u names other users of the pool, each with the
// other user. The user u need not be in the pool.
func (p *Pool) RivalsLocked(u *User) iter.Seq2[string, *User] {
	return func(yield func(string, *User) bool) {
		for _, attribute := range p.SignInAttributes() {
			if !p.named(u, attribute) {
				continue
			}
			rival := p.rival(u, attribute, u.Attribute(attribute))
			if rival != nil && !yield(attribute, rival) {
				return
			}
		}
	}
}

// same compares two names by the pool's case sensitivity.
func (p *Pool) same(a, b string) bool {
	if p.caseSensitive() {
		return a == b
	}
	return strings.EqualFold(a, b)
}
