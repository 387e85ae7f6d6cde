package interop

import (
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
)

// TestUserWhoNeedsMFA is the scenario "sign up a user who needs MFA", which AWS publishes for its
// SDKs, without its devices.
func TestUserWhoNeedsMFA(t *testing.T) {
	for language, command := range map[string]func(*testing.T) []string{
		"Python":     func(t *testing.T) []string { return []string{needPython(t, "boto3, pyotp"), "python/mfa.py"} },
		"JavaScript": func(t *testing.T) []string { return []string{needNode(t, sdkv3, "otpauth"), "node/mfa.js"} },
		"Java":       func(t *testing.T) []string { return onJVM(t, "java", "Mfa") },
		"Kotlin":     func(t *testing.T) []string { return onJVM(t, "kotlin", "Mfa") },
	} {
		for client, opts := range clients {
			t.Run(language+"/"+client, func(t *testing.T) {
				userWhoNeedsMFA(t, command(t), opts)
			})
		}
	}
}

const sdkv3 = "@aws-sdk/client-cognito-identity-provider"

// authenticatorApps requires a second factor, which is an authenticator app.
var authenticatorApps = cip.SetUserPoolMfaConfigInput{
	MfaConfiguration:              types.UserPoolMfaTypeOn,
	SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
}

// userWhoNeedsMFA runs a program of the scenario, and checks what its steps were answered.
func userWhoNeedsMFA(t *testing.T, command []string, opts []cognitotest.Option) {
	p := cognitotest.New(t, append(opts,
		cognitotest.WithPool(cip.CreateUserPoolInput{AutoVerifiedAttributes: byEmail}),
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
		"used code": "ExpiredCodeException: Your software token has already been used once.",
		"mismatch":  "CodeMismatchException: Invalid code received for user",
		"factors":   []any{"SOFTWARE_TOKEN_MFA"},
		"deleted":   "UserNotFoundException: User does not exist.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}
