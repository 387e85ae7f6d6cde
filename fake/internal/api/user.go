package api

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/message"
	"github.com/cognitotest/cognito/fake/internal/pool"
)

// userOut returns what lists and AdminCreateUser tell of a user. The pool's lock must be held, for
// reading at least.
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
	err := a.withUser(ctx, in.UserPoolId, in.Username, func(_ *pool.Pool, u *pool.User) error {
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
	err := a.withUser(ctx, in.UserPoolId, in.Username, func(p *pool.Pool, u *pool.User) error {
		p.RemoveUserLocked(u)
		return nil
	})
	return done[cip.AdminDeleteUserOutput](err)
}

// AdminEnableUser lets a disabled user sign in again.
func (a *API) AdminEnableUser(ctx context.Context, in *cip.AdminEnableUserInput, _ ...options) (*cip.AdminEnableUserOutput, error) {
	err := a.withUser(ctx, in.UserPoolId, in.Username, func(p *pool.Pool, u *pool.User) error {
		p.ChangeLocked(u, a.store.Clock.Now(), func(u *pool.User) { u.Disabled = false })
		return nil
	})
	return done[cip.AdminEnableUserOutput](err)
}

// AdminDisableUser keeps a user from signing in and ends the user's sessions.
func (a *API) AdminDisableUser(ctx context.Context, in *cip.AdminDisableUserInput, _ ...options) (*cip.AdminDisableUserOutput, error) {
	err := a.withUser(ctx, in.UserPoolId, in.Username, func(p *pool.Pool, u *pool.User) error {
		p.ChangeLocked(u, a.store.Clock.Now(), func(u *pool.User) { u.Disabled = true })
		u.RevokeLocked()
		return nil
	})
	return done[cip.AdminDisableUserOutput](err)
}

// AdminUserGlobalSignOut ends every session of a user.
func (a *API) AdminUserGlobalSignOut(ctx context.Context, in *cip.AdminUserGlobalSignOutInput, _ ...options) (*cip.AdminUserGlobalSignOutOutput, error) {
	err := a.withUser(ctx, in.UserPoolId, in.Username, func(_ *pool.Pool, u *pool.User) error {
		u.RevokeLocked()
		return nil
	})
	return done[cip.AdminUserGlobalSignOutOutput](err)
}

// AdminConfirmSignUp confirms a user who has signed up, without a code.
func (a *API) AdminConfirmSignUp(ctx context.Context, in *cip.AdminConfirmSignUpInput, _ ...options) (*cip.AdminConfirmSignUpOutput, error) {
	err := a.withUser(ctx, in.UserPoolId, in.Username, func(p *pool.Pool, u *pool.User) error {
		return p.ConfirmLocked(u, a.store.Clock.Now())
	})
	return done[cip.AdminConfirmSignUpOutput](err)
}

// AdminSetUserPassword sets a password, permanent or temporary.
func (a *API) AdminSetUserPassword(ctx context.Context, in *cip.AdminSetUserPasswordInput, _ ...options) (*cip.AdminSetUserPasswordOutput, error) {
	password := aws.ToString(in.Password)
	err := a.withUser(ctx, in.UserPoolId, in.Username, func(p *pool.Pool, u *pool.User) error {
		if err := p.CheckNewPasswordLocked(u, password, pool.AdminPassword); err != nil {
			return err
		}
		now := a.store.Clock.Now()
		p.ChangeLocked(u, now, func(u *pool.User) {
			if in.Permanent {
				p.SetPasswordLocked(u, password)
			} else {
				p.SetTemporaryPasswordLocked(u, password, now)
			}
		})
		return nil
	})
	return done[cip.AdminSetUserPasswordOutput](err)
}

// AdminResetUserPassword sends a user the code that a new password takes, and refuses the old one.
func (a *API) AdminResetUserPassword(ctx context.Context, in *cip.AdminResetUserPasswordInput, _ ...options) (*cip.AdminResetUserPasswordOutput, error) {
	var draft message.Draft
	err := a.withUser(ctx, in.UserPoolId, in.Username, func(p *pool.Pool, u *pool.User) error {
		attribute, err := p.ResetPasswordLocked(u, a.store.Clock.Now())
		if err == nil {
			draft = a.issueCode(p, u, message.ForgotPassword, pool.Code{Purpose: pool.ForForgotPassword, Attribute: attribute})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	a.outbox.Send(draft)
	return &cip.AdminResetUserPasswordOutput{}, nil
}

// issueCode gives a code its value and expiry, remembers it for the user and composes its message.
// The pool's lock must be held.
func (a *API) issueCode(p *pool.Pool, u *pool.User, source message.Source, c pool.Code) message.Draft {
	c.Value = a.store.Random.Digits(6)
	c.Expires = a.store.Clock.Now().Add(c.Purpose.Life())
	u.SetCodeLocked(c)
	return message.Code(p, u, source, c)
}
