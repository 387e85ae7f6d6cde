package api

import (
	"context"
	"reflect"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// TestSettingsChangeWhileUsed changes a pool and its client while users sign in and others look. The
// race detector judges; besides, nobody may fail. Everyone scribbles over the answers.
func TestSettingsChangeWhileUsed(t *testing.T) {
	a, members := populated(t)
	ctx, id, client := context.Background(), members["UserPoolId"], members["ClientId"]
	works := map[string]func() (any, error){
		"UpdateUserPool": func() (any, error) {
			return a.UpdateUserPool(ctx, &cip.UpdateUserPoolInput{UserPoolId: id, UserPoolTags: map[string]string{"a": "1"}})
		},
		"AddCustomAttributes": func() (any, error) {
			return a.AddCustomAttributes(ctx, &cip.AddCustomAttributesInput{UserPoolId: id})
		},
		"SetUserPoolMfaConfig": func() (any, error) {
			return a.SetUserPoolMfaConfig(ctx, &cip.SetUserPoolMfaConfigInput{UserPoolId: id, MfaConfiguration: types.UserPoolMfaTypeOff})
		},
		"TagResource": func() (any, error) {
			return a.TagResource(ctx, &cip.TagResourceInput{ResourceArn: members["ResourceArn"], Tags: map[string]string{"b": "2"}})
		},
		"ListTagsForResource": func() (any, error) {
			return a.ListTagsForResource(ctx, &cip.ListTagsForResourceInput{ResourceArn: members["ResourceArn"]})
		},
		"UpdateUserPoolClient": func() (any, error) {
			return a.UpdateUserPoolClient(ctx, &cip.UpdateUserPoolClientInput{UserPoolId: id, ClientId: client,
				ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowAdminUserPasswordAuth}})
		},
		"DescribeUserPool": func() (any, error) { return a.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: id}) },
		"ListUserPools":    func() (any, error) { return a.ListUserPools(ctx, &cip.ListUserPoolsInput{}) },
		"AdminInitiateAuth": func() (any, error) {
			return a.AdminInitiateAuth(ctx, &cip.AdminInitiateAuthInput{UserPoolId: id, ClientId: client, AuthFlow: types.AuthFlowTypeAdminUserPasswordAuth,
				AuthParameters: map[string]string{"USERNAME": "ann", "PASSWORD": "Correct-Horse-7"}})
		},
		"AdminCreateUser": func() (any, error) {
			return a.AdminCreateUser(ctx, &cip.AdminCreateUserInput{UserPoolId: id, Username: aws.String(a.store.Random.UUID())})
		},
		"UpdateGroup": func() (any, error) {
			return a.UpdateGroup(ctx, &cip.UpdateGroupInput{UserPoolId: id, GroupName: aws.String("g"), Precedence: aws.Int32(1)})
		},
		"ListGroups": func() (any, error) { return a.ListGroups(ctx, &cip.ListGroupsInput{UserPoolId: id}) },
	}
	var wg sync.WaitGroup
	for name, work := range works {
		wg.Go(func() {
			for range 20 {
				out, err := work()
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
				scribble(reflect.ValueOf(out))
			}
		})
	}
	wg.Wait()
}
