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
	return done[cip.AdminUpdateUserAttributesOutput](a.adminUpdate(ctx, in.UserPoolId, in.Username, in.UserAttributes))
}

// AdminDeleteUserAttributes deletes attributes of a user.
func (a *API) AdminDeleteUserAttributes(ctx context.Context, in *cip.AdminDeleteUserAttributesInput, _ ...options) (*cip.AdminDeleteUserAttributesOutput, error) {
	return done[cip.AdminDeleteUserAttributesOutput](a.adminUpdate(ctx, in.UserPoolId, in.Username, blank(in.UserAttributeNames)))
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
func (a *API) adminUpdate(ctx context.Context, poolID, username *string, in []types.AttributeType) error {
	var drafts []message.Draft
	err := a.withUser(ctx, poolID, username, func(p *pool.Pool, u *pool.User) error {
		attributes, err := pool.AttributesOf(in)
		if err != nil {
			return err
		}
		if err := p.CheckChangedAttributes(attributes); err != nil {
			return err
		}
		codes, err := p.UpdateAttributesLocked(u, attributes, a.store.Clock.Now())
		for _, c := range codes {
			drafts = append(drafts, a.issueCode(p, u, message.UpdateUserAttribute, c))
		}
		return err
	})
	a.outbox.Send(drafts...)
	return err
}
