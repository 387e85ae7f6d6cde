package real

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/cognitotest/cognito/cognitotest"
)

// Backend is AWS as a [cognitotest.Host]. Give it to [cognitotest.WithBackend]; one serves any number of
// providers.
type Backend struct {
	config Config
	aws    aws.Config
}

// New finds region and credentials, and sees whether the service takes them: an error says what to do. It
// takes ten seconds at most.
func New(ctx context.Context, c Config) (*Backend, error) {
	ctx, cancel := context.WithTimeout(ctx, prepareTime)
	defer cancel()
	conf, err := connect(ctx, c)
	if err != nil {
		return nil, err
	}
	b := &Backend{config: c, aws: conf}
	if err := b.greet(ctx); err != nil {
		return nil, fmt.Errorf("real: %w", b.explain(err))
	}
	return b, nil
}

// greet makes the first call.
func (b *Backend) greet(ctx context.Context) error {
	client := impatient(b.aws)
	var err error
	switch {
	case b.config.ClientID != "" && b.config.PoolID == "":
		return fmt.Errorf("an app client needs its pool; set COGNITOTEST_POOL_ID beside COGNITOTEST_CLIENT_ID")
	case b.config.ClientID != "":
		_, err = client.DescribeUserPoolClient(ctx, &cip.DescribeUserPoolClientInput{UserPoolId: &b.config.PoolID, ClientId: &b.config.ClientID})
	case b.config.PoolID != "":
		_, err = client.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: &b.config.PoolID})
	default:
		_, err = client.ListUserPools(ctx, &cip.ListUserPoolsInput{MaxResults: aws.Int32(1)})
	}
	return err
}

// AWSConfig returns the configuration of SDK clients that share the budget of the process.
func (b *Backend) AWSConfig() aws.Config { return b.aws.Copy() }

// Issuer returns the iss of the tokens of a pool.
func (b *Backend) Issuer(poolID string) string {
	return "https://" + issuerHost(b.aws.Region) + "/" + poolID
}

func issuerHost(region string) string {
	host := "cognito-idp." + region + ".amazonaws.com"
	if strings.HasPrefix(region, "cn-") {
		host += ".cn"
	}
	return host
}

// Close does nothing: providers remove what they have made.
func (b *Backend) Close(context.Context) error { return nil }

// Rules returns what tests keep to: see the package comment.
func (b *Backend) Rules() cognitotest.Rules {
	return cognitotest.Rules{
		PoolID: b.config.PoolID, ClientID: b.config.ClientID, KeepOnFailure: b.config.KeepOnFailure,
		Mark: func() string { return newMark(time.Now()) }, Marked: marked, Explain: b.explain,
		HTTPClient: b.httpClient(),
	}
}

// httpClient reaches the issuer and the domains of pools. Where another endpoint takes the place of the service
// (AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER), they are there too.
func (b *Backend) httpClient() *http.Client {
	endpoint := cip.NewFromConfig(b.aws).Options().BaseEndpoint
	if endpoint == nil {
		return nil
	}
	base, err := url.Parse(*endpoint)
	if err != nil {
		return nil // no call would have come through
	}
	return &http.Client{Transport: detour{b.aws.Region, base}}
}

// detour sends requests for hosts of the service in a region elsewhere.
type detour struct {
	region string
	base   *url.URL
}

func (d detour) RoundTrip(r *http.Request) (*http.Response, error) {
	domain := strings.HasSuffix(r.URL.Host, ".auth."+d.region+".amazoncognito.com")
	if !domain && r.URL.Host != issuerHost(d.region) {
		return http.DefaultTransport.RoundTrip(r)
	}
	r = r.Clone(r.Context())
	r.Host = d.base.Host
	if domain {
		r.Host = r.URL.Host // which says whose it is
	}
	r.URL.Scheme, r.URL.Host = d.base.Scheme, d.base.Host
	return http.DefaultTransport.RoundTrip(r)
}
