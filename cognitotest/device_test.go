package cognitotest_test

import (
	"context"
	"strings"
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

var withDevices = cognitotest.WithPool(cip.CreateUserPoolInput{
	DeviceConfiguration: &types.DeviceConfigurationType{ChallengeRequiredOnNewDevice: true},
})

func TestDevicesSayWhatToDo(t *testing.T) {
	plain, devices := cognitotest.New(t), cognitotest.New(t, withDevices)
	mfa := cognitotest.New(t, withDevices, cognitotest.WithMFA(cip.SetUserPoolMfaConfigInput{
		MfaConfiguration:              types.UserPoolMfaTypeOn,
		SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
	}))
	for _, test := range []struct {
		why  string
		do   func(cognitotest.TB)
		want string
	}{
		{"a pool without devices", func(t cognitotest.TB) { plain.NewUser(t).RememberDevice(t) }, "set DeviceConfiguration in WithPool"},
		{"a user who lacks a second factor", func(t cognitotest.TB) { mfa.NewUser(t).RememberDevice(t) }, "the pool asks for MFA_SETUP first"},
		{"a device that is forgotten", func(t cognitotest.TB) {
			u := devices.NewUser(t)
			d := u.RememberDevice(t)
			token := d.SignIn(t).AccessToken
			_, err := devices.Client().ForgetDevice(context.Background(), &cip.ForgetDeviceInput{AccessToken: &token, DeviceKey: &d.Key})
			if err != nil {
				t.Fatalf("%v", err)
			}
			d.SignIn(t)
		}, "Device does not exist."},
	} {
		if got := record(t, test.do).failure; !strings.Contains(got, test.want) {
			t.Errorf("%s: failure %q, want %q in it", test.why, got, test.want)
		}
	}
}
