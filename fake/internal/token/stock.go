package token

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
)

const (
	keyBits     = 2048
	maxPrefetch = 2 // keys that a stock makes ahead of use at one time
)

// stock serves the whole process. It is the only package-level state of the fake:
// without it every pool would wait for two new keys.
var stock Stock

// Take returns keys for a new pool from the process-wide stock; see [Stock.Take].
func Take() *Keys { return stock.Take() }

// TakeFresh returns keys that no pool had before; see [Stock.TakeFresh].
func TakeFresh() *Keys { return stock.TakeFresh() }

// Stock keeps RSA keys that released [Keys] no longer need for the next ones to
// take. The zero value is an empty stock. It is safe for concurrent use.
type Stock struct {
	mu          sync.Mutex // guards the fields below, holder.begun and lease.keepers; keys are never made under it
	free        []*holder
	prefetching int
}

// Take returns the keys of a new pool under new key IDs. It does not wait: keys
// that the stock does not have are made in the background, at most two at a time,
// or else by whoever needs them first.
func (s *Stock) Take() *Keys {
	k := &Keys{stock: s}
	k.Rotate()
	return k
}

// TakeFresh is [Stock.Take] with keys that no pool had before and, as they do not
// come back to the stock, that no other pool will have.
func (s *Stock) TakeFresh() *Keys {
	k := &Keys{stock: s, fresh: true}
	k.Rotate()
	return k
}

// take returns a holder that nobody else has, one whose key is made if possible.
func (s *Stock) take(fresh bool) *holder {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := new(holder)
	if n := len(s.free); n > 0 && !fresh {
		i := max(0, slices.IndexFunc(s.free, (*holder).made))
		h = s.free[i]
		s.free = slices.Delete(s.free, i, i+1)
	}
	s.prefetchLocked(h)
	return h
}

// put takes holders back that nobody uses any more.
func (s *Stock) put(holders ...*holder) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free = append(s.free, holders...)
}

// lease is the time for which a pool and its copies have a key: until the last of them gives it back.
type lease struct {
	*holder
	keepers int // Keys that have it
}

// share lets one more have some keys, unless one of them went back to the stock.
func (s *Stock) share(keys []poolKey) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.ContainsFunc(keys, func(k poolKey) bool { return k.keepers == 0 }) {
		return false
	}
	for _, k := range keys {
		k.keepers++
	}
	return true
}

// giveUp returns the keys that nobody has any more.
func (s *Stock) giveUp(keys []poolKey) (unused []*holder) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range keys {
		if k.keepers--; k.keepers == 0 {
			unused = append(unused, k.holder)
		}
	}
	return unused
}

// prefetchLocked makes the key of h in a goroutine of its own, unless enough of
// these run already.
func (s *Stock) prefetchLocked(h *holder) {
	if h.begun || h.made() || s.prefetching >= maxPrefetch {
		return
	}
	h.begun = true
	s.prefetching++
	go func() {
		h.private()
		s.mu.Lock()
		defer s.mu.Unlock()
		s.prefetching--
	}()
}

// holder is a place for one RSA key, which is made once, by the first who asks.
type holder struct {
	begun bool // prefetch has begun
	once  sync.Once
	key   atomic.Pointer[rsa.PrivateKey]
}

func (h *holder) made() bool { return h.key.Load() != nil }

// private returns the key, and makes it or waits until it is made if need be.
func (h *holder) private() *rsa.PrivateKey {
	h.once.Do(func() {
		key, err := rsa.GenerateKey(rand.Reader, keyBits)
		if err != nil {
			panic(fmt.Sprintf("cognitotest: internal error: generate key: %v", err))
		}
		h.key.Store(key)
	})
	return h.key.Load()
}

// Use says what a key of a pool signs; it is the token_use claim of its tokens.
type Use string

// The uses of a pool's two keys.
const (
	UseID     Use = "id"
	UseAccess Use = "access"
)

// Keys are the signing keys of one pool: an ID key and an access key, and those
// that Rotate retired. They belong to the pool until Release. They are safe for
// concurrent use.
type Keys struct {
	stock *Stock
	fresh bool

	mu       sync.Mutex // guards the fields below; no RSA under it
	released bool
	keys     []poolKey // newest first; of one age the ID key is first
}

// poolKey is a key as one pool knows it.
type poolKey struct {
	id        string
	use       Use
	withdrawn bool // from the published set
	*lease
}

// errReleased is reported to who uses keys of a server that is closed.
var errReleased = errors.New("token: the keys of this pool have been released")

// Rotate gives the pool two keys that it never had. They sign from now on; the
// older ones stay published and verify what they signed. After Release it does
// nothing.
func (k *Keys) Rotate() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.released {
		return
	}
	k.keys = append([]poolKey{
		{id: newKeyID(), use: UseID, lease: &lease{k.stock.take(k.fresh), 1}},
		{id: newKeyID(), use: UseAccess, lease: &lease{k.stock.take(k.fresh), 1}},
	}, k.keys...)
}

// Withdraw ends the publication of the keys that Rotate retired. The pool itself still takes what they signed.
func (k *Keys) Withdraw() {
	k.mu.Lock()
	defer k.mu.Unlock()
	keys := slices.Clone(k.keys)
	for i := range keys {
		keys[i].withdrawn = i >= 2 // the newest are a pair
	}
	k.keys = keys
}

// Release gives the keys back to the stock, for other pools to take, once the Keys of all copies of the
// pool are released. From then on
// these Keys sign, verify and publish nothing. Releasing twice is harmless, and
// keys that are still being made are not waited for.
func (k *Keys) Release() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.returnKeys()
	k.released, k.keys = true, nil
}

// returnKeys gives up the keys. The lock is held.
func (k *Keys) returnKeys() {
	if unused := k.stock.giveUp(k.keys); !k.fresh {
		k.stock.put(unused...)
	}
}

// Ring is which keys a pool had at a moment. It does not keep them from the stock.
type Ring struct {
	stock *Stock
	fresh bool
	keys  []poolKey
}

// Ring returns the keys of this moment.
func (k *Keys) Ring() Ring { return Ring{k.stock, k.fresh, k.snapshot()} }

// Keys returns the keys for a copy of the pool: the same ones, under the same ids. Where they went back to
// the stock, since all pools that had them are gone, the copy gets others.
func (r Ring) Keys() *Keys {
	k := &Keys{stock: r.stock, fresh: r.fresh}
	if len(r.keys) > 0 && r.stock.share(r.keys) {
		k.keys = r.keys
	} else {
		k.Rotate()
	}
	return k
}

// Restore gives the pool the keys of a ring again in place of those that it has, unless they went back to the
// stock.
func (k *Keys) Restore(r Ring) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.released && k.stock.share(r.keys) {
		k.returnKeys()
		k.keys = r.keys
	}
}

// snapshot returns the keys at this moment, newest first.
func (k *Keys) snapshot() []poolKey {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.keys // never written to, only replaced
}

// newKeyID returns a key ID in the service's form: 32 bytes in standard base64,
// so that it ends in "=".
func newKeyID() string {
	return base64.StdEncoding.EncodeToString(random(32))
}
