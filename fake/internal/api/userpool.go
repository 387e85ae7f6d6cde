package api

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// CreateUserPool makes a user pool in the region of the call.
func (a *API) CreateUserPool(ctx context.Context, in *cip.CreateUserPoolInput, _ ...options) (*cip.CreateUserPoolOutput, error) {
	region := cmp.Or(regionOf(ctx), a.region)
	settings, err := pool.NewSettings(in, a.place(region))
	if err != nil {
		return nil, err
	}
	schema, err := pool.NewSchema(in.Schema)
	if err != nil {
		return nil, err
	}
	name := a.poolName(region)
	now := a.store.Clock.Now()
	settings.Id, settings.Arn = &name.ID, &name.ARN
	settings.CreationDate, settings.LastModifiedDate = &now, &now
	p := pool.New(name, settings, schema)
	out := describe(p)
	if err := a.store.AddPool(p); err != nil {
		return nil, err
	}
	a.tokens.Keys(p) // so that they are made while the test goes on
	a.noticePool(settings)
	return &cip.CreateUserPoolOutput{UserPool: out}, nil
}

func (a *API) place(region string) pool.Place {
	return pool.Place{Region: region, AccountID: a.store.AccountID}
}

func (a *API) poolName(region string) pool.Name {
	id := a.store.NewPoolID(region)
	return pool.Name{ID: id, Region: region, ARN: fmt.Sprintf("arn:aws:cognito-idp:%s:%s:userpool/%s", region, a.store.AccountID, id)}
}

// describe returns what DescribeUserPool answers. The pool's lock must be held, unless nobody else
// knows the pool.
func describe(p *pool.Pool) *types.UserPoolType {
	d := pool.Clone(p.Settings)
	d.SchemaAttributes = p.Schema.Attributes()
	d.EstimatedNumberOfUsers = int32(p.UserCountLocked())
	return d
}

// withPool runs do on a pool under its lock.
func (a *API) withPool(ctx context.Context, id *string, do func(*pool.Pool) error) error {
	p, err := a.pool(ctx, id)
	if err != nil {
		return err
	}
	p.Lock()
	defer p.Unlock()
	return do(p)
}

// changePool replaces the settings of a pool with those that change returns, newly modified, which
// share nothing with the old ones.
func (a *API) changePool(ctx context.Context, id *string, change func(*pool.Pool) (*types.UserPoolType, error)) error {
	var settings *types.UserPoolType
	err := a.withPool(ctx, id, func(p *pool.Pool) (err error) {
		if settings, err = change(p); err != nil {
			return err
		}
		settings.LastModifiedDate = aws.Time(a.store.Clock.Now())
		p.Settings = settings
		return nil
	})
	if err != nil {
		return err
	}
	a.noticePool(settings)
	return nil
}

// DescribeUserPool answers everything that is set in a user pool.
func (a *API) DescribeUserPool(ctx context.Context, in *cip.DescribeUserPoolInput, _ ...options) (*cip.DescribeUserPoolOutput, error) {
	out := &cip.DescribeUserPoolOutput{}
	err := a.withPool(ctx, in.UserPoolId, func(p *pool.Pool) error {
		out.UserPool = describe(p)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// UpdateUserPool replaces the settings of a user pool: what is omitted goes back to its default.
func (a *API) UpdateUserPool(ctx context.Context, in *cip.UpdateUserPoolInput, _ ...options) (*cip.UpdateUserPoolOutput, error) {
	err := a.changePool(ctx, in.UserPoolId, func(p *pool.Pool) (*types.UserPoolType, error) {
		return pool.UpdateSettings(p.Settings, p.MFA, in, a.place(p.Region))
	})
	if err != nil {
		return nil, err
	}
	return &cip.UpdateUserPoolOutput{}, nil
}

// AddCustomAttributes adds attributes to the schema of a user pool.
func (a *API) AddCustomAttributes(ctx context.Context, in *cip.AddCustomAttributesInput, _ ...options) (*cip.AddCustomAttributesOutput, error) {
	err := a.changePool(ctx, in.UserPoolId, func(p *pool.Pool) (*types.UserPoolType, error) {
		schema, err := p.Schema.Add(in.CustomAttributes)
		if err != nil {
			return nil, err
		}
		p.Schema = schema
		return pool.Clone(p.Settings), nil
	})
	if err != nil {
		return nil, err
	}
	return &cip.AddCustomAttributesOutput{}, nil
}

// DeleteUserPool deletes a user pool with everything in it.
func (a *API) DeleteUserPool(ctx context.Context, in *cip.DeleteUserPoolInput, _ ...options) (*cip.DeleteUserPoolOutput, error) {
	err := a.withPool(ctx, in.UserPoolId, func(p *pool.Pool) error {
		if err := p.CheckDeletableLocked(); err != nil {
			return err
		}
		a.store.RemovePool(p)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &cip.DeleteUserPoolOutput{}, nil
}

// ListUserPools answers the user pools of the call's region, ordered by id.
func (a *API) ListUserPools(ctx context.Context, in *cip.ListUserPoolsInput, _ ...options) (*cip.ListUserPoolsOutput, error) {
	region := regionOf(ctx)
	kind := "ListUserPools " + region
	after, err := a.pageAfter(kind, in.NextToken)
	if err != nil {
		return nil, err
	}
	pools, more := page(slices.Values(a.store.Pools(region, after)), pageLimit(in.MaxResults))
	out := &cip.ListUserPoolsOutput{UserPools: []types.UserPoolDescriptionType{}}
	for _, p := range pools {
		out.UserPools = append(out.UserPools, summary(p))
	}
	if more {
		out.NextToken = a.pageToken(kind, pools[len(pools)-1].ID)
	}
	return out, nil
}

// summary is the item of ListUserPools.
func summary(p *pool.Pool) types.UserPoolDescriptionType {
	p.Lock()
	s := p.Settings
	p.Unlock()
	return pool.Clone(types.UserPoolDescriptionType{
		Id: s.Id, Name: s.Name, LambdaConfig: s.LambdaConfig, CreationDate: s.CreationDate, LastModifiedDate: s.LastModifiedDate,
	})
}
