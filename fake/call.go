package fake

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cognitotest/cognito/fake/internal/wire"
)

// What is fetched of a pool besides the operations of the JSON API, as [Call] and [Fault] name it.
const (
	JWKS      = "JWKS"      // the pool's keys, /<pool id>/.well-known/jwks.json
	Discovery = "Discovery" // the pool's openid-configuration, beside them
)

// Call is a call of the JSON API over HTTP, a fetch of a pool's [JWKS] or [Discovery] document, or a request to an
// endpoint of its domain, whose Operation is the path as the developer guide writes it, such as /oauth2/token.
//
// Input and Output are pointers to the SDK's types, such as *cognitoidentityprovider.SignUpInput, and
// must not be changed. Input is nil where a call was refused before it was read (without a signature,
// or no JSON), of documents and at domains; Output there too, and where the operation failed or was not reached.
//
// However a Call is printed, also as JSON, passwords, secrets, codes and tokens are masked; Input and Output printed
// on their own are not. go-cmp compares calls without options.
type Call struct {
	Operation   string    // such as InitiateAuth, JWKS or /oauth2/token
	Region      string    // that the call was signed for, that the host names, or the pool's
	UserPoolID  string    // that the input names, or that its client or access token belongs to; or ""
	ClientID    string    // that the input or its access token names, or ""
	Username    string    // whom the input names or whose access token it has; the stored username where there is such a user; or ""
	AccessKeyID string    // of who signed, whatever the operation needs; or ""
	At          time.Time // when it came, on the server's clock, in UTC
	Input       any
	Output      any
	Err         error // what was answered instead: the SDK's typed error, or what a [Fault] did; nil for a success
}

// Equal reports whether two calls are the same in every field, by value.
func (c Call) Equal(other Call) bool {
	same := c.At.Equal(other.At)
	c.At, other.At = time.Time{}, time.Time{}
	return same && reflect.DeepEqual(c, other)
}

// String returns the call in one line: time, caller, operation, input and what came of it as JSON, with
// every secret masked.
func (c Call) String() string {
	s := c.At.Format(time.RFC3339Nano) + " " + c.Operation
	if by := cmp.Or(c.AccessKeyID, c.Username); by != "" {
		s += " by " + by
	}
	if c.Input != nil {
		s += " " + string(masked(c.Input))
	}
	if c.Output != nil {
		s += " -> " + string(masked(c.Output))
	}
	if c.Err != nil {
		s += " -> " + c.Err.Error()
	}
	return s
}

// Format prints [Call.String] for every verb, so that no secret is printed by accident.
func (c Call) Format(f fmt.State, _ rune) { io.WriteString(f, c.String()) }

// MarshalJSON returns the call as an object with every secret masked: operation, region, pool_id, client_id,
// username, access_key_id, at, input, output and error, of which those are absent that are empty.
func (c Call) MarshalJSON() ([]byte, error) {
	out := struct {
		Operation   string          `json:"operation"`
		Region      string          `json:"region,omitempty"`
		PoolID      string          `json:"pool_id,omitempty"`
		ClientID    string          `json:"client_id,omitempty"`
		Username    string          `json:"username,omitempty"`
		AccessKeyID string          `json:"access_key_id,omitempty"`
		At          time.Time       `json:"at"`
		Input       json.RawMessage `json:"input,omitempty"`
		Output      json.RawMessage `json:"output,omitempty"`
		Error       string          `json:"error,omitempty"`
	}{c.Operation, c.Region, c.UserPoolID, c.ClientID, c.Username, c.AccessKeyID, c.At, nil, nil, ""}
	if c.Input != nil {
		out.Input = masked(c.Input)
	}
	if c.Output != nil {
		out.Output = masked(c.Output)
	}
	if c.Err != nil {
		out.Error = c.Err.Error()
	}
	return json.Marshal(out)
}

// masked returns an SDK's struct as JSON without its secrets, or the text of the error that prevents it.
func masked(v any) json.RawMessage {
	text, err := maskedJSON(v)
	if err != nil {
		text, _ = json.Marshal(err.Error()) // a text can be encoded
	}
	return text
}

func maskedJSON(v any) ([]byte, error) {
	body, err := wire.Encode(v)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		return nil, err
	}
	return json.Marshal(mask(tree, ""))
}

// mask replaces every text in a tree of JSON whose member is secret.
func mask(tree any, member string) any {
	switch tree := tree.(type) {
	case map[string]any:
		for name, v := range tree {
			tree[name] = mask(v, name)
		}
	case []any:
		for i, v := range tree {
			tree[i] = mask(v, member)
		}
	case string:
		if secret(member) {
			return "***"
		}
	}
	return tree
}

// secret reports whether a member of an input or output, or a parameter of a challenge, holds what
// nobody should read in a log. It would rather mask too much.
func secret(member string) bool {
	member = strings.ToLower(strings.ReplaceAll(member, "_", ""))
	return slices.ContainsFunc([]string{
		"answer", "code", "credential", "password", "private", "secret", "session", "signature", "token",
	}, func(part string) bool { return strings.Contains(member, part) })
}

// maxCalls is how many calls are kept at least.
const maxCalls = 10_000

// callLog keeps the newest calls.
type callLog struct {
	mu    sync.Mutex // guards calls
	calls []Call     // fewer than twice maxCalls
}

func (l *callLog) add(c Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = append(l.calls, c)
	if len(l.calls) == 2*maxCalls {
		l.calls = slices.Clone(l.calls[maxCalls:])
	}
}

// Calls returns the calls of some operations, or all calls where none is named, in the order in which
// they were answered; [JWKS] and [Discovery] are names too. A call stands there before its caller has
// the answer. The newest 10,000 are kept; those of [Server.API] and to operations that the service does
// not have are none.
//
//	for _, c := range cog.Fake(t).Calls("SignUp") {
//		in := c.Input.(*cognitoidentityprovider.SignUpInput)
func (s *Server) Calls(operations ...string) []Call {
	s.calls.mu.Lock()
	defer s.calls.mu.Unlock()
	var found []Call
	for _, c := range s.calls.calls[max(0, len(s.calls.calls)-maxCalls):] {
		if len(operations) == 0 || slices.Contains(operations, c.Operation) {
			found = append(found, c)
		}
	}
	return found
}
