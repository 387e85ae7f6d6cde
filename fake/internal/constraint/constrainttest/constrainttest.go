// Package constrainttest makes an input for each violation of the service's
// constraints, for tests that want every operation to refuse every one of them.
package constrainttest

import (
	"fmt"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/document"

	"github.com/cognitotest/cognito/fake/internal/constraint"
)

// A Case is an input that is valid but for one member.
type Case struct {
	Operation string
	Name      string // such as "clientId maxLength" or "userPoolTags Map keys minLength"; unique in the operation
	Input     any    // pointer to the operation's SDK Input
	Want      string // message of the InvalidParameterException
}

// An Impossible is a constraint that no value can break alone.
type Impossible struct {
	Operation, Name, Reason string
}

// Valid returns an input for the operation, a pointer to its SDK Input, that has
// the required members, each as short as it may be, and breaks no constraint. It
// returns nil if the model lacks the operation.
func Valid(operation string) any {
	empty, ok := inputs()[operation]
	if !ok {
		return nil
	}
	fill(constraint.Input(operation), reflect.ValueOf(empty).Elem())
	return empty
}

// Violations returns a case for every constraint of the operation's input that
// some value breaks, and the others with the reason why none does. A value that
// cannot but break several constraints of its member at once, such as an empty
// string, has them all in its message.
func Violations(operation string) ([]Case, []Impossible) {
	s := sweep{operation: operation}
	if input := constraint.Input(operation); input != nil {
		s.structure(input, place{})
	}
	return s.cases, s.impossible
}

// names name the kinds of constraints in cases.
var names = [...]string{
	constraint.MaxLength: "maxLength", constraint.MinLength: "minLength",
	constraint.MaxValue: "maxValue", constraint.MinValue: "minValue",
	constraint.Pattern: "pattern", constraint.Enum: "enum",
}

// A sweep collects the cases of one operation.
type sweep struct {
	operation  string
	cases      []Case
	impossible []Impossible
}

// A place is where a value stands in an input.
type place struct {
	path      string   // as reported
	fields    []string // of the SDK structs, "" for the first element of a list
	sensitive bool     // below a sensitive structure
}

func (p place) member(m *constraint.Member) place {
	if p.path != "" {
		p.path += "."
	}
	p.path += m.Reported
	p.fields = append(p.fields[:len(p.fields):len(p.fields)], m.Name)
	return p
}

// element is the place of the first element of a list of structures.
func (p place) element() place {
	p.path += ".1.member"
	p.fields = append(p.fields[:len(p.fields):len(p.fields)], "")
	return p
}

func (s *sweep) structure(shape *constraint.Shape, at place) {
	at.sensitive = at.sensitive || shape.Sensitive
	for i := range shape.Members {
		m := &shape.Members[i]
		s.required(m, at.member(m))
		s.value(m.Shape, at.member(m))
	}
}

func (s *sweep) value(shape *constraint.Shape, at place) {
	at.sensitive = at.sensitive || shape.Sensitive
	switch shape.Kind {
	case constraint.Structure:
		s.structure(shape, at)
	case constraint.List:
		s.list(shape, at)
	case constraint.Map:
		s.dictionary(shape, at)
	default:
		s.scalar(shape, at)
	}
}

// required makes the case of a member that is missing.
func (s *sweep) required(m *constraint.Member, at place) {
	if !m.Required && !m.ZeroWhenAbsent {
		return
	}
	const name = "required"
	input, leaf := s.reach(at)
	switch kind := leaf.Kind(); {
	case m.ZeroWhenAbsent:
		leaf.SetZero()
		s.add(at, name, input, quoted(at, "0", constraintText(m.Shape, constraint.MinValue)))
	case kind == reflect.Bool || kind == reflect.Int32:
		s.cannot(at, name, "the SDK's struct has no absent form for it")
	default:
		leaf.SetZero()
		text := "Value null"
		if at.sensitive || m.Shape.Sensitive {
			text = "Value"
		}
		s.add(at, name, input, text+" at '"+at.path+"' failed to satisfy constraint: Member must not be null")
	}
}

func (s *sweep) scalar(shape *constraint.Shape, at place) {
	for i := range shape.Constraints {
		c := &shape.Constraints[i]
		value, reason := breaking(shape, c)
		if reason != "" {
			s.cannot(at, names[c.Kind], reason)
			continue
		}
		input, leaf := s.reach(at)
		if leaf.Kind() == reflect.String && value == "" {
			s.cannot(at, names[c.Kind], "an empty enum is an absent one")
			continue
		}
		printed := set(leaf, value)
		var wants []string
		for _, b := range broken(shape, value) {
			wants = append(wants, quoted(at, printed, b))
		}
		s.add(at, names[c.Kind], input, wants...)
	}
}

// list makes the cases of the list's length and of its elements.
func (s *sweep) list(shape *constraint.Shape, at place) {
	if shape.Element.Kind == constraint.Structure {
		s.value(shape.Element, at.element())
	} else {
		s.parts(shape.Element, at, "Member", func(v string) (reflect.Value, string) {
			return reflect.ValueOf([]string{v}), "[" + v + "]"
		})
	}
	s.sizes(shape, at, func(leaf reflect.Value, n int) string {
		fillList(shape, leaf, n)
		return repeat(listElement(shape), n)
	})
}

// dictionary makes the cases of a map's size, keys and values.
func (s *sweep) dictionary(shape *constraint.Shape, at place) {
	key, value := sample(shape.Key), sample(shape.Element)
	s.parts(shape.Key, at, "Map keys", func(v string) (reflect.Value, string) {
		return reflect.ValueOf(map[string]string{v: value}), "{" + v + "=" + value + "}"
	})
	s.parts(shape.Element, at, "Map value", func(v string) (reflect.Value, string) {
		return reflect.ValueOf(map[string]string{key: v}), "{" + key + "=" + v + "}"
	})
	s.sizes(shape, at, func(leaf reflect.Value, n int) string {
		if n > 0 {
			return ""
		}
		leaf.Set(reflect.MakeMap(leaf.Type()))
		return "{}"
	})
}

// parts makes the cases of the elements of a list, or the keys or values of a
// map; wrap returns the collection with one such part, and how it is printed.
func (s *sweep) parts(part *constraint.Shape, at place, word string, wrap func(string) (reflect.Value, string)) {
	for i := range part.Constraints {
		c := &part.Constraints[i]
		name := word + " " + names[c.Kind]
		value, reason := breaking(part, c)
		if reason != "" {
			s.cannot(at, name, reason)
			continue
		}
		input, leaf := s.reach(at)
		collection, printed := wrap(value.(string))
		assign(leaf, collection)
		s.add(at, name, input, quoted(at, printed, word+" must satisfy constraint: "+bracketed(part)))
	}
}

// sizes makes the cases of the number of elements of a list or map; resize makes
// that many and returns how they are printed, or "" if it cannot.
func (s *sweep) sizes(shape *constraint.Shape, at place, resize func(leaf reflect.Value, n int) string) {
	for i := range shape.Constraints {
		c := &shape.Constraints[i]
		n := c.Limit + 1
		if c.Kind == constraint.MinLength {
			n = c.Limit - 1
		}
		if n < 0 {
			s.cannot(at, names[c.Kind], "no length is below 0")
			continue
		}
		input, leaf := s.reach(at)
		printed := resize(leaf, n)
		if printed == "" {
			s.cannot(at, names[c.Kind], "there are not as many valid keys")
			continue
		}
		s.add(at, names[c.Kind], input, quoted(at, printed, c.String()))
	}
}

func (s *sweep) add(at place, name string, input any, wants ...string) {
	s.cases = append(s.cases, Case{s.operation, at.path + " " + name, input, message(wants)})
}

func (s *sweep) cannot(at place, name, reason string) {
	s.impossible = append(s.impossible, Impossible{s.operation, at.path + " " + name, reason})
}

// reach returns a new valid input that has a value at the place, and the field
// or element that holds it, which may be a pointer.
func (s *sweep) reach(at place) (input any, leaf reflect.Value) {
	input = Valid(s.operation)
	shape := constraint.Input(s.operation)
	v := reflect.ValueOf(input).Elem()
	for _, name := range at.fields {
		if name == "" {
			shape = shape.Element
			v = v.Index(0)
			continue
		}
		shape = memberOf(shape, name).Shape
		v = reflect.Indirect(v).FieldByName(name)
		fill(shape, v)
		if shape.Kind == constraint.List && v.Len() == 0 {
			fillList(shape, v, 1)
		}
	}
	return input, v
}

func memberOf(s *constraint.Shape, name string) *constraint.Member {
	for i := range s.Members {
		if s.Members[i].Name == name {
			return &s.Members[i]
		}
	}
	panic(fmt.Sprintf("cognitotest: internal error: shape %s has no member %s", s.Name, name))
}

// fill gives v a minimal valid value.
func fill(s *constraint.Shape, v reflect.Value) {
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	switch s.Kind {
	case constraint.String:
		v.SetString(sample(s))
	case constraint.Integer:
		v.SetInt(int64(limit(s, constraint.MinValue)))
	case constraint.Blob:
		v.SetBytes(make([]byte, limit(s, constraint.MinLength)))
	case constraint.List:
		fillList(s, v, limit(s, constraint.MinLength))
	case constraint.Map:
		v.Set(reflect.MakeMap(v.Type()))
		if limit(s, constraint.MinLength) > 0 {
			v.SetMapIndex(reflect.ValueOf(sample(s.Key)), reflect.ValueOf(sample(s.Element)))
		}
	case constraint.Structure:
		fillStructure(s, v)
	default:
		if v.Kind() == reflect.Interface {
			v.Set(reflect.ValueOf(document.NewLazyDocument(map[string]any{})))
		}
	}
}

func fillStructure(s *constraint.Shape, v reflect.Value) {
	for i := range s.Members {
		if m := &s.Members[i]; m.Required || m.ZeroWhenAbsent {
			fill(m.Shape, v.FieldByName(m.Name))
		}
	}
}

func fillList(s *constraint.Shape, v reflect.Value, n int) {
	v.Set(reflect.MakeSlice(v.Type(), n, n))
	for i := range n {
		fill(s.Element, v.Index(i))
	}
}
