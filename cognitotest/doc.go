// Package cognitotest gives a test an Amazon Cognito user pool.
//
//	func TestProfile(t *testing.T) {
//		cog := cognitotest.New(t)                           // a user pool and an app client, gone at the end of the test
//		ann := cog.NewUser(t, cognitotest.Groups("admins")) // a confirmed user with a password
//		ann.Authorize(t, req)                               // Authorization: Bearer <access token>
//	}
//
// The pool is a faithful fake in the test's own process (package fake): it speaks the service's
// JSON protocol, signs with RSA keys of its own and publishes them, so that any JWT library accepts
// its tokens and any AWS SDK its answers. Each [New] is a world of its own.
//
// # Reaching the pool
//
// Code under test reaches the pool in one of four ways, the first that fits:
//
//   - it takes an SDK client: give it [Provider.Client];
//   - it takes an aws.Config: give it [Provider.AWSConfig];
//   - it loads the SDK's default configuration: call [Provider.Setenv] first;
//   - it is another process or another language: start it with [Provider.Env].
//
// Code that verifies tokens needs [Provider.Issuer] or [Provider.JWKSURL], and the client id.
//
// # Sockets or none
//
// By default the pool also listens on a loopback port, because code under test may make an HTTP
// client of its own. With [InMemory] there is no socket: tokens name the service's own issuer, and
// [Provider.HTTPClient] answers for the service's host names. That is the way to test expiry in
// virtual time, in a testing/synctest bubble.
//
// # Playing the user
//
// A [User] signs in as apps do: by password ([User.Tokens]), by SRP ([User.SignInSRP]), with an
// authenticator where the pool asks for one ([TOTP], [User.TOTPCode]), from a remembered device
// ([User.RememberDevice]), by a passkey ([User.RegisterPasskey]). All of it goes through an SDK client,
// so that it works on a real pool too; codes that are delivered ([User.Code]) can be read from the fake
// alone.
//
// # Triggers
//
// [WithTrigger] makes the pool call the function that is given to lambda.Start, with the service's
// event, and do what it answers.
//
// # Receiving tokens
//
// Code that accepts or refuses tokens is tried by [TestAuthorizer]: a call, and a subtest for each rule. It takes a
// func(token string) error, an http.Handler ([Middleware]) or a Lambda authorizer ([LambdaAuthorizer]).
//
// # Tests and subtests
//
// Whatever can fail or must be cleaned up takes the test: a pool that a parent test or TestMain
// made (see [Start]) serves its subtests, and what a subtest makes is gone when it ends; only groups
// that the option [Groups] had to create stay for others.
//
// # A copy for each test
//
// What is costly to prepare is prepared once, in TestMain, and each test begins with a copy of its own:
// [Provider.Fork]. A [Fixture] begins with the users of a file.
//
// # Promises
//
// The Go API follows semantic versions. The behaviour of the fake follows the service's: a
// correction may break a test that relied on a mistake, and is listed in the changelog under
// "Behaviour".
package cognitotest
