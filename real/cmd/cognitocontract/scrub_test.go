package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

func TestScrub(t *testing.T) {
	for _, row := range []struct{ why, text, want string }{
		{"errors stay", "InvalidSmsRoleTrustRelationshipException: Role does not have a trust relationship", "InvalidSmsRoleTrustRelationshipException: Role does not have a trust relationship"},
		{"and names of settings", "AttributesRequireVerificationBeforeUpdate SOFTWARE_TOKEN_MFA_CODE phone_number_verified", "AttributesRequireVerificationBeforeUpdate SOFTWARE_TOKEN_MFA_CODE phone_number_verified"},
		{"and limits", "Member must have length less than or equal to 131072", "Member must have length less than or equal to 131072"},
		{"and what is masked", `"a***@e***" and "+*******0134"`, `"a***@e***" and "+*******0134"`},
		{"a pool", "User pool eu-central-1_AbCdEfGhI does not exist.", "User pool ‹pool› does not exist."},
		{"a pool of a partition", "us-gov-west-1_AbCdEfGhI", "‹pool›"},
		{"a client", "client 1example23456789abcdefghi7 gone", "client ‹client› gone"},
		{"a client without digits", "client abcdefghijklmnopqrstuvwxyz", "client ‹client›"},
		{"a client's secret that looks like words", "6u5p94mbjyfflvyt9jkqazbvcqyr84tm1xauupcbuyq93hqbtrs", "‹secret›"},
		{"an ARN", "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/x is not", "‹arn› is not"},
		{"an account", "in account 123456789012.", "in account ‹number›."},
		{"an address", "ann.b+c@mail.example.com", "‹email›"},
		{"a number", `"+12065550134"`, `"‹phone›"`},
		{"a request", "RequestID: 1b4e28ba-2fa1-11d2-883f-0016d3cca427,", "RequestID: ‹uuid›,"},
		{"a mark", "user cognitotest-toum7w-sq3qyvva-652802 is", "user ‹name› is"},
		{"a user of the fake", "user user-0a1b2c3d4e5f is", "user ‹name› is"},
		{"an endpoint", `Post "https://cognito-idp.eu-central-1.amazonaws.com/": dial tcp 10.1.2.3:443`, `Post "‹url›": dial tcp ‹ip›:443`},
		{"a part of a token", `{"header":"eyJraWQiOiJxx"}`, `{"header":"‹token›"}`},
		{"a folder", "panic at /home/ann/go/src/x/check.go:7", "panic at check.go:7"},
		{"a folder of Windows", `panic at C:\Users\ann\x\check.go:7`, "panic at check.go:7"},
	} {
		if got := scrub(row.text); got != row.want {
			t.Errorf("%s: %q, want %q", row.why, got, row.want)
		}
	}
}

// TestReportKeepsSecrets has a run print everything that a pool knows.
func TestReportKeepsSecrets(t *testing.T) {
	for i, secret := range secretsOf(t) {
		for _, form := range []string{"%s", "%q", `{"Token": %q}`, "token=%s&x", "(%s)", "Value '%s' at"} {
			line := fmt.Sprintf(form, secret)
			r := newRecord()
			if err := r.read(strings.NewReader(together(t, ended("TestReal/"+sentence(0), failed, "    check.go:7: "+line, "    check.go:8: reported: "+line),
				ended("TestReal/"+sentence(1), passed, "    check.go:8: reported: "+line), ended("TestReal/"+sentence(2), skipped, line))), &strings.Builder{}); err != nil {
				t.Fatal(err)
			}
			if report := r.markdown(""); strings.Contains(report, secret) {
				t.Errorf("secret %d, %q, is in the report as %q", i, secret, scrub(line))
			}
		}
	}
}

// secretsOf returns ids, secrets and tokens of a pool, of the forms that the service uses.
func secretsOf(t *testing.T) []string {
	t.Helper()
	p := cognitotest.New(t, cognitotest.InMemory(), cognitotest.WithClientSecret(), cognitotest.WithMFA(cip.SetUserPoolMfaConfigInput{
		MfaConfiguration: types.UserPoolMfaTypeOptional, SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
	}))
	u := p.NewUser(t, cognitotest.Email("ann@example.com"), cognitotest.Phone("+12065550134"))
	tokens := u.Tokens(t)
	made, err := p.Client().AssociateSoftwareToken(t.Context(), &cip.AssociateSoftwareTokenInput{AccessToken: &tokens.AccessToken})
	if err != nil {
		t.Fatal(err)
	}
	temporary := p.NewUser(t, cognitotest.TemporaryPassword())
	asked, err := p.Client().InitiateAuth(t.Context(), &cip.InitiateAuthInput{
		ClientId: &p.ClientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth, AuthParameters: map[string]string{
			"USERNAME": temporary.Username, "PASSWORD": temporary.Password, "SECRET_HASH": p.SecretHash(temporary.Username),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return []string{
		p.PoolID, p.ClientID, p.ClientSecret, p.SecretHash(u.Username), p.Issuer, u.Sub, u.Password, u.Email, u.Phone,
		tokens.AccessToken, tokens.IDToken, tokens.RefreshToken, *made.SecretCode, aws.ToString(asked.Session), "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
	}
}
