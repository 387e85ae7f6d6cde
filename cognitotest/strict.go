package cognitotest

import (
	"errors"
	"fmt"
	"sync"
)

// Strict makes the fake fail the test, by name, where the code under test relies on what is not there:
//
//   - a setting of a pool or an app client that the fake stores but does not simulate
//   - an operation, a flow or a challenge that it does not simulate
//   - a flow, an operation or a setting that AWS calls deprecated or no longer supported
//   - a fault that was injected and met by no call until the end of the test
//
// Operations and flows are those of calls over HTTP: code that is given fake.Server.API in place of a client
// gets their errors, and no test is failed. With [Start] the findings are what [Provider.Close] returns. On a real pool, which has them all, Strict
// does nothing.
func Strict() Option { return optionFunc(func(c *config) { c.strict = true }) }

// findings are what strict tests have used that belong to no test. A nil findings has none.
type findings struct {
	mu   sync.Mutex // guards errs
	errs []error
}

func (f *findings) addf(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.errs = append(f.errs, fmt.Errorf(format, args...))
}

func (f *findings) err() error {
	if f == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return errors.Join(f.errs...)
}

// beStrict settles who is told of findings: the test of the options, or the findings that it returns.
func (c *config) beStrict() *findings {
	switch {
	case !c.strict:
		c.strictf = nil
	case c.strictf == nil:
		found := &findings{}
		c.strictf = found.addf
		return found
	}
	return nil
}

// findUnusedFaults tells a strict test of faults that no call has met.
func (p *Provider) findUnusedFaults() {
	if p.strictf == nil || p.fake() == nil {
		return
	}
	for _, f := range p.fake().UnusedFaults() {
		p.strictf("cognitotest: no call met the %v", f)
	}
}
