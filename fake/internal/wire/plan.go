package wire

import (
	"reflect"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// A member is one field of an SDK struct and its name on the wire.
type member struct {
	name  string
	index int
}

// plans remembers the members of each struct type seen: reflect.Type to
// []member. A type never changes and neither does its plan, so the map is a
// cache without visible state; it saves the allocations of reflect.Type.Field on
// every request.
var plans sync.Map

// membersOf returns the members of the struct type t, in the order of its fields.
func membersOf(t reflect.Type) []member {
	if p, ok := plans.Load(t); ok {
		return p.([]member)
	}
	p, _ := plans.LoadOrStore(t, planMembers(t))
	return p.([]member)
}

func planMembers(t reflect.Type) []member {
	var members []member
	for i := range t.NumField() {
		f := t.Field(i)
		if f.IsExported() && f.Name != "ResultMetadata" {
			members = append(members, member{wireName(t, f.Name), i})
		}
	}
	return members
}

// wireName is the field's own name, save for the one shape of the service's
// model that writes its members in lower case.
func wireName(t reflect.Type, field string) string {
	if t == reflect.TypeFor[types.HttpHeader]() {
		return strings.ToLower(field[:1]) + field[1:]
	}
	return field
}
