package api

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// ListUsers answers a page of the users that a filter matches.
func (a *API) ListUsers(ctx context.Context, in *cip.ListUsersInput, _ ...options) (*cip.ListUsersOutput, error) {
	p, err := a.pool(ctx, in.UserPoolId)
	if err != nil {
		return nil, err
	}
	filter, err := pool.ParseFilter(aws.ToString(in.Filter))
	if err != nil {
		return nil, err
	}
	kind := "ListUsers " + p.ID + " " + aws.ToString(in.Filter)
	after, err := a.pageAfter(kind, in.PaginationToken)
	if err != nil {
		return nil, err
	}
	p.Lock()
	defer p.Unlock()
	if slices.ContainsFunc(in.AttributesToGet, func(name string) bool { return name != "identities" && !p.Schema.Has(name) }) {
		return nil, pool.AttributesNotDefined()
	}
	users, more := page(p.UsersLocked(filter, after), pageLimit(in.Limit))
	out := &cip.ListUsersOutput{Users: usersOut(users, in.AttributesToGet)}
	if more {
		out.PaginationToken = a.pageToken(kind, filter.Place(users[len(users)-1]))
	}
	return out, nil
}

// usersOut tells of users, with all their attributes or with those that are asked for.
func usersOut(users []*pool.User, wanted []string) []types.UserType {
	out := make([]types.UserType, len(users))
	for i, u := range users {
		out[i] = *userOut(u)
		if len(wanted) > 0 {
			out[i].Attributes = slices.DeleteFunc(out[i].Attributes, func(a types.AttributeType) bool {
				return !slices.Contains(wanted, *a.Name)
			})
		}
	}
	return out
}
