package fake

import (
	"cmp"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/cognitotest/cognito/fake/internal/api"
	"github.com/cognitotest/cognito/fake/internal/clock"
	"github.com/cognitotest/cognito/fake/internal/envelope"
	"github.com/cognitotest/cognito/fake/internal/message"
	"github.com/cognitotest/cognito/fake/internal/oauth"
	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/signin"
	"github.com/cognitotest/cognito/fake/internal/token"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// Defaults of [Config].
const (
	DefaultRegion    = "us-east-1"
	DefaultAccountID = "123456789012"
)

// Config says how a [Server] behaves. The zero value works.
type Config struct {
	// Region is where pools are created by calls that name no region; "" means [DefaultRegion].
	Region string
	// AccountID stands in ARNs: 12 digits; "" means [DefaultAccountID].
	AccountID string
	// Seed other than 0 fixes ids, codes, generated passwords and secrets. Keys are always random.
	Seed uint64
	// Now is the time that the server follows; nil means [time.Now].
	Now func() time.Time
	// Logf receives what the test's author should know: requests that nobody handles, settings that
	// are stored but not simulated. It may be called from several goroutines; nil discards.
	Logf func(format string, args ...any)
	// Strictf, where it is not nil, receives in place of Logf what a strict test must not use: settings
	// that are stored but not simulated, operations and challenges that are not simulated, and what AWS
	// calls deprecated or no longer supported, of which Logf is not told. Each is told once.
	Strictf func(format string, args ...any)
	// Issuer is the base of every pool's iss, without a final slash: a token's issuer is it, a
	// slash, and the pool's id. "" means the URL of the listener or, without one, the service's
	// own: https://cognito-idp.<region>.amazonaws.com.
	Issuer string
	// AWSIssuer makes tokens name the service's own issuer even where the server listens.
	AWSIssuer bool
	// IdPClient calls the identity providers of pools, such as a test's own or another fake pool at its domain; nil
	// means [http.DefaultClient].
	IdPClient *http.Client
	// FreshKeys makes new RSA keys for every pool instead of taking keys that closed servers of
	// this process gave back.
	FreshKeys bool
}

// Server is a fake of the service: pools of all regions, reachable as an [http.Handler], as an
// [http.RoundTripper], through a listener, or as Go methods. It is safe for concurrent use.
type Server struct {
	config    Config
	clock     *clock.Clock
	store     *pool.Store
	tokens    *token.Issuer
	outbox    *message.Outbox
	functions *trigger.Functions
	api       *API
	oauth     *oauth.Endpoints
	random    *pool.Random
	secrets   secrets
	faults    faults
	throttle  throttle
	calls     callLog

	mu       sync.Mutex // guards everything below
	listener net.Listener
	server   *http.Server
	url      string
	cert     *certificate // where it listens with https
	noticed  map[string]bool
	closed   bool
}

// API is the operations as Go methods, with the SDK's types in and out: where a test wants no HTTP
// at all, it takes the place of *cognitoidentityprovider.Client behind any interface.
type API = api.API

// NewServer returns a server without pools. Close it when done, so that its keys can be used again.
func NewServer(c Config) *Server { return newServer(c, newSecrets()) }

// secrets are what makes a server, and its forks, understand what clients bring back to it.
type secrets struct {
	sessions *signin.Sealer
	pages    *api.PageSealer
	sender   envelope.Key
}

func newSecrets() secrets {
	return secrets{signin.NewSealer(), api.NewPageSealer(), envelope.NewKey(SenderKeyNamespace, SenderKeyName)}
}

func newServer(c Config, secret secrets) *Server {
	c.Region = cmp.Or(c.Region, DefaultRegion)
	c.AccountID = cmp.Or(c.AccountID, DefaultAccountID)
	if c.Logf == nil {
		c.Logf = func(string, ...any) {}
	}
	s := &Server{config: c, clock: clock.New(c.Now), random: pool.NewRandom(c.Seed), secrets: secret, noticed: map[string]bool{}}
	s.throttle = throttle{rates: map[Category]float64{}, due: map[quota]time.Time{}}
	s.store = pool.NewStore(c.AccountID, s.clock, s.random)
	take := token.Take
	if c.FreshKeys {
		take = token.TakeFresh
	}
	s.tokens = token.NewIssuer(s.store, s.issuer, take)
	s.functions = trigger.New(s.clock, c.Logf)
	s.outbox = message.NewOutbox(message.Parts{Clock: s.clock, Functions: s.functions, Key: secret.sender, Domain: s.domainURL, Logf: c.Logf})
	engine := signin.New(signin.Parts{
		Store: s.store, Tokens: s.tokens, Outbox: s.outbox, Functions: s.functions, Sessions: secret.sessions,
	})
	s.api = api.New(api.Parts{
		Store: s.store, Tokens: s.tokens, Engine: engine, Outbox: s.outbox, Functions: s.functions,
		Region: c.Region, Notice: s.notice, Pages: secret.pages,
	})
	s.oauth = oauth.New(oauth.Parts{Store: s.store, Tokens: s.tokens, Engine: engine, Client: cmp.Or(c.IdPClient, http.DefaultClient), API: s.api, Logf: c.Logf})
	return s
}

// API returns the operations as Go methods. They skip HTTP, signatures and constraints of the API
// model, and see the pools of all regions.
func (s *Server) API() *API { return s.api }

// Advance moves the server's clock by d, back where d is negative, also while it is frozen: tokens,
// codes, sessions and temporary passwords age, and what waits for the clock goes on.
func (s *Server) Advance(d time.Duration) { s.clock.Advance(d) }

// SetTime moves the server's clock to a moment, at most 292 years off, from where it goes on; a frozen
// clock goes again. Back in time is allowed: tokens issued later are then issued in the future.
func (s *Server) SetTime(moment time.Time) { s.clock.Set(moment) }

// Freeze stops the server's clock at a moment, so that every timestamp of a golden test is known.
// [Server.Advance] still moves it; [Server.SetTime] lets it go again, from where it stands with
// s.SetTime(s.Now()). Whatever waits for time to pass, such as the five seconds of a [Trigger], waits
// for that.
//
// A server in a testing/synctest bubble follows the bubble's time, from 2000 on, until it is frozen. Then
// the bubble's time goes on without it.
func (s *Server) Freeze(moment time.Time) { s.clock.Freeze(moment) }

// Now returns the server's time, in UTC.
func (s *Server) Now() time.Time { return s.clock.Now() }

// issuer returns the iss of a pool's tokens.
func (s *Server) issuer(p *pool.Pool) string {
	base := s.config.Issuer
	if base == "" && !s.config.AWSIssuer {
		base = s.URL()
	}
	if base == "" {
		base = "https://cognito-idp." + p.Region + ".amazonaws.com"
	}
	return base + "/" + p.ID
}

// Issuer returns the iss of the tokens of a pool, whether or not the pool exists, which is also the
// URL below which its discovery document and its keys are.
func (s *Server) Issuer(poolID string) string {
	return s.issuer(&pool.Pool{ID: poolID, Region: regionOfPool(poolID)})
}

// Region returns the region of pools that are created by calls that name none.
func (s *Server) Region() string { return s.config.Region }

// PinIDs gives the next pool and the next app client that are created, or imported without id, these ids instead of random
// ones; "" leaves an id random. An id that is taken already makes the creation fail.
func (s *Server) PinIDs(poolID, clientID string) { s.store.PinIDs(poolID, clientID) }
