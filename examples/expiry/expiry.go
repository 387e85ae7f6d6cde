// Package expiry shows code that keeps an access token and renews it in time, and a test of it that goes
// through a month in virtual time.
package expiry

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Cognito is what the code needs of the SDK's client.
type Cognito interface {
	InitiateAuth(context.Context, *cip.InitiateAuthInput, ...func(*cip.Options)) (*cip.InitiateAuthOutput, error)
}

// Tokens keeps the access token of one session. It is safe for concurrent use.
type Tokens struct {
	cognito  Cognito
	clientID string
	refresh  string

	mu      sync.Mutex // guards everything below
	access  string
	expires time.Time
}

// New returns the tokens of a session that a refresh token stands for.
func New(cognito Cognito, clientID, refreshToken string) *Tokens {
	return &Tokens{cognito: cognito, clientID: clientID, refresh: refreshToken}
}

// ErrSignInAgain says that the session is over: its refresh token has expired or was revoked.
var ErrSignInAgain = errors.New("expiry: the session is over; sign in again")

// ahead is how long before its end a token is renewed, so that it lives while it is on its way.
const ahead = time.Minute

// Access returns an access token that is good for a minute at least.
func (k *Tokens) Access(ctx context.Context) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if time.Now().Add(ahead).Before(k.expires) {
		return k.access, nil
	}
	out, err := k.cognito.InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId: &k.clientID, AuthFlow: types.AuthFlowTypeRefreshTokenAuth,
		AuthParameters: map[string]string{"REFRESH_TOKEN": k.refresh},
	})
	if errors.As(err, new(*types.NotAuthorizedException)) {
		return "", ErrSignInAgain
	}
	if err != nil {
		return "", fmt.Errorf("expiry: %w", err)
	}
	k.access = *out.AuthenticationResult.AccessToken
	k.expires = time.Now().Add(time.Duration(out.AuthenticationResult.ExpiresIn) * time.Second)
	return k.access, nil
}
