package interop

//lint:file-ignore SA1019 version 1 of the SDK is out of support, and still in use.

import (
	"testing"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/credentials"
	"github.com/aws/aws-sdk-go/aws/session"
	v1 "github.com/aws/aws-sdk-go/service/cognitoidentityprovider"
)

// TestDummyUserWithSDKv1 makes a user and a token through version 1 of the AWS SDK for Go.
func TestDummyUserWithSDKv1(t *testing.T) {
	p := dummyUserPool(t)
	const username, password = "ann@example.com", "Correct-Horse-7"
	c := v1.New(session.Must(session.NewSession(&aws.Config{
		Region: &p.Region, Endpoint: &p.URL, Credentials: credentials.NewStaticCredentials("any", "any", ""),
	})))

	made, err := c.AdminCreateUser(&v1.AdminCreateUserInput{
		UserPoolId: &p.PoolID, Username: aws.String(username), TemporaryPassword: aws.String(password),
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := *made.User.UserStatus; got != "FORCE_CHANGE_PASSWORD" {
		t.Errorf("status = %s, want FORCE_CHANGE_PASSWORD", got)
	}

	first, err := c.AdminInitiateAuth(&v1.AdminInitiateAuthInput{
		UserPoolId: &p.PoolID, ClientId: &p.ClientID, AuthFlow: aws.String("ADMIN_USER_PASSWORD_AUTH"),
		AuthParameters: aws.StringMap(map[string]string{"USERNAME": username, "PASSWORD": password, "SECRET_HASH": p.SecretHash(username)}),
	})
	if err != nil {
		t.Fatal(err)
	}
	if aws.StringValue(first.ChallengeName) != "NEW_PASSWORD_REQUIRED" || first.AuthenticationResult != nil || first.Session == nil {
		t.Fatalf("first answer = %v, want NEW_PASSWORD_REQUIRED with a session and no tokens", first)
	}

	second, err := c.AdminRespondToAuthChallenge(&v1.AdminRespondToAuthChallengeInput{
		UserPoolId: &p.PoolID, ClientId: &p.ClientID, ChallengeName: first.ChallengeName, Session: first.Session,
		ChallengeResponses: aws.StringMap(map[string]string{"USERNAME": username, "NEW_PASSWORD": password, "SECRET_HASH": p.SecretHash(username)}),
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.GetUser(&v1.GetUserInput{AccessToken: second.AuthenticationResult.AccessToken})
	if err != nil {
		t.Fatal(err)
	}
	user, err := c.AdminGetUser(&v1.AdminGetUserInput{UserPoolId: &p.PoolID, Username: aws.String(username)})
	if err != nil {
		t.Fatal(err)
	}
	if *user.UserStatus != "CONFIRMED" || *user.Username != *got.Username {
		t.Errorf("user = %s %s, want %s CONFIRMED", *user.Username, *user.UserStatus, *got.Username)
	}
}
