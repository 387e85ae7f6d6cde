package trigger

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// confirming is a function that returns the event with a response that confirms the user.
func confirming(event string) string {
	return strings.Replace(event, `"autoConfirmUser":false`, `"autoConfirmUser":true`, 1)
}

// answering returns a server that answers events, by their body.
func answering(t *testing.T, answer func(w http.ResponseWriter, event string)) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
			http.Error(w, "not an invocation", http.StatusUnsupportedMediaType)
			return
		}
		answer(w, string(body))
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// says answers a status, a text and headers, by names and values in turn.
func says(status int, body string, headers ...string) func(http.ResponseWriter, string) {
	return func(w http.ResponseWriter, _ string) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// TestEndpoints has answers as those who serve the invoke API were read to give them.
func TestEndpoints(t *testing.T) {
	const (
		threw     = `{"errorMessage":"not you","errorType":"Error","trace":["Error: not you"]}`
		failed    = "UserLambdaValidationException: PreSignUp failed with error "
		notCalled = "UnexpectedLambdaException: PreSignUp invocation failed due to error "
	)
	for _, test := range []struct {
		name, reason string
		answer       func(http.ResponseWriter, string)
		want         string
	}{
		{"answers", "the body is the function's answer", func(w http.ResponseWriter, event string) { io.WriteString(w, confirming(event)) }, ""},
		{"answers in pieces", "so is a body of no announced length", func(w http.ResponseWriter, event string) {
			w.(http.Flusher).Flush()
			io.WriteString(w, confirming(event))
		}, ""},
		{"answers an errorMessage too", "an event with a response is no error", func(w http.ResponseWriter, event string) {
			io.WriteString(w, `{"errorMessage":"none",`+confirming(event)[1:])
		}, ""},
		{"no event", "as of any function", says(200, `"hello"`), "InvalidLambdaResponseException: Unrecognizable lambda output"},
		{"nothing", "as of any function", says(200, ``), "InvalidLambdaResponseException: Unrecognizable lambda output"},

		{"emulator: error", "status 200 and no mark", says(200, threw), failed + "not you."},
		{"emulator: process ended", "status 502 and the error", says(502, `{"errorMessage":"RequestId: 1 Error: exit status 1","errorType":"Runtime.ExitError"}`),
			failed + "RequestId: 1 Error: exit status 1."},
		{"emulator: process ended early", "status 502 and nothing", says(502, ``), notCalled + "ServiceException."},
		{"emulator: timed out", "text with status 200", says(200, "Task timed out after 3.00 seconds"), failed + "Task timed out after 3.00 seconds."},
		{"emulator: busy", "status 400 and nothing", says(400, ``), notCalled + "ServiceException."},

		{"SAM: error", "status 200 and the mark", says(200, threw, "X-Amz-Function-Error", "Unhandled"), failed + "not you."},
		{"mark without a message", "the mark itself; inferred", says(200, `"oops"`, "X-Amz-Function-Error", "Unhandled"), failed + "Unhandled."},
		{"SAM: no function", "the code is in a header", says(404, `{"Type":"User","Message":"Function not found"}`, "x-amzn-errortype", "ResourceNotFound"),
			notCalled + "ResourceNotFound."},

		{"AWS: throttled", "the code is in a header", says(429, `{"Reason":"CallerRateLimitExceeded"}`, "X-Amzn-ErrorType", "TooManyRequestsException"),
			notCalled + "TooManyRequestsException."},
		{"AWS: code with a URL", "what follows the code does not count", says(403, `{}`, "X-Amzn-ErrorType", "AccessDeniedException:http://internal.example.com/"),
			notCalled + "AccessDeniedException."},
		{"code in the body", "as a type", says(400, `{"__type":"com.example#InvalidRequestContentException"}`), notCalled + "InvalidRequestContentException."},
		{"code in the body", "as a code", says(400, `{"code":"KMSDisabledException"}`), notCalled + "KMSDisabledException."},
		{"another server", "a page is no code", says(404, `<html>404</html>`), notCalled + "ServiceException."},
		{"broken off", "the connection ends within the answer", func(w http.ResponseWriter, _ string) {
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, `{"version":`)
		}, notCalled + "ServiceException."},
	} {
		t.Run(test.name, func(t *testing.T) {
			f, _, log := newFunctions(Endpoint(answering(t, test.answer), nil))
			event, response := testEvent()
			if got := text(f.Invoke(t.Context(), event)); got != test.want {
				t.Errorf("%s: error = %q, want %q", test.reason, got, test.want)
			}
			if want := test.want == ""; response.AutoConfirmUser != want {
				t.Errorf("%s: confirmed = %t, want %t", test.reason, response.AutoConfirmUser, want)
			}
			if got, want := log.String(), strings.HasPrefix(test.want, notCalled); strings.Contains(got, "could not be invoked: POST http") != want {
				t.Errorf("%s: log = %q, want a word on the URL: %t", test.reason, got, want)
			}
		})
	}
}

func TestEndpointsThatAreNotThere(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for reason, url := range map[string]string{
		"nobody listens":   gone.URL,
		"no scheme":        "127.0.0.1:9001",
		"no URL":           "http://[",
		"no such protocol": "ftp://127.0.0.1/",
	} {
		f, _, log := newFunctions(Endpoint(url, nil))
		event, _ := testEvent()
		want := "UnexpectedLambdaException: PreSignUp invocation failed due to error ServiceException."
		if got := text(f.Invoke(t.Context(), event)); got != want {
			t.Errorf("%s: error = %q, want %q", reason, got, want)
		}
		if got := log.String(); !strings.Contains(got, "PreSignUp_SignUp could not be invoked") || !strings.Contains(got, url) {
			t.Errorf("%s: log = %q, want the source and the URL", reason, got)
		}
	}
}

// roundTripper is a transport without sockets.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestAnEndpointHasTheTimeOfAFunction(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		client := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			calls.Add(1)
			<-r.Context().Done()
			return nil, fmt.Errorf("hanging up: %w", r.Context().Err())
		})}
		f, _, log := newFunctions(Endpoint("http://function.example.com/", client))
		began := time.Now()
		event, _ := testEvent()
		if got := text(f.Invoke(t.Context(), event)); got != late {
			t.Errorf("error = %q, want %q", got, late)
		}
		synctest.Wait()
		if got := time.Since(began); got != 15*time.Second || calls.Load() != 3 {
			t.Errorf("%d calls in %v, want 3 in 15s", calls.Load(), got)
		}
		if got := log.String(); strings.Contains(got, "could not be invoked") {
			t.Errorf("log = %q: it was invoked, and was late", got)
		}
	})
}

func TestAnAnswerOfAnyKindIsTheLast(t *testing.T) {
	for _, test := range []struct {
		reason string
		answer func(http.ResponseWriter, string)
	}{
		{"AWS Lambda's errors are not tried again", says(500, `{"Message":"no"}`, "X-Amzn-ErrorType", "ServiceException")},
		{"nor is throttling (inferred)", says(429, `{"Message":"no"}`, "X-Amzn-ErrorType", "TooManyRequestsException")},
		{"nor are those of a function", says(200, `{"errorMessage":"not you"}`)},
		{"nor what is no event", says(200, `{}`)},
	} {
		var calls atomic.Int32
		f, _, _ := newFunctions(Endpoint(answering(t, func(w http.ResponseWriter, event string) {
			calls.Add(1)
			test.answer(w, event)
		}), nil))
		event, _ := testEvent()
		if err := f.Invoke(t.Context(), event); err == nil || calls.Load() != 1 {
			t.Errorf("%s: %d calls, error %v; want one, and an error", test.reason, calls.Load(), err)
		}
	}
}

// FuzzFunctionError gives endpoints any body: what is an error of the function is told apart from an answer.
func FuzzFunctionError(f *testing.F) {
	f.Add(200, "", []byte(`{"errorMessage":"no"}`))
	f.Add(502, "Unhandled", []byte(``))
	f.Fuzz(func(t *testing.T, status int, mark string, body []byte) {
		answer := &http.Response{StatusCode: status, Header: http.Header{"X-Amz-Function-Error": {mark}}}
		if err := functionError(answer, body); err == nil && mark != "" {
			t.Errorf("functionError(%q) = nil, and the answer is marked as an error", body)
		}
		if code := errorCode(answer, body); code == "" || strings.ContainsAny(code, "#:") {
			t.Errorf("errorCode(%q) = %q", body, code)
		}
	})
}
