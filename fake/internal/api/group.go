package api

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// withGroup runs do on a group, under the pool's lock.
func (a *API) withGroup(ctx context.Context, poolID, name *string, do func(*pool.Pool, *pool.Group) error) error {
	p, err := a.pool(ctx, poolID)
	if err != nil {
		return err
	}
	p.Lock()
	defer p.Unlock()
	g, err := p.GroupLocked(aws.ToString(name))
	if err != nil {
		return err
	}
	return do(p, g)
}

// groupOut returns what the service tells of a group; it shares nothing with it. The pool's lock
// must be held.
func groupOut(p *pool.Pool, g *pool.Group) *types.GroupType {
	return pool.Clone(&types.GroupType{
		GroupName: &g.Name, UserPoolId: &p.ID, Description: g.Description, RoleArn: g.RoleArn,
		Precedence: g.Precedence, CreationDate: &g.Created, LastModifiedDate: &g.Modified,
	})
}

func groupsOut(p *pool.Pool, groups []*pool.Group) []types.GroupType {
	out := make([]types.GroupType, len(groups))
	for i, g := range groups {
		out[i] = *groupOut(p, g)
	}
	return out
}

// CreateGroup makes a group.
func (a *API) CreateGroup(ctx context.Context, in *cip.CreateGroupInput, _ ...options) (*cip.CreateGroupOutput, error) {
	p, err := a.pool(ctx, in.UserPoolId)
	if err != nil {
		return nil, err
	}
	if err := a.checkRole(p, in.RoleArn); err != nil {
		return nil, err
	}
	in, now := pool.Clone(in), a.store.Clock.Now()
	g := &pool.Group{
		Name: aws.ToString(in.GroupName), Description: in.Description, RoleArn: in.RoleArn, Precedence: in.Precedence,
		Created: now, Modified: now,
	}
	p.Lock()
	defer p.Unlock()
	if err := p.AddGroupLocked(g); err != nil {
		return nil, err
	}
	return &cip.CreateGroupOutput{Group: groupOut(p, g)}, nil
}

// checkRole refuses a role of another account for a group.
func (a *API) checkRole(p *pool.Pool, role *string) error {
	return pool.CheckRole(role, pool.Place{Region: p.Region, AccountID: a.store.AccountID})
}

// GetGroup answers a group.
func (a *API) GetGroup(ctx context.Context, in *cip.GetGroupInput, _ ...options) (*cip.GetGroupOutput, error) {
	var out *cip.GetGroupOutput
	err := a.withGroup(ctx, in.UserPoolId, in.GroupName, func(p *pool.Pool, g *pool.Group) error {
		out = &cip.GetGroupOutput{Group: groupOut(p, g)}
		return nil
	})
	return out, err
}

// UpdateGroup changes what the request names; the rest stays, unlike in pools and app clients.
func (a *API) UpdateGroup(ctx context.Context, in *cip.UpdateGroupInput, _ ...options) (*cip.UpdateGroupOutput, error) {
	var out *cip.UpdateGroupOutput
	err := a.withGroup(ctx, in.UserPoolId, in.GroupName, func(p *pool.Pool, g *pool.Group) error {
		if err := a.checkRole(p, in.RoleArn); err != nil {
			return err
		}
		g.ChangeLocked(pool.Clone(in), a.store.Clock.Now())
		out = &cip.UpdateGroupOutput{Group: groupOut(p, g)}
		return nil
	})
	return out, err
}

// DeleteGroup deletes a group, which may have members.
func (a *API) DeleteGroup(ctx context.Context, in *cip.DeleteGroupInput, _ ...options) (*cip.DeleteGroupOutput, error) {
	err := a.withGroup(ctx, in.UserPoolId, in.GroupName, func(p *pool.Pool, g *pool.Group) error {
		p.RemoveGroupLocked(g)
		return nil
	})
	return done[cip.DeleteGroupOutput](err)
}

// ListGroups answers a page of a pool's groups, ordered by name.
func (a *API) ListGroups(ctx context.Context, in *cip.ListGroupsInput, _ ...options) (*cip.ListGroupsOutput, error) {
	p, err := a.pool(ctx, in.UserPoolId)
	if err != nil {
		return nil, err
	}
	kind := "ListGroups " + p.ID
	after, err := a.pageAfter(kind, in.NextToken)
	if err != nil {
		return nil, err
	}
	p.Lock()
	defer p.Unlock()
	groups, more := page(p.GroupsLocked(after), pageLimit(in.Limit))
	out := &cip.ListGroupsOutput{Groups: groupsOut(p, groups)}
	if more {
		out.NextToken = a.pageToken(kind, groups[len(groups)-1].Name)
	}
	return out, nil
}

// AdminAddUserToGroup makes a user a member of a group.
func (a *API) AdminAddUserToGroup(ctx context.Context, in *cip.AdminAddUserToGroupInput, _ ...options) (*cip.AdminAddUserToGroupOutput, error) {
	err := a.withUser(ctx, in.UserPoolId, in.Username, func(c *call, u *pool.User) error {
		g, err := c.pool.GroupLocked(aws.ToString(in.GroupName))
		if err != nil {
			return err
		}
		return g.AddLocked(u)
	})
	return done[cip.AdminAddUserToGroupOutput](err)
}

// AdminRemoveUserFromGroup ends a membership.
func (a *API) AdminRemoveUserFromGroup(ctx context.Context, in *cip.AdminRemoveUserFromGroupInput, _ ...options) (*cip.AdminRemoveUserFromGroupOutput, error) {
	err := a.withUser(ctx, in.UserPoolId, in.Username, func(c *call, u *pool.User) error {
		g, err := c.pool.GroupLocked(aws.ToString(in.GroupName))
		if err != nil {
			return err
		}
		g.RemoveLocked(u)
		return nil
	})
	return done[cip.AdminRemoveUserFromGroupOutput](err)
}

// AdminListGroupsForUser answers a page of a user's groups, ordered by name.
func (a *API) AdminListGroupsForUser(ctx context.Context, in *cip.AdminListGroupsForUserInput, _ ...options) (*cip.AdminListGroupsForUserOutput, error) {
	var out *cip.AdminListGroupsForUserOutput
	err := a.withUser(ctx, in.UserPoolId, in.Username, func(c *call, u *pool.User) error {
		kind := "AdminListGroupsForUser " + c.pool.ID + " " + u.Username
		after, err := a.pageAfter(kind, in.NextToken)
		if err != nil {
			return err
		}
		groups, more := page(c.pool.GroupsOfLocked(u, after), pageLimit(in.Limit))
		out = &cip.AdminListGroupsForUserOutput{Groups: groupsOut(c.pool, groups)}
		if more {
			out.NextToken = a.pageToken(kind, groups[len(groups)-1].Name)
		}
		return nil
	})
	return out, err
}

// ListUsersInGroup answers a page of a group's members, ordered by username.
func (a *API) ListUsersInGroup(ctx context.Context, in *cip.ListUsersInGroupInput, _ ...options) (*cip.ListUsersInGroupOutput, error) {
	var out *cip.ListUsersInGroupOutput
	err := a.withGroup(ctx, in.UserPoolId, in.GroupName, func(p *pool.Pool, g *pool.Group) error {
		kind := "ListUsersInGroup " + p.ID + " " + g.Name
		after, err := a.pageAfter(kind, in.NextToken)
		if err != nil {
			return err
		}
		users, more := page(p.MembersLocked(g, after), pageLimit(in.Limit))
		out = &cip.ListUsersInGroupOutput{Users: usersOut(users, nil)}
		if more {
			out.NextToken = a.pageToken(kind, users[len(users)-1].Username)
		}
		return nil
	})
	return out, err
}
