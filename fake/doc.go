// Package fake is an Amazon Cognito user pools service in the process of a test: the JSON API with
// its errors, RSA keys and a JWK set for each pool, and the discovery document.
//
//	server := fake.NewServer(fake.Config{})
//	defer server.Close()
//	url, err := server.Listen("127.0.0.1:0") // the endpoint for any AWS SDK
//
// Most tests want package cognitotest, which makes a server, a pool and a client in one call. This
// package is for other test frameworks, for servers with many pools, and for programs.
//
// # What is modelled
//
// User pools, app clients, users, groups, self-service and sign-in by password, SRP, one-time password
// and passkey, as the table in the README lists operation by operation. An operation that is not
// simulated answers an error that says so, and is logged; a setting that is stored without effect is
// logged once.
//
// # Domains
//
// A pool that has a domain answers at the OAuth 2.0 and OpenID Connect endpoints and shows login pages:
// [Server.DomainURL] is where. In memory they are at the host name of the domain; where the server listens, at its
// own URL too, and the app client of a request says which pool is meant.
//
// # Triggers
//
// A pool calls the functions that [Server.HandleTrigger] and [Server.BindFunction] name: those that are
// given to lambda.Start, with the service's events. What a function answers, and how it fails, has the
// effects that it has on the service. [Server.Invocations] lists the calls; [Server.DecryptCode] decrypts
// what custom senders get.
//
// # Wrong tokens
//
// [Server.Forge] writes tokens that the service never would, with a pool's own keys or with others;
// [Server.RotateKeys] and [Server.WithdrawKeys] change the keys, and a [Fault] with a Document what is fetched
// in their place. They are for tests alone, as the server is: whoever reaches them is whoever they like.
//
// # What is not checked
//
// Calls that need a signature are refused without one, but the signature itself is not verified:
// any access key and secret will do, and there are no IAM policies. Request rates are not limited
// but by [Server.Throttle].
//
// # Time, faults, questions
//
// The clock follows [Config.Now] or a synctest bubble; [Server.Advance], [Server.SetTime] and
// [Server.Freeze] move and stop it. [Server.Snapshot] remembers the whole state, [Server.Restore] goes back
// to it, and [Server.Fork] makes a second server of it; [Server.Export]
// and [Server.Import] are the state as JSON. Nothing fails by chance: [Server.Inject] makes calls fail, slow or
// unanswered. [Server.Calls], [Server.Messages] and [Server.Invocations] say what happened.
package fake
