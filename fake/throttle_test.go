package fake_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake"
)

// passing calls DescribeUserPool so often and returns how many calls are not refused by rate.
func (b *bench) passing(t *testing.T, calls int, region string) int {
	t.Helper()
	passed := 0
	for range calls {
		scope := strings.Replace(signature, "eu-west-1", region, 1)
		w := call(t, b.Server, "DescribeUserPool", `{"UserPoolId":"`+b.poolID+`"}`, "Authorization", scope)
		if !strings.Contains(bodyOf(t, w), `"message":"Rate exceeded"`) {
			passed++
		}
	}
	return passed
}

func TestThrottleFollowsTheClock(t *testing.T) {
	moment := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, test := range []struct {
		name, reason string
		rate         float64
		after        []time.Duration // what passes before each round of ten calls
		want         []int           // how many of each round pass
	}{
		{"whole", "as many at once, then at an even pace", 4, []time.Duration{0, 250 * time.Millisecond, time.Second, time.Hour}, []int{4, 1, 4, 4}},
		{"not a divisor of a second", "a whole second is enough for all", 3, []time.Duration{0, time.Second, time.Second}, []int{3, 3, 3}},
		{"half a pace", "nothing is lost to rounding", 2, []time.Duration{0, 250 * time.Millisecond, 250 * time.Millisecond}, []int{2, 0, 1}},
		{"fraction", "one, and then none for ten seconds", 0.1, []time.Duration{0, 9 * time.Second, time.Second}, []int{1, 0, 1}},
		{"one and a half", "one at once", 1.5, []time.Duration{0, time.Second}, []int{1, 1}},
		{"tiny", "no overflow", 1e-300, []time.Duration{0, time.Hour}, []int{1, 0}},
		{"none", "every call is refused", 0, []time.Duration{0, time.Hour}, []int{0, 0}},
		{"lifted", "no limit", math.Inf(1), []time.Duration{0}, []int{10}},
		{"back in time", "what came in the future is forgotten", 2, []time.Duration{0, -time.Hour}, []int{2, 2}},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := newBench(t, false)
			b.Freeze(moment)
			if err := b.Throttle(fake.UserPoolRead, test.rate); err != nil {
				t.Fatal(err)
			}
			var got []int
			for _, d := range test.after {
				b.Advance(d)
				got = append(got, b.passing(t, 10, "us-east-1"))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.reason, diff)
			}
		})
	}
}

func TestThrottleIsForARegionAndACategory(t *testing.T) {
	b := newBench(t, false)
	b.Freeze(b.Now())
	if err := b.Throttle(fake.UserPoolRead, 2); err != nil {
		t.Fatal(err)
	}
	if got := b.passing(t, 5, "us-east-1"); got != 2 {
		t.Errorf("%d calls pass, want 2", got)
	}
	if got := b.passing(t, 5, "eu-west-1"); got != 2 {
		t.Errorf("in another region %d calls pass, want 2", got)
	}
	if err := b.signUp(t.Context(), "bob"); err != nil {
		t.Errorf("a call of another category: %v", err)
	}
	if err := b.Throttle(fake.UserPoolRead, 2); err != nil {
		t.Fatal(err)
	}
	if got := b.passing(t, 5, "us-east-1"); got != 2 {
		t.Errorf("throttled anew, %d calls pass, want 2", got)
	}
}

func TestThrottleOfSignIn(t *testing.T) {
	b := newBench(t, true)
	b.Freeze(b.Now())
	if err := b.Throttle(fake.UserAuthentication, 1); err != nil {
		t.Fatal(err)
	}
	answer := func(challenge types.ChallengeNameType) string {
		_, err := b.sdk.RespondToAuthChallenge(t.Context(), &cip.RespondToAuthChallengeInput{
			ClientId: &b.clientID, ChallengeName: challenge, Session: aws.String(strings.Repeat("s", 20)),
		})
		return codeOf(err)
	}
	if _, err := b.signIn(t.Context(), "ann"); err != nil {
		t.Errorf("the first sign-in: %v", err)
	}
	if _, err := b.signIn(t.Context(), "ann"); codeOf(err) != "TooManyRequestsException" {
		t.Errorf("the second sign-in: %v, want TooManyRequestsException", err)
	}
	if got, want := len(b.Calls("InitiateAuth")), 4; got != want {
		t.Errorf("%d calls, want %d: SDKs repeat what was refused", got, want)
	}
	for n := range 3 {
		if got := answer(types.ChallengeNameTypeSmsMfa); got == "TooManyRequestsException" {
			t.Errorf("answer %d of 3 that a rate of 1 allows: %s", n+1, got)
		}
	}
	if got, want := answer(types.ChallengeNameTypeSmsMfa), "TooManyRequestsException"; got != want {
		t.Errorf("the fourth answer: %s, want %s", got, want)
	}
	if got := answer(types.ChallengeNameTypeNewPasswordRequired); got == "TooManyRequestsException" {
		t.Errorf("a new password, which counts as account recovery: %s", got)
	}
}

func TestThrottleRefusesNonsense(t *testing.T) {
	s := newServer(t, fake.Config{})
	for _, test := range []struct {
		category fake.Category
		rate     float64
		want     string
	}{
		{"Userauthentication", 1, `no category of request rates is called "Userauthentication"; the categories are [UserAuthentication ClientAuthentication UserCreation`},
		{"", 1, `no category of request rates is called ""`},
		{fake.UserList, -1, "-1 calls a second are no rate"},
		{fake.UserList, math.NaN(), "NaN calls a second are no rate"},
	} {
		if err := s.Throttle(test.category, test.rate); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("Throttle(%q, %v) = %v, want %s", test.category, test.rate, err, test.want)
		}
	}
}
