package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// The writers of TestKilledProgram.

// prepare makes what the writers change.
func (l *load) prepare(t *testing.T) {
	t.Helper()
	_, errPool := l.client.UpdateUserPool(l.ctx, &cip.UpdateUserPoolInput{
		UserPoolId: &l.pool, AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail},
	})
	_, errGroup := l.client.CreateGroup(l.ctx, &cip.CreateGroupInput{UserPoolId: &l.pool, GroupName: aws.String("group")})
	err := errors.Join(errPool, errGroup, l.create("attribute"), l.create("password"), l.create("doomed-1"), setTag(l, 0), setPassword(l, 0))
	if err != nil {
		t.Fatal(err)
	}
}

func numbered(n int) *string { return aws.String(fmt.Sprint(n)) }

// number reads what numbered has written; nothing is 0.
func number(text *string, err error) (int, error) {
	if err != nil || aws.ToString(text) == "" {
		return 0, err
	}
	var n int
	_, err = fmt.Sscan(*text, &n)
	return n, err
}

func signUpNext(l *load, n int) error {
	_, err := l.client.SignUp(l.ctx, &cip.SignUpInput{
		ClientId: &l.app, Username: aws.String(fmt.Sprint("signed-", n)), Password: aws.String("Correct-Horse-7"),
		UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: aws.String("ann@example.com")}},
	}, once)
	if err == nil && n > 3 {
		l.delete(fmt.Sprint("signed-", n-3))
	}
	return err
}

// countSignUps also confirms the last sign-up that was acknowledged, with the code of its message.
func countSignUps(l *load, w *writer) (int, error) {
	n, err := l.newest("signed-")
	if err != nil || n == 0 || n != w.acknowledged {
		return n, err
	}
	name := fmt.Sprint("signed-", n)
	r, err := http.Get(l.url + "/_fakecognito/messages?username=" + name)
	if err != nil {
		return n, err
	}
	defer r.Body.Close()
	var messages []struct {
		Code string `json:"code"`
	}
	if err := json.NewDecoder(r.Body).Decode(&messages); err != nil || len(messages) == 0 {
		return n, fmt.Errorf("messages to %s: %v, %w", name, messages, err)
	}
	_, err = l.client.ConfirmSignUp(l.ctx, &cip.ConfirmSignUpInput{ClientId: &l.app, Username: &name, ConfirmationCode: &messages[0].Code})
	var confirmed *types.NotAuthorizedException // at an earlier check
	if errors.As(err, &confirmed) {
		err = nil
	}
	return n, err
}

// deleteNext deletes a user after it has made the next one.
func deleteNext(l *load, n int) error {
	var exists *types.UsernameExistsException
	if err := l.create(fmt.Sprint("doomed-", n+1)); err != nil && !errors.As(err, &exists) {
		return err
	}
	return l.delete(fmt.Sprint("doomed-", n))
}

// countDeleted returns the number of the last user who is gone.
func countDeleted(l *load, w *writer) (int, error) {
	out, err := l.client.ListUsers(l.ctx, &cip.ListUsersInput{UserPoolId: &l.pool, Filter: aws.String(`username ^= "doomed-"`)})
	if err != nil {
		return 0, err
	}
	first := w.sent + 2
	for _, u := range out.Users {
		var n int
		if _, err := fmt.Sscanf(*u.Username, "doomed-%d", &n); err != nil {
			return 0, err
		}
		first = min(first, n)
	}
	return first - 1, nil
}

func setAttribute(l *load, n int) error {
	_, err := l.client.AdminUpdateUserAttributes(l.ctx, &cip.AdminUpdateUserAttributesInput{
		UserPoolId: &l.pool, Username: aws.String("attribute"), UserAttributes: []types.AttributeType{{Name: aws.String("nickname"), Value: numbered(n)}},
	}, once)
	return err
}

func getAttribute(l *load, _ *writer) (int, error) {
	out, err := l.client.AdminGetUser(l.ctx, &cip.AdminGetUserInput{UserPoolId: &l.pool, Username: aws.String("attribute")})
	if err != nil {
		return 0, err
	}
	for _, a := range out.UserAttributes {
		if *a.Name == "nickname" {
			return number(a.Value, nil)
		}
	}
	return 0, nil
}

func password(n int) string { return fmt.Sprintf("Correct-Horse-%d", n) }

func setPassword(l *load, n int) error {
	_, err := l.client.AdminSetUserPassword(l.ctx, &cip.AdminSetUserPasswordInput{
		UserPoolId: &l.pool, Username: aws.String("password"), Password: aws.String(password(n)), Permanent: true,
	}, once)
	return err
}

// findPassword tries the passwords that may be the user's.
func findPassword(l *load, w *writer) (int, error) {
	for n := w.acknowledged; n <= w.sent; n++ {
		_, err := l.client.InitiateAuth(l.ctx, &cip.InitiateAuthInput{
			ClientId: &l.app, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
			AuthParameters: map[string]string{"USERNAME": "password", "PASSWORD": password(n)},
		})
		if err == nil {
			return n, nil
		}
	}
	return 0, errors.New("no password fits")
}

func setGroup(l *load, n int) error {
	_, err := l.client.UpdateGroup(l.ctx, &cip.UpdateGroupInput{UserPoolId: &l.pool, GroupName: aws.String("group"), Description: numbered(n)}, once)
	return err
}

func getGroup(l *load, _ *writer) (int, error) {
	out, err := l.client.GetGroup(l.ctx, &cip.GetGroupInput{UserPoolId: &l.pool, GroupName: aws.String("group")})
	if err != nil {
		return 0, err
	}
	return number(out.Group.Description, nil)
}

// setClient changes how long refresh tokens are valid, in hours beyond the default of 30 days.
func setClient(l *load, n int) error {
	_, err := l.client.UpdateUserPoolClient(l.ctx, &cip.UpdateUserPoolClientInput{
		UserPoolId: &l.pool, ClientId: &l.app, RefreshTokenValidity: int32(720 + n), TokenValidityUnits: &types.TokenValidityUnitsType{RefreshToken: types.TimeUnitsTypeHours},
		ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowUserPasswordAuth},
	}, once)
	return err
}

func getClient(l *load, _ *writer) (int, error) {
	out, err := l.client.DescribeUserPoolClient(l.ctx, &cip.DescribeUserPoolClientInput{UserPoolId: &l.pool, ClientId: &l.app})
	if err != nil {
		return 0, err
	}
	return max(0, int(out.UserPoolClient.RefreshTokenValidity)-720), nil
}

func (l *load) arn() *string {
	return aws.String("arn:aws:cognito-idp:us-east-1:123456789012:userpool/" + l.pool)
}

func setTag(l *load, n int) error {
	_, err := l.client.TagResource(l.ctx, &cip.TagResourceInput{ResourceArn: l.arn(), Tags: map[string]string{"number": *numbered(n)}}, once)
	return err
}

func getTag(l *load, _ *writer) (int, error) {
	out, err := l.client.ListTagsForResource(l.ctx, &cip.ListTagsForResourceInput{ResourceArn: l.arn()})
	if err != nil {
		return 0, err
	}
	return number(aws.String(out.Tags["number"]), nil)
}
