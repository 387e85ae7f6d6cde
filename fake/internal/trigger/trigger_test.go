package trigger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake/internal/clock"
)

const testARN = "arn:aws:lambda:us-east-1:123456789012:function:test"

// handlerFunc is a Handler of bytes.
type handlerFunc func(context.Context, []byte) ([]byte, error)

func (f handlerFunc) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return f(ctx, payload)
}

// echo returns the event as it came.
func echo(_ context.Context, payload []byte) ([]byte, error) { return payload, nil }

// testLog keeps what the author of a test is told.
type testLog struct {
	mu   sync.Mutex // guards text
	text strings.Builder
}

func (l *testLog) Logf(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(&l.text, format+"\n", args...)
}

func (l *testLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// newFunctions returns functions with one that answers events of testEvent.
func newFunctions(h Handler) (*Functions, *clock.Clock, *testLog) {
	c, log := clock.New(nil), &testLog{}
	f := New(c, log.Logf)
	f.Bind(testARN, h)
	return f, c, log
}

func testEvent() (*Event, *PreSignUpResponse) {
	response := &PreSignUpResponse{}
	return &Event{
		Version: "1", Source: PreSignUpSignUp, Region: "us-east-1", UserPoolID: "us-east-1_EXAMPLE", UserName: "ann",
		Caller: CallerContext{"aws-sdk-unknown-unknown", "client"}, Request: PreSignUpRequest{}, Response: response, arn: testARN,
	}, response
}

// text is the code and the message of an error of the service, or "".
func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

const late = "UnexpectedLambdaException: PreSignUp invocation failed due to error Socket timeout while invoking Lambda function."

func TestAFunctionThatHangsEndsTheCallAfterThreeTimesFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		f, _, log := newFunctions(handlerFunc(func(ctx context.Context, _ []byte) ([]byte, error) {
			calls.Add(1)
			<-ctx.Done()
			return nil, ctx.Err()
		}))
		began := time.Now()
		event, _ := testEvent()
		if got := text(f.Invoke(t.Context(), event)); got != late {
			t.Errorf("error = %q, want %q", got, late)
		}
		if got := time.Since(began); got != 15*time.Second || calls.Load() != 3 {
			t.Errorf("%d calls in %v, want 3 in 15s", calls.Load(), got)
		}
		if got := log.String(); !strings.Contains(got, "PreSignUp_SignUp did not answer within 5s, 3 times") {
			t.Errorf("log = %q", got)
		}
		got := f.Invocations()
		if len(got) != 1 || text(got[0].Err) != late || got[0].Response != nil || got[0].Duration != 15*time.Second {
			t.Errorf("record = %+v, want one failed invocation of 15 seconds", got)
		}
	})
}

func TestAdvanceIsAsGoodAsWaiting(t *testing.T) {
	hung := make(chan struct{})
	f, c, _ := newFunctions(handlerFunc(func(ctx context.Context, _ []byte) ([]byte, error) {
		hung <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	}))
	done := make(chan error)
	go func() {
		event, _ := testEvent()
		done <- f.Invoke(context.Background(), event)
	}()
	for range attempts {
		<-hung
		c.Advance(timeout)
	}
	if got := text(<-done); got != late {
		t.Errorf("error = %q, want %q", got, late)
	}
}

func TestTheSecondAttemptCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		f, _, _ := newFunctions(handlerFunc(func(ctx context.Context, payload []byte) ([]byte, error) {
			if calls.Add(1) == 1 { // this answer comes too late, while the second attempt runs
				time.Sleep(timeout + time.Second)
				return nil, errors.New("the first attempt")
			}
			time.Sleep(2 * time.Second)
			return []byte(strings.Replace(string(payload), `"autoConfirmUser":false`, `"autoConfirmUser":true`, 1)), nil
		}))
		event, response := testEvent()
		if err := f.Invoke(t.Context(), event); err != nil || !response.AutoConfirmUser {
			t.Errorf("error = %v, response %+v; want the answer of the second attempt", err, *response)
		}
		if got := f.Invocations()[0].Duration; got != 7*time.Second {
			t.Errorf("duration = %v, want 7s", got)
		}
	})
}

func TestAnAnswerIsInTimeBeforeFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		f, _, _ := newFunctions(handlerFunc(func(ctx context.Context, payload []byte) ([]byte, error) {
			calls.Add(1)
			time.Sleep(timeout - time.Nanosecond)
			return payload, nil
		}))
		event, _ := testEvent()
		if err := f.Invoke(t.Context(), event); err != nil || calls.Load() != 1 {
			t.Errorf("%d calls, error = %v; want one, and its answer", calls.Load(), err)
		}
	})
}

// TestAnAnswerAfterTheTimeIsUpIsLate has the time end while the function runs, just before it answers.
func TestAnAnswerAfterTheTimeIsUpIsLate(t *testing.T) {
	var c *clock.Clock
	f, c, _ := newFunctions(handlerFunc(func(_ context.Context, payload []byte) ([]byte, error) {
		c.Advance(timeout)
		return payload, nil
	}))
	for range 200 { // whoever comes first
		event, _ := testEvent()
		if got := text(f.Invoke(t.Context(), event)); got != late {
			t.Fatalf("error = %q, want %q", got, late)
		}
	}
}

func TestACallerWhoGoesAwayDoesNotEndTheFunction(t *testing.T) {
	f, _, _ := newFunctions(handlerFunc(func(ctx context.Context, payload []byte) ([]byte, error) { return payload, ctx.Err() }))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	event, _ := testEvent()
	if err := f.Invoke(gone, event); err != nil {
		t.Errorf("error = %v, want none", err)
	}
}

func TestWhatFunctionsDo(t *testing.T) {
	for _, test := range []struct {
		name, reason string
		handler      Handler
		want, log    string
	}{
		{"echo", "the event as it came is an answer", handlerFunc(echo), "", ""},
		{"error", "a full stop is added", handlerFunc(func(context.Context, []byte) ([]byte, error) { return nil, errors.New("no") }),
			"UserLambdaValidationException: PreSignUp failed with error no.", ""},
		{"panic", "the process goes on, and the log names the source", handlerFunc(func(context.Context, []byte) ([]byte, error) { panic("boom") }),
			"UserLambdaValidationException: PreSignUp failed with error boom.", "PreSignUp_SignUp panicked: boom"},
		{"exit", "the call ends, and the log says what to do", handlerFunc(func(context.Context, []byte) ([]byte, error) { runtime.Goexit(); return nil, nil }),
			"UserLambdaValidationException: PreSignUp failed with error Runtime exited without providing a reason.", "PreSignUp_SignUp ended its goroutine"},
		{"wrong type", "the event does not fit the function", Func(func(context.Context, []string) ([]string, error) { return nil, nil }),
			"UserLambdaValidationException: PreSignUp failed with error json: cannot unmarshal object into Go value of type []string.", ""},
		{"answers nothing", "null is no event", Func(func(context.Context, map[string]any) (map[string]any, error) { return nil, nil }),
			"InvalidLambdaResponseException: Unrecognizable lambda output", ""},
		{"nobody", "the log says how to bind a function", nil,
			"UnexpectedLambdaException: PreSignUp invocation failed due to error AccessDeniedException.", "bind a function with fake.Server.BindFunction or cognitotest.WithFunction"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f, _, log := newFunctions(test.handler)
			event, _ := testEvent()
			if got := text(f.Invoke(t.Context(), event)); got != test.want {
				t.Errorf("%s: error = %q, want %q", test.reason, got, test.want)
			}
			if got := log.String(); !strings.Contains(got, test.log) || (got == "") != (test.log == "") {
				t.Errorf("%s: log = %q, want %q", test.reason, got, test.log)
			}
		})
	}
}

func TestInvocationsAreKeptWithTheirEvents(t *testing.T) {
	f, _, _ := newFunctions(handlerFunc(echo))
	event, _ := testEvent()
	if err := f.Invoke(t.Context(), event); err != nil {
		t.Fatal(err)
	}
	type record struct{ Pool, User, Source, EventUser string }
	var sent Event
	got := f.Invocations()[0]
	if err := got.Decode(&sent); err != nil {
		t.Fatal(err)
	}
	want := record{"us-east-1_EXAMPLE", "ann", "PreSignUp_SignUp", "ann"}
	if diff := cmp.Diff(want, record{got.PoolID, got.Username, string(got.Source), sent.UserName}); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
}

func TestFunctionsThatScribbleOverTheirEventChangeNoRecord(t *testing.T) {
	var kept []byte
	f, _, _ := newFunctions(handlerFunc(func(_ context.Context, payload []byte) ([]byte, error) {
		kept = payload
		return payload, nil
	}))
	event, _ := testEvent()
	if err := f.Invoke(t.Context(), event); err != nil {
		t.Fatal(err)
	}
	clear(kept)
	if got := f.Invocations()[0]; !json.Valid(got.Event) || !json.Valid(got.Response) {
		t.Errorf("event %q, response %q; want them as they were", got.Event, got.Response)
	}
}

func TestUnusableAnswers(t *testing.T) {
	whole := `{"version":"1","region":"us-east-1","userPoolId":"p","userName":"ann","callerContext":{},"response":{"autoConfirmUser":true}}`
	for _, test := range []struct {
		name, reason, answer string
		usable               bool
	}{
		{"whole", "everything that must be returned", whole, true},
		{"more", "members that nobody knows are ignored", strings.Replace(whole, `{"version"`, `{"more":1,"version"`, 1), true},
		{"empty response", "members of the response may be left out", strings.Replace(whole, `"autoConfirmUser":true`, ``, 1), true},
		{"nothing", "no JSON", ``, false},
		{"text", "no JSON", `hello`, false},
		{"a string", "JSON, but no object", `"ok"`, false},
		{"null", "what a function that returns nothing answers", `null`, false},
		{"a list", "JSON, but no object", `[` + whole + `]`, false},
		{"two", "more than one object", whole + whole, false},
		{"response alone", "the whole event is wanted", `{"response":{"autoConfirmUser":true}}`, false},
		{"no response", "it is part of the event", strings.Replace(whole, `"response"`, `"other"`, 1), false},
		{"null response", "null where an object is expected", strings.Replace(whole, `{"autoConfirmUser":true}`, `null`, 1), false},
		{"null caller", "null where an object is expected", strings.Replace(whole, `"callerContext":{}`, `"callerContext":null`, 1), false},
		{"no version", "part of the envelope", strings.Replace(whole, `"version"`, `"other"`, 1), false},
		{"no user", "part of the envelope", strings.Replace(whole, `"userName"`, `"other"`, 1), false},
		{"wrong type", "a string is no boolean", strings.Replace(whole, `true`, `"true"`, 1), false},
		{"response is a list", "a list is no object", strings.Replace(whole, `{"autoConfirmUser":true}`, `[]`, 1), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			event, response := testEvent()
			err := event.take([]byte(test.answer))
			if (err == nil) != test.usable {
				t.Errorf("%s: error = %v, want usable %t", test.reason, err, test.usable)
			}
			if unusable := new(*types.InvalidLambdaResponseException); err != nil && !errors.As(err, unusable) {
				t.Errorf("%s: error = %v, want InvalidLambdaResponseException", test.reason, err)
			}
			if test.answer == whole && !response.AutoConfirmUser {
				t.Errorf("%s: the response was not taken over", test.reason)
			}
		})
	}
}

func TestNamesInAnswersAreExact(t *testing.T) {
	const whole = `{"version":"1","region":"r","userPoolId":"p","userName":"u","callerContext":{},"response":%s}`
	for _, test := range []struct{ reason, response, want string }{
		{"as the service writes them", `{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"scopesToAdd":["a"]}}}`, `["a"]`},
		{"another case is another name", `{"ClaimsAndScopeOverrideDetails":{"accessTokenGeneration":{"scopesToAdd":["a"]}}}`, `null`},
		{"further down too", `{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"ScopesToAdd":["a"]}}}`, `null`},
		{"the last of two counts", `{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"scopesToAdd":["a"],"scopesToAdd":["b"]}}}`, `["b"]`},
		{"also where they are objects", `{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"scopesToAdd":["a"]},"accessTokenGeneration":{}}}`, `null`},
		{"members that nobody knows are ignored, whatever they are", `{"":1,"more":[],"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"scopesToAdd":["a"],"given":true}}}`, `["a"]`},
	} {
		tokens := &Tokens{two: &tokenResponseV2{}}
		event := &Event{Response: tokens.two}
		if err := event.take(fmt.Appendf(nil, whole, test.response)); err != nil {
			t.Errorf("%s: %v", test.reason, err)
		}
		_, access, _ := tokens.Changes()
		if got, err := json.Marshal(access.AddScopes); err != nil || string(got) != test.want {
			t.Errorf("%s: scopesToAdd = %s, %v, want %s", test.reason, got, err, test.want)
		}
	}
}

// FuzzAnswer gives functions any answer: it is taken, or refused as the service does.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"version":"1","region":"r","userPoolId":"p","userName":"u","callerContext":{},"response":{}}`))
	f.Add([]byte(`{"response":null}`))
	f.Fuzz(func(t *testing.T, answer []byte) {
		event, _ := testEvent()
		if err := event.take(answer); err != nil && !errors.As(err, new(*types.InvalidLambdaResponseException)) {
			t.Errorf("take(%q) = %v", answer, err)
		}
	})
}

func TestSDKVersions(t *testing.T) {
	for _, test := range []struct{ reason, userAgent, want string }{
		{"JavaScript 2 in a browser", "aws-sdk-js/2.1639.0 callback", "aws-sdk-js-2.1639.0"},
		{"JavaScript 2 on Node.js", "aws-sdk-nodejs/2.1639.0 linux/v18.20.0 promise", "aws-sdk-nodejs-2.1639.0"},
		{"iOS 2", "aws-sdk-iOS/2.9.3 iOS/11.4.1 en_US", "aws-sdk-ios-2.9.3"},
		{"JavaScript 3 is a current SDK", "aws-sdk-js/3.600.0 ua/2.0 os/linux lang/js md/nodejs#20.1.0", "aws-sdk-unknown-unknown"},
		{"Go 2 is a current SDK", "aws-sdk-go-v2/1.47.6 ua/2.1 os/linux lang/go#1.26", "aws-sdk-unknown-unknown"},
		{"boto3 is a current SDK", "Boto3/1.34.0 md/Botocore#1.34.0 ua/2.0 os/linux", "aws-sdk-unknown-unknown"},
		{"a browser", "Mozilla/5.0 (X11; Linux x86_64)", "aws-sdk-unknown-unknown"},
		{"no version", "aws-sdk-js/", "aws-sdk-unknown-unknown"},
		{"no User-Agent", "", "aws-sdk-unknown-unknown"},
	} {
		if got := (Origin{UserAgent: test.userAgent}).sdk(); got != test.want {
			t.Errorf("%s: %q: awsSdkVersion = %q, want %q", test.reason, test.userAgent, got, test.want)
		}
	}
	if got, want := originOf(t.Context()), (Origin{IP: "127.0.0.1"}); got != want {
		t.Errorf("without HTTP: origin = %+v, want %+v", got, want)
	}
}

func TestEveryTriggerOfALambdaConfigIsFoundAgain(t *testing.T) {
	for _, n := range Names() {
		c := &types.LambdaConfigType{}
		if !Set(c, n, testARN) {
			t.Errorf("%s: Set knows no such trigger", n)
		}
		for _, other := range Names() {
			want := ""
			if other.Member() == n.Member() {
				want = testARN
			}
			if got := arnOf(c, Name(other.Member())); got != want {
				t.Errorf("a config with %s: the function of %s = %q, want %q", n, other, got, want)
			}
		}
		if got := arnOf(nil, n); got != "" {
			t.Errorf("no config: the function of %s = %q, want none", n, got)
		}
	}
	if Set(&types.LambdaConfigType{}, "PreSignup", testARN) {
		t.Error("Set takes a name that is none")
	}
}

func TestVersionsOfPreTokenGeneration(t *testing.T) {
	for n, want := range map[Name]types.PreTokenGenerationLambdaVersionType{
		PreTokenGeneration:   types.PreTokenGenerationLambdaVersionTypeV10,
		PreTokenGenerationV2: types.PreTokenGenerationLambdaVersionTypeV20,
		PreTokenGenerationV3: types.PreTokenGenerationLambdaVersionTypeV30,
	} {
		c := &types.LambdaConfigType{}
		Set(c, n, testARN)
		if got := c.PreTokenGenerationConfig.LambdaVersion; got != want {
			t.Errorf("%s: LambdaVersion = %s, want %s", n, got, want)
		}
	}
}

func TestTheNewestInvocationsAreKept(t *testing.T) {
	f := New(clock.New(nil), t.Logf)
	for n := range 3*maxRecords + 1 {
		f.end(f.begin(&Event{UserName: fmt.Sprint(n)}, nil), nil, nil)
	}
	got := f.Invocations()
	if len(got) != maxRecords || got[0].Username != fmt.Sprint(2*maxRecords+1) || got[maxRecords-1].Username != fmt.Sprint(3*maxRecords) {
		t.Errorf("%d invocations are kept, want the newest %d", len(got), maxRecords)
	}
	if held := len(f.records); held >= 2*maxRecords {
		t.Errorf("%d invocations are held", held)
	}
}
