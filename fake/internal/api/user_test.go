package api

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// makePool makes a pool and returns its id.
func makePool(t *testing.T, a *API) string {
	t.Helper()
	out, err := a.CreateUserPool(context.Background(), &cip.CreateUserPoolInput{PoolName: aws.String("test")})
	if err != nil {
		t.Fatal(err)
	}
	return *out.UserPool.Id
}

// TestUsersChangeWhileListed lets administrators change users while others list them. The race
// detector judges; besides, nobody may fail.
func TestUsersChangeWhileListed(t *testing.T) {
	a, ctx := newAPI(t), context.Background()
	id := makePool(t, a)
	if _, err := a.CreateGroup(ctx, &cip.CreateGroupInput{UserPoolId: &id, GroupName: aws.String("staff")}); err != nil {
		t.Fatal(err)
	}
	work := func(i int) error {
		name := aws.String(fmt.Sprintf("user-%d", i))
		_, err1 := a.AdminCreateUser(ctx, &cip.AdminCreateUserInput{UserPoolId: &id, Username: name})
		_, err2 := a.AdminAddUserToGroup(ctx, &cip.AdminAddUserToGroupInput{UserPoolId: &id, Username: name, GroupName: aws.String("staff")})
		_, err3 := a.AdminUpdateUserAttributes(ctx, &cip.AdminUpdateUserAttributesInput{
			UserPoolId: &id, Username: name, UserAttributes: []types.AttributeType{{Name: aws.String("name"), Value: name}},
		})
		_, err4 := a.ListUsers(ctx, &cip.ListUsersInput{UserPoolId: &id, Filter: aws.String(`name ^= "user"`)})
		_, err5 := a.ListUsersInGroup(ctx, &cip.ListUsersInGroupInput{UserPoolId: &id, GroupName: aws.String("staff")})
		_, err6 := a.AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: &id, Username: name})
		return errors.Join(err1, err2, err3, err4, err5, err6)
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 20 {
				if err := work(100*i + j); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	out, err := a.ListUsers(ctx, &cip.ListUsersInput{UserPoolId: &id})
	if err != nil || len(out.Users) != 0 {
		t.Errorf("%d users are left, %v", len(out.Users), err)
	}
}

// TestGroupsShareNothing changes what goes in and what comes out of operations without HTTP.
func TestGroupsShareNothing(t *testing.T) {
	a, ctx := newAPI(t), context.Background()
	id := makePool(t, a)
	in := &cip.CreateGroupInput{UserPoolId: &id, GroupName: aws.String("staff"), Description: aws.String("right"), Precedence: aws.Int32(1)}
	made, err := a.CreateGroup(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	*in.Description, *made.Group.Precedence = "wrong", 9
	*made.Group.GroupName = "other"
	got, err := a.GetGroup(ctx, &cip.GetGroupInput{UserPoolId: &id, GroupName: aws.String("staff")})
	if err != nil {
		t.Fatal(err)
	}
	if *got.Group.Description != "right" || *got.Group.Precedence != 1 {
		t.Errorf("group %s, precedence %d; want right, 1", *got.Group.Description, *got.Group.Precedence)
	}
}

// TestOperationsOnUsersStandNilMembers calls operations as Go methods, without the
// check for required members.
func TestOperationsOnUsersStandNilMembers(t *testing.T) {
	a := newAPI(t)
	id := makePool(t, a)
	if _, err := a.AdminCreateUser(context.Background(), &cip.AdminCreateUserInput{UserPoolId: &id, Username: aws.String("ann")}); err != nil {
		t.Fatal(err)
	}
	for name, in := range map[string]any{
		"AdminGetUser":              &cip.AdminGetUserInput{UserPoolId: &id},
		"AdminSetUserPassword":      &cip.AdminSetUserPasswordInput{UserPoolId: &id, Username: aws.String("ann")},
		"AdminUpdateUserAttributes": &cip.AdminUpdateUserAttributesInput{UserPoolId: &id, Username: aws.String("ann"), UserAttributes: []types.AttributeType{{}}},
		"AdminAddUserToGroup":       &cip.AdminAddUserToGroupInput{UserPoolId: &id, Username: aws.String("ann")},
		"GetGroup":                  &cip.GetGroupInput{},
	} {
		if _, err := operations[name].call(a, context.Background(), in); err == nil {
			t.Errorf("%s without its members: no error", name)
		}
	}
}
