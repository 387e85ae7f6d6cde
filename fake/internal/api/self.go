package api

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/message"
	"github.com/cognitotest/cognito/fake/internal/pool"
)

// GetUser answers the user of an access token, with the attributes that the token's client may read.
func (a *API) GetUser(ctx context.Context, in *cip.GetUserInput, _ ...options) (*cip.GetUserOutput, error) {
	out := &cip.GetUserOutput{}
	err := a.withToken(ctx, in.AccessToken, func(c *call, u *pool.User) error {
		out.Username = aws.String(u.Username)
		out.UserAttributes = pool.AttributesOut(u.ReadableAttributes(c.client))
		out.MFAOptions, out.UserMFASettingList, out.PreferredMfaSetting = mfaOptions(u), factorNames(u), given(string(u.PreferredFactor()))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// GetUserAuthFactors answers the factors with which the user can begin a choice-based sign-in, and
// the user's settings of MFA.
func (a *API) GetUserAuthFactors(ctx context.Context, in *cip.GetUserAuthFactorsInput, _ ...options) (*cip.GetUserAuthFactorsOutput, error) {
	out := &cip.GetUserAuthFactorsOutput{}
	err := a.withToken(ctx, in.AccessToken, func(c *call, u *pool.User) error {
		out.Username = aws.String(u.Username)
		out.ConfiguredUserAuthFactors = c.pool.FirstFactors(u)
		out.UserMFASettingList, out.PreferredMfaSetting = factorNames(u), given(string(u.PreferredFactor()))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// UpdateUserAttributes sets attributes of the user, or deletes those whose value is "". A new email
// or phone_number that the pool verifies automatically gets a code.
func (a *API) UpdateUserAttributes(ctx context.Context, in *cip.UpdateUserAttributesInput, _ ...options) (*cip.UpdateUserAttributesOutput, error) {
	out := &cip.UpdateUserAttributesOutput{}
	err := a.withToken(ctx, in.AccessToken, func(c *call, u *pool.User) (err error) {
		c.Metadata = in.ClientMetadata
		out.CodeDeliveryDetailsList, err = c.changeOwn(u, in.UserAttributes)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// DeleteUserAttributes deletes attributes of the user.
func (a *API) DeleteUserAttributes(ctx context.Context, in *cip.DeleteUserAttributesInput, _ ...options) (*cip.DeleteUserAttributesOutput, error) {
	return done[cip.DeleteUserAttributesOutput](a.withToken(ctx, in.AccessToken, func(c *call, u *pool.User) error {
		_, err := c.changeOwn(u, blank(in.UserAttributeNames))
		return err
	}))
}

// changeOwn changes attributes on the user's own request and returns where codes went.
func (c *call) changeOwn(u *pool.User, in []types.AttributeType) ([]types.CodeDeliveryDetailsType, error) {
	attributes, err := pool.AttributesOf(in)
	if err != nil {
		return nil, err
	}
	if err := c.pool.CheckOwnAttributes(c.client, attributes); err != nil {
		return nil, err
	}
	codes, err := c.pool.UpdateAttributesLocked(u, attributes, c.now)
	if err != nil {
		return nil, err
	}
	var sent []types.CodeDeliveryDetailsType
	for _, code := range codes {
		sent = append(sent, *c.send(u, message.UpdateUserAttribute, code))
	}
	return sent, nil
}

// GetUserAttributeVerificationCode sends a code to the user's email or phone_number as it is, not to
// a new one that waits for its verification: the new code replaces that one's.
func (a *API) GetUserAttributeVerificationCode(ctx context.Context, in *cip.GetUserAttributeVerificationCodeInput, _ ...options) (*cip.GetUserAttributeVerificationCodeOutput, error) {
	out := &cip.GetUserAttributeVerificationCodeOutput{}
	attribute := aws.ToString(in.AttributeName)
	err := a.withToken(ctx, in.AccessToken, func(c *call, u *pool.User) error {
		c.Metadata = in.ClientMetadata
		if err := u.CheckContact(attribute); err != nil {
			return err
		}
		if err := u.AttemptLocked(pool.AttemptAttributeCode, c.now); err != nil {
			return err
		}
		out.CodeDeliveryDetails = c.send(u, message.VerifyUserAttribute, pool.Code{Purpose: pool.ForAttribute, Attribute: attribute})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// VerifyUserAttribute marks the email or phone_number to which a code went as verified.
func (a *API) VerifyUserAttribute(ctx context.Context, in *cip.VerifyUserAttributeInput, _ ...options) (*cip.VerifyUserAttributeOutput, error) {
	return done[cip.VerifyUserAttributeOutput](a.withToken(ctx, in.AccessToken, func(c *call, u *pool.User) error {
		attribute := aws.ToString(in.AttributeName)
		if err := pool.CheckVerifiable(attribute); err != nil {
			return err
		}
		if err := u.AttemptLocked(pool.AttemptVerifyAttribute, c.now); err != nil {
			return err
		}
		code, err := u.CheckCodeLocked(pool.ForAttribute, attribute, aws.ToString(in.Code), c.now)
		if err != nil {
			return err
		}
		return c.pool.VerifyLocked(u, code, c.now)
	}))
}

// DeleteUser deletes the user.
func (a *API) DeleteUser(ctx context.Context, in *cip.DeleteUserInput, _ ...options) (*cip.DeleteUserOutput, error) {
	return done[cip.DeleteUserOutput](a.withToken(ctx, in.AccessToken, func(c *call, u *pool.User) error {
		c.pool.RemoveUserLocked(u)
		return nil
	}))
}
