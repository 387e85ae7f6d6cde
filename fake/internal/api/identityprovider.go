package api

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// showProvider runs do under the lock of a pool and describes the identity provider that it returns. A private key
// stays secret; a client secret does not.
func (a *API) showProvider(ctx context.Context, poolID *string, do func(*pool.Pool) (*types.IdentityProviderType, error)) (*types.IdentityProviderType, error) {
	var found *pool.Pool
	var out *types.IdentityProviderType
	err := a.withPool(ctx, poolID, func(p *pool.Pool) error {
		s, err := do(p)
		found, out = p, pool.Clone(s)
		return err
	})
	if err != nil {
		return nil, err
	}
	delete(out.ProviderDetails, "private_key")
	if out.ProviderType == types.IdentityProviderTypeTypeSaml {
		out.ProviderDetails[pool.EncryptionCertificate], err = a.tokens.Keys(found).Certificate(found.ID, *out.CreationDate)
	}
	return out, err
}

// CreateIdentityProvider adds an identity provider to a pool, and a group for its users.
func (a *API) CreateIdentityProvider(ctx context.Context, in *cip.CreateIdentityProviderInput, _ ...options) (*cip.CreateIdentityProviderOutput, error) {
	s, err := a.showProvider(ctx, in.UserPoolId, func(p *pool.Pool) (*types.IdentityProviderType, error) {
		s, err := pool.NewProvider(in, p.Schema)
		if err != nil {
			return nil, err
		}
		now := a.store.Clock.Now()
		s.UserPoolId, s.CreationDate, s.LastModifiedDate = &p.ID, &now, &now
		if err := p.AddProviderLocked(s); err != nil {
			return nil, err
		}
		_, err = p.ProviderGroupLocked(s, now)
		return s, err
	})
	return answer(&cip.CreateIdentityProviderOutput{IdentityProvider: s}, err)
}

// DescribeIdentityProvider answers an identity provider.
func (a *API) DescribeIdentityProvider(ctx context.Context, in *cip.DescribeIdentityProviderInput, _ ...options) (*cip.DescribeIdentityProviderOutput, error) {
	s, err := a.showProvider(ctx, in.UserPoolId, func(p *pool.Pool) (*types.IdentityProviderType, error) {
		return p.ProviderLocked(aws.ToString(in.ProviderName))
	})
	return answer(&cip.DescribeIdentityProviderOutput{IdentityProvider: s}, err)
}

// GetIdentityProviderByIdentifier answers the identity provider that has an identifier.
func (a *API) GetIdentityProviderByIdentifier(ctx context.Context, in *cip.GetIdentityProviderByIdentifierInput, _ ...options) (*cip.GetIdentityProviderByIdentifierOutput, error) {
	s, err := a.showProvider(ctx, in.UserPoolId, func(p *pool.Pool) (*types.IdentityProviderType, error) {
		return p.ProviderIdentifiedLocked(aws.ToString(in.IdpIdentifier))
	})
	return answer(&cip.GetIdentityProviderByIdentifierOutput{IdentityProvider: s}, err)
}

// UpdateIdentityProvider changes what a request gives of an identity provider.
func (a *API) UpdateIdentityProvider(ctx context.Context, in *cip.UpdateIdentityProviderInput, _ ...options) (*cip.UpdateIdentityProviderOutput, error) {
	s, err := a.showProvider(ctx, in.UserPoolId, func(p *pool.Pool) (*types.IdentityProviderType, error) {
		old, err := p.ProviderLocked(aws.ToString(in.ProviderName))
		if err != nil {
			return nil, err
		}
		s, err := pool.UpdatedProvider(old, in, p.Schema)
		if err != nil {
			return nil, err
		}
		s.LastModifiedDate = aws.Time(a.store.Clock.Now())
		return s, p.ReplaceProviderLocked(s)
	})
	return answer(&cip.UpdateIdentityProviderOutput{IdentityProvider: s}, err)
}

// DeleteIdentityProvider deletes an identity provider.
func (a *API) DeleteIdentityProvider(ctx context.Context, in *cip.DeleteIdentityProviderInput, _ ...options) (*cip.DeleteIdentityProviderOutput, error) {
	err := a.withPool(ctx, in.UserPoolId, func(p *pool.Pool) error {
		s, err := p.ProviderLocked(aws.ToString(in.ProviderName))
		if err == nil {
			p.RemoveProviderLocked(s)
		}
		return err
	})
	return done[cip.DeleteIdentityProviderOutput](err)
}

// ListIdentityProviders answers a page of a pool's identity providers, ordered by name.
func (a *API) ListIdentityProviders(ctx context.Context, in *cip.ListIdentityProvidersInput, _ ...options) (*cip.ListIdentityProvidersOutput, error) {
	kind := "ListIdentityProviders " + aws.ToString(in.UserPoolId)
	out := &cip.ListIdentityProvidersOutput{Providers: []types.ProviderDescription{}}
	err := a.withPool(ctx, in.UserPoolId, func(p *pool.Pool) error {
		after, err := a.pageAfter(kind, in.NextToken)
		if err != nil {
			return err
		}
		providers, more := page(p.ProvidersLocked(after), pageLimit(in.MaxResults))
		for _, s := range providers {
			out.Providers = append(out.Providers, pool.Clone(types.ProviderDescription{
				ProviderName: s.ProviderName, ProviderType: s.ProviderType, CreationDate: s.CreationDate, LastModifiedDate: s.LastModifiedDate,
			}))
		}
		if more {
			out.NextToken = a.pageToken(kind, *providers[len(providers)-1].ProviderName)
		}
		return nil
	})
	return answer(out, err)
}
