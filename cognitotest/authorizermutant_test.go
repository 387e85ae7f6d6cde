package cognitotest

import (
	"cmp"
	"encoding/pem"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest/internal/authz"
	"github.com/cognitotest/cognito/fake"
)

// mutant is a verifier that is wrong in one way, and the cases that must find it, and no others.
type mutant struct {
	bug  string
	want string // names of cases; a final * stands for all that begin so
}

// mutation is mutants that are tried with the same options.
type mutation struct {
	name    string
	rules   toyRules
	opts    []AuthorizerOption
	mutants []mutant

	patience time.Duration // 0: the usual
	timed    bool          // whether the bugs are about time, so that a busy machine may have to try again
}

func mutations() []mutation {
	return []mutation{
		{name: "with rules", rules: toyRules{groupAndScope: true}, opts: withRules(untimed()), mutants: slices.Concat(
			mutantsOfClaims(), mutantsOfKeys(), mutantsOfForms(), mutantsTooStrict(), mutantsOfKeyService(), noMutants(),
		)},
		{name: "in time", timed: true, rules: toyRules{groupAndScope: true}, opts: withRules(), mutants: []mutant{
			{"", ""},
			{"counts whole seconds", ""},
			{"remembers tokens", "refuse/expired-since"},
			{"stops the clock", "refuse/expired-since"},
			{"ignores exp", "refuse/exp-ancient refuse/expired*"},
		}},
		{name: "without options", rules: toyRules{}, opts: []AuthorizerOption{untimed()}, mutants: []mutant{
			{"", ""},
			{"accepts both kinds", "refuse/other-kind"},
			{"wants groups", "accept/without-groups"},
		}},
		{name: "online", rules: toyRules{session: true}, opts: []AuthorizerOption{RequireSession(), untimed()}, mutants: []mutant{
			{"", ""},
			{"takes trouble for a yes", "refuse/pool-silent"},
			{"asks nobody", "refuse/pool-silent refuse/revoked"},
			{"leaves unknown keys to the pool", "keys/withdrawn"},
		}},
		{name: "impatient", patience: 3 * time.Second, timed: true, opts: []AuthorizerOption{untimed()}, mutants: []mutant{
			{"waits for ever", "refuse/session"},
			{"has no patience", "keys/cold-start keys/slow"},
		}},
	}
}

func mutantsOfClaims() []mutant {
	return []mutant{
		{"", ""},
		{"ignores exp", "refuse/exp-ancient refuse/expired refuse/expired-by-seconds"},
		{"has leeway", "refuse/expired-by-seconds"},
		{"counts in milliseconds", "refuse/expired refuse/expired-by-seconds"},
		{"counts the time from iat", "refuse/expired-by-seconds"},
		{"takes exp 0 for never", "refuse/exp-ancient"},
		{"exp is optional", "refuse/exp-missing"},
		{"takes any type of exp", "refuse/exp-type"},
		{"ignores nbf", "refuse/not-yet-valid"},
		{"ignores iss", "refuse/issuer-*"},
		{"iss is optional", "refuse/issuer-missing"},
		{"takes any type of iss", "refuse/issuer-type"},
		{"compares the beginning of iss", "refuse/issuer-look-alike refuse/issuer-spelling refuse/issuer-trailing-slash"},
		{"compares the end of iss", "refuse/issuer-look-alike refuse/issuer-spelling"},
		{"takes iss for a pattern", "refuse/issuer-look-alike"},
		{"normalises iss", "refuse/issuer-spelling refuse/issuer-trailing-slash"},
		{"ignores the scheme of iss", "refuse/issuer-spelling"},
		{"compares iss without slashes", "refuse/issuer-trailing-slash"},
		{"ignores the case of iss", "refuse/issuer-case"},
		{"ignores the region of iss", "refuse/issuer-other-region"},
		{"compares the host of iss", "refuse/issuer-other-pool"},
		{"ignores token_use", "refuse/token-use refuse/token-use-missing refuse/token-use-similar"},
		{"token_use is optional", "refuse/token-use-missing"},
		{"compares token_use loosely", "refuse/token-use-similar"},
		{"ignores the app client", "refuse/client-*"},
		{"the app client is optional", "refuse/client-missing"},
		{"takes any type of app client", "refuse/client-type"},
		{"takes any list of app clients", "refuse/client-type"},
		{"compares the beginning of the app client", "refuse/client-similar"},
		{"looks for the app client anywhere", "refuse/client-elsewhere"},
		{"ignores groups", "refuse/group-*"},
		{"takes any type of groups", "refuse/group-type"},
		{"looks for groups anywhere", "refuse/group-elsewhere"},
		{"looks for the group in a text", "refuse/group-similar"},
		{"ignores scope", "refuse/scope-*"},
		{"looks for the scope in a text", "refuse/scope-similar"},
		{"takes scopes for patterns", "refuse/scope-similar"},
		{"looks for scopes anywhere", "refuse/scope-elsewhere"},
		{"checks what is there", "refuse/client-missing refuse/exp-missing refuse/issuer-missing refuse/token-use-missing"},
		{"trusts who claims nothing", "refuse/payload-empty"},
	}
}

func mutantsOfKeys() []mutant {
	return []mutant{
		{"accepts none", "refuse/alg-none"},
		{"refuses none in small letters alone", "refuse/alg-none"},
		{"alg is optional", "refuse/alg-missing"},
		{"takes any type of alg", "refuse/alg-type"},
		{"asserts the type of alg", "refuse/alg-missing refuse/alg-type"},
		{"ignores the case of alg", "refuse/alg-case"},
		{"accepts RS384", "refuse/rs384"},
		{"accepts RS512", "refuse/rs512"},
		{"accepts PS256", "refuse/ps256"},
		{"accepts ES256 of zeros", "refuse/es256"},
		{"HS256 in PEM", "refuse/hs256-pem"},
		{"HS256 in DER", "refuse/hs256-der"},
		{"HS256 by the JWK", "refuse/hs256-jwk"},
		{"HS256 by a weak secret", "refuse/hs256-guessed"},
		{"trusts tokens without kid", "refuse/kid-missing"},
		{"trusts any type of kid", "refuse/kid-type"},
		{"asserts the type of kid", "advice/kid refuse/kid-missing refuse/kid-type"},
		{"panics at long kids", "refuse/kid-long"},
		{"reads files", "refuse/kid-path"},
		{"asks a database", "refuse/kid-sql"},
		{"fetches kid", "refuse/kid-url"},
		{"checks one kid and takes another", "refuse/kid-twice"},
		{"takes jwk", "refuse/header-jwk"},
		{"takes jku", "refuse/header-jku"},
		{"takes x5u", "refuse/header-x5u"},
		{"takes x5c", "refuse/header-x5c"},
		{"ignores crit", "refuse/header-crit"},
		{"takes keys from the issuer", "refuse/foreign-pool refuse/issuer-look-alike refuse/issuer-spelling"}, // in memory every host has the pool's keys
		{"trusts kids of nobody", "refuse/foreign-key refuse/header-j* refuse/header-x5u refuse/kid-long refuse/kid-missing refuse/kid-path refuse/kid-sql refuse/kid-twice refuse/kid-type refuse/kid-unknown refuse/kid-url" +
			" keys/changing keys/empty keys/failing keys/flood keys/huge keys/malformed keys/outage keys/redirected-in-circles keys/unknown-kinds keys/unreachable keys/withdrawn"},
		{"shares keys between pools", "refuse/foreign-key refuse/header-jku refuse/header-x5u refuse/kid-twice"}, // each has the other pool's kid
	}
}

func mutantsOfForms() []mutant {
	return []mutant{
		{"ignores signatures", "refuse/alg-none refuse/header-changed refuse/header-j* refuse/header-x* refuse/huge refuse/kid-forged refuse/kid-twice refuse/payload-changed refuse/signature-*" +
			" keys/changing keys/flood keys/outage keys/slow keys/unknown-kinds"},
		{"takes no signature for a good one", "refuse/alg-none refuse/signature-empty"}, // of two algs the last is RS256
		{"remembers signatures", "refuse/header-changed refuse/payload-changed refuse/signature-moved"},
		{"remembers payloads", "refuse/alg-none refuse/header-changed refuse/header-j* refuse/header-x* refuse/huge refuse/kid-forged refuse/kid-twice refuse/signature-*" +
			" keys/changing keys/flood keys/outage keys/slow keys/unknown-kinds"},
		{"remembers jti", "refuse/alg-none refuse/header-changed refuse/header-j* refuse/header-x* refuse/huge refuse/kid-forged refuse/kid-twice refuse/payload-changed refuse/signature-*" +
			" keys/changing keys/flood keys/outage keys/slow keys/unknown-kinds"},
		{"remembers tokens in small letters", "refuse/signature-changed"},
		{"encodes the header anew", "refuse/header-changed"},
		{"compacts the payload", "refuse/payload-changed"},
		{"mixes up requests", "refuse/crowd"},
		{"bans users", "accept/afterwards"},
		{"trusts unsecured tokens of two parts", "refuse/segments-missing"},
		{"cuts what is too much", "refuse/segments-extra"},
		{"panics at an empty header", "refuse/header-malformed refuse/segments-empty"},
		{"is lenient with base64", "refuse/base64-garbage"},
		{"panics at large tokens", "refuse/huge"},
		{"repairs JSON", "refuse/payload-malformed"},
		{"unwraps lists", "refuse/payload-no-object"},
		{"unwraps claims", "refuse/payload-nested"},
		{"takes the first of two claims", "refuse/claims-twice"},
		{"trusts what is encrypted", "refuse/refresh-token"},
		{"trusts sessions", "refuse/session"},
		{"takes nobody for a guest", "refuse/no-token"},
	}
}

func mutantsTooStrict() []mutant {
	return []mutant{
		{"wants typ", "accept/* keys/cached keys/changing keys/cold-start keys/flood keys/outage keys/slow keys/unknown-kinds keys/withdrawn"},
		{"wants a jti", "accept/without-jti"},
		{"wants a minute to live", "accept/young"},
		{"takes auth_time for the age", "accept/refreshed"},
		{"has a small buffer", "accept/large"},
		{"knows ASCII alone", "accept/unicode"},
		{"knows all claims", "accept/custom-claims"},
		{"knows one app client", "accept/clients"},
		{"looks at the first group", "accept/federated accept/groups accept/large accept/unicode"},
		{"compares scope as a whole", "accept/scopes"},
		{"pins the newest keys", "accept/earlier-key keys/changing"},
		{"pins the key of access tokens", "accept/other-key keys/changing"},
	}
}

func mutantsOfKeyService() []mutant {
	return []mutant{
		{"fails open", "keys/failing keys/huge keys/malformed keys/redirected-in-circles keys/unreachable"},
		{"trusts everybody while there are no keys", "keys/empty keys/malformed"},
		{"fetches at the same time", "keys/cold-start"},
		{"fetches for every token", "keys/cached keys/cold-start keys/flood keys/outage"},
		{"fetches for every unknown kid", "keys/flood"},
		{"forgets keys in an outage", "keys/flood keys/outage"},
		{"forgets keys for whatever comes", "keys/flood keys/outage"},
		{"knows keys of unknown kinds not", "keys/unknown-kinds"},
	}
}

// noMutants are verifiers that are stricter or more sparing than others, and right.
func noMutants() []mutant {
	return []mutant{
		{"fetches when it is made", ""},
		{"fetches once", ""},
		{"may fetch ten times a minute", ""},
		{"wants JSON of the key service", ""},
		{"wants no NUL", ""},
		{"wants two members in the header", ""},
		{"wants to be in the past", ""},
		{"has a buffer of 8 KB", ""},
		{"reads the first object", ""},
	}
}

// untimed leaves out the case that lasts until a token expires.
func untimed() AuthorizerOption { return Waive("refuse/expired-since", "takes time") }

func (m mutant) String() string {
	if m.bug == "" {
		return "is right"
	}
	return m.bug
}

func TestMutants(t *testing.T) {
	for _, m := range mutations() {
		t.Run(m.name, func(t *testing.T) {
			if !m.timed {
				t.Parallel()
			}
			a, p, world := prepareTrials(t, m.opts...)
			a.patience = cmp.Or(m.patience, a.patience)
			together(m.mutants, func(one mutant) { m.mustFind(t, one, func() *record { return a.tried(t, p, world, one, m.rules) }) })
		})
	}
}

// together runs a function on each of some, on more at a time than there are processors, for verifiers wait.
func together[E any](all []E, f func(E)) {
	var done sync.WaitGroup
	slots := make(chan struct{}, 24)
	for _, one := range all {
		slots <- struct{}{}
		done.Go(func() {
			defer func() { <-slots }()
			f(one)
		})
	}
	done.Wait()
}

// prepareTrials makes what verifiers are tried with, in memory.
func prepareTrials(t *testing.T, opts ...AuthorizerOption) (*authorizer, *Provider, *authz.World) {
	t.Helper()
	a, p := newAuthorizer(opts), New(t, InMemory())
	return a, p, a.world(newRecordedT(t), p)
}

// mustFind tries a mutant, which the cases of its row must find.
func (m mutation) mustFind(t *testing.T, one mutant, try func() *record) {
	t.Helper()
	diff := one.foundOtherwise(try())
	for i := 0; m.timed && diff != "" && i < 3; i++ {
		diff = one.foundOtherwise(try())
	}
	if diff != "" {
		t.Errorf("a verifier that %s is found by (-want +got):\n%s", one, diff)
	}
}

// foundOtherwise returns the difference between the cases that must find a mutant and those that do.
func (m mutant) foundOtherwise(r *record) string {
	return gocmp.Diff(matching(r.ran, m.want), r.failures())
}

// tried is what becomes of a mutant.
func (a *authorizer) tried(t *testing.T, p *Provider, world *authz.World, m mutant, rules toyRules) *record {
	t.Helper()
	rt := newRecordedT(t)
	fork, moved := forkWorld(t, p, world)
	certify(t, moved)
	a.try(rt, fork, moved, func(_ authorizerT, p *Provider) func(string) error { return newToy(p, world.Other.ID, m.bug, rules) })
	return rt.record
}

// certify lets the other pool serve a certificate at the address that x5u names.
func certify(t *testing.T, w *authz.World) {
	t.Helper()
	der, err := authz.Certificate(w)
	if err != nil {
		t.Fatal(err)
	}
	w.Server.Inject(fake.Fault{Operations: []string{fake.Discovery}, UserPoolID: w.Other.ID, Document: http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		pem.Encode(rw, &pem.Block{Type: "CERTIFICATE", Bytes: der})
	})})
}

// matching returns the names of cases that patterns name, in order.
func matching(names []string, patterns string) []string {
	var found []string
	for _, pattern := range strings.Fields(patterns) {
		prefix, all := strings.CutSuffix(pattern, "*")
		for _, name := range names {
			if name == pattern || all && strings.HasPrefix(name, prefix) {
				found = append(found, name)
			}
		}
		if !all && !slices.Contains(names, pattern) {
			found = append(found, pattern+" (which did not run)")
		}
	}
	slices.Sort(found)
	return found
}

func TestEveryCaseFindsAMutant(t *testing.T) {
	findMany := []string{"wants typ", "ignores signatures", "trusts kids of nobody", "answers 500"}
	patterns := "accept/genuine refuse/kid-forged refuse/kid-unknown" // which those find
	for _, m := range append(mutations(), mutation{mutants: guardMutants()}) {
		for _, one := range m.mutants {
			if !slices.Contains(findMany, one.bug) {
				patterns += " " + one.want
			}
		}
	}
	all := slices.Concat(casesFor(t).ran, casesFor(t, withRules()...).ran, casesFor(t, RequireSession()).ran)
	found := matching(all, patterns)
	for _, name := range all {
		if !strings.HasPrefix(name, "advice/") && !slices.Contains(found, name) {
			t.Errorf("no mutant is found by %s", name)
		}
	}
}

// namesT is a test whose subtests are named, and not run.
type namesT struct{ recordedT }

func (t namesT) Run(name string, _ func(authz.T)) { t.ran = append(t.ran, name) }

// casesFor names the cases that fit as those that ran.
func casesFor(t *testing.T, opts ...AuthorizerOption) *record {
	t.Helper()
	names := namesT{newRecordedT(t)}
	runAuthorizer(names, func(_ authorizerT, p *Provider) func(string) error { return Middleware(newGuard(""))(t, p) }, opts)
	return names.record
}

func TestWaiveWantsNamesOfCases(t *testing.T) {
	r := casesFor(t, Waive("keys/flood", "a proxy in front limits it"), Waive("refuse/expierd", "a slip of the pen"))
	want := []string{`cognitotest: Waive("refuse/expierd"): no such case runs here; the names are those of the subtests, such as refuse/expired`}
	if diff := gocmp.Diff(want, r.failed[""]); diff != "" {
		t.Errorf("a waived case that does not exist (-want +got):\n%s", diff)
	}
}

func TestAdvice(t *testing.T) {
	a, p, world := prepareTrials(t, untimed())
	together([]mutant{
		{"fetches once", "advice/rotated"},
		{"reads the first object", "advice/trailing"},
	}, func(m mutant) {
		if got := a.tried(t, p, world, m, toyRules{}).logged[m.want]; len(got) == 0 {
			t.Errorf("a verifier that %s is told nothing by %s", m, m.want)
		}
	})
}

func TestAcceptsAll(t *testing.T) {
	r := judge(t, plain(func(string) error { return nil }), withRules()...)
	want := family(r.ran, "refuse/", "keys/")
	want = slices.DeleteFunc(want, func(name string) bool { return name == "keys/cached" || name == "keys/cold-start" })
	if diff := gocmp.Diff(want, r.failures()); diff != "" {
		t.Errorf("a verifier that accepts everything fails (-want +got):\n%s", diff)
	}
	if n := len(family(r.ran, "refuse/")); n < 45 {
		t.Errorf("%d refuse cases, want 45 at least", n)
	}
}

func TestRefusesAll(t *testing.T) {
	r := judge(t, plain(func(string) error { return errToy }), withRules()...)
	want := append(family(r.ran, "accept/"), "keys/cached", "keys/changing", "keys/cold-start", "keys/flood", "keys/outage", "keys/slow", "keys/unknown-kinds", "keys/withdrawn")
	if diff := gocmp.Diff(want, r.failures()); diff != "" {
		t.Errorf("a verifier that refuses everything fails (-want +got):\n%s", diff)
	}
}
