// Package srp is the server's half of the SRP-6a arithmetic of Amazon Cognito user pools.
//
// The group is the 3072-bit one of RFC 5054 with g = 2, the hash SHA-256. Numbers enter hashes in
// the form that [Pad] gives them. The same arithmetic serves passwords and devices: a device has
// its group key in place of the pool's name and its device key in place of the username.
package srp

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"math/big"
	"strings"
)

var (
	prime, _ = new(big.Int).SetString(strings.Join(strings.Fields(`
		FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD
		EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED
		EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F
		83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B
		E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510
		15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7
		ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C
		BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF`), ""), 16)
	generator  = big.NewInt(2)
	multiplier = hash(Pad(prime), Pad(generator)) // k
)

// Pad returns the bytes of a number that is not negative, big-endian, with a zero byte in front
// where the first bit would be set.
func Pad(n *big.Int) []byte {
	b := n.Bytes()
	if len(b) == 0 || b[0]&0x80 != 0 {
		b = append([]byte{0}, b...)
	}
	return b
}

func hash(parts ...[]byte) *big.Int {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
	}
	return new(big.Int).SetBytes(h.Sum(nil))
}

// Verifier returns g^x for a secret: the number that proves a password without being one. realm is
// the part of a pool's id after the underscore, user the stored username.
func Verifier(salt *big.Int, realm, user, password string) *big.Int {
	inner := sha256.Sum256([]byte(realm + user + ":" + password))
	x := hash(Pad(salt), inner[:])
	return new(big.Int).Exp(generator, x, prime)
}

// ErrPublic refuses a client's public number that would make the shared key guessable.
var ErrPublic = errors.New("srp: the client's public number is a multiple of the prime")

// CheckPublic refuses a client's number A that is zero modulo the prime.
func CheckPublic(A *big.Int) error {
	if new(big.Int).Mod(A, prime).Sign() == 0 {
		return ErrPublic
	}
	return nil
}

// Exchange is what the server must remember, secretly, until the client's proof comes.
type Exchange struct {
	Scramble []byte // u, of both public numbers
	Base     []byte // A·v^u, whose power is the shared secret
	Private  []byte // b
}

// Answer returns B, the server's answer to the client's public number A, for a verifier and the
// server's private number b.
func Answer(A, verifier, b *big.Int) (B *big.Int, x Exchange, err error) {
	B = new(big.Int).Mul(multiplier, verifier)
	B.Add(B, new(big.Int).Exp(generator, b, prime))
	B.Mod(B, prime)
	u := hash(Pad(A), Pad(B))
	if CheckPublic(A) != nil || u.Sign() == 0 {
		return nil, Exchange{}, ErrPublic
	}
	base := new(big.Int).Exp(verifier, u, prime)
	base.Mod(base.Mul(base, A), prime)
	return B, Exchange{Scramble: u.Bytes(), Base: base.Bytes(), Private: b.Bytes()}, nil
}

// Key returns the 16 bytes that both sides share.
func (x Exchange) Key() ([]byte, error) {
	number := func(b []byte) *big.Int { return new(big.Int).SetBytes(b) }
	S := new(big.Int).Exp(number(x.Base), number(x.Private), prime)
	return hkdf.Key(sha256.New, Pad(S), Pad(number(x.Scramble)), "Caldera Derived Key", 16)
}

// Signature returns the proof that a client sends: an HMAC of realm, user, the secret block and the
// timestamp as the client wrote it.
func Signature(key []byte, realm, user string, block []byte, timestamp string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(realm + user))
	mac.Write(block)
	mac.Write([]byte(timestamp))
	return mac.Sum(nil)
}
