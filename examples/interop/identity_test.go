package interop

import (
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
)

// identitySDK is the SDK of browser apps: SRP, and a user's own calls.
const identitySDK = "amazon-cognito-identity-js"

func TestIdentitySDK(t *testing.T) {
	node := needNode(t, identitySDK)
	p := cognitotest.New(t)
	u := p.NewUser(t, cognitotest.Username("ann"), cognitotest.Email("ann@example.com"))
	setCredentials(t, u)
	got := decode[map[string]any](t, converse(t, p, node, "node/identity.js"))
	want := map[string]any{
		"wrong":       "NotAuthorizedException: Incorrect username or password.",
		"username":    "ann",
		"refreshed":   true,
		"attributes":  []any{"sub=" + u.Sub, "email=ann@example.com", "email_verified=true"},
		"destination": "a***@e***",
		"wrongCode":   "CodeMismatchException: Invalid verification code provided, please try again.",
		"oldPassword": "NotAuthorizedException: Incorrect username or password.",
		"again":       "ann",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

func TestIdentitySDKWithMFA(t *testing.T) {
	node := needNode(t, identitySDK, "otpauth")
	p := cognitotest.New(t, cognitotest.WithMFA(cip.SetUserPoolMfaConfigInput{
		MfaConfiguration:              types.UserPoolMfaTypeOn,
		SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
		SmsMfaConfiguration:           smsCodes,
	}))
	setCredentials(t, p.NewUser(t, cognitotest.Username("ann")))
	got := decode[map[string]any](t, converse(t, p, node, "node/identity-mfa.js"))
	want := map[string]any{
		"first challenge":          "MFA_SETUP",
		"wrong authenticator code": "EnableSoftwareTokenMFAException: Code mismatch",
		"set up":                   "ann",
		"second challenge":         "SOFTWARE_TOKEN_MFA",
		"used code":                "ExpiredCodeException: Your software token has already been used once.",
		"mismatch":                 "CodeMismatchException: Invalid code received for user",
		"by authenticator":         "ann",
		"third challenge":          "SMS_MFA",
		"wrong SMS code":           "CodeMismatchException: Invalid code or auth state for the user.",
		"by SMS":                   "ann",
		"factors":                  []any{"SMS_MFA", "SOFTWARE_TOKEN_MFA"},
		"fourth challenge":         "SELECT_MFA_TYPE",
		"chosen":                   "SMS_MFA",
		"by choice":                "ann",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}
