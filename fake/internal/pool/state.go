package pool

import "github.com/cognitotest/cognito/fake/internal/clock"

// State is everything that a store keeps, as it was at one moment.
type State struct {
	pools  []*Pool // which nobody changes
	clock  clock.State
	random position
}

// State returns the present state.
func (s *Store) State() *State {
	st := &State{clock: s.Clock.State(), random: s.Random.position()}
	pools, unlock := s.lockAll()
	defer unlock()
	for _, p := range pools {
		st.pools = append(st.pools, p.copyLocked())
	}
	return st
}

// lockAll locks all pools, and returns those that were not removed in the meantime. Nobody else holds the
// locks of two pools.
func (s *Store) lockAll() (pools []*Pool, unlock func()) {
	all := s.Pools("", "")
	for _, p := range all {
		p.Lock()
		if s.Check(p) == nil {
			pools = append(pools, p)
		}
	}
	return pools, func() {
		for _, p := range all {
			p.Unlock()
		}
	}
}

// Restore replaces everything by a state, of this store or of another, as often as wanted. Who works on a
// pool that the state has goes on with the pool as it was then; any other pool is removed. A sequence of
// random numbers goes back only where it is that of the same seed.
func (s *Store) Restore(st *State) {
	s.replace(st.copies())
	s.Random.goBack(st.random)
	s.Clock.Restore(st.clock)
}

func (st *State) copies() []*Pool {
	var copies []*Pool
	for _, p := range st.pools {
		copies = append(copies, p.Copy())
	}
	return copies
}

// replace makes pools, which nobody knows yet, all that the store has.
func (s *Store) replace(pools []*Pool) {
	known, unlock := s.lockAll()
	defer unlock()
	byID := map[string]*Pool{}
	for _, p := range known {
		byID[p.ID] = p
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.pools)
	clear(s.clients)
	clear(s.domains)
	for _, p := range pools {
		if old := byID[p.ID]; old != nil {
			old.contents = p.contents
			p = old
		}
		s.addLocked(p)
	}
}
