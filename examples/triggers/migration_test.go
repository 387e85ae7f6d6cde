package triggers_test

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/examples/triggers"
	"github.com/cognitotest/cognito/fake"
)

// oldPassword is one that the policy of the pool would refuse.
const oldPassword = "secret"

var errNobody = errors.New("unknown user or wrong password")

// oldSystem is Legacy in memory: everybody's password is oldPassword.
type oldSystem map[string]triggers.LegacyUser

func (s oldSystem) Find(_ context.Context, username string) (triggers.LegacyUser, error) {
	u, ok := s[username]
	if !ok {
		return u, errNobody
	}
	return u, nil
}

func (s oldSystem) SignIn(ctx context.Context, username, password string) (triggers.LegacyUser, error) {
	if password != oldPassword {
		return triggers.LegacyUser{}, errNobody
	}
	return s.Find(ctx, username)
}

// migrating makes a pool that knows nobody yet, and takes over ann.
func migrating(t *testing.T) *cognitotest.Provider {
	migration := triggers.Migration{Legacy: oldSystem{"ann": {Email: "ann@example.com", Name: "Ann"}}}
	return cognitotest.New(t, cognitotest.WithTrigger(fake.UserMigration, fake.TriggerFunc(migration.UserMigration)))
}

// signIn signs in by password.
func signIn(cog *cognitotest.Provider, username, password string) (*cip.InitiateAuthOutput, error) {
	return cog.Client().InitiateAuth(context.Background(), &cip.InitiateAuthInput{
		ClientId: &cog.ClientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": username, "PASSWORD": password},
	})
}

// invoked returns how often the pool has asked the older system.
func invoked(t *testing.T, cog *cognitotest.Provider) int {
	return len(cog.Fake(t).Invocations(fake.OfTrigger(fake.UserMigration)))
}

func TestUsersMoveWhenTheySignIn(t *testing.T) {
	cog := migrating(t)
	if _, err := signIn(cog, "ann", "wrong"); err == nil {
		t.Error("a wrong password: ann signed in")
	}
	for range 2 {
		if out, err := signIn(cog, "ann", oldPassword); err != nil || out.AuthenticationResult == nil {
			t.Fatalf("the old password: %+v, %v; want tokens", out, err)
		}
	}
	if got := invoked(t, cog); got != 2 {
		t.Errorf("the older system was asked %d times, want twice: the pool knows ann by the second sign-in", got)
	}
	ann, err := cog.Client().AdminGetUser(context.Background(), &cip.AdminGetUserInput{UserPoolId: &cog.PoolID, Username: aws.String("ann")})
	if err != nil || ann.UserStatus != types.UserStatusTypeConfirmed {
		t.Errorf("ann in the pool: %+v, %v; want a confirmed user", ann, err)
	}
	if _, err := signIn(cog, "eve", oldPassword); err == nil {
		t.Error("nobody's name: eve signed in")
	}
}

func TestUsersMoveWhenTheyHaveForgottenTheirPassword(t *testing.T) {
	cog, ctx := migrating(t), context.Background()
	if _, err := cog.Client().ForgotPassword(ctx, &cip.ForgotPasswordInput{ClientId: &cog.ClientID, Username: aws.String("ann")}); err != nil {
		t.Fatal(err)
	}
	_, err := cog.Client().ConfirmForgotPassword(ctx, &cip.ConfirmForgotPasswordInput{
		ClientId: &cog.ClientID, Username: aws.String("ann"), ConfirmationCode: aws.String(cog.User(t, "ann").Code(t)), Password: aws.String(password),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := signIn(cog, "ann", password); err != nil {
		t.Errorf("the new password: %v", err)
	}
	if _, err := signIn(cog, "ann", oldPassword); err == nil {
		t.Error("the old password is still good")
	}
}
