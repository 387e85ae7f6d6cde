package cognitotest

import (
	"net/http"
	"testing"
	"time"

	"github.com/cognitotest/cognito/cognitotest/internal/authz"
)

// TestAuthorizer tests code that receives tokens: it must accept those that a user pool issues, refuse every wrong
// one, and not be misled or brought down while the pool's key service is in trouble. Each rule is a subtest; a
// failure says what the code did with which token, the rule, and what breaking it costs.
//
//	func TestAuthorizer(t *testing.T) {
//		cognitotest.TestAuthorizer(t, cognitotest.Middleware(func(p *cognitotest.Provider) http.Handler {
//			return api.New(p.Issuer, p.ClientID) // the handler under test
//		}), cognitotest.RequireGroup("admins"))
//	}
//
// newVerifier makes the verifier under test for a provider, from [Provider.Issuer], [Provider.JWKSURL] and
// [Provider.ClientID]; it is called again for each subtest that wants a verifier of its own. The verifier accepts
// a token by returning nil; it is called from several goroutines, and a panic, or ten seconds without an
// answer, is a finding. [Middleware] and [LambdaAuthorizer] make one of what serves requests.
//
// Without options the verifier is to accept the access tokens of the provider's app client, and no other. Subtests
// named accept/... hold good tokens, refuse/... wrong ones, request/... requests without a good token where it belongs,
// and keys/... disturb the JWKS. Those named advice/... only log: what the standards leave to the verifier.
//
// The tokens are forged with the keys of the fake, and nothing leaves the machine. Tests in parallel may each call
// it; a test in a testing/synctest bubble may not, since it has subtests.
func TestAuthorizer(t *testing.T, newVerifier func(t *testing.T, p *Provider) func(token string) error, opts ...AuthorizerOption) {
	t.Helper()
	runAuthorizer(subtests{t}, func(t authorizerT, p *Provider) func(string) error {
		return newVerifier(t.(subtests).T, p)
	}, opts)
}

// AuthorizerOption says what a verifier under [TestAuthorizer] wants.
type AuthorizerOption func(*authorizer)

// authorizer is what options decide.
type authorizer struct {
	authz.Want
	provider []Option
	waived   map[string]string
	patience time.Duration
}

// AcceptIDTokens says that the verifier accepts ID tokens in place of access tokens.
func AcceptIDTokens() AuthorizerOption {
	return func(a *authorizer) { a.Uses = []string{authz.ID} }
}

// AcceptEither says that the verifier accepts ID tokens as well as access tokens.
func AcceptEither() AuthorizerOption {
	return func(a *authorizer) { a.Uses = []string{authz.Access, authz.ID} }
}

// AcceptClients says that the verifier accepts tokens of further app clients besides [Provider.ClientID]. They are
// made with these ids, which are of letters and digits.
func AcceptClients(ids ...string) AuthorizerOption {
	return func(a *authorizer) { a.Clients = append(a.Clients, ids...) }
}

// AcceptAnyClient says that the verifier accepts tokens of all app clients of the pool.
func AcceptAnyClient() AuthorizerOption {
	return func(a *authorizer) { a.AnyClient = true }
}

// AcceptLeeway says that the verifier accepts a token that expired no longer ago than this.
func AcceptLeeway(d time.Duration) AuthorizerOption {
	return func(a *authorizer) { a.Leeway = d }
}

// RequireScope says that the verifier accepts an access token only if it has this scope.
func RequireScope(scope string) AuthorizerOption {
	return func(a *authorizer) { a.Scope = scope }
}

// RequireGroup says that the verifier accepts tokens of the members of this group alone.
func RequireGroup(name string) AuthorizerOption {
	return func(a *authorizer) { a.Group = name }
}

// RequireSession says that the verifier asks the pool whether a session is still good, such as by GetUser
// through [Provider.Client], and refuses tokens of users who signed out everywhere, were disabled or deleted, or
// whose refresh token was revoked. Of the sessions of ID tokens a pool can only be asked through their users.
func RequireSession() AuthorizerOption {
	return func(a *authorizer) { a.Online = true }
}

// OnProvider makes the providers of the test with these options, such as [AWSIssuer] for a verifier that derives
// the issuer from a pool's id. [WithBackend] is not one of them: tokens can be forged on the fake alone.
func OnProvider(opts ...Option) AuthorizerOption {
	return func(a *authorizer) { a.provider = append(a.provider, opts...) }
}

// Waive skips a case by the name of its subtest, such as request/authorization-twice, for a reason that the log
// of the test then tells. A name that no case has fails the test.
func Waive(name, reason string) AuthorizerOption {
	return func(a *authorizer) { a.waived[name] = reason }
}

func newAuthorizer(opts []AuthorizerOption) *authorizer {
	a := &authorizer{Want: authz.Want{Uses: []string{authz.Access}}, waived: map[string]string{}, patience: patience}
	for _, o := range opts {
		o(a)
	}
	return a
}

// patience is how long a verifier may think about a token.
const patience = 10 * time.Second

// authorizerT is a test with subtests.
type authorizerT interface {
	TB
	Run(name string, f func(authz.T))
}

// subtests is a test of package testing.
type subtests struct{ *testing.T }

// Run runs a subtest.
func (t subtests) Run(name string, f func(authz.T)) {
	t.Helper()
	t.T.Run(name, func(t *testing.T) {
		t.Helper()
		f(subtests{t})
	})
}

// runAuthorizer is TestAuthorizer on any test.
func runAuthorizer(t authorizerT, newVerifier func(authorizerT, *Provider) func(string) error, opts []AuthorizerOption) {
	t.Helper()
	a := newAuthorizer(opts)
	p := New(t, a.provider...)
	a.try(t, p, a.world(t, p), newVerifier)
}

// try tries a verifier with the tokens of a world, which are those of a provider.
func (a *authorizer) try(t authorizerT, p *Provider, world *authz.World, newVerifier func(authorizerT, *Provider) func(string) error) {
	t.Helper()
	suite := &authz.Suite{World: world, Waived: a.waived, Patience: a.patience, Verify: newVerifier(t, p)}
	suite.Send = p.send
	suite.Fresh = func(t authz.T, prepare func(*authz.World)) (*authz.World, authz.Verifier) {
		own := t.(authorizerT)
		fork, moved := forkWorld(own, p, world)
		prepare(moved)
		return moved, newVerifier(own, fork)
	}
	suite.Run(t)
}

// forkWorld makes a copy of a provider, with tokens of its own.
func forkWorld(t TB, p *Provider, world *authz.World) (*Provider, *authz.World) {
	t.Helper()
	fork := p.Fork(t)
	moved, err := world.Move(fork.Fake(t))
	if err != nil {
		t.Fatalf("cognitotest: internal error: %v", err)
	}
	return fork, moved
}

// Middleware makes a verifier for [TestAuthorizer] of an HTTP handler, or of a handler that a middleware protects.
// The handler gets requests of GET / with the token in the header Authorization: Bearer. It accepts with a status of
// 2xx and refuses with 401 or 403; also with 400 what has other letters than credentials have, with 431 what is too
// large for a header, and with any 5xx while the pool's keys cannot be had. Any other status, such as 500 for a token
// that it cannot read, is a finding. So are a 401 without WWW-Authenticate: Bearer, an answer that goes on after the
// refusal, and requests that it should not have understood, such as others than GET without a token (request/...).
func Middleware(newHandler func(p *Provider) http.Handler) func(*testing.T, *Provider) func(token string) error {
	return func(_ *testing.T, p *Provider) func(string) error {
		handler := newHandler(p)
		return p.sends(func(r *http.Request) authz.Answer {
			w := &answerWriter{header: http.Header{}}
			handler.ServeHTTP(w, r)
			if w.status == 0 {
				w.status = http.StatusOK
			}
			return authz.Answer{Status: w.status, Challenge: w.header.Values("WWW-Authenticate"), Writes: w.writes}
		})
	}
}

// sends makes a verifier of what answers requests, and remembers that for the cases about requests.
func (p *Provider) sends(send func(*http.Request) authz.Answer) func(string) error {
	p.send = send
	return func(token string) error { return send(authz.NewRequest("", "Bearer "+token)).ErrOf(token) }
}

// answerWriter is an http.ResponseWriter that keeps what is written to it.
type answerWriter struct {
	header http.Header
	status int
	writes []string
}

func (w *answerWriter) Header() http.Header { return w.header }

func (w *answerWriter) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status = status
	}
}

func (w *answerWriter) Write(body []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	w.writes = append(w.writes, string(body))
	return len(body), nil
}
