package signin

import (
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// beginPassword begins USER_PASSWORD_AUTH and ADMIN_USER_PASSWORD_AUTH.
func (e *Engine) beginPassword(in Initiation) (move, error) {
	return func(s step) (outcome, error) { return s.password(in) }, nil
}

// password signs a user in by username and password.
func (s step) password(in Initiation) (outcome, error) {
	return s.arrive(in, func(s step, u *pool.User) (outcome, error) {
		if err := s.admissible(u); err != nil {
			return outcome{}, err
		}
		if err := s.checkPassword(u, in.Parameters["PASSWORD"]); err != nil {
			return outcome{}, err
		}
		if in.Admin {
			s.trail = s.trail.trusted()
		}
		return s.next(u)
	})
}

// admissible checks that a user's state allows a sign-in. The state is looked at before the
// password.
func (s step) admissible(u *pool.User) error {
	switch {
	case u.Disabled:
		return pool.UserDisabled()
	case u.Status == types.UserStatusTypeUnconfirmed:
		return userNotConfirmed()
	case u.Status == types.UserStatusTypeResetRequired:
		return pool.PasswordResetRequired()
	case !u.TempExpires.IsZero() && !s.now.Before(u.TempExpires):
		return temporaryPasswordExpired()
	}
	return nil
}

// admissibleByCode is admissible for who may yet confirm the sign-up, by a code at sign-in.
func (s step) admissibleByCode(u *pool.User) error {
	err := s.admissible(u)
	if errors.As(err, new(*types.UserNotConfirmedException)) {
		return nil
	}
	return err
}

// checkPassword compares a password with the user's.
func (s step) checkPassword(u *pool.User, password string) error {
	return s.checkAttempt(u, u.HasPassword(password))
}

// checkAttempt keeps the count of failures, by password and by proof of one alike, and refuses a
// wrong attempt or any attempt during a lock.
func (s step) checkAttempt(u *pool.User, right bool) error {
	if u.LockedOutLocked(s.now) {
		return attemptsExceeded()
	}
	if !right {
		u.FailPasswordLocked(s.now)
		return pool.IncorrectCredentials()
	}
	u.PassPasswordLocked()
	return nil
}
