package backendtest

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
)

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
