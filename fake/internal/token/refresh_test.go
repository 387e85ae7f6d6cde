package token

import (
	"errors"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

// refreshPrefix begins every refresh token seen from the service.
const refreshPrefix = "eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ."

func seal(t testing.TB, k *Keys, payload string) string {
	t.Helper()
	token, err := k.SealRefresh([]byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestRefresh(t *testing.T) {
	k := takeKeys(t)
	_, key, err := k.Private(UseID)
	if err != nil {
		t.Fatal(err)
	}
	for _, payload := range []string{"", "x", `{"sub":"ann"}`, strings.Repeat("long ", 1000)} {
		token := seal(t, k, payload)
		if !strings.HasPrefix(token, refreshPrefix) {
			t.Errorf("token begins %.70q, want %q", token, refreshPrefix)
		}
		got, err := k.OpenRefresh(token)
		if err != nil || string(got) != payload {
			t.Errorf("OpenRefresh = %q, %v; want %q", got, err, payload)
		}
		jwe, err := jose.ParseEncryptedCompact(token, []jose.KeyAlgorithm{jose.RSA_OAEP}, []jose.ContentEncryption{jose.A256GCM})
		if err != nil {
			t.Fatalf("go-jose cannot read the token: %v", err)
		}
		judged, err := jwe.Decrypt(key)
		if err != nil || string(judged) != payload {
			t.Errorf("go-jose decrypts %q, %v; want %q", judged, err, payload)
		}
	}
}

func TestRefreshTokensDiffer(t *testing.T) {
	k := takeKeys(t)
	one, two := strings.Split(seal(t, k, "same"), "."), strings.Split(seal(t, k, "same"), ".")
	for i, part := range []string{"header", "key", "nonce", "text", "tag"} {
		if got, want := one[i] == two[i], i == 0; got != want {
			t.Errorf("%s of two tokens is the same: %t, want %t", part, got, want)
		}
	}
}

func TestRefreshOutlivesRotation(t *testing.T) {
	k := takeKeys(t)
	before := seal(t, k, "before")
	k.Rotate()
	after := seal(t, k, "after")
	for token, want := range map[string]string{before: "before", after: "after"} {
		got, err := k.OpenRefresh(token)
		if err != nil || string(got) != want {
			t.Errorf("OpenRefresh = %q, %v; want %q", got, err, want)
		}
	}
}

func TestOpenRefreshRefuses(t *testing.T) {
	k, other := takeKeys(t), takeKeys(t)
	genuine := seal(t, k, "payload")
	parts := strings.Split(genuine, ".")
	second := strings.Split(seal(t, k, "payload"), ".")
	with := func(i int, part string) string {
		changed := append([]string(nil), parts...)
		changed[i] = part
		return strings.Join(changed, ".")
	}
	access, err := k.SignAccess(map[string]any{})
	if err != nil {
		t.Fatal(err)
	}
	byLibrary := func(alg jose.KeyAlgorithm, enc jose.ContentEncryption) string {
		_, key, err := k.Private(UseID)
		if err != nil {
			t.Fatal(err)
		}
		encrypter, err := jose.NewEncrypter(enc, jose.Recipient{Algorithm: alg, Key: &key.PublicKey}, nil)
		if err != nil {
			t.Fatal(err)
		}
		jwe, err := encrypter.Encrypt([]byte("payload"))
		if err != nil {
			t.Fatal(err)
		}
		token, err := jwe.CompactSerialize()
		if err != nil {
			t.Fatal(err)
		}
		return token
	}

	tests := []struct{ reason, token string }{
		{"nothing", ""},
		{"no token", "x"},
		{"an access token", access},
		{"another pool's", seal(t, other, "payload")},
		{"six parts", genuine + "."},
		{"a line break", genuine + "\r\n"},
		{"padding", genuine + "=="},
		{"too long", with(3, strings.Repeat("A", maxToken))},
		{"another header", with(0, encodePart([]byte(`{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP-256"}`)))},
		{"no key", with(1, "")},
		{"another token's key", with(1, second[1])},
		{"no nonce", with(2, "")},
		{"a nonce that is too long", with(2, parts[2]+"AAAA")},
		{"another token's nonce", with(2, second[2])},
		{"no text", with(3, "")},
		{"another token's text", with(3, second[3])},
		{"no tag", with(4, "")},
		{"a short tag", with(4, parts[4][:16])},
		{"another token's tag", with(4, second[4])},
		{"same key, header of a library", byLibrary(jose.RSA_OAEP, jose.A256GCM)},
		{"same key, other algorithms", byLibrary(jose.RSA_OAEP_256, jose.A128GCM)},
	}
	for _, tt := range tests {
		t.Run(tt.reason, func(t *testing.T) {
			payload, err := k.OpenRefresh(tt.token)
			if !errors.Is(err, errRefresh) || payload != nil {
				t.Errorf("OpenRefresh = %q, %v; want the error %v alone", payload, err, errRefresh)
			}
		})
	}
}

// TestOpenRefreshShortKey has a content key that AES would take, but not A256GCM.
func TestOpenRefreshShortKey(t *testing.T) {
	k := takeKeys(t)
	private, err := k.refreshKey()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		size int
		want error
	}{{16, errRefresh}, {24, errRefresh}, {contentKeySize, nil}} {
		token, err := sealWith(&private.PublicKey, random(tt.size), []byte("payload"))
		if err != nil {
			t.Fatal(err)
		}
		if _, got := k.OpenRefresh(token); !errors.Is(got, tt.want) {
			t.Errorf("content key of %d bytes: error %v, want %v", tt.size, got, tt.want)
		}
	}
}

// FuzzOpenRefresh puts tokens together from parts: none may panic, and what opens
// must be the genuine one.
func FuzzOpenRefresh(f *testing.F) {
	k := takeKeys(f)
	genuine := seal(f, k, "payload")
	parts, err := decodeParts(genuine, 5)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(parts[0], parts[1], parts[2], parts[3], parts[4])
	f.Add(parts[0], parts[1], []byte{}, parts[3], parts[4])
	f.Add(parts[0], parts[1], parts[2], []byte{}, []byte{})
	f.Add(parts[0], []byte{}, parts[2], parts[3], parts[4])
	f.Add([]byte(`{}`), parts[1], parts[2], parts[3], parts[4])
	f.Fuzz(func(t *testing.T, a, b, c, d, e []byte) {
		var encoded []string
		for _, part := range [][]byte{a, b, c, d, e} {
			encoded = append(encoded, encodePart(part))
		}
		token := strings.Join(encoded, ".")
		payload, err := k.OpenRefresh(token)
		if got, want := err == nil, token == genuine; got != want {
			t.Errorf("opened: %t (%q, %v), want %t", got, payload, err, want)
		}
	})
}
