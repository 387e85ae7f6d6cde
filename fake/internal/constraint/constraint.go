// Package constraint validates the input of an operation against the service's
// API model, before any pool or user is looked up.
//
// [Check] returns one InvalidParameterException that lists all violations:
//
//	2 validation errors detected: Value 'Aaaa' at 'userCode' failed to satisfy constraint: Member must ...; Value ...
//
// The rules of the texts, seen in answers of the service unless marked:
//
//   - Members have lowerCamelCase names, whatever the wire case, with a path:
//     adminCreateUserConfig.inviteMessage.emailMessage; elements of a list of
//     structures count from 1: schema.1.member.name. That a leading acronym
//     becomes lower case as a whole (smsMessage for SMSMessage) is inferred from
//     this one name.
//   - A list of strings is reported as a whole, once, with all constraints of
//     its elements: Value '[a, b]' at 'callbackURLs' failed to satisfy
//     constraint: Member must satisfy constraint: [Member must have length ...].
//     Maps say "Map keys must satisfy constraint" and "Map value must satisfy
//     constraint"; seen from other AWS services, inferred here.
//   - The value of a sensitive member is left out. Members of a sensitive
//     structure are sensitive (inferred).
//   - A pattern must match the whole value. Lengths count UTF-16 code units, as
//     Java does (inferred).
//   - The order of violations is not fixed by the service. Here it is: members by
//     name, then longest, shortest, pattern, enum.
//
// The table of constraints is generated from the model (see gen); where the
// service is known to differ from its model, overrides.go says so. Operations
// and members that the model lacks have no constraints. What has no absent form
// in the SDK's structs (bool, int32) cannot be reported as missing, and an empty
// enum counts as missing.
//
// Package constrainttest makes an input for every violation there is.
package constraint

//go:generate go run ./gen -model service-2.json

import (
	"reflect"
	"strconv"
	"unicode/utf16"
)

// Check returns a *types.InvalidParameterException that lists what in, a pointer
// to the operation's SDK Input, violates, or nil.
func Check(operation string, in any) error {
	input := Input(operation)
	if input == nil {
		return nil
	}
	return failure(checkStructure(input, reflect.ValueOf(in).Elem()))
}

func checkStructure(s *Shape, v reflect.Value) []violation {
	var all []violation
	for _, f := range s.fieldsIn(v.Type()) {
		for _, found := range checkMember(f.Member, v.Field(f.index)) {
			all = append(all, found.below(f.Member.Reported))
		}
	}
	if s.Sensitive {
		hide(all)
	}
	return all
}

func checkMember(m *Member, v reflect.Value) []violation {
	if !absent(v) {
		return checkValue(m.Shape, reflect.Indirect(v))
	}
	switch {
	case m.ZeroWhenAbsent:
		return checkInteger(m.Shape, 0)
	case m.Required:
		return missing(m.Shape)
	}
	return nil
}

// absent reports whether a member was not sent. Enums, the only strings that are
// no pointers, have no other sign of it than being empty.
func absent(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		return v.IsNil()
	case reflect.String:
		return v.Len() == 0
	}
	return false
}

func checkValue(s *Shape, v reflect.Value) []violation {
	switch s.Kind {
	case String:
		return checkString(s, v.String())
	case Integer:
		return checkInteger(s, int(v.Int()))
	case Blob:
		return s.violations("", v.Len(), func() string { return blobText(v.Len()) })
	case List:
		return checkList(s, v)
	case Map:
		return checkMap(s, v.Interface().(map[string]string))
	case Structure:
		return checkStructure(s, v)
	}
	return nil
}

func checkString(s *Shape, v string) []violation {
	return s.violations(v, length(v), func() string { return v })
}

func checkInteger(s *Shape, v int) []violation {
	return s.violations("", v, func() string { return strconv.Itoa(v) })
}

func checkList(s *Shape, v reflect.Value) []violation {
	text := func() string { return listText(s.Element, v) }
	all := s.violations("", v.Len(), text)
	if s.Element.Kind == Structure {
		return append(all, checkElements(s.Element, v)...)
	}
	for i := range v.Len() {
		if !s.Element.allows(v.Index(i).String()) {
			return append(all, s.violation(text, allOf("Member", s.Element)))
		}
	}
	return all
}

func checkElements(element *Shape, list reflect.Value) []violation {
	var all []violation
	for i := range list.Len() {
		for _, found := range checkStructure(element, list.Index(i)) {
			all = append(all, found.below(strconv.Itoa(i+1)+".member"))
		}
	}
	return all
}

func checkMap(s *Shape, m map[string]string) []violation {
	text := func() string { return mapText(m) }
	all := s.violations("", len(m), text)
	keys, values := true, true
	for key, value := range m {
		keys = keys && s.Key.allows(key)
		values = values && s.Element.allows(value)
	}
	if !keys {
		all = append(all, s.violation(text, allOf("Map keys", s.Key)))
	}
	if !values {
		all = append(all, s.violation(text, allOf("Map value", s.Element)))
	}
	return all
}

// violations returns a violation for each of the shape's own constraints that
// does not hold for a value, given as a string and as a number: the length, or
// the value itself if that is a number. Its text is made only if it is needed.
func (s *Shape) violations(v string, n int, text func() string) []violation {
	var all []violation
	for i := range s.Constraints {
		if c := &s.Constraints[i]; !c.holds(v, n) {
			all = append(all, s.violation(text, c.String()))
		}
	}
	return all
}

// allows reports whether all constraints hold for an element of a list or for a
// key or value of a map: all of them are strings.
func (s *Shape) allows(v string) bool {
	for i := range s.Constraints {
		if !s.Constraints[i].holds(v, length(v)) {
			return false
		}
	}
	return true
}

// length counts UTF-16 code units.
func length(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}
