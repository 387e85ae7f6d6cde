package api

import (
	"context"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/message"
	"github.com/cognitotest/cognito/fake/internal/pool"
)

// AdminUpdateUserAttributes sets attributes of a user, or deletes those whose value is "".
func (a *API) AdminUpdateUserAttributes(ctx context.Context, in *cip.AdminUpdateUserAttributesInput, _ ...options) (*cip.AdminUpdateUserAttributesOutput, error) {
	return done[cip.AdminUpdateUserAttributesOutput](a.adminUpdate(ctx, in))
}

// AdminDeleteUserAttributes deletes attributes of a user.
func (a *API) AdminDeleteUserAttributes(ctx context.Context, in *cip.AdminDeleteUserAttributesInput, _ ...options) (*cip.AdminDeleteUserAttributesOutput, error) {
	return done[cip.AdminDeleteUserAttributesOutput](a.adminUpdate(ctx, &cip.AdminUpdateUserAttributesInput{
		UserPoolId: in.UserPoolId, Username: in.Username, UserAttributes: blank(in.UserAttributeNames),
	}))
}

// blank makes the update that deletes attributes.
func blank(names []string) []types.AttributeType {
	attributes := make([]types.AttributeType, len(names))
	for i := range attributes {
		attributes[i] = types.AttributeType{Name: &names[i], Value: new(string)}
	}
	return attributes
}

// adminUpdate changes attributes and sends the codes that verify new addresses and numbers.
func (a *API) adminUpdate(ctx context.Context, in *cip.AdminUpdateUserAttributesInput) error {
	return a.withUser(ctx, in.UserPoolId, in.Username, func(c *call, u *pool.User) error {
		c.Metadata = in.ClientMetadata
		attributes, err := pool.AttributesOf(in.UserAttributes)
		if err != nil {
			return err
		}
		if err := c.pool.CheckChangedAttributes(attributes); err != nil {
			return err
		}
		codes, err := c.pool.UpdateAttributesLocked(u, attributes, c.now)
		for _, code := range codes {
			c.send(u, message.UpdateUserAttribute, code)
		}
		return err
	})
}
