package api

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// resourceServerOut returns what the service tells of a resource server. A server without scopes has no list
// of them (inferred).
func resourceServerOut(p *pool.Pool, s pool.ResourceServer) *types.ResourceServerType {
	return pool.Clone(&types.ResourceServerType{UserPoolId: &p.ID, Identifier: &s.Identifier, Name: &s.Name, Scopes: s.Scopes})
}

// newResourceServer copies what a request says of a resource server.
func newResourceServer(identifier, name *string, scopes []types.ResourceServerScopeType) pool.ResourceServer {
	s := pool.ResourceServer{Identifier: aws.ToString(identifier), Name: aws.ToString(name)}
	if len(scopes) > 0 {
		s.Scopes = pool.Clone(scopes)
	}
	return s
}

// CreateResourceServer makes a resource server.
func (a *API) CreateResourceServer(ctx context.Context, in *cip.CreateResourceServerInput, _ ...options) (*cip.CreateResourceServerOutput, error) {
	out := &cip.CreateResourceServerOutput{}
	err := a.withPool(ctx, in.UserPoolId, func(p *pool.Pool) error {
		s := newResourceServer(in.Identifier, in.Name, in.Scopes)
		out.ResourceServer = resourceServerOut(p, s)
		return p.AddResourceServerLocked(s)
	})
	return answer(out, err)
}

// withResourceServer runs do on a resource server under the lock of its pool.
func (a *API) withResourceServer(ctx context.Context, poolID, identifier *string, do func(*pool.Pool, pool.ResourceServer) error) error {
	return a.withPool(ctx, poolID, func(p *pool.Pool) error {
		s, err := p.ResourceServerLocked(aws.ToString(identifier))
		if err != nil {
			return err
		}
		return do(p, s)
	})
}

// DescribeResourceServer answers a resource server.
func (a *API) DescribeResourceServer(ctx context.Context, in *cip.DescribeResourceServerInput, _ ...options) (*cip.DescribeResourceServerOutput, error) {
	out := &cip.DescribeResourceServerOutput{}
	err := a.withResourceServer(ctx, in.UserPoolId, in.Identifier, func(p *pool.Pool, s pool.ResourceServer) error {
		out.ResourceServer = resourceServerOut(p, s)
		return nil
	})
	return answer(out, err)
}

// UpdateResourceServer replaces the name and all scopes of a resource server.
func (a *API) UpdateResourceServer(ctx context.Context, in *cip.UpdateResourceServerInput, _ ...options) (*cip.UpdateResourceServerOutput, error) {
	out := &cip.UpdateResourceServerOutput{}
	err := a.withResourceServer(ctx, in.UserPoolId, in.Identifier, func(p *pool.Pool, _ pool.ResourceServer) error {
		s := newResourceServer(in.Identifier, in.Name, in.Scopes)
		out.ResourceServer = resourceServerOut(p, s)
		return p.ReplaceResourceServerLocked(s)
	})
	return answer(out, err)
}

// DeleteResourceServer deletes a resource server.
func (a *API) DeleteResourceServer(ctx context.Context, in *cip.DeleteResourceServerInput, _ ...options) (*cip.DeleteResourceServerOutput, error) {
	err := a.withResourceServer(ctx, in.UserPoolId, in.Identifier, func(p *pool.Pool, s pool.ResourceServer) error {
		p.RemoveResourceServerLocked(s)
		return nil
	})
	return done[cip.DeleteResourceServerOutput](err)
}

// ListResourceServers answers a page of a pool's resource servers, ordered by identifier.
func (a *API) ListResourceServers(ctx context.Context, in *cip.ListResourceServersInput, _ ...options) (*cip.ListResourceServersOutput, error) {
	kind := "ListResourceServers " + aws.ToString(in.UserPoolId)
	out := &cip.ListResourceServersOutput{ResourceServers: []types.ResourceServerType{}}
	err := a.withPool(ctx, in.UserPoolId, func(p *pool.Pool) error {
		after, err := a.pageAfter(kind, in.NextToken)
		if err != nil {
			return err
		}
		servers, more := page(p.ResourceServersLocked(after), pageLimit(in.MaxResults))
		for _, s := range servers {
			out.ResourceServers = append(out.ResourceServers, *resourceServerOut(p, s))
		}
		if more {
			out.NextToken = a.pageToken(kind, servers[len(servers)-1].Identifier)
		}
		return nil
	})
	return answer(out, err)
}
