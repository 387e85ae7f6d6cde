package trigger

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestNotifyTellsTheLogAlone(t *testing.T) {
	for _, test := range []struct {
		why     string
		handler func() ([]byte, error)
		log     string // a part of it; "" where nothing is to be said
		err     string
	}{
		{"the event as it came", func() ([]byte, error) { return []byte("{}"), nil }, "", ""},
		{"nothing", func() ([]byte, error) { return nil, nil }, "", ""},
		{"no JSON", func() ([]byte, error) { return []byte("{"), nil }, "", ""},
		{"an error", func() ([]byte, error) { return nil, errors.New("no") },
			"the operation goes on", "UserLambdaValidationException: PreSignUp failed with error no."},
		{"a panic", func() ([]byte, error) { panic("boom") },
			"the operation goes on", "UserLambdaValidationException: PreSignUp failed with error boom."},
	} {
		t.Run(test.why, func(t *testing.T) {
			f, _, log := newFunctions(handlerFunc(func(context.Context, []byte) ([]byte, error) { return test.handler() }))
			event, _ := testEvent()
			f.Notify(t.Context(), event)
			if got := log.String(); !strings.Contains(got, test.log) || (got == "") != (test.log == "") {
				t.Errorf("log = %q, want %q", got, test.log)
			}
			if calls := f.Invocations(); len(calls) != 1 || text(calls[0].Err) != test.err {
				t.Errorf("the calls are %+v, want one that failed with %q", calls, test.err)
			}
		})
	}
}
