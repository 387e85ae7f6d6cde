package fake_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake"
)

// bench is a server with a pool in which alias ann@example.com is user ann, and an SDK client that
// repeats calls as SDKs do, but at once.
type bench struct {
	*fake.Server
	poolID, clientID string
	http             *http.Client
	sdk              *cip.Client
}

const password = "Correct-Horse-7"

func newBench(t *testing.T, socket bool) *bench {
	t.Helper()
	b := &bench{Server: newServer(t, fake.Config{Logf: t.Logf})}
	b.http = &http.Client{Transport: b.Server}
	if socket {
		if _, err := b.Listen("127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
		transport := &http.Transport{}
		t.Cleanup(transport.CloseIdleConnections)
		b.http = &http.Client{Transport: transport}
	}
	b.prepare(t)
	options := client(b.Server, "us-east-1").Options()
	options.HTTPClient, options.BaseEndpoint = b.http, aws.String(endpoint(b.Server))
	options.Retryer = retry.NewStandard(func(o *retry.StandardOptions) {
		o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
		o.RateLimiter = ratelimit.None
	})
	b.sdk = cip.New(options)
	return b
}

// prepare makes the pool and ann, not over HTTP.
func (b *bench) prepare(t *testing.T) {
	t.Helper()
	p, err := b.API().CreateUserPool(t.Context(), &cip.CreateUserPoolInput{
		PoolName: aws.String("demo"), AliasAttributes: []types.AliasAttributeType{types.AliasAttributeTypeEmail},
	})
	if err != nil {
		t.Fatal(err)
	}
	b.poolID = *p.UserPool.Id
	c, err := b.API().CreateUserPoolClient(t.Context(), &cip.CreateUserPoolClientInput{
		UserPoolId: &b.poolID, ClientName: aws.String("demo"),
		ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowUserPasswordAuth, types.ExplicitAuthFlowsTypeAllowRefreshTokenAuth},
	})
	if err != nil {
		t.Fatal(err)
	}
	b.clientID = *c.UserPoolClient.ClientId
	_, err = b.API().AdminCreateUser(t.Context(), &cip.AdminCreateUserInput{
		UserPoolId: &b.poolID, Username: aws.String("ann"), MessageAction: types.MessageActionTypeSuppress,
		UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: aws.String("ann@example.com")}, {Name: aws.String("email_verified"), Value: aws.String("true")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.API().AdminSetUserPassword(t.Context(), &cip.AdminSetUserPasswordInput{UserPoolId: &b.poolID, Username: aws.String("ann"), Password: aws.String(password), Permanent: true})
	if err != nil {
		t.Fatal(err)
	}
}

func (b *bench) signUp(ctx context.Context, name string) error {
	_, err := b.sdk.SignUp(ctx, &cip.SignUpInput{ClientId: &b.clientID, Username: &name, Password: aws.String(password)})
	return err
}

func (b *bench) signIn(ctx context.Context, name string) (string, error) {
	out, err := b.sdk.InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId: &b.clientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": name, "PASSWORD": password},
	})
	if err != nil {
		return "", err
	}
	return *out.AuthenticationResult.AccessToken, nil
}

// exists reports whether there is a user, not over HTTP.
func (b *bench) exists(name string) bool {
	_, err := b.API().AdminGetUser(context.Background(), &cip.AdminGetUserInput{UserPoolId: &b.poolID, Username: &name})
	return err == nil
}

// jwks fetches the pool's keys and returns what a client of them sees.
func (b *bench) jwks() (status int, body string, err error) {
	r, err := b.http.Get(endpoint(b.Server) + "/" + b.poolID + "/.well-known/jwks.json")
	if err != nil {
		return 0, "", err
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	return r.StatusCode, string(text), err
}

// bothWays runs a test with a socket and without.
func bothWays(t *testing.T, test func(t *testing.T, b *bench)) {
	t.Helper()
	for name, socket := range map[string]bool{"socket": true, "in memory": false} {
		t.Run(name, func(t *testing.T) { test(t, newBench(t, socket)) })
	}
}

// codeOf returns the code of a service's error, or "" for none and the error's text for others.
func codeOf(err error) string {
	var e smithy.APIError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.ErrorCode()
	}
	return err.Error()
}

// TestWhatSDKsRepeat injects each kind of fault once into a sign-up, which has an effect that shows
// when it comes twice.
func TestWhatSDKsRepeat(t *testing.T) {
	type result struct {
		Attempts int
		Code     string // of the error that is left, or a part of its text
		Effect   bool
	}
	for _, test := range []struct {
		reason string
		err    error
		want   result
	}{
		{"500 is repeated whatever its code", fake.HTTPStatus(500), result{2, "", true}},
		{"502 is repeated", fake.HTTPStatus(502), result{2, "", true}},
		{"503 is repeated", fake.HTTPStatus(503), result{2, "", true}},
		{"501 is not", fake.HTTPStatus(501), result{1, "ServiceUnavailable", false}},
		{"the service's own 500", &types.InternalErrorException{}, result{2, "", true}},
		{"an error of nobody's is the service's own fault", errors.New("boom"), result{2, "", true}},
		{"SDKs know the code as throttling, although it is a 400", fake.RateExceeded(), result{2, "", true}},
		{"SDKs take it for throttling too", &types.LimitExceededException{}, result{2, "", true}},
		{"the caller's own fault", &types.NotAuthorizedException{}, result{1, "NotAuthorizedException", false}},
		{"no type of the SDK", &smithy.GenericAPIError{Code: "SomethingException", Message: "else"}, result{1, "SomethingException", false}},
		{"nothing had happened", fake.CutBefore, result{2, "", true}},
		{"the first attempt had signed up", fake.CutAfter, result{2, "UsernameExistsException", true}},
		{"an answer that cannot be read is not repeated", fake.CutHalfway, result{1, "unexpected EOF", true}},
		{"wrapped", fmt.Errorf("the plug was pulled: %w", fake.CutAfter), result{2, "UsernameExistsException", true}},
	} {
		t.Run(test.err.Error(), func(t *testing.T) {
			bothWays(t, func(t *testing.T, b *bench) {
				b.Inject(fake.Fault{Operations: []string{"SignUp"}, Times: 1, Err: test.err})
				code := codeOf(b.signUp(t.Context(), "bob"))
				if test.want.Code != "" && strings.Contains(code, test.want.Code) {
					code = test.want.Code
				}
				got := result{len(b.Calls("SignUp")), code, b.exists("bob")}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", test.reason, diff)
				}
			})
		})
	}
}

func TestFaultsThatStayExhaustTheSDK(t *testing.T) {
	bothWays(t, func(t *testing.T, b *bench) {
		remove := b.Inject(fake.Fault{Operations: []string{"SignUp"}, Err: fake.RateExceeded()})
		err := b.signUp(t.Context(), "bob")
		var limited *types.TooManyRequestsException
		if !errors.As(err, &limited) || limited.ErrorMessage() != "Rate exceeded" || len(b.Calls()) != retry.DefaultMaxAttempts {
			t.Errorf("after %d attempts: %v; want %d and TooManyRequestsException", len(b.Calls()), err, retry.DefaultMaxAttempts)
		}
		remove()
		remove() // a second time does nothing
		if err := b.signUp(t.Context(), "bob"); err != nil {
			t.Errorf("after the fault was removed: %v", err)
		}
	})
}

func TestAnswersOfFaults(t *testing.T) {
	s := newServer(t, fake.Config{})
	for _, test := range []struct {
		reason string
		err    error
		status int
		want   string
	}{
		{"the modelled code", fake.HTTPStatus(500), 500, `{"__type":"InternalErrorException"}`},
		{"a common error of AWS services", fake.HTTPStatus(503), 503, `{"__type":"ServiceUnavailable"}`},
		{"the status of its fault", &types.InternalErrorException{Message: aws.String("m")}, 500, `{"__type":"InternalErrorException","message":"m"}`},
		{"400 by the API model", fake.RateExceeded(), 400, `{"__type":"TooManyRequestsException","message":"Rate exceeded"}`},
		{"a firewall's", &types.ForbiddenException{}, 403, `{"__type":"ForbiddenException"}`},
		{"with the text of the error", errors.New("boom"), 500, `{"__type":"InternalErrorException","message":"boom"}`},
	} {
		s.Inject(fake.Fault{Times: 1, Err: test.err})
		w := call(t, s, "ListUserPools", `{"MaxResults":1}`, "Authorization", signature)
		if got := bodyOf(t, w); got != test.want || w.StatusCode != test.status {
			t.Errorf("%v: %s: %d %s, want %d %s", test.err, test.reason, w.StatusCode, got, test.status, test.want)
		}
	}
}

func TestWhichCallsAFaultStrikes(t *testing.T) {
	down := fake.HTTPStatus(501) // which is not repeated
	for _, test := range []struct {
		name, reason string
		fault        func(b *bench) fake.Fault
		want         string // of sign-in by ann, sign-in by her alias, sign-up, GetUser and keys: which fail
	}{
		{"all", "documents are no operations", func(*bench) fake.Fault { return fake.Fault{} }, "ann alias signup getuser"},
		{"operation", "it is one", func(*bench) fake.Fault { return fake.Fault{Operations: []string{"InitiateAuth"}} }, "ann alias"},
		{"operations", "any of them", func(*bench) fake.Fault { return fake.Fault{Operations: []string{"SignUp", "GetUser", fake.JWKS}} }, "signup getuser keys"},
		{"user", "by name, alias or access token", func(*bench) fake.Fault { return fake.Fault{Username: "ann"} }, "ann alias getuser"},
		{"alias", "it is the same user", func(*bench) fake.Fault { return fake.Fault{Username: "ann@example.com"} }, "ann alias getuser"},
		{"user to be", "the name of the input", func(*bench) fake.Fault { return fake.Fault{Username: "bob"} }, "signup"},
		{"client", "the token's too", func(b *bench) fake.Fault { return fake.Fault{ClientID: b.clientID} }, "ann alias signup getuser"},
		{"pool", "the client's, the token's", func(b *bench) fake.Fault { return fake.Fault{UserPoolID: b.poolID} }, "ann alias signup getuser"},
		{"pool and keys", "the pool of the path", func(b *bench) fake.Fault {
			return fake.Fault{UserPoolID: b.poolID, Operations: []string{fake.JWKS}}
		}, "keys"},
		{"another pool", "it is not called", func(b *bench) fake.Fault { return fake.Fault{UserPoolID: "us-east-1_other"} }, ""},
		{"all of it", "a call must match every field", func(b *bench) fake.Fault {
			return fake.Fault{Operations: []string{"SignUp"}, Username: "ann"}
		}, ""},
		{"predicate", "what it says, with the typed input", func(b *bench) fake.Fault {
			return fake.Fault{Match: func(c fake.Call) bool {
				in, ok := c.Input.(*cip.InitiateAuthInput)
				return ok && in.AuthParameters["USERNAME"] == "ann@example.com"
			}}
		}, "alias"},
		{"predicate that uses the server", "no lock is held", func(b *bench) fake.Fault {
			return fake.Fault{Match: func(c fake.Call) bool {
				b.Inject(fake.Fault{Operations: []string{"GetGroup"}})()
				return len(b.Calls("SignUp")) > 0 && b.exists("bob")
			}}
		}, "getuser"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := newBench(t, false)
			token, err := b.signIn(t.Context(), "ann")
			if err != nil {
				t.Fatal(err)
			}
			f := test.fault(b)
			f.Err = down
			b.Inject(f)
			if got := b.failing(t.Context(), token); got != test.want {
				t.Errorf("%s: fails: %s; want %s", test.reason, got, test.want)
			}
		})
	}
}

// failing names the calls that fail.
func (b *bench) failing(ctx context.Context, token string) string {
	_, ann := b.signIn(ctx, "ann")
	_, alias := b.signIn(ctx, "ann@example.com")
	signUp := b.signUp(ctx, "bob")
	_, getUser := b.sdk.GetUser(ctx, &cip.GetUserInput{AccessToken: &token})
	keys, _, _ := b.jwks()
	var names []string
	for _, c := range []struct {
		name   string
		failed bool
	}{{"ann", ann != nil}, {"alias", alias != nil}, {"signup", signUp != nil}, {"getuser", getUser != nil}, {"keys", keys != 200}} {
		if c.failed {
			names = append(names, c.name)
		}
	}
	return strings.Join(names, " ")
}

func TestFaultsStrikeInOrder(t *testing.T) {
	b := newBench(t, false)
	b.Inject(fake.Fault{Times: 1, Err: &types.NotAuthorizedException{}})
	b.Inject(fake.Fault{Times: 2, Err: &types.UserNotFoundException{}})
	var got []string
	for range 4 {
		got = append(got, codeOf(b.signUp(t.Context(), "bob")))
	}
	if diff := cmp.Diff([]string{"NotAuthorizedException", "UserNotFoundException", "UserNotFoundException", ""}, got); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

func TestInvalidCallsMeetNoFault(t *testing.T) {
	b := newBench(t, false)
	b.Inject(fake.Fault{Err: fake.HTTPStatus(501)})
	_, err := b.sdk.AdminGetUser(t.Context(), &cip.AdminGetUserInput{UserPoolId: aws.String("no-pool-id"), Username: aws.String("ann")})
	if got := codeOf(err); got != "InvalidParameterException" {
		t.Errorf("a call against a constraint: %s, want InvalidParameterException", got)
	}
	if got := len(b.UnusedFaults()); got != 1 {
		t.Errorf("%d faults are unused, want 1", got)
	}
}

func TestTimesIsExactAmongConcurrentCalls(t *testing.T) {
	bothWays(t, func(t *testing.T, b *bench) {
		b.Inject(fake.Fault{Operations: []string{"SignUp"}, Times: 7, Err: fake.HTTPStatus(501)})
		var calls sync.WaitGroup
		for n := range 30 {
			calls.Go(func() { b.signUp(context.Background(), fmt.Sprint("user", n)) })
		}
		calls.Wait()
		failed := 0
		for _, c := range b.Calls("SignUp") {
			if c.Err == fake.HTTPStatus(501) {
				failed++
			}
		}
		if failed != 7 {
			t.Errorf("%d calls failed, want 7", failed)
		}
	})
}

func TestUnusedFaults(t *testing.T) {
	b := newBench(t, false)
	b.Inject(fake.Fault{Operations: []string{"SignUp"}, Times: 2, Err: fake.HTTPStatus(501)})
	b.Inject(fake.Fault{Operations: []string{"GetUser"}})
	b.Inject(fake.Fault{Operations: []string{"GetGroup"}})()
	used := b.Inject(fake.Fault{Operations: []string{"SignUp"}})
	for range 2 {
		b.signUp(t.Context(), "bob")
	}
	b.signUp(t.Context(), "bob")
	used()
	var got []string
	for _, f := range b.UnusedFaults() {
		got = append(got, f.Operations...)
	}
	if diff := cmp.Diff([]string{"GetUser", "GetGroup"}, got); diff != "" {
		t.Errorf("unused, of which one was removed (-want +got):\n%s", diff)
	}
}

func TestFaultOfNoOperationIsLogged(t *testing.T) {
	var log strings.Builder
	s := newServer(t, fake.Config{Logf: func(format string, args ...any) { fmt.Fprintf(&log, format+"\n", args...) }})
	s.Inject(fake.Fault{Operations: []string{"SignUp", fake.JWKS, fake.Discovery, "Signup"}})
	if got, want := log.String(), "cognitotest: a fault is for operation \"Signup\", which the service does not have\n"; got != want {
		t.Errorf("log = %q, want %q", got, want)
	}
}

func TestFaultsOfKeys(t *testing.T) {
	bothWays(t, func(t *testing.T, b *bench) {
		_, whole, _ := b.jwks()
		keys := []string{fake.JWKS}
		b.Inject(fake.Fault{Operations: keys, Times: 1, Err: fake.HTTPStatus(503)})
		if status, _, err := b.jwks(); status != 503 || err != nil {
			t.Errorf("%d %v; want 503", status, err)
		}
		b.Inject(fake.Fault{Operations: keys, Times: 1, Err: fake.CutHalfway})
		if _, body, err := b.jwks(); err != io.ErrUnexpectedEOF || body != whole[:len(whole)/2] {
			t.Errorf("%q %v; want half of %q and %v", body, err, whole, io.ErrUnexpectedEOF)
		}
		remove := b.Inject(fake.Fault{Operations: keys, Err: fake.CutBefore})
		if _, _, err := b.jwks(); !errors.Is(err, io.EOF) {
			t.Errorf("error = %v, want %v", err, io.EOF)
		}
		remove()
		b.Inject(fake.Fault{Operations: keys, Times: 1, SlowBody: 16 * time.Millisecond})
		began := time.Now()
		if status, body, err := b.jwks(); status != 200 || body != whole || err != nil {
			t.Errorf("%d %q %v; want 200 and %q", status, body, err, whole)
		}
		if took := time.Since(began); took < 16*time.Millisecond {
			t.Errorf("a body over 16 ms took %v", took)
		}
	})
}

func TestLatencyIsTheServersTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, false)
		b.Inject(fake.Fault{Delay: 3 * time.Second})
		b.Inject(fake.Fault{Times: 1, Delay: time.Second, SlowBody: time.Second, Err: fake.HTTPStatus(501)})
		began := time.Now()
		if err := b.signUp(t.Context(), "bob"); codeOf(err) != "ServiceUnavailable" {
			t.Errorf("error = %v, want the second fault's", err)
		}
		if got := time.Since(began); got != 5*time.Second {
			t.Errorf("two delays and a slow body took %v, want 5s", got)
		}
		began = time.Now()
		done := make(chan error, 1)
		go func() { done <- b.signUp(t.Context(), "bob") }()
		synctest.Wait()
		b.Advance(3 * time.Second)
		if err := <-done; err != nil || time.Since(began) != 0 {
			t.Errorf("%v after %v; want none at once, for the clock was advanced", err, time.Since(began))
		}
	})
}

func TestWhoeverGivesUpLeavesNoEffect(t *testing.T) {
	bothWays(t, func(t *testing.T, b *bench) {
		ctx, cancel := context.WithCancel(t.Context())
		b.Inject(fake.Fault{Operations: []string{"SignUp"}, Times: 1, Delay: time.Hour, Match: func(fake.Call) bool {
			cancel()
			return true
		}})
		if err := b.signUp(ctx, "bob"); !errors.Is(err, context.Canceled) {
			t.Errorf("error = %v, want %v", err, context.Canceled)
		}
		for len(b.Calls("SignUp")) == 0 { // until the server has noticed
			time.Sleep(time.Millisecond)
		}
		if got := b.Calls("SignUp")[0]; got.Err != context.Canceled || b.exists("bob") {
			t.Errorf("%v, and exists = %v; want %v and false", got, b.exists("bob"), context.Canceled)
		}
	})
}

func TestWhoeverGivesUpOnASlowBodyIsToldSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, false)
		b.Inject(fake.Fault{SlowBody: time.Hour})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := b.signUp(ctx, "bob"); !errors.Is(err, context.DeadlineExceeded) || !b.exists("bob") {
			t.Errorf("error = %v, exists = %v; want %v and true", err, b.exists("bob"), context.DeadlineExceeded)
		}
	})
}

// BenchmarkCall is a call without much to do, whose cost is that of the way there and back.
func BenchmarkCall(b *testing.B) {
	for _, n := range []int{0, 100} {
		b.Run(fmt.Sprintf("%d faults for others", n), func(b *testing.B) {
			s := fake.NewServer(fake.Config{})
			defer s.Close()
			for range n {
				s.Inject(fake.Fault{Operations: []string{"SignUp"}, Username: "ann"})
			}
			c := client(s, "us-east-1")
			for b.Loop() {
				if _, err := c.ListUserPools(b.Context(), &cip.ListUserPoolsInput{MaxResults: aws.Int32(1)}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
