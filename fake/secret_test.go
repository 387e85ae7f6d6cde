package fake

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/cognitotest/cognito/fake/internal/api"
	"github.com/cognitotest/cognito/fake/internal/constraint"
)

// open are members that the API model calls sensitive and that a Call shows: who and what a call is about.
var open = []string{"Username", "ClientId", "Value", "UserContextData", "AuthParameters", "ChallengeResponses"}

// sensitiveMembers returns the members of all inputs that the API model calls sensitive, but for those that a
// Call shows.
func sensitiveMembers() map[string]bool {
	names := map[string]bool{}
	seen := map[*constraint.Shape]bool{}
	var walk func(*constraint.Shape)
	walk = func(s *constraint.Shape) {
		if s == nil || seen[s] {
			return
		}
		seen[s] = true
		walk(s.Element)
		for _, m := range s.Members {
			if m.Shape.Sensitive && !slices.Contains(open, m.Name) {
				names[m.Name] = true
			}
			walk(m.Shape)
		}
	}
	for _, operation := range constraint.Operations() {
		walk(constraint.Input(operation))
	}
	return names
}

// filler fills values of the SDK's types with a text that is in no other.
type filler struct {
	wanted map[string]bool // members whose text is secret
	secret map[string]bool // texts
	depth  int
}

// fill fills a settable value of a member.
func (f *filler) fill(v reflect.Value, member string) {
	f.depth++
	defer func() { f.depth-- }()
	switch {
	case f.depth > 12 || !v.CanSet():
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), member)
	case v.Kind() == reflect.Struct && strings.Contains(v.Type().PkgPath(), "cognitoidentityprovider"):
		for i := range v.NumField() {
			f.fill(v.Field(i), v.Type().Field(i).Name)
		}
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		f.fill(v.Index(0), member)
	case v.Type() == reflect.TypeFor[string]():
		text := fmt.Sprintf("<%d>", len(f.secret))
		if f.wanted[member] {
			f.secret[text] = true
			v.SetString(text)
		}
	}
}

// TestSensitiveMembersAreMasked fills the inputs and outputs of all operations: what the API model calls
// sensitive is in no printed call.
func TestSensitiveMembersAreMasked(t *testing.T) {
	f := &filler{wanted: sensitiveMembers(), secret: map[string]bool{}}
	f.wanted["SecretCode"], f.wanted["IdToken"], f.wanted["ClientSecretValue"] = true, true, true // of outputs alone
	client := reflect.TypeFor[*cip.Client]()
	for _, name := range api.Names() {
		m, _ := client.MethodByName(name)
		in, out := reflect.New(m.Type.In(2).Elem()), reflect.New(m.Type.Out(0).Elem())
		f.fill(in.Elem(), "")
		f.fill(out.Elem(), "")
		c := Call{Operation: name, Input: in.Interface(), Output: out.Interface()}
		text, err := c.MarshalJSON()
		printed := string(text) + c.String()
		if err != nil || strings.Contains(printed, "<") || strings.Contains(printed, "\\u003c") {
			t.Errorf("%s: %v, %s", name, err, printed)
		}
	}
	if len(f.wanted) < 12 || len(f.secret) < 50 {
		t.Errorf("filled %d members, of the names %v", len(f.secret), f.wanted)
	}
}

// TestSecretsOfProviders are those that stand in maps whose names the service leaves open.
func TestSecretsOfProviders(t *testing.T) {
	c := Call{Operation: "CreateIdentityProvider", Input: &cip.CreateIdentityProviderInput{ProviderDetails: map[string]string{
		"client_id": "seen", "client_secret": "hidden", "private_key": "hidden",
	}}}
	if text := c.String(); strings.Contains(text, "hidden") || !strings.Contains(text, "seen") {
		t.Error(text)
	}
}
