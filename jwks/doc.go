// Package jwks finds the public key that a JSON Web Token was signed with. It
// depends on nothing else in this module and is fit for production as well as
// for tests.
//
// # Verifying tokens
//
// A service that accepts tokens of a user pool makes one [Cache] when it starts
// and hands its Keyfunc to github.com/golang-jwt/jwt/v5:
//
//	issuer := "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"
//	keys := jwks.NewCache(issuer + "/.well-known/jwks.json")
//
//	token, err := jwt.Parse(bearer, keys.Keyfunc,
//		jwt.WithIssuer(issuer), jwt.WithExpirationRequired())
//
// This proves that the pool signed the token, that it is not expired and that
// the issuer is the right one. What the token may be used for is still to be
// checked: the claim token_use, and client_id (access tokens) or aud (ID tokens).
//
// The cache fetches the set when a key is first asked for, and again when a
// token names a key that it does not know, because that is how a rotation of
// keys shows. Callers that arrive during a fetch wait for that fetch. Fetches
// are spaced by [WithRefreshInterval] whether they succeed or fail, so tokens
// with invented key IDs cost the issuer nothing. A fetch that fails leaves the
// keys at hand in use.
//
// Code that already holds the document uses [Parse] and [Set.Keyfunc].
//
// # Signing tokens in tests
//
// A [Signer] is a key pair with a key ID. It signs any claims, and its
// [Signer.Set] is the document that a verifier wants to see:
//
//	signer := jwks.NewSigner()
//	token, err := signer.Sign(jwt.MapClaims{"sub": "ann"})
//
// # What is understood
//
// RSA keys of 1024 to 8192 bits and the algorithm RS256, the only one that user
// pools sign with. A key of another kind is skipped, as RFC 7517 section 5 asks;
// a token of another algorithm, or with an extension that must be understood
// (crit), is refused.
//
// A Cache keeps no goroutine and no timer between fetches, and it works in
// testing/synctest bubbles: in one, in several in turn, and outside afterwards.
// Bubbles (or a bubble and its outside) that run at the same time need a cache
// each, and a bubble must not end before a fetch whose callers all gave up: let
// [WithTimeout] pass.
package jwks
