package pool

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

func TestSetVerifier(t *testing.T) {
	for _, test := range []struct {
		why  string
		text string
		want int64 // 0 where it is refused
	}{
		{"a small number", "AQ==", 1},
		{"a number with a zero byte in front of its sign", "AP8=", 255},
		{"base64 without padding", "AP8", 255},
		{"a negative number", "/w==", 0},
		{"zero", "AA==", 0},
		{"nothing", "", 0},
		{"no base64", "*", 0},
		{"base64 of URLs", "__8=", 0},
	} {
		t.Run(test.why, func(t *testing.T) {
			d := &Device{}
			err := d.SetVerifier(&types.DeviceSecretVerifierConfigType{Salt: &test.text, PasswordVerifier: &test.text})
			if (err == nil) != (test.want > 0) {
				t.Fatalf("error = %v, want a number: %t", err, test.want > 0)
			}
			if err == nil && (d.salt.Int64() != test.want || d.verifier.Int64() != test.want) {
				t.Errorf("salt %v, verifier %v; want %d", d.salt, d.verifier, test.want)
			}
		})
	}
}

// TestSetVerifierVector reads what a client sends for a known password.
func TestSetVerifierVector(t *testing.T) {
	b, err := os.ReadFile("../srp/testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Device struct{ SaltHex, VerifierHex, ConfirmDeviceSaltB64, ConfirmDevicePasswordVerifierB64 string }
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	d := &Device{}
	err = d.SetVerifier(&types.DeviceSecretVerifierConfigType{
		Salt: &v.Device.ConfirmDeviceSaltB64, PasswordVerifier: &v.Device.ConfirmDevicePasswordVerifierB64,
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := d.salt.Text(16); got != v.Device.SaltHex {
		t.Errorf("salt = %s, want %s", got, v.Device.SaltHex)
	}
	if got := d.verifier.Text(16); got != v.Device.VerifierHex {
		t.Errorf("verifier = %s, want %s", got, v.Device.VerifierHex)
	}
}

// FuzzPositive checks that what is accepted is positive, and the same number in its usual form.
func FuzzPositive(f *testing.F) {
	for _, seed := range []string{"", "AQ==", "AP8", "/w==", "====", "AAAA\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := positive(&text)
		if err != nil {
			return
		}
		again := base64.StdEncoding.EncodeToString(append([]byte{0}, n.Bytes()...))
		if m, err := positive(&again); err != nil || m.Cmp(n) != 0 || n.Sign() <= 0 {
			t.Errorf("%q is %v, and encoded again %v, %v", text, n, m, err)
		}
	})
}

func TestDevicesStayInOrder(t *testing.T) {
	p := New(Name{ID: "us-east-1_AbCdEfGhI"}, &types.UserPoolType{DeviceConfiguration: &types.DeviceConfigurationType{}}, nil)
	u := &User{Sub: "sub"}
	now := time.Unix(1, 0)
	for _, key := range []string{"b", "d", "a", "c"} {
		if err := p.ConfirmDeviceLocked(u, &Grant{Device: key, Confirmable: true}, &Device{Key: key}, now); err != nil {
			t.Fatal(err)
		}
	}
	if err := u.ForgetDeviceLocked("c"); err != nil {
		t.Fatal(err)
	}
	var got string
	for d := range u.DevicesLocked("a") {
		got += d.Key
	}
	if got != "bd" {
		t.Errorf("devices after a = %q, want bd", got)
	}
	for _, key := range []string{"", "c", "e"} {
		if u.DeviceLocked(key) != nil {
			t.Errorf("there is a device %q", key)
		}
	}
}
