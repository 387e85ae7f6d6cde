package interop

import (
	"maps"
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
)

// TestUserWhoNeedsMFA is the scenario "sign up a user who needs MFA", which AWS publishes for its
// SDKs. Only the one in Python goes on to sign in from the device.
func TestUserWhoNeedsMFA(t *testing.T) {
	for _, program := range []struct {
		language string
		command  func(*testing.T) []string
		device   map[string]any
	}{
		{"Python", func(t *testing.T) []string {
			return []string{needPython(t, "boto3, pycognito, pyotp"), "python/mfa.py"}
		}, fromTheDevice},
		{"JavaScript", func(t *testing.T) []string {
			return []string{needNode(t, sdkv3, "otpauth"), "node/mfa.js"}
		}, nil},
		{"Java", func(t *testing.T) []string { return onJVM(t, "java", "Mfa") }, nil},
		{"Kotlin", func(t *testing.T) []string { return onJVM(t, "kotlin", "Mfa") }, nil},
	} {
		for client, opts := range clients {
			t.Run(program.language+"/"+client, func(t *testing.T) {
				userWhoNeedsMFA(t, program.command(t), program.device, opts)
			})
		}
	}
}

// fromTheDevice is what the steps of a sign-in from the device are answered.
var fromTheDevice = map[string]any{
	"asks to be remembered": false,
	"device challenges":     []any{"DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER"},
	"wrong device":          "NotAuthorizedException: Incorrect username or password.",
	"another new device":    false,
	"devices":               []any{true},
}

const sdkv3 = "@aws-sdk/client-cognito-identity-provider"

// authenticatorApps requires a second factor, which is an authenticator app.
var authenticatorApps = cip.SetUserPoolMfaConfigInput{
	MfaConfiguration:              types.UserPoolMfaTypeOn,
	SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
}

// userWhoNeedsMFA runs a program of the scenario, and checks what its steps were answered, with those
// on the device.
func userWhoNeedsMFA(t *testing.T, command []string, device map[string]any, opts []cognitotest.Option) {
	p := cognitotest.New(t, append(opts,
		cognitotest.WithPool(cip.CreateUserPoolInput{
			AutoVerifiedAttributes: byEmail,
			DeviceConfiguration:    &types.DeviceConfigurationType{ChallengeRequiredOnNewDevice: true},
		}),
		cognitotest.WithMFA(authenticatorApps))...)
	t.Setenv("USERNAME", "ann")
	t.Setenv("PASSWORD", "Correct-Horse-7")
	got := decode[map[string]any](t, converse(t, p, command...))
	want := map[string]any{
		"signed up": "UNCONFIRMED", "medium": "EMAIL", "confirmed": "CONFIRMED", "users": []any{"ann"},
		"wrong code":      "CodeMismatchException: Invalid verification code provided, please try again.",
		"first challenge": "MFA_SETUP", "can set up": []any{"SOFTWARE_TOKEN_MFA"},
		"wrong authenticator code": "EnableSoftwareTokenMFAException: Code mismatch",
		"verified":                 "SUCCESS", "second challenge": "SOFTWARE_TOKEN_MFA",
		"used code":  "ExpiredCodeException: Your software token has already been used once.",
		"mismatch":   "CodeMismatchException: Invalid code received for user",
		"factors":    []any{"SOFTWARE_TOKEN_MFA"},
		"new device": p.Region,
		"deleted":    "UserNotFoundException: User does not exist.",
	}
	maps.Copy(want, device)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}
