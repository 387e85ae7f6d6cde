package backendtest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"syscall"
	"testing"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/golang-jwt/jwt/v5"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/jwks"
)

// stranger is an identity provider that a test plays, as an HTTP client sees it.
type stranger struct {
	mux   http.ServeMux
	fails map[string]error // instead of answers, by the path
	asked map[string]*http.Request
}

// errHangs makes a stranger wait until nobody wants the answer any more.
var errHangs = errors.New("hangs")

// strangerKey signs what strangers say: making a key takes long.
var strangerKey = sync.OnceValue(jwks.NewSigner)

// newStranger returns a provider that answers requests, by their method, host and path, with JSON.
func newStranger(answers map[string]any) *stranger {
	s := &stranger{fails: map[string]error{}, asked: map[string]*http.Request{}}
	for pattern, answer := range answers {
		s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if status, failed := answer.(int); failed {
				w.WriteHeader(status)
				return
			}
			json.NewEncoder(w).Encode(answer)
		})
	}
	return s
}

// RoundTrip answers a request.
func (s *stranger) RoundTrip(r *http.Request) (*http.Response, error) {
	in := r.Clone(r.Context())
	in.Host = r.URL.Host
	if in.Body == nil {
		in.Body = http.NoBody
	}
	if err := in.ParseForm(); err != nil {
		return nil, err
	}
	s.asked[r.URL.Path] = in
	switch err := s.fails[r.URL.Path]; {
	case err == errHangs:
		<-r.Context().Done()
		return nil, r.Context().Err()
	case err != nil:
		return nil, err
	}
	w := httptest.NewRecorder()
	s.mux.ServeHTTP(w, in)
	return w.Result(), nil
}

// wantAsked compares the parameters of the newest request for a path, which has to bring the access token or none.
func (s *stranger) wantAsked(t *testing.T, path, authorization string, want url.Values) {
	t.Helper()
	r := s.asked[path]
	if r == nil {
		t.Fatalf("%s was not asked for", path)
	}
	wantSame(t, path, r.Form, want)
	wantSame(t, path+" Authorization", r.Header.Get("Authorization"), authorization)
}

// signed returns an ID token of an issuer for the app client app, with changes of its claims, where nil takes one away; it is good for an
// hour.
func signed(issuer string, more jwt.MapClaims) string {
	claims := jwt.MapClaims{"iss": issuer, "aud": "app", "sub": "123", "exp": time.Now().Add(time.Hour).Unix()}
	for name, value := range more {
		claims[name] = value
		if value == nil {
			delete(claims, name)
		}
	}
	token, err := strangerKey().Sign(claims)
	if err != nil {
		panic(err)
	}
	return token
}

// guests makes an application whose users come from one stranger, of a type.
func guests(t *testing.T, start Start, s *stranger, in cip.CreateIdentityProviderInput) *application {
	t.Helper()
	p := start(t, cognitotest.WithIdPClient(&http.Client{Transport: s}))
	needFake(t, p, localProvider)
	need(t, fail(provide(p, in)))
	return newApplication(t, p, func(c *cip.CreateUserPoolClientInput) { c.SupportedIdentityProviders = []string{*in.ProviderName} })
}

// mapping is a provider with a mapping of attributes.
func mapping(in cip.CreateIdentityProviderInput, m details) cip.CreateIdentityProviderInput {
	in.AttributeMapping = m
	return in
}

// depart sends a browser to the provider, and returns where that is.
func (b *browser) depart() *url.URL {
	b.t.Helper()
	away := b.open("/oauth2/authorize", b.request())
	if away.location == nil || !away.location.Query().Has("client_id") {
		b.t.Fatalf("authorize leads to %v (status %d): %s", away.location, away.status, away.body)
	}
	return away.location
}

// departAnew is depart for a browser that may be signed in already.
func (b *browser) departAnew() *url.URL {
	b.t.Helper()
	return b.open("/oauth2/authorize", b.request("prompt", "login")).location
}

// comeBack is what a provider sends a browser back with, for the request that sent it there.
func comeBack(away *url.URL, namesAndValues ...string) url.Values {
	query := url.Values{"state": {away.Query().Get("state")}}
	for i := 0; i < len(namesAndValues); i += 2 {
		query.Set(namesAndValues[i], namesAndValues[i+1])
	}
	return query
}

// wantGuest compares attributes of the user of a name.
func (a *application) wantGuest(t *testing.T, username string, want map[string]string) {
	t.Helper()
	got := map[string]string{}
	u := look(t, a.provider, username)
	for name := range want {
		got[name] = attribute(u.UserAttributes, name)
	}
	wantSame(t, "attributes of "+username, got, want)
}

// codeRequest is what a provider is asked for its tokens with, but the secret.
func (a *application) codeRequest(more ...string) url.Values {
	form := url.Values{
		"grant_type": {"authorization_code"}, "code": {"c-1"}, "redirect_uri": {a.domain + "/oauth2/idpresponse"}, "client_id": {"app"},
	}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return form
}

// partner is a stranger who speaks OpenID Connect, for [oidcDetails], with these tokens.
func partner(tokens any, namesAndAnswers ...any) *stranger {
	answers := map[string]any{
		"POST login.example.com/token": tokens, "GET login.example.com/jwks": strangerKey().Set(),
		"login.example.com/userinfo": fields{"sub": "123", "email": "ann@example.com"},
	}
	for i := 0; i < len(namesAndAnswers); i += 2 {
		answers[namesAndAnswers[i].(string)] = namesAndAnswers[i+1]
	}
	return newStranger(answers)
}

const partnerIssuer = "https://login.example.com"

// partnerTokens are what a partner gives for a code, with changes of the claims of the ID token.
func partnerTokens(more jwt.MapClaims) fields {
	return fields{"access_token": "t-1", "id_token": signed(partnerIssuer, more)}
}

// withoutKey returns a token that nobody has signed, and one that somebody else has.
func withoutKey(t *testing.T) (unsigned, foreign string) {
	t.Helper()
	claims := jwt.MapClaims{"iss": partnerIssuer, "aud": "app", "sub": "123", "exp": time.Now().Add(time.Hour).Unix()}
	unsigned, err := jwt.NewWithClaims(jwt.SigningMethodNone, claims).SignedString(jwt.UnsafeAllowNoneSignatureType)
	need(t, err)
	foreign, err = jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte("secret"))
	need(t, err)
	return unsigned, foreign
}

var strangers = []Behaviour{
	{"endpoints that the details of a provider name are not looked up, and attributes may be asked for by a POST", func(t *testing.T, start Start) {
		s, d := partner(partnerTokens(nil)), oidcDetails()
		d["attributes_request_method"] = "POST"
		delete(d, "client_secret")
		a := guests(t, start, s, mapping(oidc("Partner", d), details{"email": "email"}))
		b := a.newBrowser(t)
		away := b.depart()
		wantSame(t, "away", away.Host+away.Path, "login.example.com/authorize")
		wantCallback(t, b.open("/oauth2/idpresponse", comeBack(away, "code", "c-1")))
		s.wantAsked(t, "/token", "", a.codeRequest())
		s.wantAsked(t, "/userinfo", "Bearer t-1", url.Values{})
		wantSame(t, "method", s.asked["/userinfo"].Method, "POST")
		a.wantGuest(t, "Partner_123", details{"email": "ann@example.com"})
	}},
	{"a provider that fails is told to the application in the service's words", func(t *testing.T, start Start) {
		for _, row := range []struct {
			why  string
			s    *stranger
			path string // that fails by err
			err  error
			want string
		}{
			{"its token endpoint refuses", partner(400), "", nil, "Partner Error - 400 error getting token"},
			{"its token endpoint breaks", partner(502), "", nil, "Partner Error - 502 error getting token"},
			{"its token endpoint hangs", partner(nil), "/token", context.DeadlineExceeded, "Timeout occurred in calling IdP token endpoint"},
			{"its keys hang", partner(partnerTokens(nil)), "/jwks", context.DeadlineExceeded, "Timeout in calling jwks uri"},
			{"its attributes hang", partner(partnerTokens(nil)), "/userinfo", context.DeadlineExceeded, "Read timed out"},
			{"it cuts the connection", partner(nil), "/token", syscall.ECONNRESET, "Connection reset"},
			{"its attributes are refused", partner(partnerTokens(nil), "login.example.com/userinfo", 403), "", nil, "Partner Error - 403 error getting attributes"},
			{"its token is another's", partner(partnerTokens(jwt.MapClaims{"iss": "https://evil.example.com"})), "", nil, "Bad id_token issuer https://evil.example.com"},
		} {
			part(t, row.why, func(t *testing.T) {
				a := guests(t, start, row.s, oidc("Partner", oidcDetails()))
				row.s.fails[row.path] = row.err
				b := a.newBrowser(t)
				back := b.open("/oauth2/idpresponse", comeBack(b.depart(), "code", "c-1"))
				wantRedirect(t, back, callback+"?error_description="+url.QueryEscape(row.want)+"&state=a+state&error=invalid_request")
				wantNobody(t, a.provider, "Partner_123")
			})
		}
	}},
	{"an ID token that does not hold signs nobody in", func(t *testing.T, start Start) {
		unsigned, foreign := withoutKey(t)
		for _, row := range []struct {
			why string
			s   *stranger
		}{
			{"nobody has signed it", partner(fields{"access_token": "t-1", "id_token": unsigned})},
			{"it is signed by a secret", partner(fields{"access_token": "t-1", "id_token": foreign})},
			{"its key is not the provider's", partner(partnerTokens(nil), "GET login.example.com/jwks", jwks.NewSigner().Set())},
			{"it is for another app client", partner(partnerTokens(jwt.MapClaims{"aud": "other"}))},
			{"it has expired", partner(partnerTokens(jwt.MapClaims{"exp": time.Now().Add(-time.Minute).Unix()}))},
			{"it does not expire", partner(partnerTokens(jwt.MapClaims{"exp": nil}))},
			{"it names nobody, nor do the attributes", partner(partnerTokens(jwt.MapClaims{"sub": nil}), "login.example.com/userinfo", fields{})},
			{"there is none", partner(fields{"access_token": "t-1"})},
			{"the provider has no keys", partner(partnerTokens(nil), "GET login.example.com/jwks", fields{"keys": []any{}})},
			{"the provider answers no JSON object", partner("no")},
		} {
			part(t, row.why, func(t *testing.T) {
				a := guests(t, start, row.s, oidc("Partner", oidcDetails()))
				b := a.newBrowser(t)
				back := b.open("/oauth2/idpresponse", comeBack(b.depart(), "code", "c-1"))
				if back.location == nil || back.location.Query().Get("error") != "invalid_request" || back.location.Query().Get("error_description") == "" {
					t.Errorf("answer = %d to %v", back.status, back.location)
				}
				wantNobody(t, a.provider, "Partner_123")
			})
		}
	}},
	{"a provider that cannot be discovered is told to the application before the user leaves", func(t *testing.T, start Start) {
		d := oidcDetails()
		delete(d, "authorize_url")
		for _, row := range []struct {
			answer any
			err    error
			want   string
		}{
			{404, nil, "Partner Error - 404 error getting discovery document"},
			{nil, errors.New("no such host"), "Partner Error - error getting discovery document"},
		} {
			s := newStranger(map[string]any{"GET login.example.com/.well-known/openid-configuration": row.answer})
			a := guests(t, start, s, oidc("Partner", d))
			s.fails["/.well-known/openid-configuration"] = row.err
			wantRedirect(t, a.newBrowser(t).open("/oauth2/authorize", a.request()),
				callback+"?error_description="+url.QueryEscape(row.want)+"&state=a+state&error=invalid_request")
		}
	}},
	{"who comes back signs in to the application that was left, whatever else comes with the code", func(t *testing.T, start Start) {
		a := guests(t, start, partner(partnerTokens(nil)), oidc("Partner", oidcDetails()))
		other := a.provider.NewAppClient(t, cognitotest.ClientSettings(applicationSettings()))
		b := a.newBrowser(t)
		for _, send := range []func(string, url.Values) webAnswer{b.open, func(path string, form url.Values) webAnswer { return b.send(path, form) }} {
			back := send("/oauth2/idpresponse", comeBack(b.departAnew(), "code", "c-1", "client_id", other.ID, "redirect_uri", "https://app.example.com/other"))
			wantCallback(t, back)
			tokens := b.redeem(back.location.Query().Get("code")).object(t)
			wantSome(t, "access", claims(t, tokens["access_token"].(string)), fields{"client_id": a.ID})
		}
	}},
	{"what a provider says against a sign-in reaches the application, and the state is used up", func(t *testing.T, start Start) {
		a := guests(t, start, partner(partnerTokens(nil)), oidc("Partner", oidcDetails()))
		b := a.newBrowser(t)
		refusal := comeBack(b.depart(), "error", "access_denied", "error_description", "not today")
		wantSame(t, "query", b.open("/oauth2/idpresponse", refusal).location.Query(),
			url.Values{"error": {"access_denied"}, "error_description": {"not today"}, "state": {"a state"}})
		wantSame(t, "path", b.open("/oauth2/idpresponse", refusal).location.Path, "/error")
		wantSame(t, "query", b.send("/oauth2/idpresponse", comeBack(b.depart(), "error", "user_cancelled_authorize")).location.Query(),
			url.Values{"error": {"user_cancelled_authorize"}, "state": {"a state"}})
	}},
}
