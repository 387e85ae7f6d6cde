// Dummyuser makes a user in a Cognito user pool and prints an access token of theirs, for trying an
// API by hand:
//
//	dummyuser -u ann@example.com -p Correct-Horse-7
//
// The pool may be a real one or a fake: COGNITO_USER_POOL_ID, COGNITO_CLIENT_ID and
// COGNITO_CLIENT_SECRET name it, and the AWS SDK finds region, credentials and endpoint as always.
// The app client must allow ADMIN_USER_PASSWORD_AUTH.
package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "dummyuser:", err)
		os.Exit(1)
	}
}

// pool is the user pool and the app client to work with.
type pool struct {
	client             *cip.Client
	id, clientID, hash string
}

var errUsage = errors.New("both -u and -p are required")

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("dummyuser", flag.ContinueOnError)
	flags.SetOutput(stderr)
	username := flags.String("u", "", "user name, an e-mail address where the pool wants one")
	password := flags.String("p", "", "password, which must meet the pool's policy")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *username == "" || *password == "" {
		flags.Usage()
		return errUsage
	}
	p, err := open(ctx, *username)
	if err != nil {
		return err
	}
	if err := p.create(ctx, *username, *password); err != nil {
		return err
	}
	token, err := p.signIn(ctx, *username, *password)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(stdout, token)
	return err
}

// open finds the pool by the environment.
func open(ctx context.Context, username string) (pool, error) {
	c, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return pool{}, err
	}
	p := pool{client: cip.NewFromConfig(c), id: os.Getenv("COGNITO_USER_POOL_ID"), clientID: os.Getenv("COGNITO_CLIENT_ID")}
	if p.id == "" || p.clientID == "" {
		return pool{}, errors.New("set COGNITO_USER_POOL_ID and COGNITO_CLIENT_ID")
	}
	if secret := os.Getenv("COGNITO_CLIENT_SECRET"); secret != "" {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(username + p.clientID))
		p.hash = base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return p, nil
}

// create makes the user with the password as a temporary one: no token can be had yet.
func (p pool) create(ctx context.Context, username, password string) error {
	_, err := p.client.AdminCreateUser(ctx, &cip.AdminCreateUserInput{
		UserPoolId: &p.id, Username: &username, TemporaryPassword: &password, MessageAction: types.MessageActionTypeSuppress,
	})
	return err
}

// signIn signs the user in and answers the demand for a new password with the same one.
func (p pool) signIn(ctx context.Context, username, password string) (string, error) {
	first, err := p.client.AdminInitiateAuth(ctx, &cip.AdminInitiateAuthInput{
		UserPoolId: &p.id, ClientId: &p.clientID, AuthFlow: types.AuthFlowTypeAdminUserPasswordAuth,
		AuthParameters: p.signed(map[string]string{"USERNAME": username, "PASSWORD": password}),
	})
	if err != nil {
		return "", err
	}
	if first.ChallengeName != types.ChallengeNameTypeNewPasswordRequired {
		return "", fmt.Errorf("the pool asks for %q, want %q", first.ChallengeName, types.ChallengeNameTypeNewPasswordRequired)
	}
	second, err := p.client.AdminRespondToAuthChallenge(ctx, &cip.AdminRespondToAuthChallengeInput{
		UserPoolId: &p.id, ClientId: &p.clientID, ChallengeName: first.ChallengeName, Session: first.Session,
		ChallengeResponses: p.signed(map[string]string{"USERNAME": username, "NEW_PASSWORD": password}),
	})
	if err != nil {
		return "", err
	}
	if second.AuthenticationResult == nil {
		return "", fmt.Errorf("the pool asks for %q as well", second.ChallengeName)
	}
	return aws.ToString(second.AuthenticationResult.AccessToken), nil
}

// signed adds SECRET_HASH where the app client has a secret.
func (p pool) signed(params map[string]string) map[string]string {
	if p.hash != "" {
		params["SECRET_HASH"] = p.hash
	}
	return params
}
