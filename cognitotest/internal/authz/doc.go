// Package authz holds the rules that a verifier of a user pool's tokens must keep, and tries one on them.
//
// A [Case] is a rule with the tokens that try it: an accept case has tokens that the pool could have issued, a
// refuse case has tokens that are wrong in one way each, and an advice case has tokens that the standards leave
// to the verifier, of which it is only told. Some cases try the verifier while the pool's key service is in
// trouble, others send whole requests.
//
// Where the standards leave freedom, a case refuses only what gives something to an attacker, or what RFC 7515
// and RFC 7519 forbid. A token is wrong in one way alone, so that a failing case names the check that is
// missing.
package authz
