package message

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cognitotest/cognito/fake/internal/clock"
	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// by is an administrator's call.
func by(p *pool.Pool) trigger.Call { return trigger.Call{Pool: p} }

// newOutbox returns the outbox of a server whose pools call no functions.
func newOutbox(c *clock.Clock) *Outbox { return NewOutbox(Parts{Clock: c}) }

func send(t *testing.T, o *Outbox, drafts ...Draft) {
	t.Helper()
	if err := o.Send(t.Context(), drafts...); err != nil {
		t.Error(err)
	}
}

func TestMask(t *testing.T) {
	for _, test := range []struct{ why, to, want string }{
		{"an address", "test@test.com", "t***@t***"},
		{"a short one", "a@b.c", "a***@b***"},
		{"letters beyond ASCII", "ürsula@ñandú.example", "ü***@ñ***"},
		{"a number", "+12065559934", "+*******9934"},
		{"a number of another length", "+4930123456", "+*******3456"},
		{"a number of four digits", "+1234", "+*******1234"},
		{"a shorter one", "+12", "+*******12"},
	} {
		if got := Mask(test.to); got != test.want {
			t.Errorf("%s: Mask(%q) = %q, want %q", test.why, test.to, got, test.want)
		}
	}
}

func TestDetails(t *testing.T) {
	for _, test := range []struct {
		attribute, to string
		want          types.CodeDeliveryDetailsType
	}{
		{"email", "ann@example.com", types.CodeDeliveryDetailsType{
			AttributeName: aws.String("email"), DeliveryMedium: types.DeliveryMediumTypeEmail, Destination: aws.String("a***@e***")}},
		{"phone_number", "+12065559934", types.CodeDeliveryDetailsType{
			AttributeName: aws.String("phone_number"), DeliveryMedium: types.DeliveryMediumTypeSms, Destination: aws.String("+*******9934")}},
	} {
		if diff := cmp.Diff(*Details(test.attribute, test.to), test.want, cmpopts.IgnoreUnexported(types.CodeDeliveryDetailsType{})); diff != "" {
			t.Errorf("Details(%s, %s) (-got +want):\n%s", test.attribute, test.to, diff)
		}
	}
}

// newPool makes a pool with settings, and a user who has an address and a number.
func newPool(t *testing.T, in cip.CreateUserPoolInput) (*pool.Pool, *pool.User) {
	t.Helper()
	in.PoolName = aws.String("test")
	settings, err := pool.NewSettings(&in, pool.Place{Region: "us-east-1", AccountID: "123456789012"})
	if err != nil {
		t.Fatal(err)
	}
	u := &pool.User{Username: "ann", Sub: "26e2d294-80b1-709e-51e1-27beb70d3cee"}
	u.SetAttribute("email", "ann@example.com")
	u.SetAttribute("phone_number", "+12065559934")
	return pool.New(pool.Name{ID: "us-east-1_Test00000", Region: "us-east-1"}, settings, nil), u
}

func TestMessages(t *testing.T) {
	verification := cip.CreateUserPoolInput{VerificationMessageTemplate: &types.VerificationMessageTemplateType{
		EmailSubject: aws.String("Hello {username}"), EmailMessage: aws.String("mail {####} for {username}, {####}"), SmsMessage: aws.String("sms {####}"),
	}}
	link := cip.CreateUserPoolInput{VerificationMessageTemplate: &types.VerificationMessageTemplateType{
		DefaultEmailOption: types.DefaultEmailOptionTypeConfirmWithLink,
		EmailMessage:       aws.String("by code {####}"), EmailMessageByLink: aws.String("click {##here##} or {##there##}"), EmailSubjectByLink: aws.String("A link"),
	}}
	invitation := cip.CreateUserPoolInput{AdminCreateUserConfig: &types.AdminCreateUserConfigType{InviteMessageTemplate: &types.MessageTemplateType{
		EmailSubject: aws.String("Come"), EmailMessage: aws.String("mail {username} {####}"), SMSMessage: aws.String("sms {username} {####}"),
	}}}
	byAddress := cip.CreateUserPoolInput{UsernameAttributes: []types.UsernameAttributeType{types.UsernameAttributeTypeEmail}}
	code := func(c pool.Code) func(*pool.Pool, *pool.User) Draft {
		c.Value = "123456"
		return func(p *pool.Pool, u *pool.User) Draft { return Code(by(p), u, SignUp, c) }
	}
	invite := func(attribute string) func(*pool.Pool, *pool.User) Draft {
		return func(p *pool.Pool, u *pool.User) Draft { return Invitation(by(p), u, attribute, "Temp-1234") }
	}
	for _, test := range []struct {
		why  string
		pool cip.CreateUserPoolInput
		make func(*pool.Pool, *pool.User) Draft
		want Message
	}{
		{"a code by email", cip.CreateUserPoolInput{}, code(pool.Code{Attribute: "email"}),
			Message{To: "ann@example.com", Medium: "EMAIL", Code: "123456", Subject: "Your verification code", Body: "Your verification code is 123456. "}},
		{"a code by SMS", cip.CreateUserPoolInput{}, code(pool.Code{Attribute: "phone_number"}),
			Message{To: "+12065559934", Medium: "SMS", Code: "123456", Body: "Your verification code is 123456. "}},
		{"a code to a value that waits", cip.CreateUserPoolInput{}, code(pool.Code{Attribute: "email", NewValue: "new@example.com"}),
			Message{To: "new@example.com", Medium: "EMAIL", Code: "123456", Subject: "Your verification code", Body: "Your verification code is 123456. "}},
		{"the pool's own words", verification, code(pool.Code{Attribute: "email"}),
			Message{To: "ann@example.com", Medium: "EMAIL", Code: "123456", Subject: "Hello ann", Body: "mail 123456 for ann, 123456"}},
		{"the pool's own words by SMS", verification, code(pool.Code{Attribute: "phone_number"}),
			Message{To: "+12065559934", Medium: "SMS", Code: "123456", Body: "sms 123456"}},
		{"a link", link, code(pool.Code{Attribute: "email"}),
			Message{To: "ann@example.com", Medium: "EMAIL", Code: "123456", Subject: "A link", Body: "click here or there"}},
		{"an invitation by email", cip.CreateUserPoolInput{}, invite("email"), Message{To: "ann@example.com", Medium: "EMAIL", Code: "Temp-1234",
			Subject: "Your temporary password", Body: "Your username is ann and temporary password is Temp-1234. "}},
		{"an invitation by SMS", cip.CreateUserPoolInput{}, invite("phone_number"),
			Message{To: "+12065559934", Medium: "SMS", Code: "Temp-1234", Body: "Your username is ann and temporary password is Temp-1234. "}},
		{"an invitation in the pool's own words", invitation, invite("email"),
			Message{To: "ann@example.com", Medium: "EMAIL", Code: "Temp-1234", Subject: "Come", Body: "mail ann Temp-1234"}},
		{"an invitation by SMS in the pool's own words", invitation, invite("phone_number"),
			Message{To: "+12065559934", Medium: "SMS", Code: "Temp-1234", Body: "sms ann Temp-1234"}},
		{"a generated username is told by the address", byAddress, invite("email"), Message{To: "ann@example.com", Medium: "EMAIL", Code: "Temp-1234",
			Subject: "Your temporary password", Body: "Your username is ann@example.com and temporary password is Temp-1234. "}},
	} {
		t.Run(test.why, func(t *testing.T) {
			p, u := newPool(t, test.pool)
			now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			o := newOutbox(clock.New(func() time.Time { return now }))
			send(t, o, test.make(p, u))
			got := o.Messages()[0]
			test.want.PoolID, test.want.Username, test.want.At = p.ID, "ann", now
			test.want.Trigger = got.Trigger // see TestTriggers
			if diff := cmp.Diff(got, test.want, cmpopts.IgnoreFields(Message{}, "Template")); diff != "" {
				t.Errorf("message (-got +want):\n%s", diff)
			}
		})
	}
}

func TestTriggers(t *testing.T) {
	p, u := newPool(t, cip.CreateUserPoolInput{})
	o := newOutbox(clock.New(nil))
	send(t, o, Code(by(p), u, ResendCode, pool.Code{Attribute: "email"}), Invitation(by(p), u, "email", "Temp-1234"))
	var got []string
	for _, m := range o.Messages() {
		got = append(got, m.Trigger)
	}
	if diff := cmp.Diff(got, []string{"CustomMessage_ResendCode", "CustomMessage_AdminCreateUser"}); diff != "" {
		t.Errorf("triggers (-got +want):\n%s", diff)
	}
}

func TestDraftsTellWhereTheyGo(t *testing.T) {
	p, u := newPool(t, cip.CreateUserPoolInput{})
	got := Code(by(p), u, UpdateUserAttribute, pool.Code{Attribute: "email", NewValue: "new@example.org"}).Details()
	if diff := cmp.Diff(got, Details("email", "new@example.org"), cmpopts.IgnoreUnexported(types.CodeDeliveryDetailsType{})); diff != "" {
		t.Errorf("details (-got +want):\n%s", diff)
	}
}

func TestOutboxKeepsEverything(t *testing.T) {
	p, u := newPool(t, cip.CreateUserPoolInput{})
	o := newOutbox(clock.New(nil))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 10 {
				send(t, o, Code(by(p), u, SignUp, pool.Code{Attribute: "email", Value: "1"}), Code(by(p), u, SignUp, pool.Code{Attribute: "email", Value: "2"}))
				o.Messages()
			}
		})
	}
	wg.Wait()
	got := o.Messages()
	if len(got) != 160 {
		t.Errorf("%d messages, want 160", len(got))
	}
	for pair := range slices.Chunk(got, 2) {
		if pair[0].Code != "1" || pair[1].Code != "2" {
			t.Errorf("messages of one call are torn apart: %s, %s", pair[0].Code, pair[1].Code)
		}
	}
	got[0].Code = "changed"
	if o.Messages()[0].Code != "1" {
		t.Error("a caller has changed the outbox")
	}
}
