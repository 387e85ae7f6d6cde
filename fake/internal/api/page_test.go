package api

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake/internal/clock"
	"github.com/cognitotest/cognito/fake/internal/message"
	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/signin"
	"github.com/cognitotest/cognito/fake/internal/token"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// newAPI returns the operations on an empty store, with no message of interest.
func newAPI(t testing.TB) *API {
	c := clock.New(nil)
	store := pool.NewStore("123456789012", c, pool.NewRandom(1))
	issuer := token.NewIssuer(store, func(p *pool.Pool) string { return "https://issuer.example/" + p.ID }, token.Take)
	t.Cleanup(issuer.Close)
	outbox, functions := message.NewOutbox(message.Parts{Clock: c}), trigger.New(c, func(string, ...any) {})
	engine := signin.New(signin.Parts{Store: store, Tokens: issuer, Outbox: outbox, Functions: functions, Sessions: signin.NewSealer()})
	return New(Parts{
		Store: store, Tokens: issuer, Engine: engine, Outbox: outbox, Functions: functions,
		Region: "us-east-1", Notice: func(string) {}, Pages: NewPageSealer(),
	})
}

func TestPageTokensLeadOn(t *testing.T) {
	a := newAPI(t)
	for _, place := range []string{"", "ann", "key\x00with any bytes \xff"} {
		got, err := a.pageAfter("groups", a.pageToken("groups", place))
		if err != nil || got != place {
			t.Errorf("after %q: %q, %v", place, got, err)
		}
	}
	if got, err := a.pageAfter("groups", nil); got != "" || err != nil {
		t.Errorf("without a token: %q, %v; want the beginning", got, err)
	}
}

func TestPageTokensAreRefused(t *testing.T) {
	a := newAPI(t)
	good := *a.pageToken("groups", "ann")
	for _, c := range []struct{ name, kind, token string }{
		{"a token of another list", "users", good},
		{"no token at all", "groups", "next please"},
		{"a token that was cut", "groups", good[:len(good)-4]},
		{"a token of another server", "groups", *newAPI(t).pageToken("groups", "ann")},
		{"an empty token", "groups", ""},
	} {
		if _, err := a.pageAfter(c.kind, &c.token); !errors.As(err, new(*types.InvalidParameterException)) {
			t.Errorf("%s: error %v, want InvalidParameterException", c.name, err)
		}
	}
}

func TestPageTokensExpire(t *testing.T) {
	a := newAPI(t)
	good := a.pageToken("groups", "ann")
	a.store.Clock.Advance(time.Hour - time.Minute)
	if _, err := a.pageAfter("groups", good); err != nil {
		t.Errorf("within the hour: %v", err)
	}
	a.store.Clock.Advance(2 * time.Minute)
	if _, err := a.pageAfter("groups", good); err == nil {
		t.Error("after an hour: accepted")
	}
}

func TestPage(t *testing.T) {
	for _, c := range []struct {
		name         string
		items, limit int
		want         []int
		more         bool
	}{
		{"nothing there", 0, 2, nil, false},
		{"less than a page", 1, 2, []int{0}, false},
		{"exactly a page ends the list", 2, 2, []int{0, 1}, false},
		{"more than a page", 3, 2, []int{0, 1}, true},
	} {
		all := make([]int, c.items)
		for i := range all {
			all[i] = i
		}
		got, more := page(slices.Values(all), c.limit)
		if diff := cmp.Diff(c.want, got); diff != "" || more != c.more {
			t.Errorf("%s: more = %v, items (-want +got):\n%s", c.name, more, diff)
		}
	}
}

func TestPageLimit(t *testing.T) {
	for _, c := range []struct {
		name string
		in   *int32
		want int
	}{
		{"absent means a full page", nil, 60},
		{"0 means a full page", aws.Int32(0), 60},
		{"a number is taken", aws.Int32(7), 7},
		{"no page is larger than the service's", aws.Int32(61), 60},
	} {
		if got := pageLimit(c.in); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}
