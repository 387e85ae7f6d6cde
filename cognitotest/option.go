package cognitotest

import (
	"context"
	"errors"
	"net/http"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
)

// Option changes what [New] and [Start] make. None is required.
type Option interface{ apply(*config) }

type optionFunc func(*config)

func (f optionFunc) apply(c *config) { f(c) }

// config is what options decide.
type config struct {
	inMemory, awsIssuer, freshKeys, tls bool

	region, poolID, clientID string
	pool                     cip.CreateUserPoolInput
	client                   cip.CreateUserPoolClientInput
	mfa                      *cip.SetUserPoolMfaConfigInput
	secret                   bool
	relyingParty             string // of passkeys
	triggers                 []trigger
	functions                []function
	idpClient                *http.Client // that calls identity providers
	backend                  Backend
	fixture                  *fixture
	connect                  func(context.Context) (Backend, error)
	logf                     func(string, ...any)
	strict                   bool
	strictf                  func(string, ...any) // where the test is strict
}

// InMemory makes a pool without a socket. Only [Provider.Client], [Provider.HTTPClient] and clients
// made from [Provider.AWSConfig] reach it; they answer for the service's own host names, and tokens
// name the service's own issuer. Needed in a testing/synctest bubble.
func InMemory() Option { return optionFunc(func(c *config) { c.inMemory = true }) }

// AWSIssuer makes tokens name https://cognito-idp.<region>.amazonaws.com/<pool id> as their issuer,
// as the service does, also where the pool listens on a loopback port. [Provider.JWKSURL] then
// names the service's host: fetch it with [Provider.HTTPClient].
func AWSIssuer() Option { return optionFunc(func(c *config) { c.awsIssuer = true }) }

// TLS makes the pool listen with https, with a certificate of its own: [Provider.HTTPClient] trusts
// it, and fake.Server.CACert has it for others.
func TLS() Option { return optionFunc(func(c *config) { c.tls = true }) }

// FreshKeys makes the pool's RSA keys anew, at about 100 ms for a test, instead of taking keys that
// an earlier, finished test of this process may have used under other key ids.
func FreshKeys() Option { return optionFunc(func(c *config) { c.freshKeys = true }) }

// WithRegion sets the region of the pool, such as eu-central-1. The default is us-east-1.
func WithRegion(region string) Option { return optionFunc(func(c *config) { c.region = region }) }

// WithPool sets the settings of the user pool, any that the service has. PoolName may be left out.
func WithPool(in cip.CreateUserPoolInput) Option {
	return optionFunc(func(c *config) { c.pool = in })
}

// WithMFA sets multi-factor authentication of the user pool, as SetUserPoolMfaConfig does. UserPoolId
// may be left out. For authenticator apps:
//
//	cognitotest.WithMFA(cip.SetUserPoolMfaConfigInput{
//		MfaConfiguration:              types.UserPoolMfaTypeOptional,
//		SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
//	})
func WithMFA(in cip.SetUserPoolMfaConfigInput) Option {
	return optionFunc(func(c *config) { c.mfa = &in })
}

// WithAppClient sets the settings of the app client, any that the service has. ClientName and
// UserPoolId may be left out; without ExplicitAuthFlows the client allows sign-in by password, by
// SRP, by refresh token (unless they are rotated) and by custom challenge, with and without an administrator.
func WithAppClient(in cip.CreateUserPoolClientInput) Option {
	return optionFunc(func(c *config) { c.client = in })
}

// WithClientSecret gives the app client a generated secret: [Provider.ClientSecret].
func WithClientSecret() Option { return optionFunc(func(c *config) { c.secret = true }) }

// WithPoolID pins the id of the fake's pool, which otherwise is random: the region, an underscore,
// letters and digits, such as us-east-1_AbCdEfGhI. The region of the id becomes the pool's. A real
// pool's id cannot be chosen; there this option does nothing.
func WithPoolID(id string) Option { return optionFunc(func(c *config) { c.poolID = id }) }

// WithClientID pins the id of the fake's app client, which otherwise is random. A real client's id
// cannot be chosen; there this option does nothing.
func WithClientID(id string) Option { return optionFunc(func(c *config) { c.clientID = id }) }

// WithBackend makes the pool elsewhere than in the fake.
func WithBackend(b Backend) Option { return optionFunc(func(c *config) { c.backend = b }) }

// WithBackendFrom makes the pool elsewhere than in the fake, in a backend that [New] or [Start] opens. Its
// errors are theirs.
func WithBackendFrom(open func(context.Context) (Backend, error)) Option {
	return optionFunc(func(c *config) { c.connect = open })
}

var errBubble = errors.New("a loopback socket hangs in a testing/synctest bubble: pass cognitotest.InMemory(), or make the pool outside the bubble with it")

// inBubble guesses whether the caller runs in a synctest bubble, whose time begins in the year 2000.
func inBubble() bool { return time.Now().Year() < 2020 }
