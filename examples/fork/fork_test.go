package fork_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/examples/fork"
	"github.com/cognitotest/cognito/fake"
)

// company is the directory of which every test has a copy.
var company *cognitotest.Provider

const (
	password = "Correct-Horse-7"
	staff    = 200 // of each department
)

func TestMain(m *testing.M) {
	ctx := context.Background()
	var err error
	if company, err = cognitotest.Start(ctx); err == nil {
		err = prepare(ctx, company)
	}
	if err != nil {
		log.Fatal(err)
	}
	code := m.Run()
	if err := company.Close(ctx); err != nil {
		log.Fatal(err)
	}
	os.Exit(code)
}

// prepare fills the directory: sales-0, sales-1, …, support-0, …
func prepare(ctx context.Context, p *cognitotest.Provider) error {
	c := p.Client()
	for _, department := range []string{"sales", "support"} {
		if _, err := c.CreateGroup(ctx, &cip.CreateGroupInput{UserPoolId: &p.PoolID, GroupName: &department}); err != nil {
			return err
		}
		for i := range staff {
			name := aws.String(fmt.Sprintf("%s-%d", department, i))
			_, errMade := c.AdminCreateUser(ctx, &cip.AdminCreateUserInput{UserPoolId: &p.PoolID, Username: name, MessageAction: types.MessageActionTypeSuppress})
			_, errSet := c.AdminSetUserPassword(ctx, &cip.AdminSetUserPasswordInput{UserPoolId: &p.PoolID, Username: name, Password: aws.String(password), Permanent: true})
			_, errJoined := c.AdminAddUserToGroup(ctx, &cip.AdminAddUserToGroupInput{UserPoolId: &p.PoolID, Username: name, GroupName: &department})
			if err := errors.Join(errMade, errSet, errJoined); err != nil {
				return err
			}
		}
	}
	return nil
}

// open returns a copy of the directory that is the test's own.
func open(t *testing.T) (*cognitotest.Provider, fork.Directory) {
	t.Parallel()
	cog := company.Fork(t)
	return cog, fork.Directory{Cognito: cog.Client(), PoolID: cog.PoolID}
}

// enabled returns how many of all users are enabled.
func enabled(t *testing.T, p *cognitotest.Provider) int {
	t.Helper()
	n := 0
	users := cip.NewListUsersPaginator(p.Client(), &cip.ListUsersInput{UserPoolId: &p.PoolID, Filter: aws.String(`status = "Enabled"`)})
	for users.HasMorePages() {
		page, err := users.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		n += len(page.Users)
	}
	return n
}

func TestEachDepartmentClosesForItself(t *testing.T) {
	for _, department := range []string{"sales", "support"} {
		t.Run(department, func(t *testing.T) {
			cog, directory := open(t)
			if n, err := directory.Close(t.Context(), department); err != nil || n != staff {
				t.Errorf("Close = %d, %v; want %d", n, err, staff)
			}
			if got := enabled(t, cog); got != staff {
				t.Errorf("%d users are enabled, want the %d of the other department", got, staff)
			}
		})
	}
}

func TestWhoIsDisabledIsSignedOut(t *testing.T) {
	cog, directory := open(t)
	ann := cog.User(t, "sales-7")
	ann.Password = password
	token := ann.AccessToken(t)
	if _, err := directory.Close(t.Context(), "sales"); err != nil {
		t.Fatal(err)
	}
	_, err := cog.Client().GetUser(t.Context(), &cip.GetUserInput{AccessToken: &token})
	if !errors.As(err, new(*types.NotAuthorizedException)) {
		t.Errorf("GetUser: %v, want NotAuthorizedException", err)
	}
}

func TestADepartmentThatCannotBeClosedStays(t *testing.T) {
	cog, directory := open(t)
	cog.Fake(t).Inject(fake.Fault{Operations: []string{"AdminDisableUser"}, Username: "sales-0", Err: &types.NotAuthorizedException{}})
	if n, err := directory.Close(t.Context(), "sales"); err == nil || n != 0 {
		t.Errorf("Close = %d, %v; want an error about the first", n, err)
	}
	if got := enabled(t, cog); got != 2*staff {
		t.Errorf("%d users are enabled, want all %d", got, 2*staff)
	}
}

func TestNobodyIsInAnUnknownDepartment(t *testing.T) {
	_, directory := open(t)
	if n, err := directory.Close(t.Context(), "finance"); !errors.As(err, new(*types.ResourceNotFoundException)) {
		t.Errorf("Close = %d, %v; want ResourceNotFoundException", n, err)
	}
}
