// Package fork shows code that changes the users of a directory for good, and tests of it that each begin
// with a private copy of a directory which was prepared once.
package fork

import (
	"context"
	"fmt"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Cognito is what the code needs of the SDK's client.
type Cognito interface {
	ListUsersInGroup(context.Context, *cip.ListUsersInGroupInput, ...func(*cip.Options)) (*cip.ListUsersInGroupOutput, error)
	AdminDisableUser(context.Context, *cip.AdminDisableUserInput, ...func(*cip.Options)) (*cip.AdminDisableUserOutput, error)
	DeleteGroup(context.Context, *cip.DeleteGroupInput, ...func(*cip.Options)) (*cip.DeleteGroupOutput, error)
}

// Directory is a user pool whose groups are the departments of a company.
type Directory struct {
	Cognito Cognito
	PoolID  string
}

// Close disables everybody in a department and deletes the department. It returns how many it has disabled,
// also beside an error.
func (d Directory) Close(ctx context.Context, department string) (disabled int, err error) {
	members := cip.NewListUsersInGroupPaginator(d.Cognito, &cip.ListUsersInGroupInput{UserPoolId: &d.PoolID, GroupName: &department})
	for members.HasMorePages() {
		page, err := members.NextPage(ctx)
		if err != nil {
			return disabled, fmt.Errorf("fork: closing %s: %w", department, err)
		}
		n, err := d.disable(ctx, page.Users)
		disabled += n
		if err != nil {
			return disabled, err
		}
	}
	if _, err := d.Cognito.DeleteGroup(ctx, &cip.DeleteGroupInput{UserPoolId: &d.PoolID, GroupName: &department}); err != nil {
		return disabled, fmt.Errorf("fork: closing %s: %w", department, err)
	}
	return disabled, nil
}

func (d Directory) disable(ctx context.Context, users []types.UserType) (disabled int, err error) {
	for _, u := range users {
		if _, err := d.Cognito.AdminDisableUser(ctx, &cip.AdminDisableUserInput{UserPoolId: &d.PoolID, Username: u.Username}); err != nil {
			return disabled, fmt.Errorf("fork: disabling %s: %w", *u.Username, err)
		}
		disabled++
	}
	return disabled, nil
}
