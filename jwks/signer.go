package jwks

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// Signer is an RSA key pair with a key ID, for tests of code that verifies or
// mints tokens. It does not change and is safe for concurrent use.
type Signer struct {
	id  string
	key *rsa.PrivateKey
}

// NewSigner returns a signer with a new RSA-2048 key and a random key ID in the
// form that user pools use: 32 bytes in standard base64. Making the key takes
// about 0.1 s, so tests of a package do well to share one, for example through
// sync.OnceValue(jwks.NewSigner).
func NewSigner() *Signer {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(fmt.Sprintf("jwks: internal error: generate key: %v", err))
	}
	id := make([]byte, 32)
	rand.Read(id) // never fails
	return SignerFromKey(base64.StdEncoding.EncodeToString(id), key)
}

// SignerFromKey returns a signer with the given key ID and key, both used as they are.
func SignerFromKey(id string, key *rsa.PrivateKey) *Signer {
	return &Signer{id: id, key: key}
}

// KeyID returns the ID that the signer's tokens carry in their header.
func (s *Signer) KeyID() string {
	return s.id
}

// Public returns the key that verifies the signer's tokens.
func (s *Signer) Public() *rsa.PublicKey {
	return &s.key.PublicKey
}

// Set returns a new set that holds the signer's public key alone.
func (s *Signer) Set() *Set {
	return &Set{Keys: []Key{{ID: s.id, Public: s.Public()}}}
}

// Sign returns a token in compact form, signed with RS256. Its header is
// {"kid":…,"alg":"RS256"} as in the tokens of user pools: in this order, without
// typ. The claims may be anything that encoding/json writes as an object, such as
// jwt.MapClaims, jwt.RegisteredClaims, or a struct; nothing is added to them.
func (s *Signer) Sign(claims any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("jwks: sign: %w", err)
	}
	if !bytes.HasPrefix(payload, []byte("{")) {
		return "", fmt.Errorf("jwks: sign: %T is no JSON object", claims)
	}
	header, err := json.Marshal(struct {
		ID        string `json:"kid"`
		Algorithm string `json:"alg"`
	}{s.id, algorithm})
	if err != nil {
		return "", fmt.Errorf("jwks: sign: %w", err)
	}
	return s.compact(header, payload)
}

func (s *Signer) compact(header, payload []byte) (string, error) {
	b64 := base64.RawURLEncoding
	input := b64.EncodeToString(header) + "." + b64.EncodeToString(payload)
	digest := sha256.Sum256([]byte(input))
	signature, err := rsa.SignPKCS1v15(nil, s.key, crypto.SHA256, digest[:])
	if err != nil {
		return "", fmt.Errorf("jwks: sign: %w", err)
	}
	return input + "." + b64.EncodeToString(signature), nil
}
