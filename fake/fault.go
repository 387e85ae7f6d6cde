package fake

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"

	"github.com/cognitotest/cognito/fake/internal/api"
	"github.com/cognitotest/cognito/fake/internal/oauth"
)

// Fault is something that goes wrong with calls over HTTP. The first six fields say with which: a call
// must match all that are set. The others say what goes wrong; they can be combined.
//
// Calls that the service refuses before it runs the operation (malformed, unsigned, against a constraint
// of the API model) meet no fault. The helpers of package cognitotest call over HTTP too: prepare users
// before the fault, or name its operation.
type Fault struct {
	// Operations are names such as InitiateAuth, [JWKS] or [Discovery], or the path of an endpoint at a pool's
	// domain, such as /oauth2/token. None means every operation of the JSON API, and nothing else.
	Operations []string
	// UserPoolID, ClientID and Username are those of [Call]: whom the input or its access token names. An
	// alias will do for Username. A call by refresh token names no user.
	UserPoolID, ClientID, Username string
	// Match is asked last, about a call without Output and Err. It runs in the caller's goroutine,
	// several at a time where calls come so, while no lock is held; it may use the server.
	Match func(Call) bool
	// Times is how many calls the fault strikes; 0 means all until it is removed.
	Times int

	// Delay passes on the server's clock before anything else happens, so that Advance and virtual
	// time end it. A caller who gives up before leaves the call without effect.
	Delay time.Duration
	// SlowBody is the time that the answer's body takes to arrive, in 16 parts, on the server's clock.
	// Without a socket (RoundTrip) the whole answer comes when its last part does.
	SlowBody time.Duration
	// Err takes the place of the operation and its effect: any error of the SDK's types package or other
	// smithy.APIError, which the service's JSON carries; an [HTTPStatus]; a [Cut], which can also leave
	// the effect. Any other error is answered as InternalErrorException with its text.
	Err error
	// Document answers in place of the pool, where Operations name [JWKS] or [Discovery] and Err is nil: a set
	// of other keys, of keys of unknown kinds, far too much, no JSON, a redirection ([http.RedirectHandler]).
	// Operations never meet it.
	Document http.Handler
}

// String says which calls the fault is for, and what goes wrong with them.
func (f Fault) String() string {
	text := "fault for " + cmp.Or(strings.Join(f.Operations, ", "), "every operation")
	for _, only := range []struct{ name, value string }{{"pool", f.UserPoolID}, {"client", f.ClientID}, {"user", f.Username}} {
		if only.value != "" {
			text += " of " + only.name + " " + only.value
		}
	}
	if f.Err != nil {
		text += ": " + f.Err.Error()
	} else if f.Document != nil {
		text += ": another document"
	}
	return text
}

// HTTPStatus is, as Err of a [Fault], an answer of a failing service: 500 is InternalErrorException, any
// other status from 501 to 599 is the ServiceUnavailable of the errors that AWS services have in common
// (inferred for this one). The message is empty.
type HTTPStatus int

// Error returns the code and the status.
func (s HTTPStatus) Error() string { return s.ErrorCode() + ": " + http.StatusText(int(s)) }

// ErrorCode returns the code on the wire.
func (s HTTPStatus) ErrorCode() string {
	if s == http.StatusInternalServerError {
		return "InternalErrorException"
	}
	return "ServiceUnavailable"
}

// ErrorMessage returns "".
func (s HTTPStatus) ErrorMessage() string { return "" }

// ErrorFault returns smithy.FaultServer.
func (s HTTPStatus) ErrorFault() smithy.ErrorFault { return smithy.FaultServer }

// HTTPStatusCode returns the status.
func (s HTTPStatus) HTTPStatusCode() int { return int(s) }

// Cut is, as Err of a [Fault], the end of the connection. Clients see the error that net/http has for it:
// io.EOF without an answer, io.ErrUnexpectedEOF within one, also from [Server.RoundTrip].
//
// net/http itself repeats a GET, such as of [JWKS], whose connection ended while it waited for the answer,
// where the connection had served before.
type Cut string

// The moments at which a connection ends.
const (
	CutBefore  Cut = "connection cut before the effect"        // nothing has happened
	CutAfter   Cut = "connection cut after the effect"         // all has happened, nothing was answered
	CutHalfway Cut = "connection cut in the midst of the body" // all has happened, half of the body was answered
)

// Error returns what happened.
func (c Cut) Error() string { return string(c) }

// RateExceeded returns TooManyRequestsException as callers over a request rate of the service get it. SDKs
// repeat such calls. The text is inferred: it is that of other AWS services.
func RateExceeded() error {
	return &types.TooManyRequestsException{Message: aws.String("Rate exceeded")}
}

// Inject makes calls fail from now on, until the fault has struck so many times as it says or is removed.
// Faults strike a call in the order in which they were injected, up to and with the first that has an Err or
// a Document.
// An operation that the service does not have is logged.
//
//	server.Inject(fake.Fault{Operations: []string{"InitiateAuth"}, Times: 2, Err: fake.RateExceeded()})
//	server.Inject(fake.Fault{Operations: []string{"SignUp"}, Times: 1, Err: fake.CutAfter})
//	remove := server.Inject(fake.Fault{UserPoolID: cog.PoolID, Delay: 3 * time.Second})
func (s *Server) Inject(f Fault) (remove func()) {
	for _, name := range f.Operations {
		if _, known := api.Lookup(name); !known && !isDocument(name) && !slices.Contains(oauth.Paths(), name) {
			s.config.Logf("cognitotest: a fault is for operation %q, which the service does not have", name)
		}
	}
	if f.Document != nil && !slices.ContainsFunc(f.Operations, isDocument) {
		s.config.Logf("cognitotest: a fault has a Document and is for none; name fake.JWKS or fake.Discovery in Operations")
	}
	i := &injected{Fault: f}
	s.faults.add(i)
	return func() { s.faults.remove(i) }
}

// UnusedFaults returns the faults that have struck no call so far, also those that were removed, oldest
// first. A test that expects its faults to be met wants none at its end.
func (s *Server) UnusedFaults() []Fault { return s.faults.unused() }

// injected is a fault in a server.
type injected struct {
	Fault
	struck  int
	removed bool
}

// faults are the faults of a server.
type faults struct {
	mu  sync.Mutex // guards all, and struck and removed of each
	all []*injected
}

func (f *faults) add(i *injected) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all = append(f.all, i)
}

func (f *faults) remove(i *injected) {
	f.mu.Lock()
	defer f.mu.Unlock()
	i.removed = true
	f.forgetSpent()
}

// forgetSpent keeps what can strike still, and what never did. The lock is held.
func (f *faults) forgetSpent() {
	f.all = slices.DeleteFunc(f.all, func(i *injected) bool { return i.struck > 0 && i.spent() })
}

func (i *injected) spent() bool { return i.removed || i.Times > 0 && i.struck >= i.Times }

// snapshot returns the faults that can strike.
func (f *faults) snapshot() []*injected {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.all) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(f.all), (*injected).spent)
}

// claim counts a strike, unless there is none left.
func (f *faults) claim(i *injected) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if i.spent() {
		return false
	}
	i.struck++
	f.forgetSpent()
	return true
}

func (f *faults) unused() []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	var found []Fault
	for _, i := range f.all {
		if i.struck == 0 {
			found = append(found, i.Fault)
		}
	}
	return found
}

// concerns reports whether a call is of those that a fault is for. No lock may be held.
func (s *Server) concerns(f *Fault, c Call) bool {
	operation := slices.Contains(f.Operations, c.Operation)
	if len(f.Operations) == 0 {
		_, operation = api.Lookup(c.Operation)
	}
	return operation && among(f.UserPoolID, c.UserPoolID) && among(f.ClientID, c.ClientID) &&
		s.isUser(f.Username, c) && (f.Match == nil || f.Match(c))
}

func isDocument(operation string) bool { return operation == JWKS || operation == Discovery }

func among(wanted, got string) bool { return wanted == "" || wanted == got }

// isUser reports whether a call is about the user of a name or an alias.
func (s *Server) isUser(name string, c Call) bool {
	if among(name, c.Username) {
		return true
	}
	p, err := s.store.Pool(c.UserPoolID, "")
	return err == nil && storedUsername(p, name) == c.Username
}

// strike lets the faults for a call loose, and returns what they leave to be done.
func (s *Server) strike(ctx context.Context, c Call) trouble {
	t := trouble{ctx: ctx, clock: s.clock}
	for _, i := range s.faults.snapshot() {
		if !s.concerns(&i.Fault, c) || !s.faults.claim(i) {
			continue
		}
		t.slow += i.SlowBody
		if i.Delay > 0 {
			if err := s.clock.WaitUntil(ctx, s.clock.Now().Add(i.Delay)); err != nil {
				t.instead = err
				return t
			}
		}
		if i.Err != nil {
			t.instead = answerable(i.Err)
			return t
		}
		if i.Document != nil && isDocument(c.Operation) {
			t.document = i.Document
			return t
		}
	}
	return t
}
