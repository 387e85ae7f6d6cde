package signin

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"testing"

	"github.com/aws/smithy-go"
	"github.com/go-webauthn/webauthn/protocol"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// vector is a pair of ceremonies from the test vectors of WebAuthn Level 3, in hexadecimal.
type vector struct {
	RelyingParty string
	Registration struct{ Challenge, CredentialID, ClientDataJSON, AttestationObject string }
	Sign         struct{ Challenge, ClientDataJSON, AuthenticatorData, Signature string }
}

func readVector(t testing.TB) vector {
	t.Helper()
	text, err := os.ReadFile("testdata/webauthn.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vector
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// fromHex is hexadecimal text in the base64url of WebAuthn's JSON.
func fromHex(t testing.TB, text string) string { return encoded(unhex(t, text)) }

func (v vector) registration(t testing.TB) (pool.Ceremony, []byte) {
	t.Helper()
	return pool.Ceremony{Challenge: fromHex(t, v.Registration.Challenge), RelyingParty: v.RelyingParty}, v.credential(t, map[string]any{
		"clientDataJSON": fromHex(t, v.Registration.ClientDataJSON), "attestationObject": fromHex(t, v.Registration.AttestationObject),
	})
}

func (v vector) signature(t testing.TB) (pool.Ceremony, []byte) {
	t.Helper()
	return pool.Ceremony{Challenge: fromHex(t, v.Sign.Challenge), RelyingParty: v.RelyingParty}, v.credential(t, map[string]any{
		"clientDataJSON": fromHex(t, v.Sign.ClientDataJSON), "authenticatorData": fromHex(t, v.Sign.AuthenticatorData),
		"signature": fromHex(t, v.Sign.Signature),
	})
}

func (v vector) credential(t testing.TB, response map[string]any) []byte {
	t.Helper()
	id := fromHex(t, v.Registration.CredentialID)
	text, err := json.Marshal(map[string]any{"id": id, "rawId": id, "type": "public-key", "response": response})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// registered is the passkey of the vector.
func (v vector) registered(t testing.TB) pool.Passkey {
	t.Helper()
	c, credential := v.registration(t)
	k, err := VerifyRegistration(c, credential)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestVectorOfWebAuthn(t *testing.T) {
	v := readVector(t)
	k := v.registered(t)
	want := pool.Passkey{ID: fromHex(t, v.Registration.CredentialID), RelyingParty: "example.org", Transports: []string{}, BackupEligible: true}
	want.PublicKey = k.PublicKey
	if diff := cmp.Diff(want, k, cmp.AllowUnexported(pool.Passkey{})); diff != "" {
		t.Errorf("passkey (-want +got):\n%s", diff)
	}
	c, text := v.signature(t)
	credential, err := protocol.ParseCredentialRequestResponseBytes(text)
	if err != nil {
		t.Fatal(err)
	}
	strict, other := c, c
	strict.VerifyUser, other.Challenge = true, "AAAA"
	changedKey := k
	changedKey.BackupEligible = false
	for _, row := range []struct {
		why  string
		c    pool.Ceremony
		k    pool.Passkey
		want bool
	}{
		{"as it was asked for", c, k, true},
		{"without the verification that is required", strict, k, false},
		{"for another challenge", other, k, false},
		{"by a key that could not be backed up before", c, changedKey, false},
	} {
		if got := signed(row.c, row.k, credential); got != row.want {
			t.Errorf("signed %s: %t, want %t", row.why, got, row.want)
		}
	}
}

func TestOriginAllowed(t *testing.T) {
	for _, row := range []struct {
		why, origin, party string
		want               bool
	}{
		{"the relying party itself", "https://example.com", "example.com", true},
		{"a host below it", "https://a.b.example.com", "example.com", true},
		{"any port", "https://example.com:8443", "example.com", true},
		{"host names have no case", "https://Example.COM", "example.com", true},
		{"http", "http://example.com", "example.com", false},
		{"a host above it", "https://example.com", "login.example.com", false},
		{"a name that ends alike", "https://badexample.com", "example.com", false},
		{"a name that begins alike", "https://example.com.bad.example", "example.com", false},
		{"the name as a user", "https://example.com@bad.example", "example.com", false},
		{"localhost without TLS", "http://localhost:3000", "localhost", true},
		{"a host below localhost", "http://app.localhost", "localhost", true},
		{"localhost for others", "http://localhost:3000", "example.com", false},
		{"an app for Android", "android:apk-key-hash:8sdf", "example.com", true},
		{"an app for others", "ios:bundle-id:com.example", "example.com", false},
		{"nothing", "", "example.com", false},
		{"no URL", "https://%zz", "example.com", false},
	} {
		if got := originAllowed(row.origin, row.party); got != row.want {
			t.Errorf("%s: originAllowed(%q, %q) = %t, want %t", row.why, row.origin, row.party, got, row.want)
		}
	}
}

// FuzzVerifyRegistration looks for credentials that do anything but register or be refused with an
// error that the operation has: whole documents, and documents around what an authenticator says.
func FuzzVerifyRegistration(f *testing.F) {
	v := readVector(f)
	c, credential := v.registration(f)
	f.Add(credential, unhex(f, v.Registration.ClientDataJSON), unhex(f, v.Registration.AttestationObject))
	f.Add([]byte(`{}`), []byte(`{}`), []byte(`{}`))
	modelled := map[string]bool{
		"InvalidParameterException": true, "WebAuthnOriginNotAllowedException": true,
		"WebAuthnRelyingPartyMismatchException": true, "WebAuthnCredentialNotSupportedException": true,
	}
	f.Fuzz(func(t *testing.T, document, client, object []byte) {
		around := v.credential(t, map[string]any{"clientDataJSON": encoded(client), "attestationObject": encoded(object)})
		for _, credential := range [][]byte{document, around} {
			k, err := VerifyRegistration(c, credential)
			var e smithy.APIError
			switch {
			case err == nil && (k.ID == "" || !supported(k.PublicKey)):
				t.Errorf("passkey %+v without an id or a good key", k)
			case err != nil && (!errors.As(err, &e) || !modelled[e.ErrorCode()]):
				t.Errorf("error %v is not one of the operation", err)
			}
		}
	})
}

// FuzzAssertion looks for credentials that panic, or sign other data than the passkey did.
func FuzzAssertion(f *testing.F) {
	v := readVector(f)
	k := v.registered(f)
	c, credential := v.signature(f)
	data := unhex(f, v.Sign.AuthenticatorData)
	f.Add(credential, unhex(f, v.Sign.ClientDataJSON), data, unhex(f, v.Sign.Signature))
	f.Add([]byte(`{}`), []byte(`{}`), []byte{}, []byte{})
	f.Fuzz(func(t *testing.T, document, client, said, signature []byte) {
		around := v.credential(t, map[string]any{
			"clientDataJSON": encoded(client), "authenticatorData": encoded(said), "signature": encoded(signature),
		})
		for _, credential := range [][]byte{document, around} {
			in, err := protocol.ParseCredentialRequestResponseBytes(credential)
			if err == nil && signed(c, k, in) && !bytes.Equal(in.Raw.AssertionResponse.AuthenticatorData, data) {
				t.Errorf("%s signs other data", credential)
			}
		}
	})
}
