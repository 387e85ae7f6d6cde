package pool

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// NewUserLocked makes a user with the name and the attributes that a request gives, without a
// password and not in the pool yet. In a pool with username attributes the name becomes an
// attribute, and the sub becomes the username. Refused are a name of the wrong form and attributes
// that break the schema.
func (p *Pool) NewUserLocked(name, sub string, attributes []Attribute, now time.Time) (*User, error) {
	nameAttribute, err := p.nameAttribute(name)
	if err != nil {
		return nil, err
	}
	if err := p.CheckNewAttributes(attributes); err != nil {
		return nil, err
	}
	u := &User{Username: name, Sub: sub, Created: now, Modified: now, attributes: make([]Attribute, 0, len(attributes)+1)}
	for _, a := range attributes {
		if !isFlag(a.Name) || strings.EqualFold(a.Value, "true") { // a flag that is not true is not kept
			p.store(u, a)
		}
	}
	if nameAttribute != "" {
		u.Username = sub
		p.store(u, Attribute{nameAttribute, name})
	}
	return u, u.checkFlags()
}

// nameAttribute returns the attribute, email or phone_number, that a new user's name is, or "" in a
// pool whose users choose usernames. It refuses names of the wrong form.
func (p *Pool) nameAttribute(name string) (string, error) {
	email := IsEmail(name) && slices.Contains(p.SignInAttributes(), "email")
	phone := IsPhoneNumber(name) && slices.Contains(p.SignInAttributes(), "phone_number")
	switch uses := p.UsesUsernameAttributes(); {
	case uses && email:
		return "email", nil
	case uses && phone:
		return "phone_number", nil
	case uses:
		return "", UsernameShouldBe(p.Settings.UsernameAttributes)
	case email:
		return "", UsernameLikeEmail()
	case phone:
		return "", UsernameLikePhone()
	}
	return "", nil
}

// CheckFreeLocked refuses a new user whose name, or whose verified address or number, names another
// user. Aliases may be taken from other users where moveAliases says so: see
// [Pool.TakeAliasesLocked].
func (p *Pool) CheckFreeLocked(u *User, moveAliases bool) error {
	if _, err := p.UserLocked(u.Username); err == nil {
		return UserAccountExists()
	}
	for attribute := range p.RivalsLocked(u) {
		switch {
		case p.UsesUsernameAttributes():
			return UsernameTaken(attribute)
		case !moveAliases || attribute == "preferred_username":
			return AliasTaken(attribute)
		}
	}
	return nil
}

// TakeAliasesLocked makes a new user's verified address and number the user's alone: whoever had
// them keeps them, unverified.
func (p *Pool) TakeAliasesLocked(u *User, now time.Time) {
	for attribute, rival := range p.RivalsLocked(u) {
		p.ChangeLocked(rival, now, func(rival *User) { p.store(rival, Attribute{attribute + verifiedSuffix, "false"}) })
	}
}

// PasswordlessLocked reports whether users can sign in by a one-time password instead of one of
// their own, so that a user can be made without any.
func (p *Pool) PasswordlessLocked() bool {
	return settings{UserPoolType: p.Settings}.allowsOTPFirst()
}

// ConfirmLocked confirms a user who has signed up, or answers NotAuthorizedException to any other.
func (p *Pool) ConfirmLocked(u *User, now time.Time) error {
	if u.Status != types.UserStatusTypeUnconfirmed {
		return NotConfirmable(u.Status)
	}
	p.ChangeLocked(u, now, func(u *User) { u.Status = types.UserStatusTypeConfirmed })
	return nil
}
