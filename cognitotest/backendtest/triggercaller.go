package backendtest

import (
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

// triggerCallers is what functions learn of who called the operation.
var triggerCallers = []Behaviour{
	{"the events of triggers name the version of an old SDK, and no other", func(t *testing.T, start Start) {
		p := start(t)
		onTrigger(t, p, fake.PreSignUp, replying())
		const current = "aws-sdk-unknown-unknown"
		for _, test := range []struct{ name, reason, header, value, want string }{
			{"node", "JavaScript 2 on Node.js", "User-Agent", "aws-sdk-nodejs/2.1639.0 linux/v18.20.0 promise", "aws-sdk-nodejs-2.1639.0"},
			{"browser", "JavaScript 2 in a browser says so beside the browser", "X-Amz-User-Agent", "aws-sdk-js/2.1639.0 callback", "aws-sdk-js-2.1639.0"},
			{"ios", "iOS 2", "User-Agent", "aws-sdk-iOS/2.9.3 iOS/11.4.1 en_US", "aws-sdk-ios-2.9.3"},
			{"node3", "JavaScript 3", "User-Agent", "aws-sdk-js/3.600.0 ua/2.0 os/linux lang/js md/nodejs#20.1.0", current},
			{"go", "this SDK, which has its own User-Agent", "X-Test", "", current},
			{"none", "nothing is known of the caller", "User-Agent", "", current},
		} {
			_, err := withHeader(p, test.header, test.value).SignUp(ctx, &cip.SignUpInput{
				ClientId: &p.ClientID, SecretHash: hash(p, test.name), Username: &test.name, Password: aws.String(goodPassword),
			})
			need(t, err)
			if got := callerOf(t, p, test.name); got.SDK != test.want || got.ClientID != p.ClientID {
				t.Errorf("%s: caller = %+v, want %s, %s", test.reason, got, test.want, p.ClientID)
			}
		}
	}},
	{"the event of a user whom an administrator makes names no client", func(t *testing.T, start Start) {
		p := start(t)
		onTrigger(t, p, fake.PreSignUp, replying())
		_, err := p.Client().AdminCreateUser(ctx, &cip.AdminCreateUserInput{UserPoolId: &p.PoolID, Username: aws.String("ann")})
		need(t, err)
		if got, want := callerOf(t, p, "ann").ClientID, "CLIENT_ID_NOT_APPLICABLE"; got != want {
			t.Errorf("clientId = %s, want %s", got, want)
		}
	}},
}

// withHeader returns a client that sends a header with each call; "" sends an empty one.
func withHeader(p *cognitotest.Provider, name, value string) *cip.Client {
	config := p.AWSConfig()
	config.HTTPClient = smithyhttp.ClientDoFunc(func(r *http.Request) (*http.Response, error) {
		r.Header.Set(name, value)
		return p.HTTPClient().Do(r)
	})
	return cip.NewFromConfig(config)
}

// eventCaller is the callerContext of an event.
type eventCaller struct {
	SDK      string `json:"awsSdkVersion"`
	ClientID string `json:"clientId"`
}

// callerOf returns the caller in the one event about a user.
func callerOf(t *testing.T, p *cognitotest.Provider, username string) eventCaller {
	t.Helper()
	calls := needFake(t, p, local).Invocations(fake.OfTrigger(fake.PreSignUp), fake.OfUser(p.PoolID, username))
	if len(calls) != 1 {
		t.Fatalf("%d invocations for %s, want 1", len(calls), username)
	}
	var got struct {
		Caller eventCaller `json:"callerContext"`
	}
	need(t, calls[0].Decode(&got))
	return got.Caller
}
