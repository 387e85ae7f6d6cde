package jwks_test

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/jwks"
)

// issuer is a transport that answers every request with a set, in the goroutine
// of the caller, so that it works in a synctest bubble.
type issuer struct {
	mu       sync.Mutex // guards the fields below
	requests int
	set      *jwks.Set
	err      error         // answered instead of the set
	delay    time.Duration // before the answer
}

func (i *issuer) RoundTrip(r *http.Request) (*http.Response, error) {
	i.mu.Lock()
	i.requests++
	set, err, delay := i.set, i.err, i.delay
	i.mu.Unlock()
	select {
	case <-time.After(delay):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	if err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	json.NewEncoder(w).Encode(set)
	return w.Result(), nil
}

func (i *issuer) edit(f func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	f()
}

func (i *issuer) count() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.requests
}

func (i *issuer) cache(opts ...jwks.CacheOption) *jwks.Cache {
	client := jwks.WithHTTPClient(&http.Client{Transport: i})
	return jwks.NewCache("https://issuer.test/jwks.json", append(opts, client)...)
}

// clock is a time that moves by hand.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

// keySet holds keys that verify nothing: the cache does not look at them.
func keySet(ids ...string) *jwks.Set {
	set := new(jwks.Set)
	for i, id := range ids {
		key := jwks.Key{ID: id, Public: signer().Public()}
		if i%2 == 1 {
			key.Public = stranger().Public()
		}
		set.Keys = append(set.Keys, key)
	}
	return set
}

// parallel runs f n times at once and returns what each one returned.
func parallel(n int, f func(i int) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = f(i) })
	}
	wg.Wait()
	return errs
}

func TestCacheColdStart(t *testing.T) {
	requests, url := serve(t, keySet("a", "b"))
	cache := jwks.NewCache(url, jwks.WithHTTPClient(http.DefaultClient))
	errs := parallel(100, func(i int) error {
		_, err := cache.Key(t.Context(), []string{"a", "b"}[i%2])
		return err
	})
	if err := errors.Join(errs...); err != nil {
		t.Errorf("errors: %v", err)
	}
	if got := requests.Load(); got != 1 {
		t.Errorf("%d requests, want 1", got)
	}
}

func TestCacheFlood(t *testing.T) {
	tests := []struct {
		reason string
		edit   func(*issuer)
		isKey  bool // the error is ErrUnknownKey
	}{
		{"of key IDs that nobody has", func(i *issuer) { i.set = keySet("a") }, true},
		{"while the issuer is down", func(i *issuer) { i.err = errors.New("down") }, false},
	}
	for _, tt := range tests {
		t.Run(tt.reason, func(t *testing.T) {
			var issuer issuer
			tt.edit(&issuer)
			cache := issuer.cache(jwks.WithClock(new(clock).now))
			errs := parallel(100, func(i int) error {
				_, err := cache.Key(t.Context(), fmt.Sprint(i))
				return err
			})
			for _, err := range errs {
				if err == nil || errors.Is(err, jwks.ErrUnknownKey) != tt.isKey {
					t.Fatalf("error %v, want one that is ErrUnknownKey: %t", err, tt.isKey)
				}
			}
			if got := issuer.count(); got != 1 {
				t.Errorf("%d requests, want 1", got)
			}
		})
	}
}

// TestCacheSchedule asks for keys at given times; every row continues with the
// cache of the row above.
func TestCacheSchedule(t *testing.T) {
	var (
		issuer = issuer{err: errors.New("down")}
		clock  = clock{at: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)}
		cache  = issuer.cache(jwks.WithClock(clock.now), jwks.WithRefreshInterval(time.Minute), jwks.WithMaxAge(time.Hour))
		start  = clock.at
	)
	steps := []struct {
		reason   string
		at       time.Duration
		issuer   func()
		id       string
		wantErr  string
		requests int
	}{
		{"the first fetch fails", 0, nil, "a", "down", 1},
		{"a failure is remembered, not repeated", time.Minute - 1, nil, "a", "down", 1},
		{"after the interval it is tried again", time.Minute, func() { issuer.set, issuer.err = keySet("a"), nil }, "a", "", 2},
		{"a known key asks nobody", 59 * time.Minute, nil, "a", "", 2},
		{"a new key is fetched", 59 * time.Minute, func() { issuer.set = keySet("a", "b") }, "b", "", 3},
		{"an unknown key so soon is not", 60*time.Minute - 1, nil, "c", `unknown key ID "c"`, 3},
		{"later it is", 60 * time.Minute, nil, "c", `unknown key ID "c"`, 4},
		{"the age counts from the last fetch", 120*time.Minute - 1, nil, "a", "", 4},
		{"an old set is fetched again", 120 * time.Minute, func() { issuer.set = keySet("b") }, "b", "", 5},
		{"a key that is withdrawn is gone", 120 * time.Minute, nil, "a", `unknown key ID "a"`, 5},
		{"an old set serves when the fetch fails", 180 * time.Minute, func() { issuer.err = errors.New("down again") }, "b", "", 6},
		{"and goes on to, at one try an interval", 181*time.Minute - 1, nil, "b", "", 6},
		{"an unknown key names the failure", 181*time.Minute - 1, nil, "a", "down again", 6},
		{"the next interval has its own try", 181 * time.Minute, nil, "b", "", 7},
		{"a malformed document is a failure too", 182 * time.Minute, func() { issuer.set, issuer.err = &jwks.Set{Keys: []jwks.Key{{ID: "x"}}}, nil }, "b", "", 8},
		{"a clock that went back allows a try", 0, func() { issuer.set = keySet("d") }, "d", "", 9},
	}
	type outcome struct {
		key      *rsa.PublicKey
		err      error
		requests int
	}
	outcomes := make([]outcome, len(steps))
	synctest.Test(t, func(t *testing.T) {
		for i, s := range steps {
			if s.issuer != nil {
				s.issuer()
			}
			clock.at = start.Add(s.at)
			key, err := cache.Key(t.Context(), s.id)
			synctest.Wait() // for fetches that nobody waits for
			outcomes[i] = outcome{key, err, issuer.count()}
		}
	})
	for i, s := range steps {
		t.Run(s.reason, func(t *testing.T) {
			got := outcomes[i]
			if got.requests != s.requests {
				t.Errorf("%d requests so far, want %d", got.requests, s.requests)
			}
			checkError(t, got.err, s.wantErr)
			if (got.key != nil) != (got.err == nil) {
				t.Errorf("key %v with error %v", got.key, got.err)
			}
		})
	}
}

// TestCacheOutageDoesNotStall lets an issuer hang: the first caller finds out, and no other waits for a key at hand.
func TestCacheOutageDoesNotStall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		issuer := issuer{set: keySet("a")}
		cache := issuer.cache(jwks.WithMaxAge(time.Minute))
		if _, err := cache.Key(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		issuer.edit(func() { issuer.delay = time.Hour })
		time.Sleep(time.Minute)
		for _, want := range []time.Duration{5 * time.Second, 0, 0} {
			start := time.Now()
			if _, err := cache.Key(t.Context(), "a"); err != nil {
				t.Errorf("an old set does not serve: %v", err)
			}
			if got := time.Since(start); got != want {
				t.Errorf("waited %v, want %v", got, want)
			}
			time.Sleep(10 * time.Second) // until the next fetch is due
		}
		issuer.edit(func() { issuer.delay, issuer.set = 0, keySet("b") })
		time.Sleep(10 * time.Second)
		if _, err := cache.Key(t.Context(), "a"); err != nil {
			t.Errorf("the caller who starts the fetch waits for it: %v", err)
		}
		synctest.Wait()
		if _, err := cache.Key(t.Context(), "a"); err == nil {
			t.Error("after the outage a withdrawn key is still there")
		}
	})
}

func TestCacheWithoutInterval(t *testing.T) {
	issuer := issuer{set: keySet("a")}
	cache := issuer.cache(jwks.WithRefreshInterval(0), jwks.WithClock(new(clock).now))
	for want := 1; want <= 3; want++ {
		if _, err := cache.Key(t.Context(), "x"); !errors.Is(err, jwks.ErrUnknownKey) {
			t.Errorf("error %v, want ErrUnknownKey", err)
		}
		if got := issuer.count(); got != want {
			t.Errorf("%d requests, want %d", got, want)
		}
	}
}

func TestCacheDefaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		issuer := issuer{set: keySet("a"), delay: time.Hour}
		cache := issuer.cache(jwks.WithTimeout(0))
		start := time.Now()
		if _, err := cache.Key(t.Context(), "a"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v, want context.DeadlineExceeded", err)
		}
		if got, want := time.Since(start), 5*time.Second; got != want {
			t.Errorf("gave up after %v, want %v", got, want)
		}
		issuer.edit(func() { issuer.delay = 0 })
		time.Sleep(10*time.Second - time.Nanosecond)
		if _, err := cache.Key(t.Context(), "a"); err == nil {
			t.Error("tried again within 10 seconds of the failure")
		}
		time.Sleep(time.Nanosecond)
		if _, err := cache.Key(t.Context(), "a"); err != nil {
			t.Errorf("after 10 seconds: %v", err)
		}
	})
}

// TestCacheLeaderLeaves cancels the caller that started the fetch: it returns at
// once, and the others get their key from the same fetch.
func TestCacheLeaderLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		issuer := issuer{set: keySet("a"), delay: 2 * time.Second}
		cache := issuer.cache()
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()

		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := cache.Key(ctx, "a"); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("leader: error %v, want context.DeadlineExceeded", err)
			}
			if got, want := time.Since(start), time.Second; got != want {
				t.Errorf("leader returned after %v, want %v", got, want)
			}
		})
		synctest.Wait()
		wg.Go(func() {
			if _, err := cache.Key(t.Context(), "a"); err != nil {
				t.Errorf("follower: %v", err)
			}
			if got, want := time.Since(start), 2*time.Second; got != want {
				t.Errorf("follower returned after %v, want %v", got, want)
			}
		})
		wg.Wait()
		if got := issuer.count(); got != 1 {
			t.Errorf("%d requests, want 1", got)
		}
	})
}

// TestCacheKnownKeyDoesNotWait asks for a key at hand while a fetch is under way.
func TestCacheKnownKeyDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		issuer := issuer{set: keySet("a")}
		cache := issuer.cache(jwks.WithRefreshInterval(0))
		if _, err := cache.Key(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		issuer.edit(func() { issuer.delay = time.Second })
		var wg sync.WaitGroup
		defer wg.Wait()
		wg.Go(func() { cache.Key(t.Context(), "x") })
		synctest.Wait()
		start := time.Now()
		if _, err := cache.Key(t.Context(), "a"); err != nil {
			t.Error(err)
		}
		if got := time.Since(start); got != 0 {
			t.Errorf("waited %v for a key at hand", got)
		}
	})
}

func TestCacheAcrossBubbles(t *testing.T) {
	issuer := issuer{set: keySet("a")}
	cache := issuer.cache(jwks.WithMaxAge(time.Minute))
	var got []int
	visit := func(t *testing.T) {
		if err := errors.Join(parallel(10, func(int) error {
			_, err := cache.Key(t.Context(), "a")
			return err
		})...); err != nil {
			t.Error(err)
		}
		got = append(got, issuer.count())
	}
	for range 3 {
		synctest.Test(t, func(t *testing.T) {
			visit(t)
			time.Sleep(time.Hour)
			visit(t)
		})
	}
	visit(t)
	// Each bubble begins before the last one ended, each hour is above the age,
	// and outside it is decades later.
	if diff := cmp.Diff(got, []int{1, 2, 3, 4, 5, 6, 7}); diff != "" {
		t.Errorf("requests so far (-got +want):\n%s", diff)
	}
}

// TestCacheTransportExits has a transport that ends its goroutine, as t.FailNow does.
func TestCacheTransportExits(t *testing.T) {
	client := &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		runtime.Goexit()
		return nil, nil
	})}
	_, err := jwks.NewCache("https://issuer.test", jwks.WithHTTPClient(client)).Key(t.Context(), "a")
	checkError(t, err, "did not return")
}

// TestCachePassesValues has a transport that wants a value of the caller's context.
func TestCachePassesValues(t *testing.T) {
	type trace struct{}
	var got any
	client := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		got = r.Context().Value(trace{})
		return nil, io.ErrUnexpectedEOF
	})}
	ctx := context.WithValue(t.Context(), trace{}, "span")
	_, err := jwks.NewCache("https://issuer.test", jwks.WithHTTPClient(client)).Key(ctx, "a")
	if !errors.Is(err, io.ErrUnexpectedEOF) || got != "span" {
		t.Errorf("error %v, value %v; want the transport's error and the value", err, got)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
