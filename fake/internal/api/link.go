package api

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// account reads whom a request names.
func account(in *types.ProviderUserIdentifierType) pool.Account {
	if in == nil {
		return pool.Account{}
	}
	return pool.Account{
		Provider: aws.ToString(in.ProviderName), Attribute: aws.ToString(in.ProviderAttributeName), Value: aws.ToString(in.ProviderAttributeValue),
	}
}

// AdminLinkProviderForUser lets somebody with an account at an identity provider sign in as a user of the pool.
func (a *API) AdminLinkProviderForUser(ctx context.Context, in *cip.AdminLinkProviderForUserInput, _ ...options) (*cip.AdminLinkProviderForUserOutput, error) {
	err := a.withPool(ctx, in.UserPoolId, func(p *pool.Pool) error {
		return p.LinkLocked(account(in.SourceUser), account(in.DestinationUser), a.store.Clock.Now())
	})
	return done[cip.AdminLinkProviderForUserOutput](err)
}

// AdminDisableProviderForUser undoes AdminLinkProviderForUser, or takes the password from a user of the pool.
func (a *API) AdminDisableProviderForUser(ctx context.Context, in *cip.AdminDisableProviderForUserInput, _ ...options) (*cip.AdminDisableProviderForUserOutput, error) {
	err := a.withPool(ctx, in.UserPoolId, func(p *pool.Pool) error {
		return p.UnlinkLocked(account(in.User), a.store.Clock.Now())
	})
	return done[cip.AdminDisableProviderForUserOutput](err)
}
