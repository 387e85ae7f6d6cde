package cognitotest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest/internal/authz"
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
	rules   Rules
	chores  chores
	twice   bool // whether there may be another pool of the mark
	config  aws.Config
	client  *cip.Client
	pool    *types.UserPoolType
	flows   []types.ExplicitAuthFlowsType
	known   map[string]credentials // users of a fixture, by username and by sub
	strictf func(string, ...any)   // nil where the tests are not strict
	found   *findings              // that are nobody's yet
	end     TB                     // of a fork: the test at whose end all of it is gone; nil otherwise

	// send is how requests reach the code that TestAuthorizer tests, where that serves requests.
	send func(*http.Request) authz.Answer
}

// New makes a user pool and an app client that are gone at the end of the test. It fails the test
// where it cannot.
func New(t TB, opts ...Option) *Provider {
	t.Helper()
	log := &testLog{t: t}
	logging := optionFunc(func(c *config) { c.logf, c.strictf = log.Logf, log.Errorf })
	p, err := Start(context.Background(), append(slices.Clip(opts), logging)...) // parallel tests may share opts
	if errors.As(err, new(unfit)) {
		t.Skipf("cognitotest: New: %v", err)
	}
	if err != nil {
		t.Fatalf("cognitotest: New: %v", err)
	}
	p.closeAtEnd(t, log)
	return p
}

// closeAtEnd closes the provider at the end of a test, to which log leads.
func (p *Provider) closeAtEnd(t TB, log *testLog) {
	stop := p.watchDeadline(t)
	t.Cleanup(func() {
		defer log.end()
		defer stop()
		p.keepAfter(t)
		if err := p.Close(context.Background()); err != nil {
			t.Errorf("cognitotest: closing the pool: %v", err)
		}
	})
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
	if c.fixture != nil {
		if err := c.fixture.open(c); err != nil {
			return nil, fmt.Errorf("fixture %s: %w", c.fixture.path, err)
		}
	}
	b, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	p := &Provider{strictf: c.strictf, found: found}
	p.connect(b)
	if err := p.create(ctx, c); err != nil {
		return nil, errors.Join(p.rules.explain(err), p.Close(ctx))
	}
	p.locate()
	return p, nil
}

// connect makes the provider use a backend.
func (p *Provider) connect(b Backend) {
	p.backend, p.rules, p.config = b, rulesOf(b), b.AWSConfig()
	p.Region, p.client = p.config.Region, cip.NewFromConfig(p.config)
}

// locate settles where the pool is found.
func (p *Provider) locate() {
	if s := p.fake(); s != nil {
		p.URL = s.URL()
	}
	p.Issuer = p.backend.Issuer(p.PoolID)
	p.JWKSURL = p.Issuer + "/.well-known/jwks.json"
}

// open returns the backend of the options, which is the fake where they name none.
func (c *config) open(ctx context.Context) (Backend, error) {
	switch {
	case c.connect != nil:
		return c.connect(ctx)
	case c.backend != nil:
		return c.backend, nil
	}
	return newFakeBackend(c)
}

// create makes the pool and the app client, or takes those that exist.
func (p *Provider) create(ctx context.Context, c *config) error {
	if err := p.rules.checkFit(c); err != nil {
		return err
	}
	if err := c.checkIdPClient(p.fake() != nil); err != nil {
		return err
	}
	if err := p.bindFunctions(c); err != nil {
		return err
	}
	settle := p.createPool
	switch {
	case c.fixture != nil:
		settle = p.load
	case p.rules.guest():
		settle = p.joinPool
	}
	if err := settle(ctx, c); err != nil {
		return err
	}
	client, err := p.settleClient(ctx, c)
	if err != nil {
		return fmt.Errorf("the app client: %w", err)
	}
	p.ClientID, p.ClientSecret, p.flows = client.ID, client.Secret, client.flows
	return nil
}

// createPool makes a pool of the provider's own.
func (p *Provider) createPool(ctx context.Context, c *config) error {
	if mark := p.rules.mark(""); mark != "" {
		c.pool.PoolName = &mark
		c.pool.UserPoolTags = maps.Clone(c.pool.UserPoolTags)
		if c.pool.UserPoolTags == nil {
			c.pool.UserPoolTags = map[string]string{}
		}
		c.pool.UserPoolTags[MarkTag] = mark
	}
	if c.pool.PoolName == nil {
		c.pool.PoolName = aws.String("cognitotest")
	}
	c.addPasskeys()
	made, err := p.client.CreateUserPool(ctx, &c.pool)
	if err != nil {
		return fmt.Errorf("creating the user pool: %w", err)
	}
	p.pool, p.PoolID = made.UserPool, *made.UserPool.Id
	if p.fake() == nil {
		p.twice = repeated(made.ResultMetadata)
		p.chores.add(p.poolChore())
	}
	if err := p.setMFA(ctx, c.mfa); err != nil {
		return fmt.Errorf("setting MFA: %w", err)
	}
	return p.handleTriggers(c.triggers)
}

// settleClient makes the provider's app client, unless a guest needs no other than the host's.
func (p *Provider) settleClient(ctx context.Context, c *config) (*AppClient, error) {
	if c.fixture != nil && c.fixture.clientID != "" {
		return p.useClient(ctx, c.fixture.clientID)
	}
	if p.rules.ClientID != "" && !c.secret && reflect.ValueOf(c.client).IsZero() {
		return p.useClient(ctx, p.rules.ClientID)
	}
	if c.secret {
		c.client.GenerateSecret = true
	}
	client, err := p.createClient(ctx, c.client)
	if err == nil && p.rules.guest() {
		p.chores.add(p.clientChore(client)) // where the pool goes, its app clients do
	}
	return client, err
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
	p.findUnusedFaults()
	var errs []error
	for one := p.chores.takeLast(); one != nil; one = p.chores.takeLast() {
		errs = append(errs, p.do(ctx, one))
	}
	return errors.Join(append(errs, p.backend.Close(ctx), p.found.err())...)
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
	if p.rules.HTTPClient != nil {
		return p.rules.HTTPClient
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
