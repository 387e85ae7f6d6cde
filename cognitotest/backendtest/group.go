package backendtest

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
)

func join(p *cognitotest.Provider, username, group string) error {
	_, err := p.Client().AdminAddUserToGroup(ctx, &cip.AdminAddUserToGroupInput{UserPoolId: &p.PoolID, Username: &username, GroupName: &group})
	return err
}

func leave(p *cognitotest.Provider, username, group string) error {
	_, err := p.Client().AdminRemoveUserFromGroup(ctx, &cip.AdminRemoveUserFromGroupInput{UserPoolId: &p.PoolID, Username: &username, GroupName: &group})
	return err
}

// groupNames returns the names of groups in their order.
func groupNames(groups []types.GroupType) []string {
	var names []string
	for _, g := range groups {
		names = append(names, *g.GroupName)
	}
	return names
}

// groupsOf returns the names of a user's groups.
func groupsOf(t *testing.T, p *cognitotest.Provider, username string) []string {
	t.Helper()
	out, err := p.Client().AdminListGroupsForUser(ctx, &cip.AdminListGroupsForUserInput{UserPoolId: &p.PoolID, Username: &username})
	need(t, err)
	return groupNames(out.Groups)
}

// members returns the usernames of a group's members.
func members(t *testing.T, p *cognitotest.Provider, group string) []string {
	t.Helper()
	out, err := p.Client().ListUsersInGroup(ctx, &cip.ListUsersInGroupInput{UserPoolId: &p.PoolID, GroupName: &group})
	need(t, err)
	return names(out.Users)
}

// role is an IAM role of the account that the fake's pools belong to; on a real pool it needs not
// exist, but its account must be the pool's.
const role = "arn:aws:iam::123456789012:role/"

// groupView is what the service tells of a group, without dates and pool.
type groupView struct {
	Name, Description, Role string
	Precedence              *int32
}

func viewGroup(g *types.GroupType) groupView {
	return groupView{aws.ToString(g.GroupName), aws.ToString(g.Description), aws.ToString(g.RoleArn), g.Precedence}
}

// makeGroup creates a group with a precedence and, unless it is "", a role.
func makeGroup(t *testing.T, p *cognitotest.Provider, name string, precedence int32, roleName string) {
	t.Helper()
	in := &cip.CreateGroupInput{UserPoolId: &p.PoolID, GroupName: &name, Precedence: &precedence}
	if roleName != "" {
		in.RoleArn = aws.String(role + roleName)
	}
	need(t, fail(p.Client().CreateGroup(ctx, in)))
}

var groups = []Behaviour{
	{"a group shows what it was made with, and nothing else", func(t *testing.T, start Start) {
		p := start(t)
		needFake(t, p, unproven)
		made, err := p.Client().CreateGroup(ctx, &cip.CreateGroupInput{
			UserPoolId: &p.PoolID, GroupName: aws.String("admins"), Description: aws.String("They may."), RoleArn: aws.String(role + "admin"), Precedence: aws.Int32(0),
		})
		need(t, err)
		got, err := p.Client().GetGroup(ctx, &cip.GetGroupInput{UserPoolId: &p.PoolID, GroupName: aws.String("admins")})
		need(t, err)
		want := groupView{"admins", "They may.", role + "admin", aws.Int32(0)}
		for what, g := range map[string]*types.GroupType{"made": made.Group, "got": got.Group} {
			if diff := cmp.Diff(want, viewGroup(g)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
			if *g.UserPoolId != p.PoolID || g.CreationDate == nil || g.LastModifiedDate == nil {
				t.Errorf("%s: pool %s, created %v, modified %v", what, *g.UserPoolId, g.CreationDate, g.LastModifiedDate)
			}
		}
		bare, err := p.Client().CreateGroup(ctx, &cip.CreateGroupInput{UserPoolId: &p.PoolID, GroupName: aws.String("bare")})
		need(t, err)
		if g := bare.Group; g.Description != nil || g.RoleArn != nil || g.Precedence != nil {
			t.Errorf("a group with a name alone shows %+v", viewGroup(g))
		}
	}},
	{"a group's name is taken once", func(t *testing.T, start Start) {
		p := start(t)
		p.NewGroup(t, "admins")
		_, err := p.Client().CreateGroup(ctx, &cip.CreateGroupInput{UserPoolId: &p.PoolID, GroupName: aws.String("admins")})
		wantCode(t, err, "GroupExistsException")
	}},
	{"a group's role belongs to the pool's account", func(t *testing.T, start Start) {
		p := start(t)
		p.NewGroup(t, "admins")
		foreign := aws.String("arn:aws:iam::210987654321:role/admin")
		_, err := p.Client().CreateGroup(ctx, &cip.CreateGroupInput{UserPoolId: &p.PoolID, GroupName: aws.String("others"), RoleArn: foreign})
		wantError(t, err, "InvalidParameterException", "Cross-account pass role is not allowed.")
		_, err = p.Client().UpdateGroup(ctx, &cip.UpdateGroupInput{UserPoolId: &p.PoolID, GroupName: aws.String("admins"), RoleArn: foreign})
		wantError(t, err, "InvalidParameterException", "Cross-account pass role is not allowed.")
	}},
	{"an update of a group keeps what it does not name", func(t *testing.T, start Start) {
		p := start(t)
		needFake(t, p, unproven)
		makeGroup(t, p, "admins", 3, "admin")
		update := func(in cip.UpdateGroupInput) *types.GroupType {
			in.UserPoolId, in.GroupName = &p.PoolID, aws.String("admins")
			out, err := p.Client().UpdateGroup(ctx, &in)
			need(t, err)
			return out.Group
		}
		update(cip.UpdateGroupInput{Description: aws.String("They may.")})
		got := update(cip.UpdateGroupInput{Precedence: aws.Int32(1)})
		if diff := cmp.Diff(groupView{"admins", "They may.", role + "admin", aws.Int32(1)}, viewGroup(got)); diff != "" {
			t.Errorf("group (-want +got):\n%s", diff)
		}
		if got.LastModifiedDate.Before(*got.CreationDate) {
			t.Errorf("modified %v, before it was created, %v", got.LastModifiedDate, got.CreationDate)
		}
	}},
	{"an unknown group answers ResourceNotFoundException", func(t *testing.T, start Start) {
		p := start(t)
		c, pool, name, u := p.Client(), &p.PoolID, aws.String("nobody"), p.NewUser(t).Username
		for _, call := range []struct {
			operation string
			run       func() error
		}{
			{"GetGroup", func() error {
				return fail(c.GetGroup(ctx, &cip.GetGroupInput{UserPoolId: pool, GroupName: name}))
			}},
			{"UpdateGroup", func() error {
				return fail(c.UpdateGroup(ctx, &cip.UpdateGroupInput{UserPoolId: pool, GroupName: name}))
			}},
			{"DeleteGroup", func() error {
				return fail(c.DeleteGroup(ctx, &cip.DeleteGroupInput{UserPoolId: pool, GroupName: name}))
			}},
			{"ListUsersInGroup", func() error {
				return fail(c.ListUsersInGroup(ctx, &cip.ListUsersInGroupInput{UserPoolId: pool, GroupName: name}))
			}},
			{"AdminAddUserToGroup", func() error { return join(p, u, *name) }},
			{"AdminRemoveUserFromGroup", func() error { return leave(p, u, *name) }},
		} {
			part(t, call.operation, func(t *testing.T) {
				wantError(t, call.run(), "ResourceNotFoundException", "Group not found.")
			})
		}
	}},
	{"members join and leave, and doing so twice is no error", func(t *testing.T, start Start) {
		p := start(t)
		p.NewGroup(t, "staff")
		ann, bob := p.NewUser(t, cognitotest.Username("ann")), p.NewUser(t, cognitotest.Username("bob"))
		for range 2 {
			need(t, join(p, ann.Username, "staff"))
			need(t, join(p, bob.Username, "staff"))
		}
		if diff := cmp.Diff([]string{"ann", "bob"}, members(t, p, "staff")); diff != "" {
			t.Errorf("members (-want +got):\n%s", diff)
		}
		for range 2 {
			need(t, leave(p, ann.Username, "staff"))
		}
		if diff := cmp.Diff([]string{"bob"}, members(t, p, "staff")); diff != "" {
			t.Errorf("members after ann left (-want +got):\n%s", diff)
		}
		if got := groupsOf(t, p, ann.Username); got != nil {
			t.Errorf("ann's groups = %v, want none", got)
		}
	}},
	{"members are told of as ListUsers does", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Groups("staff"), cognitotest.Attribute("name", "Ann"))
		out, err := p.Client().ListUsersInGroup(ctx, &cip.ListUsersInGroupInput{UserPoolId: &p.PoolID, GroupName: aws.String("staff")})
		need(t, err)
		got := out.Users[0]
		if *got.Username != u.Username || attribute(got.Attributes, "name") != "Ann" || attribute(got.Attributes, "sub") != u.Sub ||
			got.UserStatus != types.UserStatusTypeConfirmed || !got.Enabled || got.UserCreateDate == nil {
			t.Errorf("member %+v", got)
		}
	}},
	{"a group with members can be deleted, and a deleted user is no member", func(t *testing.T, start Start) {
		p := start(t)
		ann := p.NewUser(t, cognitotest.Groups("staff", "admins"))
		bob := p.NewUser(t, cognitotest.Groups("staff"))
		need(t, fail(p.Client().DeleteGroup(ctx, &cip.DeleteGroupInput{UserPoolId: &p.PoolID, GroupName: aws.String("admins")})))
		if diff := cmp.Diff([]string{"staff"}, groupsOf(t, p, ann.Username)); diff != "" {
			t.Errorf("groups (-want +got):\n%s", diff)
		}
		need(t, fail(p.Client().AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: &p.PoolID, Username: &ann.Username})))
		if diff := cmp.Diff([]string{bob.Username}, members(t, p, "staff")); diff != "" {
			t.Errorf("members (-want +got):\n%s", diff)
		}
		p.NewGroup(t, "admins") // the name is free, the group new
		if got := members(t, p, "admins"); got != nil {
			t.Errorf("the new group has members: %v", got)
		}
	}},
	{"a user is in at most 100 groups", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		for i := range 101 {
			name := fmt.Sprintf("g%d", i)
			p.NewGroup(t, name)
			err := join(p, u.Username, name)
			if i < 100 {
				need(t, err)
			} else {
				wantCode(t, err, "LimitExceededException")
			}
		}
		need(t, join(p, u.Username, "g0")) // is one already
	}},
	{"a page of groups holds 60 at most", func(t *testing.T, start Start) {
		p := start(t)
		for i := range 61 {
			p.NewGroup(t, fmt.Sprint("g", i))
		}
		for why, limit := range map[string]*int32{"no limit": nil, "a limit of 0": aws.Int32(0), "60": aws.Int32(60)} {
			out, err := p.Client().ListGroups(ctx, &cip.ListGroupsInput{UserPoolId: &p.PoolID, Limit: limit})
			need(t, err)
			if len(out.Groups) != 60 || out.NextToken == nil {
				t.Errorf("%s: %d groups, token %v; want 60 and a token", why, len(out.Groups), out.NextToken)
			}
		}
	}},
	{"groups and members come in pages", func(t *testing.T, start Start) {
		p := start(t)
		ann := p.NewUser(t, cognitotest.Username("ann"), cognitotest.Groups("a", "b", "c"))
		p.NewUser(t, cognitotest.Username("bob"), cognitotest.Groups("a"))
		p.NewUser(t, cognitotest.Username("cid"), cognitotest.Groups("a"))
		limit, c := aws.Int32(2), p.Client()
		for _, list := range []struct {
			operation string
			get       func(token *string) ([]string, *string)
			want      []string
		}{
			{"ListGroups", func(token *string) ([]string, *string) {
				out, err := c.ListGroups(ctx, &cip.ListGroupsInput{UserPoolId: &p.PoolID, Limit: limit, NextToken: token})
				need(t, err)
				return groupNames(out.Groups), out.NextToken
			}, []string{"a", "b", "c"}},
			{"AdminListGroupsForUser", func(token *string) ([]string, *string) {
				out, err := c.AdminListGroupsForUser(ctx, &cip.AdminListGroupsForUserInput{UserPoolId: &p.PoolID, Username: &ann.Username, Limit: limit, NextToken: token})
				need(t, err)
				return groupNames(out.Groups), out.NextToken
			}, []string{"a", "b", "c"}},
			{"ListUsersInGroup", func(token *string) ([]string, *string) {
				out, err := c.ListUsersInGroup(ctx, &cip.ListUsersInGroupInput{UserPoolId: &p.PoolID, GroupName: aws.String("a"), Limit: limit, NextToken: token})
				need(t, err)
				return names(out.Users), out.NextToken
			}, []string{"ann", "bob", "cid"}},
		} {
			part(t, list.operation, func(t *testing.T) {
				if diff := cmp.Diff(list.want, allPages(t, 2, list.get)); diff != "" {
					t.Errorf("all pages (-want +got):\n%s", diff)
				}
			})
		}
	}},
}

// allPages follows the tokens of a list to its end; no page but the last may be empty, and none
// larger than the limit.
func allPages(t *testing.T, limit int, get func(token *string) ([]string, *string)) []string {
	t.Helper()
	var all []string
	var token *string
	for range 100 {
		items, next := get(token)
		all = append(all, items...)
		if len(items) > limit || next != nil && len(items) == 0 {
			t.Fatalf("a page of %d items, with the limit %d", len(items), limit)
		}
		if next == nil {
			return all
		}
		token = next
	}
	t.Fatal("the pages do not end")
	return nil
}
