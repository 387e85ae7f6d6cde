package real_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
	"github.com/cognitotest/cognito/jwks"
	"github.com/cognitotest/cognito/real"
)

var regions atomic.Int32

// quick are rates that slow no test down.
func quick() map[fake.Category]float64 {
	rates := map[fake.Category]float64{}
	for _, operation := range []string{
		"InitiateAuth", "SignUp", "ChangePassword", "GetUser", "AdminDeleteUser", "RevokeToken", "ListDevices", "ConfirmDevice",
		"ListUsers", "DescribeUserPool", "CreateUserPool", "ListGroups", "CreateGroup", "ListUserPoolClients", "CreateUserPoolClient",
	} {
		rates[fake.CategoryOf(operation)] = 1e6
	}
	return rates
}

// account plays an account of AWS.
type account struct {
	*fake.Server
	config aws.Config
}

func newAccount(t *testing.T) *account {
	t.Helper()
	region := fmt.Sprintf("xx-test-%d", regions.Add(1)) // of its own, and so with a budget of its own
	s := fake.NewServer(fake.Config{Region: region, AWSIssuer: true, Logf: t.Logf})
	url, err := s.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &account{s, aws.Config{
		Region: region, BaseEndpoint: &url, Credentials: aws.CredentialsProviderFunc(credentials),
	}}
}

func credentials(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: "AKIAEXAMPLE", SecretAccessKey: "secret"}, nil
}

// client is an SDK client of somebody else.
func (a *account) client() *cip.Client { return cip.NewFromConfig(a.config) }

// backend is the account as tests see it.
func (a *account) backend(t *testing.T, edit ...func(*real.Config)) cognitotest.Option {
	t.Helper()
	c := real.Config{AWS: &a.config, Rates: quick(), MaxPause: 50 * time.Millisecond, Logf: t.Logf}
	for _, f := range edit {
		f(&c)
	}
	b, err := real.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return cognitotest.WithBackend(b)
}

func guest(poolID, clientID string) func(*real.Config) {
	return func(c *real.Config) { c.PoolID, c.ClientID = poolID, clientID }
}

// setEnv makes the account that of the environment.
func (a *account) setEnv(t *testing.T) {
	t.Setenv("COGNITOTEST_REAL", "1")
	t.Setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", *a.config.BaseEndpoint)
	t.Setenv("AWS_REGION", a.config.Region)
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	t.Setenv("AWS_SESSION_TOKEN", "")
}

// pools counts the pools of the account.
func (a *account) pools(t *testing.T) int {
	t.Helper()
	out, err := a.client().ListUserPools(t.Context(), &cip.ListUserPoolsInput{MaxResults: aws.Int32(60)})
	if err != nil {
		t.Fatal(err)
	}
	return len(out.UserPools)
}

func TestAPoolOfItsOwn(t *testing.T) {
	a := newAccount(t)
	a.setEnv(t)
	t.Run("test", func(t *testing.T) {
		cog := cognitotest.New(t, real.FromEnv())
		ann := cog.NewUser(t, cognitotest.Groups("admins"))
		if _, err := jwks.Fetch(t.Context(), cog.HTTPClient(), cog.JWKSURL); err != nil || !strings.HasPrefix(cog.Issuer, "https://cognito-idp."+a.config.Region+".amazonaws.com/"+a.config.Region+"_") {
			t.Errorf("keys of %s: %v", cog.Issuer, err)
		}
		if ann.AccessToken(t) == "" {
			t.Error("no token")
		}
		out, err := a.client().DescribeUserPool(t.Context(), &cip.DescribeUserPoolInput{UserPoolId: &cog.PoolID})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := out.UserPool.UserPoolTags[cognitotest.MarkTag], *out.UserPool.Name; got != want || !strings.HasPrefix(got, "cognitotest-") {
			t.Errorf("tag %q, name %q; want the same mark", got, want)
		}
	})
	if n := a.pools(t); n != 0 {
		t.Errorf("%d pools are left", n)
	}
}

func TestAGuest(t *testing.T) {
	a := newAccount(t)
	pool, err := a.client().CreateUserPool(t.Context(), &cip.CreateUserPoolInput{PoolName: aws.String("theirs")})
	if err != nil {
		t.Fatal(err)
	}
	id := *pool.UserPool.Id
	host := a.backend(t, guest(id, ""))
	t.Run("test", func(t *testing.T) {
		cog := cognitotest.New(t, host)
		if cog.PoolID != id {
			t.Errorf("pool = %s, want %s", cog.PoolID, id)
		}
		ann := cog.NewUser(t, cognitotest.Groups("admins"))
		cog.NewGroup(t, "testers")
		if ann.AccessToken(t) == "" {
			t.Error("no token")
		}
	})
	ctx := context.Background()
	users, err := a.client().ListUsers(ctx, &cip.ListUsersInput{UserPoolId: &id})
	if err != nil || len(users.Users) > 0 {
		t.Errorf("users %v are left, error %v", users.Users, err)
	}
	groups, err := a.client().ListGroups(ctx, &cip.ListGroupsInput{UserPoolId: &id})
	if err != nil || len(groups.Groups) > 0 {
		t.Errorf("groups %v are left, error %v", groups.Groups, err)
	}
	clients, err := a.client().ListUserPoolClients(ctx, &cip.ListUserPoolClientsInput{UserPoolId: &id})
	if err != nil || len(clients.UserPoolClients) > 0 {
		t.Errorf("app clients %v are left, error %v", clients.UserPoolClients, err)
	}
	if n := a.pools(t); n != 1 {
		t.Errorf("%d pools, want theirs", n)
	}
}
