package fake

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"

	"github.com/cognitotest/cognito/fake/internal/clock"
)

// trouble is what faults do to a request; the zero value is none.
type trouble struct {
	ctx   context.Context // of the request
	clock *clock.Clock
	// instead is what happens in place of the answer: an error to answer, a Cut, or the end of ctx.
	instead  error
	document http.Handler // that takes the place of the pool's
	slow     time.Duration
}

// answerable returns an error of a test's author as one that goes over the wire.
func answerable(err error) error {
	var cut Cut
	var answer smithy.APIError
	if errors.As(err, &cut) {
		return cut
	}
	if errors.As(err, &answer) {
		return err
	}
	return &types.InternalErrorException{Message: aws.String(err.Error())}
}

// prevents reports whether there is no effect.
func (t trouble) prevents() bool {
	return t.document != nil || t.instead != nil && t.instead != CutAfter && t.instead != CutHalfway
}

// writer returns where the answer is to be written, in one piece. It panics with http.ErrAbortHandler
// where the connection ends before: net/http and [Server.RoundTrip] know what that means.
func (t trouble) writer(w http.ResponseWriter) http.ResponseWriter {
	switch {
	case t.instead == CutBefore || t.instead == CutAfter || t.instead != nil && t.instead == t.ctx.Err():
		panic(http.ErrAbortHandler)
	case t.instead == CutHalfway || t.slow > 0:
		return &spoiled{w, t}
	}
	return w
}

// spoiled writes the body of an answer slowly, or half of it.
type spoiled struct {
	http.ResponseWriter
	trouble
}

// parts is in how many parts a slow body comes.
const parts = 16

// Write writes the whole body. It waits before each part, so that the last comes when the time is over.
func (w *spoiled) Write(body []byte) (int, error) {
	length := len(body)
	if w.instead == CutHalfway {
		length /= 2
	}
	began := w.clock.Now()
	for i := range time.Duration(parts) {
		if w.slow > 0 && w.clock.WaitUntil(w.ctx, began.Add(w.slow*(i+1)/parts)) != nil {
			panic(http.ErrAbortHandler)
		}
		w.ResponseWriter.Write(body[length*int(i)/parts : length*int(i+1)/parts])
		http.NewResponseController(w.ResponseWriter).Flush() // not where there is no socket
	}
	if length < len(body) {
		panic(http.ErrAbortHandler)
	}
	return length, nil
}
