package pool

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// AttributesOf reads user attributes from a request. A null value is refused where the operation
// gives it no meaning; "" deletes. Of an attribute that is named twice the last value counts
// (inferred).
func AttributesOf(in []types.AttributeType) ([]Attribute, error) {
	attributes := make([]Attribute, 0, len(in))
	for _, a := range in {
		name := aws.ToString(a.Name)
		if a.Value == nil {
			return nil, AttributeNull(name)
		}
		attributes = slices.DeleteFunc(attributes, func(earlier Attribute) bool { return earlier.Name == name })
		attributes = append(attributes, Attribute{name, *a.Value})
	}
	return attributes, nil
}

// AttributesOut writes user attributes for an answer.
func AttributesOut(attributes []Attribute) []types.AttributeType {
	out := make([]types.AttributeType, len(attributes))
	for i, a := range attributes {
		out[i] = types.AttributeType{Name: aws.String(a.Name), Value: aws.String(a.Value)}
	}
	return out
}

// CheckNewAttributes checks the attributes that a new user is to have: that they exist, that the
// service does not set them alone and that their values fit.
func (p *Pool) CheckNewAttributes(attributes []Attribute) error {
	for _, a := range attributes {
		if err := p.checkNew(a); err != nil {
			return err
		}
	}
	return nil
}

func (p *Pool) checkNew(a Attribute) error {
	switch {
	case a.Name == "sub":
		return AttributeImmutable(a.Name)
	case p.Schema.Has(a.Name):
		return p.checkValue(a)
	case strings.Contains(a.Name, ":"):
		return AttributeUndetermined(a.Name)
	}
	return AttributesNotConforming(a.Name, unknownAttribute)
}

// CheckChangedAttributes checks the attributes that a user is to get or, by a value of "", to lose:
// that they exist, that they can change or go and that their values fit.
func (p *Pool) CheckChangedAttributes(attributes []Attribute) error {
	if err := p.checkKnown(attributes); err != nil {
		return err
	}
	for _, a := range attributes {
		if err := p.checkChange(a); err != nil {
			return err
		}
	}
	return nil
}

func (p *Pool) checkChange(a Attribute) error {
	switch {
	case a.Name == "sub":
		return AttributeImmutable(a.Name)
	case !p.Schema.mutable(a.Name):
		return AttributeNotUpdatable(a.Name)
	case a.Value == "" && p.Schema.required(a.Name):
		return AttributesRequired([]string{a.Name})
	}
	return p.checkValue(a)
}

// checkKnown names all unknown attributes in one error, a line each.
func (p *Pool) checkKnown(attributes []Attribute) error {
	var unknown []string
	for _, a := range attributes {
		if !p.Schema.Has(a.Name) {
			unknown = append(unknown, a.Name)
		}
	}
	if len(unknown) > 0 {
		return AttributesUnknown(unknown)
	}
	return nil
}

func (p *Pool) checkValue(a Attribute) error {
	switch {
	case a.Value == "":
		return nil
	case a.Name == "email" && !IsEmail(a.Value):
		return InvalidEmail()
	case a.Name == "phone_number" && !IsPhoneNumber(a.Value):
		return InvalidPhoneNumber()
	}
	if reason, ok := p.Schema.CheckValue(a.Name, a.Value); !ok {
		return AttributesNotConforming(a.Name, reason)
	}
	return nil
}

// CheckWrite refuses attributes that an app client may not write, the flags that only the service
// sets first of all.
func (c *Client) CheckWrite(attributes []Attribute) error {
	for _, a := range attributes {
		if setByService(a.Name) {
			return AttributeImmutable(a.Name)
		}
		if !CanWrite(c.Settings, a.Name) {
			return AttributeUnauthorized()
		}
	}
	return nil
}

var (
	emailPattern = regexp.MustCompile(`^[^\s@]+@[^\s@]+\.[^\s@.]+$`)
	phonePattern = regexp.MustCompile(`^\+[0-9]{1,15}$`)
)

// IsEmail reports whether a text has the form of an email address. The service's own rule is not
// known; this one asks for a local part, an @ and a domain with a dot.
func IsEmail(s string) bool { return emailPattern.MatchString(s) }

// IsPhoneNumber reports whether a text is a phone number in E.164 form, such as +12065550100.
func IsPhoneNumber(s string) bool { return phonePattern.MatchString(s) }
