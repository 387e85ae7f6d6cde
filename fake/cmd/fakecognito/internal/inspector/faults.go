package inspector

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/smithy-go"

	"github.com/cognitotest/cognito/fake"
)

// fault is a fault that a form has injected.
type fault struct {
	fake.Fault
	ID     int
	What   string // in words
	met    *atomic.Int64
	remove func()
}

// Struck returns how many calls the fault has struck. Calls that come at the same time may meet a fault that
// has just struck the last.
func (f fault) Struck() int {
	met := int(f.met.Load())
	if f.Times > 0 {
		return min(met, f.Times)
	}
	return met
}

// Spent reports whether the fault will strike no more.
func (f fault) Spent() bool { return f.Times > 0 && f.Struck() == f.Times }

// injected are the faults of the page, the newest last.
type injected struct {
	mu   sync.Mutex // guards list and last
	list []fault
	last int
}

func (l *injected) add(f fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	f.ID = l.last
	l.list = append(l.list, f)
}

// remove ends the fault of an id, if there is one.
func (l *injected) remove(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = slices.DeleteFunc(l.list, func(f fault) bool {
		if strconv.Itoa(f.ID) != id {
			return false
		}
		f.remove()
		return true
	})
}

func (l *injected) all() []fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.list)
}

// active returns how many faults can strike still.
func (l *injected) active() int {
	return len(slices.DeleteFunc(l.all(), fault.Spent))
}

// outcome is what a fault can do, as the form offers it.
type outcome struct {
	Key, Label string
	err        error
}

// ownError is the key of the outcome whose error the form names.
const ownError = "error"

func outcomes() []outcome {
	return []outcome{
		{"rate", "TooManyRequestsException", fake.RateExceeded()},
		{"500", "HTTP 500, InternalErrorException", fake.HTTPStatus(http.StatusInternalServerError)},
		{"503", "HTTP 503, ServiceUnavailable", fake.HTTPStatus(http.StatusServiceUnavailable)},
		{ownError, "An error that I name", nil},
		{"before", "Connection cut before the effect", fake.CutBefore},
		{"after", "Connection cut after the effect", fake.CutAfter},
		{"halfway", "Connection cut in the midst of the answer", fake.CutHalfway},
		{"none", "Nothing but the delay", nil},
	}
}

// showFaults shows the faults and limits that are on, and the forms for more.
func (i *inspector) showFaults(*http.Request) (view, error) {
	return view{name: "faults", title: "Faults", data: struct {
		Faults     []fault
		Limits     []limit
		Outcomes   []outcome
		Operations []string
		Codes      []string
		Categories []fake.Category
	}{last(i.faults.all(), math.MaxInt32), i.limits.all(), outcomes(), operations(), errorCodes(), fake.Categories()}}, nil
}

// errorCodes are those that the form suggests.
func errorCodes() []string {
	return []string{
		"AliasExistsException", "CodeDeliveryFailureException", "CodeMismatchException", "ExpiredCodeException", "ForbiddenException",
		"InternalErrorException", "InvalidParameterException", "InvalidPasswordException", "LimitExceededException", "NotAuthorizedException",
		"PasswordResetRequiredException", "ResourceNotFoundException", "TooManyFailedAttemptsException", "TooManyRequestsException",
		"UnexpectedLambdaException", "UserLambdaValidationException", "UserNotConfirmedException", "UserNotFoundException", "UsernameExistsException",
	}
}

// changeFaults injects or removes a fault, or sets or lifts a limit.
func (i *inspector) changeFaults(r *http.Request) (string, error) {
	done := "injected"
	var err error
	switch r.PostFormValue("action") {
	case "inject":
		err = i.inject(r)
	case "remove":
		i.faults.remove(r.PostFormValue("id"))
		done = "removed"
	case "limit":
		done, err = "limited", i.limit(r.PostFormValue("category"), r.PostFormValue("rate"))
	case "lift":
		done, err = "lifted", i.limit(r.PostFormValue("category"), "+Inf")
	default:
		return "", errNoPage
	}
	return link("faults", "done", done), err
}

// inject injects the fault that a form describes.
func (i *inspector) inject(r *http.Request) error {
	f, err := readFault(r)
	if err != nil {
		return err
	}
	f.met = &atomic.Int64{}
	f.Match = func(fake.Call) bool { f.met.Add(1); return true } // asked last, of calls that it strikes
	f.remove = i.server.Inject(f.Fault)
	i.faults.add(f)
	return nil
}

// readFault reads a fault from a form.
func readFault(r *http.Request) (fault, error) {
	var f fault
	f.UserPoolID, f.ClientID, f.Username = r.PostFormValue("pool"), r.PostFormValue("client"), r.PostFormValue("user")
	var errs [4]error
	f.Operations, errs[0] = readOperations(r.PostFormValue("operations"))
	f.Err, f.What, errs[1] = readOutcome(r)
	f.Times, errs[2] = readTimes(r.PostFormValue("times"))
	f.Delay, errs[3] = readDelay(r.PostFormValue("delay"))
	err := cmp.Or(errs[:]...)
	if err == nil && f.Err == nil && f.Delay == 0 {
		err = &fieldError{"delay", "A fault that is nothing but a delay needs one."}
	}
	switch {
	case f.Err == nil:
		f.What = "A delay of " + f.Delay.String()
	case f.Delay > 0:
		f.What += ", after a delay of " + f.Delay.String()
	}
	return f, err
}

// readOperations reads names with commas or blanks between them.
func readOperations(text string) ([]string, error) {
	names := strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ' ' })
	for _, name := range names {
		if !slices.Contains(operations(), name) {
			return nil, &fieldError{"operations", fmt.Sprintf("The service has no operation %q. Names are written as InitiateAuth, with commas between them.", name)}
		}
	}
	return names, nil
}

// readOutcome reads what is to happen: the error, and how people call it.
func readOutcome(r *http.Request) (error, string, error) {
	key := r.PostFormValue("outcome")
	at := slices.IndexFunc(outcomes(), func(o outcome) bool { return o.Key == key })
	if at < 0 {
		return nil, "", &fieldError{"outcome", "Choose what happens."}
	}
	switch o := outcomes()[at]; key {
	case ownError:
		code := r.PostFormValue("code")
		if code == "" {
			return nil, "", &fieldError{"code", "Name the error, such as NotAuthorizedException."}
		}
		err := &smithy.GenericAPIError{Code: code, Message: r.PostFormValue("message")}
		return err, strings.TrimSuffix(code+": "+err.Message, ": "), nil
	case "none":
		return nil, "", nil
	default:
		return o.err, o.Label, nil
	}
}

func readTimes(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, &fieldError{"times", "Give a whole number, or nothing for every call until the fault is removed."}
	}
	return n, nil
}

func readDelay(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	seconds, err := strconv.ParseFloat(text, 64)
	d, ok := duration(seconds)
	if err != nil || !ok || d < 0 {
		return 0, &fieldError{"delay", "Give a number of seconds, such as 1.5."}
	}
	return d, nil
}

// limit is a request rate that a form has set.
type limit struct {
	Category  fake.Category
	PerSecond float64
}

// limits are the request rates that are limited.
type limits struct {
	mu    sync.Mutex // guards rates
	rates map[fake.Category]float64
}

func (l *limits) set(c fake.Category, perSecond float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.rates == nil {
		l.rates = map[fake.Category]float64{}
	}
	l.rates[c] = perSecond
	if math.IsInf(perSecond, 1) {
		delete(l.rates, c)
	}
}

// all returns the limits in the order of the categories.
func (l *limits) all() []limit {
	l.mu.Lock()
	defer l.mu.Unlock()
	var list []limit
	for _, c := range fake.Categories() {
		if rate, limited := l.rates[c]; limited {
			list = append(list, limit{c, rate})
		}
	}
	return list
}

func (l *limits) active() int { return len(l.all()) }

// limit limits the request rate of a category, or lifts its limit at an infinite rate.
func (i *inspector) limit(category, rate string) error {
	perSecond, err := strconv.ParseFloat(rate, 64)
	if err != nil {
		return &fieldError{"rate", "Give a number of calls a second, such as 5 or 0.5."}
	}
	if err := i.server.Throttle(fake.Category(category), perSecond); err != nil {
		return at("rate", errors.New(strings.TrimPrefix(err.Error(), "cognitotest: ")))
	}
	i.limits.set(fake.Category(category), perSecond)
	return nil
}
