package trigger

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// newPool makes a pool with settings.
func newPool(t *testing.T, in cip.CreateUserPoolInput) *pool.Pool {
	t.Helper()
	in.PoolName = aws.String("test")
	settings, err := pool.NewSettings(&in, pool.Place{Region: "us-east-1", AccountID: "123456789012"})
	if err != nil {
		t.Fatal(err)
	}
	schema, err := pool.NewSchema(in.Schema)
	if err != nil {
		t.Fatal(err)
	}
	return pool.New(pool.Name{ID: "us-east-1_Test00000", Region: "us-east-1"}, settings, schema)
}

const sub = "26e2d294-80b1-709e-51e1-27beb70d3cee"

func TestUserAttributes(t *testing.T) {
	alias := cip.CreateUserPoolInput{AliasAttributes: []types.AliasAttributeType{types.AliasAttributeTypeEmail, types.AliasAttributeTypePhoneNumber}}
	byEmail := cip.CreateUserPoolInput{UsernameAttributes: []types.UsernameAttributeType{types.UsernameAttributeTypeEmail}}
	required := cip.CreateUserPoolInput{Schema: []types.SchemaAttributeType{{Name: aws.String("name"), Required: aws.Bool(true)}}}
	contact := func(verified string) func(*pool.User) {
		return func(u *pool.User) {
			u.SetAttribute("email", "a@example.com")
			u.SetAttribute("email_verified", verified)
		}
	}
	for _, test := range []struct {
		why    string
		pool   cip.CreateUserPoolInput
		status types.UserStatusType
		edit   func(*pool.User)
		want   map[string]string
	}{
		{"flags are strings", cip.CreateUserPoolInput{}, "CONFIRMED", contact("true"),
			map[string]string{"email": "a@example.com", "email_verified": "true"}},
		{"a verified address is an alias", alias, "CONFIRMED", contact("true"),
			map[string]string{"email": "a@example.com", "email_verified": "true", "cognito:email_alias": "a@example.com"}},
		{"an unverified one is none yet", alias, "UNCONFIRMED", contact("false"),
			map[string]string{"email": "a@example.com", "email_verified": "false"}},
		{"a verified number is an alias", alias, "CONFIRMED",
			func(u *pool.User) {
				u.SetAttribute("phone_number", "+12065550100")
				u.SetAttribute("phone_number_verified", "true")
			},
			map[string]string{"phone_number": "+12065550100", "phone_number_verified": "true", "cognito:phone_number_alias": "+12065550100"}},
		{"a username attribute names the user from the start", byEmail, "UNCONFIRMED", contact("false"),
			map[string]string{"email": "a@example.com", "email_verified": "false", "cognito:email_alias": "a@example.com"}},
		{"signed out everywhere", cip.CreateUserPoolInput{}, "CONFIRMED",
			func(u *pool.User) { u.SignOutLocked(time.Unix(1700000000, 5e8)) },
			map[string]string{"cognito:token_nbf": "1700000000"}},
		{"sign-ins that end otherwise leave no trace", cip.CreateUserPoolInput{}, "CONFIRMED", (*pool.User).RevokeLocked, map[string]string{}},
		{"an administrator left a required attribute empty", required, "FORCE_CHANGE_PASSWORD", func(*pool.User) {},
			map[string]string{"name": "cognito:default_val"}},
		{"or gave it", required, "FORCE_CHANGE_PASSWORD", func(u *pool.User) { u.SetAttribute("name", "Ann") },
			map[string]string{"name": "Ann"}},
		{"who signed up has it", required, "CONFIRMED", func(*pool.User) {}, map[string]string{}},
	} {
		t.Run(test.why, func(t *testing.T) {
			u := &pool.User{Username: "ann", Sub: sub, Status: test.status}
			test.edit(u)
			test.want["sub"], test.want["cognito:user_status"] = sub, string(test.status)
			if diff := cmp.Diff(userAttributes(newPool(t, test.pool), u), test.want); diff != "" {
				t.Errorf("userAttributes (-got +want):\n%s", diff)
			}
		})
	}
}
