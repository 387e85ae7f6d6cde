package api

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/message"
	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/signin"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// SignUp makes an unconfirmed user and, where the pool verifies an address or number that was
// given, sends the code that confirms the user.
func (a *API) SignUp(ctx context.Context, in *cip.SignUpInput, _ ...options) (*cip.SignUpOutput, error) {
	out := &cip.SignUpOutput{}
	n := named{in.ClientId, in.Username, in.SecretHash}
	err := a.withClient(ctx, n, pool.SecretHashMismatch, func(c *call) error {
		c.Metadata = in.ClientMetadata
		u, err := c.newcomer(in)
		if err != nil {
			return err
		}
		event, answer := c.PreSignUpLocked(trigger.PreSignUpSignUp, u, validationData(in.ValidationData))
		return c.invoke(event, func(c *call) error {
			if err := c.pool.CheckSignUpLocked(u); err != nil { // the name may be taken by now
				return err
			}
			return c.admit(u, answer, out)
		})
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// admit adds somebody who signs up to the pool, as far confirmed as the pre sign-up trigger wants. A
// code is sent to whoever is not.
func (c *call) admit(u *pool.User, answer *trigger.PreSignUpResponse, out *cip.SignUpOutput) error {
	if err := c.pool.VerifyAtOnceLocked(u, answer.AutoVerifyEmail, answer.AutoVerifyPhone, c.now); err != nil {
		return err
	}
	out.UserSub, out.UserConfirmed = aws.String(u.Sub), answer.AutoConfirmUser
	c.pool.AddUserLocked(u)
	c.happened(u, types.EventTypeSignUp, types.EventResponseTypePass)
	if answer.AutoConfirmUser {
		c.pool.ChangeLocked(u, c.now, func(u *pool.User) { u.Status = types.UserStatusTypeConfirmed })
		return c.invoke(c.PostConfirmationLocked(trigger.PostConfirmationConfirmSignUp, u), nil)
	}
	if attribute, ok := c.pool.SignUpAttribute(u); ok {
		out.CodeDeliveryDetails = c.send(u, message.SignUp, pool.Code{Purpose: pool.ForSignUp, Attribute: attribute})
	}
	session, err := c.engine.SignUpSessionLocked(c.signUpOf(u))
	out.Session = given(session)
	return err
}

// newcomer makes the user who signs up. The order of the checks is inferred: pool, permissions of
// the client, name and attributes, password, what is required, what is taken.
func (c *call) newcomer(in *cip.SignUpInput) (*pool.User, error) {
	if c.pool.Settings.AdminCreateUserConfig.AllowAdminCreateUserOnly {
		return nil, pool.SignUpNotPermitted()
	}
	attributes, err := pool.AttributesOf(in.UserAttributes)
	if err != nil {
		return nil, err
	}
	if err := c.client.CheckWrite(attributes); err != nil {
		return nil, err
	}
	u, err := c.pool.NewUserLocked(aws.ToString(in.Username), c.store.Random.Sub(), attributes, c.now)
	if err != nil {
		return nil, err
	}
	u.Status, u.Password = types.UserStatusTypeUnconfirmed, aws.ToString(in.Password)
	if in.Password != nil || !c.pool.PasswordlessLocked() {
		err = c.pool.CheckNewPasswordLocked(&pool.User{}, u.Password, pool.SignUpPassword)
	}
	if err != nil {
		return nil, err
	}
	return u, c.pool.CheckSignUpLocked(u)
}

func (c *call) signUpOf(u *pool.User) signin.SignUp {
	return signin.SignUp{Pool: c.pool, Client: c.client, User: u, Now: c.now}
}

// ConfirmSignUp confirms a user by the code of the sign-up.
func (a *API) ConfirmSignUp(ctx context.Context, in *cip.ConfirmSignUpInput, _ ...options) (*cip.ConfirmSignUpOutput, error) {
	out := &cip.ConfirmSignUpOutput{}
	n := named{in.ClientId, in.Username, in.SecretHash}
	hidden := func(*call) error { return pool.ExpiredCode() }
	err := a.withNamed(ctx, n, hidden, func(c *call, u *pool.User) error {
		c.Metadata = in.ClientMetadata
		if err := c.confirm(u, in); err != nil {
			return err
		}
		session, err := c.engine.ConfirmedSessionLocked(c.signUpOf(u))
		if err != nil {
			return err
		}
		out.Session = given(session)
		return c.invoke(c.PostConfirmationLocked(trigger.PostConfirmationConfirmSignUp, u), nil)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (c *call) confirm(u *pool.User, in *cip.ConfirmSignUpInput) error {
	if u.Status != types.UserStatusTypeUnconfirmed {
		return pool.NotConfirmable(u.Status)
	}
	if in.Session != nil {
		if err := c.engine.CheckSignUpSessionLocked(c.signUpOf(u), *in.Session); err != nil {
			return err
		}
	}
	if err := u.AttemptLocked(pool.AttemptConfirmSignUp, c.now); err != nil {
		return err
	}
	code, err := u.CheckCodeLocked(pool.ForSignUp, "", aws.ToString(in.ConfirmationCode), c.now)
	if err != nil {
		return err
	}
	return c.pool.ConfirmSignUpLocked(u, code, in.ForceAliasCreation, c.now)
}

// ResendConfirmationCode replaces the code of a sign-up by a new one.
func (a *API) ResendConfirmationCode(ctx context.Context, in *cip.ResendConfirmationCodeInput, _ ...options) (*cip.ResendConfirmationCodeOutput, error) {
	out := &cip.ResendConfirmationCodeOutput{}
	n := named{in.ClientId, in.Username, in.SecretHash}
	hidden := func(c *call) (err error) {
		out.CodeDeliveryDetails, err = c.pretendResend(in.Username)
		return err
	}
	err := a.withNamed(ctx, n, hidden, func(c *call, u *pool.User) (err error) {
		c.Metadata = in.ClientMetadata
		out.CodeDeliveryDetails, err = c.resend(u)
		return c.attempted(u, types.EventTypeResendCode, err)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (c *call) resend(u *pool.User) (*types.CodeDeliveryDetailsType, error) {
	if u.Status != types.UserStatusTypeUnconfirmed {
		return nil, pool.AlreadyConfirmed()
	}
	attribute, ok := c.pool.SignUpAttribute(u)
	if !ok {
		return nil, pool.CannotResend()
	}
	if err := u.AttemptLocked(pool.AttemptResend, c.now); err != nil {
		return nil, err
	}
	return c.send(u, message.ResendCode, pool.Code{Purpose: pool.ForSignUp, Attribute: attribute}), nil
}

// pretendResend answers as if a code had been sent to somebody of a name. Where the pool sends codes
// to nobody it says so, as it does to everybody (inferred).
func (c *call) pretendResend(name *string) (*types.CodeDeliveryDetailsType, error) {
	if len(c.pool.Settings.AutoVerifiedAttributes) == 0 {
		return nil, pool.CannotResend()
	}
	return details(c.pool.PretendSignUp(aws.ToString(name))), nil
}

// details tells of a delivery that never was.
func details(to pool.Attribute) *types.CodeDeliveryDetailsType {
	return message.Details(to.Name, to.Value)
}
