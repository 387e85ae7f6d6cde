// Package real runs tests of package cognitotest on user pools in AWS:
//
//	func TestProfile(t *testing.T) {
//		cog := cognitotest.New(t, real.FromEnv())
//		ann := cog.NewUser(t)
//		ann.Authorize(t, req)
//	}
//
// Without COGNITOTEST_REAL in the environment this is the fake; with it, the service. Region and credentials
// are those of the AWS SDK's default chain (AWS_PROFILE, AWS_REGION and so on).
//
//	COGNITOTEST_REAL=1               run on AWS
//	COGNITOTEST_POOL_ID=…            be a guest in this pool; without it each provider makes a pool and deletes it
//	COGNITOTEST_CLIENT_ID=…          use this app client of the pool where a test asks for no settings
//	COGNITOTEST_KEEP_ON_FAILURE=1    leave what a failed test has made, and print its ids
//	COGNITOTEST_RATES=0.5            keep to half of the default request rates, as where two processes share them
//
// # What belongs to whom
//
// Everything that a provider makes bears a mark: a name such as cognitotest-t9xk2w-k3n8x2pd-9c1f0a, which
// holds the moment, a random part, and a checksum by which names that only look alike are told apart. Users
// and app clients are named by it (in pools whose users are named by email addresses, it stands before the
// @), groups have it as their description, and pools have it as their name and as the value of the tag
// cognitotest. Nothing without a mark is ever changed or deleted, whatever ids the clean-up is given, and no
// pool that has deletion protection. A guest adds its own users to groups that exist.
//
// What a provider made is removed at the end of its test, in reverse order, also where the test fails or
// panics, and 15 seconds before go test's -timeout. A process that is killed leaves what it made: [Sweep],
// or the command cognitosweep beside this package, removes what is older than some time.
//
// # The account's request rates
//
// The service limits the calls of an account by category. All providers of a process share one budget for
// each category and region, of the documented default rates: see [Config]. It shrinks while the service
// answers TooManyRequestsException. Calls that are throttled, or whose connection breaks, are repeated with
// growing, random pauses. Limits of single users, which the service does not publish as rates, are not kept.
//
// # What a real pool cannot tell
//
// The service shows nobody the codes that it sends. Helpers that need none work everywhere: users are
// confirmed and their addresses verified by an administrator, and second factors are authenticator apps.
// Tests that ask for a code, for time or for faults are skipped, with the reason.
package real
