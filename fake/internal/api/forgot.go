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

// ForgotPassword sends a user the code that a new password takes.
func (a *API) ForgotPassword(ctx context.Context, in *cip.ForgotPasswordInput, _ ...options) (*cip.ForgotPasswordOutput, error) {
	out := &cip.ForgotPasswordOutput{}
	n := named{in.ClientId, in.Username, in.SecretHash}
	hidden := func(c *call) (err error) {
		out.CodeDeliveryDetails, err = c.pretendRecovery(in.Username)
		return err
	}
	proceed := func(c *call) error {
		return c.named(n, hidden, func(c *call, u *pool.User) (err error) {
			out.CodeDeliveryDetails, err = c.recovery(u, in.Username)
			return err
		})
	}
	err := a.withClient(ctx, n, pool.SecretHashUnverified, func(c *call) error {
		c.Metadata = in.ClientMetadata
		return c.migrated(aws.ToString(in.Username), proceed)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// migrated goes on once the user of a name has come from another directory, where the pool does not know
// the name and has a function to ask.
func (c *call) migrated(name string, then func(*call) error) error {
	if _, err := c.pool.UserLocked(name); err == nil {
		return then(c)
	}
	event, answer := c.MigrationLocked(trigger.MigrationForgotPassword, name, trigger.MigrationRequest{ClientMetadata: c.Metadata})
	if event == nil {
		return then(c)
	}
	return c.invoke(event, func(c *call) error {
		m, err := answer.Migration(name, "")
		if err != nil {
			return err
		}
		m.Sub, m.Now = c.store.Random.Sub(), c.now
		if err := c.pool.MigrateLocked(m); err != nil {
			return err
		}
		return then(c)
	})
}

// recovery sends a user the code for a new password. A client that hides who exists is not told
// that a user is unconfirmed or cannot be reached.
func (c *call) recovery(u *pool.User, name *string) (*types.CodeDeliveryDetailsType, error) {
	switch u.Status {
	case types.UserStatusTypeForceChangePassword, types.UserStatusTypeExternalProvider:
		return nil, pool.PasswordNotResettable()
	}
	attribute, err := c.pool.RecoveryAttribute(u)
	unreachable := err != nil || u.Status == types.UserStatusTypeUnconfirmed
	if unreachable && pool.HidesUserExistence(c.client.Settings) {
		return c.pretendRecovery(name)
	}
	if err != nil {
		return nil, err
	}
	if err := u.AttemptLocked(pool.AttemptForgotPassword, c.now); err != nil {
		return nil, err
	}
	c.happened(u, types.EventTypeForgotPassword, types.EventResponseTypeInProgress)
	return c.send(u, message.ForgotPassword, pool.Code{Purpose: pool.ForForgotPassword, Attribute: attribute}), nil
}

// pretendRecovery answers as if a code had been sent to somebody of a name.
func (c *call) pretendRecovery(name *string) (*types.CodeDeliveryDetailsType, error) {
	if !c.pool.SelfRecovery() {
		return nil, pool.RecoveryByAdminOnly()
	}
	return details(c.pool.PretendRecovery(aws.ToString(name))), nil
}

// ConfirmForgotPassword sets a new password by the code that ForgotPassword or an administrator's
// reset sent. It confirms the user. Only success spends the code (inferred).
func (a *API) ConfirmForgotPassword(ctx context.Context, in *cip.ConfirmForgotPasswordInput, _ ...options) (*cip.ConfirmForgotPasswordOutput, error) {
	n := named{in.ClientId, in.Username, in.SecretHash}
	hidden := func(*call) error { return pool.CodeMismatch() }
	return done[cip.ConfirmForgotPasswordOutput](a.withNamed(ctx, n, hidden, func(c *call, u *pool.User) error {
		if err := c.attempted(u, types.EventTypeForgotPassword, c.replacePassword(u, in)); err != nil {
			return err
		}
		c.Metadata = in.ClientMetadata
		return c.invoke(c.PostConfirmationLocked(trigger.PostConfirmationConfirmPassword, u), nil)
	}))
}

// replacePassword sets a new password by a code, which it spends.
func (c *call) replacePassword(u *pool.User, in *cip.ConfirmForgotPasswordInput) error {
	if err := u.AttemptLocked(pool.AttemptForgotPassword, c.now); err != nil {
		return err
	}
	if _, err := u.CheckCodeLocked(pool.ForForgotPassword, "", aws.ToString(in.ConfirmationCode), c.now); err != nil {
		return err
	}
	if err := c.setPassword(u, aws.ToString(in.Password)); err != nil {
		return err
	}
	u.DropCodeLocked(pool.ForForgotPassword, "")
	return nil
}

// ChangePassword sets a new password for a user who knows the old one, or has none. The user's
// tokens stay good (inferred), and a wrong old password does not count among failed sign-ins.
func (a *API) ChangePassword(ctx context.Context, in *cip.ChangePasswordInput, _ ...options) (*cip.ChangePasswordOutput, error) {
	return done[cip.ChangePasswordOutput](a.withToken(ctx, in.AccessToken, func(c *call, u *pool.User) error {
		return c.attempted(u, types.EventTypePasswordChange, c.changePassword(u, in))
	}))
}

func (c *call) changePassword(u *pool.User, in *cip.ChangePasswordInput) error {
	if u.Status == types.UserStatusTypeResetRequired {
		return pool.PasswordResetRequired()
	}
	if err := u.AttemptLocked(pool.AttemptChangePassword, c.now); err != nil {
		return err
	}
	first := u.Password == "" && in.PreviousPassword == nil
	if !first && !u.HasPassword(aws.ToString(in.PreviousPassword)) {
		return pool.IncorrectCredentials()
	}
	return c.setPassword(u, aws.ToString(in.ProposedPassword))
}

// setPassword gives a user a password that the user chose.
func (c *call) setPassword(u *pool.User, password string) error {
	if err := c.pool.CheckNewPasswordLocked(u, password, pool.NewPassword); err != nil {
		return err
	}
	c.pool.ChangeLocked(u, c.now, func(u *pool.User) { c.pool.SetPasswordLocked(u, password) })
	return nil
}
