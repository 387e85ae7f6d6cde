package pool

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Schema is the list of attributes that users of a pool can have: the standard ones and then the
// custom ones. It never changes.
type Schema struct {
	attributes []types.SchemaAttributeType
	index      map[string]int // positions in attributes, by name
}

const (
	customPrefix    = "custom:"
	developerPrefix = "dev:"

	maxCustomAttributes = 50 // developer guide, resource quotas

	// mutableByDefault is the Mutable of an attribute that is declared without it. Inferred: pools
	// made through CloudFormation were seen with false.
	mutableByDefault = true
)

// NewSchema returns the schema of a new pool, from the Schema member of CreateUserPool. A name of
// a standard attribute declares that attribute anew (Required, Mutable, constraints); any other
// name x makes the custom attribute custom:x, or dev:custom:x for a developer-only one.
func NewSchema(in []types.SchemaAttributeType) (*Schema, error) {
	s := schemaOf(standardAttributes())
	standard := maps.Clone(s.index)
	for _, a := range in {
		var err error
		if i, ok := standard[aws.ToString(a.Name)]; ok {
			s.attributes[i], err = redeclared(s.attributes[i], a)
		} else {
			err = s.addCustom(a, duplicateCustomAttribute)
		}
		if err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Add returns a schema with more custom attributes, as AddCustomAttributes asks.
func (s *Schema) Add(in []types.SchemaAttributeType) (*Schema, error) {
	bigger := schemaOf(s.Attributes())
	for _, a := range in {
		if err := bigger.addCustom(a, existingCustomAttribute); err != nil {
			return nil, err
		}
	}
	return bigger, nil
}

// Attributes returns a copy of the attributes in the order of DescribeUserPool.
func (s *Schema) Attributes() []types.SchemaAttributeType { return Clone(s.attributes) }

// find returns the attribute of a full name, such as email or custom:tenant, or nil.
func (s *Schema) find(name string) *types.SchemaAttributeType {
	i, ok := s.index[name]
	if !ok {
		return nil
	}
	return &s.attributes[i]
}

// Has reports whether users can have an attribute of a full name.
func (s *Schema) Has(name string) bool {
	_, ok := s.index[name]
	return ok
}

// mutable reports whether a known attribute can change after the user was made.
func (s *Schema) mutable(name string) bool { return *s.find(name).Mutable }

// required reports whether users must have a known attribute.
func (s *Schema) required(name string) bool { return *s.find(name).Required }

// own returns the schema's own text of a name, which all users share, or else the name itself.
func (s *Schema) own(name string) string {
	if a := s.find(name); a != nil {
		return *a.Name
	}
	return name
}

// Required returns the names of the attributes without which a user cannot sign up. The sub, which
// the service sets, is not among them.
func (s *Schema) Required() []string {
	var names []string
	for _, a := range s.attributes {
		if *a.Required && *a.Name != "sub" {
			names = append(names, *a.Name)
		}
	}
	return names
}

func schemaOf(attributes []types.SchemaAttributeType) *Schema {
	s := &Schema{attributes: attributes, index: make(map[string]int, len(attributes))}
	for i, a := range attributes {
		s.index[*a.Name] = i
	}
	return s
}

// addCustom appends a custom attribute; taken makes the error for a name that is not free.
func (s *Schema) addCustom(in types.SchemaAttributeType, taken func(name, existing string) error) error {
	if in.Name == nil {
		return InvalidParameter(noAttributeName)
	}
	a, err := custom(in)
	if err != nil {
		return err
	}
	name := customPrefix + *in.Name
	for _, existing := range []string{name, developerPrefix + name} {
		if _, found := s.index[existing]; found {
			return taken(name, existing)
		}
	}
	if len(s.attributes)-len(standardAttributes()) >= maxCustomAttributes {
		return TooManyResources("custom attributes")
	}
	s.index[*a.Name] = len(s.attributes)
	s.attributes = append(s.attributes, a)
	return nil
}

// custom completes the declaration of a custom attribute.
func custom(in types.SchemaAttributeType) (types.SchemaAttributeType, error) {
	a := Clone(in)
	a.Name = aws.String(customPrefix + *in.Name)
	if aws.ToBool(in.DeveloperOnlyAttribute) {
		a.Name = aws.String(developerPrefix + *a.Name)
	}
	switch {
	case in.AttributeDataType == "":
		return a, InvalidParameter(noAttributeType)
	case aws.ToBool(in.Required):
		return a, InvalidParameter(requiredCustomAttribute)
	}
	a.DeveloperOnlyAttribute = aws.Bool(aws.ToBool(in.DeveloperOnlyAttribute))
	a.Required = aws.Bool(false)
	if a.Mutable == nil {
		a.Mutable = aws.Bool(mutableByDefault)
	}
	dropForeignConstraints(&a)
	if a.AttributeDataType == types.AttributeDataTypeString && a.StringAttributeConstraints == nil {
		a.StringAttributeConstraints = &types.StringAttributeConstraintsType{}
	}
	return a, checkConstraints(a, customConstraintErrors(*a.Name))
}

// redeclared applies a declaration to a standard attribute, which keeps what the declaration omits.
func redeclared(standard, in types.SchemaAttributeType) (types.SchemaAttributeType, error) {
	if in.AttributeDataType != "" && in.AttributeDataType != standard.AttributeDataType || aws.ToBool(in.DeveloperOnlyAttribute) {
		return standard, changedStandardAttribute(*standard.Name)
	}
	a, in := Clone(standard), Clone(in)
	in.AttributeDataType = a.AttributeDataType
	dropForeignConstraints(&in)
	setIfGiven(&a.Required, in.Required)
	setIfGiven(&a.Mutable, in.Mutable)
	setIfGiven(&a.StringAttributeConstraints, in.StringAttributeConstraints)
	setIfGiven(&a.NumberAttributeConstraints, in.NumberAttributeConstraints)
	return a, checkConstraints(a, standardConstraintErrors(*a.Name))
}

func setIfGiven[T any](dst **T, v *T) {
	if v != nil {
		*dst = v
	}
}

// standardAttributes returns the attributes of every pool as DescribeUserPool lists them. The
// "identities" of federated users is not in the list.
func standardAttributes() []types.SchemaAttributeType {
	names := strings.Fields(`sub name given_name family_name middle_name nickname preferred_username profile
		picture website email email_verified gender birthdate zoneinfo locale phone_number
		phone_number_verified address updated_at`)
	attributes := make([]types.SchemaAttributeType, len(names))
	for i, name := range names {
		attributes[i] = standardAttribute(name)
	}
	return attributes
}

func standardAttribute(name string) types.SchemaAttributeType {
	a := types.SchemaAttributeType{
		Name:                   aws.String(name),
		AttributeDataType:      types.AttributeDataTypeString,
		DeveloperOnlyAttribute: aws.Bool(false),
		Mutable:                aws.Bool(name != "sub"),
		Required:               aws.Bool(name == "sub"),
	}
	switch name {
	case "sub":
		a.StringAttributeConstraints = lengths("1", "2048")
	case "birthdate":
		a.StringAttributeConstraints = lengths("10", "10")
	case "email_verified", "phone_number_verified":
		a.AttributeDataType = types.AttributeDataTypeBoolean
	case "updated_at":
		a.AttributeDataType = types.AttributeDataTypeNumber
		a.NumberAttributeConstraints = &types.NumberAttributeConstraintsType{MinValue: aws.String("0")}
	default:
		a.StringAttributeConstraints = lengths("0", "2048")
	}
	return a
}

func lengths(least, most string) *types.StringAttributeConstraintsType {
	return &types.StringAttributeConstraintsType{MinLength: aws.String(least), MaxLength: aws.String(most)}
}

// setByService reports whether an attribute is out of an app client's reach: the sub, and the
// flags that say whether an address or number is verified.
func setByService(name string) bool {
	return slices.Contains([]string{"sub", "email_verified", "phone_number_verified"}, name)
}
