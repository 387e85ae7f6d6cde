// Package token makes and checks the tokens of a user pool: key stock, claims,
// minting, verification, refresh, revocation.
//
// # Keys
//
// A pool takes its [Keys] when it is made and releases them when its server is
// closed. They are two RSA-2048 keys, as a real pool has: one signs ID tokens,
// the other access tokens. [Keys.JWKS] is the document that publishes them.
//
// Keys are real and random. They are made in this process and written nowhere.
// Because making one costs more than most tests, a released key goes back to a
// process-wide [Stock], and a later pool may get it under another key ID. Pools
// that are alive at the same time never share a key. [TakeFresh] is for those who
// want keys that nobody had before or will have after.
//
// # Tokens
//
// ID and access tokens are RS256 in compact form with the header
// {"kid":…,"alg":"RS256"} and nothing else in it, as decoded tokens of the service show.
// A refresh token is a JWE that only the pool can open ([Keys.SealRefresh]), with
// the header that begins every refresh token of the service.
//
// # Bubbles
//
// Everything here works inside a testing/synctest bubble, in one bubble after
// another, and outside: what outlives a call is plain values behind a mutex, and
// the goroutines that make keys end by themselves.
package token
