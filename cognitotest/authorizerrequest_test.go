package cognitotest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cognitotest/cognito/cognitotest/internal/authz"
	"github.com/cognitotest/cognito/fake"
	"github.com/cognitotest/cognito/jwks"
)

// guard is a middleware that is right unless it has a bug.
type guard struct {
	bug    string
	verify func(string) error
}

func (g guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token, err := g.check(r)
	if err != nil && !g.believes(r) {
		g.refuse(w, r, token, err)
		if !strings.HasPrefix(g.bug, "runs the handler") {
			return
		}
	}
	w.Write([]byte("hello"))
}

// believes reports whether a request gets in without a good token.
func (g guard) believes(r *http.Request) bool {
	switch g.bug {
	case "checks GET alone":
		return r.Method != http.MethodGet
	case "believes the load balancer":
		return r.Header.Get("X-Amzn-Oidc-Identity") != ""
	case "believes cookies":
		return len(r.Cookies()) > 0
	}
	return false
}

// refuse answers a request without a good token.
func (g guard) refuse(w http.ResponseWriter, r *http.Request, token string, err error) {
	switch {
	case g.bug == "runs the handler", g.bug == "refuses as it greets":
		w.Header().Set("WWW-Authenticate", "Bearer")
		http.Error(w, "not hello", http.StatusUnauthorized)
	case g.bug == "runs the handler without a word":
		w.WriteHeader(http.StatusForbidden)
	case g.bug == "answers 503 without keys" && strings.Contains(err.Error(), "jwks: ") && !errors.Is(err, jwks.ErrUnknownKey) && !strings.Contains(err.Error(), "token has"):
		w.WriteHeader(http.StatusServiceUnavailable)
	case g.bug == "answers 431 to large headers" && len(token) > 8<<10:
		w.WriteHeader(http.StatusRequestHeaderFieldsTooLarge)
	case g.bug == "answers 500":
		w.WriteHeader(http.StatusInternalServerError)
	case g.bug == "answers 400 to other letters" && strings.ContainsAny(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), " !%\n\x00"):
		w.WriteHeader(http.StatusBadRequest)
	case g.bug == "answers 400 to nobody" && r.Header.Get("Authorization") == "":
		w.WriteHeader(http.StatusBadRequest)
	case g.bug == "sends no challenge":
		w.WriteHeader(http.StatusUnauthorized)
	case g.bug == "sends a challenge of another scheme":
		w.Header().Set("WWW-Authenticate", "Basic")
		w.WriteHeader(http.StatusUnauthorized)
	default:
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		w.WriteHeader(http.StatusUnauthorized)
	}
}

// check returns the token of a request, and why it is refused.
func (g guard) check(r *http.Request) (string, error) {
	token, ok := g.token(r)
	if !ok {
		return token, errToy
	}
	return token, g.verify(token)
}

func (g guard) token(r *http.Request) (string, bool) {
	values := r.Header["Authorization"]
	switch {
	case g.bug == "takes the query" && r.FormValue("access_token") != "":
		return r.FormValue("access_token"), true
	case g.bug == "takes the first header" && len(values) > 0:
		values = values[:1]
	case g.bug == "takes the last header" && len(values) > 0:
		values = values[len(values)-1:]
	}
	if len(values) != 1 {
		return "", false
	}
	fields := strings.Split(values[0], " ")
	switch {
	case g.bug == "takes the second word":
		return fields[1], true
	case g.bug == "takes any scheme" && len(fields) == 2:
		return fields[1], true
	case g.bug == "takes the last word" && fields[0] == "Bearer":
		return fields[len(fields)-1], true
	case g.bug == "wants no scheme" && len(fields) == 1:
		return fields[0], true
	}
	return fields[len(fields)-1], len(fields) == 2 && (strings.EqualFold(fields[0], "Bearer") && g.bug != "compares the case of the scheme" || fields[0] == "Bearer")
}

func newGuard(bug string) func(p *Provider) http.Handler {
	return func(p *Provider) http.Handler { return guard{bug, newReference()(p)} }
}

func TestMiddleware(t *testing.T) {
	TestAuthorizer(t, Middleware(newGuard("")))
}

// guardMutants are middlewares that are wrong in one way, and some that are right.
func guardMutants() []mutant {
	return []mutant{
		{"", ""},
		{"sends no challenge", "request/challenge"},
		{"sends a challenge of another scheme", "request/challenge"},
		{"answers 400 to nobody", "request/no-credentials"},
		{"answers 400 to other letters", ""},
		{"answers 431 to large headers", ""},
		{"refuses as it greets", ""},
		{"runs the handler", "request/handler"},
		{"runs the handler without a word", "request/handler"},
		{"checks GET alone", "request/methods"},
		{"believes the load balancer", "request/other-headers"},
		{"believes cookies", "request/other-headers"},
		{"answers 503 without keys", ""},
		{"takes the query", "request/query"},
		{"takes the first header", "request/authorization-twice"},
		{"takes the last header", "request/authorization-twice"},
		{"takes any scheme", "request/scheme"},
		{"takes the last word", "request/bearer-malformed"},
		{"takes the second word", "request/bearer-malformed request/scheme"},
		{"wants no scheme", ""},
		{"compares the case of the scheme", ""},
		{"answers 500", "keys/changing keys/flood keys/slow keys/unknown-kinds keys/withdrawn refuse/*" +
			" request/authorization-twice request/bearer-malformed request/no-credentials request/query request/scheme"}, // never 401, nor 2xx
	}
}

func TestMutantsOfMiddleware(t *testing.T) {
	a, p, world := prepareTrials(t, untimed())
	advice := map[string]string{
		"wants no scheme":                 "accepted: Authorization: <token>",
		"compares the case of the scheme": "refused: Authorization: bearer <token>",
	}
	together(guardMutants(), func(m mutant) {
		rt := newRecordedT(t)
		fork, moved := forkWorld(t, p, world)
		a.try(rt, fork, moved, func(_ authorizerT, p *Provider) func(string) error { return Middleware(newGuard(m.bug))(t, p) })
		if diff := cmp.Diff(matching(rt.ran, m.want), family(rt.failures(), "accept/", "keys/", "refuse/", "request/"), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("a middleware that %s is found by (-want +got):\n%s", m, diff)
		}
		if told := strings.Join(rt.logged["advice/request"], "\n"); !strings.HasPrefix(told, advice[m.bug]) || advice[m.bug] == "" && told != "" {
			t.Errorf("a middleware that %s: advice = %q, want %q", m, told, advice[m.bug])
		}
	})
}

func TestBadRequestRefusesOtherLettersAlone(t *testing.T) {
	always := Middleware(func(*Provider) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadRequest) })
	})(t, New(t, InMemory()))
	for token, refused := range map[string]bool{
		"": true, "=": true, "a.b c.d": true, "a.b.c\n": true, "a.b!.c": true, "a=b": true,
		"a.b.c": false, "a.b.c==": false, "A-Z_a/z~0+9.": false,
	} {
		var m *authz.Misbehaviour
		if err := always(token); errors.As(err, &m) == refused || err == nil {
			t.Errorf("400 for %q: %v, want a refusal: %t", token, err, refused)
		}
	}
}

func policy(effect string, resource string) events.APIGatewayCustomAuthorizerPolicy {
	return events.APIGatewayCustomAuthorizerPolicy{Version: "2012-10-17", Statement: []events.IAMPolicyStatement{
		{Effect: effect, Action: []string{"execute-api:Invoke"}, Resource: []string{resource}},
	}}
}

// strictly refuses events with members that their type does not have.
func strictly[In, Out any](f func(context.Context, In) (Out, error)) fake.Trigger {
	return strictTrigger[In, Out](f)
}

type strictTrigger[In, Out any] func(context.Context, In) (Out, error)

func (f strictTrigger[In, Out]) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.DisallowUnknownFields()
	var in In
	if err := decoder.Decode(&in); err != nil {
		return nil, err
	}
	return fake.TriggerFunc(f).Invoke(ctx, payload)
}

func bearer(value string) string {
	scheme, token, _ := strings.Cut(value, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return token
}

// lambdas are right authorizers of all kinds.
func lambdas() map[string]struct {
	event LambdaEvent
	make  func(p *Provider) fake.Trigger
} {
	type kind = struct {
		event LambdaEvent
		make  func(p *Provider) fake.Trigger
	}
	return map[string]kind{
		"token, policy": {TokenEvent, func(p *Provider) fake.Trigger {
			verify := newReference()(p)
			return strictly(func(_ context.Context, e events.APIGatewayCustomAuthorizerRequest) (events.APIGatewayCustomAuthorizerResponse, error) {
				if verify(bearer(e.AuthorizationToken)) != nil {
					return events.APIGatewayCustomAuthorizerResponse{}, errors.New("Unauthorized")
				}
				return events.APIGatewayCustomAuthorizerResponse{PrincipalID: "ann", PolicyDocument: policy("Allow", e.MethodArn)}, nil
			})
		}},
		"request, policy": {RequestEvent, func(p *Provider) fake.Trigger {
			verify := newReference()(p)
			return strictly(func(_ context.Context, e events.APIGatewayCustomAuthorizerRequestTypeRequest) (events.APIGatewayCustomAuthorizerResponse, error) {
				effect := "Allow"
				if values := e.MultiValueHeaders["Authorization"]; len(values) != 1 || verify(bearer(values[0])) != nil {
					effect = "Deny"
				}
				return events.APIGatewayCustomAuthorizerResponse{PrincipalID: "ann", PolicyDocument: policy(effect, "arn:aws:execute-api:*/GET/*")}, nil
			})
		}},
		"HTTP API, simple": {HTTPEvent, func(p *Provider) fake.Trigger {
			verify := newReference()(p)
			return strictly(func(_ context.Context, e events.APIGatewayV2CustomAuthorizerV2Request) (events.APIGatewayV2CustomAuthorizerSimpleResponse, error) {
				return events.APIGatewayV2CustomAuthorizerSimpleResponse{IsAuthorized: verify(bearer(e.Headers["authorization"])) == nil}, nil
			})
		}},
		"HTTP API, policy": {HTTPEvent, func(p *Provider) fake.Trigger {
			verify := newReference()(p)
			return strictly(func(_ context.Context, e events.APIGatewayV2CustomAuthorizerV2Request) (events.APIGatewayV2CustomAuthorizerIAMPolicyResponse, error) {
				if verify(bearer(strings.Join(e.IdentitySource, ""))) != nil {
					return events.APIGatewayV2CustomAuthorizerIAMPolicyResponse{PolicyDocument: policy("Deny", "*")}, nil
				}
				return events.APIGatewayV2CustomAuthorizerIAMPolicyResponse{PolicyDocument: policy("Allow", e.RouteArn)}, nil
			})
		}},
	}
}

func TestLambdaAuthorizer(t *testing.T) {
	for name, kind := range lambdas() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			TestAuthorizer(t, LambdaAuthorizer(kind.event, kind.make))
		})
	}
}

// answers is a function that answers always the same.
type answers struct {
	text string
	err  error
}

func (a answers) Invoke(context.Context, []byte) ([]byte, error) { return []byte(a.text), a.err }

func TestWhatTheGatewayMakesOfAnswers(t *testing.T) {
	const arn = methodARN
	statement := func(effect, action, resource string) string {
		return `{"Effect":"` + effect + `","Action":` + action + `,"Resource":` + resource + `}`
	}
	allow := statement("Allow", `"execute-api:Invoke"`, `"`+arn+`"`)
	inPolicy := func(statements ...string) string {
		return `{"principalId":"ann","policyDocument":{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}}`
	}
	const unusable = "the function's "
	for _, test := range []struct {
		reason string
		event  LambdaEvent
		answers
		want int
		why  string // begins so
	}{
		{"allowed", TokenEvent, answers{text: inPolicy(allow)}, 200, ""},
		{"allowed by wildcards, in lists", RequestEvent, answers{text: inPolicy(statement("Allow", `["execute-api:*"]`, `["arn:aws:execute-api:us-east-?:*"]`))}, 200, ""},
		{"denied", TokenEvent, answers{text: inPolicy(statement("Deny", `"execute-api:Invoke"`, `"*"`))}, 403, ""},
		{"denied after it was allowed", TokenEvent, answers{text: inPolicy(allow, statement("Deny", `"*"`, `"*"`))}, 403, ""},
		{"allowed after it was denied", TokenEvent, answers{text: inPolicy(statement("Deny", `"*"`, `"*"`), allow)}, 403, ""},
		{"another method allowed", TokenEvent, answers{text: inPolicy(statement("Allow", `"execute-api:Invoke"`, `"`+arn+`x"`))}, 403, ""},
		{"another action allowed", TokenEvent, answers{text: inPolicy(statement("Allow", `"s3:GetObject"`, `"*"`))}, 403, ""},
		{"a policy that says nothing", TokenEvent, answers{text: inPolicy()}, 403, ""},
		{"a policy of nobody, for a REST API", RequestEvent, answers{text: strings.Replace(inPolicy(allow), `"ann"`, `""`, 1)}, 500, unusable + "answer has no principalId"},
		{"a policy of nobody, for an HTTP API", HTTPEvent, answers{text: strings.Replace(inPolicy(allow), `"ann"`, `""`, 1)}, 200, ""},
		{"context of plain values", TokenEvent, answers{text: strings.Replace(inPolicy(allow), "{", `{"context":{"a":"x","b":1,"c":true},`, 1)}, 200, ""},
		{"context with a list, for a REST API", TokenEvent, answers{text: strings.Replace(inPolicy(allow), "{", `{"context":{"groups":["x"]},`, 1)}, 500, `"groups" in the context`},
		{"context with a list, for an HTTP API", HTTPEvent, answers{text: strings.Replace(inPolicy(allow), "{", `{"context":{"groups":["x"]},`, 1)}, 200, ""},
		{"simple, allowed", HTTPEvent, answers{text: `{"isAuthorized":true}`}, 200, ""},
		{"simple, refused", HTTPEvent, answers{text: `{"isAuthorized":false,"context":{}}`}, 403, ""},
		{"simple, for a REST API", TokenEvent, answers{text: `{"isAuthorized":true}`}, 500, unusable + "answer has no policyDocument"},
		{"Unauthorized", HTTPEvent, answers{err: errors.New("Unauthorized")}, 401, ""},
		{"another error", HTTPEvent, answers{err: errors.New("token is expired")}, 500, unusable + `error is "token is expired"`},
		{"no answer", HTTPEvent, answers{text: "null"}, 500, unusable + "answer has neither"},
		{"no JSON", HTTPEvent, answers{text: "yes"}, 500, unusable + "answer cannot be read"},
		{"a resource that is none", HTTPEvent, answers{text: inPolicy(statement("Allow", `"*"`, `7`))}, 500, unusable + "answer cannot be read"},
	} {
		got := invokeAuthorizer(test.answers, map[string]any{}, test.event)
		if got.Status != test.want || !got.Gateway || !strings.HasPrefix(got.Why, test.why) || test.why == "" && got.Why != "" {
			t.Errorf("%s: answer = %+v, want %d of the gateway, since %q", test.reason, got, test.want, test.why)
		}
	}
}

func TestEventsOfAuthorizers(t *testing.T) {
	r := authz.NewRequest("a=1&a=2", "Bearer x", "Bearer y")
	if _, asked := tokenEvent(r); asked {
		t.Error("the gateway passes one of two tokens on")
	}
	if _, asked := tokenEvent(authz.NewRequest("")); asked {
		t.Error("the gateway asks about no token")
	}
	e, _ := requestEvent(r)
	if diff := cmp.Diff(map[string]string{"Accept": "*/*", "Authorization": "Bearer y"}, e["headers"]); diff != "" {
		t.Errorf("headers of a REST API (-want +got):\n%s", diff)
	}
	e, _ = httpEvent(r)
	if diff := cmp.Diff(map[string]string{"accept": "*/*", "authorization": "Bearer x,Bearer y"}, e["headers"]); diff != "" {
		t.Errorf("headers of an HTTP API (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"a": "1,2"}, e["queryStringParameters"]); diff != "" {
		t.Errorf("query of an HTTP API (-want +got):\n%s", diff)
	}
}
