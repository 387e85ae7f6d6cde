package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// newPool makes the kind of pool that the program is for: e-mail addresses as user names, users
// made by administrators only, a client with a secret and one flow.
func newPool(t *testing.T) *cognitotest.Provider {
	p := cognitotest.New(t,
		cognitotest.WithPool(cip.CreateUserPoolInput{
			UsernameAttributes:    []types.UsernameAttributeType{types.UsernameAttributeTypeEmail},
			AdminCreateUserConfig: &types.AdminCreateUserConfigType{AllowAdminCreateUserOnly: true},
		}),
		cognitotest.WithAppClient(cip.CreateUserPoolClientInput{
			ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowAdminUserPasswordAuth},
		}),
		cognitotest.WithClientSecret())
	p.Setenv(t)
	return p
}

func TestPrintsAnAccessToken(t *testing.T) {
	p := newPool(t)
	var out, errs bytes.Buffer
	if err := run(context.Background(), []string{"-u", "ann@example.com", "-p", "Correct-Horse-7"}, &out, &errs); err != nil {
		t.Fatal(err)
	}
	token := strings.TrimSpace(out.String())
	got, err := p.Client().GetUser(context.Background(), &cip.GetUserInput{AccessToken: &token})
	if err != nil {
		t.Fatalf("the printed token: %v", err)
	}
	if sub := p.User(t, "ann@example.com").Sub; *got.Username != sub {
		t.Errorf("the token is of %s, want %s", *got.Username, sub)
	}
}

func TestUsage(t *testing.T) {
	for name, args := range map[string][]string{
		"nothing given":      nil,
		"the password alone": {"-p", "Correct-Horse-7"},
	} {
		t.Run(name, func(t *testing.T) {
			var out, errs bytes.Buffer
			if err := run(context.Background(), args, &out, &errs); !errors.Is(err, errUsage) {
				t.Errorf("error = %v, want %v", err, errUsage)
			}
			if !strings.Contains(errs.String(), "-u string") {
				t.Errorf("no usage in %q", errs.String())
			}
		})
	}
}
