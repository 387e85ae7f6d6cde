package trigger

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
)

// Source says why a function is called: the triggerSource of its event.
type Source string

// Trigger returns the name of the trigger that a source belongs to, as errors and LambdaConfig have
// it.
func (s Source) Trigger() string {
	name, _, _ := strings.Cut(string(s), "_")
	if name == "TokenGeneration" {
		return "PreTokenGeneration"
	}
	return name
}

// on returns the source of another trigger on the same occasion.
func (s Source) on(n Name) Source {
	_, occasion, _ := strings.Cut(string(s), "_")
	return Source(string(n) + "_" + occasion)
}

// Event is what a function gets. Its JSON has the members of the service's, in their order.
type Event struct {
	Version    string        `json:"version"`
	Source     Source        `json:"triggerSource"`
	Region     string        `json:"region"`
	UserPoolID string        `json:"userPoolId"`
	UserName   string        `json:"userName"`
	Caller     CallerContext `json:"callerContext"`
	Request    any           `json:"request"`
	Response   any           `json:"response,omitempty"` // a pointer, through which the answer is written; nil where none is wanted

	arn string
}

// CallerContext says who called the operation.
type CallerContext struct {
	SDK      string `json:"awsSdkVersion"`
	ClientID string `json:"clientId"`
}

// NoClient is the ClientID of calls that name no app client.
const NoClient = "CLIENT_ID_NOT_APPLICABLE"

// envelope is what a function must return of an event, besides the response.
var envelope = []string{"version", "region", "userPoolId", "userName", "callerContext", "response"}

// take reads a function's answer: the whole event, with a response of the right types.
func (e *Event) take(answer []byte) error {
	var members map[string]json.RawMessage
	if json.Unmarshal(answer, &members) != nil {
		return Unusable()
	}
	for _, name := range envelope {
		if m, ok := members[name]; !ok || bytes.Equal(m, []byte("null")) {
			return Unusable()
		}
	}
	if decodeExactly(members["response"], e.Response) != nil {
		return Unusable()
	}
	return nil
}

// decodeExactly reads JSON into a pointer. Other than encoding/json it takes no name for one that differs in
// case, since nobody has seen the service do so; of names that come twice the last counts, and numbers stay
// as they are written.
func decodeExactly(text []byte, into any) error {
	var value any
	if err := decodeNumbers(text, &value); err != nil {
		return err
	}
	dropUnknown(value, reflect.TypeOf(into))
	known, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return decodeNumbers(known, into)
}

// decodeNumbers is json.Unmarshal, but that numbers without a type stay as they are written.
func decodeNumbers(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(into)
}

// dropUnknown takes away members of objects for which a type, or a type in it, has no field of just that
// name.
func dropUnknown(value any, t reflect.Type) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	members, ok := value.(map[string]any)
	if !ok || t.Kind() != reflect.Struct {
		return
	}
	known := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		known[f.Tag.Get("json")] = f.Type
	}
	for name, member := range members {
		if t, ok := known[name]; ok && name != "" {
			dropUnknown(member, t)
		} else {
			delete(members, name)
		}
	}
}

type callerKey struct{}

// Origin is what a connection tells of whoever calls; the zero value is a call of this process.
type Origin struct {
	UserAgent string
	IP        string
}

// WithOrigin returns a context for a call that comes from elsewhere.
func WithOrigin(ctx context.Context, o Origin) context.Context {
	return context.WithValue(ctx, callerKey{}, o)
}

func originOf(ctx context.Context) Origin {
	o, _ := ctx.Value(callerKey{}).(Origin)
	o.IP = cmp.Or(o.IP, "127.0.0.1")
	return o
}

// oldSDK is how the first SDKs for JavaScript and iOS call themselves.
var oldSDK = regexp.MustCompile(`aws-sdk-(js|nodejs|iOS)/([0-9.]+)`)

// sdk returns the awsSdkVersion of a call. The service knows old SDKs only.
func (o Origin) sdk() string {
	m := oldSDK.FindStringSubmatch(o.UserAgent)
	if m == nil || strings.HasPrefix(m[2], "3.") {
		return "aws-sdk-unknown-unknown"
	}
	return "aws-sdk-" + strings.ToLower(m[1]) + "-" + m[2]
}
