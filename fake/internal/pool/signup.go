package pool

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// CheckSignUpLocked checks what somebody who signs up needs besides a name and attributes of the
// right form (see [Pool.NewUserLocked]): the required attributes, and a name that is free. An
// address or number that is an alias of somebody else is no obstacle yet: see
// [Pool.ConfirmSignUpLocked].
func (p *Pool) CheckSignUpLocked(u *User) error {
	var missing []string
	for _, name := range p.Schema.Required() {
		if u.Attribute(name) == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return AttributesRequired(missing)
	}
	if slices.Contains(p.Settings.AliasAttributes, types.AliasAttributeTypePreferredUsername) && u.Attribute("preferred_username") != "" {
		return PreferredUsernameTooEarly()
	}
	if _, err := p.UserLocked(u.Username); err == nil {
		return UserExists()
	}
	for attribute := range p.RivalsLocked(u) {
		return UsernameTaken(attribute)
	}
	return nil
}

// VerifyAtOnceLocked marks the address and the number of a new user that the pre sign-up trigger vouches for as
// verified: whoever had them as an alias loses it (developer guide). A missing one is refused (inferred).
func (p *Pool) VerifyAtOnceLocked(u *User, email, phone bool, now time.Time) error {
	var vouched []string
	if email {
		vouched = append(vouched, "email")
	}
	if phone {
		vouched = append(vouched, "phone_number")
	}
	for _, attribute := range vouched {
		if u.Attribute(attribute) == "" {
			return ContactMissing(attribute)
		}
		u.SetAttribute(attribute+verifiedSuffix, "true")
	}
	p.TakeAliasesLocked(u, now)
	return nil
}

// SignUpAttribute returns where the code that confirms a user's sign-up goes, email or phone_number:
// one that the pool verifies automatically and the user has, the phone first. It reports false where
// there is none.
func (p *Pool) SignUpAttribute(u *User) (attribute string, ok bool) {
	for _, attribute := range p.autoVerified() {
		if u.Attribute(attribute) != "" {
			return attribute, true
		}
	}
	return "", false
}

// autoVerified returns the attributes that the pool verifies automatically, the phone first.
func (p *Pool) autoVerified() []string {
	var names []string
	for _, a := range [...]types.VerifiedAttributeType{types.VerifiedAttributeTypePhoneNumber, types.VerifiedAttributeTypeEmail} {
		if slices.Contains(p.Settings.AutoVerifiedAttributes, a) {
			names = append(names, string(a))
		}
	}
	return names
}

// ConfirmSignUpLocked confirms a user by the code that the sign-up sent, which also verifies where
// it went. Where that is a verified alias of another user already, moveAlias decides: the other user
// loses it, or AliasExistsException is answered and nothing changes.
func (p *Pool) ConfirmSignUpLocked(u *User, c Code, moveAlias bool, now time.Time) error {
	rival := p.rival(u, c.Attribute, u.Attribute(c.Attribute))
	if rival != nil && !moveAlias {
		return AliasTakenAtConfirmation(c.Attribute)
	}
	if rival != nil {
		p.ChangeLocked(rival, now, func(rival *User) { rival.SetAttribute(c.Attribute+verifiedSuffix, "false") })
	}
	p.ChangeLocked(u, now, func(u *User) {
		u.Status = types.UserStatusTypeConfirmed
		u.SetAttribute(c.Attribute+verifiedSuffix, "true")
		u.DropCodeLocked(c.Purpose, c.Attribute)
	})
	return nil
}

// rival returns another user whom the value of an attribute names already, or nil.
func (p *Pool) rival(u *User, attribute, value string) *User {
	if !slices.Contains(p.SignInAttributes(), attribute) {
		return nil
	}
	if owner := p.AliasOwnerLocked(attribute, value); owner != nil && owner.Username != u.Username {
		return owner
	}
	return nil
}
