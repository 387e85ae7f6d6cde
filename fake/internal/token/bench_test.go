package token

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"testing"
)

// benchKeys returns keys that are made already.
func benchKeys(b *testing.B) *Keys {
	k := takeKeys(b)
	k.JWKS()
	return k
}

func BenchmarkTakeRelease(b *testing.B) {
	k := Take()
	k.JWKS()
	k.Release()
	for b.Loop() {
		Take().Release()
	}
}

func BenchmarkSignPair(b *testing.B) {
	k := benchKeys(b)
	claims := map[string]any{"sub": "ann", "token_use": "access"}
	for b.Loop() {
		if _, _, err := k.SignPair(claims, claims); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTwoSignatures is what SignPair cannot do without, one after the other.
func BenchmarkTwoSignatures(b *testing.B) {
	_, key, err := benchKeys(b).Private(UseID)
	if err != nil {
		b.Fatal(err)
	}
	digest := sha256.Sum256(nil)
	for b.Loop() {
		for range 2 {
			if _, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:]); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkVerifyAccess(b *testing.B) {
	k := benchKeys(b)
	token, err := k.SignAccess(map[string]any{"sub": "ann"})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, _, err := k.VerifyAccess(token); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSealRefresh(b *testing.B) {
	k := benchKeys(b)
	payload := make([]byte, 200)
	for b.Loop() {
		if _, err := k.SealRefresh(payload); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpenRefresh(b *testing.B) {
	k := benchKeys(b)
	token := seal(b, k, string(make([]byte, 200)))
	for b.Loop() {
		if _, err := k.OpenRefresh(token); err != nil {
			b.Fatal(err)
		}
	}
}
