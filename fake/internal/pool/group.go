package pool

import (
	"iter"
	"math"
	"slices"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/tidwall/btree"
)

// Group is a group of users. Its pool's lock guards every field but Name.
type Group struct {
	Name        string
	Description *string
	RoleArn     *string
	Precedence  *int32 // lower is stronger; nil is weakest
	Created     time.Time
	Modified    time.Time

	members btree.Map[string, struct{}] // the usernames
}

// rank makes precedences comparable: a group without one comes last.
func (g *Group) rank() int {
	if g.Precedence == nil {
		return math.MaxInt
	}
	return int(*g.Precedence)
}

// ChangeLocked changes what a request names and keeps its values.
func (g *Group) ChangeLocked(in *cip.UpdateGroupInput, now time.Time) {
	setIfGiven(&g.Description, in.Description)
	setIfGiven(&g.RoleArn, in.RoleArn)
	setIfGiven(&g.Precedence, in.Precedence)
	g.Modified = now
}

// StrongerThan reports whether this group's precedence is the stronger one.
func (g *Group) StrongerThan(other *Group) bool { return g.rank() < other.rank() }

// AddLocked makes a user a member, or answers LimitExceededException; it changes nothing where the
// user is one.
func (g *Group) AddLocked(u *User) error {
	i, found := g.position(u)
	switch {
	case found:
		return nil
	case len(u.groups) >= maxGroupsPerUser:
		return TooManyResources("groups of the user")
	}
	u.groups = slices.Insert(u.groups, i, g.Name)
	g.members.Set(u.Username, struct{}{})
	return nil
}

// RemoveLocked ends a membership; it changes nothing where there is none.
func (g *Group) RemoveLocked(u *User) {
	if i, found := g.position(u); found {
		u.groups = slices.Delete(u.groups, i, i+1)
		g.members.Delete(u.Username)
	}
}

// position returns where the group stands, or would stand, in the user's ordered groups.
func (g *Group) position(u *User) (int, bool) {
	return slices.BinarySearch(u.groups, g.Name)
}

// GroupsOfLocked yields the groups of a user whose names come after a name, in their order.
func (p *Pool) GroupsOfLocked(u *User, after string) iter.Seq[*Group] {
	i, found := slices.BinarySearch(u.groups, after)
	if found {
		i++
	}
	return func(yield func(*Group) bool) {
		for _, name := range u.groups[i:] {
			if g, _ := p.groups.Get(name); !yield(g) {
				return
			}
		}
	}
}

// RankedGroups returns the groups of a user ordered by precedence, the strongest first, then by name.
// The pool's lock must be held.
func (p *Pool) RankedGroups(u *User) []*Group {
	return slices.SortedStableFunc(p.GroupsOfLocked(u, ""), func(a, b *Group) int { return a.rank() - b.rank() })
}

// MembersLocked yields the members of a group whose usernames come after a name, in their order.
func (p *Pool) MembersLocked(g *Group, after string) iter.Seq[*User] {
	return func(yield func(*User) bool) {
		for name := range following(&g.members, after) {
			if !yield(p.UserNamedLocked(name)) {
				return
			}
		}
	}
}

// GroupLocked returns the group of a name, or the service's ResourceNotFoundException.
func (p *Pool) GroupLocked(name string) (*Group, error) {
	if g, ok := p.groups.Get(name); ok {
		return g, nil
	}
	return nil, GroupNotFound()
}

// AddGroupLocked adds a group, or answers GroupExistsException or, over the quota of groups,
// LimitExceededException.
func (p *Pool) AddGroupLocked(g *Group) error {
	if _, taken := p.groups.Get(g.Name); taken {
		return GroupExists()
	}
	if p.groups.Len() >= maxGroups {
		return TooManyResources("groups")
	}
	p.groups.Set(g.Name, g)
	return nil
}

// RemoveGroupLocked deletes a group and ends its memberships.
func (p *Pool) RemoveGroupLocked(g *Group) {
	for _, u := range slices.Collect(p.MembersLocked(g, "")) {
		g.RemoveLocked(u)
	}
	p.groups.Delete(g.Name)
}

// GroupsLocked yields the groups whose names come after a name, in their order.
func (p *Pool) GroupsLocked(after string) iter.Seq[*Group] {
	return valuesOf(following(&p.groups, after))
}

// following yields the pairs of an ordered map whose keys are greater than a key.
func following[V any](m *btree.Map[string, V], after string) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		m.Ascend(after, func(key string, v V) bool {
			return key == after || yield(key, v)
		})
	}
}

func valuesOf[V any](pairs iter.Seq2[string, V]) iter.Seq[V] {
	return func(yield func(V) bool) {
		for _, v := range pairs {
			if !yield(v) {
				return
			}
		}
	}
}

// Quotas of the service (developer guide, resource quotas).
const (
	maxGroups        = 10_000
	maxGroupsPerUser = 100
	maxClients       = 1_000
	maxClientSecrets = 2

	maxResourceServers = 25
	maxProviders       = 300
)

// Roles returns the roles of a user's groups, those of the strongest first. It is never nil.
func (p *Pool) Roles(u *User) []string {
	roles := []string{}
	for _, g := range p.RankedGroups(u) {
		if g.RoleArn != nil {
			roles = append(roles, *g.RoleArn)
		}
	}
	return roles
}

// PreferredRole returns the role of a user's strongest group, if it has one, unless several are equally
// strong with different roles.
func (p *Pool) PreferredRole(u *User) (role string, ok bool) {
	groups := p.RankedGroups(u)
	if len(groups) == 0 || groups[0].RoleArn == nil {
		return "", false
	}
	for _, g := range groups[1:] {
		if groups[0].StrongerThan(g) {
			break
		}
		if g.RoleArn == nil || *g.RoleArn != *groups[0].RoleArn {
			return "", false
		}
	}
	return *groups[0].RoleArn, true
}
