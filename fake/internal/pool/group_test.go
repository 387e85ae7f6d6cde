package pool

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"
)

func TestQuotaOfGroups(t *testing.T) {
	p := newTestPool(t, nil)
	for i := range maxGroups {
		if err := p.AddGroupLocked(&Group{Name: fmt.Sprint(i)}); err != nil {
			t.Fatalf("group %d: %v", i, err)
		}
	}
	if err := p.AddGroupLocked(&Group{Name: "more"}); !errors.As(err, new(*types.LimitExceededException)) {
		t.Errorf("one more: error %v, want LimitExceededException", err)
	}
	if err := p.AddGroupLocked(&Group{Name: "0"}); !errors.As(err, new(*types.GroupExistsException)) {
		t.Errorf("one that exists: error %v, want GroupExistsException", err)
	}
}

// joined returns a pool with a user who is in some groups.
func joined(t *testing.T, groups ...Group) (*Pool, *User) {
	t.Helper()
	p, u := newTestPool(t, nil), &User{Username: "ann"}
	p.AddUserLocked(u)
	for _, g := range groups {
		wantError(t, p.AddGroupLocked(&g), "")
		wantError(t, g.AddLocked(u), "")
	}
	return p, u
}

func TestGroupsOfAUser(t *testing.T) {
	p, u := joined(t, Group{Name: "d"}, Group{Name: "b", Precedence: aws.Int32(2)}, Group{Name: "c", Precedence: aws.Int32(0)}, Group{Name: "a", Precedence: aws.Int32(2)})
	name := func(groups []*Group) []string {
		var names []string
		for _, g := range groups {
			names = append(names, g.Name)
		}
		return names
	}
	if diff := cmp.Diff(name(p.RankedGroups(u)), []string{"c", "a", "b", "d"}); diff != "" {
		t.Errorf("by precedence, then by name (-got +want):\n%s", diff)
	}
	for _, test := range []struct {
		why, after string
		want       []string
	}{
		{"all, by name", "", []string{"a", "b", "c", "d"}},
		{"after one of them", "b", []string{"c", "d"}},
		{"after one that is gone", "bb", []string{"c", "d"}},
		{"after the last", "d", nil},
	} {
		if diff := cmp.Diff(name(slices.Collect(p.GroupsOfLocked(u, test.after))), test.want); diff != "" {
			t.Errorf("%s (-got +want):\n%s", test.why, diff)
		}
	}
}
