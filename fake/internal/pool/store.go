package pool

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"github.com/cognitotest/cognito/fake/internal/clock"
)

// Store holds the pools of one server, of every region.
type Store struct {
	AccountID string
	Clock     *clock.Clock
	Random    *Random

	mu           sync.RWMutex // guards everything below
	pools        map[string]*Pool
	clients      map[string]*Pool // the pool of each client id
	domains      map[string]*Pool // the pool of each domain, by its host name
	nextPoolID   string           // where not "": see PinIDs
	nextClientID string
}

// NewStore returns an empty store.
func NewStore(accountID string, c *clock.Clock, r *Random) *Store {
	return &Store{AccountID: accountID, Clock: c, Random: r, pools: map[string]*Pool{}, clients: map[string]*Pool{}, domains: map[string]*Pool{}}
}

// Pool returns the pool of an id, or the service's ResourceNotFoundException. A region other than
// "" must be the pool's own: one region does not see the pools of another.
func (s *Store) Pool(id, region string) (*Pool, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, ok := s.pools[id]
	if !ok || region != "" && p.Region != region {
		return nil, PoolNotFound(id)
	}
	return p, nil
}

// Check answers ResourceNotFoundException for a pool that was removed. The caller may hold the pool's lock.
func (s *Store) Check(p *Pool) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.pools[p.ID] != p {
		return PoolNotFound(p.ID)
	}
	return nil
}

// PoolOfClient returns the pool that an app client belongs to, or ResourceNotFoundException.
func (s *Store) PoolOfClient(clientID, region string) (*Pool, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, ok := s.clients[clientID]
	if !ok || region != "" && p.Region != region {
		return nil, ClientNotFound(clientID)
	}
	return p, nil
}

// Pools returns the pools of a region, or of all where region is "", whose ids come after an id, in
// their order.
func (s *Store) Pools(region, after string) []*Pool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var found []*Pool
	for _, id := range slices.Sorted(maps.Keys(s.pools)) {
		if p := s.pools[id]; id > after && (region == "" || p.Region == region) {
			found = append(found, p)
		}
	}
	return found
}

// AddPool makes a pool visible, or refuses an id that is taken.
func (s *Store) AddPool(p *Pool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.pools[p.ID]; taken {
		return idTaken(p.ID)
	}
	s.pools[p.ID] = p
	return nil
}

// AddPools makes pools visible that nobody knows yet, and their app clients: all of them, or none where
// an id is taken.
func (s *Store) AddPools(pools []*Pool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range pools {
		if _, taken := s.pools[p.ID]; taken {
			return idTaken(p.ID)
		}
		for c := range p.ClientsLocked("") {
			if _, taken := s.clients[c.ID]; taken {
				return idTaken(c.ID)
			}
		}
		for _, d := range p.domains {
			if _, taken := s.domains[d.Host(p.Region)]; taken {
				return InvalidParameter(domainTaken)
			}
		}
	}
	for _, p := range pools {
		s.addLocked(p)
	}
	return nil
}

// addLocked makes a pool, its app clients and its domains visible.
func (s *Store) addLocked(p *Pool) {
	s.pools[p.ID] = p
	for c := range p.ClientsLocked("") {
		s.clients[c.ID] = p
	}
	for _, d := range p.domains {
		s.domains[d.Host(p.Region)] = p
	}
}

// RemovePool forgets a pool, its clients and its domains. The caller may hold the pool's lock.
func (s *Store) RemovePool(p *Pool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.pools, p.ID)
	ofThis := func(_ string, owner *Pool) bool { return owner == p }
	maps.DeleteFunc(s.clients, ofThis)
	maps.DeleteFunc(s.domains, ofThis)
}

// BindClient makes a client id lead to a pool. It refuses an id that is taken and a pool that was
// removed. The caller may hold the pool's lock: the store's lock is always the inner one.
func (s *Store) BindClient(clientID string, p *Pool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pools[p.ID] != p {
		return PoolNotFound(p.ID)
	}
	if _, taken := s.clients[clientID]; taken {
		return idTaken(clientID)
	}
	s.clients[clientID] = p
	return nil
}

// UnbindClient forgets a client id. The caller may hold the pool's lock.
func (s *Store) UnbindClient(clientID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.clients, clientID)
}

// BindDomain makes a host name lead to a pool. It refuses one that is taken and a pool that was removed. The
// caller may hold the pool's lock.
func (s *Store) BindDomain(host string, p *Pool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pools[p.ID] != p {
		return PoolNotFound(p.ID)
	}
	if _, taken := s.domains[host]; taken {
		return InvalidParameter(domainTaken)
	}
	s.domains[host] = p
	return nil
}

// UnbindDomain forgets a host name. The caller may hold the pool's lock.
func (s *Store) UnbindDomain(host string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.domains, host)
}

// PoolOfDomain returns the pool that a host name leads to, and whether there is one.
func (s *Store) PoolOfDomain(host string) (*Pool, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, ok := s.domains[host]
	return p, ok
}

// PinIDs sets the ids of the next pool and of the next app client; "" leaves an id random.
func (s *Store) PinIDs(poolID, clientID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextPoolID, s.nextClientID = poolID, clientID
}

// NewPoolID returns the id of a pool that is about to be created.
func (s *Store) NewPoolID(region string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := cmp.Or(s.nextPoolID, s.Random.PoolID(region))
	s.nextPoolID = ""
	return id
}

// NewClientID returns the id of an app client that is about to be created.
func (s *Store) NewClientID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := cmp.Or(s.nextClientID, s.Random.ClientID())
	s.nextClientID = ""
	return id
}
