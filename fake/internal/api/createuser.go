package api

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/message"
	"github.com/cognitotest/cognito/fake/internal/pool"
)

// AdminCreateUser makes a user who must change the password at the first sign-in, and invites the
// user by e-mail or SMS; or, by RESEND, renews the password of such a user and invites again.
func (a *API) AdminCreateUser(ctx context.Context, in *cip.AdminCreateUserInput, _ ...options) (*cip.AdminCreateUserOutput, error) {
	p, err := a.pool(ctx, in.UserPoolId)
	if err != nil {
		return nil, err
	}
	user, invitations, err := a.createOrInvite(p, in)
	if err != nil {
		return nil, err
	}
	a.outbox.Send(invitations...)
	return &cip.AdminCreateUserOutput{User: user}, nil
}

// createOrInvite is AdminCreateUser under the lock.
func (a *API) createOrInvite(p *pool.Pool, in *cip.AdminCreateUserInput) (*types.UserType, []message.Draft, error) {
	p.Lock()
	defer p.Unlock()
	find := a.createUser
	if in.MessageAction == types.MessageActionTypeResend {
		find = a.renewInvitation
	}
	u, err := find(p, in)
	if err != nil {
		return nil, nil, err
	}
	return userOut(u), invitations(p, u, in), nil
}

// createUser checks name, attributes, delivery and password, in this order (inferred), and adds the
// user to the pool.
func (a *API) createUser(p *pool.Pool, in *cip.AdminCreateUserInput) (*pool.User, error) {
	attributes, err := pool.AttributesOf(in.UserAttributes)
	if err != nil {
		return nil, err
	}
	now := a.store.Clock.Now()
	u, err := p.NewUserLocked(aws.ToString(in.Username), a.store.Random.Sub(), attributes, now)
	if err != nil {
		return nil, err
	}
	if err := p.CheckFreeLocked(u, in.ForceAliasCreation); err != nil {
		return nil, err
	}
	if err := checkDeliverable(u, in); err != nil {
		return nil, err
	}
	if aws.ToString(in.TemporaryPassword) == "" && p.PasswordlessLocked() {
		u.Status = types.UserStatusTypeConfirmed // there is no password to change (inferred)
	} else {
		password, err := a.temporaryPassword(p, u, in.TemporaryPassword)
		if err != nil {
			return nil, err
		}
		p.SetTemporaryPasswordLocked(u, password, now)
	}
	p.TakeAliasesLocked(u, now)
	p.AddUserLocked(u)
	return u, nil
}

// renewInvitation gives a user who has not signed in yet another temporary password.
func (a *API) renewInvitation(p *pool.Pool, in *cip.AdminCreateUserInput) (*pool.User, error) {
	u, err := p.UserLocked(aws.ToString(in.Username))
	if err != nil {
		return nil, err
	}
	if u.Status != types.UserStatusTypeForceChangePassword {
		return nil, pool.InvitationNotPending(aws.ToString(in.Username))
	}
	if err := checkDeliverable(u, in); err != nil {
		return nil, err
	}
	password, err := a.temporaryPassword(p, u, in.TemporaryPassword)
	if err != nil {
		return nil, err
	}
	now := a.store.Clock.Now()
	p.ChangeLocked(u, now, func(u *pool.User) { p.SetTemporaryPasswordLocked(u, password, now) })
	return u, nil
}

// temporaryPassword returns the password that the administrator chose, if the user may have it, or
// else a generated one.
func (a *API) temporaryPassword(p *pool.Pool, u *pool.User, chosen *string) (string, error) {
	password := aws.ToString(chosen)
	if password == "" {
		return pool.GeneratePassword(p.Settings.Policies.PasswordPolicy, a.store.Random.Read), nil
	}
	return password, p.CheckNewPasswordLocked(u, password, pool.AdminPassword)
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
func invitations(p *pool.Pool, u *pool.User, in *cip.AdminCreateUserInput) []message.Draft {
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
			drafts = append(drafts, message.Invitation(p, u, attribute, u.Password))
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
