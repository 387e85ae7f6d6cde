package backendtest

import (
	"testing"
	"time"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

// Why a behaviour needs the fake.
const (
	slow     = "a test cannot wait that long, and the fake's clock moves"
	hidden   = "the service shows nobody what it sends"
	local    = "a real pool calls functions in AWS, and the fake functions of the test"
	unproven = "the service wants roles, identities and functions that exist, and the fake believes in them"
	lagging  = "the service counts users some time later, and the fake at once"
	inferred = "the contract infers it"
)

// needFake returns the server behind a pool; elsewhere it skips the test for a reason.
func needFake(t *testing.T, p *cognitotest.Provider, why string) *fake.Server {
	t.Helper()
	return p.Fake(because{t, why})
}

// because is a test that is skipped for a better reason than is given.
type because struct {
	*testing.T
	why string
}

func (b because) Skipf(string, ...any) {
	b.Helper()
	b.T.Skipf("needs the fake: %s", b.why)
}

// onFake reports whether the pool is one of the fake.
func onFake(p *cognitotest.Provider) bool { return p.Fake(inquiry{}) != nil }

// inquiry is a test that is not skipped.
type inquiry struct{ cognitotest.TB }

func (inquiry) Helper()              {}
func (inquiry) Skipf(string, ...any) {}

// now is the time of the pool.
func now(p *cognitotest.Provider) time.Time {
	if s := p.Fake(inquiry{}); s != nil {
		return s.Now()
	}
	return time.Now()
}

// patience is how long a behaviour waits on a real pool.
const patience = time.Minute

// margin is how long before its end something must still be good, however slow the machine is.
const margin = 20 * time.Second

// pass lets time pass: on the fake at once, elsewhere by waiting where it is short.
func pass(t *testing.T, p *cognitotest.Provider, d time.Duration) {
	t.Helper()
	if s := p.Fake(inquiry{}); s != nil {
		s.Advance(d)
		return
	}
	if d > patience {
		needFake(t, p, slow)
	}
	time.Sleep(d)
}

// startFake is a start that, elsewhere than on the fake, skips the test before the service refuses the settings.
func startFake(t *testing.T, start Start, why string, opts ...cognitotest.Option) *cognitotest.Provider {
	t.Helper()
	needFake(t, start(t), why)
	return start(t, opts...)
}
