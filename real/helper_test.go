package real_test

import (
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// TestHelpersWithoutCodes sees that what helpers make of users needs no code that the service sends.
func TestHelpersWithoutCodes(t *testing.T) {
	a := newAccount(t)
	host := a.backend(t)
	factors := cognitotest.WithMFA(cip.SetUserPoolMfaConfigInput{
		MfaConfiguration: types.UserPoolMfaTypeOptional, SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
	})
	devices := cognitotest.WithPool(cip.CreateUserPoolInput{DeviceConfiguration: &types.DeviceConfigurationType{ChallengeRequiredOnNewDevice: true}})
	for _, row := range []struct {
		why  string
		opts []cognitotest.Option
		do   func(*testing.T, *cognitotest.Provider)
	}{
		{"a password, by SRP too", nil, func(t *testing.T, p *cognitotest.Provider) {
			u := p.NewUser(t, cognitotest.Email("ann@example.com"), cognitotest.Phone("+12065550134"), cognitotest.Groups("admins"))
			wantTokens(t, u.Tokens(t), u.SignInSRP(t))
		}},
		{"a user by an address", []cognitotest.Option{cognitotest.WithPool(cip.CreateUserPoolInput{UsernameAttributes: []types.UsernameAttributeType{"email"}})}, func(t *testing.T, p *cognitotest.Provider) {
			wantTokens(t, p.NewUser(t).Tokens(t))
		}},
		{"an authenticator", []cognitotest.Option{factors}, func(t *testing.T, p *cognitotest.Provider) {
			u := p.NewUser(t, cognitotest.TOTP())
			wantTokens(t, u.Tokens(t), u.SignInSRP(t))
		}},
		{"a device", []cognitotest.Option{devices}, func(t *testing.T, p *cognitotest.Provider) {
			wantTokens(t, p.NewUser(t).RememberDevice(t).SignIn(t))
		}},
		{"a passkey", []cognitotest.Option{cognitotest.WithPasskeys("example.com")}, func(t *testing.T, p *cognitotest.Provider) {
			u := p.NewUser(t)
			u.RegisterPasskey(t)
			wantTokens(t, u.SignInPasskey(t))
		}},
		{"users who cannot sign in yet", nil, func(t *testing.T, p *cognitotest.Provider) {
			for want, option := range map[types.UserStatusType]cognitotest.UserOption{
				types.UserStatusTypeUnconfirmed: cognitotest.Unconfirmed(), types.UserStatusTypeForceChangePassword: cognitotest.TemporaryPassword(),
			} {
				u := p.NewUser(t, option)
				got, err := p.Client().AdminGetUser(t.Context(), &cip.AdminGetUserInput{UserPoolId: &p.PoolID, Username: &u.Username})
				if err != nil || got.UserStatus != want {
					t.Errorf("user %+v, error %v; want %s", got, err, want)
				}
			}
		}},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Cleanup(func() {
				if t.Skipped() {
					t.Error("the test was skipped")
				}
			})
			row.do(t, cognitotest.New(t, append(row.opts, host)...))
		})
	}
	if sent := a.Messages(); len(sent) > 0 {
		t.Errorf("messages were sent: %+v", sent)
	}
}

// wantTokens checks that sign-ins gave tokens.
func wantTokens(t *testing.T, signIns ...cognitotest.Tokens) {
	t.Helper()
	for i, got := range signIns {
		if got.AccessToken == "" || got.IDToken == "" {
			t.Errorf("sign-in %d gave %+v", i, got)
		}
	}
}
