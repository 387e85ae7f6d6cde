package interop

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/credentials"
	"github.com/aws/aws-sdk-go/aws/session"
	v1 "github.com/aws/aws-sdk-go/service/cognitoidentityprovider"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/cognitotest/cognito/cognitotest"
)

// dummyUserPool is a pool with e-mail addresses as user names, where only administrators make
// users, and a client with a secret and one flow.
func dummyUserPool(t *testing.T) *cognitotest.Provider {
	return cognitotest.New(t,
		cognitotest.WithPool(cip.CreateUserPoolInput{
			UsernameAttributes:    []types.UsernameAttributeType{types.UsernameAttributeTypeEmail},
			AdminCreateUserConfig: &types.AdminCreateUserConfigType{AllowAdminCreateUserOnly: true},
		}),
		cognitotest.WithAppClient(cip.CreateUserPoolClientInput{
			ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowAdminUserPasswordAuth},
		}),
		cognitotest.WithClientSecret())
}

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

// TestDummyUserProgram runs the example program, which uses version 2 of the AWS SDK for Go.
func TestDummyUserProgram(t *testing.T) {
	p := dummyUserPool(t)
	program := filepath.Join(t.TempDir(), "dummyuser")
	if out, err := run(t, p, need(t, "go", "the program is built here"), "build", "-C", "../..", "-o", program, "./examples/dummyuser"); err != nil {
		t.Fatal(out, err)
	}
	if _, err := run(t, p, program); err == nil || !strings.Contains(err.Error(), "exit status 1") || !strings.Contains(err.Error(), "-u string") {
		t.Errorf("without flags: %v; want usage and exit status 1", err)
	}
	out, err := run(t, p, program, "-u", "ann@example.com", "-p", "Correct-Horse-7")
	if err != nil {
		t.Fatal(err)
	}
	token := strings.TrimSpace(out)
	if _, err := p.Client().GetUser(t.Context(), &cip.GetUserInput{AccessToken: &token}); err != nil {
		t.Errorf("the printed token: %v", err)
	}
}
