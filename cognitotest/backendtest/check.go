package backendtest

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
)

// The contract knows errors by three grades: code and text, which wantError checks; the code alone, which
// wantCode checks; and what is inferred from the rest of the service, which wantInferred checks. What a real
// pool says where the contract does not know it is reported: see [Reported].

// wantError checks the code and the whole message of a service's error.
func wantError(t *testing.T, err error, code, message string) {
	t.Helper()
	type answer struct{ Code, Message string }
	want := answer{code, message}
	var got answer
	var e smithy.APIError
	if errors.As(err, &e) {
		got = answer{e.ErrorCode(), e.ErrorMessage()}
	} else if err != nil {
		got.Message = err.Error()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
}

// wantCode checks the code of a service's error, where its message is not known.
func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	var e smithy.APIError
	if !errors.As(err, &e) || e.ErrorCode() != code {
		t.Errorf("error = %v, want code %s", err, code)
		return
	}
	report(t, "the text of %s is %q", code, e.ErrorMessage())
}

// wantInferred checks the code of an error that is inferred. A real pool may answer otherwise.
func wantInferred(t *testing.T, p *cognitotest.Provider, err error, code string) {
	t.Helper()
	var e smithy.APIError
	if onFake(p) || errors.As(err, &e) && e.ErrorCode() == code {
		wantCode(t, err, code)
		return
	}
	report(t, "the answer is %v; the contract infers %s", err, code)
}

// Reported begins each line of a test's log that tells what the contract does not know. Such lines are there
// where the tests are built with the tag integration.
const Reported = "reported: "

func report(t *testing.T, format string, args ...any) {
	t.Helper()
	if reporting {
		t.Logf(Reported+format, args...)
	}
}

// need ends the test where a step that the behaviour rests on fails.
func need(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("unexpected error: %v", err)
	}
}

// ctx is the context of every call: behaviours do not test cancellation.
var ctx = context.Background()

// attribute returns the value of an attribute in an answer, or "" where it is absent.
func attribute(attributes []types.AttributeType, name string) string {
	for _, a := range attributes {
		if *a.Name == name {
			return *a.Value
		}
	}
	return ""
}
