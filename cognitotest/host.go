package cognitotest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go/middleware"
)

// Host is a [Backend] in somebody's account, where tests are not alone.
type Host interface {
	Backend
	// Rules returns what tests keep to. It is asked once for each provider.
	Rules() Rules
}

// Rules are what tests keep to in somebody's account. The zero value is that of the fake, where all
// there is belongs to the test.
type Rules struct {
	// PoolID is a pool that exists already and in which tests are guests: they make users, groups and
	// app clients there, and leave everything else as it is. "" lets each provider make a pool.
	PoolID string
	// ClientID is an app client of PoolID that serves tests which ask for no settings of their own. ""
	// lets each provider make one.
	ClientID string
	// Mark returns a new name, of letters, digits and hyphens, by which what bears it is known to be
	// made by tests.
	Mark func() string
	// Marked reports whether a name is one that Mark made, here or in another process.
	Marked func(name string) bool
	// KeepOnFailure leaves what a failed test has made, as evidence.
	KeepOnFailure bool
	// HTTPClient reaches the issuer of tokens; nil is http.DefaultClient.
	HTTPClient *http.Client
	// Explain returns an error of the service with what to do about it, or the error itself.
	Explain func(error) error
}

// rulesOf returns the rules of a backend.
func rulesOf(b Backend) Rules {
	if h, ok := b.(Host); ok {
		return h.Rules()
	}
	return Rules{}
}

// guest reports whether the pool exists without the provider.
func (r Rules) guest() bool { return r.PoolID != "" }

// mark returns the host's mark or, without a host, another name.
func (r Rules) mark(otherwise string) string {
	if r.Mark == nil {
		return otherwise
	}
	return r.Mark()
}

// marked reports whether the tests may remove what bears a name.
func (r Rules) marked(name string) bool { return r.Marked == nil || r.Marked(name) }

func (r Rules) explain(err error) error {
	if r.Explain == nil {
		return err
	}
	return r.Explain(err)
}

// MarkTag is the tag whose value is the mark of a pool: [Rules].
const MarkTag = "cognitotest"

// unfit is why a test cannot run where it runs.
type unfit struct{ error }

// checkFit refuses options that a host cannot follow: tests with such options are skipped there.
func (r Rules) checkFit(c *config) error {
	var option string
	switch {
	case !r.guest():
		return nil
	case !reflect.ValueOf(c.pool).IsZero():
		option = "WithPool"
	case c.mfa != nil:
		option = "WithMFA"
	case c.relyingParty != "":
		option = "WithPasskeys"
	default:
		return nil
	}
	return unfit{fmt.Errorf("%s: tests are guests in pool %s and do not change its settings; this test runs in a pool of its own", option, r.PoolID)}
}

// joinPool makes the provider a guest in the pool of the rules.
func (p *Provider) joinPool(ctx context.Context, _ *config) error {
	out, err := p.client.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: &p.rules.PoolID})
	if err != nil {
		return fmt.Errorf("pool %s: %w", p.rules.PoolID, err)
	}
	p.pool, p.PoolID = out.UserPool, p.rules.PoolID
	return nil
}

// useClient makes an app client that exists the provider's.
func (p *Provider) useClient(ctx context.Context, id string) (*AppClient, error) {
	out, err := p.client.DescribeUserPoolClient(ctx, &cip.DescribeUserPoolClientInput{UserPoolId: &p.PoolID, ClientId: &id})
	if err != nil {
		return nil, fmt.Errorf("app client %s: %w", id, err)
	}
	c := out.UserPoolClient
	return &AppClient{ID: *c.ClientId, Secret: aws.ToString(c.ClientSecret), flows: c.ExplicitAuthFlows}, nil
}

// repeated reports whether a call was sent more than once: what it makes may be there twice.
func repeated(m middleware.Metadata) bool {
	attempts, ok := retry.GetAttemptResults(m)
	return ok && len(attempts.Results) > 1
}

// poolChore is the removal of a pool that the provider has made.
func (p *Provider) poolChore() *chore {
	return &chore{what: "pool " + p.PoolID, command: p.deletion("delete-user-pool", "", ""), remove: func(ctx context.Context) error {
		err := DeletePool(ctx, p.client, p.PoolID)
		if p.twice && (err == nil || gone(err)) {
			return p.removeTwins(ctx)
		}
		return err
	}}
}

// removeTwins deletes the pools of the provider's mark, which no other call can have made.
func (p *Provider) removeTwins(ctx context.Context) error {
	pages := cip.NewListUserPoolsPaginator(p.client, &cip.ListUserPoolsInput{MaxResults: aws.Int32(60)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, twin := range page.UserPools {
			if aws.ToString(twin.Name) != aws.ToString(p.pool.Name) {
				continue
			}
			if err := DeletePool(ctx, p.client, *twin.Id); err != nil && !gone(err) {
				return err
			}
		}
	}
	return nil
}

// existing returns the user of a name that an earlier sending of the same call made: a mark is nobody
// else's name.
func (p *Provider) existing(ctx context.Context, name string, err error) (*types.UserType, error) {
	if p.rules.Mark == nil || !p.rules.marked(name) || !errors.As(err, new(*types.UsernameExistsException)) {
		return nil, err
	}
	out, err := p.client.AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &p.PoolID, Username: &name})
	if err != nil {
		return nil, err
	}
	return &types.UserType{Username: out.Username, Attributes: out.UserAttributes}, nil
}
