package interop

import (
	"bufio"
	"os"
	"os/exec"
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
)

// TestPythonUserWhoNeedsMFA is the scenario "sign up a user who needs MFA" without its devices.
func TestPythonUserWhoNeedsMFA(t *testing.T) {
	python := need(t, "python", "install Python")
	for name, opts := range clients {
		t.Run(name, func(t *testing.T) {
			p := cognitotest.New(t, append(opts,
				cognitotest.WithPool(cip.CreateUserPoolInput{AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail}}),
				cognitotest.WithMFA(cip.SetUserPoolMfaConfigInput{
					MfaConfiguration:              types.UserPoolMfaTypeOn,
					SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
				}))...)
			if _, err := run(t, p, python, "-c", "import boto3, pyotp"); err != nil {
				t.Skip("the packages are not installed: pip install -r examples/interop/requirements.txt")
			}
			t.Setenv("USERNAME", "ann")
			t.Setenv("PASSWORD", "Correct-Horse-7")
			got := decode[map[string]any](t, converse(t, p, python, "python/mfa.py"))
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
		})
	}
}

// converse runs a program that asks for ann's delivered code in its first line, and returns its
// second.
func converse(t *testing.T, p *cognitotest.Provider, program string, args ...string) string {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env, cmd.Stderr = append(os.Environ(), p.Env()...), os.Stderr
	in, errIn := cmd.StdinPipe()
	out, errOut := cmd.StdoutPipe()
	if errIn != nil || errOut != nil {
		t.Fatal(errIn, errOut)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	lines.Scan()
	if _, err := in.Write([]byte(p.User(t, "ann").Code(t) + "\n")); err != nil {
		t.Fatal(err)
	}
	lines.Scan()
	answer := lines.Text()
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	return answer
}
