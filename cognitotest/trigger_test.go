package cognitotest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
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

// hanging is a function that does nothing until its time is up.
var hanging = fake.TriggerFunc(func(ctx context.Context, e json.RawMessage) (json.RawMessage, error) {
	<-ctx.Done()
	return e, ctx.Err()
})

func TestHandlerThatHangsEndsInVirtualTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cog := cognitotest.New(t, cognitotest.InMemory(), cognitotest.WithTrigger(fake.PreSignUp, hanging))
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

func TestHandlerOfASignInThatHangsEndsInVirtualTime(t *testing.T) {
	for source, name := range map[fake.TriggerSource]string{
		fake.PreAuthentication: "PreAuthentication", fake.PostAuthentication: "PostAuthentication", fake.PreTokenGenerationV2: "PreTokenGeneration",
	} {
		synctest.Test(t, func(t *testing.T) {
			cog := cognitotest.New(t, cognitotest.InMemory(), cognitotest.WithTrigger(source, hanging))
			ann := cog.NewUser(t)
			began := time.Now()
			_, err := cog.Client().InitiateAuth(t.Context(), &cip.InitiateAuthInput{
				ClientId: &cog.ClientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
				AuthParameters: map[string]string{"USERNAME": ann.Username, "PASSWORD": ann.Password},
			}, func(o *cip.Options) { o.Retryer = aws.NopRetryer{} })
			var late *types.UnexpectedLambdaException
			if !errors.As(err, &late) || !strings.HasPrefix(late.ErrorMessage(), name+" invocation failed due to error ") {
				t.Errorf("%s: error = %v, want UnexpectedLambdaException", name, err)
			}
			if got := time.Since(began); got != 15*time.Second {
				t.Errorf("%s: the sign-in took %v, want three times five seconds", name, got)
			}
		})
	}
}

// hearing is a test that keeps its log.
type hearing struct {
	*testing.T
	mu  sync.Mutex // guards log
	log strings.Builder
}

func (h *hearing) Logf(format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	fmt.Fprintf(&h.log, format+"\n", args...)
}

func TestHandlerThatPanicsNamesItsSourceInTheLog(t *testing.T) {
	h := &hearing{T: t}
	cog := cognitotest.New(h, cognitotest.WithTrigger(fake.PreSignUp,
		fake.TriggerFunc(func(context.Context, json.RawMessage) (json.RawMessage, error) { panic("out of cheese") })))
	err := signUpOnce(cog)
	var failed *types.UserLambdaValidationException
	if !errors.As(err, &failed) {
		t.Errorf("error = %v, want UserLambdaValidationException", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, want := range []string{"PreSignUp_SignUp", "out of cheese", "trigger_test.go"} {
		if got := h.log.String(); !strings.Contains(got, want) {
			t.Errorf("log = %s, want %q in it", got, want)
		}
	}
}

func TestCustomSenderThatHangsHoldsAnOperationUpFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cog := cognitotest.New(t, cognitotest.InMemory(),
			cognitotest.WithPool(cip.CreateUserPoolInput{AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail}}),
			cognitotest.WithTrigger(fake.CustomEmailSender, hanging))
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
