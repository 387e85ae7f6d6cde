package interop

import (
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
)

// byEmail verifies e-mail addresses.
var byEmail = []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail}

func TestAmplify(t *testing.T) {
	node := needNode(t, "aws-amplify", "otpauth")
	p := cognitotest.New(t,
		cognitotest.WithPool(cip.CreateUserPoolInput{AutoVerifiedAttributes: byEmail}),
		cognitotest.WithMFA(authenticatorApps))
	t.Setenv("USERNAME", "ann")
	t.Setenv("PASSWORD", "Correct-Horse-7")
	got := decode[map[string]any](t, converse(t, p, node, "node/amplify.js"))
	want := map[string]any{
		"signed up":                "CONFIRM_SIGN_UP",
		"unconfirmed":              "CONFIRM_SIGN_UP",
		"wrong code":               "CodeMismatchException: Invalid verification code provided, please try again.",
		"confirmed":                "DONE",
		"wrong password":           "NotAuthorizedException: Incorrect username or password.",
		"first challenge":          "CONTINUE_SIGN_IN_WITH_TOTP_SETUP",
		"wrong authenticator code": "EnableSoftwareTokenMFAException: Code mismatch",
		"set up":                   "DONE",
		"second challenge":         "CONFIRM_SIGN_IN_WITH_TOTP_CODE",
		"used code":                "ExpiredCodeException: Your software token has already been used once.",
		"mismatch":                 "CodeMismatchException: Invalid code received for user",
		"signed in":                "DONE",
		"user":                     "ann",
		"email":                    "ann@example.com",
		"preference":               map[string]any{"enabled": []any{"TOTP"}},
		"refreshed":                true,
		"deleted":                  "UserNotFoundException: User does not exist.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}

func TestAmplifyChoice(t *testing.T) {
	node := needNode(t, "aws-amplify")
	p := cognitotest.New(t,
		cognitotest.WithPool(cip.CreateUserPoolInput{
			AutoVerifiedAttributes: byEmail,
			Policies: &types.UserPoolPolicyType{SignInPolicy: &types.SignInPolicyType{
				AllowedFirstAuthFactors: []types.AuthFactorType{types.AuthFactorTypePassword, types.AuthFactorTypeEmailOtp},
			}},
		}),
		cognitotest.WithAppClient(cip.CreateUserPoolClientInput{
			ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowUserAuth, types.ExplicitAuthFlowsTypeAllowRefreshTokenAuth},
		}))
	t.Setenv("USERNAME", "ann")
	t.Setenv("PASSWORD", "Correct-Horse-7")
	got := decode[map[string]any](t, converse(t, p, node, "node/amplify-choice.js"))
	want := map[string]any{
		"confirmed":           "COMPLETE_AUTO_SIGN_IN",
		"signed in with that": "DONE",
		"preferring a code":   "CONFIRM_SIGN_IN_WITH_EMAIL_CODE",
		"digits":              8.0,
		"wrong code":          "CodeMismatchException: Invalid code or auth state for the user.",
		"by code":             "DONE",
		"preferring nothing":  "CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION",
		"choice":              []any{"EMAIL_OTP", "PASSWORD", "PASSWORD_SRP"},
		"chosen":              "CONFIRM_SIGN_IN_WITH_EMAIL_CODE",
		"by choice":           "DONE",
		"wrong password":      "NotAuthorizedException: Incorrect username or password.",
		"by SRP":              "DONE",
		"by password":         "DONE",
		"user":                "ann",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}
