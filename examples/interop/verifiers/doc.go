// Package verifiers judges other people's verifiers of tokens by cognitotest.TestAuthorizer: each as its own
// documentation shows it, and then with what that leaves to the caller. The README has the results.
package verifiers

// Pool is what a verifier is told of a user pool.
type Pool struct {
	ClientID string // of the app client whose tokens are good
	Issuer   string
	JWKSURL  string
}

// Verifier accepts a token by returning nil.
type Verifier func(token string) error
