package backendtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

// event is what the function of a trigger gets and returns.
type event map[string]any

// part returns the request, the response or the callerContext of an event.
func (e event) part(name string) map[string]any {
	part, _ := e[name].(map[string]any)
	return part
}

// attribute returns one of the userAttributes, or "".
func (e event) attribute(name string) string {
	attributes, _ := e.part("request")["userAttributes"].(map[string]any)
	value, _ := attributes[name].(string)
	return value
}

// onTrigger makes a pool call a function of this process, which only a fake can.
func onTrigger(t *testing.T, p *cognitotest.Provider, source fake.TriggerSource, f func(event) (event, error)) {
	t.Helper()
	need(t, needFake(t, p, local).HandleTrigger(p.PoolID, source, fake.TriggerFunc(func(_ context.Context, e event) (event, error) { return f(e) })))
}

// replying is a function that sets members of the response, by names and values in turn.
func replying(namesAndValues ...any) func(event) (event, error) {
	return func(e event) (event, error) {
		for i := 0; i < len(namesAndValues); i += 2 {
			e.part("response")[namesAndValues[i].(string)] = namesAndValues[i+1]
		}
		return e, nil
	}
}

// refusing is a function that fails.
func refusing(message string) func(event) (event, error) {
	return func(event) (event, error) { return nil, errors.New(message) }
}

// wantSources compares the sources of the functions that a pool's server has called, in their order.
func wantSources(t *testing.T, p *cognitotest.Provider, want ...string) {
	t.Helper()
	var got []string
	for _, i := range needFake(t, p, local).Invocations() {
		got = append(got, string(i.Source))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("functions called (-want +got):\n%s", diff)
	}
}

// wantNobody checks that a pool has no user of a name.
func wantNobody(t *testing.T, p *cognitotest.Provider, username string) {
	t.Helper()
	err := fail(p.Client().AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &p.PoolID, Username: &username}))
	wantCode(t, err, "UserNotFoundException")
}

// handlerFunc is a function as AWS Lambda sees it.
type handlerFunc func(payload []byte) ([]byte, error)

// Invoke calls the function.
func (f handlerFunc) Invoke(_ context.Context, payload []byte) ([]byte, error) { return f(payload) }

// handlers is what holds for the functions of all triggers.
var handlers = []Behaviour{
	{"an answer that is not the whole event, with a response of the right types, is unusable", func(t *testing.T, start Start) {
		p := start(t)
		without := func(name string) func(event) any {
			return func(e event) any { delete(e, name); return e }
		}
		null := func(name string) func(event) any {
			return func(e event) any { e[name] = nil; return e }
		}
		response := func(value any) func(event) any {
			return func(e event) any { e["response"] = value; return e }
		}
		for _, row := range []struct {
			why    string
			answer func(event) any
		}{
			{"nothing", func(event) any { return nil }},
			{"a text", func(event) any { return "fine" }},
			{"a list", func(e event) any { return []any{e} }},
			{"the response alone", func(e event) any { return e["response"] }},
			{"no version", without("version")}, {"no region", without("region")}, {"no userPoolId", without("userPoolId")},
			{"no userName", without("userName")}, {"no callerContext", without("callerContext")}, {"no response", without("response")},
			{"a null version", null("version")}, {"a null userName", null("userName")}, {"a null response", null("response")},
			{"a response that is a text", response("fine")},
			{"a flag that is a text", response(map[string]any{"autoConfirmUser": "true"})},
			{"a flag that is a number", response(map[string]any{"autoVerifyEmail": 1})},
		} {
			part(t, row.why, func(t *testing.T) {
				need(t, needFake(t, p, local).HandleTrigger(p.PoolID, fake.PreSignUp, handlerFunc(func(payload []byte) ([]byte, error) {
					var e event
					if err := json.Unmarshal(payload, &e); err != nil {
						return nil, err
					}
					return json.Marshal(row.answer(e))
				})))
				wantError(t, fail(signUp(p, "ann")), "InvalidLambdaResponseException", "Unrecognizable lambda output")
				wantNobody(t, p, "ann")
			})
		}
		part(t, "no JSON", func(t *testing.T) {
			need(t, needFake(t, p, local).HandleTrigger(p.PoolID, fake.PreSignUp, handlerFunc(func([]byte) ([]byte, error) { return []byte("{"), nil })))
			wantError(t, fail(signUp(p, "ann")), "InvalidLambdaResponseException", "Unrecognizable lambda output")
		})
	}},
	{"a function that panics fails the operation, and the error names the trigger", func(t *testing.T, start Start) {
		p := start(t)
		onTrigger(t, p, fake.PreSignUp, func(event) (event, error) { panic("out of cheese") })
		wantError(t, fail(signUp(p, "ann")), "UserLambdaValidationException", "PreSignUp failed with error out of cheese.")
		wantNobody(t, p, "ann")
	}},
	{"a function may call the pool that calls it", func(t *testing.T, start Start) {
		p := start(t)
		onTrigger(t, p, fake.PreSignUp, func(e event) (event, error) {
			if e["userName"] == "ann" {
				if err := fail(signUp(p, "bob")); err != nil { // fires the trigger again
					return nil, err
				}
			}
			return e, fail(p.Client().ListUsers(ctx, &cip.ListUsersInput{UserPoolId: &p.PoolID}))
		})
		need(t, fail(signUp(p, "ann")))
		wantStatus(t, p, "bob", types.UserStatusTypeUnconfirmed)
		wantSources(t, p, "PreSignUp_SignUp", "PreSignUp_SignUp")
	}},
	{"an ARN to which no function is bound fails as one that may not be invoked, until a function is", func(t *testing.T, start Start) {
		const arn = "arn:aws:lambda:us-east-1:123456789012:function:gate"
		p := startFake(t, start, local, cognitotest.WithPool(cip.CreateUserPoolInput{LambdaConfig: &types.LambdaConfigType{PreSignUp: aws.String(arn)}}))
		s := needFake(t, p, local)
		wantError(t, fail(signUp(p, "ann")), "UnexpectedLambdaException", "PreSignUp invocation failed due to error AccessDeniedException.")
		wantNobody(t, p, "ann")
		s.BindFunction(arn, fake.TriggerFunc(func(_ context.Context, e event) (event, error) { return replying("autoConfirmUser", true)(e) }))
		need(t, fail(signUp(p, "ann")))
		wantStatus(t, p, "ann", types.UserStatusTypeConfirmed)
		s.BindFunction(arn, nil)
		wantCode(t, fail(signUp(p, "bob")), "UnexpectedLambdaException")
	}},
	{"an update of the pool without LambdaConfig ends its triggers", func(t *testing.T, start Start) {
		p := start(t)
		onTrigger(t, p, fake.PreSignUp, refusing("no"))
		wantCode(t, fail(signUp(p, "ann")), "UserLambdaValidationException")
		need(t, fail(p.Client().UpdateUserPool(ctx, &cip.UpdateUserPoolInput{UserPoolId: &p.PoolID})))
		need(t, fail(signUp(p, "ann")))
	}},
	{"every call of a function is listed, with its event, its answer and its failure", func(t *testing.T, start Start) {
		p := start(t)
		names := map[string]error{"ann": nil, "bob": errors.New("not bob")}
		onTrigger(t, p, fake.PreSignUp, func(e event) (event, error) {
			return e, names[fmt.Sprint(e["userName"])]
		})
		need(t, fail(signUp(p, "ann")))
		refused := fail(signUp(p, "bob"))
		calls := needFake(t, p, local).Invocations()
		if len(calls) != 2 {
			t.Fatalf("%d calls are listed, want 2", len(calls))
		}
		if diff := cmp.Diff(string(calls[0].Event), string(calls[0].Response), cmp.Transformer("decoded", decoded)); diff != "" {
			t.Errorf("the function returned its event, but (-event +response):\n%s", diff)
		}
		for i, want := range []struct {
			name    string
			answers bool
			message string
		}{{"ann", true, ""}, {"bob", false, "PreSignUp failed with error not bob."}} {
			c := calls[i]
			if name := decoded(string(c.Event))["userName"]; name != want.name || c.PoolID != p.PoolID || c.Source != "PreSignUp_SignUp" {
				t.Errorf("call %d is %s of %v in %s", i, c.Source, name, c.PoolID)
			}
			if got := len(c.Response) > 0; got != want.answers {
				t.Errorf("call %d has an answer: %v, want %v", i, got, want.answers)
			}
			if want.message != "" {
				wantError(t, c.Err, "UserLambdaValidationException", want.message)
			}
		}
		wantError(t, refused, "UserLambdaValidationException", "PreSignUp failed with error not bob.")
	}},
}

// decoded decodes a JSON object; it is nil for what is none.
func decoded(text string) event {
	var e event
	if json.Unmarshal([]byte(text), &e) != nil {
		return nil
	}
	return e
}
