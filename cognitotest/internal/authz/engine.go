package authz

import (
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// T is a test that has subtests.
type T interface {
	Helper()
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	Skipf(format string, args ...any)
	Run(name string, f func(T))
}

// Verifier accepts a token by returning nil.
type Verifier func(token string) error

// Suite tries one verifier.
type Suite struct {
	World  *World
	Verify Verifier
	// Send sends a request with whatever credentials; nil where the verifier sees no requests.
	Send func(*http.Request) Answer
	// Fresh returns a copy of the world that prepare has changed, with a verifier of its own.
	Fresh func(t T, prepare func(*World)) (*World, Verifier)
	// Waived are the reasons for which cases are not tried, by their full names.
	Waived map[string]string
	// Patience is how long a verifier may think about a token. Once it has thought longer, it gets a second.
	Patience time.Duration

	late atomic.Bool
}

// trial is a case that is ready to run.
type trial struct {
	name string
	run  func(t T)
}

// Run runs every case that fits as a subtest.
func (s *Suite) Run(t T) {
	t.Helper()
	known := map[string]bool{}
	for _, c := range s.trials() {
		known[c.name] = true
		t.Run(c.name, func(t T) {
			t.Helper()
			if reason, waived := s.Waived[c.name]; waived {
				t.Skipf("waived: %s", reason)
				return
			}
			c.run(t)
		})
	}
	for name := range s.Waived {
		if !known[name] {
			t.Errorf("cognitotest: Waive(%q): no such case runs here; the names are those of the subtests, such as refuse/expired", name)
		}
	}
}

// trials are all cases that fit, those that must be accepted first, so that keys are known by then.
func (s *Suite) trials() []trial {
	expiry := s.expiryTrial()
	all := s.each("accept", acceptCases(), s.mustAccept)
	all = append(all, s.each("refuse", refuseCases(), s.mustRefuse)...)
	all = append(all, s.lastTrials()...)
	all = append(all, s.each("advice", adviceCases(), s.advise)...)
	if s.Send != nil {
		all = append(all, s.requestTrials()...)
	}
	return append(append(all, s.keyTrials()...), expiry)
}

// each makes the trials of a family of cases.
func (s *Suite) each(family string, cases []Case, judge func(T, Case, []Try)) []trial {
	var all []trial
	for _, c := range cases {
		if !c.fits(s.World) {
			continue
		}
		all = append(all, trial{family + "/" + c.Name, func(t T) {
			t.Helper()
			tries, err := s.World.tries(c)
			if err != nil {
				internalError(t, err)
				return
			}
			judge(t, c, tries)
		}})
	}
	return all
}

func (s *Suite) mustAccept(t T, c Case, tries []Try) {
	t.Helper()
	var found findings
	for _, try := range tries {
		found.judge(s.ask(s.Verify, try.Token), try.What, true)
	}
	found.report(t, c.Rule, c.Cost)
}

func (s *Suite) mustRefuse(t T, c Case, tries []Try) {
	t.Helper()
	var found findings
	before := s.World.fetches(s.World.Other.ID)
	for _, try := range tries {
		v := s.ask(s.Verify, try.Token)
		found.judge(v, try.What, false)
		if v.refuses() && c.calm && s.World.fetches(s.World.Other.ID) > before {
			found.add("fetches what a token names before it knows who wrote it", try.What)
		}
	}
	found.report(t, c.Rule, c.Cost)
}

// The rule of the cases that only advise.
const (
	answerAll     = "answer every token"
	costOfSilence = "one token takes the service down, or leaves its caller without an answer"
)

// advise tells of tokens that a verifier accepts and need not.
func (s *Suite) advise(t T, c Case, tries []Try) {
	t.Helper()
	var found findings
	for _, try := range tries {
		v := s.ask(s.Verify, try.Token)
		switch {
		case v.trouble != "":
			found.add(v.trouble, try.What)
		case v.err == nil:
			t.Logf("accepted: %s\n    advice: %s\n    since:  %s", try.What, c.Rule, c.Cost)
		}
	}
	found.report(t, answerAll, costOfSilence)
}

// findings are what is wrong in one case.
type findings struct {
	first string // what it did, with which token
	what  string // was special in that token
	more  []string
}

// add adds what the verifier did, with which token.
func (f *findings) add(did, what string) {
	switch {
	case f.first == "":
		f.first, f.what = did+": "+what, what
	case what != f.what && !slices.Contains(f.more, what):
		f.more = append(f.more, what)
	}
}

// judge adds a verdict on a token that is not right.
func (f *findings) judge(v verdict, what string, good bool) {
	switch {
	case v.trouble != "":
		f.add(v.trouble, what)
	case good && v.err != nil:
		f.add(fmt.Sprintf("refuses a good token (%v)", v.err), what)
	case !good && v.err == nil:
		f.add("accepts a token that it must refuse", what)
	}
}

// internalError tells of an error that is not the verifier's.
func internalError(t T, err error) {
	t.Helper()
	t.Errorf("cognitotest: internal error: %v", err)
}

func (f *findings) report(t T, rule, cost string) {
	t.Helper()
	if f.first == "" {
		return
	}
	also := ""
	if n := len(f.more); n > 0 {
		also = fmt.Sprintf("\n    also: %s", strings.Join(f.more[:min(n, 3)], "; "))
		if n > 3 {
			also += fmt.Sprintf("; and %d more", n-3)
		}
	}
	t.Errorf("the verifier %s%s\n    rule: %s\n    cost: %s", f.first, also, rule, cost)
}

// Misbehaviour is the error of a verifier that neither accepted nor refused a token.
type Misbehaviour struct {
	Did    string
	Closed bool // whether it is how a service answers that cannot verify tokens now (5xx)
}

// Error returns what it did instead.
func (m *Misbehaviour) Error() string { return m.Did }

// verdict is what a verifier says of a token.
type verdict struct {
	err     error  // nil: it is good
	trouble string // what happened instead of an answer
	closed  bool   // whether nobody gets in that way, while the service is in trouble itself
}

// accepts reports whether a token is taken for good.
func (v verdict) accepts() bool { return v.trouble == "" && v.err == nil }

// refuses reports whether it is an answer, and the right one for a wrong token.
func (v verdict) refuses() bool { return v.trouble == "" && v.err != nil }

// ask asks a verifier about a token. The verifier runs in a goroutine of its own, which may outlive a finding.
func (s *Suite) ask(verify Verifier, token string) verdict {
	answer := make(chan verdict, 1)
	go func() {
		v := verdict{trouble: "ended its goroutine (t.Fatal and the like end the test, not the token)"}
		defer func() {
			if p := recover(); p != nil {
				v = verdict{trouble: fmt.Sprintf("panics (%v, in %s)", p, panicked())}
			}
			answer <- v
		}()
		v = verdict{err: verify(token)}
	}()
	patience := s.Patience
	if s.late.Load() {
		patience = min(patience, time.Second)
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case v := <-answer:
		return v.judged()
	case <-timer.C:
		s.late.Store(true)
		return verdict{trouble: fmt.Sprintf("gives no answer within %v", patience)}
	}
}

// judged takes an answer that is none for trouble.
func (v verdict) judged() verdict {
	var m *Misbehaviour
	if errors.As(v.err, &m) {
		return verdict{err: v.err, trouble: m.Did, closed: m.Closed}
	}
	return v
}

// panicked returns the function that panicked, with its place. It is called while the panic is recovered.
func panicked() string {
	callers := make([]uintptr, 32)
	frames := runtime.CallersFrames(callers[:runtime.Callers(1, callers)])
	past := false
	for {
		f, more := frames.Next()
		if past && !strings.HasPrefix(f.Function, "runtime.") {
			return fmt.Sprintf("%s, %s:%d", f.Function, f.File, f.Line)
		}
		past = past || f.Function == "runtime.gopanic"
		if !more {
			return "a place unknown"
		}
	}
}
