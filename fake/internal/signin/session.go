package signin

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// state is what a Session string carries: who is signing in, where, and what is asked of them.
type state struct {
	ID        string
	Pool      string
	Client    string
	Sub       string // of nobody, where a client hides that the user is unknown
	Nobody    string `json:",omitempty"` // the id that is made up for a name that nobody has
	Challenge types.ChallengeNameType
	Expires   time.Time
	SRP       *exchange      `json:",omitempty"` // of the two …_VERIFIER, whose state is their SECRET_BLOCK
	First     bool           `json:",omitempty"` // of a choice-based sign-in, until a factor has been passed
	Custom    bool           `json:",omitempty"` // of a custom authentication: see [pool.Custom]
	Code      string         `json:",omitempty"` // what was sent; never "" where a code can be right
	To        []byte         `json:",omitempty"` // a digest of where it went
	Verified  bool           `json:",omitempty"` // of MFA_SETUP: an authenticator was registered
	Trail     trail          `json:",omitzero"`
	Passkey   *pool.Ceremony `json:",omitempty"` // of WEB_AUTHN
	Login     *Login         `json:",omitempty"` // that waits for something else: see [Engine.Keep]
}

// hasSession reports whether PASSWORD_VERIFIER has a Session beside its SECRET_BLOCK: everywhere but in
// USER_SRP_AUTH.
func (st state) hasSession() bool { return st.First || st.Custom }

// Sessions begin with sessionPrefix and have about the length of the service's: 900 to 1600
// characters.
const (
	sessionPrefix = "AYABe"
	sessionBytes  = 700 // of padded plain text
)

// Sealer makes Session strings and opens them: authenticated encryption under a key of its own, so
// that a client can neither read nor forge one.
type Sealer struct{ aead cipher.AEAD }

// NewSealer returns a Sealer with a new key: no other opens its sessions.
func NewSealer() *Sealer {
	var key [32]byte
	rand.Read(key[:]) // never fails: see crypto/rand
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(pool.Broken("session cipher: %v", err))
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(pool.Broken("session cipher: %v", err))
	}
	return &Sealer{aead}
}

// seal encodes a state as a Session string.
func (s *Sealer) seal(st state) (string, error) {
	sealed, err := s.encrypt(st)
	return sessionPrefix + base64.RawURLEncoding.EncodeToString(sealed), err
}

// open decodes a Session string; what this server did not make is refused.
func (s *Sealer) open(session string) (state, error) {
	text, ok := strings.CutPrefix(session, sessionPrefix)
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if !ok || err != nil {
		return state{}, sessionUndecodable()
	}
	st, err := s.decrypt(sealed)
	if err != nil {
		return state{}, sessionUndecodable()
	}
	return st, nil
}

// sealBlock encodes a state as a SECRET_BLOCK: standard base64.
func (s *Sealer) sealBlock(st state) (string, error) {
	sealed, err := s.encrypt(st)
	return base64.StdEncoding.EncodeToString(sealed), err
}

// openBlock decodes a SECRET_BLOCK and returns also its bytes, which the client's proof covers.
func (s *Sealer) openBlock(block string) (state, []byte, error) {
	sealed, err := base64.StdEncoding.DecodeString(block)
	if err != nil {
		return state{}, nil, err
	}
	st, err := s.decrypt(sealed)
	return st, sealed, err
}

// encrypt pads the JSON of a state with blanks, which JSON allows.
func (s *Sealer) encrypt(st state) ([]byte, error) {
	plain, err := json.Marshal(st)
	if err != nil {
		return nil, fmt.Errorf("encoding a session: %w", err)
	}
	for len(plain) < sessionBytes {
		plain = append(plain, ' ')
	}
	return s.aead.Seal(nil, nil, plain, nil), nil
}

func (s *Sealer) decrypt(sealed []byte) (st state, err error) {
	plain, err := s.aead.Open(nil, nil, sealed, nil)
	if err != nil {
		return st, err
	}
	return st, json.Unmarshal(plain, &st)
}
