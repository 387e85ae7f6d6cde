package fake_test

import (
	"context"
	"fmt"
	"html"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake"
)

func TestDecryptCodeRefuses(t *testing.T) {
	s := newServer(t, fake.Config{})
	for _, test := range []struct{ why, code string }{
		{"no base64", "*"},
		{"no message", "MTIzNDU2"},
		{"nothing", ""},
	} {
		if got, err := s.DecryptCode(test.code); err == nil {
			t.Errorf("%s: DecryptCode(%q) = %q, want an error", test.why, test.code, got)
		}
	}
}

func TestServersHaveKeysOfTheirOwn(t *testing.T) {
	var code string
	one := newStage(t, nil)
	one.must(0, one.server.HandleTrigger(one.pool, fake.CustomEmailSender, fake.TriggerFunc(func(_ context.Context, e senderEvent) (any, error) {
		code = e.Request.Code
		return nil, nil
	})))
	sent := one.signUp()
	if got, err := one.server.DecryptCode(code); got != *sent || err != nil {
		t.Errorf("DecryptCode = %q, %v; want %q", got, err, *sent)
	}
	if got, err := newServer(t, fake.Config{Seed: 1}).DecryptCode(code); err == nil {
		t.Errorf("another server decrypts the code: %q", got)
	}
	if key := one.server.SenderKey(); len(key) != 32 {
		t.Errorf("SenderKey has %d bytes, want 32", len(key))
	}
	one.server.SenderKey()[0]++
	if _, err := one.server.DecryptCode(code); err != nil {
		t.Errorf("a caller has changed the key: %v", err)
	}
}

// TestSendersHaveAKey checks that settings with a sender can be written back as they were read.
func TestSendersHaveAKey(t *testing.T) {
	s := newStage(t, nil)
	s.watch(fake.CustomSMSSender)
	out, err := s.api.DescribeUserPool(s.ctx, &cip.DescribeUserPoolInput{UserPoolId: &s.pool})
	s.must(out, err)
	s.must(s.api.UpdateUserPool(s.ctx, &cip.UpdateUserPoolInput{
		UserPoolId: &s.pool, LambdaConfig: out.UserPool.LambdaConfig,
		AutoVerifiedAttributes: out.UserPool.AutoVerifiedAttributes, SmsConfiguration: out.UserPool.SmsConfiguration,
	}))
}

// senderEvent is what this test's mailer wants to know of the event of a custom e-mail sender.
type senderEvent struct {
	Source  string `json:"triggerSource"`
	Request struct {
		Code           string            `json:"code"`
		UserAttributes map[string]string `json:"userAttributes"`
	} `json:"request"`
}

// A custom sender decrypts the code as it does in production, but for the key: where it calls the AWS
// Encryption SDK there, it calls DecryptCode here.
func ExampleServer_DecryptCode() {
	ctx := context.Background()
	server := fake.NewServer(fake.Config{})
	defer server.Close()
	api := server.API()

	pool, err := api.CreateUserPool(ctx, &cip.CreateUserPoolInput{PoolName: aws.String("demo")})
	if err != nil {
		fmt.Println(err)
		return
	}
	mailer := func(_ context.Context, e senderEvent) (any, error) {
		password, err := server.DecryptCode(e.Request.Code)
		fmt.Println(e.Source, "to", e.Request.UserAttributes["email"], html.UnescapeString(password))
		return nil, err
	}
	if err := server.HandleTrigger(*pool.UserPool.Id, fake.CustomEmailSender, fake.TriggerFunc(mailer)); err != nil {
		fmt.Println(err)
		return
	}
	_, err = api.AdminCreateUser(ctx, &cip.AdminCreateUserInput{
		UserPoolId: pool.UserPool.Id, Username: aws.String("ann"), TemporaryPassword: aws.String("Temp<1>orary"),
		UserAttributes:         []types.AttributeType{{Name: aws.String("email"), Value: aws.String("ann@example.com")}},
		DesiredDeliveryMediums: []types.DeliveryMediumType{types.DeliveryMediumTypeEmail},
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output: CustomEmailSender_AdminCreateUser to ann@example.com Temp<1>orary
}
