package expiry_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/examples/expiry"
)

// TestAMonth asks for a token every 25 minutes for as long as the refresh token lives, 30 days: each is
// accepted, and most were there already.
func TestAMonth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cog := cognitotest.New(t, cognitotest.InMemory())
		tokens := expiry.New(cog.Client(), cog.ClientID, cog.NewUser(t).Tokens(t).RefreshToken)
		const every = 25 * time.Minute
		for range 30 * 24 * time.Hour / every {
			token, err := tokens.Access(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := cog.Client().GetUser(t.Context(), &cip.GetUserInput{AccessToken: &token}); err != nil {
				t.Fatalf("after the fake's clock had come to %v: %v", cog.Fake(t).Now(), err)
			}
			time.Sleep(every)
		}
		if n := len(cog.Fake(t).Calls("InitiateAuth")); n > 30*24 {
			t.Errorf("%d refreshes in 30 days, want one an hour at most", n)
		}
		time.Sleep(time.Hour)
		if _, err := tokens.Access(t.Context()); !errors.Is(err, expiry.ErrSignInAgain) {
			t.Errorf("after 30 days: error = %v, want %v", err, expiry.ErrSignInAgain)
		}
	})
}

func TestASessionThatWasSignedOut(t *testing.T) {
	cog := cognitotest.New(t)
	ann := cog.NewUser(t)
	tokens := expiry.New(cog.Client(), cog.ClientID, ann.Tokens(t).RefreshToken)
	if _, err := tokens.Access(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := cog.Client().AdminUserGlobalSignOut(t.Context(), &cip.AdminUserGlobalSignOutInput{UserPoolId: &cog.PoolID, Username: &ann.Username})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tokens.Access(t.Context()); err != nil {
		t.Errorf("within the hour the token that is there is answered: %v", err)
	}
	fresh := expiry.New(cog.Client(), cog.ClientID, ann.Tokens(t).RefreshToken)
	if _, err := fresh.Access(t.Context()); err != nil {
		t.Errorf("a sign-in after the sign-out: %v", err)
	}
}
