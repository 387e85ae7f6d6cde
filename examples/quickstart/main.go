// Quickstart makes a user pool, a user and a token, and verifies the token as a resource server
// would: through the keys that the pool publishes. It needs no network and no AWS account.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/golang-jwt/jwt/v5"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/jwks"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, out io.Writer) error {
	pool, err := cognitotest.Start(ctx)
	if err != nil {
		return err
	}
	defer pool.Close(ctx)
	fmt.Fprintf(out, "user pool  %s at %s\n", pool.PoolID, pool.URL)

	if err := createUser(ctx, pool, "ann", "Correct-Horse-7"); err != nil {
		return err
	}
	token, err := signIn(ctx, pool, "ann", "Correct-Horse-7")
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "token      %s\n", token)

	claims, err := verify(pool, token)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "verified   %s of %s, issued by %s\n", claims["token_use"], claims["username"], claims["iss"])
	return nil
}

// createUser makes a confirmed user, as an administrator does.
func createUser(ctx context.Context, pool *cognitotest.Provider, name, password string) error {
	_, err := pool.Client().AdminCreateUser(ctx, &cip.AdminCreateUserInput{
		UserPoolId: &pool.PoolID, Username: &name, MessageAction: types.MessageActionTypeSuppress,
	})
	if err != nil {
		return err
	}
	_, err = pool.Client().AdminSetUserPassword(ctx, &cip.AdminSetUserPasswordInput{
		UserPoolId: &pool.PoolID, Username: &name, Password: &password, Permanent: true,
	})
	return err
}

// signIn returns an access token, as an app gets it.
func signIn(ctx context.Context, pool *cognitotest.Provider, name, password string) (string, error) {
	out, err := pool.Client().InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId:       &pool.ClientID,
		AuthFlow:       types.AuthFlowTypeUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": name, "PASSWORD": password},
	})
	if err != nil {
		return "", err
	}
	return aws.ToString(out.AuthenticationResult.AccessToken), nil
}

// verify checks signature, issuer and lifetime, as an API does.
func verify(pool *cognitotest.Provider, token string) (jwt.MapClaims, error) {
	claims := jwt.MapClaims{}
	keys := jwks.NewCache(pool.JWKSURL)
	_, err := jwt.ParseWithClaims(token, claims, keys.Keyfunc, jwt.WithIssuer(pool.Issuer), jwt.WithExpirationRequired())
	return claims, err
}
