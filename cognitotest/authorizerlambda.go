package cognitotest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cognitotest/cognito/cognitotest/internal/authz"
	"github.com/cognitotest/cognito/fake"
)

// LambdaEvent is what Amazon API Gateway sends to a Lambda authorizer.
type LambdaEvent string

// The events of authorizers, each the type of github.com/aws/aws-lambda-go/events that its comment names.
const (
	TokenEvent   LambdaEvent = "TOKEN"   // REST API: APIGatewayCustomAuthorizerRequest
	RequestEvent LambdaEvent = "REQUEST" // REST API: APIGatewayCustomAuthorizerRequestTypeRequest
	HTTPEvent    LambdaEvent = "2.0"     // HTTP API, payload format 2.0: APIGatewayV2CustomAuthorizerV2Request
)

// LambdaAuthorizer makes a verifier for [TestAuthorizer] of the function that is given to lambda.Start:
//
//	cognitotest.LambdaAuthorizer(cognitotest.TokenEvent, func(p *cognitotest.Provider) fake.Trigger {
//		return fake.TriggerFunc(authorizer.New(p.Issuer, p.ClientID).Handle)
//	})
//
// The token comes as "Bearer <token>" in authorizationToken, or in the headers. The function accepts as API Gateway
// understands it: with an IAM policy that allows execute-api:Invoke on the method and has nothing against it, or
// (HTTPEvent) with isAuthorized. It refuses with anything else of the kind, or with the error "Unauthorized". Any
// other error or answer is status 500 of the gateway, and a finding; so is, of a REST API, a policy without principalId
// or with a context of more than texts, numbers and booleans (API Gateway developer guide).
func LambdaAuthorizer(event LambdaEvent, newFunction func(p *Provider) fake.Trigger) func(*testing.T, *Provider) func(token string) error {
	return func(t *testing.T, p *Provider) func(string) error {
		toEvent := event.maker()
		if toEvent == nil {
			t.Fatalf("cognitotest: LambdaAuthorizer: no event is called %q; take TokenEvent, RequestEvent or HTTPEvent", event)
		}
		function := newFunction(p)
		return p.sends(func(r *http.Request) authz.Answer {
			in, asked := toEvent(r)
			if !asked {
				return gateway(http.StatusUnauthorized)
			}
			return invokeAuthorizer(function, in, event)
		})
	}
}

// methodARN is the method that the requests of tests are for.
const methodARN = "arn:aws:execute-api:us-east-1:123456789012:abcdef1234/test/GET/"

// maker returns what makes events of requests, or nil. Where the gateway would refuse without asking, the second
// result of that is false.
func (e LambdaEvent) maker() func(*http.Request) (map[string]any, bool) {
	switch e {
	case TokenEvent:
		return tokenEvent
	case RequestEvent:
		return requestEvent
	case HTTPEvent:
		return httpEvent
	}
	return nil
}

// tokenEvent asks only where there is one token, which is the whole header.
func tokenEvent(r *http.Request) (map[string]any, bool) {
	values := r.Header["Authorization"]
	if len(values) != 1 || values[0] == "" {
		return nil, false
	}
	return map[string]any{"type": "TOKEN", "authorizationToken": values[0], "methodArn": methodARN}, true
}

// requestEvent has, of each header and parameter, the last value and all.
func requestEvent(r *http.Request) (map[string]any, bool) {
	query := r.URL.Query()
	return map[string]any{
		"type": "REQUEST", "methodArn": methodARN, "resource": "/", "path": r.URL.Path, "httpMethod": r.Method,
		"headers": lastOf(r.Header), "multiValueHeaders": r.Header,
		"queryStringParameters": lastOf(query), "multiValueQueryStringParameters": query,
		"pathParameters": map[string]string{}, "stageVariables": map[string]string{},
		"requestContext": map[string]any{"path": r.URL.Path, "httpMethod": r.Method, "resourcePath": "/", "stage": "test", "apiId": "abcdef1234", "accountId": "123456789012"},
	}, true
}

func lastOf(all map[string][]string) map[string]string {
	last := map[string]string{}
	for name, values := range all {
		last[name] = values[len(values)-1]
	}
	return last
}

// httpEvent has headers in small letters, whose values are joined.
func httpEvent(r *http.Request) (map[string]any, bool) {
	headers, query := map[string]string{}, map[string]string{}
	for name, values := range r.Header {
		headers[strings.ToLower(name)] = strings.Join(values, ",")
	}
	for name, values := range r.URL.Query() {
		query[name] = strings.Join(values, ",")
	}
	sources := []string{}
	if value, ok := headers["authorization"]; ok {
		sources = append(sources, value)
	}
	return map[string]any{
		"version": "2.0", "type": "REQUEST", "routeArn": methodARN, "identitySource": sources, "routeKey": "GET /",
		"rawPath": r.URL.Path, "rawQueryString": r.URL.RawQuery, "headers": headers, "queryStringParameters": query,
		"requestContext": map[string]any{
			"accountId": "123456789012", "apiId": "abcdef1234", "stage": "test", "routeKey": "GET /",
			"http": map[string]any{"method": r.Method, "path": r.URL.Path, "protocol": r.Proto, "sourceIp": "192.0.2.1"},
		},
	}, true
}

// authorizerAnswer is an IAM policy, or a simple response.
type authorizerAnswer struct {
	IsAuthorized   *bool
	PrincipalID    string
	PolicyDocument *struct {
		Statement []struct {
			Effect           string
			Action, Resource oneOrMany
		}
	}
	Context map[string]any
}

// oneOrMany is a text or a list of texts.
type oneOrMany []string

// UnmarshalJSON reads either.
func (o *oneOrMany) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*o = oneOrMany{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(o))
}

// invokeAuthorizer returns what the gateway makes of an answer.
func invokeAuthorizer(f fake.Trigger, in map[string]any, event LambdaEvent) authz.Answer {
	payload, err := json.Marshal(in)
	if err != nil {
		return useless(err.Error())
	}
	out, err := f.Invoke(context.Background(), payload)
	switch {
	case err != nil && err.Error() == "Unauthorized":
		return gateway(http.StatusUnauthorized)
	case err != nil:
		return useless(fmt.Sprintf("the function's error is %q; \"Unauthorized\" alone becomes a 401", err))
	}
	var answer authorizerAnswer
	if err := json.Unmarshal(out, &answer); err != nil {
		return useless("the function's answer cannot be read: " + err.Error())
	}
	if lack := answer.lack(event); lack != "" {
		return useless(lack)
	}
	return gateway(answer.status())
}

// gateway is an answer that the gateway writes.
func gateway(status int) authz.Answer { return authz.Answer{Status: status, Gateway: true} }

// useless is the gateway's answer where the function has none.
func useless(why string) authz.Answer {
	return authz.Answer{Status: http.StatusInternalServerError, Gateway: true, Why: why}
}

// lack says what keeps the gateway from using an answer; "" where nothing does.
func (a authorizerAnswer) lack(event LambdaEvent) string {
	switch {
	case event == HTTPEvent && a.PolicyDocument == nil && a.IsAuthorized == nil:
		return "the function's answer has neither isAuthorized nor policyDocument"
	case event == HTTPEvent:
		return ""
	case a.PolicyDocument == nil:
		return "the function's answer has no policyDocument, which a REST API wants"
	case a.PrincipalID == "":
		return "the function's answer has no principalId, which a REST API wants"
	}
	for name, value := range a.Context {
		switch value.(type) {
		case string, float64, bool, nil:
		default:
			return fmt.Sprintf("%q in the context of the function's answer is a list or an object, which a REST API does not take", name)
		}
	}
	return ""
}

func (a authorizerAnswer) status() int {
	switch {
	case a.PolicyDocument != nil:
		return a.policyStatus()
	case *a.IsAuthorized:
		return http.StatusOK
	}
	return http.StatusForbidden
}

// policyStatus looks for a statement that allows the method, and for none that denies it.
func (a authorizerAnswer) policyStatus() int {
	status := http.StatusForbidden
	for _, s := range a.PolicyDocument.Statement {
		if !s.Action.covers("execute-api:Invoke") || !s.Resource.covers(methodARN) {
			continue
		}
		if s.Effect != "Allow" {
			return http.StatusForbidden
		}
		status = http.StatusOK
	}
	return status
}

// covers reports whether a pattern with * and ? matches a text.
func (o oneOrMany) covers(text string) bool {
	return slices.ContainsFunc(o, func(pattern string) bool {
		quoted := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern))
		return regexp.MustCompile("^(?i:" + quoted + ")$").MatchString(text)
	})
}
