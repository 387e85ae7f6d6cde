package cognitotest_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

// signUpOnce signs ann up and does not repeat the call where it fails.
func signUpOnce(p *cognitotest.Provider) error {
	_, err := p.Client().SignUp(context.Background(), &cip.SignUpInput{
		ClientId: &p.ClientID, Username: aws.String("ann"), Password: aws.String("Correct-Horse-7"),
	}, func(o *cip.Options) { o.Retryer = aws.NopRetryer{} })
	return err
}

func TestHandlerThatHangsEndsInVirtualTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cog := cognitotest.New(t, cognitotest.InMemory(), cognitotest.WithTrigger(fake.PreSignUp,
			fake.TriggerFunc(func(ctx context.Context, e json.RawMessage) (json.RawMessage, error) {
				<-ctx.Done()
				return e, ctx.Err()
			})))
		began := time.Now()
		err := signUpOnce(cog)
		var late *types.UnexpectedLambdaException
		if !errors.As(err, &late) {
			t.Errorf("error = %v, want UnexpectedLambdaException", err)
		}
		if got := time.Since(began); got != 15*time.Second {
			t.Errorf("SignUp took %v, want three times five seconds", got)
		}
		if calls := cog.Fake(t).Invocations(); len(calls) != 1 || calls[0].Duration != 15*time.Second {
			t.Errorf("the invocations are %+v, want one of 15 s", calls)
		}
	})
}

func TestCustomSenderThatHangsHoldsAnOperationUpFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cog := cognitotest.New(t, cognitotest.InMemory(),
			cognitotest.WithPool(cip.CreateUserPoolInput{AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail}}),
			cognitotest.WithTrigger(fake.CustomEmailSender, fake.TriggerFunc(func(ctx context.Context, e json.RawMessage) (json.RawMessage, error) {
				<-ctx.Done()
				return e, ctx.Err()
			})))
		began := time.Now()
		ann := cog.NewUser(t, cognitotest.Unconfirmed(), cognitotest.Email("ann@example.com"))
		if got := time.Since(began); got != 5*time.Second {
			t.Errorf("SignUp took %v, want five seconds", got)
		}
		if ann.Code(t) == "" {
			t.Error("no code is in the outbox")
		}
	})
}
