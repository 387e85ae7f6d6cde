package real

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// Leftover is something that bears a mark and whose test has not removed it.
type Leftover struct {
	Kind    Kind
	ID      string // of a pool or an app client; the name of a user or a group
	Mark    string
	PoolID  string // where it is; of a pool its own id
	Created time.Time
}

// Kind is what a leftover is.
type Kind string

// The kinds of leftovers, in the order in which they are removed.
const (
	UserKind      Kind = "user"
	GroupKind     Kind = "group"
	AppClientKind Kind = "app client"
	PoolKind      Kind = "pool"
)

// Swept is what [Sweep] has done.
type Swept struct {
	Removed []Leftover
	Left    []Leftover // could not be removed: see the error
}

// Sweep removes what test runs that were killed have left, where it is older than some time by the
// service's clock: the pools that bear a mark as their name and in their tag and, in the pool of the
// configuration, users, groups and app clients that bear one. Tests that are running at the moment keep what
// they have if olderThan is longer than they take. The error names what is left; everything else is removed
// all the same. Nothing without a mark is touched, nor a pool with deletion protection.
func Sweep(ctx context.Context, c Config, olderThan time.Duration) (Swept, error) {
	found, err := Leftovers(ctx, c, olderThan)
	if err != nil {
		return Swept{}, err
	}
	conf, err := connect(ctx, c)
	if err != nil {
		return Swept{}, err
	}
	s := &sweeper{Backend: &Backend{config: c, aws: conf}, client: cip.NewFromConfig(conf)}
	return s.removeAll(ctx, found)
}

// Leftovers returns what [Sweep] would remove.
func Leftovers(ctx context.Context, c Config, olderThan time.Duration) ([]Leftover, error) {
	conf, err := connect(ctx, c)
	if err != nil {
		return nil, err
	}
	s := &sweeper{
		Backend: &Backend{config: c, aws: conf}, client: cip.NewFromConfig(conf), before: time.Now().Add(-olderThan),
	}
	var found []Leftover
	for _, list := range []func(context.Context, func(Leftover)) error{s.users, s.groups, s.clients, s.pools} {
		if err := list(ctx, func(l Leftover) { found = append(found, l) }); err != nil {
			return found, fmt.Errorf("real: %w", s.explain(err))
		}
	}
	return found, nil
}

// sweeper looks for leftovers and removes them.
type sweeper struct {
	*Backend
	client *cip.Client
	before time.Time
}

// removeAll removes leftovers and tells how it goes.
func (s *sweeper) removeAll(ctx context.Context, found []Leftover) (Swept, error) {
	var done Swept
	var errs []error
	for i, l := range found {
		if err := s.remove(ctx, l); err != nil {
			done.Left = append(done.Left, l)
			errs = append(errs, fmt.Errorf("real: %s %s: %w", l.Kind, l.ID, s.explain(err)))
		} else {
			done.Removed = append(done.Removed, l)
		}
		if n := i + 1; n%20 == 0 || n == len(found) {
			s.logf("cognitotest: swept %d of %d", n, len(found))
		}
	}
	return done, errors.Join(errs...)
}

func (s *sweeper) logf(format string, args ...any) {
	if s.config.Logf != nil {
		s.config.Logf(format, args...)
	}
}

// take passes a leftover on where it bears a mark and is old enough.
func (s *sweeper) take(l Leftover, created *time.Time, found func(Leftover)) {
	l.Created = aws.ToTime(created)
	if marked(l.Mark) && created != nil && l.Created.Before(s.before) {
		found(l)
	}
}

// users finds the marked users of the pool: by username, or by email address where that names users.
func (s *sweeper) users(ctx context.Context, found func(Leftover)) error {
	if s.config.PoolID == "" {
		return nil
	}
	for _, name := range []string{"username", "email"} {
		pages := cip.NewListUsersPaginator(s.client, &cip.ListUsersInput{
			UserPoolId: &s.config.PoolID, Filter: aws.String(name + ` ^= "` + markPrefix + `"`),
		})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return err
			}
			for _, u := range page.Users {
				s.take(Leftover{Kind: UserKind, ID: *u.Username, Mark: nameOf(u, name), PoolID: s.config.PoolID}, u.UserCreateDate, found)
			}
		}
	}
	return nil
}

// nameOf returns what may be a user's mark: the username or, of a user whose username is a sub, the email
// address. An email address marks nobody who has a username as well.
func nameOf(u types.UserType, by string) string {
	if by == "username" {
		return *u.Username
	}
	attributes := map[string]string{}
	for _, a := range u.Attributes {
		attributes[*a.Name] = aws.ToString(a.Value)
	}
	if attributes["sub"] != *u.Username {
		return ""
	}
	return attributes["email"]
}

func (s *sweeper) groups(ctx context.Context, found func(Leftover)) error {
	if s.config.PoolID == "" {
		return nil
	}
	pages := cip.NewListGroupsPaginator(s.client, &cip.ListGroupsInput{UserPoolId: &s.config.PoolID})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, g := range page.Groups {
			s.take(Leftover{Kind: GroupKind, ID: *g.GroupName, Mark: aws.ToString(g.Description), PoolID: s.config.PoolID}, g.CreationDate, found)
		}
	}
	return nil
}

func (s *sweeper) clients(ctx context.Context, found func(Leftover)) error {
	if s.config.PoolID == "" {
		return nil
	}
	pages := cip.NewListUserPoolClientsPaginator(s.client, &cip.ListUserPoolClientsInput{UserPoolId: &s.config.PoolID, MaxResults: aws.Int32(60)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, c := range page.UserPoolClients {
			if !marked(aws.ToString(c.ClientName)) {
				continue
			}
			out, err := s.client.DescribeUserPoolClient(ctx, &cip.DescribeUserPoolClientInput{UserPoolId: &s.config.PoolID, ClientId: c.ClientId})
			if err != nil {
				return err
			}
			s.take(Leftover{Kind: AppClientKind, ID: *c.ClientId, Mark: *c.ClientName, PoolID: s.config.PoolID}, out.UserPoolClient.CreationDate, found)
		}
	}
	return nil
}

// pools finds the marked pools of the region.
func (s *sweeper) pools(ctx context.Context, found func(Leftover)) error {
	pages := cip.NewListUserPoolsPaginator(s.client, &cip.ListUserPoolsInput{MaxResults: aws.Int32(60)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, p := range page.UserPools {
			if !marked(aws.ToString(p.Name)) || *p.Id == s.config.PoolID {
				continue
			}
			own, err := s.ownPool(ctx, *p.Id)
			if err != nil {
				return err
			}
			if own {
				s.take(Leftover{Kind: PoolKind, ID: *p.Id, Mark: *p.Name, PoolID: *p.Id}, p.CreationDate, found)
			}
		}
	}
	return nil
}

// ownPool reports whether a pool bears a mark in its name and the same in its tag, and may be deleted.
func (s *sweeper) ownPool(ctx context.Context, id string) (bool, error) {
	out, err := s.client.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: &id})
	if err != nil {
		return false, err
	}
	p := out.UserPool
	return marked(aws.ToString(p.Name)) && p.UserPoolTags[cognitotest.MarkTag] == *p.Name &&
		p.DeletionProtection != types.DeletionProtectionTypeActive, nil
}

// remove deletes a leftover. What is gone by now is no error.
func (s *sweeper) remove(ctx context.Context, l Leftover) error {
	var err error
	switch l.Kind {
	case UserKind:
		_, err = s.client.AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: &l.PoolID, Username: &l.ID})
	case GroupKind:
		_, err = s.client.DeleteGroup(ctx, &cip.DeleteGroupInput{UserPoolId: &l.PoolID, GroupName: &l.ID})
	case AppClientKind:
		_, err = s.client.DeleteUserPoolClient(ctx, &cip.DeleteUserPoolClientInput{UserPoolId: &l.PoolID, ClientId: &l.ID})
	case PoolKind:
		err = cognitotest.DeletePool(ctx, s.client, l.PoolID)
	}
	if errors.As(err, new(*types.ResourceNotFoundException)) || errors.As(err, new(*types.UserNotFoundException)) {
		return nil
	}
	return err
}
