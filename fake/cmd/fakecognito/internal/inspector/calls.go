package inspector

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/smithy-go"

	"github.com/cognitotest/cognito/fake"
)

// call is a call as pages show it: the fake's JSON of it, in which secrets are masked.
type call struct {
	Operation   string          `json:"operation"`
	Region      string          `json:"region"`
	Pool        string          `json:"pool_id"`
	Client      string          `json:"client_id"`
	User        string          `json:"username"`
	AccessKeyID string          `json:"access_key_id"`
	At          time.Time       `json:"at"`
	Input       json.RawMessage `json:"input"`
	Output      json.RawMessage `json:"output"`
	Error       string          `json:"error"`
	Code        string          `json:"-"` // of the error
}

// In returns the input, indented.
func (c call) In() string { return indented(c.Input) }

// Out returns the output, indented.
func (c call) Out() string { return indented(c.Output) }

func indented(text json.RawMessage) string {
	var out bytes.Buffer
	if json.Indent(&out, text, "", "  ") != nil {
		return string(text)
	}
	return out.String()
}

// described returns calls as pages show them.
func described(calls []fake.Call) []call {
	list := make([]call, len(calls))
	for i, c := range calls {
		text, err := json.Marshal(c)
		if err == nil {
			err = json.Unmarshal(text, &list[i])
		}
		if err != nil {
			list[i] = call{Operation: c.Operation, At: c.At, Error: err.Error()}
		}
		list[i].Code = codeOf(c.Err)
	}
	return list
}

// codeOf returns what an error is called in short, or "" where there is none.
func codeOf(err error) string {
	var answer smithy.APIError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &answer):
		return answer.ErrorCode()
	}
	return err.Error()
}

// calls shows the calls that were answered, the newest first.
func (i *inspector) calls(r *http.Request) (view, error) {
	operation, user, failed := r.FormValue("operation"), r.FormValue("user"), r.FormValue("failed") != ""
	all := i.server.Calls()
	some := len(all) > 0
	found := slices.DeleteFunc(all, func(c fake.Call) bool {
		return operation != "" && !strings.EqualFold(c.Operation, operation) || user != "" && c.Username != user || failed && c.Err == nil
	})
	slices.Reverse(found)
	part := window(r, found)
	return view{name: "calls", title: "Calls", data: struct {
		URL        string
		Any        bool
		Operations []string
		slice[call]
	}{i.URL, some, operations(), slice[call]{described(part.Items), part.Total, part.Newer, part.Older}}}, nil
}

// operations are the names that calls and faults can have.
func operations() []string { return append(fake.Operations(), fake.JWKS, fake.Discovery) }
