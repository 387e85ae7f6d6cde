package token

import (
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
)

// idle returns a stock that makes no key ahead of use, for tests that count.
func idle() *Stock { return &Stock{prefetching: maxPrefetch} }

// takeKeys takes keys from the process-wide stock for one test.
func takeKeys(t testing.TB) *Keys {
	t.Helper()
	k := Take()
	t.Cleanup(k.Release)
	return k
}

// holders returns which keys k has, made or not.
func holders(k *Keys) map[*holder]bool {
	all := map[*holder]bool{}
	for _, key := range k.snapshot() {
		all[key.holder] = true
	}
	return all
}

func common(a, b map[*holder]bool) (n int) {
	for h := range a {
		if b[h] {
			n++
		}
	}
	return n
}

func keyIDs(k *Keys) (ids []string) {
	for _, key := range k.snapshot() {
		ids = append(ids, key.id)
	}
	return ids
}

func TestKeysAreShared(t *testing.T) {
	tests := []struct {
		reason string
		next   func(s *Stock, first *Keys) *Keys
		want   int // keys that the next pool has of the first one's two
	}{
		{"pools alive at the same time have different keys", func(s *Stock, _ *Keys) *Keys { return s.Take() }, 0},
		{"a finished pool's keys are taken again", func(s *Stock, first *Keys) *Keys { first.Release(); return s.Take() }, 2},
		{"but not as fresh ones", func(s *Stock, first *Keys) *Keys { first.Release(); return s.TakeFresh() }, 0},
		{"releasing twice does not give keys to two pools", func(s *Stock, first *Keys) *Keys {
			first.Release()
			first.Release()
			s.Take()
			return s.Take()
		}, 0},
		{"rotation after release takes nothing", func(s *Stock, first *Keys) *Keys {
			first.Release()
			first.Rotate()
			return s.Take()
		}, 2},
	}
	for _, tt := range tests {
		t.Run(tt.reason, func(t *testing.T) {
			s := idle()
			first := s.Take()
			had := holders(first)
			if len(had) != 2 {
				t.Fatalf("a pool has %d keys, want 2", len(had))
			}
			if got := common(had, holders(tt.next(s, first))); got != tt.want {
				t.Errorf("the next pool has %d of its keys, want %d", got, tt.want)
			}
		})
	}
}

func TestFreshKeysDoNotReturn(t *testing.T) {
	s := idle()
	k := s.TakeFresh()
	k.Rotate()
	k.Release()
	if got := len(s.free); got != 0 {
		t.Errorf("%d fresh keys in the stock, want none", got)
	}
}

func TestMadeKeysAreTakenFirst(t *testing.T) {
	s := idle()
	made := new(holder)
	made.key.Store(new(rsa.PrivateKey))
	s.put(new(holder), made, new(holder))
	if s.take(false) != made {
		t.Error("took a key that is still to be made")
	}
}

func TestKeyIDs(t *testing.T) {
	s := idle()
	seen := map[string]bool{}
	for range 20 {
		k := s.Take()
		k.Rotate()
		for _, id := range keyIDs(k) {
			octets, err := base64.StdEncoding.DecodeString(id)
			if err != nil || len(octets) != 32 {
				t.Errorf("key ID %q is %d bytes (%v), want 32 in standard base64", id, len(octets), err)
			}
			if seen[id] {
				t.Errorf("key ID %q was used twice", id)
			}
			seen[id] = true
		}
		k.Release()
	}
	if got, want := len(s.free), 4; got != want {
		t.Errorf("the stock has %d keys, want %d: the same for every pool in turn", got, want)
	}
}

func TestRotate(t *testing.T) {
	k := takeKeys(t)
	claims := map[string]any{"sub": "ann"}
	old, err := k.SignAccess(claims)
	if err != nil {
		t.Fatal(err)
	}
	before, had := keyIDs(k), holders(k)
	k.Rotate()
	after := keyIDs(k)
	if diff := cmp.Diff(after[2:], before); diff != "" {
		t.Errorf("older key IDs (-got +want):\n%s", diff)
	}
	if got := len(holders(k)) - common(holders(k), had); got != 2 {
		t.Errorf("%d keys that the pool never had, want 2", got)
	}
	fresh, err := k.SignAccess(claims)
	if err != nil {
		t.Fatal(err)
	}
	for token, kid := range map[string]string{old: before[1], fresh: after[1]} {
		parsed, err := jwt.Parse(token, k.JWKS().Keyfunc)
		if err != nil {
			t.Fatalf("golang-jwt refuses the token: %v", err)
		}
		if got := parsed.Header["kid"]; got != kid {
			t.Errorf("kid %v, want %v", got, kid)
		}
		if _, use, err := k.VerifyAccess(token); use != UseAccess || err != nil {
			t.Errorf("VerifyAccess = %q, %v", use, err)
		}
	}
}

func TestReleased(t *testing.T) {
	k := Take()
	token, err := k.SignID(map[string]any{})
	if err != nil {
		t.Fatal(err)
	}
	refresh, err := k.SealRefresh(nil)
	if err != nil {
		t.Fatal(err)
	}
	k.Release()
	tests := []struct {
		name string
		call func() error
		want error
	}{
		{"SignID", func() error { _, err := k.SignID(nil); return err }, errReleased},
		{"SignAccess", func() error { _, err := k.SignAccess(nil); return err }, errReleased},
		{"SignPair", func() error { _, _, err := k.SignPair(nil, nil); return err }, errReleased},
		{"Private", func() error { _, _, err := k.Private(UseID); return err }, errReleased},
		{"SealRefresh", func() error { _, err := k.SealRefresh(nil); return err }, errReleased},
		{"OpenRefresh", func() error { _, err := k.OpenRefresh(refresh); return err }, errReleased},
		{"VerifyAccess", func() error { _, _, err := k.VerifyAccess(token); return err }, errKeyID},
	}
	for _, tt := range tests {
		if got := tt.call(); !errors.Is(got, tt.want) {
			t.Errorf("%s: error %v, want %v", tt.name, got, tt.want)
		}
	}
	if got := len(k.JWKS().Keys); got != 0 {
		t.Errorf("JWKS has %d keys, want none", got)
	}
}

func TestPrefetchIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s Stock
		s.prefetching = maxPrefetch - 1
		k := s.Take()
		synctest.Wait() // until the goroutines that make keys have ended
		keys := k.snapshot()
		if got, want := []bool{keys[0].holder.made(), keys[1].holder.made()}, []bool{true, false}; !cmp.Equal(got, want) {
			t.Errorf("keys made ahead of use: %v, want %v", got, want)
		}
		if got, want := s.prefetching, maxPrefetch-1; got != want {
			t.Errorf("%d keys are being made, want %d", got, want)
		}
		if keys[1].holder.private() == nil {
			t.Error("no key on first use")
		}
	})
}

// TestReleaseWhileMaking gives keys back before they are made; the next pool
// waits for the same keys.
func TestReleaseWhileMaking(t *testing.T) {
	var s Stock
	first := s.Take()
	had := holders(first)
	first.Release()
	second := s.Take()
	if _, _, err := second.SignPair(map[string]any{}, map[string]any{}); err != nil {
		t.Error(err)
	}
	if got := common(had, holders(second)); got != 2 {
		t.Errorf("the second pool has %d of the first one's keys, want 2", got)
	}
}

// TestStockUnderLoad has many pools come and go at once and looks for a key that
// two of them hold.
func TestStockUnderLoad(t *testing.T) {
	s := idle()
	var mu sync.Mutex // guards owners
	owners := map[*holder]*Keys{}
	own := func(k *Keys, owner *Keys) {
		mu.Lock()
		defer mu.Unlock()
		for h := range holders(k) {
			if owner != nil && owners[h] != nil && owners[h] != k {
				t.Error("two pools have one key")
			}
			owners[h] = owner
		}
	}
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 50 {
				k := s.Take()
				own(k, k)
				k.Rotate()
				own(k, k)
				own(k, nil)
				k.Release()
				k.Release()
			}
		})
	}
	wg.Wait()
	if got, most := len(owners), 16*4; got > most {
		t.Errorf("%d keys for pools that needed %d at once", got, most)
	}
}

// TestBubbles uses one stock in three synctest bubbles in turn and then outside.
func TestBubbles(t *testing.T) {
	var s Stock
	used := map[string]bool{} // moduli
	visit := func(t *testing.T) {
		k := s.Take()
		defer k.Release()
		id, access, err := k.SignPair(map[string]any{"sub": "ann"}, map[string]any{"sub": "ann"})
		if err != nil {
			t.Fatal(err)
		}
		for _, token := range []string{id, access} {
			if _, err := jwt.Parse(token, k.JWKS().Keyfunc); err != nil {
				t.Error(err)
			}
		}
		for _, key := range k.JWKS().Keys {
			used[key.Public.N.String()] = true
		}
	}
	for range 3 {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			visit(t)
			if got := time.Since(start); got != 0 {
				t.Errorf("making keys took %v of the bubble's time", got)
			}
			time.Sleep(time.Hour)
			visit(t)
		})
	}
	visit(t)
	if got := len(used); got != 2 {
		t.Errorf("%d keys were made for pools that came one after another, want 2", got)
	}
}

// TestKeysAcrossBubbles uses keys on the other side of a bubble's wall while they
// are still being made.
func TestKeysAcrossBubbles(t *testing.T) {
	sign := func(t *testing.T, k *Keys) {
		if _, err := k.SignID(map[string]any{}); err != nil {
			t.Error(err)
		}
	}
	var s Stock
	outside := s.Take()
	var inside *Keys
	synctest.Test(t, func(t *testing.T) {
		sign(t, outside)
		inside = s.Take()
	})
	synctest.Test(t, func(t *testing.T) { sign(t, inside) })
	sign(t, inside)
}

func TestCopiesShareKeys(t *testing.T) {
	tests := []struct {
		reason string
		next   func(s *Stock, first *Keys) *Keys
		want   int // keys that the next pool has of the first one's two
	}{
		{"a copy has the keys of its pool", func(_ *Stock, first *Keys) *Keys { return first.Ring().Keys() }, 2},
		{"which stay away from the stock while the copy lives", func(s *Stock, first *Keys) *Keys {
			first.Ring().Keys()
			first.Release()
			return s.Take()
		}, 0},
		{"and while the pool lives", func(s *Stock, first *Keys) *Keys { first.Ring().Keys().Release(); return s.Take() }, 0},
		{"they return when both are gone", func(s *Stock, first *Keys) *Keys {
			first.Ring().Keys().Release()
			first.Release()
			return s.Take()
		}, 2},
		{"from then on the pool's copies get others", func(s *Stock, first *Keys) *Keys {
			ring := first.Ring()
			first.Release()
			s.Take()
			return ring.Keys()
		}, 0},
		{"also while nobody has taken them", func(_ *Stock, first *Keys) *Keys {
			ring := first.Ring()
			ring.Keys().Release()
			first.Release()
			return ring.Keys()
		}, 2}, // as new keys of the stock, under new ids
		{"a pool that is restored has the keys of then", func(_ *Stock, first *Keys) *Keys {
			ring, k := first.Ring(), first.Ring().Keys()
			k.Rotate()
			k.Restore(ring)
			return k
		}, 2},
		{"unless they returned", func(s *Stock, first *Keys) *Keys {
			ring := first.Ring()
			first.Release()
			s.Take()
			k := s.Take()
			k.Restore(ring)
			return k
		}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.reason, func(t *testing.T) {
			s := idle()
			first := s.Take()
			had := holders(first)
			if got := common(had, holders(tt.next(s, first))); got != tt.want {
				t.Errorf("the next pool has %d of its keys, want %d", got, tt.want)
			}
		})
	}
}

func TestKeyIDsOfCopies(t *testing.T) {
	k := takeKeys(t)
	ring := k.Ring()
	same := ring.Keys()
	t.Cleanup(same.Release)
	if diff := cmp.Diff(keyIDs(same), keyIDs(k)); diff != "" {
		t.Errorf("key IDs of a copy (-got +want):\n%s", diff)
	}
	same.Rotate()
	if got := len(keyIDs(k)); got != 2 {
		t.Errorf("%d keys after a copy's rotation, want 2", got)
	}
	same.Restore(ring)
	if diff := cmp.Diff(keyIDs(same), keyIDs(k)); diff != "" {
		t.Errorf("key IDs after Restore (-got +want):\n%s", diff)
	}
}

func TestRestoreReturnsWhatItReplaces(t *testing.T) {
	s := idle()
	k := s.Take()
	ring := k.Ring()
	k.Rotate()
	k.Restore(ring)
	k.Restore(ring)
	if got, want := len(s.free), 2; got != want {
		t.Errorf("the stock has %d keys, want the %d of the rotation", got, want)
	}
	k.Release()
	if got, want := len(s.free), 4; got != want {
		t.Errorf("the stock has %d keys after the release, want %d", got, want)
	}
}
