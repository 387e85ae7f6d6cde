package fake_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake"
)

// exported returns the state of a server.
func exported(t testing.TB, s *fake.Server) string {
	t.Helper()
	var b bytes.Buffer
	if err := s.Export(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// imported returns a server with the state of a document.
func imported(t testing.TB, document string) *fake.Server {
	t.Helper()
	s := fake.NewServer(fake.Config{})
	t.Cleanup(func() { s.Close() })
	if err := s.Import(strings.NewReader(document)); err != nil {
		t.Fatal(err)
	}
	return s
}

const smallFixture = `{
  "version": 1,
  "pools": [{
    "id": "us-east-1_Small0001",
    "settings": {"AutoVerifiedAttributes": ["email"]},
    "clients": [{"id": "small", "settings": {"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]}}],
    "groups": [{"name": "admins", "precedence": 1}],
    "users": [
      {"username": "ann", "password": "Correct-Horse-7", "attributes": {"email": "ann@example.com", "email_verified": "true"}, "groups": ["admins"]},
      {"username": "bob"}
    ]
  }]
}`

func TestImportOfAFewLines(t *testing.T) {
	s, ctx := imported(t, smallFixture), context.Background()
	out, err := s.API().InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId: aws.String("small"), AuthFlow: types.AuthFlowTypeUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": "ann", "PASSWORD": "Correct-Horse-7"},
	})
	if err != nil || out.AuthenticationResult == nil {
		t.Fatalf("signing in: %+v, %v", out, err)
	}
	groups, err := s.API().AdminListGroupsForUser(ctx, &cip.AdminListGroupsForUserInput{UserPoolId: aws.String("us-east-1_Small0001"), Username: aws.String("ann")})
	if err != nil || len(groups.Groups) != 1 {
		t.Errorf("groups: %v, %v; want one", groups, err)
	}
}

func TestExportOfAnImport(t *testing.T) {
	first := exported(t, imported(t, smallFixture))
	if again := exported(t, imported(t, first)); again != first {
		t.Errorf("got %s, want %s", again, first)
	}
}
