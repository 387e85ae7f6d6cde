package wire

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/aws/smithy-go"
)

// A SerializationError says that a request body is not what the operation's
// input looks like in JSON. The service raises it before it looks at constraints.
//
// The wording of Message follows other AWS services with the same JSON front
// end; it was not seen from this service. A body that is no JSON object at all
// has no Message, as seen in raw replies of this service.
type SerializationError struct {
	Message string // the text on the wire, "" for none
	Member  string // path of the member, such as UserAttributes[0].Name; not sent
}

var _ smithy.APIError = (*SerializationError)(nil)

// Error returns the code, the member and the message, for logs.
func (e *SerializationError) Error() string {
	s := e.ErrorCode()
	if e.Member != "" {
		s += ": " + e.Member
	}
	if e.Message != "" {
		s += ": " + e.Message
	}
	return s
}

// ErrorCode returns SerializationException.
func (e *SerializationError) ErrorCode() string { return "SerializationException" }

// ErrorMessage returns Message, which may be empty.
func (e *SerializationError) ErrorMessage() string { return e.Message }

// ErrorFault returns smithy.FaultClient.
func (e *SerializationError) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }

// in puts a step, ".Member" or "[index]", before the path of the member.
func (e *SerializationError) in(step string) *SerializationError {
	e.Member = step + e.Member
	return e
}

func notJSON() *SerializationError { return &SerializationError{} }

func unexpectedList() *SerializationError {
	return &SerializationError{Message: "Start of list found where not expected"}
}

func unexpectedStructure() *SerializationError {
	return &SerializationError{Message: "Start of structure or map found where not expected"}
}

// unexpectedFieldType is the answer to a JSON value that stands where a
// structure, a map, a list or a document is expected.
func unexpectedFieldType(raw any) *SerializationError {
	switch raw.(type) {
	case []any:
		return unexpectedList()
	case map[string]any:
		return unexpectedStructure()
	}
	return &SerializationError{Message: "Unexpected field type"}
}

// cannotConvert is the answer to a JSON value that stands where a scalar of the
// named type is expected.
func cannotConvert(raw any, to string) *SerializationError {
	kind := ""
	switch raw := raw.(type) {
	case string:
		kind = "STRING_VALUE"
	case bool:
		kind = strings.ToUpper(strconv.FormatBool(raw)) + "_VALUE"
	case json.Number:
		kind = numberKind(raw)
	default:
		return unexpectedFieldType(raw)
	}
	return &SerializationError{Message: kind + " cannot be converted to " + to}
}

func numberKind(n json.Number) string {
	if strings.ContainsAny(string(n), ".eE") {
		return "DECIMAL_VALUE"
	}
	return "NUMBER_VALUE"
}

const unknownOperation = "UnknownOperationException"

// UnknownOperation returns the answer to a target that names no operation of the
// service. It has a code and no message.
func UnknownOperation() error {
	return &smithy.GenericAPIError{Code: unknownOperation, Fault: smithy.FaultClient}
}

// MissingAuthenticationToken returns the answer to an operation that needs a
// signature and came without one. Seen by users of several AWS SDKs.
func MissingAuthenticationToken() error {
	return &smithy.GenericAPIError{
		Code:    "MissingAuthenticationTokenException",
		Message: "Missing Authentication Token",
		Fault:   smithy.FaultClient,
	}
}

// IncompleteSignature returns the answer to an Authorization header that is no signature of
// version 4. Inferred from other AWS services.
func IncompleteSignature() error {
	return &smithy.GenericAPIError{
		Code:    "IncompleteSignatureException",
		Message: "Authorization header requires a signature of the form AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=...",
		Fault:   smithy.FaultClient,
	}
}

// WrongService returns the answer to a signature for another service. Inferred from other AWS
// services.
func WrongService() error {
	return &smithy.GenericAPIError{
		Code:    "InvalidSignatureException",
		Message: "Credential should be scoped to correct service: 'cognito-idp'. ",
		Fault:   smithy.FaultClient,
	}
}

// IsUnknownOperation reports whether an error is [UnknownOperation].
func IsUnknownOperation(err error) bool {
	var e *smithy.GenericAPIError
	return errors.As(err, &e) && e.Code == unknownOperation
}
