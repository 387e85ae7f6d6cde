package cognitotest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// One pool serves the tests of a package where TestMain makes it.
func ExampleStart() {
	ctx := context.Background()
	pool, err := cognitotest.Start(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close(ctx)

	fmt.Println(strings.HasPrefix(pool.URL, "http://127.0.0.1:"), pool.Region)
	// Output: true us-east-1
}

// In memory, tokens name the service's own issuer.
func ExampleInMemory() {
	ctx := context.Background()
	pool, err := cognitotest.Start(ctx, cognitotest.InMemory(), cognitotest.WithPoolID("eu-west-1_AbCdEfGhI"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close(ctx)

	fmt.Println(pool.Issuer)
	// Output: https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI
}

// Settings are the service's own, and so are the errors.
func ExampleWithPool() {
	ctx := context.Background()
	pool, err := cognitotest.Start(ctx, cognitotest.WithPool(cip.CreateUserPoolInput{
		UsernameAttributes: []types.UsernameAttributeType{types.UsernameAttributeTypeEmail},
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close(ctx)

	_, err = pool.Client().SignUp(ctx, &cip.SignUpInput{
		ClientId: &pool.ClientID, Username: aws.String("ann"), Password: aws.String("Correct-Horse-7"),
	})
	var refused *types.InvalidParameterException
	fmt.Println(errors.As(err, &refused), *refused.Message)
	// Output: true Username should be an email.
}

func ExampleProvider_SecretHash() {
	ctx := context.Background()
	pool, err := cognitotest.Start(ctx, cognitotest.WithClientID("1example23456789"), cognitotest.WithAppClient(cip.CreateUserPoolClientInput{
		ClientSecret: aws.String("1example0client0secret0of0mine"),
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close(ctx)

	fmt.Println(pool.SecretHash("ann"))
	// Output: 2y6hcWZz1ppa+766ZiXfYLyOAQ5hn7vjPJQUAIE0FC8=
}

// A child process, in any language, is led to the pool by its environment.
func ExampleProvider_Env() {
	ctx := context.Background()
	pool, err := cognitotest.Start(ctx, cognitotest.WithClientID("38fjsnc484p94kpqsnet7mpld0"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close(ctx)

	for _, setting := range pool.Env() {
		if strings.HasPrefix(setting, "COGNITO_CLIENT_ID=") || strings.HasPrefix(setting, "AWS_REGION=") {
			fmt.Println(setting)
		}
	}
	// Output:
	// AWS_REGION=us-east-1
	// COGNITO_CLIENT_ID=38fjsnc484p94kpqsnet7mpld0
}
