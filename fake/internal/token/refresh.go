package token

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"strings"
)

// refreshHeader is the header of every refresh token, byte for byte as decoded
// tokens of the service have it. JOSE libraries put the members in another order,
// which is why the token is put together here.
const refreshHeader = `{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}`

// Sizes in bytes that A256GCM prescribes.
const (
	contentKeySize = 32
	nonceSize      = 12
	tagSize        = 16
)

// errRefresh is all that a refresh token which is not the pool's is answered with.
var errRefresh = errors.New("token: not a refresh token of this pool")

// SealRefresh returns a refresh token that hides payload from all but this pool:
// a JWE in compact form, another one on every call. It stays readable when the
// keys rotate.
func (k *Keys) SealRefresh(payload []byte) (string, error) {
	private, err := k.refreshKey()
	if err != nil {
		return "", err
	}
	return sealWith(&private.PublicKey, random(contentKeySize), payload)
}

// sealWith encrypts payload with the content key, and that with the public key.
func sealWith(public *rsa.PublicKey, contentKey, payload []byte) (string, error) {
	wrapped, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, public, contentKey, nil)
	if err != nil {
		return "", err
	}
	gcm, err := newGCM(contentKey)
	if err != nil {
		return "", err
	}
	nonce, protected := random(nonceSize), encodePart([]byte(refreshHeader))
	sealed := gcm.Seal(nil, nonce, payload, []byte(protected))
	text, tag := sealed[:len(payload)], sealed[len(payload):]
	return strings.Join([]string{protected, encodePart(wrapped), encodePart(nonce), encodePart(text), encodePart(tag)}, "."), nil
}

// OpenRefresh returns the payload of a token that SealRefresh made with these
// Keys. Any other token, and any other spelling of one, is the same error.
func (k *Keys) OpenRefresh(token string) ([]byte, error) {
	private, err := k.refreshKey()
	if err != nil {
		return nil, err
	}
	parts, err := decodeParts(token, 5)
	if err != nil || string(parts[0]) != refreshHeader || len(parts[2]) != nonceSize || len(parts[4]) != tagSize {
		return nil, errRefresh
	}
	contentKey, err := rsa.DecryptOAEP(sha1.New(), nil, private, parts[1], nil)
	if err != nil || len(contentKey) != contentKeySize {
		return nil, errRefresh
	}
	gcm, err := newGCM(contentKey)
	if err != nil {
		return nil, errRefresh
	}
	payload, err := gcm.Open(nil, parts[2], append(parts[3], parts[4]...), []byte(encodePart(parts[0])))
	if err != nil {
		return nil, errRefresh
	}
	return payload, nil
}

// refreshKey is the first ID key that the pool had. A refresh token names no key,
// so it is sealed to one that does not change.
func (k *Keys) refreshKey() (*rsa.PrivateKey, error) {
	keys := k.snapshot()
	if len(keys) == 0 {
		return nil, errReleased
	}
	oldest := keys[len(keys)-2:]
	return oldest[0].holder.private(), nil
}

func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func encodePart(octets []byte) string {
	return base64.RawURLEncoding.EncodeToString(octets)
}

func random(size int) []byte {
	octets := make([]byte, size)
	rand.Read(octets) // never fails
	return octets
}
