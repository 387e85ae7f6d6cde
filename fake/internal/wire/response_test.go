package wire_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake/internal/wire"
)

// An answer is what a client sees of a response.
type answer struct {
	Status int
	Header http.Header
	Body   string
}

func answerOf(w *httptest.ResponseRecorder) answer {
	return answer{w.Code, w.Result().Header, w.Body.String()}
}

// header returns the headers of every answer of the JSON API and the pairs.
func header(pairs ...string) http.Header {
	h := http.Header{}
	pairs = append(pairs,
		"x-amzn-RequestId", "0c1f",
		"Content-Type", "application/x-amz-json-1.1",
		"Access-Control-Allow-Origin", "*",
		"Access-Control-Expose-Headers", "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date")
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

func TestWriteOutput(t *testing.T) {
	w := httptest.NewRecorder()
	wire.WriteOutput(w, "0c1f", []byte(`{"a":1}`))
	want := answer{http.StatusOK, header("Content-Length", "7"), `{"a":1}`}
	if d := cmp.Diff(want, answerOf(w)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// statusError is an error that decides its status itself.
type statusError struct {
	smithy.GenericAPIError
	code int
}

func (e *statusError) HTTPStatusCode() int { return e.code }

func TestWriteError(t *testing.T) {
	own := func(code int) error {
		return &statusError{smithy.GenericAPIError{Code: "TooManyRequestsException"}, code}
	}
	tests := []struct {
		reason  string
		err     error
		status  int
		code    string // of the header
		message string // of the header
		body    string
	}{
		{"a client's fault", &types.NotAuthorizedException{Message: aws.String("Incorrect username or password.")},
			400, "NotAuthorizedException:", "Incorrect username or password.",
			`{"__type":"NotAuthorizedException","message":"Incorrect username or password."}`},
		{"wrapped", fmt.Errorf("sign in: %w", &types.UserNotFoundException{Message: aws.String("User does not exist.")}),
			400, "UserNotFoundException:", "User does not exist.", `{"__type":"UserNotFoundException","message":"User does not exist."}`},
		{"no message", &types.LimitExceededException{}, 400, "LimitExceededException:", "", `{"__type":"LimitExceededException"}`},
		{"control characters stay out of the header", &types.UserLambdaValidationException{Message: aws.String("a\r\nb\x7f failed.\n")},
			400, "UserLambdaValidationException:", "ab failed.", `{"__type":"UserLambdaValidationException","message":"a\r\nb` + "\x7f" + ` failed.\n"}`},
		{"reason code", &types.InvalidParameterException{Message: aws.String("m"), ReasonCode: aws.String("r")},
			400, "InvalidParameterException:", "m", `{"__type":"InvalidParameterException","message":"m","reasonCode":"r"}`},
		{"the service's fault", &types.InternalErrorException{Message: aws.String("m")},
			500, "InternalErrorException:", "m", `{"__type":"InternalErrorException","message":"m"}`},
		{"the service's fault in the client secret operations", &types.InternalServerException{Message: aws.String("m")},
			500, "InternalServerException:", "m", `{"__type":"InternalServerException","message":"m"}`},
		{"refused by a firewall", &types.ForbiddenException{Message: aws.String("m")},
			403, "ForbiddenException:", "m", `{"__type":"ForbiddenException","message":"m"}`},
		{"a status of its own", own(429), 429, "TooManyRequestsException:", "", `{"__type":"TooManyRequestsException"}`},
		{"a status that is no error's", own(200), 400, "TooManyRequestsException:", "", `{"__type":"TooManyRequestsException"}`},
		{"a defect", errors.New("lost"),
			500, "InternalErrorException:", "cognitotest: internal error: lost",
			`{"__type":"InternalErrorException","message":"cognitotest: internal error: lost"}`},
		{"no JSON", &wire.SerializationError{}, 400, "SerializationException:", "", `{"__type":"SerializationException"}`},
		{"the member stays here", &wire.SerializationError{Message: "m", Member: "ClientId"},
			400, "SerializationException:", "m", `{"__type":"SerializationException","message":"m"}`},
		{"unknown operation", wire.UnknownOperation(), 400, "UnknownOperationException:", "", `{"__type":"UnknownOperationException"}`},
		{"no signature", wire.MissingAuthenticationToken(), 400, "MissingAuthenticationTokenException:", "Missing Authentication Token",
			`{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}`},
	}
	for _, tt := range tests {
		t.Run(tt.reason, func(t *testing.T) {
			w := httptest.NewRecorder()
			wire.WriteError(w, "0c1f", tt.err)
			h := header("x-amzn-ErrorType", tt.code, "Content-Length", fmt.Sprint(len(tt.body)))
			if tt.message != "" {
				h.Set("x-amzn-ErrorMessage", tt.message)
			}
			if d := cmp.Diff(answer{tt.status, h, tt.body}, answerOf(w)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestWriteNotFoundXML(t *testing.T) {
	w := httptest.NewRecorder()
	wire.WriteNotFoundXML(w, "0c1f")
	h := header("Content-Length", "28")
	h.Set("Content-Type", "text/xml")
	if d := cmp.Diff(answer{http.StatusNotFound, h, "<UnknownOperationException/>"}, answerOf(w)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestWritePreflight(t *testing.T) {
	w := httptest.NewRecorder()
	wire.WritePreflight(w)
	want := answer{http.StatusOK, http.Header{
		"Access-Control-Allow-Origin":  {"*"},
		"Access-Control-Allow-Methods": {"POST, OPTIONS"},
		"Access-Control-Allow-Headers": {"*, Authorization"},
		"Access-Control-Max-Age":       {"172800"},
	}, ""}
	if d := cmp.Diff(want, answerOf(w)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestSerializationErrorError(t *testing.T) {
	tests := []struct {
		reason string
		err    wire.SerializationError
		want   string
	}{
		{"no JSON", wire.SerializationError{}, "SerializationException"},
		{"a list", wire.SerializationError{Message: "m"}, "SerializationException: m"},
		{"a member", wire.SerializationError{Message: "m", Member: "ClientId"}, "SerializationException: ClientId: m"},
	}
	for _, tt := range tests {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("%s: Error = %q, want %q", tt.reason, got, tt.want)
		}
	}
}

func TestOperation(t *testing.T) {
	tests := []struct {
		reason, target, want string
		ok                   bool
	}{
		{"as the SDKs send it", "AWSCognitoIdentityProviderService.InitiateAuth", "InitiateAuth", true},
		{"missing", "", "", false},
		{"no prefix", "InitiateAuth", "", false},
		{"wrong case of the prefix", "awscognitoidentityproviderservice.InitiateAuth", "", false},
		{"another service", "AWSCognitoIdentityService.GetId", "", false},
		{"no operation", "AWSCognitoIdentityProviderService.", "", false},
	}
	for _, tt := range tests {
		got, ok := wire.Operation(tt.target)
		if ok != tt.ok || ok && got != tt.want {
			t.Errorf("%s: Operation(%q) = %q, %t, want %q, %t", tt.reason, tt.target, got, ok, tt.want, tt.ok)
		}
	}
}
