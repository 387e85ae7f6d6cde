package backendtest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
)

// names returns the usernames of users in their order.
func names(users []types.UserType) []string {
	var all []string
	for _, u := range users {
		all = append(all, *u.Username)
	}
	return all
}

// list runs ListUsers on the provider's pool.
func list(p *cognitotest.Provider, in cip.ListUsersInput) (*cip.ListUsersOutput, error) {
	in.UserPoolId = &p.PoolID
	return p.Client().ListUsers(ctx, &in)
}

// crowd makes n users, u00 and so on.
func crowd(t *testing.T, p *cognitotest.Provider, n int) []string {
	t.Helper()
	var all []string
	for i := range n {
		name := fmt.Sprintf("u%02d", i)
		need(t, fail(create(p, name, with("family_name", "Crowd"))))
		all = append(all, name)
	}
	return all
}

var userLists = []Behaviour{
	{"ListUsers tells of every user what AdminGetUser does", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Attribute("name", "Ann"))
		out, err := list(p, cip.ListUsersInput{})
		need(t, err)
		if len(out.Users) != 1 || out.PaginationToken != nil {
			t.Fatalf("%d users, token %v; want one and none", len(out.Users), out.PaginationToken)
		}
		got, want := out.Users[0], look(t, p, u.Username)
		if diff := cmp.Diff(values(want.UserAttributes), values(got.Attributes)); diff != "" || attribute(got.Attributes, "sub") != u.Sub {
			t.Errorf("sub %s, attributes (-want +got):\n%s", attribute(got.Attributes, "sub"), diff)
		}
		if *got.Username != u.Username || got.Enabled != want.Enabled || got.UserStatus != want.UserStatus ||
			!got.UserCreateDate.Equal(*want.UserCreateDate) || !got.UserLastModifiedDate.Equal(*want.UserLastModifiedDate) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}},
	{"a filter finds users by each searchable attribute", func(t *testing.T, start Start) {
		p := start(t, schema(custom("tenant", true)))
		ann := p.NewUser(t, cognitotest.Username("ann"), cognitotest.Email("Ann@example.com"), cognitotest.Phone("+12065550100"),
			cognitotest.Attribute("name", "Ann Lee"), cognitotest.Attribute("given_name", "Ann"), cognitotest.Attribute("family_name", "Lee"),
			cognitotest.Attribute("preferred_username", "boss"), cognitotest.Attribute("custom:tenant", "acme"))
		need(t, disable(p, "ann"))
		p.NewUser(t, cognitotest.Username("bob"), cognitotest.TemporaryPassword(), cognitotest.Email("bob@example.com"),
			cognitotest.Attribute("name", "Bob \"B\" \\ Lee"), cognitotest.Attribute("family_name", "Leeman"))
		for _, row := range []struct {
			filter string
			want   []string
		}{
			{`username = "ann"`, []string{"ann"}},
			{`username ^= "a"`, []string{"ann"}},
			{`username = "ANN"`, nil}, // usernames mind case
			{`username ^= "A"`, nil},
			{`username = "Ann@example.com"`, nil}, // and are no aliases
			{`sub = "` + ann.Sub + `"`, []string{"ann"}},
			{`email = "ann@EXAMPLE.com"`, []string{"ann"}},
			{`email ^= "b"`, []string{"bob"}},
			{`phone_number ^= "+1206"`, []string{"ann"}},
			{`name = "ann lee"`, []string{"ann"}},
			{`given_name = "Ann"`, []string{"ann"}},
			{`family_name ^= "lee"`, []string{"ann", "bob"}},
			{`family_name = "lee"`, []string{"ann"}},
			{`preferred_username = "boss"`, []string{"ann"}},
			{`cognito:user_status = "CONFIRMED"`, []string{"ann"}},
			{`cognito:user_status = "force_change_password"`, []string{"bob"}},
			{`cognito:user_status ^= "Force"`, []string{"bob"}},
			{`status = "Disabled"`, []string{"ann"}},
			{`status = "Enabled"`, []string{"bob"}},
			{`status = "enabled"`, nil}, // minds case
			{`status ^= "Dis"`, []string{"ann"}},
			{`name = "Bob \"B\" \\ Lee"`, []string{"bob"}}, // escapes
			{`  "username"="ann"  `, []string{"ann"}},      // blanks and quotes
			{`name = "nobody"`, nil},
			{``, []string{"ann", "bob"}},
			{` `, []string{"ann", "bob"}},
		} {
			part(t, row.filter, func(t *testing.T) {
				out, err := list(p, cip.ListUsersInput{Filter: &row.filter})
				need(t, err)
				got := names(out.Users)
				slices.Sort(got)
				if diff := cmp.Diff(row.want, got); diff != "" {
					t.Errorf("users (-want +got):\n%s", diff)
				}
			})
		}
	}},
	{"a filter that is none, or names what cannot be searched, is refused", func(t *testing.T, start Start) {
		p := start(t, schema(custom("tenant", true)))
		for _, filter := range []string{
			`username`, `username = ann`, `username = "ann`, `= "ann"`, `username > "ann"`, `username = "a" and email = "b"`,
			`username = 'ann'`, `username = "ann" x`, `custom:tenant = "acme"`, `locale = "en"`, `address ^= "x"`,
		} {
			_, err := list(p, cip.ListUsersInput{Filter: &filter})
			wantCode(t, err, "InvalidParameterException")
		}
	}},
	{"a filter follows every change of a user", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Attribute("name", "Ann"))
		want := func(filter string, found bool) {
			t.Helper()
			out, err := list(p, cip.ListUsersInput{Filter: &filter})
			need(t, err)
			if got := len(out.Users) == 1; got != found {
				t.Errorf("%s finds %v", filter, names(out.Users))
			}
		}
		need(t, update(p, u.Username, "name", "Anna"))
		want(`name = "Ann"`, false)
		want(`name = "Anna"`, true)
		need(t, disable(p, u.Username))
		want(`status = "Enabled"`, false)
		want(`status = "Disabled"`, true)
		need(t, setPassword(p, u.Username, u.Password, false))
		want(`cognito:user_status = "CONFIRMED"`, false)
		want(`cognito:user_status = "FORCE_CHANGE_PASSWORD"`, true)
		need(t, erase(p, u.Username, "name"))
		want(`name ^= ""`, false)
		need(t, fail(p.Client().AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: &p.PoolID, Username: &u.Username})))
		want(`status = "Disabled"`, false)
	}},
	{"filtered users are sorted by the attribute", func(t *testing.T, start Start) {
		p := start(t)
		for username, name := range map[string]string{"1": "Cid", "2": "ann", "3": "Bob"} {
			p.NewUser(t, cognitotest.Username(username), cognitotest.Attribute("name", name))
		}
		out, err := list(p, cip.ListUsersInput{Filter: aws.String(`name ^= ""`)})
		need(t, err)
		if diff := cmp.Diff([]string{"2", "3", "1"}, names(out.Users)); diff != "" {
			t.Errorf("users (-want +got):\n%s", diff)
		}
	}},
	{"AttributesToGet narrows the attributes, passing over what a user lacks", func(t *testing.T, start Start) {
		p := start(t, schema(custom("tenant", true)))
		p.NewUser(t, cognitotest.Attribute("name", "Ann"), cognitotest.Attribute("locale", "en"))
		out, err := list(p, cip.ListUsersInput{AttributesToGet: []string{"name", "email", "custom:tenant"}})
		need(t, err)
		if got := out.Users[0].Attributes; len(got) != 1 || *got[0].Name != "name" || *got[0].Value != "Ann" {
			t.Errorf("attributes = %v, want the name alone", values(got))
		}
		out, err = list(p, cip.ListUsersInput{AttributesToGet: []string{"sub"}})
		need(t, err)
		if got := out.Users[0].Attributes; len(got) != 1 || *got[0].Name != "sub" {
			t.Errorf("attributes = %v, want the sub alone", got)
		}
		_, err = list(p, cip.ListUsersInput{AttributesToGet: []string{"name", "custom:other"}})
		wantError(t, err, "InvalidParameterException", "One or more requested attributes do not exist")
	}},
	{"users come in pages of at most 60, or of the limit", func(t *testing.T, start Start) {
		p := start(t)
		want := crowd(t, p, 65)
		for _, row := range []struct {
			why    string
			limit  *int32
			filter string
			page   int
		}{
			{"no limit", nil, "", 60},
			{"a limit of 0 is none", aws.Int32(0), "", 60},
			{"a small limit", aws.Int32(7), "", 7},
			{"a limit that ends with a page", aws.Int32(13), "", 13},
			{"with a prefix", aws.Int32(9), `username ^= "u"`, 9},
			{"with one value for all", aws.Int32(9), `family_name = "crowd"`, 9},
		} {
			part(t, row.why, func(t *testing.T) {
				got := allPages(t, row.page, func(token *string) ([]string, *string) {
					out, err := list(p, cip.ListUsersInput{Limit: row.limit, Filter: given(row.filter), PaginationToken: token})
					need(t, err)
					return names(out.Users), out.PaginationToken
				})
				slices.Sort(got)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("all pages (-want +got):\n%s", diff)
				}
			})
		}
	}},
	{"a page token lasts an hour, for the same filter and pool", func(t *testing.T, start Start) {
		p := start(t)
		crowd(t, p, 3)
		first, err := list(p, cip.ListUsersInput{Limit: aws.Int32(1)})
		need(t, err)
		token := first.PaginationToken
		_, err = list(p, cip.ListUsersInput{PaginationToken: token, Filter: aws.String(`username ^= "u"`)})
		wantCode(t, err, "InvalidParameterException")
		_, err = list(p, cip.ListUsersInput{PaginationToken: aws.String("token")})
		wantCode(t, err, "InvalidParameterException")
		_, err = list(start(t), cip.ListUsersInput{PaginationToken: token})
		wantCode(t, err, "InvalidParameterException")
		server := needFake(t, p, slow)
		server.Advance(time.Hour - time.Minute)
		need(t, fail(list(p, cip.ListUsersInput{PaginationToken: token})))
		server.Advance(2 * time.Minute)
		_, err = list(p, cip.ListUsersInput{PaginationToken: token})
		wantCode(t, err, "InvalidParameterException")
	}},
	{"a page begins after the last user of the one before, though the user may be gone", func(t *testing.T, start Start) {
		p := start(t)
		crowd(t, p, 3)
		first, err := list(p, cip.ListUsersInput{Limit: aws.Int32(2), Filter: aws.String(`username ^= "u"`)})
		need(t, err)
		last := first.Users[1].Username
		need(t, fail(p.Client().AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: &p.PoolID, Username: last})))
		second, err := list(p, cip.ListUsersInput{Filter: aws.String(`username ^= "u"`), PaginationToken: first.PaginationToken})
		need(t, err)
		if diff := cmp.Diff([]string{"u02"}, names(second.Users)); diff != "" {
			t.Errorf("second page (-want +got):\n%s", diff)
		}
	}},
}

// given returns a pointer to s, or nil where it is "".
func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
