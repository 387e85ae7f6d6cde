package wire

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"
	smithyjson "github.com/aws/smithy-go/encoding/json"
)

// ContentType is the media type of the requests and answers of the JSON API.
const ContentType = "application/x-amz-json-1.1"

// WriteOutput answers 200 with body, an encoded Output.
func WriteOutput(w http.ResponseWriter, requestID string, body []byte) {
	write(w, requestID, http.StatusOK, body)
}

// WriteError answers with err: the code, the message and, for an
// InvalidParameterException that has one, the reason code.
//
// The status is 500 for the service's own fault, 403 for ForbiddenException and
// 400 otherwise; an error with a method HTTPStatusCode() int that returns 400 to
// 599 decides itself. An error that is no smithy.APIError is a defect of the fake
// and becomes an InternalErrorException.
func WriteError(w http.ResponseWriter, requestID string, err error) {
	e := apiError(err)
	h := w.Header()
	h.Set("x-amzn-ErrorType", e.ErrorCode()+":")
	if m := e.ErrorMessage(); m != "" {
		h.Set("x-amzn-ErrorMessage", headerValue(m))
	}
	write(w, requestID, status(err, e), errorBody(e))
}

func apiError(err error) smithy.APIError {
	var e smithy.APIError
	if errors.As(err, &e) {
		return e
	}
	return &types.InternalErrorException{Message: aws.String("cognitotest: internal error: " + err.Error())}
}

func status(err error, e smithy.APIError) int {
	var own interface{ HTTPStatusCode() int }
	if errors.As(err, &own) && own.HTTPStatusCode() >= 400 && own.HTTPStatusCode() <= 599 {
		return own.HTTPStatusCode()
	}
	switch {
	case e.ErrorFault() == smithy.FaultServer:
		return http.StatusInternalServerError
	case e.ErrorCode() == "ForbiddenException":
		return http.StatusForbidden
	}
	return http.StatusBadRequest
}

func errorBody(e smithy.APIError) []byte {
	enc := smithyjson.NewEncoder()
	object := enc.Object()
	object.Key("__type").String(e.ErrorCode())
	if m := e.ErrorMessage(); m != "" {
		object.Key("message").String(m)
	}
	if p, ok := e.(*types.InvalidParameterException); ok && p.ReasonCode != nil {
		object.Key("reasonCode").String(*p.ReasonCode)
	}
	object.Close()
	return enc.Bytes()
}

// headerValue is text without the control characters that a header cannot hold.
func headerValue(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, text)
}

func write(w http.ResponseWriter, requestID string, code int, body []byte) {
	h := w.Header()
	setCommon(h, requestID)
	h.Set("Content-Type", ContentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(code)
	w.Write(body) // a client that went away is nobody's error
}

// setCommon sets the headers that every answer has.
func setCommon(h http.Header, requestID string) {
	h.Set("x-amzn-RequestId", requestID)
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date")
}

// WriteNotFoundXML answers a request whose content type is missing or is not
// [ContentType]: 404 with an XML body. Inferred from other AWS services.
func WriteNotFoundXML(w http.ResponseWriter, requestID string) {
	const body = "<UnknownOperationException/>"
	h := w.Header()
	setCommon(h, requestID)
	h.Set("Content-Type", "text/xml")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusNotFound)
	w.Write([]byte(body))
}

// WritePreflight answers a browser's CORS preflight request: any origin may POST
// with any header, and may remember that for two days. Inferred: only the CORS
// headers of the other answers were seen. Authorization is listed because the
// wildcard does not cover it.
func WritePreflight(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "POST, OPTIONS")
	h.Set("Access-Control-Allow-Headers", "*, Authorization")
	h.Set("Access-Control-Max-Age", "172800")
	w.WriteHeader(http.StatusOK)
}
