package constraint

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// A violation is one entry of the service's message.
type violation struct {
	path       string
	value      string // " 'text'", " null", or "" for a sensitive member
	constraint string
}

func (v violation) String() string {
	return "Value" + v.value + " at '" + v.path + "' failed to satisfy constraint: " + v.constraint
}

// below returns the violation with its path put below a step.
func (v violation) below(step string) violation {
	if v.path != "" {
		step += "." + v.path
	}
	v.path = step
	return v
}

// hide takes the values out of violations.
func hide(all []violation) {
	for i := range all {
		all[i].value = ""
	}
}

// violation returns a violation of the shape by the value with this text.
func (s *Shape) violation(text func() string, constraint string) violation {
	if s.Sensitive {
		return violation{constraint: constraint}
	}
	return violation{value: " '" + text() + "'", constraint: constraint}
}

// missing returns the violation of a required member that was not sent.
func missing(s *Shape) []violation {
	const text = "Member must not be null"
	if s.Sensitive {
		return []violation{{constraint: text}}
	}
	return []violation{{value: " null", constraint: text}}
}

// failure returns the error that lists the violations, or nil for none.
func failure(all []violation) error {
	if len(all) == 0 {
		return nil
	}
	texts := make([]string, len(all))
	for i, v := range all {
		texts[i] = v.String()
	}
	noun := "errors"
	if len(all) == 1 {
		noun = "error"
	}
	message := fmt.Sprintf("%d validation %s detected: %s", len(all), noun, strings.Join(texts, "; "))
	return &types.InvalidParameterException{Message: aws.String(message)}
}

// NotInEnum returns the error for a value that is not one of the allowed ones,
// for members that the model leaves free and the service does not, such as
// attributes_request_method of an identity provider.
func NotInEnum(member, value string, allowed ...string) error {
	c := Constraint{Kind: Enum, Enum: allowed}
	return failure([]violation{{path: member, value: " '" + value + "'", constraint: c.String()}})
}

// CheckAs returns the error for a text that breaks a constraint of a member of
// CreateUserPool, or nil. The text came otherwise, such as from a trigger, and
// is reported under a name of its own. A dot leads into a structure.
func CheckAs(name, text, member string) error {
	s := Input("CreateUserPool")
	for part := range strings.SplitSeq(member, ".") {
		s = s.memberShape(part)
	}
	all := checkString(s, text)
	for i := range all {
		all[i].path = name
	}
	return failure(all)
}

// memberShape returns the shape of a member that the model has.
func (s *Shape) memberShape(name string) *Shape {
	for _, m := range s.Members {
		if m.Name == name {
			return m.Shape
		}
	}
	panic("cognitotest: internal error: CreateUserPool demands nothing of " + name)
}

// String returns the constraint in the words of the service.
func (c *Constraint) String() string {
	limit := strconv.Itoa(c.Limit)
	switch c.Kind {
	case MaxLength:
		return "Member must have length less than or equal to " + limit
	case MinLength:
		return "Member must have length greater than or equal to " + limit
	case MaxValue:
		return "Member must have value less than or equal to " + limit
	case MinValue:
		return "Member must have value greater than or equal to " + limit
	case Pattern:
		return "Member must satisfy regular expression pattern: " + c.Pattern
	default:
		return "Member must satisfy enum value set: " + bracketed(c.Enum)
	}
}

// allOf returns the words for a list or map some of whose parts, all of the same
// shape, break a constraint: it names all constraints, not only the broken ones.
func allOf(parts string, s *Shape) string {
	texts := make([]string, len(s.Constraints))
	for i := range s.Constraints {
		texts[i] = s.Constraints[i].String()
	}
	return parts + " must satisfy constraint: " + bracketed(texts)
}

// bracketed prints a list as Java does.
func bracketed(list []string) string {
	return "[" + strings.Join(list, ", ") + "]"
}

// listText prints a list value. Structures appear as their names only: how the
// service prints them is not known.
func listText(element *Shape, v reflect.Value) string {
	texts := make([]string, v.Len())
	for i := range texts {
		texts[i] = element.Name
		if element.Kind == String {
			texts[i] = v.Index(i).String()
		}
	}
	return bracketed(texts)
}

// mapText prints a map as Java does, but sorted.
func mapText(m map[string]string) string {
	texts := make([]string, 0, len(m))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		texts = append(texts, key+"="+m[key])
	}
	return "{" + strings.Join(texts, ", ") + "}"
}

// blobText prints a blob as Java does. Seen from other AWS services.
func blobText(n int) string {
	return fmt.Sprintf("java.nio.HeapByteBuffer[pos=0 lim=%d cap=%d]", n, n)
}
