package oauth

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// Request is a request to an endpoint of a domain.
type Request struct {
	*Endpoints
	http      *http.Request
	endpoint  endpoint
	query     url.Values
	form      url.Values // of the body
	malformed error      // why query or form cannot be read
	pool      *pool.Pool // nil where nothing names one
	hosted    bool       // whether the host is a domain of the pool
}

// Path returns the endpoint, as the developer guide writes its path.
func (r *Request) Path() string { return r.endpoint.path }

// PoolID returns the id of the pool that the request concerns, or "".
func (r *Request) PoolID() string {
	if r.pool == nil {
		return ""
	}
	return r.pool.ID
}

// ClientID returns the id of the app client that the request names, whether or not it exists, or "".
func (r *Request) ClientID() string {
	if !r.endpoint.api {
		return r.query.Get("client_id")
	}
	if id, _, basic := r.credentials(); basic {
		return id
	}
	return r.form.Get("client_id")
}

// credentials returns the id and the secret of an app client in the Authorization header. Clients may encode them as
// in a form (RFC 6749 section 2.3.1); those that do not are understood too, since neither has a percent sign.
func (r *Request) credentials() (id, secret string, ok bool) {
	id, secret, ok = r.http.BasicAuth()
	return decoded(id), decoded(secret), ok
}

func decoded(s string) string {
	if plain, err := url.PathUnescape(s); err == nil { // which leaves a plus sign as it is
		return plain
	}
	return s
}

// repeats reports whether a parameter comes more than once, which RFC 6749 forbids; RFC 8707 allows it of resource.
func repeats(parameters url.Values) bool {
	for name, values := range parameters {
		if len(values) > 1 && name != "resource" {
			return true
		}
	}
	return false
}

// Username returns whom the form of a page names, or "".
func (r *Request) Username() string { return r.form.Get("username") }

// Form returns the form that the request brings, which must not be changed.
func (r *Request) Form() url.Values { return r.form }

// Answer answers the request.
func (r *Request) Answer(ctx context.Context) Answer {
	r.http = r.http.WithContext(ctx)
	answer := r.endpoint.handler(r.http.Method)
	if r.pool == nil {
		r.logf("cognitotest: %s %s concerns no user pool: neither the host %s nor an app client or token that it names is one's", r.http.Method, r.Path(), r.http.Host)
	}
	switch {
	case answer == nil:
		return methodNotAllowed(r.endpoint)
	case r.malformed != nil:
		return r.Refuse(invalidRequest(""))
	case r.pool != nil && !r.hasDomain():
		r.logf("cognitotest: %s was asked for at pool %s, which has no domain: give it one by CreateUserPoolDomain", r.Path(), r.pool.ID)
		return r.Refuse(noDomain())
	}
	return answer(r)
}

// Refuse is the answer to a request that an error keeps from being answered, in the endpoint's manner.
func (r *Request) Refuse(err error) Answer {
	if r.endpoint.api {
		return refusal(err)
	}
	return r.errorPage(err)
}

// findPool finds the pool that the request concerns.
func (r *Request) findPool() {
	host := r.http.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if p, ok := r.store.PoolOfDomain(strings.ToLower(host)); ok {
		r.pool, r.hosted = p, true
	} else if p, err := r.store.PoolOfClient(r.ClientID(), ""); err == nil {
		r.pool = p
	} else if p, err := r.tokens.PoolOf(r.bearer()); err == nil {
		r.pool = p
	} else if id, _ := departureOf(r.parameter("state")); r.Path() == returnPath {
		r.pool, _ = r.store.Pool(id, "")
	}
}

// bearer returns the access token in the Authorization header, or "".
func (r *Request) bearer() string {
	scheme, value, _ := strings.Cut(r.http.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(value)
}

func (r *Request) hasDomain() bool {
	r.pool.Lock()
	defer r.pool.Unlock()
	return len(r.pool.DomainsLocked()) > 0
}

// client returns the app client that the request names, as it is now, if the pool has it.
func (r *Request) client() (*pool.Client, bool) {
	if r.pool == nil {
		return nil, false
	}
	r.pool.Lock()
	defer r.pool.Unlock()
	found, err := r.pool.ClientLocked(r.ClientID())
	if err != nil {
		return nil, false
	}
	c := *found
	c.Secrets = slices.Clone(c.Secrets)
	return &c, true
}

// by says who calls the functions of triggers.
func (r *Request) by(c *pool.Client) trigger.Call {
	return trigger.NewCall(r.http.Context(), r.pool, c.ID)
}

// url returns the URL of a path at the domain.
func (r *Request) url(path string, query url.Values) string {
	return r.origin() + path + suffix("?", query.Encode())
}

// origin returns the URL that the browser has of the domain, which is https whatever carries the request.
func (r *Request) origin() string {
	scheme := cmp.Or(r.http.URL.Scheme, "http") // that of a request without a socket
	if r.http.TLS != nil || r.hosted {
		scheme = "https"
	}
	return scheme + "://" + r.http.Host
}

// secure reports whether the browser sends cookies that are for https alone.
func (r *Request) secure() bool { return strings.HasPrefix(r.origin(), "https:") }

// suffix returns text behind a mark, or nothing where there is no text.
func suffix(mark, text string) string {
	if text == "" {
		return ""
	}
	return mark + text
}
