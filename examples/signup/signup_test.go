package signup_test

import (
	"context"
	"errors"
	"testing"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/examples/signup"
)

// newPool makes a pool that verifies e-mail addresses.
func newPool(t *testing.T) *cognitotest.Provider {
	return cognitotest.New(t, cognitotest.WithPool(cip.CreateUserPoolInput{
		AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail},
	}))
}

func TestSignUpWithTheCodeFromTheMail(t *testing.T) {
	cog := newPool(t)
	r := signup.Registration{Cognito: cog.Client(), ClientID: cog.ClientID}

	sentTo, err := r.Begin(context.Background(), "ann", "Correct-Horse-7", "ann@example.com")
	if err != nil {
		t.Fatal(err)
	}
	if want := "a***@e***"; sentTo != want {
		t.Errorf("sent to %q, want %q", sentTo, want)
	}

	ann := cog.User(t, "ann")
	if err := r.Finish(context.Background(), "ann", "000000"); !errors.Is(err, signup.ErrWrongCode) && ann.Code(t) != "000000" {
		t.Errorf("a wrong code: error = %v, want %v", err, signup.ErrWrongCode)
	}
	if err := r.Finish(context.Background(), "ann", ann.Code(t)); err != nil {
		t.Errorf("the code from the mail: %v", err)
	}
}

func TestCodeExpiresAfterADay(t *testing.T) {
	cog := newPool(t)
	r := signup.Registration{Cognito: cog.Client(), ClientID: cog.ClientID}
	if _, err := r.Begin(context.Background(), "ann", "Correct-Horse-7", "ann@example.com"); err != nil {
		t.Fatal(err)
	}
	code := cog.User(t, "ann").Code(t)
	cog.Fake(t).Advance(24*time.Hour + time.Second)
	if err := r.Finish(context.Background(), "ann", code); !errors.Is(err, signup.ErrWrongCode) {
		t.Errorf("error = %v, want %v", err, signup.ErrWrongCode)
	}
}
