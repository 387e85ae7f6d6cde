package cognitotest

import (
	"context"
	"crypto/rand"
	"strings"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
)

// NewDomain gives the pool a domain with a random prefix, deleted at the end of t. It returns the URL below which the
// pool's OAuth 2.0 endpoints and login pages are, without a final slash; [Provider.HTTPClient] reaches them, and so
// does a browser where the provider listens. The discovery document names them from then on.
//
// A pool has one domain with a prefix at a time. That of a real pool answers within a minute.
func (p *Provider) NewDomain(t TB) (url string) {
	t.Helper()
	prefix := "cognitotest-" + strings.ToLower(rand.Text())
	_, err := p.client.CreateUserPoolDomain(context.Background(), &cip.CreateUserPoolDomainInput{UserPoolId: &p.PoolID, Domain: &prefix})
	if err != nil {
		t.Fatalf("cognitotest: NewDomain: %v", err)
	}
	p.cleanup(t, p.domainChore(prefix))
	if s := p.fake(); s != nil {
		if url, err = s.DomainURL(p.PoolID); err != nil {
			t.Fatalf("cognitotest: NewDomain: %v", err)
		}
		return url
	}
	return "https://" + prefix + ".auth." + p.Region + ".amazoncognito.com"
}

func (p *Provider) domainChore(prefix string) *chore {
	return &chore{
		what: "domain " + prefix, command: p.deletion("delete-user-pool-domain", "domain", prefix),
		remove: func(ctx context.Context) error {
			_, err := p.client.DeleteUserPoolDomain(ctx, &cip.DeleteUserPoolDomainInput{UserPoolId: &p.PoolID, Domain: &prefix})
			if noDomain(err) {
				return nil
			}
			return err
		},
	}
}

// noDomain reports whether the service refused to delete a domain because it is gone, which it has no code for.
func noDomain(err error) bool {
	return err != nil && strings.Contains(err.Error(), "No such domain or user pool exists.")
}
