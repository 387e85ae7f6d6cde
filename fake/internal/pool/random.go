package pool

import (
	crand "crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"sync"
)

// Random makes everything random that shows: ids, codes, passwords, secrets. A seed makes it
// repeat itself. Keys never come from here. It is safe for concurrent use.
type Random struct {
	seed uint64

	mu  sync.Mutex // guards src
	src *rand.ChaCha8
}

// NewRandom returns a source that a seed other than 0 fixes; seed 0 means a new sequence each time.
func NewRandom(seed uint64) *Random {
	var key [32]byte
	if seed == 0 {
		crand.Read(key[:]) // never fails: see crypto/rand
	} else {
		binary.LittleEndian.PutUint64(key[:], seed)
	}
	return &Random{seed: seed, src: rand.NewChaCha8(key)}
}

// position is how far a sequence has come.
type position struct {
	seed uint64
	src  rand.ChaCha8
}

func (r *Random) position() position {
	r.mu.Lock()
	defer r.mu.Unlock()
	return position{r.seed, *r.src}
}

// goBack goes on from a position in the sequence of the same seed. One without a seed never repeats itself.
func (r *Random) goBack(to position) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seed != 0 && r.seed == to.seed {
		*r.src = to.src
	}
}

// Read fills b.
func (r *Random) Read(b []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.src.Read(b)
}

const (
	digits       = "0123456789"
	lower        = "abcdefghijklmnopqrstuvwxyz"
	upper        = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	alphanumeric = digits + upper + lower
)

// text returns n characters of an alphabet of at most 256. The bias of the remainder is far below
// what a test could see.
func (r *Random) text(n int, alphabet string) string {
	b := make([]byte, 2*n)
	r.Read(b)
	for i := range n {
		b[i] = alphabet[int(binary.LittleEndian.Uint16(b[2*i:]))%len(alphabet)]
	}
	return string(b[:n])
}

// Digits returns a code of n decimal digits.
func (r *Random) Digits(n int) string { return r.text(n, digits) }

// PoolID returns an id such as us-east-1_W6ST8sYH6: the region and nine letters and digits.
func (r *Random) PoolID(region string) string { return region + "_" + r.text(9, alphanumeric) }

// DeviceKey returns an id such as us-west-2_a1b2c3d4-5678-90ab-cdef-0123456789ab: the region and a
// UUID.
func (r *Random) DeviceKey(region string) string { return region + "_" + r.UUID() }

// ClientID returns 26 lower-case letters and digits, as in 38fjsnc484p94kpqsnet7mpld0.
func (r *Random) ClientID() string { return r.text(26, digits+lower) }

// ClientSecret returns 51 lower-case letters and digits. The length is inferred: the service's
// pattern allows 24 to 64.
func (r *Random) ClientSecret() string { return r.text(51, digits+lower) }

// Distribution returns a name of Amazon CloudFront, as d111111abcdef8.cloudfront.net.
func (r *Random) Distribution() string { return "d" + r.text(13, digits+lower) + ".cloudfront.net" }

// TOTPSecret returns 256 bits in base32, without padding: 52 characters. The length is inferred.
func (r *Random) TOTPSecret() string {
	var b [32]byte
	r.Read(b[:])
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:])
}

// Challenge returns 256 bits in base64url, without padding, for an authenticator to sign. The length
// is inferred.
func (r *Random) Challenge() string {
	var b [32]byte
	r.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// UUID returns a random UUID of version 4.
func (r *Random) UUID() string {
	var b [16]byte
	r.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return uuid(b)
}

// Sub returns a user's sub as pools of today make it: UUID-shaped, the second group ending in 1,
// the third beginning with 70, as in 26e2d294-80b1-709e-51e1-27beb70d3cee.
func (r *Random) Sub() string {
	var b [16]byte
	r.Read(b[:])
	b[5], b[6] = b[5]&0xf0|0x01, 0x70
	return uuid(b)
}

func uuid(b [16]byte) string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
