package api

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/message"
	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// AdminCreateUser makes a user who must change the password at the first sign-in, and invites the
// user by e-mail or SMS; or, by RESEND, renews the password of such a user and invites again.
func (a *API) AdminCreateUser(ctx context.Context, in *cip.AdminCreateUserInput, _ ...options) (*cip.AdminCreateUserOutput, error) {
	p, err := a.pool(ctx, in.UserPoolId)
	if err != nil {
		return nil, err
	}
	out := &cip.AdminCreateUserOutput{}
	made := func(c *call, u *pool.User) {
		out.User = userOut(u)
		c.drafts = c.invitations(u, in)
	}
	err = a.locked(ctx, callOf(ctx, p, nil, in.ClientMetadata), func(c *call) error {
		if in.MessageAction == types.MessageActionTypeResend {
			return c.renewInvitation(in, made)
		}
		return c.createUser(in, made)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// createUser makes the user whom an administrator wants, asks the pre sign-up trigger, and adds the
// user to the pool. What the trigger answers beside an error changes nothing (developer guide).
func (c *call) createUser(in *cip.AdminCreateUserInput, made func(*call, *pool.User)) error {
	u, err := c.wanted(in)
	if err != nil {
		return err
	}
	event, _ := c.PreSignUpLocked(trigger.PreSignUpAdminCreateUser, u, validationData(in.ValidationData))
	return c.invoke(event, func(c *call) error {
		if err := c.pool.CheckFreeLocked(u, in.ForceAliasCreation); err != nil {
			return err
		}
		c.pool.TakeAliasesLocked(u, c.now)
		c.pool.AddUserLocked(u)
		made(c, u)
		return nil
	})
}

// wanted checks name, attributes, delivery and password, in this order (inferred), and makes the user.
func (c *call) wanted(in *cip.AdminCreateUserInput) (*pool.User, error) {
	attributes, err := pool.AttributesOf(in.UserAttributes)
	if err != nil {
		return nil, err
	}
	u, err := c.pool.NewUserLocked(aws.ToString(in.Username), c.store.Random.Sub(), attributes, c.now)
	if err != nil {
		return nil, err
	}
	if err := c.pool.CheckFreeLocked(u, in.ForceAliasCreation); err != nil {
		return nil, err
	}
	if err := checkDeliverable(u, in); err != nil {
		return nil, err
	}
	if aws.ToString(in.TemporaryPassword) == "" && c.pool.PasswordlessLocked() {
		u.Status = types.UserStatusTypeConfirmed // there is no password to change (inferred)
		return u, nil
	}
	password, err := c.temporaryPassword(u, in.TemporaryPassword)
	if err != nil {
		return nil, err
	}
	c.pool.SetTemporaryPasswordLocked(u, password, c.now)
	return u, nil
}

// validationData is what a trigger gets of ValidationData: null where there is none.
func validationData(in []types.AttributeType) map[string]string {
	if in == nil {
		return nil
	}
	data := map[string]string{}
	for _, a := range in {
		data[aws.ToString(a.Name)] = aws.ToString(a.Value)
	}
	return data
}

// renewInvitation gives a user who has not signed in yet another temporary password.
func (c *call) renewInvitation(in *cip.AdminCreateUserInput, made func(*call, *pool.User)) error {
	u, err := c.pool.UserLocked(aws.ToString(in.Username))
	if err != nil {
		return err
	}
	if u.Status != types.UserStatusTypeForceChangePassword {
		return pool.InvitationNotPending(aws.ToString(in.Username))
	}
	if err := checkDeliverable(u, in); err != nil {
		return err
	}
	password, err := c.temporaryPassword(u, in.TemporaryPassword)
	if err != nil {
		return err
	}
	c.pool.ChangeLocked(u, c.now, func(u *pool.User) { c.pool.SetTemporaryPasswordLocked(u, password, c.now) })
	made(c, u)
	return nil
}

// temporaryPassword returns the password that the administrator chose, if the user may have it, or
// else a generated one.
func (c *call) temporaryPassword(u *pool.User, chosen *string) (string, error) {
	password := aws.ToString(chosen)
	if password == "" {
		return pool.GeneratePassword(c.pool.Settings.Policies.PasswordPolicy, c.store.Random.Read), nil
	}
	return password, c.pool.CheckNewPasswordLocked(u, password, pool.AdminPassword)
}

// checkDeliverable refuses a medium that was asked for and that the user cannot be reached by.
func checkDeliverable(u *pool.User, in *cip.AdminCreateUserInput) error {
	for _, medium := range in.DesiredDeliveryMediums {
		if attribute := addressOf(medium); u.Attribute(attribute) == "" {
			return pool.ContactMissing(attribute)
		}
	}
	return nil
}

// invitations composes the messages to a user with a temporary password. Without a wish they go by
// SMS, so that a user without a phone number gets none.
func (c *call) invitations(u *pool.User, in *cip.AdminCreateUserInput) []message.Draft {
	if in.MessageAction == types.MessageActionTypeSuppress || u.Status != types.UserStatusTypeForceChangePassword {
		return nil
	}
	mediums := slices.Compact(slices.Sorted(slices.Values(in.DesiredDeliveryMediums)))
	if len(mediums) == 0 {
		mediums = []types.DeliveryMediumType{types.DeliveryMediumTypeSms}
	}
	var drafts []message.Draft
	for _, medium := range mediums {
		if attribute := addressOf(medium); u.Attribute(attribute) != "" {
			drafts = append(drafts, message.Invitation(c.Call, u, attribute, u.Password))
		}
	}
	return drafts
}

// addressOf returns the attribute that a medium delivers to.
func addressOf(medium types.DeliveryMediumType) string {
	if medium == types.DeliveryMediumTypeEmail {
		return "email"
	}
	return "phone_number"
}
