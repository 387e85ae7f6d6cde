package pool

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// CheckNewPasswordLocked checks a password that a user is to get: against the policy, with the
// wording of a path, and against the passwords that the user has had.
func (p *Pool) CheckNewPasswordLocked(u *User, password string, path PasswordPath) error {
	policy := p.Settings.Policies.PasswordPolicy
	if reason, ok := CheckPassword(policy, password); !ok {
		return PasswordNotConforming(path, reason)
	}
	if slices.Contains(u.recent(historySize(policy)), password) {
		return PasswordReused()
	}
	return nil
}

// SetPasswordLocked gives a user a permanent password, which confirms the user. Call it within
// [Pool.ChangeLocked].
func (p *Pool) SetPasswordLocked(u *User, password string) {
	p.replacePassword(u, password)
	u.TempExpires = time.Time{}
	u.Status = types.UserStatusTypeConfirmed
}

// SetTemporaryPasswordLocked gives a user a password that must be changed at the first sign-in,
// within the days that the policy gives. Call it within [Pool.ChangeLocked].
func (p *Pool) SetTemporaryPasswordLocked(u *User, password string, now time.Time) {
	p.replacePassword(u, password)
	days := p.Settings.Policies.PasswordPolicy.TemporaryPasswordValidityDays
	u.TempExpires = now.Add(time.Duration(days) * 24 * time.Hour)
	u.Status = types.UserStatusTypeForceChangePassword
}

// replacePassword sets the password and, where the old one was permanent, remembers it for the
// history. A temporary password may be chosen again.
func (p *Pool) replacePassword(u *User, password string) {
	if u.Password != "" && u.TempExpires.IsZero() {
		u.PastPassword = append([]string{u.Password}, u.PastPassword...)
		u.PastPassword = u.PastPassword[:min(len(u.PastPassword), historySize(p.Settings.Policies.PasswordPolicy))]
	}
	u.Password = password
}

// recent returns the n permanent passwords that the user has had last, the present one included.
func (u *User) recent(n int) []string {
	var all []string
	if u.Password != "" && u.TempExpires.IsZero() {
		all = append(all, u.Password)
	}
	all = append(all, u.PastPassword...)
	return all[:min(n, len(all))]
}

func historySize(policy *types.PasswordPolicyType) int {
	return int(aws.ToInt32(policy.PasswordHistorySize))
}
