package pool

import "time"

// Custom is what a pool remembers of a custom authentication between two requests. It is too much for
// the session to carry: functions of the pool's owner decide how much.
type Custom struct {
	Rounds   []Round
	SRP      bool              // began with a proof of the password
	Private  map[string]string // parameters of the challenge that only its verifier sees
	Metadata *string           // of the challenge
	Expires  time.Time
}

// Round is a challenge of a custom authentication that was answered.
type Round struct {
	Challenge string
	Passed    bool
	Metadata  *string // what the function that made the challenge wants to see again
}

// KeepCustomLocked remembers a custom authentication by the id of its session.
func (p *Pool) KeepCustomLocked(session string, c *Custom, now time.Time) {
	p.custom.set(session, c, func(c *Custom) bool { return now.After(c.Expires) })
}

// TakeCustomLocked returns and forgets what was kept, or nil.
func (p *Pool) TakeCustomLocked(session string) *Custom {
	c := p.custom.entries[session]
	delete(p.custom.entries, session)
	return c
}
