package fake_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const goldenFile = "testdata/wire.golden"

// exchanges are calls of the JSON API whose answers the golden file holds. %POOL and %CLIENT stand
// for the ids of the pool and of the client with a secret.
var exchanges = []struct{ operation, body string }{
	{"CreateUserPool", `{"PoolName":"demo","AutoVerifiedAttributes":["email"],"UserPoolTags":{"team":"blue"}}`},
	{"CreateUserPoolClient", `{"UserPoolId":"%POOL","ClientName":"demo","GenerateSecret":true,"ExplicitAuthFlows":["ALLOW_ADMIN_USER_PASSWORD_AUTH","ALLOW_REFRESH_TOKEN_AUTH"]}`},
	{"DescribeUserPool", `{"UserPoolId":"%POOL"}`},
	{"DescribeUserPoolClient", `{"UserPoolId":"%POOL","ClientId":"%CLIENT"}`},
	{"ListUserPools", `{"MaxResults":10}`},
	{"ListUserPoolClients", `{"UserPoolId":"%POOL"}`},
	{"GetUserPoolMfaConfig", `{"UserPoolId":"%POOL"}`},
	{"AdminCreateUser", `{"UserPoolId":"%POOL","Username":"ann","TemporaryPassword":"Temporary-1","UserAttributes":[{"Name":"email","Value":"ann@example.com"},{"Name":"email_verified","Value":"True"}],"DesiredDeliveryMediums":["EMAIL"]}`},
	{"AdminGetUser", `{"UserPoolId":"%POOL","Username":"ann"}`},
	{"CreateGroup", `{"UserPoolId":"%POOL","GroupName":"admins","Description":"all of it","Precedence":1,"RoleArn":"arn:aws:iam::123456789012:role/admin"}`},
	{"AdminAddUserToGroup", `{"UserPoolId":"%POOL","Username":"ann","GroupName":"admins"}`},
	{"AdminListGroupsForUser", `{"UserPoolId":"%POOL","Username":"ann"}`},
	{"ListUsersInGroup", `{"UserPoolId":"%POOL","GroupName":"admins"}`},
	{"ListUsers", `{"UserPoolId":"%POOL","Filter":"email ^= \"ann\"","AttributesToGet":["email"]}`},
	{"AdminInitiateAuth", `{"UserPoolId":"%POOL","ClientId":"%CLIENT","AuthFlow":"ADMIN_USER_PASSWORD_AUTH","AuthParameters":{"USERNAME":"ann","PASSWORD":"Temporary-1"}}`},
	{"InitiateAuth", `{"ClientId":"%CLIENT","AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":{}}`},
	{"SignUp", `{"ClientId":"%CLIENT","Username":"","Password":"x"}`},
	{"ForgotPassword", `{"ClientId":"nosuchclient","Username":"ann"}`},
	{"GetUser", `{}`},
	{"ListTagsForResource", `{"ResourceArn":"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/%POOL"}`},
	{"AdminDeleteUser", `{"UserPoolId":"%POOL","Username":"ann"}`},
	{"DeleteUserPool", `{"UserPoolId":"%POOL"}`},
	{"DescribeUserPool", `{"UserPoolId":"%POOL"}`},
	{"GetCSVHeader", `{"UserPoolId":"%POOL"}`},
}

// TestGolden shows each change of what goes over the wire as a diff of the golden file.
func TestGolden(t *testing.T) {
	s := newServer(t, fake.Config{Seed: 1, Now: func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC) }})
	const pool, client = "eu-west-1_AbCdEfGhI", "38fjsnc484p94kpqsnet7mpld0"
	s.PinIDs(pool, client)
	var got strings.Builder
	for _, e := range exchanges {
		body := strings.NewReplacer("%POOL", pool, "%CLIENT", client).Replace(e.body)
		w := call(t, s, e.operation, body, "Authorization", signature)
		fmt.Fprintf(&got, "> %s %s\n< %d %s\n\n", e.operation, body, w.StatusCode, readable(bodyOf(t, w)))
	}
	if *update {
		if err := os.WriteFile(goldenFile, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(goldenFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("the wire differs from %s; if that is wanted, run go test ./fake -run TestGolden -update (-want +got):\n%s", goldenFile, diff)
	}
}

var random = regexp.MustCompile(`"(AccessToken|IdToken|RefreshToken|Session)":"[^"]*"`)

// readable masks what no seed fixes: what is signed or encrypted.
func readable(body string) string { return random.ReplaceAllString(body, `"$1":"…"`) }
