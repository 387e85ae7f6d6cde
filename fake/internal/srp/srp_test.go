package srp

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"os"
	"testing"
)

type vectors struct {
	N   string
	SRP []struct {
		Name, PoolName, UserIDForSRP, Password  string
		SaltHex, BHex, VerifierHex              string
		SRPAHex, SRPBHex, KeyHex                string
		SecretBlockB64, Timestamp, SignatureB64 string
	} `json:"srp"`
	Device struct {
		DeviceGroupKey, DeviceKey, DevicePassword, SaltHex, VerifierHex string
		ConfirmDeviceSaltB64, ConfirmDevicePasswordVerifierB64          string
	}
}

func load(t *testing.T) (v vectors) {
	t.Helper()
	b, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func number(t *testing.T, text string) *big.Int {
	t.Helper()
	n, ok := new(big.Int).SetString(text, 16)
	if !ok {
		t.Fatalf("no hexadecimal number: %q", text)
	}
	return n
}

func TestVectors(t *testing.T) {
	v := load(t)
	if prime.Cmp(number(t, v.N)) != 0 {
		t.Fatal("another prime")
	}
	for _, test := range v.SRP {
		t.Run(test.Name, func(t *testing.T) {
			verifier := Verifier(number(t, test.SaltHex), test.PoolName, test.UserIDForSRP, test.Password)
			if got := verifier.Text(16); got != number(t, test.VerifierHex).Text(16) {
				t.Errorf("verifier = %s, want %s", got, test.VerifierHex)
			}
			B, x, err := Answer(number(t, test.SRPAHex), verifier, number(t, test.BHex))
			if err != nil {
				t.Fatal(err)
			}
			if B.Cmp(number(t, test.SRPBHex)) != 0 {
				t.Errorf("B = %s, want %s", B.Text(16), test.SRPBHex)
			}
			key, err := x.Key()
			if got := hex.EncodeToString(key); err != nil || got != test.KeyHex {
				t.Errorf("key = %s, %v; want %s", got, err, test.KeyHex)
			}
			block, err := base64.StdEncoding.DecodeString(test.SecretBlockB64)
			if err != nil {
				t.Fatal(err)
			}
			signature := Signature(key, test.PoolName, test.UserIDForSRP, block, test.Timestamp)
			if got := base64.StdEncoding.EncodeToString(signature); got != test.SignatureB64 {
				t.Errorf("signature = %s, want %s", got, test.SignatureB64)
			}
		})
	}
}

func TestDeviceVector(t *testing.T) {
	d := load(t).Device
	salt := number(t, d.SaltHex)
	verifier := Verifier(salt, d.DeviceGroupKey, d.DeviceKey, d.DevicePassword)
	if got := verifier.Text(16); got != d.VerifierHex {
		t.Errorf("verifier = %s, want %s", got, d.VerifierHex)
	}
	if got := base64.StdEncoding.EncodeToString(Pad(salt)); got != d.ConfirmDeviceSaltB64 {
		t.Errorf("padded salt = %s, want %s", got, d.ConfirmDeviceSaltB64)
	}
	if got := base64.StdEncoding.EncodeToString(Pad(verifier)); got != d.ConfirmDevicePasswordVerifierB64 {
		t.Errorf("padded verifier = %s, want %s", got, d.ConfirmDevicePasswordVerifierB64)
	}
}

func TestMultiplesOfThePrimeAreRefused(t *testing.T) {
	for _, A := range []*big.Int{new(big.Int), prime, new(big.Int).Mul(prime, big.NewInt(2))} {
		if _, _, err := Answer(A, big.NewInt(4), big.NewInt(5)); err != ErrPublic {
			t.Errorf("A = %.10s…: error = %v, want %v", A.Text(16), err, ErrPublic)
		}
	}
}
