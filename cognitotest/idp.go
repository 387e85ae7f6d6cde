package cognitotest

import (
	"errors"
	"net/http"
)

// WithIdPClient sets the client that calls the identity providers of the pool, which must be https: one that trusts the
// certificate of a test's own server, such as that of httptest.NewTLSServer, or that of another provider of this
// package, whose pool is an OpenID Connect provider at its domain (see [Provider.Domain]):
//
//	staff := cognitotest.New(t, cognitotest.TLS())
//	cog := cognitotest.New(t, cognitotest.WithIdPClient(staff.HTTPClient()))
//
// A real pool calls its identity providers itself: there [New] skips the test, and [Start] fails.
func WithIdPClient(client *http.Client) Option {
	return optionFunc(func(c *config) { c.idpClient = client })
}

// checkIdPClient refuses what a real pool cannot use.
func (c *config) checkIdPClient(onFake bool) error {
	if c.idpClient != nil && !onFake {
		return unfit{errors.New("WithIdPClient: a real pool calls identity providers itself; leave this option out")}
	}
	return nil
}
