package real_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/cognitotest/cognito/cognitotest"
)

// scene is a test within a test, which keeps what it is told. Fatalf and Skipf end the goroutine, as in
// testing.
type scene struct {
	testing.TB
	cleanups []func()
	told     []string
	failed   bool
	skipped  bool
}

func (s *scene) Helper()          {}
func (s *scene) Cleanup(f func()) { s.cleanups = append(s.cleanups, f) }
func (s *scene) Failed() bool     { return s.failed }
func (s *scene) Logf(format string, args ...any) {
	s.told = append(s.told, fmt.Sprintf(format, args...))
}
func (s *scene) Errorf(format string, args ...any) { s.Logf(format, args...); s.failed = true }

func (s *scene) Fatalf(format string, args ...any) {
	s.Errorf(format, args...)
	runtime.Goexit()
}

func (s *scene) Skipf(format string, args ...any) {
	s.Logf(format, args...)
	s.skipped = true
	runtime.Goexit()
}

// play runs a test to its end, clean-up included.
func play(t *testing.T, test func(cognitotest.TB)) *scene {
	t.Helper()
	s := &scene{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if cause := recover(); cause != nil {
				s.Errorf("panic: %v", cause)
			}
		}()
		test(s)
	}()
	<-done
	for i := len(s.cleanups) - 1; i >= 0; i-- {
		s.cleanups[i]()
	}
	return s
}

// wantFailure checks that a test fails and is told what to do.
func wantFailure(t *testing.T, want string, test func(cognitotest.TB)) {
	t.Helper()
	s := play(t, test)
	if told := strings.Join(s.told, "\n"); !s.failed || !strings.Contains(told, want) {
		t.Errorf("failed: %t, told: %s\nwant a failure with %q", s.failed, told, want)
	}
}
