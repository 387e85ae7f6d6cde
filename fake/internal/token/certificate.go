package token

import (
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"time"
)

// certificateYears is how long a certificate is valid.
const certificateYears = 10

// Certificate returns an X.509 certificate of the pool's newest key for access tokens, DER in base64, which the key
// itself has signed. It names the pool, as certificates of the service do.
func (k *Keys) Certificate(poolID string, from time.Time) (string, error) {
	_, key, err := k.Private(UseAccess)
	if err != nil {
		return "", err
	}
	name := pkix.Name{CommonName: poolID}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(from.UnixMilli()), Subject: name, Issuer: name,
		NotBefore: from, NotAfter: from.AddDate(certificateYears, 0, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return "", fmt.Errorf("token: certificate: %w", err)
	}
	return base64.StdEncoding.EncodeToString(der), nil
}
