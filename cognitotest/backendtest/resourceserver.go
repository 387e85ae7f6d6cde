package backendtest

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// scope is a scope of a resource server.
func scope(name string) types.ResourceServerScopeType {
	return types.ResourceServerScopeType{ScopeName: &name, ScopeDescription: aws.String("May " + name + ".")}
}

// serve makes a resource server with scopes.
func serve(p *cognitotest.Provider, identifier string, scopes ...types.ResourceServerScopeType) (*types.ResourceServerType, error) {
	out, err := p.Client().CreateResourceServer(ctx, &cip.CreateResourceServerInput{
		UserPoolId: &p.PoolID, Identifier: &identifier, Name: aws.String("The " + identifier), Scopes: scopes,
	})
	if err != nil {
		return nil, err
	}
	return out.ResourceServer, nil
}

var resourceServers = []Behaviour{
	{"a resource server shows what it was made with, and without scopes no list of them", func(t *testing.T, start Start) {
		p := start(t)
		made, err := serve(p, "orders", scope("read"), scope("write"))
		need(t, err)
		want := &types.ResourceServerType{
			UserPoolId: &p.PoolID, Identifier: aws.String("orders"), Name: aws.String("The orders"), Scopes: []types.ResourceServerScopeType{scope("read"), scope("write")},
		}
		wantSame(t, "made", made, want)
		got, err := p.Client().DescribeResourceServer(ctx, &cip.DescribeResourceServerInput{UserPoolId: &p.PoolID, Identifier: aws.String("orders")})
		need(t, err)
		wantSame(t, "described", got.ResourceServer, want)
		bare, err := serve(p, "bare")
		need(t, err)
		if bare.Scopes != nil {
			t.Errorf("scopes = %v, want none", bare.Scopes)
		}
	}},
	{"an update of a resource server replaces its scopes", func(t *testing.T, start Start) {
		p := start(t)
		need(t, fail(serve(p, "orders", scope("read"))))
		out, err := p.Client().UpdateResourceServer(ctx, &cip.UpdateResourceServerInput{
			UserPoolId: &p.PoolID, Identifier: aws.String("orders"), Name: aws.String("Orders"), Scopes: []types.ResourceServerScopeType{scope("write")},
		})
		need(t, err)
		wantSame(t, "updated", out.ResourceServer, &types.ResourceServerType{
			UserPoolId: &p.PoolID, Identifier: aws.String("orders"), Name: aws.String("Orders"), Scopes: []types.ResourceServerScopeType{scope("write")},
		})
	}},
	{"an identifier of a resource server is taken once", func(t *testing.T, start Start) {
		p := start(t)
		need(t, fail(serve(p, "orders")))
		wantInferred(t, p, fail(serve(p, "orders")), invalid)
	}},
	{"an unknown resource server answers ResourceNotFoundException", func(t *testing.T, start Start) {
		p := start(t)
		c, id := p.Client(), aws.String("nobody")
		_, err := c.DescribeResourceServer(ctx, &cip.DescribeResourceServerInput{UserPoolId: &p.PoolID, Identifier: id})
		wantInferred(t, p, err, "ResourceNotFoundException")
		_, err = c.UpdateResourceServer(ctx, &cip.UpdateResourceServerInput{UserPoolId: &p.PoolID, Identifier: id, Name: id})
		wantInferred(t, p, err, "ResourceNotFoundException")
		_, err = c.DeleteResourceServer(ctx, &cip.DeleteResourceServerInput{UserPoolId: &p.PoolID, Identifier: id})
		wantInferred(t, p, err, "ResourceNotFoundException")
	}},
	{"resource servers are listed in pages, of a size that must be given", func(t *testing.T, start Start) {
		p := start(t)
		for _, id := range []string{"c", "a", "b"} {
			need(t, fail(serve(p, id)))
		}
		var names []string
		pages := cip.NewListResourceServersPaginator(p.Client(), &cip.ListResourceServersInput{UserPoolId: &p.PoolID, MaxResults: aws.Int32(2)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			need(t, err)
			for _, s := range page.ResourceServers {
				names = append(names, *s.Identifier)
			}
		}
		wantSame(t, "identifiers", sorted(names), []string{"a", "b", "c"})
		_, err := p.Client().ListResourceServers(ctx, &cip.ListResourceServersInput{UserPoolId: &p.PoolID})
		wantError(t, err, invalid, "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1")
	}},
	{"an app client may ask for a scope that a resource server has", func(t *testing.T, start Start) {
		p := start(t)
		need(t, fail(serve(p, "orders", scope("read"))))
		machine := func(scope string) error {
			_, err := p.Client().CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{
				UserPoolId: &p.PoolID, ClientName: aws.String("machine"), GenerateSecret: true, AllowedOAuthFlowsUserPoolClient: true,
				AllowedOAuthFlows: oauthFlows(types.OAuthFlowTypeClientCredentials), AllowedOAuthScopes: []string{scope},
			})
			return err
		}
		need(t, machine("orders/read"))
		for _, unknown := range []string{"orders/write", "others/read", "orders"} {
			wantError(t, machine(unknown), "ScopeDoesNotExistException", "Invalid scope requested: "+unknown)
		}
	}},
	{"a pool has 25 resource servers at most", func(t *testing.T, start Start) {
		p := start(t)
		for i := range 25 {
			need(t, fail(serve(p, string(rune('a'+i)))))
		}
		wantCode(t, fail(serve(p, "z")), "LimitExceededException")
	}},
}
