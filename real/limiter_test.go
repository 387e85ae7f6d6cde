package real

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"

	"github.com/cognitotest/cognito/fake"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// last reserves calls one after another and returns how long after noon the last may leave.
func last(l *limiter, n int, operation, poolID string) time.Duration {
	var at time.Time
	for range n {
		at = l.reserve(operation, poolID, noon)
	}
	return at.Sub(noon).Round(time.Millisecond)
}

func TestBudget(t *testing.T) {
	for _, test := range []struct {
		why  string
		do   func(*limiter) time.Duration
		want time.Duration
	}{
		{"the first call leaves at once", func(l *limiter) time.Duration { return last(l, 1, "SignUp", "") }, 0},
		{"fifty users a second", func(l *limiter) time.Duration { return last(l, 51, "AdminCreateUser", "pool") }, time.Second},
		{"operations of a category share its rate", func(l *limiter) time.Duration {
			last(l, 25, "SignUp", "")
			return last(l, 26, "AdminCreateUser", "pool")
		}, time.Second},
		{"categories do not wait for each other", func(l *limiter) time.Duration {
			last(l, 50, "SignUp", "")
			return last(l, 1, "InitiateAuth", "")
		}, 0},
		{"one pool's groups are made five a second", func(l *limiter) time.Duration { return last(l, 6, "CreateGroup", "pool") }, time.Second},
		{"other pools do not wait for that", func(l *limiter) time.Duration {
			last(l, 5, "CreateGroup", "pool")
			return last(l, 1, "CreateGroup", "other")
		}, 333 * time.Millisecond},
		{"a throttled category goes slower", func(l *limiter) time.Duration {
			l.settle("SignUp", &types.TooManyRequestsException{}, noon)
			return last(l, 41, "SignUp", "")
		}, time.Second},
		{"also by an operation whose model does not name the error", func(l *limiter) time.Duration {
			l.settle("SignUp", &smithy.GenericAPIError{Code: "TooManyRequestsException"}, noon)
			return last(l, 41, "SignUp", "")
		}, time.Second},
		{"once a second at most", func(l *limiter) time.Duration {
			for range 10 {
				l.settle("SignUp", &types.TooManyRequestsException{}, noon)
			}
			return last(l, 41, "SignUp", "")
		}, time.Second},
		{"and recovers", func(l *limiter) time.Duration {
			l.settle("SignUp", &types.TooManyRequestsException{}, noon)
			for range 30 {
				l.settle("SignUp", errors.New("any other answer"), noon)
			}
			return last(l, 51, "SignUp", "")
		}, time.Second},
		{"a rate of the account's own", func(*limiter) time.Duration {
			return last(newLimiter(map[fake.Category]float64{fake.UserCreation: 10}, nil), 11, "SignUp", "")
		}, time.Second},
	} {
		if got := test.do(newLimiter(nil, nil)); got != test.want {
			t.Errorf("%s: after %v, want %v", test.why, got, test.want)
		}
	}
}

// TestLongWaitsAreTold sees that progress is told, though not of each call.
func TestLongWaitsAreTold(t *testing.T) {
	var told []string
	l := newLimiter(nil, func(format string, args ...any) { told = append(told, fmt.Sprintf(format, args...)) })
	for range 1000 {
		l.tell("AdminCreateUser", l.reserve("AdminCreateUser", "pool", noon).Sub(noon), noon)
	}
	l.tell("AdminCreateUser", 4*time.Second, noon.Add(toldEvery))
	want := []string{
		"cognitotest: AdminCreateUser waits 3s for the account's rate of UserCreation, 50 a second; 151 calls so far",
		"cognitotest: AdminCreateUser waits 4s for the account's rate of UserCreation, 50 a second; 1000 calls so far",
	}
	if fmt.Sprint(told) != fmt.Sprint(want) {
		t.Errorf("told %q, want %q", told, want)
	}
}

func TestMarks(t *testing.T) {
	mark := newMark(noon)
	for name, want := range map[string]bool{
		mark: true, mark + "@example.com": true,
		"": false, "cognitotest-": false, mark + "x": false, "x" + mark: false, mark[:len(mark)-1]: false,
		"Cognitotest" + mark[len("cognitotest"):]: false, "cognitotest-a-b": false, "@" + mark: false,
	} {
		if got := marked(name); got != want {
			t.Errorf("marked(%q) = %t, want %t", name, got, want)
		}
	}
	if other := newMark(noon); other == mark {
		t.Errorf("two marks are the same: %s", mark)
	}
}
