package authorizer_test

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/examples/authorizer"
	"github.com/cognitotest/cognito/fake"
	"github.com/cognitotest/cognito/jwks"
)

// forPool returns an authorizer for the pool of a test.
func forPool(t testing.TB, p *cognitotest.Provider, edit ...func(*authorizer.Config)) *authorizer.Authorizer {
	t.Helper()
	c := authorizer.Config{Issuer: p.Issuer, ClientIDs: []string{p.ClientID}}
	for _, f := range edit {
		f(&c)
	}
	a, err := authorizer.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// hello is a handler that needs the claims.
var hello = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	claims, ok := authorizer.ClaimsOf(r.Context())
	if !ok {
		http.Error(w, "no claims", http.StatusInternalServerError)
		return
	}
	fmt.Fprintf(w, "hello %s", claims.Username)
})

// TestMiddleware sends every request that must pass, or must not.
func TestMiddleware(t *testing.T) {
	t.Parallel()
	cognitotest.TestAuthorizer(t, cognitotest.Middleware(func(p *cognitotest.Provider) http.Handler {
		return forPool(t, p).Require(hello)
	}))
}

// TestEverySetting tries what else an API may want of a token.
func TestEverySetting(t *testing.T) {
	t.Parallel()
	const scope, leeway = "notes/read", 30 * time.Second
	cognitotest.TestAuthorizer(t, cognitotest.Middleware(func(p *cognitotest.Provider) http.Handler {
		return forPool(t, p, func(c *authorizer.Config) {
			c.ClientIDs = append(c.ClientIDs, "mobile1")
			c.Scope, c.Group, c.Leeway = scope, "admins", leeway
		}).Require(hello)
	}), cognitotest.RequireScope(scope), cognitotest.RequireGroup("admins"), cognitotest.AcceptLeeway(leeway), cognitotest.AcceptClients("mobile1"))
}

// TestAnswers looks at what clients are told, and what the log.
func TestAnswers(t *testing.T) {
	cog := cognitotest.New(t)
	ann, bob := cog.NewUser(t, cognitotest.Groups("admins")), cog.NewUser(t)
	expired := forge(t, cog, ann, func(f *fake.Forgery) { f.Claims["exp"] = 1 })
	garbled := ann.AccessToken(t)[1:]
	var mu sync.Mutex
	var log strings.Builder
	api := forPool(t, cog, func(c *authorizer.Config) {
		c.Group = "admins"
		c.Refused = func(_ *http.Request, err error) {
			mu.Lock()
			defer mu.Unlock()
			fmt.Fprintln(&log, err)
		}
	}).Require(hello)

	for _, test := range []struct {
		reason, authorization string
		status                int
		challenge, log        string
	}{
		{"good", "Bearer " + ann.AccessToken(t), 200, "", ""},
		{"no credentials: no error code (RFC 6750 section 3.1)", "", 401, "Bearer", "0 Authorization headers"},
		{"credentials of another kind", "Basic YTpi", 401, "Bearer", "not of the scheme"},
		{"a new token would help", "Bearer " + expired, 401, `Bearer error="invalid_token"`, "expired"},
		{"no token at all", "Bearer " + garbled, 401, `Bearer error="invalid_token"`, "malformed"},
		{"an ID token", "Bearer " + ann.IDToken(t), 401, `Bearer error="invalid_token"`, `token_use is "id"`},
		{"no token of this user would help", "Bearer " + bob.AccessToken(t), 403, `Bearer error="insufficient_scope"`, "lacks the scope or the group"},
	} {
		t.Run(test.reason, func(t *testing.T) {
			log.Reset()
			r, w := httptest.NewRequest("GET", "/", nil), httptest.NewRecorder()
			if test.authorization != "" {
				r.Header.Set("Authorization", test.authorization)
			}
			api.ServeHTTP(w, r)
			if got := w.Header().Get("WWW-Authenticate"); w.Code != test.status || got != test.challenge {
				t.Errorf("status %d, challenge %q; want %d, %q", w.Code, got, test.status, test.challenge)
			}
			if got := log.String(); !strings.Contains(got, test.log) || (got == "") != (test.log == "") {
				t.Errorf("log is %q, want it to contain %q", got, test.log)
			}
			wantNoPart(t, log.String()+w.Body.String(), test.authorization)
		})
	}
}

// wantNoPart expects a text to hold no part of a token.
func wantNoPart(t *testing.T, text, authorization string) {
	t.Helper()
	_, token, _ := strings.Cut(authorization, " ")
	for part := range strings.SplitSeq(token, ".") {
		if len(part) > 4 && strings.Contains(text, part) {
			t.Errorf("%q holds a part of the token", text)
		}
	}
}

func forge(t testing.TB, cog *cognitotest.Provider, u *cognitotest.User, edit func(*fake.Forgery)) string {
	t.Helper()
	token, err := cog.Fake(t).Forge(u.AccessToken(t), edit)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// TestNew refuses settings by which a check would be left out.
func TestNew(t *testing.T) {
	for reason, c := range map[string]authorizer.Config{
		"no issuer":               {ClientIDs: []string{"a"}, JWKSURL: "https://example.com/keys"},
		"no app client":           {Issuer: "https://example.com"},
		"an app client of no id":  {Issuer: "https://example.com", ClientIDs: []string{"a", ""}},
		"nothing, as from no env": {},
	} {
		if _, err := authorizer.New(c); err == nil {
			t.Errorf("%s: no error", reason)
		}
	}
}

// BenchmarkVerify compares the verification of a token with that of its bare signature: x/signature is how many
// times as long it takes.
func BenchmarkVerify(b *testing.B) {
	cog := cognitotest.New(b)
	token := cog.NewUser(b).AccessToken(b)
	a := forPool(b, cog)
	bare := bareCheck(b, cog, token)
	b.Run("signature", func(b *testing.B) {
		for b.Loop() {
			if err := bare(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("token", func(b *testing.B) {
		// Both in turn, so that what else the machine does slows down both alike.
		var forToken, forSignature time.Duration
		for b.Loop() {
			start := time.Now()
			_, err := a.Verify(context.Background(), token)
			forToken += time.Since(start)
			if err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
			start = time.Now()
			bare()
			forSignature += time.Since(start)
			b.StartTimer()
		}
		b.ReportMetric(float64(forToken)/float64(forSignature), "x/signature")
	})
}

// bareCheck returns what checks the signature of a token, and nothing else.
func bareCheck(b *testing.B, cog *cognitotest.Provider, token string) func() error {
	b.Helper()
	set, err := jwks.Fetch(b.Context(), nil, cog.JWKSURL)
	if err != nil {
		b.Fatal(err)
	}
	parsed, _, err := jwt.NewParser().ParseUnverified(token, jwt.MapClaims{})
	if err != nil {
		b.Fatal(err)
	}
	key, ok := set.Key(parsed.Header["kid"].(string))
	if !ok {
		b.Fatal("the pool does not publish the key")
	}
	dot := strings.LastIndexByte(token, '.')
	signature, err := base64.RawURLEncoding.DecodeString(token[dot+1:])
	if err != nil {
		b.Fatal(err)
	}
	return func() error {
		digest := sha256.Sum256([]byte(token[:dot]))
		return rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature)
	}
}
