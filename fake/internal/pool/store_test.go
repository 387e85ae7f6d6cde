package pool

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake/internal/clock"
)

// newStore returns a store with pools of these ids.
func newStore(t *testing.T, ids ...string) *Store {
	t.Helper()
	s := NewStore("123456789012", clock.New(nil), NewRandom(1))
	for _, id := range ids {
		wantError(t, s.AddPool(newPool(id)), "")
	}
	return s
}

// newPool returns a pool in the region that its id begins with.
func newPool(id string) *Pool {
	return New(Name{ID: id, Region: id[:len(id)-2]}, &types.UserPoolType{}, nil)
}

func TestPoolsOfARegion(t *testing.T) {
	s := newStore(t, "us-east-1_c", "eu-west-1_b", "us-east-1_a", "us-east-1_b")
	for _, test := range []struct {
		why, region, after string
		want               []string
	}{
		{"all, in the order of their ids", "", "", []string{"eu-west-1_b", "us-east-1_a", "us-east-1_b", "us-east-1_c"}},
		{"one region", "us-east-1", "", []string{"us-east-1_a", "us-east-1_b", "us-east-1_c"}},
		{"after an id", "us-east-1", "us-east-1_a", []string{"us-east-1_b", "us-east-1_c"}},
		{"after an id that is gone", "us-east-1", "us-east-1_aa", []string{"us-east-1_b", "us-east-1_c"}},
		{"after the last", "us-east-1", "us-east-1_c", nil},
		{"no pools", "sa-east-1", "", nil},
	} {
		t.Run(test.why, func(t *testing.T) {
			var got []string
			for _, p := range s.Pools(test.region, test.after) {
				got = append(got, p.ID)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("pools (-want +got):\n%s", diff)
			}
		})
	}
}

func TestIDsAreTaken(t *testing.T) {
	s := newStore(t, "us-east-1_a", "us-east-1_b")
	a, err := s.Pool("us-east-1_a", "us-east-1")
	wantError(t, err, "")
	wantError(t, s.AddPool(newPool("us-east-1_a")), invalidText("cognitotest: the pinned id us-east-1_a is taken; leave it out, or make it once"))
	if again, _ := s.Pool("us-east-1_a", ""); again != a {
		t.Error("the refused pool took the place of the first")
	}
	wantError(t, s.BindClient("client", a), "")
	b, err := s.Pool("us-east-1_b", "")
	wantError(t, err, "")
	wantError(t, s.BindClient("client", b), invalidText("cognitotest: the pinned id client is taken; leave it out, or make it once"))
	if owner, _ := s.PoolOfClient("client", "us-east-1"); owner != a {
		t.Error("the refused client took the place of the first")
	}
}

func TestRemovedPools(t *testing.T) {
	s := newStore(t, "us-east-1_a", "us-east-1_b")
	a, _ := s.Pool("us-east-1_a", "")
	b, _ := s.Pool("us-east-1_b", "")
	wantError(t, s.BindClient("of-a", a), "")
	wantError(t, s.BindClient("of-b", b), "")
	s.RemovePool(a)
	_, err := s.PoolOfClient("of-a", "")
	wantError(t, err, "ResourceNotFoundException: User pool client of-a does not exist.")
	_, err = s.PoolOfClient("of-b", "")
	wantError(t, err, "")
	wantError(t, s.BindClient("late", a), "ResourceNotFoundException: User pool us-east-1_a does not exist.")
}

func TestRegionsDoNotSeeEachOther(t *testing.T) {
	s := newStore(t, "us-east-1_a")
	a, _ := s.Pool("us-east-1_a", "")
	wantError(t, s.BindClient("client", a), "")
	_, err := s.Pool("us-east-1_a", "eu-west-1")
	wantError(t, err, "ResourceNotFoundException: User pool us-east-1_a does not exist.")
	_, err = s.PoolOfClient("client", "eu-west-1")
	wantError(t, err, "ResourceNotFoundException: User pool client client does not exist.")
}

func TestCheckDeletable(t *testing.T) {
	const domain = "InvalidParameterException: User pool cannot be deleted. It has a domain configured that should be deleted first."
	for _, test := range []struct {
		why      string
		settings types.UserPoolType
		want     string
	}{
		{"an ordinary pool", types.UserPoolType{DeletionProtection: "INACTIVE"}, ""},
		{"a protected pool", types.UserPoolType{DeletionProtection: "ACTIVE"}, "InvalidParameterException: The user pool cannot be deleted " +
			"because deletion protection is activated. Deletion protection must be inactivated first."},
		{"a pool with a prefix domain", types.UserPoolType{Domain: aws.String("prefix")}, domain},
		{"a pool with a custom domain", types.UserPoolType{CustomDomain: aws.String("auth.example.com")}, domain},
	} {
		t.Run(test.why, func(t *testing.T) {
			wantError(t, New(Name{}, &test.settings, nil).CheckDeletableLocked(), test.want)
		})
	}
}
