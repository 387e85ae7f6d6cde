package pool

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"
)

func TestParseFilter(t *testing.T) {
	for _, test := range []struct {
		why, text string
		want      Filter
	}{
		{"nothing matches everybody", "", Filter{}},
		{"blanks are nothing", " \t\n", Filter{}},
		{"equality", `email = "a@example.com"`, Filter{"email", "a@example.com", false}},
		{"prefix", `email ^= "a"`, Filter{"email", "a", true}},
		{"no blanks", `email^="a"`, Filter{"email", "a", true}},
		{"many blanks", "  email\t^=\n \"a\"  ", Filter{"email", "a", true}},
		{"the name in quotes", `"family_name" = "Lee"`, Filter{"family_name", "Lee", false}},
		{"a name with a colon", `cognito:user_status = "CONFIRMED"`, Filter{"cognito:user_status", "CONFIRMED", false}},
		{"an empty value", `name = ""`, Filter{"name", "", false}},
		{"escapes", `name = "a\"b\\c"`, Filter{"name", `a"b\c`, false}},
		{"operators in the value", `name = "x ^= \"y\""`, Filter{"name", `x ^= "y"`, false}},
	} {
		t.Run(test.why, func(t *testing.T) {
			got, err := ParseFilter(test.text)
			if err != nil {
				t.Fatalf("error %v", err)
			}
			if diff := cmp.Diff(got, test.want); diff != "" {
				t.Errorf("filter (-got +want):\n%s", diff)
			}
		})
	}
}

func TestRefusedFilters(t *testing.T) {
	for _, test := range []struct {
		why, text string
		want      error
	}{
		{"a name alone", `name`, FilterUnparsable()},
		{"no value", `name =`, FilterUnparsable()},
		{"no name", `= "x"`, FilterUnparsable()},
		{"a bare value", `name = x`, FilterUnparsable()},
		{"an open quote", `name = "x`, FilterUnparsable()},
		{"an escape of nothing", `name = "x\`, FilterUnparsable()},
		{"another operator", `name != "x"`, FilterUnparsable()},
		{"a torn operator", `name ^ = "x"`, FilterUnparsable()},
		{"two clauses", `name = "x" and email = "y"`, FilterUnparsable()},
		{"an open quoted name", `"name = "x"`, FilterUnparsable()},
		{"a custom attribute", `custom:tenant = "x"`, FilterNotSearchable("custom:tenant")},
		{"an attribute without index", `locale ^= "x"`, FilterNotSearchable("locale")},
		{"names mind case", `Email = "x"`, FilterNotSearchable("Email")},
	} {
		t.Run(test.why, func(t *testing.T) {
			_, err := ParseFilter(test.text)
			if err == nil || err.Error() != test.want.Error() {
				t.Errorf("error %v, want %v", err, test.want)
			}
		})
	}
}

func FuzzParseFilter(f *testing.F) {
	for _, text := range []string{"", "name = \"x\"", `"email"^="a\"\\"`, `status="`, `sub ^= "\`, "custom:a = \"\xff\""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		filter, err := ParseFilter(text)
		if err != nil {
			if !errors.As(err, new(*types.InvalidParameterException)) {
				t.Fatalf("ParseFilter(%q): error %v, want InvalidParameterException", text, err)
			}
			return
		}
		if again, err := ParseFilter(render(filter)); err != nil || again != filter {
			t.Errorf("ParseFilter(%q) = %+v; as %q it is %+v, %v", text, filter, render(filter), again, err)
		}
	})
}

// render writes a filter as ParseFilter reads it.
func render(f Filter) string {
	if f == (Filter{}) {
		return ""
	}
	operator := "="
	if f.Prefix {
		operator = "^="
	}
	return f.Name + operator + `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(f.Value) + `"`
}
