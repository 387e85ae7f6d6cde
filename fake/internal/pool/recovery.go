package pool

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// RecoveryAttribute returns where a user's code for a new password goes: email or phone_number, the
// first in the pool's order that is verified. A pool that leaves recovery to administrators has no
// such place.
func (p *Pool) RecoveryAttribute(u *User) (string, error) {
	order := p.recoveryOrder()
	if len(order) == 0 {
		return "", RecoveryByAdminOnly()
	}
	for _, attribute := range order {
		if u.Verified(attribute) {
			return attribute, nil
		}
	}
	return "", NoRecoveryContact()
}

// SelfRecovery reports whether users can choose a new password by a code, without an administrator.
func (p *Pool) SelfRecovery() bool { return len(p.recoveryOrder()) > 0 }

// recoveryOrder returns email and phone_number in the order in which the pool uses them for
// recovery, or nothing where only administrators reset passwords. A pool whose setting is empty
// prefers the phone (developer guide).
func (p *Pool) recoveryOrder() []string {
	mechanisms := slices.Clone(p.Settings.AccountRecoverySetting.RecoveryMechanisms)
	if len(mechanisms) == 0 {
		return []string{"phone_number", "email"}
	}
	slices.SortStableFunc(mechanisms, func(a, b types.RecoveryOptionType) int {
		return cmp.Compare(aws.ToInt32(a.Priority), aws.ToInt32(b.Priority))
	})
	var order []string
	for _, m := range mechanisms {
		if attribute, ok := strings.CutPrefix(string(m.Name), "verified_"); ok {
			order = append(order, attribute)
		}
	}
	return order
}

// ResetPasswordLocked makes a confirmed user choose a new password with a code, and returns where
// the code goes. A user who is to do so already is asked again (inferred).
func (p *Pool) ResetPasswordLocked(u *User, now time.Time) (attribute string, err error) {
	switch {
	case u.Disabled:
		return "", UserDisabled()
	case u.Status != types.UserStatusTypeConfirmed && u.Status != types.UserStatusTypeResetRequired:
		return "", PasswordNotResettable()
	}
	attribute, err = p.RecoveryAttribute(u)
	if err == nil {
		p.ChangeLocked(u, now, func(u *User) { u.Status = types.UserStatusTypeResetRequired })
	}
	return attribute, err
}
