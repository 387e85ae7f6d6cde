package interop

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/cognitotest/cognito/cognitotest"
)

func TestNodeStatesOfAnAccount(t *testing.T) {
	node := needNode(t, "aws-sdk")
	p := cognitotest.New(t, cognitotest.WithPool(cip.CreateUserPoolInput{
		Schema: []types.SchemaAttributeType{{Name: aws.String("email"), Required: aws.Bool(true), Mutable: aws.Bool(true)}},
	}))
	out, err := run(t, p, node, "node/states.js")
	if err != nil {
		t.Fatal(err)
	}
	got := decode[struct {
		Created, Temporary, Permanent string
		WithoutEmail, WithEmail       authAnswer
		Tokens                        struct{ AccessToken, RefreshToken, IdToken string }
	}](t, out)
	if got.Created != "FORCE_CHANGE_PASSWORD" || got.Temporary != "FORCE_CHANGE_PASSWORD" || got.Permanent != "CONFIRMED" {
		t.Errorf("states = %s, %s, %s; want FORCE_CHANGE_PASSWORD twice, then CONFIRMED", got.Created, got.Temporary, got.Permanent)
	}
	for name, test := range map[string]struct {
		answer authAnswer
		want   string
	}{
		"without e-mail": {got.WithoutEmail, `["userAttributes.email"]`},
		"with e-mail":    {got.WithEmail, `[]`},
	} {
		if c := test.answer; c.ChallengeName != "NEW_PASSWORD_REQUIRED" || c.ChallengeParameters["requiredAttributes"] != test.want {
			t.Errorf("%s: %s, requiredAttributes %s; want NEW_PASSWORD_REQUIRED, %s", name, c.ChallengeName, c.ChallengeParameters["requiredAttributes"], test.want)
		}
	}
	if got.Tokens.AccessToken == "" || got.Tokens.RefreshToken == "" || got.Tokens.IdToken == "" {
		t.Errorf("a token is missing in %+v", got.Tokens)
	}
}
