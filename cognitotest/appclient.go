package cognitotest

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// AppClient is a further app client of a pool.
type AppClient struct {
	ID     string
	Secret string // "" where it has none

	flows []types.ExplicitAuthFlowsType
	name  string
	twice bool // whether there may be another of the name
}

// ClientOption changes what [Provider.NewAppClient] makes.
type ClientOption func(*cip.CreateUserPoolClientInput)

// ClientSettings sets the settings of an app client, as [WithAppClient] does. It goes with
// [ClientSecret] in either order.
func ClientSettings(in cip.CreateUserPoolClientInput) ClientOption {
	return func(c *cip.CreateUserPoolClientInput) {
		secret := c.GenerateSecret
		*c = in
		c.GenerateSecret = secret || in.GenerateSecret
	}
}

// ClientSecret gives an app client a generated secret.
func ClientSecret() ClientOption {
	return func(c *cip.CreateUserPoolClientInput) { c.GenerateSecret = true }
}

// NewAppClient makes a further app client of the pool, deleted at the end of t.
func (p *Provider) NewAppClient(t TB, opts ...ClientOption) *AppClient {
	t.Helper()
	var in cip.CreateUserPoolClientInput
	for _, o := range opts {
		o(&in)
	}
	c, err := p.createClient(context.Background(), in)
	if err != nil {
		t.Fatalf("cognitotest: NewAppClient: %v", err)
	}
	p.cleanup(t, p.clientChore(c))
	return c
}

func (p *Provider) clientChore(c *AppClient) *chore {
	return &chore{
		what: "app client " + c.ID, command: p.deletion("delete-user-pool-client", "client-id", c.ID),
		remove: func(ctx context.Context) error {
			_, err := p.client.DeleteUserPoolClient(ctx, &cip.DeleteUserPoolClientInput{UserPoolId: &p.PoolID, ClientId: &c.ID})
			if c.twice && (err == nil || gone(err)) {
				return p.removeTwinClients(ctx, c)
			}
			return err
		},
	}
}

// removeTwinClients deletes the app clients of one mark, which repetitions of one call made.
func (p *Provider) removeTwinClients(ctx context.Context, c *AppClient) error {
	pages := cip.NewListUserPoolClientsPaginator(p.client, &cip.ListUserPoolClientsInput{UserPoolId: &p.PoolID, MaxResults: aws.Int32(60)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, twin := range page.UserPoolClients {
			if aws.ToString(twin.ClientName) != c.name {
				continue
			}
			_, err := p.client.DeleteUserPoolClient(ctx, &cip.DeleteUserPoolClientInput{UserPoolId: &p.PoolID, ClientId: twin.ClientId})
			if err != nil && !gone(err) {
				return err
			}
		}
	}
	return nil
}

func (p *Provider) createClient(ctx context.Context, in cip.CreateUserPoolClientInput) (*AppClient, error) {
	in.UserPoolId = &p.PoolID
	if in.ClientName == nil {
		in.ClientName = aws.String(p.rules.mark("cognitotest"))
	}
	if in.ExplicitAuthFlows == nil {
		in.ExplicitAuthFlows = defaultFlows(in.RefreshTokenRotation)
	}
	out, err := p.client.CreateUserPoolClient(ctx, &in)
	if err != nil {
		return nil, err
	}
	c := out.UserPoolClient
	return &AppClient{
		ID: *c.ClientId, Secret: aws.ToString(c.ClientSecret), flows: in.ExplicitAuthFlows,
		name: *in.ClientName, twice: p.rules.Mark != nil && repeated(out.ResultMetadata),
	}, nil
}

// defaultFlows are the flows of a client that is made without any. The service refuses the flow for
// refresh tokens where they are rotated.
func defaultFlows(rotation *types.RefreshTokenRotationType) []types.ExplicitAuthFlowsType {
	flows := []types.ExplicitAuthFlowsType{
		types.ExplicitAuthFlowsTypeAllowAdminUserPasswordAuth,
		types.ExplicitAuthFlowsTypeAllowUserPasswordAuth,
		types.ExplicitAuthFlowsTypeAllowUserSrpAuth,
		types.ExplicitAuthFlowsTypeAllowCustomAuth,
	}
	if rotation != nil && rotation.Feature == types.FeatureTypeEnabled {
		return flows
	}
	return append(flows, types.ExplicitAuthFlowsTypeAllowRefreshTokenAuth)
}

// secretHash computes SECRET_HASH, or "" where there is no secret.
func secretHash(secret, username, clientID string) string {
	if secret == "" {
		return ""
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(username + clientID))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
