package pool

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"iter"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Client is an app client. Its pool's lock guards every field but ID.
type Client struct {
	ID       string
	Settings *types.UserPoolClientType // without ClientSecret, which is the first of Secrets; replaced as a whole, never changed
	Secrets  []ClientSecret            // oldest first; none for a public client
}

// ClientSecret is one of the secrets of an app client.
type ClientSecret struct {
	ID      string
	Value   string
	Created time.Time
}

// ClientLocked returns an app client of this pool, or the service's ResourceNotFoundException.
func (p *Pool) ClientLocked(id string) (*Client, error) {
	if c, ok := p.clients.Get(id); ok {
		return c, nil
	}
	return nil, ClientNotFound(id)
}

// AddClientLocked adds an app client, or answers LimitExceededException.
func (p *Pool) AddClientLocked(c *Client) error {
	if p.clients.Len() >= maxClients {
		return TooManyResources("app clients")
	}
	p.clients.Set(c.ID, c)
	return nil
}

// RemoveClientLocked deletes an app client.
func (p *Pool) RemoveClientLocked(c *Client) { p.clients.Delete(c.ID) }

// ClientsLocked yields the app clients whose ids come after an id, in their order.
func (p *Pool) ClientsLocked(after string) iter.Seq[*Client] {
	return valuesOf(following(&p.clients, after))
}

// Confidential reports whether the client has a secret.
func (c *Client) Confidential() bool { return len(c.Secrets) > 0 }

// AddSecretLocked adds a secret to a client that has one, or answers LimitExceededException: a
// client has at most two.
func (c *Client) AddSecretLocked(s ClientSecret) error {
	switch {
	case !c.Confidential():
		return NotConfidential(c.ID)
	case len(c.Secrets) >= maxClientSecrets:
		return TooManyResources("client secrets")
	}
	c.Secrets = append(c.Secrets, s)
	return nil
}

// RemoveSecretLocked deletes a secret that is not the last one.
func (c *Client) RemoveSecretLocked(id string) error {
	i := slices.IndexFunc(c.Secrets, func(s ClientSecret) bool { return s.ID == id })
	switch {
	case i < 0:
		return SecretNotFound(id)
	case len(c.Secrets) == 1:
		return LastSecret()
	}
	c.Secrets = slices.Delete(c.Secrets, i, i+1)
	return nil
}

// HasSecret reports whether secret is one of the client's, in constant time for each.
func (c *Client) HasSecret(secret string) bool {
	return slices.ContainsFunc(c.Secrets, func(s ClientSecret) bool { return hmac.Equal([]byte(s.Value), []byte(secret)) })
}

// Accepts reports whether a client secret that was sent in clear is the client's: one of its secrets,
// or none for a public client.
func (c *Client) Accepts(secret *string) bool {
	if secret == nil {
		return !c.Confidential()
	}
	return c.HasSecret(*secret)
}

// CheckSecretHash verifies the SECRET_HASH that came with a username, made with any of the
// client's secrets. mismatch makes the error for a hash that does not match: the service words it
// in two ways, by operation. A hash is refused where the client has no secret.
func (c *Client) CheckSecretHash(username, hash string, mismatch func(clientID string) error) error {
	switch {
	case !c.Confidential() && hash == "":
		return nil
	case !c.Confidential():
		return SecretHashUnexpected(c.ID)
	case hash == "":
		return SecretHashMissing(c.ID)
	}
	for _, s := range c.Secrets {
		if hmac.Equal([]byte(SecretHash(s.Value, username, c.ID)), []byte(hash)) {
			return nil
		}
	}
	return mismatch(c.ID)
}

// SecretHash returns base64(HMAC-SHA256(key = secret, message = username ‖ clientID)).
func SecretHash(secret, username, clientID string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(username + clientID))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
