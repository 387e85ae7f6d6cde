package real_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
	"github.com/cognitotest/cognito/real"
)

// deny refuses an operation, of one pool or of all, as IAM does.
func (a *account) deny(operation, poolID string) {
	a.Inject(fake.Fault{Operations: []string{operation}, UserPoolID: poolID, Err: &smithy.GenericAPIError{
		Code: "AccessDeniedException", Message: "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: cognito-idp:" + operation,
	}})
}

// closedPort is an address at which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String()
}

// TestMessages sees that what is missing or wrong gets a message that says what to do.
func TestMessages(t *testing.T) {
	for _, test := range []struct {
		why  string
		edit func(*account, *real.Config)
		want string
	}{
		{"no region", func(_ *account, c *real.Config) { c.AWS.Region = "" }, "set AWS_REGION"},
		{"no credentials", func(_ *account, c *real.Config) { c.AWS.Credentials = nil }, "set AWS_PROFILE, or AWS_ACCESS_KEY_ID"},
		{"credentials that cannot be had", func(_ *account, c *real.Config) {
			c.AWS.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{}, errors.New("the session has ended")
			})
		}, "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: the session has ended"},
		{"credentials that AWS does not know", func(a *account, c *real.Config) {
			a.Inject(fake.Fault{Err: &smithy.GenericAPIError{Code: "UnrecognizedClientException", Message: "The security token included in the request is invalid."}})
		}, "AWS does not accept the credentials"},
		{"credentials that have expired", func(a *account, c *real.Config) {
			a.Inject(fake.Fault{Err: &smithy.GenericAPIError{Code: "ExpiredTokenException", Message: "The security token included in the request is expired"}})
		}, "aws sso login"},
		{"no permission", func(a *account, c *real.Config) { a.deny("ListUserPools", "") }, "may not call cognito-idp:ListUserPools"},
		{"nobody there", func(a *account, c *real.Config) {
			url := closedPort(t)
			c.AWS.BaseEndpoint = &url
		}, "cannot be reached in region"},
		{"another region's pool", func(_ *account, c *real.Config) { c.PoolID = "eu-west-3_AbCdEfGhI" }, "set AWS_REGION=eu-west-3"},
		{"no such pool", func(a *account, c *real.Config) { c.PoolID = a.config.Region + "_AbCdEfGhI" },
			"check COGNITOTEST_POOL_ID, AWS_REGION and AWS_PROFILE against: aws cognito-idp list-user-pools"},
		{"no such app client", func(a *account, c *real.Config) {
			c.PoolID, c.ClientID = a.theirPool(t), "abcdefghijklmnopqrstuvwxyz"
		}, "against: aws cognito-idp list-user-pool-clients"},
		{"an app client without its pool", func(a *account, c *real.Config) { c.ClientID = "abcdefghijklmnopqrstuvwxyz" }, "set COGNITOTEST_POOL_ID"},
	} {
		t.Run(test.why, func(t *testing.T) {
			a := newAccount(t)
			conf := a.config.Copy()
			c := real.Config{AWS: &conf, Rates: quick()}
			test.edit(a, &c)
			_, err := real.New(t.Context(), c)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error = %v\nwant one line with %q", err, test.want)
			}
		})
	}
}

// TestLaterMessages sees the messages of what is found later.
func TestLaterMessages(t *testing.T) {
	t.Run("no permission to make users", func(t *testing.T) {
		a := newAccount(t)
		cog := cognitotest.New(t, a.backend(t))
		a.deny("AdminCreateUser", "")
		wantFailure(t, "may not call cognito-idp:AdminCreateUser", func(t cognitotest.TB) { cog.NewUser(t) })
	})
	t.Run("an app client that lacks a flow", func(t *testing.T) {
		a := newAccount(t)
		poolID := a.theirPool(t)
		client, err := a.API().CreateUserPoolClient(t.Context(), &cip.CreateUserPoolClientInput{
			UserPoolId: &poolID, ClientName: aws.String("theirs"),
			ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowUserSrpAuth},
		})
		if err != nil {
			t.Fatal(err)
		}
		cog := cognitotest.New(t, a.backend(t, guest(poolID, *client.UserPoolClient.ClientId)))
		ann := cog.NewUser(t)
		wantFailure(t, "aws cognito-idp update-user-pool-client --region "+a.config.Region+" --user-pool-id "+poolID, func(t cognitotest.TB) { ann.Tokens(t) })
		ann.SignInSRP(t) // which the client allows
	})
	t.Run("something that cannot be deleted", func(t *testing.T) {
		a := newAccount(t)
		cog := cognitotest.New(t, a.backend(t))
		a.deny("AdminDeleteUser", "")
		wantFailure(t, "it is left, remove it with: aws cognito-idp admin-delete-user --region "+a.config.Region, func(t cognitotest.TB) { cog.NewUser(t) })
	})
	t.Run("a full account", func(t *testing.T) {
		a := newAccount(t)
		host := a.backend(t)
		a.Inject(fake.Fault{Operations: []string{"CreateUserPool"}, Err: &types.LimitExceededException{Message: aws.String("…")}})
		wantFailure(t, "cognitosweep -older-than 2h", func(t cognitotest.TB) { cognitotest.New(t, host) })
		if n := len(a.Calls("CreateUserPool")); n != 1 {
			t.Errorf("CreateUserPool was sent %d times, want once: there is no room later either", n)
		}
	})
	t.Run("a full pool", func(t *testing.T) {
		a := newAccount(t)
		poolID := a.theirPool(t)
		host := a.backend(t, guest(poolID, ""))
		a.Inject(fake.Fault{Operations: []string{"CreateUserPoolClient"}, Err: &types.LimitExceededException{Message: aws.String("…")}})
		wantFailure(t, "cognitosweep -older-than 2h -pool "+poolID, func(t cognitotest.TB) { cognitotest.New(t, host) })
	})
	t.Run("a limit of an operation whose model does not name it", func(t *testing.T) {
		a := newAccount(t)
		cog := cognitotest.New(t, a.backend(t))
		a.Inject(fake.Fault{Operations: []string{"AdminAddUserToGroup"}, Err: &smithy.GenericAPIError{Code: "LimitExceededException", Message: "…"}})
		wantFailure(t, "LimitExceededException", func(t cognitotest.TB) { cog.NewUser(t, cognitotest.Groups("testers")) })
		if n := len(a.Calls("AdminAddUserToGroup")); n != 1 {
			t.Errorf("AdminAddUserToGroup was sent %d times, want once", n)
		}
	})
}

// TestRatesFromEnv sees which shares of the account's rates a process may be given.
func TestRatesFromEnv(t *testing.T) {
	newAccount(t).setEnv(t)
	for _, row := range []struct {
		why, rates string
		want       float64 // users made in a second, 0 where the setting is refused
	}{
		{"a quarter", "0.25", 12.5},
		{"higher quotas", "3", 150},
		{"no number", "half", 0},
		{"nothing", "0", 0},
		{"less than that", "-1", 0},
		{"not a number", "NaN", 0},
		{"no limit", "Inf", 0},
	} {
		t.Setenv("COGNITOTEST_RATES", row.rates)
		c := real.ConfigFromEnv()
		if got := c.Rates[fake.UserCreation]; got != row.want {
			t.Errorf("%s: rate %g, want %g", row.why, got, row.want)
		}
		_, err := real.New(t.Context(), c)
		if refused := err != nil && strings.Contains(err.Error(), "COGNITOTEST_RATES is"); refused != (row.want == 0) || !refused && err != nil {
			t.Errorf("%s: error = %v, want it refused: %t", row.why, err, row.want == 0)
		}
	}
}
