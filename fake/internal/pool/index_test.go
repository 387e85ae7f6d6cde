package pool

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	gocmp "github.com/google/go-cmp/cmp"
)

// newTestPool returns a pool with default settings, changed by edit.
func newTestPool(t testing.TB, edit func(*types.UserPoolType)) *Pool {
	t.Helper()
	settings := &types.UserPoolType{}
	complete(settings)
	if edit != nil {
		edit(settings)
	}
	return New(Name{ID: "us-east-1_Test00000", Region: "us-east-1"}, settings, mustSchema(t))
}

// usernamesOf returns the names of the users that a filter matches, page by page of a size.
func usernamesOf(p *Pool, f Filter, size int) []string {
	var all []string
	after := ""
	for {
		n := 0
		for u := range p.UsersLocked(f, after) {
			if n++; n > size {
				break
			}
			all, after = append(all, u.Username), f.Place(u)
		}
		if n <= size {
			return all
		}
	}
}

// expected filters users one by one, as the developer guide says, in the order of ListUsers.
func expected(users []*User, f Filter) []string {
	minds := f.Name == "username" || f.Name == "status"
	form := func(s string) string {
		if minds {
			return s
		}
		return strings.ToLower(s)
	}
	var found []*User
	for _, u := range users {
		value, want := form(u.key(f.Name)), form(f.Value)
		if value != "" && (value == want || f.Prefix && strings.HasPrefix(value, want)) {
			found = append(found, u)
		}
	}
	slices.SortFunc(found, func(a, b *User) int {
		return cmp.Or(strings.Compare(fold(f.Name, a.key(f.Name)), fold(f.Name, b.key(f.Name))), strings.Compare(a.Username, b.Username))
	})
	var names []string
	for _, u := range found {
		names = append(names, u.Username)
	}
	return names
}

func TestIndexesFollowEveryChange(t *testing.T) {
	p, random := newTestPool(t, nil), rand.New(rand.NewPCG(1, 2))
	var users []*User
	word := func() string { return []string{"", "Ann", "ann", "Bob", "b"}[random.IntN(5)] }
	change := func(u *User) {
		u.SetAttribute("name", word())
		u.SetAttribute("email", word())
		u.SetAttribute("locale", word())
		u.Disabled = random.IntN(2) == 0
		u.Status = types.UserStatusType("").Values()[random.IntN(3)]
	}
	for i := range 300 {
		switch u := (&User{Username: fmt.Sprintf("%s%d", []string{"U", "u"}[i%2], i), Sub: fmt.Sprint(i)}); {
		case i%3 != 0 || len(users) == 0:
			change(u)
			p.AddUserLocked(u)
			users = append(users, u)
		case i%2 == 0:
			p.ChangeLocked(users[random.IntN(len(users))], time.Time{}, change)
		default:
			j := random.IntN(len(users))
			p.RemoveUserLocked(users[j])
			users = slices.Delete(users, j, j+1)
		}
	}
	for _, name := range searchable {
		for _, value := range []string{"ann", "Ann", "B", "u", "U1", "CONFIRMED", "unc", "Enabled", "enabled", "Dis", "5", ""} {
			for _, prefix := range []bool{false, true} {
				f := Filter{name, value, prefix}
				if diff := gocmp.Diff(usernamesOf(p, f, 7), expected(users, f)); diff != "" {
					t.Errorf("%s (-got +want):\n%s", render(f), diff)
				}
			}
		}
	}
	if got := len(usernamesOf(p, Filter{}, 7)); got != len(users) || p.UserCountLocked() != len(users) {
		t.Errorf("%d users without filter, count %d; want %d", got, p.UserCountLocked(), len(users))
	}
}

func TestRivals(t *testing.T) {
	aliases := func(s *types.UserPoolType) {
		s.AliasAttributes = []types.AliasAttributeType{types.AliasAttributeTypeEmail, types.AliasAttributeTypePreferredUsername}
	}
	usernames := func(s *types.UserPoolType) {
		s.UsernameAttributes = []types.UsernameAttributeType{types.UsernameAttributeTypeEmail}
	}
	anyCase := func(s *types.UserPoolType) {
		aliases(s)
		s.UsernameConfiguration = &types.UsernameConfigurationType{CaseSensitive: aws.Bool(false)}
	}
	for _, test := range []struct {
		why    string
		pool   func(*types.UserPoolType)
		owner  []Attribute
		rival  []Attribute
		clash  string
		naming string // the value by which the owner is found, or ""
	}{
		{"no sign-in attributes", nil, []Attribute{{"email", "a"}, {"email_verified", "true"}}, []Attribute{{"email", "a"}, {"email_verified", "true"}}, "", ""},
		{"a verified alias", aliases, []Attribute{{"email", "a"}, {"email_verified", "true"}}, []Attribute{{"email", "a"}, {"email_verified", "true"}}, "email", "a"},
		{"the rival's is unverified", aliases, []Attribute{{"email", "a"}, {"email_verified", "true"}}, []Attribute{{"email", "a"}}, "", "a"},
		{"the owner's is unverified", aliases, []Attribute{{"email", "a"}}, []Attribute{{"email", "a"}, {"email_verified", "true"}}, "", ""},
		{"case matters", aliases, []Attribute{{"email", "A"}, {"email_verified", "true"}}, []Attribute{{"email", "a"}, {"email_verified", "true"}}, "", "A"},
		{"case does not matter", anyCase, []Attribute{{"email", "A"}, {"email_verified", "true"}}, []Attribute{{"email", "a"}, {"email_verified", "true"}}, "email", "a"},
		{"preferred_username needs no verification", aliases, []Attribute{{"preferred_username", "a"}}, []Attribute{{"preferred_username", "a"}}, "preferred_username", "a"},
		{"nor do username attributes", usernames, []Attribute{{"email", "a"}}, []Attribute{{"email", "a"}}, "email", "a"},
	} {
		t.Run(test.why, func(t *testing.T) {
			p := newTestPool(t, test.pool)
			owner := &User{Username: "owner", attributes: test.owner}
			p.AddUserLocked(owner)
			clash := ""
			for attribute, rival := range p.RivalsLocked(&User{Username: "rival", attributes: test.rival}) {
				clash = attribute
				if rival != owner {
					t.Errorf("rival %s, want the owner", rival.Username)
				}
			}
			if clash != test.clash {
				t.Errorf("rivals by %q, want %q", clash, test.clash)
			}
			for attribute := range p.RivalsLocked(owner) {
				t.Errorf("the owner is a rival of the owner, by %s", attribute)
			}
			if u, _ := p.UserLocked(test.naming); (u == owner) != (test.naming != "") {
				t.Errorf("%q names %v", test.naming, u)
			}
		})
	}
}
