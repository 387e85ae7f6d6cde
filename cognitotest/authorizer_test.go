package cognitotest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/golang-jwt/jwt/v5"

	"github.com/cognitotest/cognito/cognitotest/internal/authz"
	"github.com/cognitotest/cognito/jwks"
)

// reference is a verifier that keeps all rules.
type reference struct {
	authz.Want
	provider *Provider
	keys     *jwks.Cache
}

// newReference returns a correct verifier for the wants of the test's options.
func newReference(opts ...AuthorizerOption) func(*Provider) func(string) error {
	want := newAuthorizer(opts).Want
	return func(p *Provider) func(string) error {
		r := &reference{Want: want, provider: p, keys: jwks.NewCache(p.JWKSURL, jwks.WithHTTPClient(p.HTTPClient()))}
		return r.verify
	}
}

type referenceClaims struct {
	jwt.RegisteredClaims
	Use      string   `json:"token_use"`
	ClientID string   `json:"client_id"`
	Scope    string   `json:"scope"`
	Groups   []string `json:"cognito:groups"`
}

func (r *reference) verify(token string) error {
	if len(token) > 64<<10 {
		return errors.New("too large")
	}
	claims := &referenceClaims{}
	_, err := jwt.ParseWithClaims(token, claims, r.keys.Keyfunc,
		jwt.WithIssuer(r.provider.Issuer), jwt.WithExpirationRequired(), jwt.WithLeeway(r.Leeway))
	if err != nil {
		return err
	}
	switch {
	case !r.Accepts(claims.Use):
		return fmt.Errorf("token_use is %q", claims.Use)
	case !r.AnyClient && !slices.Contains(append(r.Clients, r.provider.ClientID), claims.client()):
		return errors.New("a token of another app client")
	case r.Group != "" && !slices.Contains(claims.Groups, r.Group):
		return errors.New("not in the group")
	case r.Scope != "" && claims.Use == authz.Access && !slices.Contains(strings.Fields(claims.Scope), r.Scope):
		return errors.New("not in scope")
	case r.Online:
		return r.askPool(token, claims)
	}
	return nil
}

func (c *referenceClaims) client() string {
	if c.Use == authz.Access {
		return c.ClientID
	}
	return strings.Join(c.Audience, " ")
}

// askPool asks whether the session is still good.
func (r *reference) askPool(token string, claims *referenceClaims) error {
	if claims.Use == authz.Access {
		_, err := r.provider.Client().GetUser(context.Background(), &cip.GetUserInput{AccessToken: &token})
		return err
	}
	filter := fmt.Sprintf("sub = %q", claims.Subject)
	out, err := r.provider.Client().ListUsers(context.Background(), &cip.ListUsersInput{UserPoolId: &r.provider.PoolID, Filter: &filter})
	if err == nil && (len(out.Users) == 0 || !out.Users[0].Enabled) {
		return errors.New("the user is gone")
	}
	return err
}

func TestReferencePasses(t *testing.T) {
	for name, opts := range map[string][]AuthorizerOption{
		"access tokens":   nil,
		"ID tokens":       {AcceptIDTokens()},
		"either":          {AcceptEither(), AcceptLeeway(30 * time.Second)},
		"group and scope": {RequireGroup("admins"), RequireScope("orders/read")},
		"several clients": {AcceptClients("web1", "mobile2")},
		"any client":      {AcceptAnyClient(), AcceptEither()},
		"online":          {RequireSession(), RequireGroup("admins")},
		"online, either":  {RequireSession(), AcceptEither()},
		"in memory":       {OnProvider(InMemory(), WithRegion("eu-west-1"))},
		"AWS issuer":      {OnProvider(AWSIssuer(), WithClientSecret())},
		"https":           {OnProvider(TLS())},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			newVerifier := newReference(opts...)
			TestAuthorizer(t, func(_ *testing.T, p *Provider) func(string) error { return newVerifier(p) }, opts...)
		})
	}
}

// record is what became of the subtests of a test.
type record struct {
	mu     sync.Mutex          // guards all
	ran    []string            // without those that were waived
	failed map[string][]string // texts by names
	logged map[string][]string
}

// recordedT is a test whose failures are recorded.
type recordedT struct {
	TB
	*record
	name string
}

func newRecordedT(t TB) recordedT {
	return recordedT{TB: t, record: &record{failed: map[string][]string{}, logged: map[string][]string{}}}
}

func (t recordedT) Name() string { return t.name }

func (t recordedT) Run(name string, f func(authz.T)) {
	t.mu.Lock()
	t.ran = append(t.ran, name)
	t.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(recordedT{t.TB, t.record, name})
	}()
	<-done
}

func (t recordedT) note(in map[string][]string, format string, args []any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	in[t.name] = append(in[t.name], fmt.Sprintf(format, args...))
}

func (t recordedT) Errorf(format string, args ...any) { t.note(t.failed, format, args) }
func (t recordedT) Logf(format string, args ...any)   { t.note(t.logged, format, args) }

func (t recordedT) Fatalf(format string, args ...any) {
	t.note(t.failed, format, args)
	runtime.Goexit()
}

func (t recordedT) Skipf(string, ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ran = slices.DeleteFunc(t.ran, func(name string) bool { return name == t.name })
}

// failures returns the names of the subtests that failed, without the advice.
func (r *record) failures() []string {
	var names []string
	for name := range r.failed {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// family returns the names that begin so.
func family(names []string, prefixes ...string) []string {
	var found []string
	for _, name := range names {
		if slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(name, p) }) {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	return found
}

// judge runs the suite on a verifier and returns what it found.
func judge(t *testing.T, newVerifier func(*Provider) func(string) error, opts ...AuthorizerOption) *record {
	t.Helper()
	rt := newRecordedT(t)
	runAuthorizer(rt, func(_ authorizerT, p *Provider) func(string) error { return newVerifier(p) }, opts)
	return rt.record
}

func plain(verify func(string) error) func(*Provider) func(string) error {
	return func(*Provider) func(string) error { return verify }
}

// withRules are options by which all refuse cases make sense.
func withRules(more ...AuthorizerOption) []AuthorizerOption {
	return append([]AuthorizerOption{RequireGroup("admins"), RequireScope("orders/read"), AcceptClients("more1")}, more...)
}
