package backendtest

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

// pairs makes user attributes from names and values in turn.
func pairs(namesAndValues ...string) []types.AttributeType {
	var list []types.AttributeType
	for i := 0; i < len(namesAndValues); i += 2 {
		list = append(list, types.AttributeType{Name: &namesAndValues[i], Value: &namesAndValues[i+1]})
	}
	return list
}

// values returns attributes by name, without the sub.
func values(attributes []types.AttributeType) map[string]string {
	m := map[string]string{}
	for _, a := range attributes {
		if *a.Name != "sub" {
			m[*a.Name] = *a.Value
		}
	}
	return m
}

// look answers AdminGetUser.
func look(t *testing.T, p *cognitotest.Provider, username string) *cip.AdminGetUserOutput {
	t.Helper()
	out, err := p.Client().AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &p.PoolID, Username: &username})
	need(t, err)
	return out
}

// wantStatus checks a user's status.
func wantStatus(t *testing.T, p *cognitotest.Provider, username string, want types.UserStatusType) {
	t.Helper()
	if got := look(t, p, username).UserStatus; got != want {
		t.Errorf("UserStatus = %s, want %s", got, want)
	}
}

// inbox returns what was sent to a user of the fake, by username.
func inbox(t *testing.T, p *cognitotest.Provider, username string) []fake.Message {
	t.Helper()
	return needFake(t, p, hidden).Messages(fake.ToUser(p.PoolID, username))
}

func setPassword(p *cognitotest.Provider, username, password string, permanent bool) error {
	_, err := p.Client().AdminSetUserPassword(ctx, &cip.AdminSetUserPasswordInput{
		UserPoolId: &p.PoolID, Username: &username, Password: &password, Permanent: permanent,
	})
	return err
}

func disable(p *cognitotest.Provider, username string) error {
	_, err := p.Client().AdminDisableUser(ctx, &cip.AdminDisableUserInput{UserPoolId: &p.PoolID, Username: &username})
	return err
}

func resetPassword(p *cognitotest.Provider, username string) error {
	_, err := p.Client().AdminResetUserPassword(ctx, &cip.AdminResetUserPasswordInput{UserPoolId: &p.PoolID, Username: &username})
	return err
}

func signOut(p *cognitotest.Provider, username string) error {
	_, err := p.Client().AdminUserGlobalSignOut(ctx, &cip.AdminUserGlobalSignOutInput{UserPoolId: &p.PoolID, Username: &username})
	return err
}

// refresh signs in by a refresh token.
func refresh(p *cognitotest.Provider, token string) (*cip.InitiateAuthOutput, error) {
	return p.Client().InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId: &p.ClientID, AuthFlow: types.AuthFlowTypeRefreshTokenAuth, AuthParameters: map[string]string{"REFRESH_TOKEN": token},
	})
}

// history is a pool that remembers two passwords.
func history() cognitotest.Option {
	return cognitotest.WithPool(cip.CreateUserPoolInput{Policies: &types.UserPoolPolicyType{PasswordPolicy: &types.PasswordPolicyType{
		MinimumLength: aws.Int32(8), PasswordHistorySize: aws.Int32(2),
	}}})
}

// recovery is a pool with mechanisms of account recovery, the first first.
func recovery(names ...types.RecoveryOptionNameType) cognitotest.Option {
	setting := &types.AccountRecoverySettingType{}
	for i, name := range names {
		setting.RecoveryMechanisms = append(setting.RecoveryMechanisms, types.RecoveryOptionType{Name: name, Priority: aws.Int32(int32(i + 1))})
	}
	return cognitotest.WithPool(cip.CreateUserPoolInput{AccountRecoverySetting: setting})
}

var users = []Behaviour{
	{"an administrator sees a user's name, attributes with sub, dates, status and whether the user is enabled", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Attribute("name", "Ann"), cognitotest.Attribute("locale", "en"))
		got := look(t, p, u.Username)
		if *got.Username != u.Username || attribute(got.UserAttributes, "sub") != u.Sub || u.Sub == "" {
			t.Errorf("Username %s and sub %s, want %s and %s", *got.Username, attribute(got.UserAttributes, "sub"), u.Username, u.Sub)
		}
		if diff := cmp.Diff(map[string]string{"name": "Ann", "locale": "en"}, values(got.UserAttributes)); diff != "" {
			t.Errorf("attributes (-want +got):\n%s", diff)
		}
		if !got.Enabled || got.UserStatus != types.UserStatusTypeConfirmed {
			t.Errorf("Enabled, UserStatus = %v, %s; want true, CONFIRMED", got.Enabled, got.UserStatus)
		}
		if got.UserCreateDate == nil || got.UserLastModifiedDate == nil || got.UserLastModifiedDate.Before(*got.UserCreateDate) {
			t.Errorf("created %v, modified %v", got.UserCreateDate, got.UserLastModifiedDate)
		}
		if got.MFAOptions != nil || got.UserMFASettingList != nil || got.PreferredMfaSetting != nil {
			t.Errorf("a user without MFA shows %v, %v, %v", got.MFAOptions, got.UserMFASettingList, got.PreferredMfaSetting)
		}
	}},
	{"every administrator's operation on an unknown user answers UserNotFoundException", func(t *testing.T, start Start) {
		p := start(t)
		c, pool, name := p.Client(), &p.PoolID, aws.String("nobody")
		p.NewGroup(t, "staff")
		for _, call := range []struct {
			operation string
			run       func() error
		}{
			{"AdminGetUser", func() error {
				return fail(c.AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: pool, Username: name}))
			}},
			{"AdminDeleteUser", func() error {
				return fail(c.AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: pool, Username: name}))
			}},
			{"AdminEnableUser", func() error {
				return fail(c.AdminEnableUser(ctx, &cip.AdminEnableUserInput{UserPoolId: pool, Username: name}))
			}},
			{"AdminDisableUser", func() error { return disable(p, *name) }},
			{"AdminConfirmSignUp", func() error {
				return fail(c.AdminConfirmSignUp(ctx, &cip.AdminConfirmSignUpInput{UserPoolId: pool, Username: name}))
			}},
			{"AdminSetUserPassword", func() error { return setPassword(p, *name, "Passw0rd!", true) }},
			{"AdminResetUserPassword", func() error { return resetPassword(p, *name) }},
			{"AdminUserGlobalSignOut", func() error { return signOut(p, *name) }},
			{"AdminUpdateUserAttributes", func() error { return update(p, *name, "name", "Ann") }},
			{"AdminDeleteUserAttributes", func() error { return erase(p, *name, "name") }},
			{"AdminAddUserToGroup", func() error { return join(p, *name, "staff") }},
			{"AdminRemoveUserFromGroup", func() error { return leave(p, *name, "staff") }},
			{"AdminListGroupsForUser", func() error {
				return fail(c.AdminListGroupsForUser(ctx, &cip.AdminListGroupsForUserInput{UserPoolId: pool, Username: name}))
			}},
		} {
			part(t, call.operation, func(t *testing.T) {
				wantError(t, call.run(), "UserNotFoundException", "User does not exist.")
			})
		}
	}},
	{"a deleted user is gone at once, and the name is free", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		_, err := p.Client().AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: &p.PoolID, Username: &u.Username})
		need(t, err)
		_, err = signIn(p, u.Username, u.Password)
		wantError(t, err, "UserNotFoundException", "User does not exist.")
		if again := p.NewUser(t, cognitotest.Username(u.Username)); again.Sub == u.Sub {
			t.Error("the next user of the name has the sub of the first")
		}
	}},
	{"a disabled user is refused, shows Enabled false, and can be enabled again", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		need(t, disable(p, u.Username))
		need(t, disable(p, u.Username)) // idempotent
		_, err := signIn(p, u.Username, u.Password)
		wantError(t, err, "NotAuthorizedException", "User is disabled.")
		if got := look(t, p, u.Username); got.Enabled || got.UserStatus != types.UserStatusTypeConfirmed {
			t.Errorf("Enabled, UserStatus = %v, %s; want false, CONFIRMED", got.Enabled, got.UserStatus)
		}
		enable := &cip.AdminEnableUserInput{UserPoolId: &p.PoolID, Username: &u.Username}
		need(t, fail(p.Client().AdminEnableUser(ctx, enable)))
		need(t, fail(p.Client().AdminEnableUser(ctx, enable)))
		_, err = signIn(p, u.Username, u.Password)
		need(t, err)
	}},
	{"disabling a user revokes the user's tokens for good", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		tokens := u.Tokens(t)
		need(t, disable(p, u.Username))
		_, err := refresh(p, tokens.RefreshToken)
		wantError(t, err, "NotAuthorizedException", "User is disabled.")
		need(t, fail(p.Client().AdminEnableUser(ctx, &cip.AdminEnableUserInput{UserPoolId: &p.PoolID, Username: &u.Username})))
		_, err = refresh(p, tokens.RefreshToken)
		wantError(t, err, "NotAuthorizedException", "Refresh Token has been revoked")
	}},
	{"an administrator's global sign-out revokes every refresh token, and does so twice", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		phone, laptop := u.Tokens(t), u.Tokens(t)
		need(t, signOut(p, u.Username))
		need(t, signOut(p, u.Username))
		for _, tokens := range []cognitotest.Tokens{phone, laptop} {
			_, err := refresh(p, tokens.RefreshToken)
			wantError(t, err, "NotAuthorizedException", "Refresh Token has been revoked")
		}
		_, err := signIn(p, u.Username, u.Password)
		need(t, err)
	}},
	{"AdminConfirmSignUp refuses a user who is confirmed", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		_, err := p.Client().AdminConfirmSignUp(ctx, &cip.AdminConfirmSignUpInput{UserPoolId: &p.PoolID, Username: &u.Username})
		wantError(t, err, "NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED")
	}},
}

// fail returns the error of a call whose answer does not matter.
func fail[T any](_ T, err error) error { return err }

var adminPasswords = []Behaviour{
	{"a permanent password confirms the user, a temporary one forces a change", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.TemporaryPassword())
		wantStatus(t, p, u.Username, types.UserStatusTypeForceChangePassword)
		need(t, setPassword(p, u.Username, "Perman3nt!", true))
		wantStatus(t, p, u.Username, types.UserStatusTypeConfirmed)
		_, err := signIn(p, u.Username, "Perman3nt!")
		need(t, err)

		need(t, setPassword(p, u.Username, "Tempor4ry!", false))
		wantStatus(t, p, u.Username, types.UserStatusTypeForceChangePassword)
		out, err := signIn(p, u.Username, "Tempor4ry!")
		need(t, err)
		if out.ChallengeName != types.ChallengeNameTypeNewPasswordRequired {
			t.Errorf("ChallengeName = %q, want NEW_PASSWORD_REQUIRED", out.ChallengeName)
		}
	}},
	{"a password ends the reset that an administrator asked for", func(t *testing.T, start Start) {
		for _, row := range []struct {
			why       string
			permanent bool
			want      types.UserStatusType
		}{
			{"a permanent one", true, types.UserStatusTypeConfirmed},
			{"a temporary one", false, types.UserStatusTypeForceChangePassword},
		} {
			part(t, row.why, func(t *testing.T) {
				p := start(t)
				u := p.NewUser(t, cognitotest.Email("ann@example.com"))
				need(t, resetPassword(p, u.Username))
				need(t, setPassword(p, u.Username, "An0ther-one", row.permanent))
				wantStatus(t, p, u.Username, row.want)
				_, err := signIn(p, u.Username, "An0ther-one")
				need(t, err)
			})
		}
	}},
	{"AdminSetUserPassword refuses passwords in its own words, the first failed rule alone", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		for _, row := range []struct{ why, password, reason string }{
			{"length comes first", "aa", "Password not long enough"},
			{"then capitals", "passw0rd!", "Password must have uppercase characters"},
			{"then small letters", "PASSW0RD!", "Password must have lowercase characters"},
			{"then digits", "Password!", "Password must have numeric characters"},
			{"symbols last", "Passw0rd1", "Password must have symbol characters"},
		} {
			part(t, row.why, func(t *testing.T) {
				wantError(t, setPassword(p, u.Username, row.password, true),
					"InvalidPasswordException", "Password did not conform with password policy: "+row.reason)
			})
		}
		_, err := signIn(p, u.Username, u.Password)
		need(t, err)
	}},
	{"a password of the history is refused until enough others came after it", func(t *testing.T, start Start) {
		p := start(t, history())
		u := p.NewUser(t, cognitotest.Password("password-1"))
		need(t, setPassword(p, u.Username, "password-2", true))
		for _, used := range []string{"password-1", "password-2"} {
			wantError(t, setPassword(p, u.Username, used, true), "PasswordHistoryPolicyViolationException", "Password has previously been used")
		}
		need(t, setPassword(p, u.Username, "password-3", true))
		need(t, setPassword(p, u.Username, "password-1", true))
	}},
	{"a temporary password ends after the days of the policy, and a renewed one does not", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{Policies: &types.UserPoolPolicyType{
			PasswordPolicy: &types.PasswordPolicyType{MinimumLength: aws.Int32(8), TemporaryPasswordValidityDays: 2},
		}}))
		server := needFake(t, p, slow)
		u := p.NewUser(t, cognitotest.TemporaryPassword())
		server.Advance(2*24*time.Hour - time.Minute)
		_, err := signIn(p, u.Username, u.Password)
		need(t, err)
		server.Advance(2 * time.Minute)
		_, err = signIn(p, u.Username, u.Password)
		wantError(t, err, "NotAuthorizedException", "Temporary password has expired and must be reset by an administrator.")
		need(t, setPassword(p, u.Username, u.Password, false))
		_, err = signIn(p, u.Username, u.Password)
		need(t, err)
	}},
	{"a permanent password does not end", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		pass(t, p, 366*24*time.Hour)
		_, err := signIn(p, u.Username, u.Password)
		need(t, err)
	}},
}

var adminResets = []Behaviour{
	{"an administrator's reset refuses the password and sends a code", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		needFake(t, p, hidden)
		need(t, resetPassword(p, u.Username))
		wantStatus(t, p, u.Username, types.UserStatusTypeResetRequired)
		_, err := signIn(p, u.Username, u.Password)
		wantError(t, err, "PasswordResetRequiredException", "Password reset required for the user")
		sent := inbox(t, p, u.Username)
		if len(sent) != 1 || sent[0].To != "ann@example.com" || sent[0].Medium != "EMAIL" || sent[0].Trigger != "CustomMessage_ForgotPassword" || len(sent[0].Code) != 6 {
			t.Errorf("sent %+v, want one e-mail with six digits to ann@example.com", sent)
		}
	}},
	{"the code of a reset goes where the pool's account recovery says", func(t *testing.T, start Start) {
		const email, phone = types.RecoveryOptionNameTypeVerifiedEmail, types.RecoveryOptionNameTypeVerifiedPhoneNumber
		both := []cognitotest.UserOption{cognitotest.Email("ann@example.com"), cognitotest.Phone("+12065550100")}
		for _, row := range []struct {
			why  string
			pool cognitotest.Option
			user []cognitotest.UserOption
			want string
		}{
			{"the first mechanism wins", recovery(email, phone), both, "ann@example.com"},
			{"in the other order too", recovery(phone, email), both, "+12065550100"},
			{"a pool without mechanisms prefers the phone", recovery(), both, "+12065550100"},
			{"what the user lacks is passed over", recovery(phone, email), both[:1], "ann@example.com"},
			{"what is not verified is passed over", recovery(email, phone),
				[]cognitotest.UserOption{cognitotest.Attribute("email", "ann@example.com"), both[1]}, "+12065550100"},
		} {
			part(t, row.why, func(t *testing.T) {
				p := start(t, row.pool)
				u := p.NewUser(t, row.user...)
				needFake(t, p, hidden)
				need(t, resetPassword(p, u.Username))
				if sent := inbox(t, p, u.Username); len(sent) != 1 || sent[0].To != row.want {
					t.Errorf("sent %+v, want one message to %s", sent, row.want)
				}
			})
		}
	}},
	{"a password cannot be reset for those who cannot use a code", func(t *testing.T, start Start) {
		p := start(t)
		disabled := p.NewUser(t, cognitotest.Email("off@example.com"))
		need(t, disable(p, disabled.Username))
		for _, row := range []struct {
			why, username, code, message string
		}{
			{"disabled", disabled.Username, "NotAuthorizedException", "User is disabled."},
			{"never signed in", p.NewUser(t, cognitotest.TemporaryPassword(), cognitotest.Email("new@example.com")).Username,
				"NotAuthorizedException", "User password cannot be reset in the current state."},
			{"no address", p.NewUser(t).Username, "InvalidParameterException",
				"Cannot reset password for the user as there is no registered/verified email or phone_number"},
			{"an unverified address", p.NewUser(t, cognitotest.Attribute("email", "ann@example.com")).Username, "InvalidParameterException",
				"Cannot reset password for the user as there is no registered/verified email or phone_number"},
		} {
			part(t, row.why, func(t *testing.T) {
				before := look(t, p, row.username).UserStatus
				wantError(t, resetPassword(p, row.username), row.code, row.message)
				wantStatus(t, p, row.username, before)
			})
		}
	}},
	{"a pool that leaves recovery to administrators sends no code", func(t *testing.T, start Start) {
		p := start(t, recovery(types.RecoveryOptionNameTypeAdminOnly))
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		if err := resetPassword(p, u.Username); !errors.As(err, new(*types.NotAuthorizedException)) {
			t.Errorf("error %v, want NotAuthorizedException", err)
		}
		wantStatus(t, p, u.Username, types.UserStatusTypeConfirmed)
	}},
}
