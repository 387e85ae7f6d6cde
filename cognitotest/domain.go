package cognitotest

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
)

// Domain returns the URL below which the pool's OAuth 2.0 endpoints and login pages are, without a final slash.
// [Provider.HTTPClient] reaches them, and so does a browser where the provider listens; the discovery document names
// them. A pool without a domain is given one with a random prefix, which goes with the pool; in AWS that waits until
// the domain answers, for a minute or so. Where tests are guests in a pool without a domain, it skips the test.
func (p *Provider) Domain(t TB) (url string) {
	t.Helper()
	url, err := p.domain(context.Background())
	if errors.As(err, new(unfit)) {
		t.Skipf("cognitotest: Domain: %v", err)
	}
	if err != nil {
		t.Fatalf("cognitotest: Domain: %v", p.rules.explain(err))
	}
	return url
}

func (p *Provider) domain(ctx context.Context) (string, error) {
	out, err := p.client.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: &p.PoolID})
	if err != nil {
		return "", err
	}
	name := cmp.Or(aws.ToString(out.UserPool.CustomDomain), aws.ToString(out.UserPool.Domain))
	if name == "" {
		if name, err = p.addDomain(ctx); err != nil {
			return "", err
		}
	}
	if s := p.fake(); s != nil {
		return s.DomainURL(p.PoolID)
	}
	url := "https://" + name
	if !strings.Contains(name, ".") {
		url += ".auth." + p.Region + ".amazoncognito.com"
	}
	return url, p.awaitDomain(ctx, url)
}

// addDomain gives the pool a domain. The service refuses prefixes with its name in them.
func (p *Provider) addDomain(ctx context.Context) (prefix string, err error) {
	if p.rules.guest() {
		return "", unfit{fmt.Errorf("tests are guests in pool %s, which has no domain, and do not give it one; this test runs in a pool of its own", p.PoolID)}
	}
	prefix = "test-" + strings.ToLower(rand.Text())
	_, err = p.client.CreateUserPoolDomain(ctx, &cip.CreateUserPoolDomainInput{UserPoolId: &p.PoolID, Domain: &prefix})
	return prefix, err
}

// awaitDomain waits until a new domain is known to the network.
func (p *Provider) awaitDomain(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, domainTime)
	defer cancel()
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/error", nil)
		if err != nil {
			return err
		}
		answer, err := p.HTTPClient().Do(r)
		if err == nil {
			return answer.Body.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer: %w", url, err)
		case <-time.After(time.Second):
		}
	}
}

// domainTime is how long a new domain may take to answer.
const domainTime = 3 * time.Minute

// DeletePool deletes a pool and, as the service wants it, its domains before. Errors are the service's.
func DeletePool(ctx context.Context, client *cip.Client, poolID string) error {
	out, err := client.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: &poolID})
	if err != nil {
		return err
	}
	for _, domain := range []*string{out.UserPool.Domain, out.UserPool.CustomDomain} {
		if domain == nil {
			continue
		}
		if _, err := client.DeleteUserPoolDomain(ctx, &cip.DeleteUserPoolDomainInput{UserPoolId: &poolID, Domain: domain}); err != nil {
			return err
		}
	}
	_, err = client.DeleteUserPool(ctx, &cip.DeleteUserPoolInput{UserPoolId: &poolID})
	return err
}
