package fake_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

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

// testdata returns a file of testdata.
func testdata(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
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

var updateFixture = flag.Bool("update-fixture", false, "write testdata/full.golden.json anew")

// TestFormat keeps the format: what a version has written, the next one reads, and writes the same.
func TestFormat(t *testing.T) {
	got := exported(t, imported(t, testdata(t, "full.json")))
	if *updateFixture {
		if err := os.WriteFile("testdata/full.golden.json", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden := testdata(t, "full.golden.json")
	if d := cmp.Diff(golden, got); d != "" {
		t.Errorf("export of full.json (-golden +got):\n%s", d)
	}
	if d := cmp.Diff(golden, exported(t, imported(t, golden))); d != "" {
		t.Errorf("export of the golden file (-golden +got):\n%s", d)
	}
}

func TestImportMovesTheClock(t *testing.T) {
	moment := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	s := imported(t, `{"version": 1, "clock": {"frozen": "2030-01-02T03:04:05Z"}}`)
	if got := s.Now(); !got.Equal(moment) {
		t.Errorf("now is %v, want %v", got, moment)
	}
	if got := exported(t, s); !strings.Contains(got, `"frozen": "2030-01-02T03:04:05Z"`) {
		t.Errorf("export: %s", got)
	}
}

func TestImportLeavesTheClock(t *testing.T) {
	s := imported(t, `{"version": 1, "clock": {"frozen": "2030-01-02T03:04:05Z"}, "pools": [{"users": [{"username": "ann"}]}]}`)
	if err := s.Import(strings.NewReader(smallFixture)); err != nil {
		t.Fatal(err)
	}
	state := exported(t, s)
	if got := strings.Count(state, `"created": "2030-01-02T03:04:05Z"`); got != 7 {
		t.Errorf("%d dates of the frozen clock, want those of two pools, three users, an app client and a group:\n%s", got, state)
	}
}

// TestTriggersOfEveryTier gives pools of each tier every trigger: what a pool takes is also what it can be
// exported and imported with.
func TestTriggersOfEveryTier(t *testing.T) {
	const beyond = "The following features need to be disabled for the LITE pricing tier configured: Token Customization with Pre-Token Generation Lambda V2_0"
	for _, tier := range types.UserPoolTierType("").Values() {
		for _, source := range []fake.TriggerSource{
			fake.PreSignUp, fake.PreTokenGeneration, fake.PreTokenGenerationV2, fake.PreTokenGenerationV3, fake.UserMigration,
			fake.CustomMessage, fake.DefineAuthChallenge, fake.CustomEmailSender, fake.CustomSMSSender, fake.InboundFederation,
		} {
			s := imported(t, fmt.Sprintf(`{"version": 1, "pools": [{"id": "us-east-1_a", "settings": {"UserPoolTier": %q}}]}`, tier))
			err := s.HandleTrigger("us-east-1_a", source, nil)
			refused := tier == types.UserPoolTierTypeLite && (source == fake.PreTokenGenerationV2 || source == fake.PreTokenGenerationV3)
			if got := codeOf(err); refused != (got == "FeatureUnavailableInTierException") || refused != (err != nil && strings.Contains(err.Error(), beyond)) {
				t.Errorf("%s in %s: %v", source, tier, err)
			}
			imported(t, exported(t, s))
		}
	}
}

func TestTokensOfBeforeAreOfNoUse(t *testing.T) {
	s, ctx := imported(t, smallFixture), context.Background()
	out, err := s.API().InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId: aws.String("small"), AuthFlow: types.AuthFlowTypeUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": "ann", "PASSWORD": "Correct-Horse-7"},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = imported(t, exported(t, s)).API().GetUser(ctx, &cip.GetUserInput{AccessToken: out.AuthenticationResult.AccessToken})
	if err == nil || !strings.Contains(err.Error(), "NotAuthorizedException") {
		t.Errorf("GetUser: %v, want NotAuthorizedException", err)
	}
}
