package jwks_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"strings"
	"sync"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/jwks"
)

// The tests share two key pairs: making one takes longer than most tests.
var (
	signer   = sync.OnceValue(jwks.NewSigner)
	stranger = sync.OnceValue(jwks.NewSigner)
)

func sign(t testing.TB, s *jwks.Signer, claims any) string {
	t.Helper()
	token, err := s.Sign(claims)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestSign(t *testing.T) {
	tests := []struct {
		reason  string
		claims  any
		want    string
		wantErr string
	}{
		{"a map", jwt.MapClaims{"sub": "ann"}, `{"sub":"ann"}`, ""},
		{"registered claims", jwt.RegisteredClaims{Subject: "ann"}, `{"sub":"ann"}`, ""},
		{"a struct keeps its order", struct{ B, A int }{1, 2}, `{"B":1,"A":2}`, ""},
		{"a string is no set of claims", "ann", "", "string is no JSON object"},
		{"nor is a nil map", jwt.MapClaims(nil), "", "jwt.MapClaims is no JSON object"},
		{"what JSON cannot write", make(chan int), "", "unsupported type"},
	}
	for _, tt := range tests {
		t.Run(tt.reason, func(t *testing.T) {
			token, err := signer().Sign(tt.claims)
			checkError(t, err, tt.wantErr)
			if err != nil {
				return
			}
			got := strings.Split(token, ".")[:2]
			want := []string{`{"kid":"` + signer().KeyID() + `","alg":"RS256"}`, tt.want}
			for i := range want {
				want[i] = base64.RawURLEncoding.EncodeToString([]byte(want[i]))
			}
			if diff := cmp.Diff(got, want); diff != "" {
				t.Errorf("header and claims (-got +want):\n%s", diff)
			}
			if _, err := jwt.Parse(token, signer().Set().Keyfunc); err != nil {
				t.Errorf("golang-jwt refuses the token: %v", err)
			}
		})
	}
}

func TestSignerSet(t *testing.T) {
	s := jwks.SignerFromKey("my key", privateKey(t))
	if got, want := ids(s.Set()), []string{"my key"}; !cmp.Equal(got, want) {
		t.Errorf("key IDs %q, want %q", got, want)
	}
	if key, _ := s.Set().Key("my key"); !key.Equal(s.Public()) {
		t.Error("the set holds another key than the signer")
	}
}

func TestNewSignerKeyID(t *testing.T) {
	id, err := base64.StdEncoding.DecodeString(signer().KeyID())
	if err != nil || len(id) != 32 {
		t.Errorf("key ID is %d bytes (%v), want 32 in standard base64", len(id), err)
	}
	if signer().KeyID() == stranger().KeyID() {
		t.Error("two signers have one key ID")
	}
}

// privateKey is a small key: these tests look at it and do not trust it.
func privateKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
