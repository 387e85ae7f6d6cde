package fake

import (
	"bytes"
	"encoding/base64"
	"fmt"
)

// The namespace and the name of the server's wrapping key, which implementations of the AWS Encryption
// SDK want for a raw AES keyring.
const (
	SenderKeyNamespace = "cognitotest"
	SenderKeyName      = "custom-sender"
)

// SenderKey returns the AES-256 key, 32 bytes, under which the codes for custom senders are encrypted:
// it takes the place of the KMS key. Every server has its own, which its forks share; other processes find it in
// COGNITO_SENDER_KEY, in base64.
func (s *Server) SenderKey() []byte { return bytes.Clone(s.secrets.sender.Secret[:]) }

// DecryptCode returns the code or temporary password that the event of a custom e-mail or SMS sender
// has in request.code: base64 of a message of the AWS Encryption SDK, whose encryption context names
// the pool as userpool-id. Temporary passwords, and they alone, come escaped for HTML, as on the service:
// pass them to html.UnescapeString.
//
// Handlers that decrypt by the AWS Encryption SDK itself use a raw AES keyring with [Server.SenderKey]
// (AES-256, GCM, IV of 12 bytes, tag of 16). The algorithm suite is AES_256_GCM_HKDF_SHA512_COMMIT_KEY.
func (s *Server) DecryptCode(code string) (string, error) {
	message, err := base64.StdEncoding.DecodeString(code)
	if err != nil {
		return "", fmt.Errorf("cognitotest: the code of a custom sender is base64: %w", err)
	}
	text, _, err := s.secrets.sender.Open(message)
	if err != nil {
		return "", fmt.Errorf("cognitotest: the code is not of this server's SenderKey: %w", err)
	}
	return string(text), nil
}
