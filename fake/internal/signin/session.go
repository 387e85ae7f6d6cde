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
	Sub       string
	Username  string
	Challenge types.ChallengeNameType
	Expires   time.Time
}

// Sessions begin with sessionPrefix and have about the length of the service's: 900 to 1600
// characters.
const (
	sessionPrefix = "AYABe"
	sessionBytes  = 700 // of padded plain text
)

// sealer makes Session strings and opens them: authenticated encryption under a key of its own, so
// that a client can neither read nor forge one.
type sealer struct{ aead cipher.AEAD }

func newSealer() *sealer {
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
	return &sealer{aead}
}

// seal encodes a state, padded with blanks, which JSON allows.
func (s *sealer) seal(st state) (string, error) {
	plain, err := json.Marshal(st)
	if err != nil {
		return "", fmt.Errorf("encoding a session: %w", err)
	}
	for len(plain) < sessionBytes {
		plain = append(plain, ' ')
	}
	return sessionPrefix + base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, plain, nil)), nil
}

// open decodes a Session string; what this server did not make is refused.
func (s *sealer) open(session string) (state, error) {
	text, ok := strings.CutPrefix(session, sessionPrefix)
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if !ok || err != nil {
		return state{}, sessionUndecodable()
	}
	plain, err := s.aead.Open(nil, nil, sealed, nil)
	if err != nil {
		return state{}, sessionUndecodable()
	}
	var st state
	if err := json.Unmarshal(plain, &st); err != nil {
		return state{}, sessionUndecodable()
	}
	return st, nil
}
