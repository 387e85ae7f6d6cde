package authz

import (
	"slices"
	"strings"
	"sync"

	"github.com/cognitotest/cognito/fake"
)

// crowdRounds is how often all tokens of the crowd are asked about at once.
const crowdRounds = 4

func crowdCase() Case {
	return Case{
		Name: "crowd", Rule: "answer each token for itself, however many come at the same time", Cost: "under load, somebody with a bad token gets in as somebody with a good one",
		make: func(k *kit) {
			header, payload, signature := k.parts()
			k.attack("the pool's kid, an attacker's key", func(*fake.Forgery) {})
			k.expired(hour)
			k.claim("iss", k.Other.Issuer)
			k.join("the signature in capitals", header, payload, strings.ToUpper(signature))
		},
	}
}

// asked is a token with what is to be said of it.
type asked struct {
	Try
	good bool
}

// crowd asks about good and bad tokens at the same time: those that the verifier knows from each other one by one.
func (s *Suite) crowd(t T, c Case, bad []Try) {
	t.Helper()
	var found findings
	good, refused := s.knownGood(), s.knownBad(bad)
	if len(refused) == 0 {
		found.add("accepts a token that it must refuse", bad[0].What)
	}
	for range crowdRounds {
		s.askAtOnce(slices.Concat(good, refused, good), &found)
	}
	found.report(t, c.Rule, c.Cost)
}

// knownGood are good tokens that the verifier accepts.
func (s *Suite) knownGood() []asked {
	var all []asked
	for _, use := range s.World.Uses {
		for _, token := range []string{s.World.Genuine[use], s.World.Earlier[use]} {
			if s.ask(s.Verify, token).accepts() {
				all = append(all, asked{Try{"a good token among bad ones", token}, true})
			}
		}
	}
	return all
}

// knownBad are those of some bad tokens that the verifier refuses.
func (s *Suite) knownBad(tries []Try) []asked {
	var all []asked
	for _, try := range tries {
		if s.ask(s.Verify, try.Token).refuses() {
			all = append(all, asked{try, false})
		}
	}
	return all
}

// askAtOnce asks about tokens at the same time.
func (s *Suite) askAtOnce(all []asked, found *findings) {
	verdicts := make([]verdict, len(all))
	var done sync.WaitGroup
	for i, one := range all {
		done.Go(func() { verdicts[i] = s.ask(s.Verify, one.Token) })
	}
	done.Wait()
	for i, one := range all {
		found.judge(verdicts[i], one.What, one.good)
	}
}

func afterwardsCase() Case {
	return Case{
		Name: "afterwards", Rule: "accept good tokens, whatever bad ones came before", Cost: "attackers lock users out by sending bad tokens in their names",
		make: func(k *kit) { k.raw("a good token after all the bad ones", k.good) },
	}
}

// lastTrials are the cases that come after the refuse cases.
func (s *Suite) lastTrials() []trial {
	all := s.each("refuse", []Case{crowdCase()}, s.crowd)
	return append(all, s.each("accept", []Case{afterwardsCase()}, s.mustAccept)...)
}
