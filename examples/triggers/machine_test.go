package triggers_test

import (
	"context"
	"encoding/json"
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/examples/triggers"
	"github.com/cognitotest/cognito/fake"
)

// newMachine makes the app client of a program that may read orders.
func newMachine(t *testing.T, cog *cognitotest.Provider) *cognitotest.AppClient {
	t.Helper()
	_, err := cog.Client().CreateResourceServer(context.Background(), &cip.CreateResourceServerInput{
		UserPoolId: &cog.PoolID, Identifier: aws.String("orders"), Name: aws.String("orders"),
		Scopes: []types.ResourceServerScopeType{{ScopeName: aws.String("read"), ScopeDescription: aws.String("reads")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return cog.NewAppClient(t, cognitotest.ClientSettings(cip.CreateUserPoolClientInput{
		GenerateSecret: true, AllowedOAuthFlowsUserPoolClient: true,
		AllowedOAuthFlows: []types.OAuthFlowType{types.OAuthFlowTypeClientCredentials}, AllowedOAuthScopes: []string{"orders/read"},
	}))
}

// tokenOf asks for a program's token, and returns it or the error.
func tokenOf(t *testing.T, cog *cognitotest.Provider, domain string, c *cognitotest.AppClient) (token, refused string) {
	t.Helper()
	answer, err := cog.HTTPClient().PostForm(domain+"/oauth2/token", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {c.ID}, "client_secret": {c.Secret}, "aws_client_metadata": {`{"job":"nightly"}`},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var said struct {
		Token string `json:"access_token"`
		Why   string `json:"error_description"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&said); err != nil {
		t.Fatal(err)
	}
	return said.Token, said.Why
}

func TestTokensOfProgramsTellWhoseTheyAre(t *testing.T) {
	machines := triggers.MachineClaims{Tenants: map[string]string{}}
	cog := cognitotest.New(t, cognitotest.WithTrigger(fake.PreTokenGenerationV3, fake.TriggerFunc(machines.PreTokenGenerationV3)))
	domain, machine := cog.Domain(t), newMachine(t, cog)

	if token, refused := tokenOf(t, cog, domain, machine); token != "" || refused != "PreTokenGeneration failed with error nobody has the app client "+machine.ID+"." {
		t.Errorf("a program that nobody knows: token %q, %q", token, refused)
	}
	machines.Tenants[machine.ID] = "acme"
	token, refused := tokenOf(t, cog, domain, machine)
	if token == "" {
		t.Fatal(refused)
	}
	want := map[string]any{"tenant": "acme", "job": "nightly", "sub": machine.ID, "scope": "orders/read"}
	if diff := cmp.Diff(want, claimsOf(t, cog, token, "tenant", "job", "sub", "scope", "cognito:groups")); diff != "" {
		t.Errorf("token of the program (-want +got):\n%s", diff)
	}
	ann := cog.NewUser(t, cognitotest.Groups("staff"))
	want = map[string]any{"cognito:groups": []any{"staff"}, "scope": "aws.cognito.signin.user.admin"}
	if diff := cmp.Diff(want, claimsOf(t, cog, ann.AccessToken(t), "tenant", "scope", "cognito:groups")); diff != "" {
		t.Errorf("token of ann (-want +got):\n%s", diff)
	}
}
