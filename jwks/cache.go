package jwks

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

const (
	defaultRefreshInterval = 10 * time.Second
	defaultTimeout         = 5 * time.Second
)

// Cache holds the JWK set of one URL and fetches it when it must. It is safe for
// concurrent use, and there is never more than one fetch under way. It holds
// nothing that needs closing.
type Cache struct {
	url      string
	client   *http.Client
	interval time.Duration
	maxAge   time.Duration
	timeout  time.Duration
	now      func() time.Time

	mu      sync.Mutex    // guards the fields below
	set     *Set          // of the last fetch that succeeded; nil before
	err     error         // of the last fetch; nil when it succeeded or there was none
	fetched time.Time     // when set arrived
	tried   time.Time     // when the last fetch ended
	flight  chan struct{} // closed when the fetch under way ends; nil when there is none
}

// CacheOption changes one setting of a [Cache] while [NewCache] makes it.
type CacheOption func(*Cache)

// WithHTTPClient fetches through client; nil, the default, is http.DefaultClient.
func WithHTTPClient(client *http.Client) CacheOption {
	return func(c *Cache) { c.client = client }
}

// WithRefreshInterval sets the least time from the end of one fetch to the start
// of the next, whatever asks for it and whether the first one succeeded: a key
// that a rotation brought is known after this time at the latest, and a failed
// fetch is tried again after it. The default is 10 seconds; zero removes the limit.
func WithRefreshInterval(d time.Duration) CacheOption {
	return func(c *Cache) { c.interval = d }
}

// WithMaxAge makes callers that find the set at least this old wait while it is
// fetched again. If that fails the old set stays in use, and as long as fetches
// fail nobody waits for a key that it has. Zero, the default, lets a set serve until
// a token names a key that it does not have; then a key that the issuer withdraws is
// trusted until that happens.
func WithMaxAge(d time.Duration) CacheOption {
	return func(c *Cache) { c.maxAge = d }
}

// WithTimeout bounds one fetch, and so how long a caller waits. The default is 5
// seconds; a duration that is not above zero leaves it so.
func WithTimeout(d time.Duration) CacheOption {
	return func(c *Cache) {
		if d > 0 {
			c.timeout = d
		}
	}
}

// WithClock reads the time for [WithRefreshInterval] and [WithMaxAge] from now;
// the default is time.Now. A clock that jumps back makes a fetch due. now must not call the cache.
func WithClock(now func() time.Time) CacheOption {
	return func(c *Cache) { c.now = now }
}

// NewCache returns a cache of the JWK set at url. It fetches nothing yet.
func NewCache(url string, opts ...CacheOption) *Cache {
	c := &Cache{
		url:      url,
		interval: defaultRefreshInterval,
		timeout:  defaultTimeout,
		now:      time.Now,
	}
	for _, opt := range opts {
		opt(c)
	}
	return c
}

// Key returns the public key with the given ID. It fetches the set if the key is
// not in it, or if the set is older than [WithMaxAge], and if [WithRefreshInterval]
// allows. The error is [ErrUnknownKey] when the newest fetch succeeded without
// bringing the key, that of the fetch when it failed, and ctx.Err() when ctx ended
// first; the fetch then goes on for the other callers.
func (c *Cache) Key(ctx context.Context, id string) (*rsa.PublicKey, error) {
	if flight := c.refresh(ctx, id); flight != nil {
		select {
		case <-flight:
		case <-ctx.Done():
			return nil, fmt.Errorf("jwks: waiting for %s: %w", c.url, ctx.Err())
		}
	}
	return c.cached(id)
}

// refresh starts a fetch when the key needs one that is due. It returns the fetch that
// has to end before cached can answer for the key; nil means that cached can answer
// now, such as from an old set whose issuer cannot be reached.
func (c *Cache) refresh(ctx context.Context, id string) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now() // not before a fetch that ended while this call waited for the lock
	_, known := c.set.Key(id)
	if known && !c.oldLocked(now) {
		return nil
	}
	if c.flight == nil && c.dueLocked(now) {
		c.flight = make(chan struct{})
		go c.fly(context.WithoutCancel(ctx))
	}
	if known && c.err != nil {
		return nil
	}
	return c.flight
}

// cached answers from the set at hand.
func (c *Cache) cached(id string) (*rsa.PublicKey, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if key, ok := c.set.Key(id); ok {
		return key, nil
	}
	if c.err != nil {
		return nil, c.err
	}
	return nil, fmt.Errorf("%w %.64q at %s", ErrUnknownKey, id, c.url)
}

func (c *Cache) oldLocked(now time.Time) bool {
	return c.maxAge > 0 && passed(c.fetched, now, c.maxAge)
}

func (c *Cache) dueLocked(now time.Time) bool {
	untried := c.set == nil && c.err == nil
	return untried || passed(c.tried, now, c.interval)
}

// passed reports whether d lies between since and now. A clock that went back
// (another synctest bubble, say) tells nothing, so the time counts as passed.
func passed(since, now time.Time, d time.Duration) bool {
	age := now.Sub(since)
	return age < 0 || age >= d
}

// fly does one fetch. It lands even when a transport ends the goroutine, as a
// t.Fatal does, so that no caller waits for ever.
func (c *Cache) fly(ctx context.Context) {
	var set *Set
	err := errors.New("jwks: fetch: the HTTP client did not return")
	defer func() { c.land(set, err) }()
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	set, err = Fetch(ctx, c.client, c.url)
}

// land records the outcome of a fetch and wakes those who wait for it.
func (c *Cache) land(set *Set, err error) {
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tried, c.err = now, err
	if err == nil {
		c.set, c.fetched = set, now
	}
	close(c.flight)
	c.flight = nil
}
