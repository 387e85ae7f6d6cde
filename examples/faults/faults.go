// Package faults shows a sign-in that has to survive a service which is busy, slow or cut off, and tests
// in which the service is all of that, without waiting for it.
package faults

import (
	"context"
	"errors"
	"fmt"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Cognito is what the code needs of the SDK's client.
type Cognito interface {
	InitiateAuth(context.Context, *cip.InitiateAuthInput, ...func(*cip.Options)) (*cip.InitiateAuthOutput, error)
}

// Login signs people in as an app client.
type Login struct {
	Cognito  Cognito
	ClientID string
}

// What callers tell their users.
var (
	ErrDenied = errors.New("login: wrong name or password")
	ErrBusy   = errors.New("login: the service is busy; try again later")
)

// SignIn returns an access token. The SDK has repeated what is worth repeating before ErrBusy.
func (l Login) SignIn(ctx context.Context, username, password string) (accessToken string, err error) {
	out, err := l.Cognito.InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId: &l.ClientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": username, "PASSWORD": password},
	})
	switch {
	case errors.As(err, new(*types.NotAuthorizedException)), errors.As(err, new(*types.UserNotFoundException)):
		return "", ErrDenied
	case errors.As(err, new(*types.TooManyRequestsException)):
		return "", ErrBusy
	case err != nil:
		return "", fmt.Errorf("login: %w", err)
	case out.AuthenticationResult == nil:
		return "", fmt.Errorf("login: the pool asks for %s", out.ChallengeName)
	}
	return *out.AuthenticationResult.AccessToken, nil
}
