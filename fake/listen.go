package fake

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"time"
)

// Listen serves HTTP at addr, such as "127.0.0.1:0" for any free port of the loopback interface,
// and returns the URL. A server listens once, before its first token is made: the URL is part of the
// tokens' issuer, and tokens of another issuer are refused. [Server.Close] ends it.
func (s *Server) Listen(addr string) (url string, err error) {
	return s.listen(addr, "http", nil)
}

// ListenTLS is Listen with https. The certificate is made for the purpose, for addr's host and for
// localhost; [Server.CACert] returns it for those who must trust it.
func (s *Server) ListenTLS(addr string) (url string, err error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return "", fmt.Errorf("cognitotest: listening at %s: %w", addr, err)
	}
	cert, err := s.certificateFor(host)
	if err != nil {
		return "", fmt.Errorf("cognitotest: making a certificate: %w", err)
	}
	url, err = s.listen(addr, "https", &tls.Config{Certificates: []tls.Certificate{cert.Certificate}})
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cert = cert
	return url, nil
}

// certificate is a certificate that a server made for itself.
type certificate struct {
	tls.Certificate
	host string
	pem  []byte
}

// certificateFor returns the certificate that the server has already, from the server that it is a fork of,
// where that is for the same host, and a new one otherwise.
func (s *Server) certificateFor(host string) (*certificate, error) {
	s.mu.Lock()
	cert := s.cert
	s.mu.Unlock()
	if cert != nil && cert.host == host {
		return cert, nil
	}
	return selfSigned(host)
}

func (s *Server) listen(addr, scheme string, secure *tls.Config) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.listener != nil {
		return "", errors.New("cognitotest: the server listens already or is closed; make another with fake.NewServer")
	}
	var plain net.ListenConfig
	plain.SetMultipathTCP(false) // which costs two system calls more
	l, err := plain.Listen(context.Background(), "tcp", addr)
	if err != nil {
		return "", fmt.Errorf("cognitotest: listening at %s: %w", addr, err)
	}
	s.url = scheme + "://" + l.Addr().String()
	s.listener = l
	s.server = &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	if secure != nil {
		l = tls.NewListener(l, secure)
	}
	go s.server.Serve(l) // ends with Close
	return s.url, nil
}

// URL returns where the server listens, such as http://127.0.0.1:41234, or "" where it does not.
func (s *Server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.url
}

// CACert returns the certificate of [Server.ListenTLS] in PEM, or nil. A fork that listens at the same host
// has the same one.
func (s *Server) CACert() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cert == nil {
		return nil
	}
	return bytes.Clone(s.cert.pem)
}

// Close ends the listener and its connections and gives the server's keys back. Calls after it
// still answer, with keys of their own.
func (s *Server) Close() error {
	s.mu.Lock()
	s.closed = true
	server := s.server
	s.mu.Unlock()
	var err error
	if server != nil {
		err = server.Close()
	}
	s.tokens.Close()
	return err
}

// selfSigned makes a certificate for a host, for localhost and for the loopback addresses.
func selfSigned(host string) (*certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "cognitotest"},
		NotBefore:             time.Unix(0, 0), // also valid in a bubble, whose time begins in 2000
		NotAfter:              time.Date(2120, 1, 1, 0, 0, 0, 0, time.UTC),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:              []string{"localhost"},
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = append(template.IPAddresses, ip)
	} else if host != "" {
		template.DNSNames = append(template.DNSNames, host)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	return &certificate{
		Certificate: tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key},
		host:        host,
		pem:         pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
	}, nil
}
