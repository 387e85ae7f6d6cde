package real_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
	"github.com/cognitotest/cognito/real"
)

// trouble throttles a fifth of the calls and cuts the connections of a twentieth.
func (a *account) trouble() {
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(1, 2))
	chance := func(p float64) func(fake.Call) bool {
		return func(fake.Call) bool {
			mu.Lock()
			defer mu.Unlock()
			return random.Float64() < p
		}
	}
	a.Inject(fake.Fault{Match: chance(0.2), Err: fake.RateExceeded()})
	for _, cut := range []fake.Cut{fake.CutBefore, fake.CutAfter, fake.CutHalfway} {
		a.Inject(fake.Fault{Match: chance(0.05 / 3), Err: cut})
	}
}

// TestTrouble runs 200 tests at once while calls are throttled and connections break, in pools of their own
// and as guests. All pass, and nothing is left.
func TestTrouble(t *testing.T) {
	for _, test := range []struct {
		why   string
		guest bool
	}{{"pools of their own", false}, {"guests", true}} {
		t.Run(test.why, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			var settings []func(*real.Config)
			if test.guest {
				settings = append(settings, guest(a.theirPool(t), ""))
			}
			before := a.state(t)
			host := a.backend(t, settings...)
			a.trouble()
			t.Run("at once", func(t *testing.T) {
				var all sync.WaitGroup
				for i := range 200 {
					all.Go(func() {
						t.Run(fmt.Sprint(i), func(t *testing.T) { use(t, host, i) })
					})
				}
				all.Wait()
			})
			if diff := cmp.Diff(before, a.state(t)); diff != "" {
				t.Errorf("the account (-before +after):\n%s", diff)
			}
		})
	}
}

// use is what a test does with a pool.
func use(t *testing.T, host cognitotest.Option, i int) {
	cog := cognitotest.New(t, host)
	ann := cog.NewUser(t, cognitotest.Groups(fmt.Sprintf("group-%d", i)))
	cog.NewAppClient(t)
	if i%20 > 0 {
		return // a token costs a pool of its own two new RSA keys
	}
	if ann.AccessToken(t) == "" {
		t.Error("no token")
	}
}

// theirPool makes a pool that somebody else has, and returns its id.
func (a *account) theirPool(t *testing.T) string {
	t.Helper()
	out, err := a.API().CreateUserPool(t.Context(), &cip.CreateUserPoolInput{PoolName: aws.String("theirs")})
	if err != nil {
		t.Fatal(err)
	}
	return *out.UserPool.Id
}

// state is everything that the account has, but for messages.
func (a *account) state(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	if err := a.Export(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
