package constraint

import (
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
)

// A Kind says what a [Shape] is.
type Kind int

// The kinds of shapes. Other has no constraints besides being required.
const (
	Other Kind = iota
	String
	Integer
	Blob
	List
	Map
	Structure
)

// A Shape is what the service demands of a value, overrides included. Shapes are
// shared and must not be changed.
type Shape struct {
	Name        string // as in the API model
	Kind        Kind
	Sensitive   bool         // the value is left out of messages
	Constraints []Constraint // of the value itself, in the order of messages
	Members     []Member     // of a structure, by name
	Key         *Shape       // of a map
	Element     *Shape       // of a list, or a map's value

	// fields holds the members' places in the one SDK struct of this shape,
	// found when the first value comes.
	fields atomic.Pointer[[]field]
}

// A Member is one member of a structure that has constraints or is required.
type Member struct {
	Name           string // of the field in the SDK struct
	Reported       string // in messages
	Required       bool
	ZeroWhenAbsent bool // the service knows no absent form and sees 0
	Shape          *Shape
}

// A ConstraintKind says what a [Constraint] limits.
type ConstraintKind int

// The kinds of constraints. Lengths are of strings, blobs, lists and maps.
const (
	MaxLength ConstraintKind = iota
	MinLength
	MaxValue
	MinValue
	Pattern
	Enum
)

// A Constraint is one demand on a value.
type Constraint struct {
	Kind    ConstraintKind
	Limit   int      // of a length or value
	Pattern string   // as reported; it must match the whole value
	Enum    []string // in the order reported

	matches func(string) bool
}

func (c *Constraint) holds(v string, n int) bool {
	switch c.Kind {
	case MaxLength, MaxValue:
		return n <= c.Limit
	case MinLength, MinValue:
		return n >= c.Limit
	case Pattern:
		return c.matches(v)
	default:
		return slices.Contains(c.Enum, v)
	}
}

// Input returns the shape of an operation's input, or nil if the model lacks the
// operation.
func Input(operation string) *Shape {
	return shapes()[operation]
}

// Operations returns the names of the operations that the model has, sorted.
func Operations() []string {
	return slices.Sorted(maps.Keys(inputs()))
}

// A modelShape is a shape as the model has it; shapes refer to each other by
// name.
type modelShape struct {
	kind         Kind
	sensitive    bool
	min, max     *int
	pattern      string
	enum         []string
	key, element string
	members      []modelMember
}

type modelMember struct {
	name           string
	reported       string // if it is not the name in lowerCamelCase
	shape          string
	required       bool
	zeroWhenAbsent bool
}

// shapes returns the shape of every operation's input. The table is built once,
// when the first operation is checked, and never changes.
var shapes = sync.OnceValue(func() map[string]*Shape {
	b := builder{model(), map[string]*Shape{}}
	override(b.model)
	built := map[string]*Shape{}
	for operation, name := range inputs() {
		built[operation] = b.shape(name)
	}
	return built
})

// A builder turns the shapes of the model into linked ones.
type builder struct {
	model map[string]*modelShape
	built map[string]*Shape
}

func (b builder) shape(name string) *Shape {
	if s := b.built[name]; s != nil || name == "" {
		return s
	}
	m := b.model[name]
	s := &Shape{Name: name, Kind: m.kind, Sensitive: m.sensitive, Constraints: m.constraints()}
	b.built[name] = s
	s.Key = b.shape(m.key)
	s.Element = b.shape(m.element)
	for _, mm := range m.members {
		s.Members = append(s.Members, b.member(mm))
	}
	return s
}

func (b builder) member(m modelMember) Member {
	if m.reported == "" {
		m.reported = lowerCamel(m.name)
	}
	return Member{
		Name:           strings.ToUpper(m.name[:1]) + m.name[1:],
		Reported:       m.reported,
		Required:       m.required,
		ZeroWhenAbsent: m.zeroWhenAbsent,
		Shape:          b.shape(m.shape),
	}
}

func (m *modelShape) constraints() []Constraint {
	most, least := MaxLength, MinLength
	if m.kind == Integer {
		most, least = MaxValue, MinValue
	}
	var all []Constraint
	if m.max != nil {
		all = append(all, Constraint{Kind: most, Limit: *m.max})
	}
	if m.min != nil {
		all = append(all, Constraint{Kind: least, Limit: *m.min})
	}
	if m.pattern != "" {
		all = append(all, Constraint{Kind: Pattern, Pattern: m.pattern, matches: matcher(m.pattern)})
	}
	if m.enum != nil {
		all = append(all, Constraint{Kind: Enum, Enum: m.enum})
	}
	return all
}

// matcher compiles the pattern when the first value comes: most tests meet few
// of them.
func matcher(pattern string) func(string) bool {
	compiled := sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:` + pattern + `)$`)
	})
	return func(s string) bool { return compiled().MatchString(s) }
}

// lowerCamel returns a wire name as messages have it: UserPoolId is userPoolId,
// SMSMessage is smsMessage.
func lowerCamel(name string) string {
	letters := []rune(name)
	for i, r := range letters {
		startsWord := i > 0 && i+1 < len(letters) && unicode.IsLower(letters[i+1])
		if !unicode.IsUpper(r) || startsWord {
			break
		}
		letters[i] = unicode.ToLower(r)
	}
	return string(letters)
}

// A field is a member and its place in the SDK struct.
type field struct {
	*Member
	index int
}

// fieldsIn returns the shape's members that the SDK struct has.
func (s *Shape) fieldsIn(t reflect.Type) []field {
	if known := s.fields.Load(); known != nil {
		return *known
	}
	var found []field
	for i := range s.Members {
		if f, ok := t.FieldByName(s.Members[i].Name); ok {
			found = append(found, field{&s.Members[i], f.Index[0]})
		}
	}
	s.fields.Store(&found)
	return found
}
