package token

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/cognitotest/cognito/jwks"
)

// maxToken is the longest token, in bytes, that the pool looks at.
const maxToken = 64 << 10

const algorithm = "RS256"

// Reasons for which a token is not one of the pool's. They are for logs; the
// service itself does not tell them apart.
var (
	errMalformed = errors.New("token: malformed")
	errAlgorithm = errors.New("token: not signed with RS256")
	errKeyID     = errors.New("token: signed with a key that this pool does not have")
	errSignature = errors.New("token: wrong signature")
)

// SignID returns an ID token with these claims, which may be anything that
// encoding/json writes as an object; nothing is added to them.
func (k *Keys) SignID(claims any) (string, error) {
	return k.sign(UseID, claims)
}

// SignAccess is [Keys.SignID] for access tokens, signed with the pool's other key.
func (k *Keys) SignAccess(claims any) (string, error) {
	return k.sign(UseAccess, claims)
}

// SignPair signs both tokens at the same time, which takes little longer than one
// where there is a second processor.
func (k *Keys) SignPair(id, access any) (idToken, accessToken string, err error) {
	var wg sync.WaitGroup
	var errID, errAccess error
	wg.Go(func() { idToken, errID = k.SignID(id) })
	accessToken, errAccess = k.SignAccess(access)
	wg.Wait()
	if err := errors.Join(errID, errAccess); err != nil {
		return "", "", err
	}
	return idToken, accessToken, nil
}

// Private returns the newest key of that use with its ID, for tokens that are
// signed elsewhere. It waits for a key that is still being made.
func (k *Keys) Private(use Use) (keyID string, key *rsa.PrivateKey, err error) {
	newest, err := k.find(func(key poolKey) bool { return key.use == use }, errReleased)
	if err != nil {
		return "", nil, err
	}
	return newest.id, newest.holder.private(), nil
}

// PrivateOf returns the key of an ID, also one that is retired or withdrawn.
func (k *Keys) PrivateOf(keyID string) (*rsa.PrivateKey, error) {
	key, err := k.find(func(key poolKey) bool { return key.id == keyID }, errKeyID)
	if err != nil {
		return nil, err
	}
	return key.holder.private(), nil
}

// VerifyAccess returns the claims of a token that a key of this pool signed, one
// that Rotate retired included, and what that key is for: UseID means that an ID
// token came in place of an access token. It looks at the signature alone, not at the claims.
// The form is taken strictly: the one spelling of the token that was handed out passes.
func (k *Keys) VerifyAccess(token string) (claims json.RawMessage, use Use, err error) {
	parts, err := decodeParts(token, 3)
	if err != nil {
		return nil, "", err
	}
	header, claims, signature := parts[0], parts[1], parts[2]
	key, err := k.signedBy(header)
	if err != nil {
		return nil, "", err
	}
	digest := sha256.Sum256([]byte(token[:strings.LastIndexByte(token, '.')]))
	public := &key.holder.private().PublicKey
	if rsa.VerifyPKCS1v15(public, crypto.SHA256, digest[:], signature) != nil {
		return nil, "", errSignature
	}
	return claims, key.use, nil
}

// JWKS returns the pool's public keys but those that are withdrawn, newest first and the ID key before the
// access key. It waits for keys that are still being made.
func (k *Keys) JWKS() *jwks.Set {
	set := new(jwks.Set)
	for _, key := range k.snapshot() {
		if !key.withdrawn {
			set.Keys = append(set.Keys, jwks.Key{ID: key.id, Public: &key.holder.private().PublicKey})
		}
	}
	return set
}

func (k *Keys) sign(use Use, claims any) (string, error) {
	keyID, key, err := k.Private(use)
	if err != nil {
		return "", err
	}
	return jwks.SignerFromKey(keyID, key).Sign(claims)
}

// signedBy returns the key that a JWS header names.
func (k *Keys) signedBy(header []byte) (poolKey, error) {
	var h struct {
		KeyID     string `json:"kid"`
		Algorithm string `json:"alg"`
	}
	if err := json.Unmarshal(header, &h); err != nil {
		return poolKey{}, fmt.Errorf("%w: %w", errMalformed, err)
	}
	if h.Algorithm != algorithm {
		return poolKey{}, errAlgorithm
	}
	return k.find(func(key poolKey) bool { return key.id == h.KeyID }, errKeyID)
}

// find returns the newest key that fits, and the given error when there is none.
func (k *Keys) find(fits func(poolKey) bool, missing error) (poolKey, error) {
	keys := k.snapshot()
	i := slices.IndexFunc(keys, fits)
	if i < 0 {
		return poolKey{}, missing
	}
	return keys[i], nil
}

// decodeParts takes a compact token apart. It refuses every spelling but the one
// that encoding gives: no padding, no stray bits, and no line breaks, which
// package base64 would overlook.
func decodeParts(token string, want int) ([][]byte, error) {
	if len(token) > maxToken || strings.ContainsAny(token, "\r\n") || strings.Count(token, ".") != want-1 {
		return nil, errMalformed
	}
	parts := make([][]byte, 0, want)
	for part := range strings.SplitSeq(token, ".") {
		octets, err := base64.RawURLEncoding.Strict().DecodeString(part)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errMalformed, err)
		}
		parts = append(parts, octets)
	}
	return parts, nil
}
