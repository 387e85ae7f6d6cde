package trigger

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// maxAnswer is the most that a function may answer (AWS Lambda developer guide).
const maxAnswer = 6 << 20

// unreachable takes the place of an error code where nothing of AWS Lambda answered. Inferred.
const unreachable = "ServiceException"

// Endpoint returns the function behind a URL of AWS Lambda's invoke API; nil means [http.DefaultClient].
func Endpoint(url string, client *http.Client) Handler {
	return endpoint{url, cmp.Or(client, http.DefaultClient)}
}

type endpoint struct {
	url    string
	client *http.Client
}

// Invoke posts an event and reads the answer, an error of the function, or an [invokeError].
func (e endpoint) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url, bytes.NewReader(payload))
	if err != nil {
		return nil, &invokeError{unreachable, err}
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := e.client.Do(r)
	if err != nil {
		return nil, &invokeError{unreachable, err}
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return nil, &invokeError{unreachable, fmt.Errorf("POST %s: %w", e.url, err)}
	}
	if err := functionError(answer, body); err != nil {
		return nil, err
	}
	if answer.StatusCode >= 300 {
		return nil, &invokeError{errorCode(answer, body), fmt.Errorf("POST %s: %s: %.200s", e.url, answer.Status, body)}
	}
	return body, nil
}

// functionError returns the error with which a function ended, or nil. AWS Lambda and SAM mark it by a
// header; the runtime interface emulator does not, and has status 502 where the function's process
// ended.
func functionError(answer *http.Response, body []byte) error {
	var said struct {
		Message  *string         `json:"errorMessage"`
		Response json.RawMessage `json:"response"` // an event's, not an error's
	}
	err := json.Unmarshal(body, &said)
	mark := answer.Header.Get("X-Amz-Function-Error")
	switch {
	case err == nil && said.Message != nil && said.Response == nil:
		return errors.New(*said.Message)
	case mark != "":
		return errors.New(mark)
	case bytes.HasPrefix(body, []byte("Task timed out after ")): // the emulator's, in plain text
		return errors.New(string(body))
	}
	return nil
}

// errorCode returns the code of an error of AWS Lambda, which may be followed by a colon and a URL.
func errorCode(answer *http.Response, body []byte) string {
	var said struct {
		Code string `json:"code"`
		Type string `json:"__type"`
	}
	json.Unmarshal(body, &said) // what is no JSON has no code
	code := cmp.Or(answer.Header.Get("X-Amzn-ErrorType"), said.Code, said.Type)
	code, _, _ = strings.Cut(code, ":")
	return cmp.Or(code[strings.LastIndex(code, "#")+1:], unreachable)
}

// invokeError says that a function could not be invoked.
type invokeError struct {
	code string
	err  error
}

func (e *invokeError) Error() string { return e.err.Error() }
func (e *invokeError) Unwrap() error { return e.err }
