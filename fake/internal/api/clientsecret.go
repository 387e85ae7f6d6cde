package api

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// newSecret makes a client secret with the value that the caller chose, or else a generated one.
// The form of its id, after the client's id and two hyphens, is inferred.
func (a *API) newSecret(clientID string, chosen *string) pool.ClientSecret {
	value := aws.ToString(chosen)
	if value == "" {
		value = a.store.Random.ClientSecret()
	}
	return pool.ClientSecret{ID: clientID + "--" + a.store.Random.Digits(13), Value: value, Created: a.store.Clock.Now()}
}

// descriptor describes a secret without its value.
func descriptor(s pool.ClientSecret) types.ClientSecretDescriptorType {
	return types.ClientSecretDescriptorType{ClientSecretId: aws.String(s.ID), ClientSecretCreateDate: aws.Time(s.Created)}
}

// AddUserPoolClientSecret gives an app client a second secret. It answers the value where the
// service generated it.
func (a *API) AddUserPoolClientSecret(ctx context.Context, in *cip.AddUserPoolClientSecretInput, _ ...options) (*cip.AddUserPoolClientSecretOutput, error) {
	secret := a.newSecret(aws.ToString(in.ClientId), in.ClientSecret)
	err := a.withAppClient(ctx, in.UserPoolId, in.ClientId, func(_ *pool.Pool, c *pool.Client) error {
		return c.AddSecretLocked(secret)
	})
	if err != nil {
		return nil, err
	}
	d := descriptor(secret)
	if in.ClientSecret == nil {
		d.ClientSecretValue = &secret.Value
	}
	return &cip.AddUserPoolClientSecretOutput{ClientSecretDescriptor: &d}, nil
}

// ListUserPoolClientSecrets answers the secrets of an app client, oldest first, without their
// values. There are never more than one page holds, and so there is no token of a next one.
func (a *API) ListUserPoolClientSecrets(ctx context.Context, in *cip.ListUserPoolClientSecretsInput, _ ...options) (*cip.ListUserPoolClientSecretsOutput, error) {
	if in.NextToken != nil {
		return nil, pool.PageTokenInvalid()
	}
	out := &cip.ListUserPoolClientSecretsOutput{ClientSecrets: []types.ClientSecretDescriptorType{}}
	err := a.withAppClient(ctx, in.UserPoolId, in.ClientId, func(_ *pool.Pool, c *pool.Client) error {
		for _, s := range c.Secrets {
			out.ClientSecrets = append(out.ClientSecrets, descriptor(s))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// DeleteUserPoolClientSecret takes one of its two secrets from an app client.
func (a *API) DeleteUserPoolClientSecret(ctx context.Context, in *cip.DeleteUserPoolClientSecretInput, _ ...options) (*cip.DeleteUserPoolClientSecretOutput, error) {
	err := a.withAppClient(ctx, in.UserPoolId, in.ClientId, func(_ *pool.Pool, c *pool.Client) error {
		return c.RemoveSecretLocked(aws.ToString(in.ClientSecretId))
	})
	if err != nil {
		return nil, err
	}
	return &cip.DeleteUserPoolClientSecretOutput{}, nil
}
