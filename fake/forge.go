package fake

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// Forgery is a token that [Server.Forge] is about to write. An edit changes what is to be otherwise than in the
// genuine token.
type Forgery struct {
	// Header and Claims are those of the genuine token; numbers in them are float64.
	Header, Claims map[string]any
	// RawHeader and RawClaims, where they are not nil, are written as they are in place of Header and Claims:
	// members that stand twice, arrays, what is no JSON.
	RawHeader, RawClaims []byte
	// Method signs, whatever alg of the header says; nil means RS256. With jwt.SigningMethodNone there is no
	// signature.
	Method jwt.SigningMethod
	// Key is what Method signs with: []byte for HMAC, and so on. It begins as the *rsa.PrivateKey of the pool
	// that signed the genuine token.
	Key any
	// Encoding is how the three parts are written; nil means [base64.RawURLEncoding], which is that of JWTs.
	Encoding *base64.Encoding
}

// Forge returns a token like a genuine one of any pool of the server, changed by edit and signed anew, with the
// same key unless the edit says otherwise:
//
//	expired, err := server.Forge(ann.AccessToken(t), func(f *fake.Forgery) {
//		f.Claims["exp"] = server.Now().Add(-time.Second).Unix()
//	})
//
// The genuine token may have expired or have been forged; its kid must be that of a key of the server. Nothing
// checks what comes out, which verifiers cannot tell from a token that the pool has issued: that is what
// forgeries are for, in tests, and why a server belongs nowhere else.
func (s *Server) Forge(genuine string, edit func(*Forgery)) (string, error) {
	f, err := s.newForgery(genuine)
	if err != nil {
		return "", fmt.Errorf("cognitotest: forge: %w", err)
	}
	edit(f)
	forged, err := f.write()
	if err != nil {
		return "", fmt.Errorf("cognitotest: forge: %w", err)
	}
	return forged, nil
}

// newForgery reads a genuine token, and finds its key.
func (s *Server) newForgery(genuine string) (*Forgery, error) {
	f := &Forgery{}
	parts := strings.Split(genuine, ".")
	if len(parts) != 3 {
		return nil, fmt.Errorf("an ID or access token has 3 parts, this has %d", len(parts))
	}
	for i, into := range []*map[string]any{&f.Header, &f.Claims} {
		if err := decodePart(parts[i], into); err != nil {
			return nil, fmt.Errorf("part %d of the genuine token: %w", i+1, err)
		}
	}
	keyID, _ := f.Header["kid"].(string)
	key, err := s.tokens.Private(keyID)
	if err != nil {
		return nil, fmt.Errorf("the genuine token is of no pool of this server: %w", err)
	}
	f.Key = key
	return f, nil
}

func decodePart(part string, into *map[string]any) error {
	text, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// write writes the token in compact form.
func (f *Forgery) write() (string, error) {
	header, err := f.part(f.RawHeader, f.Header)
	if err != nil {
		return "", err
	}
	claims, err := f.part(f.RawClaims, f.Claims)
	if err != nil {
		return "", err
	}
	input := header + "." + claims
	signature, err := f.sign(input)
	if err != nil {
		return "", err
	}
	return input + "." + f.encode(signature), nil
}

func (f *Forgery) part(raw []byte, members map[string]any) (string, error) {
	if raw != nil {
		return f.encode(raw), nil
	}
	text, err := json.Marshal(members)
	return f.encode(text), err
}

func (f *Forgery) encode(part []byte) string {
	if f.Encoding == nil {
		return base64.RawURLEncoding.EncodeToString(part)
	}
	return f.Encoding.EncodeToString(part)
}

func (f *Forgery) sign(input string) ([]byte, error) {
	switch f.Method {
	case nil:
		return jwt.SigningMethodRS256.Sign(input, f.Key)
	case jwt.SigningMethodNone:
		return nil, nil
	}
	return f.Method.Sign(input, f.Key)
}

// RotateKeys gives a pool two new keys, as the service may do at any time: they sign from now on. The old ones
// stay in the pool's [JWKS] document, for the tokens that they signed. The error is the service's for a pool
// that does not exist.
func (s *Server) RotateKeys(poolID string) error {
	p, err := s.store.Pool(poolID, "")
	if err != nil {
		return err
	}
	s.tokens.Keys(p).Rotate()
	return nil
}

// WithdrawKeys takes the keys that [Server.RotateKeys] has replaced out of a pool's [JWKS] document: verifiers
// must refuse what they signed. The pool's own operations still take it (inferred). The error is the service's
// for a pool that does not exist.
func (s *Server) WithdrawKeys(poolID string) error {
	p, err := s.store.Pool(poolID, "")
	if err != nil {
		return err
	}
	s.tokens.Keys(p).Withdraw()
	return nil
}
