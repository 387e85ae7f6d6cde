package cognitotest

import (
	"context"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/cognitotest/cognito/fake"
)

// Backend is where pools live: the fake of package fake, or the service itself.
type Backend interface {
	// AWSConfig returns the configuration of SDK clients that reach the backend.
	AWSConfig() aws.Config
	// Issuer returns the iss of the tokens of a pool, below which its keys are published.
	Issuer(poolID string) string
	// Close frees what the backend holds.
	Close(context.Context) error
}

// fakeBackend is the default backend.
type fakeBackend struct{ server *fake.Server }

// newFakeBackend makes a server and, unless it is to stay in memory, lets it listen.
func newFakeBackend(c *config) (*fakeBackend, error) {
	server := fake.NewServer(fake.Config{
		Region: c.region, Logf: c.logf, AWSIssuer: c.awsIssuer || c.inMemory, FreshKeys: c.freshKeys,
		Strictf: c.strictf, IdPClient: c.idpClient,
	})
	server.PinIDs(c.poolID, c.clientID)
	b := &fakeBackend{server}
	return b, b.listen(c)
}

// listen lets the server listen, unless it is to stay in memory.
func (b *fakeBackend) listen(c *config) error {
	listen := b.server.Listen
	switch {
	case c.inMemory:
		return nil
	case inBubble():
		return errBubble
	case c.tls:
		listen = b.server.ListenTLS
	}
	_, err := listen("127.0.0.1:0")
	return err
}

// AWSConfig is built by hand: config.LoadDefaultConfig would read the machine's configuration, and
// refuses an HTTP client of our own where AWS_CA_BUNDLE is set.
func (b *fakeBackend) AWSConfig() aws.Config {
	c := aws.Config{
		Region:      b.server.Region(),
		Credentials: aws.CredentialsProviderFunc(fakeCredentials),
		HTTPClient:  &http.Client{Transport: b.server},
	}
	if url := b.server.URL(); url != "" {
		c.BaseEndpoint = &url
	}
	return c
}

// Credentials that sign calls to the fake, which accepts any.
const (
	fakeAccessKeyID     = "AKIACOGNITOTESTFAKE0"
	fakeSecretAccessKey = "cognitotest-signs-with-any-secret-key-00"
)

func fakeCredentials(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: fakeAccessKeyID, SecretAccessKey: fakeSecretAccessKey, Source: "cognitotest"}, nil
}

func (b *fakeBackend) Issuer(poolID string) string { return b.server.Issuer(poolID) }

func (b *fakeBackend) Close(context.Context) error { return b.server.Close() }
