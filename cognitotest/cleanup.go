package cognitotest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// cleanupTime is how long one removal may take, repetitions included.
const cleanupTime = 2 * time.Minute

// beforeDeadline is when, before go test ends a process that takes too long, what is left in somebody's
// account is removed.
const beforeDeadline = 15 * time.Second

// chore is something that must be removed.
type chore struct {
	what    string // such as "user ann"
	command string // of the AWS CLI, that removes it by hand
	remove  func(context.Context) error
}

// chores are what a provider has yet to remove. It is safe for concurrent use.
type chores struct {
	mu   sync.Mutex // guards open
	open []*chore
}

func (c *chores) add(one *chore) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open = append(c.open, one)
}

// take takes a chore off the list, unless somebody has.
func (c *chores) take(one *chore) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.Index(c.open, one)
	if i < 0 {
		return false
	}
	c.open = slices.Delete(c.open, i, i+1)
	return true
}

// takeLast takes the newest chore, or nil where none is left.
func (c *chores) takeLast() *chore {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.open) == 0 {
		return nil
	}
	last := c.open[len(c.open)-1]
	c.open = c.open[:len(c.open)-1]
	return last
}

// cleanup removes something at the end of t, in the reverse order of such calls, whatever way t ends.
func (p *Provider) cleanup(t TB, one *chore) {
	if p.endsWith(t) {
		return
	}
	p.chores.add(one)
	t.Cleanup(func() {
		if !p.chores.take(one) {
			return
		}
		if p.rules.KeepOnFailure && failed(t) {
			p.keep(t, one)
			return
		}
		if err := p.do(context.Background(), one); err != nil {
			t.Errorf("cognitotest: %v", err)
		}
	})
}

// do removes something, with time of its own. What the test or the code under test has removed already,
// alone or with the whole pool, is no finding.
func (p *Provider) do(ctx context.Context, one *chore) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
	defer cancel()
	err := one.remove(ctx)
	switch {
	case gone(err):
		return nil
	case err != nil && one.command != "":
		return fmt.Errorf("deleting %s: %w; it is left, remove it with: %s", one.what, p.rules.explain(err), one.command)
	case err != nil:
		return fmt.Errorf("deleting %s: %w", one.what, p.rules.explain(err))
	}
	return nil
}

// keepAfter leaves what a failed test has made, where the host wants that.
func (p *Provider) keepAfter(t TB) {
	if !p.rules.KeepOnFailure || !failed(t) {
		return
	}
	for one := p.chores.takeLast(); one != nil; one = p.chores.takeLast() {
		p.keep(t, one)
	}
}

func (p *Provider) keep(t TB, one *chore) {
	t.Logf("cognitotest: kept for you: %s; remove it with: %s", one.what, one.command)
}

// watchDeadline removes everything shortly before the test's process ends for taking too long. The
// result calls the watch off. The fake ends with the process by itself.
func (p *Provider) watchDeadline(t TB) (stop func()) {
	limited, ok := t.(interface{ Deadline() (time.Time, bool) })
	if !ok || p.fake() != nil {
		return func() {}
	}
	deadline, ok := limited.Deadline()
	if !ok {
		return func() {}
	}
	timer := time.AfterFunc(time.Until(deadline.Add(-beforeDeadline)), func() {
		t.Logf("cognitotest: the tests are about to time out; removing what they have made")
		for one := p.chores.takeLast(); one != nil; one = p.chores.takeLast() {
			if err := p.do(context.Background(), one); err != nil {
				t.Logf("cognitotest: %v", err)
			}
		}
	})
	return func() { timer.Stop() }
}

// failed reports whether a test has failed, as far as it tells.
func failed(t TB) bool {
	f, ok := t.(interface{ Failed() bool })
	return ok && f.Failed()
}

func gone(err error) bool {
	return errors.As(err, new(*types.UserNotFoundException)) || errors.As(err, new(*types.ResourceNotFoundException))
}

// deletion is the command of the AWS CLI that deletes something from the pool.
func (p *Provider) deletion(command, option, value string) string {
	text := fmt.Sprintf("aws cognito-idp %s --region %s --user-pool-id %s", command, p.Region, p.PoolID)
	if option != "" {
		text += fmt.Sprintf(" --%s '%s'", option, value)
	}
	return text
}
