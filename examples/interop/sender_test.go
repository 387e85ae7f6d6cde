package interop

import (
	"context"
	"encoding/json"
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

// TestAWSEncryptionSDK has the AWS Encryption SDK for Python, as it is set up by default, decrypt the
// code that a custom sender gets.
func TestAWSEncryptionSDK(t *testing.T) {
	python := needPython(t, "aws_encryption_sdk")
	type senderEvent struct {
		Request struct{ Code string }
	}
	var got senderEvent
	p := cognitotest.New(t,
		cognitotest.WithPool(cip.CreateUserPoolInput{AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail}}),
		cognitotest.WithTrigger(fake.CustomEmailSender, fake.TriggerFunc(func(_ context.Context, e senderEvent) (json.RawMessage, error) {
			got = e
			return nil, nil
		})))
	ann := p.NewUser(t, cognitotest.Unconfirmed(), cognitotest.Email("ann@example.com"))
	t.Setenv("CODE", got.Request.Code)
	t.Setenv("SENDER_KEY_NAMESPACE", fake.SenderKeyNamespace)
	t.Setenv("SENDER_KEY_NAME", fake.SenderKeyName)
	out, err := run(t, p, python, "python/sender.py")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"code": ann.Code(t), "context": map[string]any{"userpool-id": p.PoolID}}
	if diff := cmp.Diff(want, decode[map[string]any](t, out)); diff != "" {
		t.Errorf("what the AWS Encryption SDK decrypts (-want +got):\n%s", diff)
	}
}
