package pool

import (
	"crypto/hmac"
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// What a client that hides who exists is told of somebody unknown must not change from one call to
// the next, nor give away that it is made up.

// PretendSignUp returns the address or number to which a code for somebody of this name would go if
// he had signed up: always the same for the same name.
func (p *Pool) PretendSignUp(name string) Attribute { return p.pretend(name, p.autoVerified()) }

// PretendRecovery is [Pool.PretendSignUp] for the code that a forgotten password takes.
func (p *Pool) PretendRecovery(name string) Attribute {
	order := p.recoveryOrder()
	verified := p.autoVerified()
	likely := slices.DeleteFunc(slices.Clone(order), func(a string) bool { return !slices.Contains(verified, a) })
	return p.pretend(name, slices.Concat(likely, order))
}

// PretendUser makes up a user of a name that nobody has, always the same for the same name. The user
// is in no pool, has no sub, and a password that nobody knows.
func (p *Pool) PretendUser(name string) *User {
	u := &User{Username: p.fold(name), Password: p.unknownPassword(name), Status: types.UserStatusTypeConfirmed}
	for _, attribute := range [...]string{"email", "phone_number"} {
		if made := p.pretend(name, []string{attribute}); made.Name == attribute {
			u.SetAttribute(attribute, made.Value)
		}
	}
	return u
}

// pretend takes a name that is an address or number for itself. For any other name it makes up the
// first of the attributes, of which only what the mask shows matters.
func (p *Pool) pretend(name string, attributes []string) Attribute {
	switch {
	case IsEmail(name):
		return Attribute{"email", name}
	case IsPhoneNumber(name):
		return Attribute{"phone_number", name}
	}
	seed := p.disguise(name)
	if len(attributes) > 0 && attributes[0] == "phone_number" {
		return Attribute{"phone_number", "+" + spell(seed[:11], digits)}
	}
	return Attribute{"email", spell(seed[:8], lower) + "@" + spell(seed[8:16], lower) + ".com"}
}

// disguise returns 32 bytes that depend on the pool and on a name, which is folded where the pool
// folds names.
func (p *Pool) disguise(name string) []byte {
	mac := hmac.New(sha256.New, []byte(p.ID))
	mac.Write([]byte(p.fold(name)))
	return mac.Sum(nil)
}

// fold writes a name as the pool compares it.
func (p *Pool) fold(name string) string {
	if p.caseSensitive() {
		return name
	}
	return strings.ToLower(name)
}

// spell writes each byte as a character of an alphabet.
func spell(bytes []byte, alphabet string) string {
	text := make([]byte, len(bytes))
	for i, b := range bytes {
		text[i] = alphabet[int(b)%len(alphabet)]
	}
	return string(text)
}
