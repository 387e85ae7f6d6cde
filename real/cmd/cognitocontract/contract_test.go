//go:build contract

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/cognitotest/cognito/fake"
)

// TestOnTheFake has the command run the contract on a fake that plays AWS and has higher rates, which takes two
// minutes, since some behaviours wait for one: all must hold, nothing may be answered otherwise than in memory, and
// no pool may be left.
func TestOnTheFake(t *testing.T) {
	server := fake.NewServer(fake.Config{AWSIssuer: true})
	url, err := server.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	for name, value := range map[string]string{
		"COGNITOTEST_POOL_ID": "", "COGNITOTEST_CLIENT_ID": "", "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": url, "AWS_REGION": server.Region(),
		"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "", "COGNITOTEST_RATES": "1000",
	} {
		t.Setenv(name, value)
	}
	out := filepath.Join(t.TempDir(), "report.md")
	if status := run(t.Context(), []string{"-o", out, "-parallel", "64"}, os.Stderr); status != 0 {
		t.Errorf("exit status = %d, want 0", status)
	}
	report, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if _, told, _ := strings.Cut(string(report), "## Differences"); strings.Contains(told, "### ") {
		t.Errorf("the report tells of differences:\n%s", report)
	}
	left, err := server.API().ListUserPools(t.Context(), &cip.ListUserPoolsInput{MaxResults: aws.Int32(60)})
	if err != nil {
		t.Fatal(err)
	}
	for _, pool := range left.UserPools {
		t.Errorf("pool %s, %s, is left", *pool.Id, *pool.Name)
	}
}
