package srpclient

import (
	"encoding/json"
	"math/big"
	"os"
	"testing"
	"time"
)

// TestVectors uses the vectors of the server's half.
func TestVectors(t *testing.T) {
	b, err := os.ReadFile("../../../fake/internal/srp/testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		SRP []struct {
			Name, PoolName, UserIDForSRP, Password          string
			AHex, SaltHex, SRPAHex, SRPBHex                 string
			SecretBlockB64, Timestamp, SignatureB64, KeyHex string
		} `json:"srp"`
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	for _, test := range v.SRP {
		t.Run(test.Name, func(t *testing.T) {
			a, _ := new(big.Int).SetString(test.AHex, 16)
			want, _ := new(big.Int).SetString(test.SRPAHex, 16)
			c := with(test.PoolName, a)
			if c.A.Cmp(want) != 0 {
				t.Errorf("A = %s, want %s", c.Public(), test.SRPAHex)
			}
			at, err := time.Parse("Mon Jan 2 15:04:05 UTC 2006", test.Timestamp)
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.Answer(map[string]string{
				"SALT": test.SaltHex, "SRP_B": test.SRPBHex, "SECRET_BLOCK": test.SecretBlockB64, "USER_ID_FOR_SRP": test.UserIDForSRP,
			}, test.Password, at)
			if err != nil {
				t.Fatal(err)
			}
			if got["PASSWORD_CLAIM_SIGNATURE"] != test.SignatureB64 || got["TIMESTAMP"] != test.Timestamp {
				t.Errorf("answer = %v, want signature %s at %s", got, test.SignatureB64, test.Timestamp)
			}
			device, err := c.AnswerDevice(map[string]string{ // the same arithmetic, with a device key for the user
				"SALT": test.SaltHex, "SRP_B": test.SRPBHex, "SECRET_BLOCK": test.SecretBlockB64, "DEVICE_KEY": test.UserIDForSRP, "USERNAME": "ann",
			}, test.Password, at)
			if err != nil {
				t.Fatal(err)
			}
			if device["PASSWORD_CLAIM_SIGNATURE"] != test.SignatureB64 || device["USERNAME"] != "ann" || device["DEVICE_KEY"] != test.UserIDForSRP {
				t.Errorf("answer of a device = %v, want signature %s", device, test.SignatureB64)
			}
		})
	}
}

// TestDeviceVerifier uses the vector of the server's half.
func TestDeviceVerifier(t *testing.T) {
	b, err := os.ReadFile("../../../fake/internal/srp/testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Device struct {
			DeviceGroupKey, DeviceKey, DevicePassword, SaltHex     string
			ConfirmDeviceSaltB64, ConfirmDevicePasswordVerifierB64 string
		}
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	d := v.Device
	n, ok := new(big.Int).SetString(d.SaltHex, 16)
	if !ok {
		t.Fatalf("no hexadecimal number: %q", d.SaltHex)
	}
	salt, verifier := deviceVerifier(d.DeviceGroupKey, d.DeviceKey, d.DevicePassword, n)
	if salt != d.ConfirmDeviceSaltB64 || verifier != d.ConfirmDevicePasswordVerifierB64 {
		t.Errorf("salt %s, verifier %s; want %s, %s", salt, verifier, d.ConfirmDeviceSaltB64, d.ConfirmDevicePasswordVerifierB64)
	}
}
