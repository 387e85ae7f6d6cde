package cognitotest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake"
)

// TB is what this package needs of a test; *testing.T and *testing.B have it, and so do the tests
// of other frameworks.
type TB interface {
	Helper()
	Name() string
	Cleanup(func())
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Skipf(format string, args ...any)
}

// Provider is a user pool with an app client. Its fields do not change; its methods are safe for
// concurrent use.
type Provider struct {
	PoolID       string
	ClientID     string
	ClientSecret string // "" where the client has none
	Region       string
	URL          string // of the loopback listener, or "" where there is none
	Issuer       string // the iss of the tokens
	JWKSURL      string // where the keys that verify tokens are published

	backend Backend
	config  aws.Config
	client  *cip.Client
	pool    *types.UserPoolType
	flows   []types.ExplicitAuthFlowsType
	strictf func(string, ...any) // nil where the tests are not strict
	found   *findings            // that are nobody's yet
}

// New makes a user pool and an app client that are gone at the end of the test. It fails the test
// where it cannot.
func New(t TB, opts ...Option) *Provider {
	t.Helper()
	log := &testLog{t: t}
	logging := optionFunc(func(c *config) { c.logf, c.strictf = log.Logf, log.Errorf })
	p, err := Start(context.Background(), append(slices.Clip(opts), logging)...) // parallel tests may share opts
	if err != nil {
		t.Fatalf("cognitotest: New: %v", err)
	}
	t.Cleanup(func() {
		defer log.end()
		if err := p.Close(context.Background()); err != nil {
			t.Errorf("cognitotest: closing the pool: %v", err)
		}
	})
	return p
}

// testLog passes lines to a test until the test ends: its Logf panics after that.
type testLog struct {
	mu sync.Mutex // guards t
	t  TB
}

func (l *testLog) Logf(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.t != nil {
		l.t.Logf(format, args...)
	}
}

func (l *testLog) Errorf(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.t != nil {
		l.t.Errorf(format, args...)
	}
}

func (l *testLog) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.t = nil
}

// Start is [New] without a test, for TestMain: one pool for the tests of a package. Close the
// provider at the end.
func Start(ctx context.Context, opts ...Option) (*Provider, error) {
	c := &config{}
	for _, o := range opts {
		o.apply(c)
	}
	found := c.beStrict()
	if region, _, pinned := strings.Cut(c.poolID, "_"); pinned {
		c.region = region
	}
	if c.backend == nil {
		b, err := newFakeBackend(c)
		if err != nil {
			return nil, err
		}
		c.backend = b
	}
	p := &Provider{backend: c.backend, config: c.backend.AWSConfig(), strictf: c.strictf, found: found}
	p.Region, p.client = p.config.Region, cip.NewFromConfig(p.config)
	if err := p.create(ctx, c); err != nil {
		return nil, errors.Join(err, p.Close(ctx))
	}
	if s := p.fake(); s != nil {
		p.URL = s.URL()
	}
	p.Issuer = c.backend.Issuer(p.PoolID)
	p.JWKSURL = p.Issuer + "/.well-known/jwks.json"
	return p, nil
}

// create makes the pool and the app client.
func (p *Provider) create(ctx context.Context, c *config) error {
	if c.pool.PoolName == nil {
		c.pool.PoolName = aws.String("cognitotest")
	}
	if err := p.bindFunctions(c); err != nil {
		return err
	}
	c.addPasskeys()
	made, err := p.client.CreateUserPool(ctx, &c.pool)
	if err != nil {
		return fmt.Errorf("creating the user pool: %w", err)
	}
	p.pool, p.PoolID = made.UserPool, *made.UserPool.Id
	if err := p.setMFA(ctx, c.mfa); err != nil {
		return fmt.Errorf("setting MFA: %w", err)
	}
	if err := p.handleTriggers(c.triggers); err != nil {
		return err
	}
	if c.secret {
		c.client.GenerateSecret = true
	}
	client, err := p.createClient(ctx, c.client)
	if err != nil {
		return fmt.Errorf("creating the app client: %w", err)
	}
	p.ClientID, p.ClientSecret, p.flows = client.ID, client.Secret, client.flows
	return nil
}

func (p *Provider) setMFA(ctx context.Context, in *cip.SetUserPoolMfaConfigInput) error {
	if in == nil {
		return nil
	}
	own := *in // the option may serve several pools
	own.UserPoolId = &p.PoolID
	_, err := p.client.SetUserPoolMfaConfig(ctx, &own)
	return err
}

// Close deletes the pool. It is called by itself where [New] made the provider. What [Strict] found is an
// error where [Start] made it.
func (p *Provider) Close(ctx context.Context) error {
	var err error
	p.findUnusedFaults()
	if p.fake() == nil && p.PoolID != "" {
		_, err = p.client.DeleteUserPool(ctx, &cip.DeleteUserPoolInput{UserPoolId: &p.PoolID})
	}
	return errors.Join(err, p.backend.Close(ctx), p.found.err())
}

// Client returns an SDK client that reaches the pool.
func (p *Provider) Client() *cip.Client { return p.client }

// AWSConfig returns a configuration for code that makes its own SDK client.
func (p *Provider) AWSConfig() aws.Config { return p.config.Copy() }

// HTTPClient returns a client that reaches the provider: on the fake, whatever host a URL names.
func (p *Provider) HTTPClient() *http.Client {
	if s := p.fake(); s != nil {
		return &http.Client{Transport: s}
	}
	return http.DefaultClient
}

// SecretHash returns the SECRET_HASH parameter for a username: base64 of the HMAC-SHA256 of the
// username and the client id, keyed with the client's secret. It is "" where there is no secret.
func (p *Provider) SecretHash(username string) string {
	return secretHash(p.ClientSecret, username, p.ClientID)
}

// Fake returns the server behind the pool, for what only a fake can do: time, messages. On a real
// pool it skips the test.
func (p *Provider) Fake(t TB) *fake.Server {
	t.Helper()
	s := p.fake()
	if s == nil {
		t.Skipf("cognitotest: this test needs the fake, and runs on a real pool")
	}
	return s
}

func (p *Provider) fake() *fake.Server {
	if b, ok := p.backend.(*fakeBackend); ok {
		return b.server
	}
	return nil
}

// now is the time by which tokens age.
func (p *Provider) now() time.Time {
	if s := p.fake(); s != nil {
		return s.Now()
	}
	return time.Now()
}
