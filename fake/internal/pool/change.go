package pool

import (
	"slices"
	"strings"
	"time"
)

// verifiedSuffix makes, of email and phone_number, the names of their flags.
const verifiedSuffix = "_verified"

// contacts are the attributes that messages can be sent to.
var contacts = [...]string{"email", "phone_number"}

func isContact(name string) bool { return slices.Contains(contacts[:], name) }

// isFlag reports whether an attribute says that an address or number is verified.
func isFlag(name string) bool {
	contact, ok := strings.CutSuffix(name, verifiedSuffix)
	return ok && isContact(contact)
}

// store sets an attribute under the schema's own text of its name. Flags are "true" or "false"
// however a request spells them.
func (p *Pool) store(u *User, a Attribute) {
	if isFlag(a.Name) {
		a.Value = strings.ToLower(a.Value)
	}
	u.SetAttribute(p.Schema.own(a.Name), a.Value)
}

// checkFlags refuses a flag without its address or number.
func (u *User) checkFlags() error {
	for _, contact := range contacts {
		if u.Attribute(contact+verifiedSuffix) == "true" && u.Attribute(contact) == "" {
			return VerifiedWithoutValue(contact)
		}
	}
	return nil
}

// UpdateAttributesLocked changes attributes that [Pool.CheckChangedAttributes] has passed, or by a
// value of "" deletes them. A new address or number is unverified unless the request sets its flag.
// It returns the codes, without value and expiry, that are to be sent: to new values that the pool
// verifies by itself. Where the pool wants the verification first, the old value stays until then.
//
// A value that names another user already is refused, and nothing changes.
func (p *Pool) UpdateAttributesLocked(u *User, attributes []Attribute, now time.Time) ([]Code, error) {
	after := u.draft()
	var codes []Code
	for _, a := range flagsLast(attributes) {
		if code, ok := p.change(after, a, given(attributes, a.Name+verifiedSuffix)); ok {
			codes = append(codes, code)
		}
	}
	if err := p.checkChanged(after); err != nil {
		return nil, err
	}
	if err := p.checkWaiting(u, codes); err != nil {
		return nil, err
	}
	u.dropStaleCodes(after)
	p.ChangeLocked(u, now, func(u *User) { u.attributes = after.attributes })
	return codes, nil
}

// draft returns somebody with the user's attributes, to be changed and judged.
func (u *User) draft() *User {
	return &User{Username: u.Username, Sub: u.Sub, identities: u.identities, attributes: slices.Clone(u.attributes)}
}

// flagsLast orders attributes so that a flag is judged by the address or number that it is to be about.
func flagsLast(attributes []Attribute) []Attribute {
	var others, flags []Attribute
	for _, a := range attributes {
		if isFlag(a.Name) {
			flags = append(flags, a)
		} else {
			others = append(others, a)
		}
	}
	return append(others, flags...)
}

// checkWaiting refuses new values that wait for their verification where they are somebody else's
// username already. An alias may turn out to be taken later: see [Pool.VerifyLocked].
func (p *Pool) checkWaiting(u *User, codes []Code) error {
	for _, c := range codes {
		if p.UsesUsernameAttributes() && p.rival(u, c.Attribute, c.NewValue) != nil {
			return AliasTaken(c.Attribute)
		}
	}
	return nil
}

// FillAttributesLocked gives a user attributes that it had no values for, as an answer to
// NEW_PASSWORD_REQUIRED does: at once, and without codes. A value that names another user already is
// refused, and nothing changes.
func (p *Pool) FillAttributesLocked(u *User, attributes []Attribute, now time.Time) error {
	after := u.draft()
	for _, a := range attributes {
		p.store(after, a)
	}
	if err := p.checkChanged(after); err != nil {
		return err
	}
	p.ChangeLocked(u, now, func(u *User) { u.attributes = after.attributes })
	return nil
}

// change applies one attribute of an update and returns the code that is to be sent for it, if any.
// Sources differ about codes after an administrator's change: the fake sends them wherever the
// address or number is verified automatically, which is inferred.
func (p *Pool) change(u *User, a Attribute, flagGiven bool) (Code, bool) {
	fresh := isContact(a.Name) && a.Value != u.Attribute(a.Name)
	switch {
	case fresh && a.Value == "":
		p.store(u, a)
		p.store(u, Attribute{Name: a.Name + verifiedSuffix})
	case fresh && !flagGiven && p.verifiesBeforeUpdate(a.Name):
		return Code{Purpose: ForAttribute, Attribute: a.Name, NewValue: a.Value}, true
	case fresh && !flagGiven:
		p.store(u, a)
		p.store(u, Attribute{a.Name + verifiedSuffix, "false"})
		return Code{Purpose: ForAttribute, Attribute: a.Name}, p.autoVerifies(a.Name)
	default:
		p.store(u, a)
	}
	return Code{}, false
}

// checkChanged judges a user as an update would leave it.
func (p *Pool) checkChanged(u *User) error {
	if err := u.checkFlags(); err != nil {
		return err
	}
	for attribute := range p.RivalsLocked(u) {
		return AliasTaken(attribute)
	}
	hasName := slices.ContainsFunc(p.SignInAttributes(), func(name string) bool { return u.Attribute(name) != "" })
	if p.UsesUsernameAttributes() && !hasName && !u.Federated() {
		return AttributesRequired(p.SignInAttributes())
	}
	return nil
}

func given(attributes []Attribute, name string) bool {
	return slices.ContainsFunc(attributes, func(a Attribute) bool { return a.Name == name })
}

// autoVerifies reports whether the pool sends a code to a new email or phone_number by itself.
func (p *Pool) autoVerifies(attribute string) bool {
	for _, a := range p.Settings.AutoVerifiedAttributes {
		if string(a) == attribute {
			return true
		}
	}
	return false
}

// verifiesBeforeUpdate reports whether a new email or phone_number takes effect only once its code
// came back.
func (p *Pool) verifiesBeforeUpdate(attribute string) bool {
	s := p.Settings.UserAttributeUpdateSettings
	if s == nil {
		return false
	}
	for _, a := range s.AttributesRequireVerificationBeforeUpdate {
		if string(a) == attribute {
			return true
		}
	}
	return false
}
