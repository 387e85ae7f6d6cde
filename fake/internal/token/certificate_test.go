package token

import (
	"crypto/x509"
	"encoding/base64"
	"testing"
	"time"
)

func TestCertificatesNameThePoolAndItsKey(t *testing.T) {
	var s Stock
	keys, from := s.Take(), time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	defer keys.Release()
	text, err := keys.Certificate("us-east-1_abcdefghi", from)
	if err != nil {
		t.Fatal(err)
	}
	der, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	_, key, err := keys.Private(UseAccess)
	if err != nil {
		t.Fatal(err)
	}
	if !key.PublicKey.Equal(c.PublicKey) || c.Subject.CommonName != "us-east-1_abcdefghi" || !c.NotBefore.Equal(from) || c.NotAfter.Year() != 2036 {
		t.Errorf("certificate of %v, from %v to %v", c.Subject, c.NotBefore, c.NotAfter)
	}
}
