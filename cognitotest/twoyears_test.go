package cognitotest_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"

	"github.com/cognitotest/cognito/cognitotest"
)

const day = 24 * time.Hour

// life is two years of a user in the time of a bubble.
type life struct {
	*testing.T
	cog     *cognitotest.Provider
	ann     *cognitotest.User
	born    time.Time
	tokens  cognitotest.Tokens
	device  *cognitotest.Device
	session *string
}

// at sleeps until an age.
func (l *life) at(age time.Duration) { time.Sleep(time.Until(l.born.Add(age))) }

// signIn signs in from nowhere in particular.
func (l *life) signIn(password string) error {
	out, err := l.cog.Client().InitiateAuth(l.Context(), &cip.InitiateAuthInput{
		ClientId: &l.cog.ClientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": l.ann.Username, "PASSWORD": password},
	})
	if err == nil {
		l.session = out.Session
	}
	return err
}

func (l *life) invite() error {
	_, err := l.cog.Client().AdminCreateUser(l.Context(), &cip.AdminCreateUserInput{
		UserPoolId: &l.cog.PoolID, Username: &l.ann.Username, TemporaryPassword: &l.ann.Password, MessageAction: types.MessageActionTypeResend,
	})
	return err
}

func (l *life) choosePassword(password string) error {
	out, err := l.cog.Client().RespondToAuthChallenge(l.Context(), &cip.RespondToAuthChallengeInput{
		ClientId: &l.cog.ClientID, ChallengeName: types.ChallengeNameTypeNewPasswordRequired, Session: l.session,
		ChallengeResponses: map[string]string{"USERNAME": l.ann.Username, "NEW_PASSWORD": password},
	})
	if err == nil && out.AuthenticationResult == nil {
		return errors.New("cognitotest: no tokens")
	}
	return err
}

func (l *life) forget() error {
	_, err := l.cog.Client().ForgotPassword(l.Context(), &cip.ForgotPasswordInput{ClientId: &l.cog.ClientID, Username: &l.ann.Username})
	return err
}

func (l *life) recover(code, password string) error {
	_, err := l.cog.Client().ConfirmForgotPassword(l.Context(), &cip.ConfirmForgotPasswordInput{
		ClientId: &l.cog.ClientID, Username: &l.ann.Username, ConfirmationCode: &code, Password: &password,
	})
	return err
}

func (l *life) refresh() error {
	_, err := l.cog.Client().InitiateAuth(l.Context(), &cip.InitiateAuthInput{
		ClientId: &l.cog.ClientID, AuthFlow: types.AuthFlowTypeRefreshTokenAuth,
		AuthParameters: map[string]string{"REFRESH_TOKEN": l.tokens.RefreshToken, "DEVICE_KEY": l.device.Key},
	})
	return err
}

func (l *life) use() error {
	_, err := l.cog.Client().GetUser(l.Context(), &cip.GetUserInput{AccessToken: &l.tokens.AccessToken})
	return err
}

// forgetDevice makes the service forget the device, which it does not do by itself.
func (l *life) forgetDevice() error {
	_, err := l.cog.Client().AdminForgetDevice(l.Context(), &cip.AdminForgetDeviceInput{
		UserPoolId: &l.cog.PoolID, Username: &l.ann.Username, DeviceKey: &l.device.Key,
	})
	return err
}

func (l *life) fromDevice() error {
	_, err := l.cog.Client().InitiateAuth(l.Context(), &cip.InitiateAuthInput{
		ClientId: &l.cog.ClientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": l.ann.Username, "PASSWORD": l.ann.Password, "DEVICE_KEY": l.device.Key},
	})
	return err
}

// TestTwoYears walks a user through everything that time ends, in the virtual time of a bubble.
func TestTwoYears(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &life{T: t, cog: cognitotest.New(t, cognitotest.InMemory(), cognitotest.WithPool(cip.CreateUserPoolInput{
			DeviceConfiguration: &types.DeviceConfigurationType{ChallengeRequiredOnNewDevice: true},
		})), born: time.Now()}
		l.ann = l.cog.NewUser(t, cognitotest.Email("ann@example.com"), cognitotest.TemporaryPassword())
		invited, chosen, wrong := l.ann.Password, "Chosen-Passw0rd-1", "Wrong-Passw0rd-1"
		var code string

		for _, step := range []struct {
			why  string
			age  time.Duration
			do   func() error
			want string // "" for success
		}{
			{"a temporary password is good for seven days", 7*day - time.Second, func() error { return l.signIn(invited) }, ""},
			{"a sign-in waits three minutes for its answer", 7*day + 3*time.Minute, func() error { return l.choosePassword(chosen) },
				"NotAuthorizedException: Invalid session for the user, session is expired."},
			{"a temporary password has expired", 7*day + 4*time.Minute, func() error { return l.signIn(invited) },
				"NotAuthorizedException: Temporary password has expired and must be reset by an administrator."},
			{"another invitation", 8 * day, l.invite, ""},
			{"the new temporary password", 9 * day, func() error { return l.signIn(invited) }, ""},
			{"a password of ann's own", 9 * day, func() error { return l.choosePassword(chosen) }, ""},

			{"a code to replace it", 30 * day, l.forget, ""},
			{"a code is good for an hour", 30*day + time.Hour, func() error { code = l.ann.Code(t); return l.recover(code, chosen+"x") },
				"ExpiredCodeException: Invalid code provided, please request a code again."},
			{"another code", 31 * day, l.forget, ""},
			{"is taken within the hour", 31*day + 59*time.Minute, func() error {
				l.ann.Password = "Chosen-Passw0rd-2"
				return l.recover(l.ann.Code(t), l.ann.Password)
			}, ""},

			{"five wrong passwords", 60 * day, func() (err error) {
				for range 5 {
					err = l.signIn(wrong)
				}
				return err
			}, "NotAuthorizedException: Incorrect username or password."},
			{"lock the user", 60 * day, func() error { return l.signIn(l.ann.Password) },
				"NotAuthorizedException: Password attempts exceeded"},
			{"for a second", 60*day + time.Second, func() error { return l.signIn(l.ann.Password) }, ""},

			{"a device is remembered", 90 * day, func() error {
				l.device = l.ann.RememberDevice(t)
				l.tokens = l.device.SignIn(t)
				return nil
			}, ""},
			{"an access token is good for an hour", 90*day + time.Hour - time.Second, l.use, ""},
			{"and then has expired", 90*day + time.Hour, l.use, "NotAuthorizedException: Access Token has expired"},
			{"a refresh token is good for 30 days", 120*day - time.Second, l.refresh, ""},
			{"and then has expired", 120 * day, l.refresh, "NotAuthorizedException: Refresh Token has expired"},
			{"a device is remembered until it is forgotten", 2 * 365 * day, func() error { l.device.SignIn(t); return nil }, ""},
			{"the device is forgotten", 2 * 365 * day, l.forgetDevice, ""},
			{"and not known any more", 2 * 365 * day, l.fromDevice, "ResourceNotFoundException: Device does not exist."},
			{"ann still is", 2 * 365 * day, func() error { return l.signIn(l.ann.Password) }, ""},
		} {
			l.at(step.age)
			if got := textOf(step.do()); got != step.want {
				t.Errorf("after %v, %s: error = %q, want %q", step.age, step.why, got, step.want)
			}
		}
	})
}

// textOf returns the code and the text of a service's error.
func textOf(err error) string {
	var answer smithy.APIError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &answer):
		return answer.ErrorCode() + ": " + answer.ErrorMessage()
	}
	return err.Error()
}
