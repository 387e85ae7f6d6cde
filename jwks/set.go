package jwks

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
)

// Limits on what Parse reads from a document that others wrote.
const (
	maxDocument = 1 << 20 // bytes
	maxKeys     = 256
	minModulus  = 1024 // bits, the least that crypto/rsa verifies with
	maxModulus  = 8192 // bits
	maxExponent = math.MaxInt32
)

const (
	typeRSA      = "RSA"
	useSignature = "sig"
	algorithm    = "RS256"
)

// ErrUnknownKey is reported, wrapped, when a set was read successfully and holds
// no key of the ID that was asked for.
var ErrUnknownKey = errors.New("jwks: unknown key ID")

// Key is a public key for RS256 signatures and the ID ("kid") that tokens name it by.
type Key struct {
	ID     string
	Public *rsa.PublicKey
}

// Set is a JWK set (RFC 7517): the keys that an issuer publishes, in the
// document's order, each under an ID of its own.
type Set struct {
	Keys []Key
}

// Parse reads a JWK set of at most 1 MiB and 256 keys. Keys that cannot verify
// RS256 signatures are skipped: another kty, use or alg, no kid, a member that is
// missing or malformed, a modulus outside 1024 to 8192 bits, an even modulus or
// exponent, an exponent below 3 or above 31 bits. It is an error if the document
// is not a JSON object with an array "keys", or if two usable keys have one kid.
func Parse(document []byte) (*Set, error) {
	set := new(Set)
	if err := set.UnmarshalJSON(document); err != nil {
		return nil, err
	}
	return set, nil
}

// UnmarshalJSON replaces the set by the document's, with the rules of [Parse].
// The set is left as it was when that fails.
func (s *Set) UnmarshalJSON(document []byte) error {
	raw, err := split(document)
	if err != nil {
		return err
	}
	var read Set
	for _, one := range raw {
		key, ok := parseKey(one)
		if !ok {
			continue
		}
		if _, taken := read.Key(key.ID); taken {
			return fmt.Errorf("jwks: two keys have the ID %.64q", key.ID)
		}
		read.Keys = append(read.Keys, key)
	}
	*s = read
	return nil
}

// MarshalJSON writes the set as user pools publish it: members in alphabetical
// order, every key with alg RS256, kty RSA and use sig. An empty set is {"keys":[]}.
func (s Set) MarshalJSON() ([]byte, error) {
	document := struct {
		Keys []jwk `json:"keys"`
	}{make([]jwk, len(s.Keys))}
	for i, key := range s.Keys {
		if key.Public == nil || key.Public.N == nil {
			return nil, fmt.Errorf("jwks: key %.64q has no public key", key.ID)
		}
		document.Keys[i] = newJWK(key)
	}
	return json.Marshal(document)
}

// Key returns the key with the given ID; its second result says whether the set
// has one. A nil set has no keys.
func (s *Set) Key(id string) (*rsa.PublicKey, bool) {
	if s == nil {
		return nil, false
	}
	for _, key := range s.Keys {
		if key.ID == id {
			return key.Public, true
		}
	}
	return nil, false
}

// jwk is one key on the wire; the order of its members is the order of writing.
type jwk struct {
	Algorithm string `json:"alg"`
	Exponent  string `json:"e"`
	ID        string `json:"kid"`
	Type      string `json:"kty"`
	Modulus   string `json:"n"`
	Use       string `json:"use"`
}

func newJWK(key Key) jwk {
	return jwk{
		Algorithm: algorithm,
		Exponent:  encode(big.NewInt(int64(key.Public.E))),
		ID:        key.ID,
		Type:      typeRSA,
		Modulus:   encode(key.Public.N),
		Use:       useSignature,
	}
}

// split checks the frame of a document and returns its keys unread.
func split(document []byte) ([]json.RawMessage, error) {
	if len(document) > maxDocument {
		return nil, fmt.Errorf("jwks: document is larger than %d bytes", maxDocument)
	}
	var frame struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(document, &frame); err != nil {
		return nil, fmt.Errorf("jwks: malformed document: %w", err)
	}
	if frame.Keys == nil {
		return nil, errors.New(`jwks: malformed document: no array "keys"`)
	}
	if len(frame.Keys) > maxKeys {
		return nil, fmt.Errorf("jwks: document has %d keys, more than %d", len(frame.Keys), maxKeys)
	}
	return frame.Keys, nil
}

// parseKey reads one key; ok is false when the key is not for us.
func parseKey(raw json.RawMessage) (key Key, ok bool) {
	var k jwk
	if json.Unmarshal(raw, &k) != nil || !k.signsRS256() {
		return Key{}, false
	}
	n, errN := decode(k.Modulus)
	e, errE := decode(k.Exponent)
	if errN != nil || errE != nil || !inRange(n, e) {
		return Key{}, false
	}
	return Key{ID: k.ID, Public: &rsa.PublicKey{N: n, E: int(e.Int64())}}, true
}

// signsRS256 reads the members that say what a key is for; use and alg may be absent.
func (k jwk) signsRS256() bool {
	return k.Type == typeRSA && k.ID != "" &&
		(k.Use == "" || k.Use == useSignature) &&
		(k.Algorithm == "" || k.Algorithm == algorithm)
}

// inRange keeps out keys that crypto/rsa refuses and those too expensive to use.
func inRange(n, e *big.Int) bool {
	return n.BitLen() >= minModulus && n.BitLen() <= maxModulus && n.Bit(0) == 1 &&
		e.Cmp(big.NewInt(3)) >= 0 && e.Cmp(big.NewInt(maxExponent)) <= 0 && e.Bit(0) == 1
}

func encode(n *big.Int) string {
	return base64.RawURLEncoding.EncodeToString(n.Bytes())
}

func decode(s string) (*big.Int, error) {
	octets, err := base64.RawURLEncoding.DecodeString(s)
	return new(big.Int).SetBytes(octets), err
}
