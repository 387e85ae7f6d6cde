// Package oauth answers at the domains of user pools: the OAuth 2.0 and OpenID Connect endpoints for
// applications, and the login pages for their users' browsers.
//
// It speaks HTTP, HTML and OAuth. Who may sign in, and what tokens hold, is for package signin to say.
//
// A [Request] is read first, so that faults and records know whom it concerns, and answered then. The table in
// endpoint.go says what answers where. Endpoints for applications answer JSON and the errors of RFC 6749;
// endpoints for browsers answer pages and redirections.
//
// Which pool is meant the host says, where it is a pool's domain. At any other host, such as the loopback
// interface, it is the pool of the app client that the request names, or of the token that it brings.
package oauth

import (
	"net/http"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/signin"
	"github.com/cognitotest/cognito/fake/internal/token"
)

// Endpoints answers at the domains of one server's pools. It is safe for concurrent use.
type Endpoints struct {
	store   *pool.Store
	tokens  *token.Issuer
	engine  *signin.Engine
	outward *http.Client // calls identity providers
	api     Operations
	logf    func(string, ...any)
}

// Parts is what Endpoints work with.
type Parts struct {
	Store  *pool.Store
	Tokens *token.Issuer
	Engine *signin.Engine
	Client *http.Client // that calls identity providers
	API    Operations
	Logf   func(string, ...any) // told what the test's author should know, without locks
}

// New returns the endpoints of these parts.
func New(p Parts) *Endpoints {
	return &Endpoints{store: p.Store, tokens: p.Tokens, engine: p.Engine, outward: p.Client, api: p.API, logf: p.Logf}
}

// Read reads a request, and reports whether its path is one of a domain. The body is consumed.
func (e *Endpoints) Read(r *http.Request) (*Request, bool) {
	to, ok := endpointOf(r.URL.Path)
	if !ok {
		return nil, false
	}
	in := &Request{Endpoints: e, http: r, endpoint: to, query: r.URL.Query()}
	r.Body = http.MaxBytesReader(nil, r.Body, maxForm)
	in.malformed = r.ParseForm() // which may read a part
	in.form = r.PostForm
	in.findPool()
	return in, true
}

// maxForm is the size over which the body of a request is refused: no form of the service's is nearly so large.
const maxForm = 1 << 20
