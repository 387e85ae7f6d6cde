package token

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/jwks"
)

func TestSignPair(t *testing.T) {
	k := takeKeys(t)
	id, access, err := k.SignPair(struct {
		Use string `json:"token_use"`
	}{"id"}, map[string]any{"token_use": "access"})
	if err != nil {
		t.Fatal(err)
	}
	set := k.JWKS()
	for i, tt := range []struct {
		use   Use
		token string
	}{{UseID, id}, {UseAccess, access}} {
		header, err := base64.RawURLEncoding.DecodeString(strings.Split(tt.token, ".")[0])
		if err != nil {
			t.Fatal(err)
		}
		if got, want := string(header), `{"kid":"`+set.Keys[i].ID+`","alg":"RS256"}`; got != want {
			t.Errorf("%s: header %s, want %s", tt.use, got, want)
		}
		if _, err := jwt.Parse(tt.token, set.Keyfunc); err != nil {
			t.Errorf("%s: golang-jwt refuses the token: %v", tt.use, err)
		}
		claims, use, err := k.VerifyAccess(tt.token)
		if err != nil || use != tt.use {
			t.Errorf("VerifyAccess = %q, %v; want %q", use, err, tt.use)
		}
		if got, want := string(claims), `{"token_use":"`+string(tt.use)+`"}`; got != want {
			t.Errorf("claims %s, want %s", got, want)
		}
	}
}

func TestSignPairErrors(t *testing.T) {
	k := takeKeys(t)
	good, bad := map[string]any{}, 7
	for _, tt := range []struct {
		reason     string
		id, access any
	}{
		{"ID claims that are no object", bad, good},
		{"access claims that are no object", good, bad},
	} {
		id, access, err := k.SignPair(tt.id, tt.access)
		if err == nil || id != "" || access != "" {
			t.Errorf("%s: SignPair = %q, %q, %v; want an error alone", tt.reason, id, access, err)
		}
	}
}

func TestPrivate(t *testing.T) {
	k := takeKeys(t)
	for _, want := range []Use{UseID, UseAccess} {
		id, key, err := k.Private(want)
		if err != nil {
			t.Fatal(err)
		}
		token, err := jwks.SignerFromKey(id, key).Sign(map[string]any{})
		if err != nil {
			t.Fatal(err)
		}
		if _, got, err := k.VerifyAccess(token); got != want || err != nil {
			t.Errorf("VerifyAccess = %q, %v; want %q", got, err, want)
		}
	}
}

func TestVerifyAccessRefuses(t *testing.T) {
	k, other := takeKeys(t), takeKeys(t)
	genuine, err := k.SignAccess(map[string]any{"sub": "ann"})
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := other.SignAccess(map[string]any{"sub": "ann"})
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(genuine, ".")
	header := func(h string) string {
		return strings.Join([]string{encodePart([]byte(h)), parts[1], parts[2]}, ".")
	}
	kid := keyIDs(k)[1]

	tests := []struct {
		reason string
		token  string
		want   error
	}{
		{"nothing", "", errMalformed},
		{"no token", "invalidtoken", errMalformed},
		{"two parts", parts[0] + "." + parts[1], errMalformed},
		{"four parts", genuine + ".", errMalformed},
		{"padding", parts[0] + "." + parts[1] + "=." + parts[2], errMalformed},
		{"a line break", genuine + "\n", errMalformed},
		{"stray bits at the end", genuine[:len(genuine)-1] + next(genuine[len(genuine)-1]), errMalformed},
		{"too long", parts[0] + "." + strings.Repeat("A", maxToken) + "." + parts[2], errMalformed},
		{"a header that is no JSON", header("x"), errMalformed},
		{"a key ID that is no string", header(`{"kid":7,"alg":"RS256"}`), errMalformed},
		{"no algorithm", header(`{"kid":"` + kid + `"}`), errAlgorithm},
		{"unsigned", header(`{"kid":"` + kid + `","alg":"none"}`), errAlgorithm},
		{"another algorithm", header(`{"kid":"` + kid + `","alg":"HS256"}`), errAlgorithm},
		{"no key ID", header(`{"alg":"RS256"}`), errKeyID},
		{"a key ID without its padding", header(`{"kid":"` + strings.TrimSuffix(kid, "=") + `","alg":"RS256"}`), errKeyID},
		{"another pool's token", foreign, errKeyID},
		{"the pool's other key", header(`{"kid":"` + keyIDs(k)[0] + `","alg":"RS256"}`), errSignature},
		{"the same header in other words", header(`{"alg":"RS256","kid":"` + kid + `"}`), errSignature},
		{"other claims", parts[0] + "." + encodePart([]byte(`{"sub":"eve"}`)) + "." + parts[2], errSignature},
		{"no signature", parts[0] + "." + parts[1] + ".", errSignature},
	}
	for _, tt := range tests {
		t.Run(tt.reason, func(t *testing.T) {
			claims, use, err := k.VerifyAccess(tt.token)
			if !errors.Is(err, tt.want) || claims != nil || use != "" {
				t.Errorf("VerifyAccess = %s, %q, %v; want the error %v alone", claims, use, err, tt.want)
			}
		})
	}
}

// next returns the letter after one that ends a signature: of 256 bytes the last
// letter has four bits to spare, so both spell the same octets.
func next(letter byte) string { return string(letter + 1) }

func TestJWKS(t *testing.T) {
	k := takeKeys(t)
	k.Rotate()
	document, err := k.JWKS().MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	set, err := jwks.Parse(document)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, key := range set.Keys {
		got = append(got, key.ID)
	}
	if diff := cmp.Diff(got, keyIDs(k)); diff != "" {
		t.Errorf("published key IDs (-got +want):\n%s", diff)
	}
}

// FuzzVerifyAccess checks that no token panics and that none passes but the genuine one.
func FuzzVerifyAccess(f *testing.F) {
	k := takeKeys(f)
	genuine, err := k.SignAccess(map[string]any{"sub": "ann"})
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{
		[]byte(genuine),
		[]byte(genuine + "="),
		bytes.Replace([]byte(genuine), []byte("."), []byte("\n."), 1),
		[]byte(encodePart([]byte(`{"alg":"RS256","kid":"x"}`)) + ".e30.AAAA"),
		[]byte(encodePart([]byte(`null`)) + ".."),
	} {
		f.Add(string(seed))
	}
	f.Fuzz(func(t *testing.T, token string) {
		claims, use, err := k.VerifyAccess(token)
		if accepted, want := err == nil, token == genuine; accepted != want {
			t.Errorf("accepted: %t (%s, %s, %v), want %t", accepted, claims, use, err, want)
		}
	})
}
