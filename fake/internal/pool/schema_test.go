package pool

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"
)

// mustSchema returns the schema of a pool with the declared attributes.
func mustSchema(t testing.TB, in ...types.SchemaAttributeType) *Schema {
	t.Helper()
	s, err := NewSchema(in)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// wantError compares an error, as "Code: message", with a text; "" means none.
func wantError(t *testing.T, err error, want string) {
	t.Helper()
	got := ""
	if err != nil {
		got = err.Error()
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("error (-got +want):\n%s", diff)
	}
}

// invalid is the text of an InvalidParameterException.
func invalidText(message string) string { return "InvalidParameterException: " + message }

func declared(name string, kind types.AttributeDataType, edit ...func(*types.SchemaAttributeType)) types.SchemaAttributeType {
	a := types.SchemaAttributeType{Name: aws.String(name), AttributeDataType: kind}
	for _, e := range edit {
		e(&a)
	}
	return a
}

func lengthsOf(least, most string) func(*types.SchemaAttributeType) {
	return func(a *types.SchemaAttributeType) {
		a.StringAttributeConstraints = &types.StringAttributeConstraintsType{MinLength: notBlank(least), MaxLength: notBlank(most)}
	}
}

func values(least, most string) func(*types.SchemaAttributeType) {
	return func(a *types.SchemaAttributeType) {
		a.NumberAttributeConstraints = &types.NumberAttributeConstraintsType{MinValue: notBlank(least), MaxValue: notBlank(most)}
	}
}

func notBlank(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func asRequired(a *types.SchemaAttributeType)  { a.Required = aws.Bool(true) }
func asImmutable(a *types.SchemaAttributeType) { a.Mutable = aws.Bool(false) }
func asDeveloper(a *types.SchemaAttributeType) { a.DeveloperOnlyAttribute = aws.Bool(true) }

// line writes an attribute in one line.
func attributeLine(a types.SchemaAttributeType) string {
	s := fmt.Sprintf("%s %s dev=%t mutable=%t required=%t", *a.Name, a.AttributeDataType, *a.DeveloperOnlyAttribute, *a.Mutable, *a.Required)
	if c := a.StringAttributeConstraints; c != nil {
		s += fmt.Sprintf(" length=%q..%q", aws.ToString(c.MinLength), aws.ToString(c.MaxLength))
	}
	if c := a.NumberAttributeConstraints; c != nil {
		s += fmt.Sprintf(" value=%q..%q", aws.ToString(c.MinValue), aws.ToString(c.MaxValue))
	}
	return s
}

const (
	str = types.AttributeDataTypeString
	num = types.AttributeDataTypeNumber
)

func TestStandardAttributes(t *testing.T) {
	var got []string
	for _, a := range mustSchema(t).Attributes() {
		got = append(got, attributeLine(a))
	}
	ordinary := func(name string) string {
		return name + ` String dev=false mutable=true required=false length="0".."2048"`
	}
	want := []string{
		`sub String dev=false mutable=false required=true length="1".."2048"`,
		ordinary("name"), ordinary("given_name"), ordinary("family_name"), ordinary("middle_name"), ordinary("nickname"),
		ordinary("preferred_username"), ordinary("profile"), ordinary("picture"), ordinary("website"), ordinary("email"),
		`email_verified Boolean dev=false mutable=true required=false`,
		ordinary("gender"),
		`birthdate String dev=false mutable=true required=false length="10".."10"`,
		ordinary("zoneinfo"), ordinary("locale"), ordinary("phone_number"),
		`phone_number_verified Boolean dev=false mutable=true required=false`,
		ordinary("address"),
		`updated_at Number dev=false mutable=true required=false value="0"..""`,
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("attributes of a pool without Schema (-got +want):\n%s", diff)
	}
}

func TestDeclaredAttributes(t *testing.T) {
	for _, test := range []struct {
		why  string
		in   types.SchemaAttributeType
		name string
		want string
	}{
		{"a standard attribute keeps what is not declared", declared("email", "", asRequired), "email",
			`email String dev=false mutable=true required=true length="0".."2048"`},
		{"a standard attribute may become immutable", declared("email", str, asImmutable), "email",
			`email String dev=false mutable=false required=false length="0".."2048"`},
		{"a standard attribute may get other constraints", declared("email", str, lengthsOf("5", "40")), "email",
			`email String dev=false mutable=true required=false length="5".."40"`},
		{"constraints of the wrong kind are dropped", declared("email", "", values("1", "2")), "email",
			`email String dev=false mutable=true required=false length="0".."2048"`},
		{"a custom string has empty constraints", declared("tenant", str), "custom:tenant",
			`custom:tenant String dev=false mutable=true required=false length=""..""`},
		{"a custom number has none", declared("level", num), "custom:level",
			`custom:level Number dev=false mutable=true required=false`},
		{"partial constraints stay partial", declared("tenant", str, lengthsOf("", "9")), "custom:tenant",
			`custom:tenant String dev=false mutable=true required=false length="".."9"`},
		{"wrong kind, custom", declared("level", num, lengthsOf("1", "2"), values("1", "5")), "custom:level",
			`custom:level Number dev=false mutable=true required=false value="1".."5"`},
		{"developer-only attributes have a prefix", declared("note", str, asDeveloper), "dev:custom:note",
			`dev:custom:note String dev=true mutable=true required=false length=""..""`},
		{"equal bounds are right", declared("tenant", str, lengthsOf("3", "3")), "custom:tenant",
			`custom:tenant String dev=false mutable=true required=false length="3".."3"`},
		{"equal values are right", declared("level", num, values("1", "1")), "custom:level",
			`custom:level Number dev=false mutable=true required=false value="1".."1"`},
	} {
		t.Run(test.why, func(t *testing.T) {
			a := mustSchema(t, test.in).find(test.name)
			if a == nil {
				t.Fatalf("the schema has no %s", test.name)
			}
			if diff := cmp.Diff(attributeLine(*a), test.want); diff != "" {
				t.Errorf("attribute (-got +want):\n%s", diff)
			}
		})
	}
}

func TestRefusedSchemas(t *testing.T) {
	for _, test := range []struct {
		why  string
		in   []types.SchemaAttributeType
		want string
	}{
		{"a custom attribute cannot be required", []types.SchemaAttributeType{declared("tenant", str, asRequired)},
			"Required custom attributes are not supported currently."},
		{"a standard attribute keeps its type", []types.SchemaAttributeType{declared("family_name", num)},
			"You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute family_name"},
		{"a standard attribute is not for developers only", []types.SchemaAttributeType{declared("email", str, asDeveloper)},
			"You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email"},
		{"a custom attribute needs a type", []types.SchemaAttributeType{declared("tenant", "")},
			"Invalid AttributeDataType input, consider using the provided AttributeDataType enum."},
		{"an attribute has a name", []types.SchemaAttributeType{{AttributeDataType: str}}, "The name of a schema attribute must not be null."},
		{"custom names are unique", []types.SchemaAttributeType{declared("dept", str), declared("dept", str)},
			"Duplicate custom attribute names custom:dept are not allowed in a user pool schema."},
		{"lengths are in order", []types.SchemaAttributeType{declared("s1", str, lengthsOf("2", "1"))},
			"Attribute custom:s1 cannot have a max length shorter than it's min length"},
		{"values are in order", []types.SchemaAttributeType{declared("n2", num, values("2", "1"))},
			"Attribute custom:n2 cannot have a max value smaller than it's min value"},
		{"lengths of a standard attribute", []types.SchemaAttributeType{declared("email", str, lengthsOf("2", "1"))},
			"user.email: Max length cannot be less than min length."},
		{"values of a standard attribute", []types.SchemaAttributeType{declared("updated_at", num, values("2", "1"))},
			"user.updated_at: Max value cannot be less than min value."},
		{"no attribute is longer than 2048", []types.SchemaAttributeType{declared("email", str, lengthsOf("0", "2049"))},
			"user.email: String attributes cannot have a length of more than 2048"},
		{"lengths are numbers", []types.SchemaAttributeType{declared("email", str, lengthsOf("few", ""))},
			"Invalid StringAttributeConstraints for schema attribute email"},
	} {
		t.Run(test.why, func(t *testing.T) {
			_, err := NewSchema(test.in)
			wantError(t, err, invalidText(test.want))
		})
	}
}

func TestAddCustomAttributes(t *testing.T) {
	s := mustSchema(t, declared("tenant", str), declared("note", str, asDeveloper))
	for _, test := range []struct {
		why  string
		in   types.SchemaAttributeType
		want string
	}{
		{"a new attribute", declared("level", num), ""},
		{"a standard attribute declared without type", declared("email", "", asRequired),
			invalidText("Invalid AttributeDataType input, consider using the provided AttributeDataType enum.")},
		{"a name that exists", declared("tenant", str), invalidText("custom:tenant: Existing attribute already has name custom:tenant.")},
		{"a name that exists for developers", declared("note", str), invalidText("custom:note: Existing attribute already has name dev:custom:note.")},
	} {
		t.Run(test.why, func(t *testing.T) {
			bigger, err := s.Add([]types.SchemaAttributeType{test.in})
			wantError(t, err, test.want)
			if err == nil && !bigger.Has("custom:level") {
				t.Error("the attribute is not in the new schema")
			}
			if s.Has("custom:level") {
				t.Error("the old schema changed")
			}
		})
	}
}

func TestFiftyCustomAttributes(t *testing.T) {
	var in []types.SchemaAttributeType
	for i := range 50 {
		in = append(in, declared(fmt.Sprint("a", i), str))
	}
	_, err := mustSchema(t, in...).Add([]types.SchemaAttributeType{declared("one", str)})
	if err == nil || !strings.HasPrefix(err.Error(), "LimitExceededException") {
		t.Errorf("the 51st custom attribute: got %v, want LimitExceededException", err)
	}
}

func TestRequired(t *testing.T) {
	got := mustSchema(t, declared("email", "", asRequired), declared("name", "", asRequired)).Required()
	if diff := cmp.Diff(got, []string{"name", "email"}); diff != "" {
		t.Errorf("required attributes, without sub (-got +want):\n%s", diff)
	}
}

func TestAttributesAreCopies(t *testing.T) {
	s := mustSchema(t)
	*s.Attributes()[1].Name = "changed"
	if !s.Has("name") || *s.Attributes()[1].Name != "name" {
		t.Error("a change of an answer reached the schema")
	}
}

func TestCheckValue(t *testing.T) {
	s := mustSchema(t,
		declared("tenant", str, lengthsOf("2", "4")), declared("open", str), declared("least", str, lengthsOf("2", "")), declared("most", str, lengthsOf("", "2")),
		declared("level", num, values("-1", "5")), declared("any", num),
		declared("flag", types.AttributeDataTypeBoolean), declared("when", types.AttributeDataTypeDatetime))
	for _, test := range []struct {
		why, name, value, want string
	}{
		{"unknown", "custom:none", "x", "Attribute does not exist in the schema."},
		{"standard text", "name", "Ann", ""},
		{"a birthdate has ten characters", "birthdate", "2000-01-01", ""},
		{"and no fewer", "birthdate", "2000-1-1", wrongLength("10", "10")},
		{"too short", "custom:tenant", "a", wrongLength("2", "4")},
		{"too long", "custom:tenant", "aaaaa", wrongLength("2", "4")},
		{"characters, not bytes", "custom:tenant", "ññññ", ""},
		{"no constraints", "custom:open", strings.Repeat("x", 3000), ""},
		{"a lower bound alone", "custom:least", "x", "The attribute length must be at least 2."},
		{"an upper bound alone", "custom:most", "xxx", "The attribute length must be at most 2."},
		{"blank deletes", "custom:tenant", "", ""},
		{"blank deletes a number", "custom:level", "", ""},
		{"number in range", "custom:level", "-1", ""},
		{"number too small", "custom:level", "-2", wrongNumber("-1", "5")},
		{"number too large", "custom:level", "6", wrongNumber("-1", "5")},
		{"no number", "custom:any", "1.5", notNumber},
		{"large number", "custom:any", "123456789012345678901234567890", ""},
		{"updated_at is not negative", "updated_at", "-5", wrongNumber("0", "")},
		{"boolean", "email_verified", "true", ""},
		{"boolean in any case", "custom:flag", "False", ""},
		{"no boolean", "custom:flag", "1", notBoolean},
		{"date and time", "custom:when", "2026-01-02T03:04:05.678Z", ""},
		{"date and time with zone", "custom:when", "2026-01-02T03:04:05+0100", ""},
		{"date", "custom:when", "2026-01-02", ""},
		{"no date", "custom:when", "yesterday", notDateTime},
	} {
		t.Run(test.why, func(t *testing.T) {
			reason, ok := s.CheckValue(test.name, test.value)
			if reason != test.want || ok != (test.want == "") {
				t.Errorf("CheckValue(%q, %q) = %q, %t; want %q", test.name, test.value, reason, ok, test.want)
			}
		})
	}
}

func FuzzCheckValue(f *testing.F) {
	for _, v := range []string{"", "true", "-1", "2026-01-02T03:04:05Z", "0x1", "1_000", "\xff"} {
		f.Add(v)
	}
	s, err := NewSchema([]types.SchemaAttributeType{declared("level", num, values("0", "9")), declared("when", types.AttributeDataTypeDatetime)})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, v string) {
		for _, name := range []string{"email", "custom:level", "email_verified", "custom:when", v} {
			if reason, ok := s.CheckValue(name, v); ok != (reason == "") {
				t.Errorf("CheckValue(%q, %q) = %q, %t", name, v, reason, ok)
			}
		}
		if _, ok := s.CheckValue("custom:level", v); ok && v != "" && strings.Trim(v, "+-0123456789") != "" {
			t.Errorf("%q was taken for a number", v)
		}
	})
}
