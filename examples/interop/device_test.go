package interop

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

// smsCodes are a second factor by SMS.
var smsCodes = &types.SmsMfaConfigType{SmsConfiguration: &types.SmsConfigurationType{
	SnsCallerArn: aws.String("arn:aws:iam::" + fake.DefaultAccountID + ":role/sms"),
}}

// withDevices makes a pool where every user needs a code by SMS, except from a remembered device.
func withDevices(remembering types.DeviceConfigurationType) []cognitotest.Option {
	remembering.ChallengeRequiredOnNewDevice = true
	return []cognitotest.Option{
		cognitotest.WithPool(cip.CreateUserPoolInput{DeviceConfiguration: &remembering}),
		cognitotest.WithMFA(cip.SetUserPoolMfaConfigInput{MfaConfiguration: types.UserPoolMfaTypeOn, SmsMfaConfiguration: smsCodes}),
	}
}

var (
	always   = types.DeviceConfigurationType{}
	onPrompt = types.DeviceConfigurationType{DeviceOnlyRememberedOnUserPrompt: true}
)

func TestNodeDevice(t *testing.T) {
	node := needNode(t, sdkv3, "cognito-srp-helper")
	for name, opts := range clients {
		t.Run(name, func(t *testing.T) {
			p := cognitotest.New(t, append(opts, withDevices(always)...)...)
			setCredentials(t, p.NewUser(t, cognitotest.Username("ann"), cognitotest.Phone("+15555550100")))
			got := decode[map[string]any](t, converse(t, p, node, "node/device.js"))
			want := map[string]any{
				"from no device":        "SMS_MFA",
				"asks to be remembered": false,
				"from the device":       []any{"DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER"},
				"wrong device password": "NotAuthorizedException: Incorrect username or password.",
				"devices":               1.0,
				"name":                  "laptop",
				"forgotten":             "ResourceNotFoundException: Device does not exist.",
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("steps (-want +got):\n%s", diff)
			}
		})
	}
}

func TestIdentitySDKWithDevice(t *testing.T) {
	node := needNode(t, identitySDK)
	p := cognitotest.New(t, withDevices(onPrompt)...)
	setCredentials(t, p.NewUser(t, cognitotest.Username("ann"), cognitotest.Phone("+15555550100")))
	got := decode[map[string]any](t, converse(t, p, node, "node/identity-device.js"))
	want := map[string]any{
		"from no device":        "SMS_MFA",
		"asks to be remembered": true,
		"not yet remembered":    "SMS_MFA",
		"from the device":       "ann",
		"its key in the token":  true,
		"status":                "valid",
		"refreshed":             true,
		"devices":               1.0,
		"forgotten":             "SMS_MFA",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}

func TestPythonDevice(t *testing.T) {
	python := needPython(t, "boto3, pycognito")
	p := cognitotest.New(t, withDevices(always)...)
	setCredentials(t, p.NewUser(t, cognitotest.Username("ann"), cognitotest.Phone("+15555550100")))
	got := decode[map[string]any](t, converse(t, p, python, "python/device.py"))
	want := map[string]any{"from no device": "SMS_MFA", "from the device": "ann"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}

func TestAmplifyDevice(t *testing.T) {
	node := needNode(t, "aws-amplify")
	p := cognitotest.New(t, withDevices(onPrompt)...)
	setCredentials(t, p.NewUser(t, cognitotest.Username("ann"), cognitotest.Phone("+15555550100")))
	got := decode[map[string]any](t, converse(t, p, node, "node/amplify-device.js"))
	want := map[string]any{
		"from no device":  "CONFIRM_SIGN_IN_WITH_SMS_CODE",
		"signed in":       "DONE",
		"from the device": "DONE",
		"refreshed":       true,
		"devices":         []any{true},
		"forgotten":       "CONFIRM_SIGN_IN_WITH_SMS_CODE",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}
