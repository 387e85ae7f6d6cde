package cognitotest_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/cognitotest/cognito/cognitotest"
)

// file writes a fixture.
func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "fixture.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const few = `{"version": 1, "pools": [{
	"mfa": {"MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": {"Enabled": true}},
	"users": [
		{"username": "ann", "password": "Correct-Horse-7"},
		{"username": "bob", "password": "Correct-Horse-8", "totp": {"secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"},
		 "enabledFactors": ["SOFTWARE_TOKEN_MFA"]}]}]}`

func TestUsersOfAFixtureSignIn(t *testing.T) {
	cog := cognitotest.New(t, cognitotest.Fixture(file(t, few)))
	for _, name := range []string{"ann", "bob"} {
		if cog.User(t, name).Tokens(t).AccessToken == "" {
			t.Errorf("%s has no token", name)
		}
	}
	fork := cog.Fork(t)
	if fork.User(t, "ann").Tokens(t).AccessToken == "" {
		t.Error("ann of the fork has no token")
	}
}

func TestUsersOfAFixtureStay(t *testing.T) {
	cog := cognitotest.New(t, cognitotest.Fixture(file(t, few)))
	t.Run("first", func(t *testing.T) { cog.User(t, "ann") })
	t.Run("second", func(t *testing.T) { cog.User(t, "ann").Tokens(t) })
}

func TestAFixtureNamesByAddress(t *testing.T) {
	cog := cognitotest.New(t, cognitotest.Fixture(file(t, `{"version": 1, "pools": [{
		"settings": {"UsernameAttributes": ["email"]}, "users": [{"username": "ann@example.com", "password": "Correct-Horse-7"}]}]}`)))
	ann := cog.User(t, "ann@example.com")
	if ann.Tokens(t); ann.Username != ann.Sub || ann.Email != "ann@example.com" {
		t.Errorf("ann is %s of %s, sub %s", ann.Username, ann.Email, ann.Sub)
	}
}

func TestTheProviderIsTheFirstPoolAndClient(t *testing.T) {
	cog := cognitotest.New(t, cognitotest.Fixture(file(t, `{"version": 1, "pools": [
		{"id": "eu-west-1_Second001", "clients": [{"id": "zzz", "settings": {"GenerateSecret": true}}, {"id": "aaa"}]},
		{"id": "eu-west-1_First0001"}]}`)))
	if cog.PoolID != "eu-west-1_Second001" || cog.ClientID != "zzz" || cog.Region != "eu-west-1" || len(cog.ClientSecret) != 51 {
		t.Errorf("pool %s, client %s with secret %q in %s", cog.PoolID, cog.ClientID, cog.ClientSecret, cog.Region)
	}
}

func TestIDsThatAFixtureLeavesOpen(t *testing.T) {
	cog := cognitotest.New(t, cognitotest.Fixture(file(t, `{"version": 1, "pools": [{"name": "first", "clients": [{"name": "one"}, {}]}, {}]}`)))
	out, err := cog.Client().DescribeUserPool(context.Background(), &cip.DescribeUserPoolInput{UserPoolId: &cog.PoolID})
	if err != nil || *out.UserPool.Name != "first" {
		t.Errorf("the pool: %+v, %v; want the first", out, err)
	}
	app, err := cog.Client().DescribeUserPoolClient(context.Background(), &cip.DescribeUserPoolClientInput{UserPoolId: &cog.PoolID, ClientId: &cog.ClientID})
	if err != nil || *app.UserPoolClient.ClientName != "one" {
		t.Errorf("the app client: %+v, %v; want the first", app, err)
	}
}

func TestFixturesThatCannotBe(t *testing.T) {
	good := file(t, few)
	for _, test := range []struct {
		reason, want string
		opts         []cognitotest.Option
	}{
		{"no file", "nowhere.json: no such file", []cognitotest.Option{cognitotest.Fixture("nowhere.json")}},
		{"no JSON", "fixture.json: cognitotest: import: line 1, column 2: ", []cognitotest.Option{cognitotest.Fixture(file(t, "{x"))}},
		{"no pool", "fixture.json: there is no pool in it", []cognitotest.Option{cognitotest.Fixture(file(t, `{"version": 1}`))}},
		{"settings twice", "leave WithPool, WithMFA and WithPasskeys out", []cognitotest.Option{cognitotest.Fixture(good), cognitotest.WithPasskeys("example.com")}},
		{"a client twice", "leave WithAppClient and WithClientSecret out", []cognitotest.Option{cognitotest.WithClientSecret(), cognitotest.Fixture(file(t, `{"version": 1, "pools": [{"clients": [{}]}]}`))}},
		{"another region", "the pool stands in eu-west-1: leave the region us-east-1 out", []cognitotest.Option{cognitotest.WithRegion("us-east-1"), cognitotest.Fixture(file(t, `{"version": 1, "pools": [{"id": "eu-west-1_a"}]}`))}},
		{"a real pool", "a real pool takes no Fixture", []cognitotest.Option{cognitotest.Fixture(good), cognitotest.WithBackend(backend{cognitotest.New(t)})}},
	} {
		t.Run(test.reason, func(t *testing.T) {
			p, err := cognitotest.Start(context.Background(), test.opts...)
			if err == nil {
				p.Close(context.Background())
				t.Fatal("no error")
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}
