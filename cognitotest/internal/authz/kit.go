package authz

import (
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/cognitotest/cognito/fake"
)

// Try is one token of a case.
type Try struct {
	What  string // is special in it
	Token string
}

// kit makes the tokens of a case from a good one. The first failure stays; further calls do nothing.
type kit struct {
	*World
	use   string
	good  string // a token of the use
	tries []Try
	err   error
}

// tries returns the tokens of a case, of all uses that are wanted.
func (w *World) tries(c Case) ([]Try, error) {
	if c.ages {
		return w.makeTries(c)
	}
	once, _ := w.made.LoadOrStore(c.Name, sync.OnceValues(func() ([]Try, error) { return w.makeTries(c) }))
	return once.(func() ([]Try, error))()
}

func (w *World) makeTries(c Case) ([]Try, error) {
	var all []Try
	for _, use := range w.Uses {
		if c.use != "" && c.use != use {
			continue
		}
		k := &kit{World: w, use: use, good: w.Genuine[use]}
		c.make(k)
		if k.err != nil {
			return nil, fmt.Errorf("making tokens: %w", k.err)
		}
		for _, try := range k.tries {
			if len(w.Uses) > 1 {
				try.What += " (" + nameOf(use) + ")"
			}
			all = append(all, try)
		}
	}
	return all, nil
}

func nameOf(use string) string {
	if use == ID {
		return "ID token"
	}
	return "access token"
}

// raw adds a token as it is.
func (k *kit) raw(what, token string) { k.tries = append(k.tries, Try{what, token}) }

// forge adds a token that the pool's key signs.
func (k *kit) forge(what string, edit func(*fake.Forgery)) {
	if k.err != nil {
		return
	}
	token, err := k.Server.Forge(k.good, edit)
	if err != nil {
		k.err = err
		return
	}
	k.raw(what, token)
}

// attack adds a token that an attacker's key signs, as long as the edit leaves it so.
func (k *kit) attack(what string, edit func(*fake.Forgery)) {
	key := k.key(k.Other.Tokens[k.use])
	k.forge(what, func(f *fake.Forgery) {
		f.Key = key.private
		edit(f)
	})
}

// signer is a key with its id.
type signer struct {
	id      string
	private *rsa.PrivateKey
}

// key returns the key that signed a token.
func (k *kit) key(token string) (s signer) {
	_, err := k.Server.Forge(token, func(f *fake.Forgery) {
		s.id, _ = f.Header["kid"].(string)
		s.private, _ = f.Key.(*rsa.PrivateKey)
		f.Method = constant(nil) // which costs nothing
	})
	if err != nil && k.err == nil {
		k.err = err
	}
	return s
}

// claim adds a token for each value of a claim.
func (k *kit) claim(name string, values ...any) {
	for _, v := range values {
		k.forge("claim "+name+" is "+shown(v), func(f *fake.Forgery) { f.Claims[name] = v })
	}
}

// claims adds a token with other values of some claims.
func (k *kit) claims(what string, values map[string]any) {
	k.forge(what, func(f *fake.Forgery) { maps.Copy(f.Claims, values) })
}

// without adds a token that lacks some claims.
func (k *kit) without(names ...string) {
	k.forge("claim "+strings.Join(names, ", ")+" is missing", func(f *fake.Forgery) {
		maps.DeleteFunc(f.Claims, func(name string, _ any) bool { return slices.Contains(names, name) })
	})
}

// header adds a token for each value of a header parameter that the pool's key signs.
func (k *kit) header(name string, values ...any) {
	for _, v := range values {
		k.forge("header "+name+" is "+shown(v), func(f *fake.Forgery) { f.Header[name] = v })
	}
}

// payload adds a token for each payload, as it stands.
func (k *kit) payload(texts ...string) {
	for _, text := range texts {
		k.forge("payload is "+cut(strconv.Quote(text)), func(f *fake.Forgery) { f.RawClaims = []byte(text) })
	}
}

// member is a member of a JSON object.
func member(name string, value any) string { return shown(name) + ":" + encoded(value) }

func encoded(v any) string {
	text, _ := json.Marshal(v) // all values of cases can be encoded
	return string(text)
}

// shown returns a value for a message.
func shown(v any) string { return cut(encoded(v)) }

func cut(text string) string {
	if len(text) > 80 {
		return text[:60] + fmt.Sprintf("... (%d bytes)", len(text))
	}
	return text
}
