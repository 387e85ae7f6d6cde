package authz

import "time"

const (
	expiryName = "refuse/expired-since"
	expiryRule = "look at the clock for each token: what was good is refused from its exp on, with no more leeway than is declared (AcceptLeeway)"
	expiryCost = "a token that was accepted once is good for ever where verdicts, or the time, are kept"
)

// atOnce is the least time that a token has left when a verifier is asked about it.
const atOnce = 150 * time.Millisecond

// expiring are tokens that were accepted a moment before their end.
type expiring struct {
	tries []Try
	end   time.Time // of them, with the leeway
}

// expiryTrial begins now and ends when the trial runs, so that others run in between.
func (s *Suite) expiryTrial() trial {
	if _, waived := s.Waived[expiryName]; waived {
		return trial{name: expiryName}
	}
	e, err := s.beginExpiry()
	return trial{expiryName, func(t T) {
		t.Helper()
		if err != nil {
			internalError(t, err)
			return
		}
		s.endExpiry(t, e)
	}}
}

// beginExpiry asks about tokens that are about to expire, and about others where they expired too early.
func (s *Suite) beginExpiry() (e *expiring, err error) {
	for range 3 {
		e, err = s.aboutToExpire()
		if err != nil || len(e.tries) > 0 || s.World.Server.Now().Before(e.end) {
			break
		}
	}
	return e, err
}

// aboutToExpire returns tokens that expire with this second, or the next, and are accepted now.
func (s *Suite) aboutToExpire() (*expiring, error) {
	soon := s.World.Server.Now().Add(atOnce - s.World.Leeway)
	exp := soon.Truncate(time.Second).Add(time.Second)
	all, err := s.World.tries(Case{ages: true, make: func(k *kit) {
		k.claims("exp has passed since it was accepted", lifetimeUntil(exp))
	}})
	e := &expiring{end: exp.Add(s.World.Leeway)}
	for _, try := range all {
		if s.ask(s.Verify, try.Token).accepts() {
			e.tries = append(e.tries, try)
		}
	}
	return e, err
}

// endExpiry asks again when they have expired. Who counts whole seconds may accept them in the first.
func (s *Suite) endExpiry(t T, e *expiring) {
	t.Helper()
	var found findings
	for _, try := range e.tries {
		s.sleepUntil(e.end.Add(50 * time.Millisecond))
		v := s.ask(s.Verify, try.Token)
		if v.accepts() {
			s.sleepUntil(e.end.Add(1100 * time.Millisecond))
			v = s.ask(s.Verify, try.Token)
		}
		found.judge(v, try.What, false)
	}
	found.report(t, expiryRule, expiryCost)
}

func (s *Suite) sleepUntil(at time.Time) { time.Sleep(at.Sub(s.World.Server.Now())) }
