package jwks_test

import (
	"bytes"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/jwks"
)

// modulus returns an odd number of the given length, which is all that parsing looks at.
func modulus(bits uint) *big.Int {
	n := new(big.Int).Lsh(big.NewInt(1), bits-1)
	return n.SetBit(n, 0, 1)
}

func b64(n *big.Int) string {
	return base64.RawURLEncoding.EncodeToString(n.Bytes())
}

// member is a usable key's JSON with some members replaced; nil removes one.
func member(t testing.TB, edit map[string]any) string {
	t.Helper()
	key := map[string]any{"alg": "RS256", "e": "AQAB", "kid": "k", "kty": "RSA", "n": b64(modulus(2048)), "use": "sig"}
	for name, value := range edit {
		if value == nil {
			delete(key, name)
		} else {
			key[name] = value
		}
	}
	out, err := json.Marshal(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestParseKey(t *testing.T) {
	tests := []struct {
		reason string
		edit   map[string]any
		want   bool
	}{
		{"a key as user pools publish it", nil, true},
		{"use is optional", map[string]any{"use": nil}, true},
		{"alg is optional", map[string]any{"alg": nil}, true},
		{"unknown members are ignored", map[string]any{"x5t": "abc", "key_ops": []string{"verify"}}, true},
		{"1024 bits is the least that crypto/rsa verifies with", map[string]any{"n": b64(modulus(1024))}, true},
		{"8192 bits is the most", map[string]any{"n": b64(modulus(8192))}, true},
		{"3 is the least exponent", map[string]any{"e": "Aw"}, true},
		{"31 bits is the longest exponent", map[string]any{"e": "f____w"}, true},
		{"leading zeros do not make a modulus longer", map[string]any{"n": base64.RawURLEncoding.EncodeToString(append(make([]byte, 9), modulus(8192).Bytes()...))}, true},

		{"another key type", map[string]any{"kty": "EC"}, false},
		{"another key type with other members", map[string]any{"kty": "new", "n": 5, "e": []int{1}}, false},
		{"no key type", map[string]any{"kty": nil}, false},
		{"an encryption key", map[string]any{"use": "enc"}, false},
		{"another algorithm", map[string]any{"alg": "RS512"}, false},
		{"no key ID", map[string]any{"kid": nil}, false},
		{"an empty key ID", map[string]any{"kid": ""}, false},
		{"a key ID that is no string", map[string]any{"kid": 7}, false},
		{"no modulus", map[string]any{"n": nil}, false},
		{"no exponent", map[string]any{"e": nil}, false},
		{"modulus in standard base64", map[string]any{"n": "+/+/"}, false},
		{"exponent with padding", map[string]any{"e": "Aw=="}, false},
		{"1023 bits", map[string]any{"n": b64(modulus(1023))}, false},
		{"8193 bits", map[string]any{"n": b64(modulus(8193))}, false},
		{"an even modulus", map[string]any{"n": b64(new(big.Int).Lsh(big.NewInt(1), 2047))}, false},
		{"exponent 1 signs nothing", map[string]any{"e": "AQ"}, false},
		{"an even exponent", map[string]any{"e": "AQAA"}, false},
		{"an exponent of 32 bits", map[string]any{"e": "gAAAAQ"}, false},
		{"an exponent of 2000 bits", map[string]any{"e": b64(modulus(2000))}, false},
	}
	for _, tt := range tests {
		t.Run(tt.reason, func(t *testing.T) {
			set, err := jwks.Parse([]byte(`{"keys":[` + member(t, tt.edit) + `]}`))
			if err != nil {
				t.Fatalf("Parse: %v, want the key read or skipped", err)
			}
			key, got := set.Key("k")
			if got != tt.want {
				t.Errorf("key read: %t, want %t", got, tt.want)
			}
			if got != (key != nil) {
				t.Errorf("Key = %v, %t; a key and its presence must agree", key, got)
			}
		})
	}
}

func TestParseDocument(t *testing.T) {
	one, two := member(t, map[string]any{"kid": "one"}), member(t, map[string]any{"kid": "two"})
	other := member(t, map[string]any{"kid": "one", "kty": "EC"})
	tests := []struct {
		reason   string
		document string
		want     []string // key IDs
		wantErr  string
	}{
		{"no keys", `{"keys":[]}`, nil, ""},
		{"keys keep their order", `{"keys":[` + two + `,` + one + `]}`, []string{"two", "one"}, ""},
		{"members beside keys are ignored", `{"keys":[` + one + `],"issuer":"x"}`, []string{"one"}, ""},
		{"elements that are no objects are skipped", `{"keys":[null,1,"x",[],` + one + `]}`, []string{"one"}, ""},
		{"an unusable key may share an ID", `{"keys":[` + other + `,` + one + `]}`, []string{"one"}, ""},
		{"256 keys", `{"keys":[` + strings.Repeat("{},", 255) + one + `]}`, []string{"one"}, ""},

		{"nothing", ``, nil, "malformed document"},
		{"not JSON", `<html>`, nil, "malformed document"},
		{"not an object", `[` + one + `]`, nil, "malformed document"},
		{"null", `null`, nil, `no array "keys"`},
		{"no keys member", `{}`, nil, `no array "keys"`},
		{"keys is null", `{"keys":null}`, nil, `no array "keys"`},
		{"keys is an object", `{"keys":{}}`, nil, "malformed document"},
		{"something after the document", `{"keys":[]} {}`, nil, "malformed document"},
		{"two keys under one ID", `{"keys":[` + one + `,` + two + `,` + one + `]}`, nil, `two keys have the ID "one"`},
		{"257 keys", `{"keys":[` + strings.Repeat("{},", 256) + one + `]}`, nil, "more than 256"},
		{"more than a mebibyte", `{"keys":[]}` + strings.Repeat(" ", 1<<20), nil, "larger than"},
	}
	for _, tt := range tests {
		t.Run(tt.reason, func(t *testing.T) {
			set, err := jwks.Parse([]byte(tt.document))
			checkError(t, err, tt.wantErr)
			if diff := cmp.Diff(ids(set), tt.want); diff != "" {
				t.Errorf("key IDs (-got +want):\n%s", diff)
			}
		})
	}
}

func TestUnmarshalKeepsTheSetOnError(t *testing.T) {
	set := jwks.Set{Keys: []jwks.Key{{ID: "old"}}}
	if err := json.Unmarshal([]byte(`{"keys":7}`), &set); err == nil {
		t.Fatal("Unmarshal of a malformed document succeeded")
	}
	if diff := cmp.Diff(ids(&set), []string{"old"}); diff != "" {
		t.Errorf("key IDs (-got +want):\n%s", diff)
	}
}

func TestMarshal(t *testing.T) {
	n := modulus(1024)
	key := func(id string, e int) jwks.Key {
		return jwks.Key{ID: id, Public: &rsa.PublicKey{N: n, E: e}}
	}
	tests := []struct {
		reason string
		set    jwks.Set
		want   string
	}{
		{"no keys are an empty array", jwks.Set{}, `{"keys":[]}`},
		{"members are in alphabetical order", jwks.Set{Keys: []jwks.Key{key("a+b/c=", 65537), key("two", 3)}},
			fmt.Sprintf(`{"keys":[{"alg":"RS256","e":"AQAB","kid":"a+b/c=","kty":"RSA","n":%[1]q,"use":"sig"},`+
				`{"alg":"RS256","e":"Aw","kid":"two","kty":"RSA","n":%[1]q,"use":"sig"}]}`, b64(n))},
	}
	for _, tt := range tests {
		t.Run(tt.reason, func(t *testing.T) {
			for _, value := range []any{tt.set, &tt.set} {
				got, err := json.Marshal(value)
				checkError(t, err, "")
				if diff := cmp.Diff(string(got), tt.want); diff != "" {
					t.Errorf("Marshal(%T) (-got +want):\n%s", value, diff)
				}
			}
		})
	}
}

func TestMarshalWithoutPublicKey(t *testing.T) {
	for _, key := range []jwks.Key{{ID: "none"}, {ID: "none", Public: new(rsa.PublicKey)}} {
		_, err := json.Marshal(jwks.Set{Keys: []jwks.Key{key}})
		checkError(t, err, `key "none" has no public key`)
	}
}

func TestNilSetHasNoKeys(t *testing.T) {
	var set *jwks.Set
	if key, ok := set.Key("k"); ok || key != nil {
		t.Errorf("Key = %v, %t, want none", key, ok)
	}
}

// FuzzParse checks that no document panics and that what was read can be written
// and read again.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"keys":[` + member(f, nil) + `]}`))
	f.Add([]byte(`{"keys":[` + member(f, map[string]any{"kty": "EC"}) + `,null,{}]}`))
	f.Add([]byte(`{"keys":[` + member(f, nil) + `,` + member(f, nil) + `]}`))
	f.Add([]byte(`{"keys":[{"kty":"RSA","kid":"k","n":"AA","e":"AA"}]}`))
	f.Add([]byte(`{"keys":{}}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		set, err := jwks.Parse(document)
		if err != nil {
			return
		}
		written, err := json.Marshal(set)
		if err != nil {
			t.Fatalf("Marshal: %v", err)
		}
		again, err := jwks.Parse(written)
		if err != nil {
			t.Fatalf("Parse of our own document: %v", err)
		}
		if diff := cmp.Diff(again, set); diff != "" {
			t.Errorf("second reading (-got +want):\n%s", diff)
		}
		if rewritten, _ := json.Marshal(again); !bytes.Equal(rewritten, written) {
			t.Errorf("second writing is %s, want %s", rewritten, written)
		}
	})
}

func ids(set *jwks.Set) (ids []string) {
	if set == nil {
		return nil
	}
	for _, key := range set.Keys {
		ids = append(ids, key.ID)
	}
	return ids
}

// checkError compares err with a part of its text; "" wants none.
func checkError(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Fatalf("error %v, want none", err)
	case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
		t.Fatalf("error %v, want one with %q", err, want)
	}
}
