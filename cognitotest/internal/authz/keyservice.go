package authz

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake"
	"github.com/cognitotest/cognito/jwks"
)

// What a verifier may ask of the key service at most. At a start that is one fetch more than it needs: a second
// caller may look just when the first has been answered. In a flood it is what limiters let through at first, which
// allow ten fetches a minute, say.
const (
	coldFetches  = 2
	floodFetches = 12
	floodTokens  = 60
)

// station is a verifier of its own with a key service of its own.
type station struct {
	T
	*Suite
	*World
	verify Verifier
	found  *findings
	struck atomic.Int64 // fetches that met a fault
	away   bool         // whether there is nothing to verify with, so that 5xx is an answer
}

// keyCase is a rule about the key service.
type keyCase struct {
	name, rule, cost string

	needs   func(*World) bool // nil: the case is for all
	prepare func(*World)      // before the verifier is made
	run     []func(*station)  // each with a station of its own
}

func keyCases() []keyCase {
	return slices.Concat(closedCases(), openCases(), sparingCases(), keyAdvice())
}

func closedCases() []keyCase {
	const closed = "refuse all tokens until keys are known"
	const cost = "who can disturb the key service writes tokens for any user"
	return []keyCase{
		{name: "keys/unreachable", rule: closed, cost: cost, run: without(fake.Fault{Err: fake.CutBefore}, fake.Fault{Err: fake.CutHalfway})},
		{name: "keys/failing", rule: closed, cost: cost, run: without(fake.Fault{Err: fake.HTTPStatus(503)})},
		{name: "keys/empty", rule: closed, cost: cost, run: without(document(`{"keys":[]}`))},
		{name: "keys/malformed", rule: closed, cost: cost, run: without(
			document(""), document("null"), document("<html>502</html>"), document(`{"keys":[{"kty":"RSA"`),
			document(`{"keys":{}}`), document(`{"keys":[null,7,{}]}`), document(`[]`))},
		{name: "keys/huge", rule: closed, cost: cost, run: without(fake.Fault{Document: http.HandlerFunc(hugeSet)})},
		{name: "keys/redirected-in-circles", rule: closed, cost: cost, run: without(fake.Fault{Document: http.RedirectHandler("jwks.json", http.StatusFound)})},
		{
			name: "keys/withdrawn", rule: "refuse tokens of keys that the JWKS no longer has", cost: "who has stolen a key that was withdrawn writes tokens for any user",
			prepare: func(w *World) { w.Server.WithdrawKeys(w.PoolID) }, run: only(withdrawn),
		}, {
			name: "refuse/pool-silent", rule: "refuse a token when the pool cannot be asked about its session", cost: "who can disturb the connection to the pool, or use up your request rate, goes on after signing out",
			needs: func(w *World) bool { return w.Online }, run: only(unasked),
		},
	}
}

func openCases() []keyCase {
	return []keyCase{
		{name: "keys/slow", rule: "wait a while for keys, and verify with them then", cost: "the first users after a start are locked out, or attackers get in", run: only(slow)},
		{name: "keys/outage", rule: "keep the keys at hand while the key service is away, and verify with them", cost: "an outage of the key service is one of yours", run: outages(
			fake.Fault{Err: fake.CutBefore}, fake.Fault{Err: fake.HTTPStatus(503)}, document("<html>502</html>"))},
		{name: "keys/unknown-kinds", rule: "skip keys of unknown kinds (RFC 7517 section 5), and verify with the others", cost: "the day the service adds a key of a new kind, " + locksOut,
			prepare: addUnknownKinds, run: only(unknownKinds)},
		{name: "keys/changing", rule: "find keys by kid alone, whatever their order in the set", cost: "a set in another order locks users out, or " + anybody, run: only(changing)},
	}
}

func sparingCases() []keyCase {
	const refuses = " until it refuses you"
	return []keyCase{
		{name: "keys/cached", rule: "keep keys: fetch them once for many tokens", cost: "every request costs two, and loads the key service" + refuses, run: only(cached)},
		{name: "keys/flood", rule: "refuse unknown kids, without a fetch for each", cost: "attackers, with tokens that cost them nothing, make you load the key service" + refuses, run: only(flood)},
		{name: "keys/cold-start", rule: "fetch keys once for all who wait", cost: "every start under load loads the key service" + refuses, run: only(coldStart)},
	}
}

func keyAdvice() []keyCase {
	return []keyCase{
		{name: "advice/redirected", rule: answerAll, cost: costOfSilence, run: only(redirected)},
		{name: "advice/rotated", rule: "know the keys of the set", cost: locksOut, prepare: olderKeys, run: only(rotated)},
	}
}

func only(run func(*station)) []func(*station) { return []func(*station){run} }

// keyTrials are the cases about the key service.
func (s *Suite) keyTrials() []trial {
	var all []trial
	for _, c := range keyCases() {
		if c.needs != nil && !c.needs(s.World) {
			continue
		}
		all = append(all, trial{c.name, func(t T) {
			t.Helper()
			found := new(findings)
			for _, run := range c.run {
				run(s.station(t, c, found))
			}
			found.report(t, c.rule, c.cost)
		}})
	}
	return all
}

func (s *Suite) station(t T, c keyCase, found *findings) *station {
	prepare := c.prepare
	if prepare == nil {
		prepare = func(*World) {}
	}
	st := &station{T: t, Suite: s, found: found}
	st.World, st.verify = s.Fresh(t, prepare)
	return st
}

// document is a fault that serves a text in place of the JWKS.
func document(text string) fake.Fault {
	return documents(func() string { return text })
}

// documents is a fault that serves a text in place of the JWKS, each time another.
func documents(text func() string) fake.Fault {
	return fake.Fault{Document: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, text())
	})}
}

func hugeSet(w http.ResponseWriter, _ *http.Request) {
	part := []byte(strings.Repeat(`{"kty":"RSA","kid":"k"},`, 1000))
	w.Header().Set("Content-Type", "application/json")
	w.Write([]byte(`{"keys":[`))
	for range 50 {
		if _, err := w.Write(part); err != nil {
			return
		}
	}
	w.Write([]byte(`]`)) // the object does not end
}

// disturb lets a fault loose on the JWKS of the pool.
func (w *World) disturb(f fake.Fault) (remove func()) {
	f.Operations, f.UserPoolID = []string{fake.JWKS}, w.PoolID
	return w.Server.Inject(f)
}

// inject lets a fault loose on the JWKS, and counts whom it strikes.
func (s *station) inject(f fake.Fault) (remove func()) {
	match := f.Match
	f.Match = func(c fake.Call) bool {
		s.struck.Add(1)
		return match == nil || match(c)
	}
	return s.disturb(f)
}

// accept expects tokens to be accepted.
func (s *station) accept(what string, tokens ...string) {
	for _, token := range tokens {
		s.found.judge(s.ask(s.verify, token), what, true)
	}
}

// refuse expects tokens to be refused.
func (s *station) refuse(what string, tokens ...string) {
	for _, token := range tokens {
		if v := s.ask(s.verify, token); !s.away || !v.closed {
			s.found.judge(v, what, false)
		}
	}
}

// forged are tokens that an attacker has written: one with the pool's kid, the others with kids of nobody, whose
// signature is nobody's either.
func (s *station) forged(n int) []string {
	tries, err := s.tries(Case{Name: "forged", use: s.Uses[0], make: func(k *kit) { k.attack("", func(*fake.Forgery) {}) }})
	if err != nil {
		internalError(s.T, err)
		return nil
	}
	first := tries[0].Token
	tokens := []string{first}
	for i := range n - 1 {
		header := "{" + member("kid", fmt.Sprintf("unknown-%d", i)) + `,"alg":"RS256"}`
		tokens = append(tokens, encodePart([]byte(header))+first[strings.IndexByte(first, '.'):])
	}
	return tokens
}

// without tries verifiers that cannot get keys. One that has got them beforehand may accept good tokens.
func without(faults ...fake.Fault) []func(*station) {
	var all []func(*station)
	for _, f := range faults {
		all = append(all, func(s *station) {
			defer s.inject(f)()
			s.away = true
			s.refuse("a forged token while there are no keys", s.forged(2)...)
			if !s.Online && s.fetches(s.PoolID) == int(s.struck.Load()) { // the pool itself could have verified it
				s.refuse("a token that nothing can have verified", s.anyGood())
			}
		})
	}
	return all
}

func slow(s *station) {
	defer s.inject(fake.Fault{Delay: 200 * time.Millisecond, SlowBody: 100 * time.Millisecond})()
	s.accept("a key service that takes a moment", s.anyGood())
	s.refuse("a forged token, and a key service that takes a moment", s.forged(1)...)
}

// outages try verifiers that got keys before they cannot be had any more.
func outages(faults ...fake.Fault) []func(*station) {
	var all []func(*station)
	for _, f := range faults {
		all = append(all, func(s *station) {
			s.accept("a token before the outage", s.anyGood())
			defer s.inject(f)()
			s.away = true
			s.accept("a token in the outage", s.anyGood())
			s.refuse("a forged token in the outage", s.forged(3)...)
			s.accept("a token in the outage, after an unknown kid", s.anyGood())
		})
	}
	return all
}

// keys are the published ones.
func (s *station) keys() *jwks.Set {
	set, err := s.Server.Keys(s.PoolID)
	if err != nil {
		internalError(s.T, err)
		return new(jwks.Set)
	}
	return set
}

// addUnknownKinds serves the keys with others before them, to verifiers that fetch when they are made as well.
func addUnknownKinds(w *World) {
	set, err := w.Server.Keys(w.PoolID)
	if err != nil {
		panic(fmt.Sprintf("cognitotest: internal error: %v", err))
	}
	good, _ := json.Marshal(set) // a set with keys can be encoded
	more := `{"keys":[{"kty":"AKP","alg":"ML-DSA-44","kid":"new","use":"sig","pub":"AAAA"},{"kty":"LATTICE","kid":"newer"},`
	w.disturb(document(strings.Replace(string(good), `{"keys":[`, more, 1)))
}

func unknownKinds(s *station) {
	s.accept("a set with a key of an unknown kind beside the good ones", s.anyGood())
	s.refuse("a forged token, and a set with a key of an unknown kind", s.forged(2)...)
}

func changing(s *station) {
	var calls atomic.Int64
	set := s.keys()
	defer s.inject(documents(func() string {
		turned := jwks.Set{Keys: slices.Clone(set.Keys)}
		if calls.Add(1)%2 == 1 {
			slices.Reverse(turned.Keys)
		}
		return encoded(turned)
	}))()
	forged := s.forged(4)
	for i := range forged {
		s.accept("a set whose order changes", s.anyGood())
		s.refuse("a forged token, and a set whose order changes", forged[i])
		s.accept("a set whose order changes, a token of an earlier key", s.Earlier[s.Uses[0]])
	}
}

func withdrawn(s *station) {
	s.accept("a token of a key that is still there", s.anyGood())
	s.refuse("a token of a key that was withdrawn", s.Earlier[s.Uses[0]])
}

func cached(s *station) {
	s.accept("the first token", s.anyGood())
	before := s.fetches(s.PoolID)
	for range 20 {
		s.accept("a token after the first", s.anyGood())
	}
	s.limit("20 more tokens of one kid", s.fetches(s.PoolID)-before, 1)
}

// limit finds fetches beyond what is needed.
func (s *station) limit(what string, fetches, most int) {
	if fetches > most {
		s.found.add(fmt.Sprintf("fetches the JWKS %d times, %d at most would do", fetches, most), what)
	}
}

func flood(s *station) {
	s.accept("before the flood", s.anyGood())
	before := s.fetches(s.PoolID)
	forged := s.forged(1 + floodTokens)
	for _, token := range forged {
		s.refuse("a forged token in a flood", token)
		time.Sleep(time.Millisecond) // or a busy machine lets many tokens share a fetch that is as good as over
	}
	s.limit(fmt.Sprintf("%d tokens of unknown kids", len(forged)-1), s.fetches(s.PoolID)-before, floodFetches)
	s.accept("after the flood", s.anyGood())
}

// coldStart lets the key service answer a moment after all callers have come.
func coldStart(s *station) {
	const callers = 100
	var here, done sync.WaitGroup
	here.Add(callers)
	defer s.inject(fake.Fault{Delay: 150 * time.Millisecond, Match: func(fake.Call) bool { here.Wait(); return true }})()
	before := s.fetches(s.PoolID)
	verdicts := make([]verdict, callers)
	for i := range callers {
		done.Go(func() {
			verdicts[i] = s.ask(func(token string) error { here.Done(); return s.verify(token) }, s.anyGood())
		})
	}
	done.Wait()
	for _, v := range verdicts {
		s.found.judge(v, "one of 100 requests at the start", true)
	}
	s.limit("100 requests at the start", s.fetches(s.PoolID)-before, coldFetches)
}

// olderKeys serves the keys from before the last rotation, until they have been fetched once.
func olderKeys(w *World) {
	k := &kit{World: w}
	var older jwks.Set
	for _, token := range w.Earlier {
		key := k.key(token)
		older.Keys = append(older.Keys, jwks.Key{ID: key.id, Public: &key.private.PublicKey})
	}
	f := document(encoded(older))
	f.Times = 1
	w.disturb(f)
}

// rotated tells whether the verifier learns of new keys at once.
func rotated(s *station) {
	if !s.ask(s.verify, s.Earlier[s.Uses[0]]).accepts() {
		return
	}
	s.consider(s.anyGood(), false, "a token of a key that came to the JWKS after the first fetch\n    advice: fetch again when an unknown kid comes, once in a while\n    since:  a rotation of keys locks users out until you do")
}

// unasked is a pool that answers no question about its sessions.
func unasked(s *station) {
	defer s.Server.Inject(fake.Fault{Err: &types.ForbiddenException{}})()
	s.away = true
	for _, e := range s.Ended {
		if err := s.reissue(&e.Tokens); err != nil {
			internalError(s.T, err)
		}
		for _, use := range s.Uses {
			if slices.Contains(e.Uses, use) {
				s.refuse(e.How+", and the pool answers ForbiddenException", e.Tokens[use])
			}
		}
	}
}

// redirected tells whether the verifier goes where the key service sends it.
func redirected(s *station) {
	defer s.inject(fake.Fault{Document: http.RedirectHandler(s.Other.JWKSURL, http.StatusFound)})()
	k := &kit{World: s.World, use: s.Uses[0], good: s.anyGood()}
	id := k.key(s.Other.Tokens[k.use]).id
	k.attack("", func(f *fake.Forgery) { f.Header["kid"] = id })
	s.consider(k.tries[0].Token, true, "a token of a key to which the JWKS redirects\n    advice: follow no redirections; the service makes none\n    since:  who can write a redirection at the key service needs no more")
}

// consider tells of a token that is accepted or refused, where either is allowed.
func (s *station) consider(token string, accepted bool, text string) {
	switch v := s.ask(s.verify, token); {
	case v.trouble != "" && !v.closed:
		s.found.add(v.trouble, text)
	case (v.err == nil) == accepted:
		s.Logf("%s: %s", map[bool]string{true: "accepted", false: "refused"}[accepted], text)
	}
}
