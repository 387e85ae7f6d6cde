package pool

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake/internal/clock"
)

// idsOf returns the ids of the pools of a store, and those of app clients with the pools that they lead to.
func idsOf(s *Store) map[string]string {
	ids := map[string]string{}
	for _, p := range s.Pools("", "") {
		ids[p.ID] = "a pool"
	}
	for id, p := range s.clients {
		ids[id] = p.ID
	}
	return ids
}

// addClient gives a pool an app client.
func addClient(t *testing.T, s *Store, poolID, id string) {
	t.Helper()
	p, err := s.Pool(poolID, "")
	wantError(t, err, "")
	wantError(t, s.BindClient(id, p), "")
	wantError(t, p.AddClientLocked(&Client{ID: id}), "")
}

func TestRestoreReplacesPoolsAndClients(t *testing.T) {
	s := newStore(t, "us-east-1_a", "us-east-1_b")
	addClient(t, s, "us-east-1_a", "of-a")
	state := s.State()
	want := map[string]string{"us-east-1_a": "a pool", "us-east-1_b": "a pool", "of-a": "us-east-1_a"}
	kept, _ := s.Pool("us-east-1_a", "")
	gone, _ := s.Pool("us-east-1_b", "")
	s.RemovePool(gone)
	late := newPool("us-east-1_c")
	wantError(t, s.AddPool(late), "")
	addClient(t, s, "us-east-1_c", "of-c")
	addClient(t, s, "us-east-1_a", "also-of-a")
	other := NewStore("123456789012", clock.New(nil), NewRandom(1))
	for range 2 {
		s.Restore(state)
		other.Restore(state)
		for what, got := range map[string]*Store{"restored": s, "another": other} {
			if diff := cmp.Diff(idsOf(got), want); diff != "" {
				t.Errorf("ids of the %s store (-got +want):\n%s", what, diff)
			}
		}
		addClient(t, other, "us-east-1_b", "of-b")
	}
	wantError(t, s.Check(kept), "")
	wantError(t, s.Check(late), "ResourceNotFoundException: User pool us-east-1_c does not exist.")
}

// TestStatesAreWhole looks for a state that has what happened later in one pool and not what happened
// earlier in another.
func TestStatesAreWhole(t *testing.T) {
	s := newStore(t, "us-east-1_b", "us-east-1_a")
	first, _ := s.Pool("us-east-1_b", "")
	second, _ := s.Pool("us-east-1_a", "")
	add := func(p *Pool, n int) {
		p.Lock()
		defer p.Unlock()
		p.AddUserLocked(&User{Username: string(rune('a' + n))})
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for n := range 200 {
			add(first, n)
			add(second, n)
		}
	})
	for range 200 {
		pools := s.State().pools
		if later, earlier := pools[0].UserCountLocked(), pools[1].UserCountLocked(); later > earlier || earlier > later+1 {
			t.Errorf("%d users, and %d where they come first", later, earlier)
		}
	}
	wg.Wait()
}
