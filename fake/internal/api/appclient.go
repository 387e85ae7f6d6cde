package api

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// CreateUserPoolClient makes an app client.
func (a *API) CreateUserPoolClient(ctx context.Context, in *cip.CreateUserPoolClientInput, _ ...options) (*cip.CreateUserPoolClientOutput, error) {
	var out *types.UserPoolClientType
	err := a.withPool(ctx, in.UserPoolId, func(p *pool.Pool) error {
		settings, err := clientRules(p).New(in)
		if err != nil {
			return err
		}
		c := a.newClient(settings)
		if in.ClientSecret != nil || in.GenerateSecret {
			c.Secrets = []pool.ClientSecret{a.newSecret(c.ID, in.ClientSecret)}
		}
		out = describeClient(c)
		return a.addClientLocked(p, c)
	})
	if err != nil {
		return nil, err
	}
	a.noticeClient(out)
	return &cip.CreateUserPoolClientOutput{UserPoolClient: out}, nil
}

// clientRules are the rules for the app clients of a pool, whose lock must be held.
func clientRules(p *pool.Pool) pool.ClientRules {
	return pool.ClientRules{Pool: p.Settings, Schema: p.Schema, Catalog: p.CatalogLocked()}
}

func (a *API) newClient(settings *types.UserPoolClientType) *pool.Client {
	id, now := a.store.NewClientID(), a.store.Clock.Now()
	settings.ClientId, settings.CreationDate, settings.LastModifiedDate = &id, &now, &now
	return &pool.Client{ID: id, Settings: settings}
}

// addClientLocked makes an app client known to its pool and to the store.
func (a *API) addClientLocked(p *pool.Pool, c *pool.Client) error {
	if err := a.store.BindClient(c.ID, p); err != nil {
		return err
	}
	if err := p.AddClientLocked(c); err != nil {
		a.store.UnbindClient(c.ID)
		return err
	}
	return nil
}

// describeClient returns what DescribeUserPoolClient answers, the secret in clear. Which of two
// secrets it is, the oldest, is inferred.
func describeClient(c *pool.Client) *types.UserPoolClientType {
	d := pool.Clone(c.Settings)
	if c.Confidential() {
		d.ClientSecret = aws.String(c.Secrets[0].Value)
	}
	return d
}

// withAppClient runs do on an app client under the lock of its pool.
func (a *API) withAppClient(ctx context.Context, poolID, clientID *string, do func(*pool.Pool, *pool.Client) error) error {
	return a.withPool(ctx, poolID, func(p *pool.Pool) error {
		c, err := p.ClientLocked(aws.ToString(clientID))
		if err != nil {
			return err
		}
		return do(p, c)
	})
}

// DescribeUserPoolClient answers everything that is set in an app client.
func (a *API) DescribeUserPoolClient(ctx context.Context, in *cip.DescribeUserPoolClientInput, _ ...options) (*cip.DescribeUserPoolClientOutput, error) {
	out := &cip.DescribeUserPoolClientOutput{}
	err := a.withAppClient(ctx, in.UserPoolId, in.ClientId, func(_ *pool.Pool, c *pool.Client) error {
		out.UserPoolClient = describeClient(c)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// UpdateUserPoolClient replaces the settings of an app client: what is omitted goes back to its
// default. Its secrets stay.
func (a *API) UpdateUserPoolClient(ctx context.Context, in *cip.UpdateUserPoolClientInput, _ ...options) (*cip.UpdateUserPoolClientOutput, error) {
	var out *types.UserPoolClientType
	err := a.withAppClient(ctx, in.UserPoolId, in.ClientId, func(p *pool.Pool, c *pool.Client) error {
		settings, err := clientRules(p).Update(c.Settings, in, c.Confidential())
		if err != nil {
			return err
		}
		settings.LastModifiedDate = aws.Time(a.store.Clock.Now())
		c.Settings = settings
		out = describeClient(c)
		return nil
	})
	if err != nil {
		return nil, err
	}
	a.noticeClient(out)
	return &cip.UpdateUserPoolClientOutput{UserPoolClient: out}, nil
}

// DeleteUserPoolClient deletes an app client.
func (a *API) DeleteUserPoolClient(ctx context.Context, in *cip.DeleteUserPoolClientInput, _ ...options) (*cip.DeleteUserPoolClientOutput, error) {
	err := a.withAppClient(ctx, in.UserPoolId, in.ClientId, func(p *pool.Pool, c *pool.Client) error {
		p.RemoveClientLocked(c)
		a.store.UnbindClient(c.ID)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &cip.DeleteUserPoolClientOutput{}, nil
}

// ListUserPoolClients answers the app clients of a user pool, ordered by id.
func (a *API) ListUserPoolClients(ctx context.Context, in *cip.ListUserPoolClientsInput, _ ...options) (*cip.ListUserPoolClientsOutput, error) {
	kind := "ListUserPoolClients " + aws.ToString(in.UserPoolId)
	out := &cip.ListUserPoolClientsOutput{UserPoolClients: []types.UserPoolClientDescription{}}
	err := a.withPool(ctx, in.UserPoolId, func(p *pool.Pool) error {
		after, err := a.pageAfter(kind, in.NextToken)
		if err != nil {
			return err
		}
		clients, more := page(p.ClientsLocked(after), pageLimit(in.MaxResults))
		for _, c := range clients {
			out.UserPoolClients = append(out.UserPoolClients, clientSummary(c))
		}
		if more {
			out.NextToken = a.pageToken(kind, clients[len(clients)-1].ID)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// clientSummary is the item of ListUserPoolClients.
func clientSummary(c *pool.Client) types.UserPoolClientDescription {
	s := c.Settings
	return pool.Clone(types.UserPoolClientDescription{ClientId: s.ClientId, ClientName: s.ClientName, UserPoolId: s.UserPoolId})
}
