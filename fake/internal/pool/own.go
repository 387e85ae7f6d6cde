package pool

import "time"

// CheckOwnAttributes checks attributes that users set through an app client or, by a value of "",
// delete: that the client may write them, that they can change, and what
// [Pool.CheckChangedAttributes] checks.
func (p *Pool) CheckOwnAttributes(c *Client, attributes []Attribute) error {
	if err := c.CheckWrite(attributes); err != nil {
		return err
	}
	for _, a := range attributes {
		if p.Schema.Has(a.Name) && !p.Schema.mutable(a.Name) {
			return AttributeImmutable(a.Name)
		}
	}
	return p.CheckChangedAttributes(attributes)
}

// ReadableAttributes returns the attributes that an app client shows to a user. The sub is always
// one of them (inferred, as in ID tokens).
func (u *User) ReadableAttributes(c *Client) []Attribute {
	var readable []Attribute
	for _, a := range u.Attributes() {
		if a.Name == "sub" || CanRead(c.Settings, a.Name) {
			readable = append(readable, a)
		}
	}
	return readable
}

// CheckVerifiable refuses an attribute that no code can be sent to.
func CheckVerifiable(attribute string) error {
	if !isContact(attribute) {
		return NoContact(attribute)
	}
	return nil
}

// CheckContact is [CheckVerifiable] for an attribute that the user must have.
func (u *User) CheckContact(attribute string) error {
	if err := CheckVerifiable(attribute); err != nil {
		return err
	}
	if u.Attribute(attribute) == "" {
		return ContactUnset(attribute)
	}
	return nil
}

// VerifyLocked marks the address or number that a code went to as verified and, where it waited for
// the verification, gives it to the user. One that names another user is refused with
// AliasExistsException, and nothing changes.
func (p *Pool) VerifyLocked(u *User, c Code, now time.Time) error {
	value := c.NewValue
	if value == "" {
		value = u.Attribute(c.Attribute)
	}
	if p.rival(u, c.Attribute, value) != nil {
		return AliasTaken(c.Attribute)
	}
	p.ChangeLocked(u, now, func(u *User) {
		u.SetAttribute(c.Attribute, value)
		u.SetAttribute(c.Attribute+verifiedSuffix, "true")
		u.DropCodeLocked(c.Purpose, c.Attribute)
	})
	return nil
}
