package verifiers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

// bench is where a finding is checked by hand: a pool with a user, and a verifier.
type bench struct {
	*testing.T
	subject
	newVerifier maker
	pool        *cognitotest.Provider
	user        *cognitotest.User
	verify      func(string) error
}

func newBench(t *testing.T, s subject, newVerifier maker) *bench {
	t.Helper()
	p := cognitotest.New(t, s.provider...)
	return &bench{t, s, newVerifier, p, p.NewUser(t), newVerifier(t, p)}
}

// checkByHand checks all that the suite finds in a library.
func checkByHand(t *testing.T, s subject, all results) {
	for as, newVerifier := range map[string]maker{"shown": s.shown, "complete": s.complete} {
		b := newBench(t, s, newVerifier)
		if err := b.verify(b.good()); err != nil {
			t.Errorf("%s, as %s, refuses a good token: %v", s.name, as, err)
		}
		_, failed := all.of(s.name, as)
		for _, one := range failed {
			if trouble := b.confirm(one); trouble != "" {
				t.Errorf("%s, as %s, %s is not so by hand: %s", s.name, as, one, trouble)
			}
		}
	}
}

// good is a token as the pool issues it, of the kind that the library takes.
func (b *bench) good() string {
	if b.tokens == "ID" {
		return b.user.IDToken(b.T)
	}
	return b.user.AccessToken(b.T)
}

// confirm says what speaks against a finding.
func (b *bench) confirm(one string) string {
	if edit, ok := b.wrongTokens()[one]; ok {
		return b.accepts(edit)
	}
	if r, ok := wrongRequests(b.good())[one]; ok && b.handler != nil {
		return b.answers(r)
	}
	switch one {
	case "refuse/other-kind":
		if err := b.verify(b.user.IDToken(b.T)); err != nil {
			return err.Error()
		}
		return ""
	case "keys/flood":
		return b.fetchesForEach()
	case "keys/unknown-kinds":
		return b.chokes()
	}
	return "nobody has written what checks it"
}

// accepts signs a wrong token with the pool's key, and expects it to be accepted.
func (b *bench) accepts(edit func(*fake.Forgery)) string {
	token, err := b.pool.Fake(b.T).Forge(b.good(), edit)
	if err == nil {
		err = b.verify(token)
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// wrongTokens are one for each case.
func (b *bench) wrongTokens() map[string]func(*fake.Forgery) {
	client := map[string]string{"ID": "aud", "access": "client_id"}[b.tokens]
	set := func(name string, value any) func(*fake.Forgery) {
		return func(f *fake.Forgery) { f.Claims[name] = value }
	}
	lack := func(name string) func(*fake.Forgery) {
		return func(f *fake.Forgery) { delete(f.Claims, name) }
	}
	raw := func(payload string) func(*fake.Forgery) {
		return func(f *fake.Forgery) { f.RawClaims = []byte(payload) }
	}
	return map[string]func(*fake.Forgery){
		"refuse/alg-missing":           func(f *fake.Forgery) { delete(f.Header, "alg") },
		"refuse/header-crit":           func(f *fake.Forgery) { f.Header["crit"], f.Header["urn:only-for"] = []string{"urn:only-for"}, "others" },
		"refuse/exp-missing":           lack("exp"),
		"refuse/exp-ancient":           set("exp", 0),
		"refuse/client-other":          set(client, "another"),
		"refuse/client-missing":        lack(client),
		"refuse/client-similar":        set(client, b.pool.ClientID+"2"),
		"refuse/client-type":           set(client, 7),
		"refuse/client-elsewhere":      func(f *fake.Forgery) { f.Claims[client], f.Claims["azp"] = "another", b.pool.ClientID },
		"refuse/issuer-other-pool":     set("iss", "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Attacker1"),
		"refuse/issuer-other-region":   set("iss", strings.ReplaceAll(b.pool.Issuer, "us-east-1", "eu-west-3")),
		"refuse/issuer-look-alike":     set("iss", b.pool.Issuer+".attacker.example"),
		"refuse/issuer-case":           set("iss", strings.ToUpper(b.pool.Issuer)),
		"refuse/issuer-trailing-slash": set("iss", b.pool.Issuer+"/"),
		"refuse/issuer-spelling":       set("iss", b.pool.Issuer+"?"),
		"refuse/issuer-missing":        lack("iss"),
		"refuse/issuer-type":           set("iss", 7),
		"refuse/token-use":             set("token_use", "refresh"),
		"refuse/token-use-missing":     lack("token_use"),
		"refuse/token-use-similar":     set("token_use", "ACCESS"),
		"refuse/payload-empty":         raw("{}"),
		"refuse/payload-no-object":     raw("null"),
		"refuse/payload-nested":        func(f *fake.Forgery) { f.Claims = jwt.MapClaims{"claims": f.Claims} },
	}
}

// wrongRequest is a request with the answer that it should not have had.
type wrongRequest struct {
	authorization []string
	answer        string // status and challenge
}

// wrongRequests are one for each case.
func wrongRequests(good string) map[string]wrongRequest {
	return map[string]wrongRequest{
		"refuse/no-token":             {[]string{"Bearer "}, "500 []"},
		"advice/blanks":               {[]string{"Bearer " + good[:9] + " " + good[9:]}, "500 []"},
		"request/no-credentials":      {nil, "400 []"},
		"request/bearer-malformed":    {[]string{"Bearer"}, "500 []"},
		"request/scheme":              {[]string{"Basic " + good}, "500 []"},
		"request/challenge":           {[]string{"Bearer x.y.z"}, "401 []"},
		"request/authorization-twice": {[]string{"Bearer " + good, "Bearer x.y.z"}, "200 []"},
	}
}

// answers sends a wrong request to a handler.
func (b *bench) answers(wrong wrongRequest) string {
	r, w := httptest.NewRequest("GET", "/", nil), httptest.NewRecorder()
	r.Header["Authorization"] = wrong.authorization
	protected(b.T, b.pool, b.handler).ServeHTTP(w, r)
	if got := fmt.Sprint(w.Code, w.Header().Values("WWW-Authenticate")); got != wrong.answer {
		return "answers " + got + ", not " + wrong.answer
	}
	return ""
}

// fetchesForEach sends ten tokens of ten unknown keys.
func (b *bench) fetchesForEach() string {
	server := b.pool.Fake(b.T)
	before := len(server.Calls(fake.JWKS))
	for i := range 10 {
		b.accepts(func(f *fake.Forgery) { f.Header["kid"] = fmt.Sprint("unknown", i) })
		time.Sleep(10 * time.Millisecond) // so that the fetch is over for the verifier, too
	}
	if n := len(server.Calls(fake.JWKS)) - before; n < 6 {
		return fmt.Sprintf("fetches the keys %d times for 10 tokens", n)
	}
	return ""
}

// chokes adds a key of another kind to the key set, and expects a good token to be refused.
func (b *bench) chokes() string {
	fork := b.pool.Fork(b.T)
	server := fork.Fake(b.T)
	set, err := server.Keys(fork.PoolID)
	if err != nil {
		return err.Error()
	}
	good, err := set.MarshalJSON()
	if err != nil {
		return err.Error()
	}
	server.Inject(fake.Fault{Operations: []string{fake.JWKS}, Document: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, strings.Replace(string(good), "[", `[{"kty":"AKP","alg":"ML-DSA-44","kid":"new","use":"sig","pub":"AAAA"},`, 1))
	})})
	token, err := server.Forge(b.good(), func(f *fake.Forgery) { f.Claims["iss"] = fork.Issuer })
	if err != nil {
		return err.Error()
	}
	if b.refused(fork, token) {
		return ""
	}
	return "accepts a good token"
}

// refused reports whether a new verifier refuses a token, or cannot even be made.
func (b *bench) refused(p *cognitotest.Provider, token string) bool {
	if b.name == "jwx" {
		_, err := JWX(b.Context(), poolOf(p))
		return err != nil
	}
	return b.newVerifier(b.T, p)(token) != nil
}

// TestRotation is what the README says of new keys, which no case of the suite asks: not all who are right fetch at once.
func TestRotation(t *testing.T) {
	needNode(t)
	for _, s := range subjects() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, s, s.shown)
			if err := b.verify(b.good()); err != nil {
				t.Fatalf("before the rotation: %v", err)
			}
			if err := b.pool.Fake(t).RotateKeys(b.pool.PoolID); err != nil {
				t.Fatal(err)
			}
			b.user = b.pool.NewUser(t)
			if err := b.verify(b.good()); (err == nil) != s.sees {
				t.Errorf("after a rotation of keys: %v, want acceptance: %t", err, s.sees)
			}
		})
	}
}
