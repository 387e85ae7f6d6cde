package constrainttest

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/cognitotest/cognito/fake/internal/constraint"
)

// samples hold, for every pattern of the service, a string that it matches.
var samples = []string{
	"", "a", "aa", "aaa", "1", "123456", "import-a", "us-east-1_a", "a@b", "terms-of-use", "cognito:default",
	"aaaaa{####}", "aaaaa{####a####}", "aaaa{##a##}", "aaaaaaaaaaaaaaaaaaaaaaaa",
	"arn:aws:iam::123456789012:role/a", "arn:aws:s3:::a", "00000000-0000-4000-8000-000000000000",
}

// strangers hold, for every pattern that refuses something, a string to refuse.
var strangers = []string{"!", " ", "\x01", "a", "é"}

// sample returns a string that breaks no constraint of the shape.
func sample(s *constraint.Shape) string {
	candidates := samples
	if i := slices.IndexFunc(s.Constraints, func(c constraint.Constraint) bool { return c.Kind == constraint.Enum }); i >= 0 {
		candidates = s.Constraints[i].Enum
	}
	for _, v := range candidates {
		if len(broken(s, v)) == 0 {
			return v
		}
	}
	panic("cognitotest: internal error: no sample string for " + s.Name)
}

// breaking returns a string, int or []byte that breaks the constraint, and if
// possible no other of the shape's, or the reason why there is none.
func breaking(s *constraint.Shape, c *constraint.Constraint) (value any, reason string) {
	switch c.Kind {
	case constraint.MaxValue:
		return c.Limit + 1, ""
	case constraint.MinValue:
		return c.Limit - 1, ""
	case constraint.Enum:
		return "no-such-value", ""
	case constraint.Pattern:
		return breakPattern(s, c)
	case constraint.MinLength:
		if c.Limit == 0 {
			return nil, "no length is below 0"
		}
		return sized(s, c.Limit-1), ""
	default:
		return sized(s, c.Limit+1), ""
	}
}

func breakPattern(s *constraint.Shape, c *constraint.Constraint) (any, string) {
	for _, v := range strangers {
		v = strings.Repeat(v, max(1, limit(s, constraint.MinLength)))
		if slices.Equal(broken(s, v), []string{c.String()}) {
			return v, ""
		}
	}
	return nil, "no string at hand breaks only the pattern"
}

// sized returns a value of that length, one that breaks only one constraint if
// there is one at hand.
func sized(s *constraint.Shape, n int) any {
	if s.Kind == constraint.Blob {
		return make([]byte, n)
	}
	valid := sample(s)
	candidates := []string{strings.Repeat("a", n), strings.Repeat("1", n)}
	if more := n - len(valid); more > 0 {
		candidates = append(candidates, valid+strings.Repeat("a", more), strings.Repeat("a", more)+valid)
	}
	i := slices.IndexFunc(candidates, func(v string) bool { return len(broken(s, v)) == 1 })
	return candidates[max(0, i)]
}

// broken returns the texts of the constraints that a string, int or []byte
// breaks. It is written apart from package constraint to find its mistakes.
func broken(s *constraint.Shape, value any) []string {
	var texts []string
	for i := range s.Constraints {
		if c := &s.Constraints[i]; breaks(c, value) {
			texts = append(texts, c.String())
		}
	}
	return texts
}

func breaks(c *constraint.Constraint, value any) bool {
	switch v := value.(type) {
	case int:
		return c.Kind == constraint.MaxValue && v > c.Limit || c.Kind == constraint.MinValue && v < c.Limit
	case []byte:
		return c.Kind == constraint.MaxLength && len(v) > c.Limit || c.Kind == constraint.MinLength && len(v) < c.Limit
	}
	v := value.(string)
	n := units(v)
	switch c.Kind {
	case constraint.MaxLength:
		return n > c.Limit
	case constraint.MinLength:
		return n < c.Limit
	case constraint.Pattern:
		return !compiled(c.Pattern).MatchString(v)
	default:
		return !slices.Contains(c.Enum, v)
	}
}

// units counts UTF-16 code units: a rune beyond 16 bits takes two.
func units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

// patterns remembers compiled patterns, which never change.
var patterns sync.Map

func compiled(pattern string) *regexp.Regexp {
	if re, ok := patterns.Load(pattern); ok {
		return re.(*regexp.Regexp)
	}
	re := regexp.MustCompile(`\A(?:` + pattern + `)\z`)
	patterns.Store(pattern, re)
	return re
}

// limit returns the limit of the shape's constraint of the kind, or 0.
func limit(s *constraint.Shape, kind constraint.ConstraintKind) int {
	for i := range s.Constraints {
		if s.Constraints[i].Kind == kind {
			return s.Constraints[i].Limit
		}
	}
	return 0
}

func constraintText(s *constraint.Shape, kind constraint.ConstraintKind) string {
	i := slices.IndexFunc(s.Constraints, func(c constraint.Constraint) bool { return c.Kind == kind })
	return s.Constraints[i].String()
}

// set puts a string, int or []byte into a field and returns how it is printed.
func set(leaf reflect.Value, value any) string {
	if leaf.Kind() == reflect.Pointer {
		leaf = leaf.Elem()
	}
	switch v := value.(type) {
	case int:
		leaf.SetInt(int64(v))
		return strconv.Itoa(v)
	case []byte:
		leaf.SetBytes(v)
		return fmt.Sprintf("java.nio.HeapByteBuffer[pos=0 lim=%d cap=%d]", len(v), len(v))
	default:
		leaf.SetString(v.(string))
		return v.(string)
	}
}

// assign sets a collection of strings where a collection of enums may stand.
func assign(leaf, collection reflect.Value) {
	if collection.Kind() == reflect.Map {
		leaf.Set(collection)
		return
	}
	leaf.Set(reflect.MakeSlice(leaf.Type(), 1, 1))
	leaf.Index(0).SetString(collection.Index(0).String())
}

// listElement returns how a minimal element of the list is printed.
func listElement(list *constraint.Shape) string {
	if list.Element.Kind == constraint.String {
		return sample(list.Element)
	}
	return list.Element.Name
}

// repeat prints a list of n equal elements.
func repeat(element string, n int) string {
	return "[" + strings.Join(slices.Repeat([]string{element}, n), ", ") + "]"
}

// bracketed prints the constraints of the elements of a list.
func bracketed(s *constraint.Shape) string {
	var texts []string
	for i := range s.Constraints {
		texts = append(texts, s.Constraints[i].String())
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// quoted returns the entry of a message for a value at the place.
func quoted(at place, printed, constraint string) string {
	value := " '" + printed + "'"
	if at.sensitive {
		value = ""
	}
	return "Value" + value + " at '" + at.path + "' failed to satisfy constraint: " + constraint
}

// message returns the message with these entries.
func message(entries []string) string {
	if len(entries) == 1 {
		return "1 validation error detected: " + entries[0]
	}
	return fmt.Sprintf("%d validation errors detected: %s", len(entries), strings.Join(entries, "; "))
}
