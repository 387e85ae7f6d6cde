package backendtest

import (
	"context"
	"crypto/rand"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// newPrefix returns a prefix that no pool has.
func newPrefix() string { return "test-" + strings.ToLower(rand.Text()) }

// openDomain gives a pool a domain until the end of t.
func openDomain(t *testing.T, p *cognitotest.Provider, in cip.CreateUserPoolDomainInput) (*cip.CreateUserPoolDomainOutput, error) {
	t.Helper()
	in.UserPoolId = &p.PoolID
	out, err := p.Client().CreateUserPoolDomain(ctx, &in)
	if err == nil {
		t.Cleanup(func() {
			p.Client().DeleteUserPoolDomain(context.Background(), &cip.DeleteUserPoolDomainInput{UserPoolId: &p.PoolID, Domain: in.Domain})
		})
	}
	return out, err
}

// openPrefix is openDomain for a prefix alone.
func openPrefix(t *testing.T, p *cognitotest.Provider, prefix string) error {
	t.Helper()
	return fail(openDomain(t, p, cip.CreateUserPoolDomainInput{Domain: &prefix}))
}

func describeDomain(t *testing.T, p *cognitotest.Provider, name string) *types.DomainDescriptionType {
	t.Helper()
	out, err := p.Client().DescribeUserPoolDomain(ctx, &cip.DescribeUserPoolDomainInput{Domain: &name})
	need(t, err)
	return out.DomainDescription
}

func ownCertificate(region string) *types.CustomDomainConfigType {
	return &types.CustomDomainConfigType{CertificateArn: aws.String("arn:aws:acm:" + region + ":123456789012:certificate/1")}
}

var domains = []Behaviour{
	{"a prefix is described, and shown by its pool", func(t *testing.T, start Start) {
		p, prefix := start(t), newPrefix()
		need(t, openPrefix(t, p, prefix))
		d := describeDomain(t, p, prefix)
		if *d.Domain != prefix || *d.UserPoolId != p.PoolID || aws.ToInt32(d.ManagedLoginVersion) != 1 || d.CloudFrontDistribution == nil || d.S3Bucket == nil {
			t.Errorf("description = %+v", d)
		}
		if !regexp.MustCompile(`^\d{14}$`).MatchString(aws.ToString(d.Version)) || len(aws.ToString(d.AWSAccountId)) != 12 {
			t.Errorf("version = %q of account %q", aws.ToString(d.Version), aws.ToString(d.AWSAccountId))
		}
		wantSame(t, "domain of the pool", describePool(t, p).Domain, &prefix)
	}},
	{"nobody's domain has an empty description", func(t *testing.T, start Start) {
		got := describeDomain(t, start(t), newPrefix())
		wantSame(t, "description", got, &types.DomainDescriptionType{})
	}},
	{"a prefix leads to one pool, and a pool has one prefix", func(t *testing.T, start Start) {
		p, prefix := start(t), newPrefix()
		need(t, openPrefix(t, p, prefix))
		other, err := createPool(t, p.Client(), cip.CreateUserPoolInput{})
		need(t, err)
		_, err = p.Client().CreateUserPoolDomain(ctx, &cip.CreateUserPoolDomainInput{UserPoolId: other.Id, Domain: &prefix})
		wantError(t, err, invalid, "Domain already associated with another user pool.")
		wantError(t, openPrefix(t, p, newPrefix()), invalid, "User pool already has a domain configured.")
	}},
	{"a pool with a domain is deleted after it", func(t *testing.T, start Start) {
		p, prefix := start(t), newPrefix()
		other, err := createPool(t, p.Client(), cip.CreateUserPoolInput{})
		need(t, err)
		c := p.Client()
		need(t, fail(c.CreateUserPoolDomain(ctx, &cip.CreateUserPoolDomainInput{UserPoolId: other.Id, Domain: &prefix})))
		_, err = c.DeleteUserPool(ctx, &cip.DeleteUserPoolInput{UserPoolId: other.Id})
		wantError(t, err, invalid, "User pool cannot be deleted. It has a domain configured that should be deleted first.")
		need(t, fail(c.DeleteUserPoolDomain(ctx, &cip.DeleteUserPoolDomainInput{UserPoolId: other.Id, Domain: &prefix})))
		need(t, fail(c.DeleteUserPool(ctx, &cip.DeleteUserPoolInput{UserPoolId: other.Id})))
	}},
	{"what may not be a domain is refused", func(t *testing.T, start Start) {
		p := start(t)
		for _, row := range []struct {
			why     string
			in      cip.CreateUserPoolDomainInput
			message string
		}{
			{"capital letters", cip.CreateUserPoolDomainInput{Domain: aws.String("Login")}, "The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens."},
			{"more than 63 characters", cip.CreateUserPoolDomainInput{Domain: aws.String(strings.Repeat("a", 64))},
				"1 validation error detected: Value '" + strings.Repeat("a", 64) + "' at 'domain' failed to satisfy constraint: Member must have length less than or equal to 63"},
			{"no FQDN of one's own", cip.CreateUserPoolDomainInput{Domain: aws.String("login"), CustomDomainConfig: ownCertificate("us-east-1")}, "Custom domain is not a valid subdomain"},
			{"a certificate elsewhere", cip.CreateUserPoolDomainInput{Domain: aws.String("login.example.com"), CustomDomainConfig: ownCertificate("eu-west-1")},
				"The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain."},
		} {
			part(t, row.why, func(t *testing.T) { wantError(t, fail(openDomain(t, p, row.in)), invalid, row.message) })
		}
	}},
	{"a prefix has no name of the service's between hyphens, and cognito nowhere", func(t *testing.T, start Start) {
		p := start(t)
		for prefix, word := range map[string]string{"my-aws-login": "aws", "my-amazon-login": "amazon", "my-cognito-login": "cognito", "newcognito": "cognito"} {
			wantError(t, openPrefix(t, p, prefix), invalid, "Domain cannot contain reserved word: "+word)
		}
		need(t, openPrefix(t, p, "awsome-"+newPrefix()))
	}},
	{"managed login needs a tier that has it", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{UserPoolTier: types.UserPoolTierTypeLite}))
		err := fail(openDomain(t, p, cip.CreateUserPoolDomainInput{Domain: aws.String(newPrefix()), ManagedLoginVersion: aws.Int32(2)}))
		wantError(t, err, "FeatureUnavailableInTierException", "The following feature is not available for the LITE pricing tier configured: Managed Login Version 2")
	}},
	{"a domain of one's own stands beside a prefix, and behind CloudFront", func(t *testing.T, start Start) {
		p := start(t)
		needFake(t, p, unproven)
		name := "login.example.com"
		made, err := openDomain(t, p, cip.CreateUserPoolDomainInput{Domain: &name, CustomDomainConfig: ownCertificate("us-east-1")})
		need(t, err)
		need(t, openPrefix(t, p, newPrefix()))
		if !strings.HasSuffix(aws.ToString(made.CloudFrontDomain), ".cloudfront.net") {
			t.Errorf("CloudFrontDomain = %q", aws.ToString(made.CloudFrontDomain))
		}
		wantSame(t, "domain of the pool", describePool(t, p).CustomDomain, &name)
		wantSame(t, "certificate", describeDomain(t, p, name).CustomDomainConfig, ownCertificate("us-east-1"))
	}},
	{"a domain changes its login pages, and is free once it is deleted", func(t *testing.T, start Start) {
		p, prefix := start(t), newPrefix()
		need(t, openPrefix(t, p, prefix))
		need(t, fail(p.Client().UpdateUserPoolDomain(ctx, &cip.UpdateUserPoolDomainInput{UserPoolId: &p.PoolID, Domain: &prefix, ManagedLoginVersion: aws.Int32(2)})))
		wantSame(t, "version", describeDomain(t, p, prefix).ManagedLoginVersion, aws.Int32(2))
		need(t, fail(p.Client().DeleteUserPoolDomain(ctx, &cip.DeleteUserPoolDomainInput{UserPoolId: &p.PoolID, Domain: &prefix})))
		if d := describePool(t, p).Domain; d != nil {
			t.Errorf("domain of the pool = %s, want none", *d)
		}
	}},
	{"a domain that the pool does not have is neither changed nor deleted", func(t *testing.T, start Start) {
		p, prefix := start(t), newPrefix()
		const text = "No such domain or user pool exists."
		_, err := p.Client().UpdateUserPoolDomain(ctx, &cip.UpdateUserPoolDomainInput{UserPoolId: &p.PoolID, Domain: &prefix, ManagedLoginVersion: aws.Int32(1)})
		wantError(t, err, invalid, text)
		_, err = p.Client().DeleteUserPoolDomain(ctx, &cip.DeleteUserPoolDomainInput{UserPoolId: &p.PoolID, Domain: &prefix})
		wantError(t, err, invalid, text)
	}},
}
