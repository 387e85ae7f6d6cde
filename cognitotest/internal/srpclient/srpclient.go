// Package srpclient is the client's half of the SRP-6a sign-in of Amazon Cognito user pools: what an
// app does to prove a password without sending it. The 3072-bit group of RFC 5054, SHA-256.
package srpclient

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"
)

var (
	prime, _ = new(big.Int).SetString(strings.Join(strings.Fields(`
		FFFFFFFF FFFFFFFF C90FDAA2 2168C234 C4C6628B 80DC1CD1 29024E08 8A67CC74 020BBEA6 3B139B22 514A0879
		8E3404DD EF9519B3 CD3A431B 302B0A6D F25F1437 4FE1356D 6D51C245 E485B576 625E7EC6 F44C42E9 A637ED6B
		0BFF5CB6 F406B7ED EE386BFB 5A899FA5 AE9F2411 7C4B1FE6 49286651 ECE45B3D C2007CB8 A163BF05 98DA4836
		1C55D39A 69163FA8 FD24CF5F 83655D23 DCA3AD96 1C62F356 208552BB 9ED52907 7096966D 670C354E 4ABC9804
		F1746C08 CA18217C 32905E46 2E36CE3B E39E772C 180E8603 9B2783A2 EC07A28F B5C55DF0 6F4C52C9 DE2BCBF6
		95581718 3995497C EA956AE5 15D22618 98FA0510 15728E5A 8AAAC42D AD33170D 04507A33 A85521AB DF1CBA64
		ECFB8504 58DBEF0A 8AEA7157 5D060C7D B3970F85 A6E1E4C7 ABF5AE8C DB0933D7 1E8C94E0 4A25619D CEE3D226
		1AD2EE6B F12FFA06 D98A0864 D8760273 3EC86A64 521F2B18 177B200C BBE11757 7A615D6C 770988C0 BAD946E2
		08E24FA0 74E5AB31 43DB5BFC E0FD108E 4B82D120 A93AD2CA FFFFFFFF FFFFFFFF`), ""), 16)
	generator  = big.NewInt(2)
	multiplier = hash(pad(prime), pad(generator)) // k
)

// Prime returns the prime of the group.
func Prime() *big.Int { return new(big.Int).Set(prime) }

// Client is one sign-in by SRP.
type Client struct {
	realm string // the pool's id without the region, or a DeviceGroupKey
	a, A  *big.Int
}

// New begins a sign-in to a pool.
func New(poolID string) *Client {
	_, realm, _ := strings.Cut(poolID, "_")
	return with(realm, privateNumber())
}

// NewDevice begins a sign-in of a device, which has its DeviceGroupKey for a realm.
func NewDevice(groupKey string) *Client { return with(groupKey, privateNumber()) }

// privateNumber returns 256 bits, as many as RFC 5054 asks for.
func privateNumber() *big.Int {
	var b [32]byte
	rand.Read(b[:]) // never fails: see crypto/rand
	return new(big.Int).SetBytes(b[:])
}

func with(realm string, a *big.Int) *Client {
	return &Client{realm: realm, a: a, A: new(big.Int).Exp(generator, a, prime)}
}

// Public returns SRP_A: the client's public number in hexadecimal.
func (c *Client) Public() string { return c.A.Text(16) }

// Answer returns the ChallengeResponses to PASSWORD_VERIFIER, without SECRET_HASH and DEVICE_KEY.
func (c *Client) Answer(challenge map[string]string, password string, now time.Time) (map[string]string, error) {
	return c.AnswerAt(challenge, password, timestamp(now))
}

// AnswerAt is Answer with a TIMESTAMP as the caller writes it.
func (c *Client) AnswerAt(challenge map[string]string, password, timestamp string) (map[string]string, error) {
	user := challenge["USER_ID_FOR_SRP"]
	responses, err := c.prove(challenge, user, password, timestamp)
	if err != nil {
		return nil, err
	}
	responses["USERNAME"] = user
	return responses, nil
}

// AnswerDevice returns the ChallengeResponses to DEVICE_PASSWORD_VERIFIER, without SECRET_HASH.
func (c *Client) AnswerDevice(challenge map[string]string, password string, now time.Time) (map[string]string, error) {
	key := challenge["DEVICE_KEY"]
	responses, err := c.prove(challenge, key, password, timestamp(now))
	if err != nil {
		return nil, err
	}
	responses["USERNAME"], responses["DEVICE_KEY"] = challenge["USERNAME"], key
	return responses, nil
}

// prove returns what the proof of a user's, or a device's, password consists of.
func (c *Client) prove(challenge map[string]string, user, password, timestamp string) (map[string]string, error) {
	block, err := base64.StdEncoding.DecodeString(challenge["SECRET_BLOCK"])
	if err != nil {
		return nil, fmt.Errorf("SECRET_BLOCK: %w", err)
	}
	key, err := c.key(challenge, user, password)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(c.realm + user))
	mac.Write(block)
	mac.Write([]byte(timestamp))
	return map[string]string{
		"PASSWORD_CLAIM_SECRET_BLOCK": challenge["SECRET_BLOCK"],
		"PASSWORD_CLAIM_SIGNATURE":    base64.StdEncoding.EncodeToString(mac.Sum(nil)),
		"TIMESTAMP":                   timestamp,
	}, nil
}

// timestamp writes a moment as the service wants it: in English and UTC, the day without a zero before.
func timestamp(now time.Time) string { return now.UTC().Format("Mon Jan 2 15:04:05 UTC 2006") }

// DeviceVerifier returns the Salt and PasswordVerifier with which ConfirmDevice registers a device.
func DeviceVerifier(groupKey, deviceKey, password string) (salt, verifier string) {
	var b [16]byte
	rand.Read(b[:]) // never fails: see crypto/rand
	return deviceVerifier(groupKey, deviceKey, password, new(big.Int).SetBytes(b[:]))
}

func deviceVerifier(groupKey, deviceKey, password string, salt *big.Int) (string, string) {
	v := new(big.Int).Exp(generator, secret(salt, groupKey, deviceKey, password), prime)
	return base64.StdEncoding.EncodeToString(pad(salt)), base64.StdEncoding.EncodeToString(pad(v))
}

// secret returns x, which stands for a password.
func secret(salt *big.Int, realm, user, password string) *big.Int {
	inner := sha256.Sum256([]byte(realm + user + ":" + password))
	return hash(pad(salt), inner[:])
}

// key computes the key that client and server share.
func (c *Client) key(challenge map[string]string, user, password string) ([]byte, error) {
	B, okB := new(big.Int).SetString(challenge["SRP_B"], 16)
	salt, okSalt := new(big.Int).SetString(challenge["SALT"], 16)
	if !okB || !okSalt || new(big.Int).Mod(B, prime).Sign() == 0 {
		return nil, errors.New("SRP_B or SALT is no number that can be used")
	}
	u := hash(pad(c.A), pad(B))
	x := secret(salt, c.realm, user, password)
	base := new(big.Int).Exp(generator, x, prime)
	base.Mod(base.Sub(B, base.Mul(base, multiplier)), prime)
	S := base.Exp(base, new(big.Int).Add(c.a, new(big.Int).Mul(u, x)), prime)
	return hkdf.Key(sha256.New, pad(S), pad(u), "Caldera Derived Key", 16)
}

// pad returns the bytes of a number with a zero byte in front where the first bit would be set.
func pad(n *big.Int) []byte {
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
