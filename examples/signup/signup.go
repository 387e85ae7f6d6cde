// Package signup shows code that lets people sign up by e-mail, and a test of it that reads the
// delivered code from the fake's outbox.
package signup

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Cognito is what the code needs of the SDK's client.
type Cognito interface {
	SignUp(context.Context, *cip.SignUpInput, ...func(*cip.Options)) (*cip.SignUpOutput, error)
	ConfirmSignUp(context.Context, *cip.ConfirmSignUpInput, ...func(*cip.Options)) (*cip.ConfirmSignUpOutput, error)
}

// Registration signs people up as an app client.
type Registration struct {
	Cognito  Cognito
	ClientID string
}

// ErrWrongCode says that the confirmation code was wrong or too old.
var ErrWrongCode = errors.New("signup: wrong or expired code")

// Begin signs somebody up and returns where the confirmation code went, masked for display.
func (r Registration) Begin(ctx context.Context, username, password, email string) (sentTo string, err error) {
	out, err := r.Cognito.SignUp(ctx, &cip.SignUpInput{
		ClientId: &r.ClientID, Username: &username, Password: &password,
		UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: &email}},
	})
	if err != nil {
		return "", fmt.Errorf("signup: %w", err)
	}
	if out.CodeDeliveryDetails == nil {
		return "", errors.New("signup: no code was sent; the pool must verify e-mail addresses")
	}
	return aws.ToString(out.CodeDeliveryDetails.Destination), nil
}

// Finish confirms a sign-up by the code.
func (r Registration) Finish(ctx context.Context, username, code string) error {
	_, err := r.Cognito.ConfirmSignUp(ctx, &cip.ConfirmSignUpInput{ClientId: &r.ClientID, Username: &username, ConfirmationCode: &code})
	if errors.As(err, new(*types.CodeMismatchException)) || errors.As(err, new(*types.ExpiredCodeException)) {
		return ErrWrongCode
	}
	if err != nil {
		return fmt.Errorf("signup: %w", err)
	}
	return nil
}
