package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake"
)

// userPool returns exports of the pool and the app client that -user-pool names. They are made where a
// data file has brought none of that name.
func userPool(ctx context.Context, server *fake.Server, s settings) ([][2]string, error) {
	c := sdk(server, s.region)
	poolID, err := poolNamed(ctx, c, s.pool)
	if err != nil {
		return nil, fmt.Errorf("making the user pool: %w", err)
	}
	if err := callFunctions(server, poolID, s.triggers); err != nil {
		return nil, err
	}
	client, err := clientNamed(ctx, c, poolID, s)
	if err != nil {
		return nil, fmt.Errorf("making the app client: %w", err)
	}
	exports := [][2]string{{"COGNITO_USER_POOL_ID", poolID}, {"COGNITO_CLIENT_ID", *client.ClientId}}
	if client.ClientSecret != nil {
		exports = append(exports, [2]string{"COGNITO_CLIENT_SECRET", *client.ClientSecret})
	}
	return exports, nil
}

// sdk returns a client of the server.
func sdk(server *fake.Server, region string) *cip.Client {
	return cip.New(cip.Options{
		Region: region, HTTPClient: &http.Client{Transport: server},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "fakecognito", SecretAccessKey: "fakecognito"}, nil
		}),
	})
}

// poolNamed returns the id of the pool of a name, which it makes where there is none.
func poolNamed(ctx context.Context, c *cip.Client, name string) (string, error) {
	pages := cip.NewListUserPoolsPaginator(c, &cip.ListUserPoolsInput{MaxResults: aws.Int32(60)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", err
		}
		for _, p := range page.UserPools {
			if *p.Name == name {
				return *p.Id, nil
			}
		}
	}
	made, err := c.CreateUserPool(ctx, &cip.CreateUserPoolInput{PoolName: &name})
	if err != nil {
		return "", err
	}
	return *made.UserPool.Id, nil
}

// clientNamed returns the app client of a pool that is called like the pool, which it makes where there is
// none.
func clientNamed(ctx context.Context, c *cip.Client, poolID string, s settings) (*types.UserPoolClientType, error) {
	pages := cip.NewListUserPoolClientsPaginator(c, &cip.ListUserPoolClientsInput{UserPoolId: &poolID, MaxResults: aws.Int32(60)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, found := range page.UserPoolClients {
			if *found.ClientName == s.pool {
				known, err := c.DescribeUserPoolClient(ctx, &cip.DescribeUserPoolClientInput{UserPoolId: &poolID, ClientId: found.ClientId})
				if err != nil {
					return nil, err
				}
				return known.UserPoolClient, nil
			}
		}
	}
	made, err := c.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{
		UserPoolId: &poolID, ClientName: &s.pool, GenerateSecret: s.secret,
		ExplicitAuthFlows: []types.ExplicitAuthFlowsType{
			types.ExplicitAuthFlowsTypeAllowAdminUserPasswordAuth,
			types.ExplicitAuthFlowsTypeAllowUserPasswordAuth,
			types.ExplicitAuthFlowsTypeAllowUserSrpAuth,
			types.ExplicitAuthFlowsTypeAllowCustomAuth,
			types.ExplicitAuthFlowsTypeAllowRefreshTokenAuth,
		},
	})
	if err != nil {
		return nil, err
	}
	return made.UserPoolClient, nil
}
