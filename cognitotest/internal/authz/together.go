package authz

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cognitotest/cognito/fake"
)

// crowdRounds is how often all tokens of the crowd are asked about at once.
const crowdRounds = 4

var crowdRule = Case{
	Name: "crowd", Rule: "answer each token for itself, however many come at the same time", Cost: "under load, somebody with a bad token gets in as somebody with a good one",
	make: func(k *kit) {
		header, payload, signature := k.parts()
		k.attack("the pool's kid, an attacker's key", func(*fake.Forgery) {})
		k.expired(hour)
		k.claim("iss", k.Other.Issuer)
		k.join("the signature in capitals", header, payload, strings.ToUpper(signature))
	},
}

// crowd asks about good and bad tokens at the same time, as far as the verifier knows them from each other alone.
func (s *Suite) crowd(t T, c Case, tries []Try) {
	t.Helper()
	var found findings
	var good, bad []Try
	for _, use := range s.World.Uses {
		for _, token := range []string{s.World.Genuine[use], s.World.Earlier[use]} {
			if try := (Try{"a good token among bad ones", token}); s.ask(s.Verify, token).accepts() {
				good = append(good, try)
			}
		}
	}
	for _, try := range tries {
		if s.ask(s.Verify, try.Token).refuses() {
			bad = append(bad, try)
		}
	}
	if len(bad) == 0 {
		found.add("accepts a token that it must refuse", tries[0].What)
	}
	for range crowdRounds {
		all := slices.Concat(good, bad, good)
		for i, v := range s.askAtOnce(all) {
			found.judge(v, all[i], i < len(good) || i >= len(good)+len(bad))
		}
	}
	found.report(t, c.Rule, c.Cost)
}

// askAtOnce asks about tokens at the same time.
func (s *Suite) askAtOnce(tries []Try) []verdict {
	verdicts := make([]verdict, len(tries))
	var done sync.WaitGroup
	for i, try := range tries {
		done.Go(func() { verdicts[i] = s.ask(s.Verify, try.Token) })
	}
	done.Wait()
	return verdicts
}

var expiringRule = Case{
	Name: "expired-since", Rule: "look at the clock for each token: what was good is no longer from its exp on", Cost: "a token that was accepted once is good for ever where verdicts, or the time, are kept",
}

// expiring are tokens that were accepted a moment before their end.
type expiring struct {
	tries []Try
	end   time.Time // of them
}

// atOnce is how long a verifier may take at least for a token that is about to expire.
const atOnce = 150 * time.Millisecond

// beginExpiry asks about tokens that are about to expire. What is refused then may have come too late.
func (s *Suite) beginExpiry() (*expiring, error) {
	leeway := s.World.Leeway
	now := time.Now().Add(-leeway)
	if left := now.Truncate(time.Second).Add(time.Second).Sub(now); left < atOnce {
		time.Sleep(left)
		now = time.Now().Add(-leeway)
	}
	end := now.Truncate(time.Second).Add(time.Second)
	tries, err := s.World.tries(Case{ages: true, make: func(k *kit) {
		k.claims("exp has passed since it was accepted", map[string]any{"exp": end.Unix(), "iat": end.Add(-hour).Unix(), "auth_time": end.Add(-hour).Unix()})
	}})
	e := &expiring{end: end.Add(leeway)}
	for _, try := range tries {
		if v := s.ask(s.Verify, try.Token); v.accepts() {
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
		time.Sleep(time.Until(e.end.Add(50 * time.Millisecond)))
		v := s.ask(s.Verify, try.Token)
		if v.accepts() {
			time.Sleep(time.Until(e.end.Add(1100 * time.Millisecond)))
			v = s.ask(s.Verify, try.Token)
		}
		found.judge(v, try, false)
	}
	found.report(t, expiringRule.Rule, expiringRule.Cost)
}

var afterwardsRule = Case{
	Name: "afterwards", Rule: "accept good tokens, whatever bad ones came before", Cost: "attackers lock users out by sending bad tokens in their names",
	make: func(k *kit) {
		k.raw("a good token after all the bad ones", k.good)
	},
}

// lastTrials are the cases that come after the refuse cases.
func (s *Suite) lastTrials() []trial {
	all := s.each("refuse", []Case{crowdRule}, s.crowd)
	return append(all, s.each("accept", []Case{afterwardsRule}, s.mustAccept)...)
}

// expiryTrial begins now and ends when the trial runs, so that others run in between.
func (s *Suite) expiryTrial() trial {
	name := "refuse/" + expiringRule.Name
	if _, waived := s.Waived[name]; waived {
		return trial{name: name}
	}
	e, err := s.beginExpiry()
	return trial{name, func(t T) {
		t.Helper()
		if err != nil {
			t.Errorf("cognitotest: internal error: %v", err)
			return
		}
		s.endExpiry(t, e)
	}}
}
