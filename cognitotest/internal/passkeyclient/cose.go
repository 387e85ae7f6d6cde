package passkeyclient

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math/big"
	"slices"

	"github.com/fxamacker/cbor/v2"
)

// COSE algorithms.
const (
	ES256 = -7
	RS256 = -257
)

// Flags of authenticator data.
const (
	userPresent  = 1 << 0
	userVerified = 1 << 2
	attestedData = 1 << 6
)

// key signs for one passkey. Its public half is a COSE key.
type key struct {
	signer    crypto.Signer
	algorithm int
	public    []byte
}

// newKey makes a key of an algorithm.
func newKey(algorithm int) (key, error) {
	switch algorithm {
	case 0:
		return key{}, errors.New("the relying party takes neither ES256 nor RS256")
	case RS256:
		return newRSA()
	}
	return newECDSA(algorithm)
}

func newECDSA(algorithm int) (key, error) {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return key{}, err
	}
	point, err := k.PublicKey.Bytes() // 4, x, y
	if err != nil {
		return key{}, err
	}
	public, err := encode(map[int]any{1: 2, 3: algorithm, -1: 1, -2: point[1:33], -3: point[33:]})
	return key{k, algorithm, public}, err
}

func newRSA() (key, error) {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return key{}, err
	}
	public, err := encode(map[int]any{1: 3, 3: RS256, -1: k.N.Bytes(), -2: big.NewInt(int64(k.E)).Bytes()})
	return key{k, RS256, public}, err
}

// sign signs the SHA-256 of a message: in ASN.1 for ES256, by PKCS #1 v1.5 for RS256.
func (k key) sign(message []byte) ([]byte, error) {
	hash := sha256.Sum256(message)
	return k.signer.Sign(rand.Reader, hash[:], crypto.SHA256)
}

// attested is the attested credential data of a new passkey: no model, the id, the public key.
func (k key) attested(id []byte) []byte {
	b := binary.BigEndian.AppendUint16(make([]byte, 16), uint16(len(id)))
	return slices.Concat(b, id, k.public)
}

// data is authenticator data; attested is empty but for a new passkey.
func (a *Authenticator) data(k *passkey, attested []byte) []byte {
	relyingParty, flags := k.relyingParty, byte(userPresent|userVerified)
	if a.RelyingParty != "" {
		relyingParty = a.RelyingParty
	}
	if a.Unverified {
		flags &^= userVerified
	}
	if attested != nil {
		flags |= attestedData
	}
	if !a.Stuck || k.count == 0 {
		k.count++
	}
	hash := sha256.Sum256([]byte(relyingParty))
	b := binary.BigEndian.AppendUint32(append(hash[:], flags), k.count)
	return append(b, attested...)
}

// attestationObject wraps authenticator data without a statement of who made the key.
func attestationObject(data []byte) ([]byte, error) {
	return encode(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})
}

// encode writes CBOR in the canonical form of authenticators.
func encode(v any) ([]byte, error) {
	mode, err := cbor.CTAP2EncOptions().EncMode()
	if err != nil {
		return nil, err
	}
	return mode.Marshal(v)
}
