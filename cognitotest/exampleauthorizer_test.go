package cognitotest_test

import (
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/jwks"
)

// Who checks the signature and the lifetime alone accepts tokens of other apps and of other kinds: more than a dozen
// subtests fail, and each says what that costs.
func ExampleTestAuthorizer() {
	var t *testing.T // of TestAuthorizer(t *testing.T)

	cognitotest.TestAuthorizer(t, func(t *testing.T, p *cognitotest.Provider) func(token string) error {
		keys := jwks.NewCache(p.JWKSURL)
		return func(token string) error { _, err := jwt.Parse(token, keys.Keyfunc); return err }
	})
}
