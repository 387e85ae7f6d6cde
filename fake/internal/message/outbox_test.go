package message

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake/internal/clock"
	"github.com/cognitotest/cognito/fake/internal/envelope"
	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

const functionARN = "arn:aws:lambda:us-east-1:123456789012:function:f"

// calling returns an outbox whose pools call one function for everything, and what it logs.
func calling(f func(map[string]any) (map[string]any, error)) (*Outbox, *strings.Builder) {
	log := &strings.Builder{}
	logf := func(format string, args ...any) { fmt.Fprintf(log, format+"\n", args...) }
	c := clock.New(nil)
	functions := trigger.New(c, logf)
	functions.Bind(functionARN, trigger.Func(func(_ context.Context, e map[string]any) (map[string]any, error) { return f(e) }))
	return NewOutbox(Parts{Clock: c, Functions: functions, Key: envelope.NewKey("test", "key"), Logf: logf}), log
}

// answering is a function that answers a response.
func answering(response map[string]any) func(map[string]any) (map[string]any, error) {
	return func(e map[string]any) (map[string]any, error) {
		e["response"] = response
		return e, nil
	}
}

// customized is a pool with a CustomMessage function that may change e-mails.
func customized() cip.CreateUserPoolInput {
	return cip.CreateUserPoolInput{
		LambdaConfig: &types.LambdaConfigType{CustomMessage: aws.String(functionARN)},
		EmailConfiguration: &types.EmailConfigurationType{
			EmailSendingAccount: types.EmailSendingAccountTypeDeveloper, SourceArn: aws.String("arn:aws:ses:us-east-1:123456789012:identity/example.com"),
		},
	}
}

func TestBodiesThatAreTaken(t *testing.T) {
	long := strings.Repeat("x", 141)
	for _, test := range []struct {
		why, attribute string
		link           bool
		response       map[string]any
		want           string // the body, or a part of the error
		refused        bool
	}{
		{"with the code", "email", false, map[string]any{"emailMessage": "Take {####}"}, "Take 1234", false},
		{"twice the code", "email", false, map[string]any{"emailMessage": "{####}, {####}"}, "1234, 1234", false},
		{"an SMS with the code", "phone_number", false, map[string]any{"smsMessage": "Take {####}"}, "Take 1234", false},
		{"without the code", "email", false, map[string]any{"emailMessage": "Welcome"}, "'emailBody' failed", true},
		{"an SMS without the code", "phone_number", false, map[string]any{"smsMessage": "Welcome"}, "'smsMessage' failed", true},
		{"an SMS that is too long", "phone_number", false, map[string]any{"smsMessage": "{####}" + long}, "length less than or equal to 140", true},
		{"a subject that is too long", "email", false, map[string]any{"emailSubject": long}, "'emailSubject' failed", true},
		{"a character that no mail may have", "email", false, map[string]any{"emailMessage": "{####}\u200b"}, "regular expression", true},
		{"a link, where links verify", "email", true, map[string]any{"emailMessage": "Go {##there##}"}, "Go there", false},
		{"the code, where links verify", "email", true, map[string]any{"emailMessage": "Take {####}"}, "Take 1234", false},
		{"a link, where codes verify", "email", false, map[string]any{"emailMessage": "Go {##there##}"}, "'emailBody' failed", true},
	} {
		t.Run(test.why, func(t *testing.T) {
			in := customized()
			if test.link {
				in.VerificationMessageTemplate = &types.VerificationMessageTemplateType{DefaultEmailOption: types.DefaultEmailOptionTypeConfirmWithLink}
			}
			p, u := newPool(t, in)
			o, _ := calling(answering(test.response))
			err := o.Send(t.Context(), Code(by(p), u, SignUp, pool.Code{Attribute: test.attribute, Value: "1234"}))
			switch {
			case test.refused && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("error = %v, want %q in it", err, test.want)
			case !test.refused && (err != nil || o.Messages()[0].Body != test.want):
				t.Errorf("sent %+v, %v; want the body %q", o.Messages(), err, test.want)
			}
		})
	}
}

func TestTheLogSaysWhyTextsAreNotTaken(t *testing.T) {
	plain := customized()
	plain.EmailConfiguration = nil
	for _, test := range []struct {
		why   string
		pool  cip.CreateUserPoolInput
		draft func(*pool.Pool, *pool.User) Draft
		want  string
	}{
		{"Amazon Cognito sends", plain, func(p *pool.Pool, u *pool.User) Draft { return Code(by(p), u, SignUp, pool.Code{Attribute: "email"}) }, "DEVELOPER"},
		{"no username", customized(), func(p *pool.Pool, u *pool.User) Draft { return Invitation(by(p), u, "email", "Temp-1234") }, "{username}"},
	} {
		p, u := newPool(t, test.pool)
		o, log := calling(answering(map[string]any{"emailMessage": "Take {####}"}))
		o.Send(t.Context(), test.draft(p, u))
		if !strings.Contains(log.String(), test.want) {
			t.Errorf("%s: the log says %q, want %s in it", test.why, log, test.want)
		}
	}
}

func TestWhatLeftBeforeAFailureHasLeft(t *testing.T) {
	p, u := newPool(t, customized())
	n := 0
	o, _ := calling(func(e map[string]any) (map[string]any, error) {
		if n++; n == 2 {
			return nil, fmt.Errorf("no")
		}
		return e, nil
	})
	code := func(attribute string) Draft {
		return Code(by(p), u, SignUp, pool.Code{Attribute: attribute, Value: "1234"})
	}
	if err := o.Send(t.Context(), code("email"), code("phone_number"), code("email")); err == nil {
		t.Error("Send reports no error")
	}
	if got := o.Messages(); len(got) != 1 || got[0].Medium != "EMAIL" {
		t.Errorf("sent %+v, want the first alone", got)
	}
}

func TestSendersGetTheCodeOfTheirPool(t *testing.T) {
	p, u := newPool(t, cip.CreateUserPoolInput{LambdaConfig: &types.LambdaConfigType{
		CustomSMSSender: &types.CustomSMSLambdaVersionConfigType{LambdaArn: aws.String(functionARN), LambdaVersion: types.CustomSMSSenderLambdaVersionTypeV10},
		KMSKeyID:        aws.String("arn:aws:kms:us-east-1:123456789012:key/1"),
	}})
	var event struct {
		Source  string                `json:"triggerSource"`
		Request trigger.SenderRequest `json:"request"`
	}
	o, _ := calling(func(e map[string]any) (map[string]any, error) {
		text, err := json.Marshal(e)
		if err != nil {
			return nil, err
		}
		return nil, json.Unmarshal(text, &event)
	})
	waiting := pool.Code{Attribute: "phone_number", NewValue: "+12065559935", Value: "1234"}
	send(t, o, Code(by(p), u, UpdateUserAttribute, waiting), SignInCode(by(p), u, "email", "5678"))
	sealed, err := base64.StdEncoding.DecodeString(event.Request.Code)
	if err != nil {
		t.Fatal(err)
	}
	secret, context, err := o.Key.Open(sealed)
	if err != nil || string(secret) != "1234" {
		t.Errorf("the code is %q, %v; want 1234", secret, err)
	}
	if diff := cmp.Diff(context, map[string]string{"userpool-id": p.ID}); diff != "" {
		t.Errorf("encryption context (-got +want):\n%s", diff)
	}
	if got := event.Request.UserAttributes["phone_number"]; got != waiting.NewValue {
		t.Errorf("the sender is told %s, want the number that waits for its verification", got)
	}
	var senders []string
	for _, m := range o.Messages() {
		senders = append(senders, m.Sender)
	}
	if diff := cmp.Diff(senders, []string{event.Source, ""}); diff != "" {
		t.Errorf("senders (-got +want):\n%s", diff)
	}
}

func TestTheNewestMessagesAreKept(t *testing.T) {
	o, _ := calling(nil)
	for n := range 3*maxMessages + 1 {
		o.Add([]Message{{Code: fmt.Sprint(n)}})
	}
	for name, got := range map[string][]Message{"Messages": o.Messages(), "Shared": o.Shared()} {
		if len(got) != maxMessages || got[0].Code != fmt.Sprint(2*maxMessages+1) || got[maxMessages-1].Code != fmt.Sprint(3*maxMessages) {
			t.Errorf("%s: %d messages are kept, want the newest %d", name, len(got), maxMessages)
		}
	}
	if held := len(o.messages); held >= 2*maxMessages {
		t.Errorf("%d messages are held", held)
	}
}
