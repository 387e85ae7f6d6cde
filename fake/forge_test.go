package fake_test

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake"
)

func genuine(t *testing.T) (*bench, string) {
	t.Helper()
	b := newBench(t, false)
	token, err := b.signIn(t.Context(), "ann")
	must(t, err)
	return b, token
}

func TestForge(t *testing.T) {
	b, token := genuine(t)
	keys, err := b.Keys(b.poolID)
	must(t, err)
	private := func(f *fake.Forgery) *rsa.PrivateKey { return f.Key.(*rsa.PrivateKey) }
	for _, test := range []struct {
		reason string
		edit   func(*fake.Forgery)
		alg    string
		key    any // that verifies; nil is the pool's
		want   string
	}{
		{"a claim of another value", func(f *fake.Forgery) { f.Claims["username"] = "mallory" }, "RS256", nil, "mallory"},
		{"another algorithm of the same key", func(f *fake.Forgery) {
			f.Header["alg"], f.Method = "PS256", jwt.SigningMethodPS256
		}, "PS256", nil, "ann"},
		{"the public key as a secret", func(f *fake.Forgery) {
			f.Header["alg"], f.Method, f.Key = "HS256", jwt.SigningMethodHS256, x509.MarshalPKCS1PublicKey(&private(f).PublicKey)
		}, "HS256", x509.MarshalPKCS1PublicKey(keys.Keys[1].Public), "ann"},
		{"no signature", func(f *fake.Forgery) {
			f.Header["alg"], f.Method = "none", jwt.SigningMethodNone
		}, "none", jwt.UnsafeAllowNoneSignatureType, "ann"},
		{"bytes instead of claims", func(f *fake.Forgery) { f.RawClaims = []byte(`{"username":"x","username":"y"}`) }, "RS256", nil, "y"},
		{"bytes instead of a header", func(f *fake.Forgery) {
			f.RawHeader = []byte(`{"kid":"x","kid":"` + f.Header["kid"].(string) + `","alg":"RS256"}`)
		}, "RS256", nil, "ann"},
	} {
		t.Run(test.reason, func(t *testing.T) {
			forged, err := b.Forge(token, test.edit)
			must(t, err)
			claims := jwt.MapClaims{}
			_, err = jwt.ParseWithClaims(forged, claims, func(token *jwt.Token) (any, error) {
				key, _ := keys.Key(token.Header["kid"].(string))
				if test.key != nil {
					return test.key, nil
				}
				return key, nil
			}, jwt.WithValidMethods([]string{test.alg}))
			if err != nil || claims["username"] != test.want {
				t.Errorf("username = %v, %v; want %s", claims["username"], err, test.want)
			}
		})
	}
}

func TestForgeWritesPartsAsTold(t *testing.T) {
	b, token := genuine(t)
	forged, err := b.Forge(token, func(f *fake.Forgery) { f.RawClaims, f.Encoding = []byte("1"), base64.StdEncoding })
	must(t, err)
	if parts := strings.Split(forged, "."); parts[1] != "MQ==" || len(parts[2])%4 != 0 {
		t.Errorf("parts = %q, want MQ== and a padded signature", parts[1:])
	}
}

func TestForgeRefuses(t *testing.T) {
	b, token := genuine(t)
	_, foreign := genuine(t)
	for reason, test := range map[string]struct {
		genuine string
		edit    func(*fake.Forgery)
		want    string
	}{
		"no token":                  {"x", nil, "has 3 parts, this has 1"},
		"a header that is no JSON":  {"eA.e30.eA", nil, "part 1 of the genuine token"},
		"claims that are no base64": {"e30.%.eA", nil, "part 2 of the genuine token"},
		"a token of another server": {foreign, nil, "of no pool of this server"},
		"a header that cannot be":   {token, func(f *fake.Forgery) { f.Header["x"] = func() {} }, "unsupported type"},
		"a claim that cannot be":    {token, func(f *fake.Forgery) { f.Claims["x"] = func() {} }, "unsupported type"},
		"a key of another kind":     {token, func(f *fake.Forgery) { f.Method = jwt.SigningMethodHS256 }, "key is of invalid type"},
	} {
		if got, err := b.Forge(test.genuine, test.edit); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %q, %v; want an error with %q", reason, got, err, test.want)
		}
	}
}

// FuzzForge gives Forge what is no token of the server, and what nearly is one.
func FuzzForge(f *testing.F) {
	server := fake.NewServer(fake.Config{})
	f.Cleanup(func() { server.Close() })
	for _, seed := range []string{"", "..", "e30.e30.", "bnVsbA.bnVsbA.", "eyJraWQiOjF9.e30.x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := server.Forge(text, func(*fake.Forgery) {}); err == nil {
			t.Errorf("a server without keys forged %q from %q", got, text)
		}
	})
}

func keyIDs(t *testing.T, s *fake.Server, poolID string) []string {
	t.Helper()
	keys, err := s.Keys(poolID)
	must(t, err)
	var ids []string
	for _, k := range keys.Keys {
		ids = append(ids, k.ID)
	}
	return ids
}

func TestRotateAndWithdrawKeys(t *testing.T) {
	b, old := genuine(t)
	before := keyIDs(t, b.Server, b.poolID)
	must(t, b.RotateKeys(b.poolID))
	both := keyIDs(t, b.Server, b.poolID)
	if len(both) != 4 || cmp.Diff(before, both[2:]) != "" || slices.Contains(both[:2], before[0]) {
		t.Errorf("keys = %v, want two new ones before %v", both, before)
	}
	next, err := b.signIn(t.Context(), "ann")
	must(t, err)
	must(t, b.WithdrawKeys(b.poolID))
	if diff := cmp.Diff(both[:2], keyIDs(t, b.Server, b.poolID)); diff != "" {
		t.Errorf("keys after the withdrawal (-want +got):\n%s", diff)
	}
	keys, err := b.Keys(b.poolID)
	must(t, err)
	if _, err := jwt.Parse(next, keys.Keyfunc); err != nil {
		t.Errorf("a token of the new keys: %v", err)
	}
	if _, err := jwt.Parse(old, keys.Keyfunc); err == nil {
		t.Error("a token of the withdrawn keys verifies")
	}
	if _, err := b.Forge(old, func(*fake.Forgery) {}); err != nil {
		t.Errorf("forging with a withdrawn key: %v", err)
	}
	for name, do := range map[string]func(string) error{"RotateKeys": b.RotateKeys, "WithdrawKeys": b.WithdrawKeys} {
		if err := do("us-east-1_Nowhere11"); !errors.As(err, new(*types.ResourceNotFoundException)) {
			t.Errorf("%s of no pool: %v, want ResourceNotFoundException", name, err)
		}
	}
}

func TestKeysOfCopiesRotateByThemselves(t *testing.T) {
	b, _ := genuine(t)
	at := b.Snapshot()
	before := keyIDs(t, b.Server, b.poolID)
	fork := b.Fork()
	defer fork.Close()
	must(t, fork.RotateKeys(b.poolID))
	must(t, fork.WithdrawKeys(b.poolID))
	if diff := cmp.Diff(before, keyIDs(t, b.Server, b.poolID)); diff != "" {
		t.Errorf("keys of the source after a rotation of its fork (-want +got):\n%s", diff)
	}
	again := fork.Fork()
	defer again.Close()
	if diff := cmp.Diff(keyIDs(t, fork, b.poolID), keyIDs(t, again, b.poolID)); diff != "" {
		t.Errorf("keys of a fork of the fork (-want +got):\n%s", diff)
	}
	fork.Restore(at)
	if diff := cmp.Diff(before, keyIDs(t, fork, b.poolID)); diff != "" {
		t.Errorf("keys of the fork after Restore (-want +got):\n%s", diff)
	}
}

func TestFaultWithADocument(t *testing.T) {
	b, _ := genuine(t)
	client := &http.Client{Transport: b.Server}
	url := b.Issuer(b.poolID) + "/.well-known/"
	remove := b.Inject(fake.Fault{Operations: []string{fake.JWKS}, Document: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		w.Write([]byte("no JSON"))
	})})
	if status, body := get(t, client, url+"jwks.json"); status != http.StatusTeapot || body != "no JSON" {
		t.Errorf("the set: %d %q, want 418 and the handler's text", status, body)
	}
	if status, _ := get(t, client, url+"openid-configuration"); status != http.StatusOK {
		t.Errorf("the discovery document: %d, want 200, for the fault is not for it", status)
	}
	if calls := b.Calls(fake.JWKS); len(calls) != 1 || calls[0].Err != nil {
		t.Errorf("calls = %v, want one without an error", calls)
	}
	remove()
	b.Inject(fake.Fault{Operations: []string{fake.JWKS}, Document: http.RedirectHandler("openid-configuration", http.StatusFound), Times: 1, Delay: time.Millisecond})
	if status, body := get(t, client, url+"jwks.json"); status != http.StatusOK || !strings.Contains(body, "jwks_uri") {
		t.Errorf("redirected: %d %s, want the discovery document", status, body)
	}
}
