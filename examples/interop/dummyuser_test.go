package interop

import (
	"path/filepath"
	"strings"
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// dummyUserPool is a pool with e-mail addresses as user names, where only administrators make
// users, and a client with a secret and one flow.
func dummyUserPool(t *testing.T) *cognitotest.Provider {
	return cognitotest.New(t,
		cognitotest.WithPool(cip.CreateUserPoolInput{
			UsernameAttributes:    []types.UsernameAttributeType{types.UsernameAttributeTypeEmail},
			AdminCreateUserConfig: &types.AdminCreateUserConfigType{AllowAdminCreateUserOnly: true},
		}),
		cognitotest.WithAppClient(cip.CreateUserPoolClientInput{
			ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowAdminUserPasswordAuth},
		}),
		cognitotest.WithClientSecret())
}

// TestDummyUserProgram runs the example program, which uses version 2 of the AWS SDK for Go.
func TestDummyUserProgram(t *testing.T) {
	p := dummyUserPool(t)
	program := filepath.Join(t.TempDir(), "dummyuser")
	if out, err := run(t, p, need(t, "go", "the program is built here"), "build", "-C", "../..", "-o", program, "./examples/dummyuser"); err != nil {
		t.Fatal(out, err)
	}
	if _, err := run(t, p, program); err == nil || !strings.Contains(err.Error(), "exit status 1") || !strings.Contains(err.Error(), "-u string") {
		t.Errorf("without flags: %v; want usage and exit status 1", err)
	}
	out, err := run(t, p, program, "-u", "ann@example.com", "-p", "Correct-Horse-7")
	if err != nil {
		t.Fatal(err)
	}
	token := strings.TrimSpace(out)
	if _, err := p.Client().GetUser(t.Context(), &cip.GetUserInput{AccessToken: &token}); err != nil {
		t.Errorf("the printed token: %v", err)
	}
}
