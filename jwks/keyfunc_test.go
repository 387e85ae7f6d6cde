package jwks_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"github.com/cognitotest/cognito/jwks"
)

// unsigned is a token with the given header, no claims and a signature of nothing.
func unsigned(header string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(header)) + ".e30."
}

func TestKeyfuncRefuses(t *testing.T) {
	kid := signer().KeyID()
	genuine := sign(t, signer(), jwt.MapClaims{"sub": "ann"})
	claims := strings.Split(genuine, ".")[1]
	swapped := strings.Replace(genuine, claims, base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"eve"}`)), 1)
	shared := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{})
	shared.Header["kid"] = kid
	hmac, err := shared.SignedString(signer().Public().N.Bytes())
	checkError(t, err, "")

	tests := []struct {
		reason string
		token  string
		want   string
	}{
		{"unsigned", unsigned(`{"alg":"none","kid":"` + kid + `"}`), `algorithm "none", want RS256`},
		{"signed with the public key as a secret", hmac, `algorithm "HS256", want RS256`},
		{"another RSA algorithm", unsigned(`{"alg":"RS512","kid":"` + kid + `"}`), `algorithm "RS512", want RS256`},
		{"RSA-PSS", unsigned(`{"alg":"PS256","kid":"` + kid + `"}`), `algorithm "PS256", want RS256`},
		{"no key ID", unsigned(`{"alg":"RS256"}`), "no key ID"},
		{"null as key ID", unsigned(`{"alg":"RS256","kid":null}`), "no key ID"},
		{"empty key ID", unsigned(`{"alg":"RS256","kid":""}`), "empty key ID"},
		{"number as key ID", unsigned(`{"alg":"RS256","kid":7}`), "no string but float64"},
		{"list as key ID", unsigned(`{"alg":"RS256","kid":["` + kid + `"]}`), "no string but []interface {}"},
		{"mandatory extension", unsigned(`{"alg":"RS256","kid":"` + kid + `","crit":["exp"]}`), "mandatory extensions (crit)"},
		{"key ID of nobody", unsigned(`{"alg":"RS256","kid":"x"}`), `unknown key ID "x"`},
		{"key ID of another signer", sign(t, stranger(), jwt.MapClaims{}), "unknown key ID"},
		{"no signature", unsigned(`{"alg":"RS256","kid":"` + kid + `"}`), "signature is invalid"},
		{"other claims", swapped, "signature is invalid"},
	}
	_, url := serve(t, signer().Set())
	cache := jwks.NewCache(url)
	for _, tt := range tests {
		t.Run(tt.reason, func(t *testing.T) {
			for name, keyfunc := range map[string]jwt.Keyfunc{"Set": signer().Set().Keyfunc, "Cache": cache.Keyfunc} {
				token, err := jwt.Parse(tt.token, keyfunc)
				if err == nil || token != nil && token.Valid {
					t.Fatalf("%s: token accepted", name)
				}
				checkError(t, err, tt.want)
			}
		})
	}
}

func TestKeyfuncAccepts(t *testing.T) {
	_, url := serve(t, signer().Set())
	cache := jwks.NewCache(url)
	token := sign(t, signer(), jwt.MapClaims{"sub": "ann"})
	for name, keyfunc := range map[string]jwt.Keyfunc{
		"Set": signer().Set().Keyfunc, "Cache": cache.Keyfunc, "Cache with a context": cache.KeyfuncContext(t.Context()),
	} {
		if _, err := jwt.Parse(token, keyfunc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKeyfuncUnknownKey(t *testing.T) {
	_, err := jwt.Parse(sign(t, stranger(), jwt.MapClaims{}), signer().Set().Keyfunc)
	if !errors.Is(err, jwks.ErrUnknownKey) || !errors.Is(err, jwt.ErrTokenUnverifiable) {
		t.Errorf("error %v, want both ErrUnknownKey and jwt.ErrTokenUnverifiable in it", err)
	}
}

func TestKeyfuncOnHandMadeToken(t *testing.T) {
	_, err := signer().Set().Keyfunc(&jwt.Token{Header: map[string]any{"alg": "RS256", "kid": signer().KeyID()}})
	checkError(t, err, "want RS256") // its Method, which verifies, is nil
}

// FuzzKeyfunc puts hostile tokens together from parts. None may panic, and only
// the one whose every part is genuine may pass.
func FuzzKeyfunc(f *testing.F) {
	token := sign(f, signer(), jwt.MapClaims{"sub": "ann"})
	var genuine [3][]byte
	for i, part := range strings.Split(token, ".") {
		genuine[i], _ = base64.RawURLEncoding.DecodeString(part)
	}
	kid := signer().KeyID()
	f.Add(genuine[0], genuine[1], genuine[2])
	f.Add(genuine[0], []byte(`{"sub":"eve"}`), genuine[2])
	f.Add(genuine[0], genuine[1], make([]byte, 256))
	f.Add([]byte(`{"alg":"RS256","kid":"`+kid+`"}`), genuine[1], genuine[2])
	f.Add([]byte(`{"alg":"none","kid":"`+kid+`"}`), genuine[1], []byte{})
	f.Add([]byte(`{"alg":"HS256","kid":"`+kid+`"}`), genuine[1], genuine[2])
	f.Add([]byte(`{"alg":"RS256","kid":{}}`), genuine[1], genuine[2])
	f.Add([]byte(`null`), []byte(`null`), []byte{})
	f.Fuzz(func(t *testing.T, header, claims, signature []byte) {
		encode := base64.RawURLEncoding.EncodeToString
		hostile := encode(header) + "." + encode(claims) + "." + encode(signature)
		parsed, err := jwt.Parse(hostile, signer().Set().Keyfunc)
		accepted := err == nil && parsed.Valid
		if want := hostile == token; accepted != want {
			t.Errorf("accepted: %t (%v), want %t", accepted, err, want)
		}
	})
}
