package api

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/message"
	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// userOut returns what lists and AdminCreateUser tell of a user. The pool's lock must be held.
func userOut(u *pool.User) *types.UserType {
	return &types.UserType{
		Username: aws.String(u.Username), Attributes: pool.AttributesOut(u.Attributes()),
		UserCreateDate: aws.Time(u.Created), UserLastModifiedDate: aws.Time(u.Modified),
		Enabled: !u.Disabled, UserStatus: u.Status, MFAOptions: mfaOptions(u),
	}
}

// AdminGetUser answers a user.
func (a *API) AdminGetUser(ctx context.Context, in *cip.AdminGetUserInput, _ ...options) (*cip.AdminGetUserOutput, error) {
	var out *cip.AdminGetUserOutput
	err := a.withUser(ctx, in.UserPoolId, in.Username, func(_ *call, u *pool.User) error {
		out = &cip.AdminGetUserOutput{
			Username: aws.String(u.Username), UserAttributes: pool.AttributesOut(u.Attributes()),
			UserCreateDate: aws.Time(u.Created), UserLastModifiedDate: aws.Time(u.Modified),
			Enabled: !u.Disabled, UserStatus: u.Status,
			MFAOptions: mfaOptions(u), UserMFASettingList: factorNames(u), PreferredMfaSetting: given(string(u.PreferredFactor())),
		}
		return nil
	})
	return out, err
}

// AdminDeleteUser deletes a user.
func (a *API) AdminDeleteUser(ctx context.Context, in *cip.AdminDeleteUserInput, _ ...options) (*cip.AdminDeleteUserOutput, error) {
	err := a.withUser(ctx, in.UserPoolId, in.Username, func(c *call, u *pool.User) error {
		c.pool.RemoveUserLocked(u)
		return nil
	})
	return done[cip.AdminDeleteUserOutput](err)
}

// AdminEnableUser lets a disabled user sign in again.
func (a *API) AdminEnableUser(ctx context.Context, in *cip.AdminEnableUserInput, _ ...options) (*cip.AdminEnableUserOutput, error) {
	err := a.withUser(ctx, in.UserPoolId, in.Username, func(c *call, u *pool.User) error {
		c.pool.ChangeLocked(u, c.now, func(u *pool.User) { u.Disabled = false })
		return nil
	})
	return done[cip.AdminEnableUserOutput](err)
}

// AdminDisableUser keeps a user from signing in and ends the user's sessions.
func (a *API) AdminDisableUser(ctx context.Context, in *cip.AdminDisableUserInput, _ ...options) (*cip.AdminDisableUserOutput, error) {
	err := a.withUser(ctx, in.UserPoolId, in.Username, func(c *call, u *pool.User) error {
		c.pool.ChangeLocked(u, c.now, func(u *pool.User) { u.Disabled = true })
		u.RevokeLocked()
		return nil
	})
	return done[cip.AdminDisableUserOutput](err)
}

// AdminUserGlobalSignOut ends every session of a user.
func (a *API) AdminUserGlobalSignOut(ctx context.Context, in *cip.AdminUserGlobalSignOutInput, _ ...options) (*cip.AdminUserGlobalSignOutOutput, error) {
	err := a.withUser(ctx, in.UserPoolId, in.Username, func(c *call, u *pool.User) error {
		u.SignOutLocked(c.now)
		return nil
	})
	return done[cip.AdminUserGlobalSignOutOutput](err)
}

// AdminConfirmSignUp confirms a user who has signed up, without a code.
func (a *API) AdminConfirmSignUp(ctx context.Context, in *cip.AdminConfirmSignUpInput, _ ...options) (*cip.AdminConfirmSignUpOutput, error) {
	err := a.withUser(ctx, in.UserPoolId, in.Username, func(c *call, u *pool.User) error {
		c.Metadata = in.ClientMetadata
		if err := c.pool.ConfirmLocked(u, c.now); err != nil {
			return err
		}
		return c.invoke(c.PostConfirmationLocked(trigger.PostConfirmationConfirmSignUp, u), nil)
	})
	return done[cip.AdminConfirmSignUpOutput](err)
}

// AdminSetUserPassword sets a password, permanent or temporary.
func (a *API) AdminSetUserPassword(ctx context.Context, in *cip.AdminSetUserPasswordInput, _ ...options) (*cip.AdminSetUserPasswordOutput, error) {
	password := aws.ToString(in.Password)
	err := a.withUser(ctx, in.UserPoolId, in.Username, func(c *call, u *pool.User) error {
		if err := c.pool.CheckNewPasswordLocked(u, password, pool.AdminPassword); err != nil {
			return err
		}
		c.pool.ChangeLocked(u, c.now, func(u *pool.User) {
			if in.Permanent {
				c.pool.SetPasswordLocked(u, password)
			} else {
				c.pool.SetTemporaryPasswordLocked(u, password, c.now)
			}
		})
		return nil
	})
	return done[cip.AdminSetUserPasswordOutput](err)
}

// AdminResetUserPassword sends a user the code that a new password takes, and refuses the old one.
func (a *API) AdminResetUserPassword(ctx context.Context, in *cip.AdminResetUserPasswordInput, _ ...options) (*cip.AdminResetUserPasswordOutput, error) {
	err := a.withUser(ctx, in.UserPoolId, in.Username, func(c *call, u *pool.User) error {
		c.Metadata = in.ClientMetadata
		attribute, err := c.pool.ResetPasswordLocked(u, c.now)
		if err == nil {
			c.send(u, message.ForgotPassword, pool.Code{Purpose: pool.ForForgotPassword, Attribute: attribute})
		}
		return err
	})
	return done[cip.AdminResetUserPasswordOutput](err)
}
