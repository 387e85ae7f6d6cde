package inspector

import (
	"context"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// perPage is how many users stand on a page.
const perPage = 20

// poolPage is a pool with its users, groups and app clients. More… are the URLs of their next pages.
type poolPage struct {
	*types.UserPoolType
	ID, URL, Issuer, Tier            string
	MFA                              []string
	Users                            []person
	Groups                           []types.GroupType
	Clients                          []client
	MoreUsers, MoreGroups, MoreCount string
	MoreClients                      string
	Searched                         bool
}

// client is an app client.
type client struct {
	*types.UserPoolClientType
	Name string
}

// pool shows a pool.
func (i *inspector) pool(r *http.Request) (view, error) {
	id := r.FormValue("id")
	out, err := i.server.API().DescribeUserPool(r.Context(), &cip.DescribeUserPoolInput{UserPoolId: &id})
	if err != nil {
		return view{}, err
	}
	p := &poolPage{UserPoolType: out.UserPool, ID: id, URL: i.URL, Issuer: i.server.Issuer(id)}
	v := view{name: "pool", title: aws.ToString(p.Name), trail: []crumb{{"Overview", Path}}, data: p}
	if v.wrong, err = i.findUsers(r, p); err != nil {
		return v, err
	}
	if err := i.addGroups(r, p); err != nil {
		return v, err
	}
	if err := i.addClients(r, p); err != nil {
		return v, err
	}
	return v, i.addFactors(r.Context(), p)
}

// person is a user in a list.
type person struct {
	types.UserType
	Pool     string
	Contacts []string
}

// people returns users as lists show them.
func people(pool string, users []types.UserType) []person {
	list := make([]person, len(users))
	for i, u := range users {
		list[i] = person{UserType: u, Pool: pool}
		for _, a := range u.Attributes {
			if *a.Name == "email" || *a.Name == "phone_number" {
				list[i].Contacts = append(list[i].Contacts, aws.ToString(a.Value))
			}
		}
	}
	return list
}

// Searchable are the attributes by which users are found.
func (p *poolPage) Searchable() []string {
	return []string{"username", "email", "phone_number", "name", "given_name", "family_name", "preferred_username", "sub", "cognito:user_status"}
}

// findUsers adds a page of the users, of those whom the form looks for where it does.
func (i *inspector) findUsers(r *http.Request, p *poolPage) (*fieldError, error) {
	in := &cip.ListUsersInput{UserPoolId: &p.ID, Limit: aws.Int32(perPage), PaginationToken: given(r, "users"), Filter: filter(r)}
	p.Searched = in.Filter != nil
	out, err := i.server.API().ListUsers(r.Context(), in)
	switch {
	case err == nil:
		p.Users, p.MoreUsers = people(p.ID, out.Users), with(r, "users", out.PaginationToken)
		return nil, nil
	case p.Searched:
		return &fieldError{"starts", said(err)}, nil
	}
	return nil, err
}

// filter returns the filter of a search, or nil where there is none.
func filter(r *http.Request) *string {
	by, starts := r.FormValue("by"), r.FormValue("starts")
	if by == "" || starts == "" {
		return nil
	}
	return aws.String(by + ` ^= "` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(starts) + `"`)
}

// given returns a parameter, or nil where it is empty.
func given(r *http.Request, name string) *string {
	if value := r.FormValue(name); value != "" {
		return &value
	}
	return nil
}

func (i *inspector) addGroups(r *http.Request, p *poolPage) error {
	out, err := i.server.API().ListGroups(r.Context(), &cip.ListGroupsInput{UserPoolId: &p.ID, NextToken: given(r, "groups")})
	if err != nil {
		return err
	}
	p.Groups, p.MoreGroups = out.Groups, with(r, "groups", out.NextToken)
	return nil
}

func (i *inspector) addClients(r *http.Request, p *poolPage) error {
	out, err := i.server.API().ListUserPoolClients(r.Context(), &cip.ListUserPoolClientsInput{UserPoolId: &p.ID, MaxResults: aws.Int32(60), NextToken: given(r, "clients")})
	if err != nil {
		return err
	}
	p.MoreClients = with(r, "clients", out.NextToken)
	for _, c := range out.UserPoolClients {
		described, err := i.server.API().DescribeUserPoolClient(r.Context(), &cip.DescribeUserPoolClientInput{UserPoolId: &p.ID, ClientId: c.ClientId})
		if err != nil {
			continue // deleted since it was listed
		}
		p.Clients = append(p.Clients, client{described.UserPoolClient, aws.ToString(c.ClientName)})
	}
	return nil
}

// addFactors adds the second factors that the pool allows.
func (i *inspector) addFactors(ctx context.Context, p *poolPage) error {
	out, err := i.server.API().GetUserPoolMfaConfig(ctx, &cip.GetUserPoolMfaConfigInput{UserPoolId: &p.ID})
	if err != nil {
		return err
	}
	for name, allowed := range map[string]bool{"SMS": out.SmsMfaConfiguration != nil, "e-mail": out.EmailMfaConfiguration != nil} {
		if allowed {
			p.MFA = append(p.MFA, name)
		}
	}
	if s := out.SoftwareTokenMfaConfiguration; s != nil && s.Enabled {
		p.MFA = append(p.MFA, "authenticator")
	}
	return nil
}

// groupPage is a group with a page of its members.
type groupPage struct {
	*types.GroupType
	Pool  string
	Users []person
	More  string
}

// group shows a group.
func (i *inspector) group(r *http.Request) (view, error) {
	id, name := r.FormValue("pool"), r.FormValue("name")
	out, err := i.server.API().GetGroup(r.Context(), &cip.GetGroupInput{UserPoolId: &id, GroupName: &name})
	if err != nil {
		return view{}, err
	}
	users, err := i.server.API().ListUsersInGroup(r.Context(), &cip.ListUsersInGroupInput{
		UserPoolId: &id, GroupName: &name, Limit: aws.Int32(perPage), NextToken: given(r, "users"),
	})
	if err != nil {
		return view{}, err
	}
	trail, err := i.trailTo(r.Context(), id)
	return view{name: "group", title: name, trail: trail, data: groupPage{out.Group, id, people(id, users.Users), with(r, "users", users.NextToken)}}, err
}

// trailTo returns the pages above one that is of a pool.
func (i *inspector) trailTo(ctx context.Context, poolID string) ([]crumb, error) {
	out, err := i.server.API().DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: &poolID})
	if err != nil {
		return nil, err
	}
	return []crumb{{"Overview", Path}, {aws.ToString(out.UserPool.Name), link("pool", "id", poolID)}}, nil
}
