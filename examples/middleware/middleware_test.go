package middleware_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/examples/middleware"
	"github.com/cognitotest/cognito/jwks"
)

// newAPI is the code under test: a greeting for administrators.
func newAPI(p *cognitotest.Provider) http.Handler {
	a := &middleware.Authorizer{Issuer: p.Issuer, ClientID: p.ClientID, Keys: jwks.NewCache(p.JWKSURL)}
	return a.Require("admins", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "hello %s", middleware.Username(r))
	}))
}

func TestWhoMayGreet(t *testing.T) {
	cog := cognitotest.New(t)
	api := newAPI(cog)
	ann := cog.NewUser(t, cognitotest.Groups("admins"))
	bob := cog.NewUser(t)
	other := cognitotest.New(t).NewUser(t, cognitotest.Groups("admins"))

	for _, test := range []struct {
		name, reason string
		authorize    func(*http.Request)
		want         int
	}{
		{"admin", "a member of the group", func(r *http.Request) { ann.Authorize(t, r) }, http.StatusOK},
		{"user", "no member of the group", func(r *http.Request) { bob.Authorize(t, r) }, http.StatusForbidden},
		{"nobody", "no token", func(*http.Request) {}, http.StatusUnauthorized},
		{"stranger", "a token of another pool", func(r *http.Request) { other.Authorize(t, r) }, http.StatusUnauthorized},
		{"id token", "the wrong kind of token", func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+ann.IDToken(t)) }, http.StatusUnauthorized},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/", nil)
			test.authorize(r)
			w := httptest.NewRecorder()
			api.ServeHTTP(w, r)
			if w.Code != test.want {
				t.Errorf("%s: status = %d, want %d", test.reason, w.Code, test.want)
			}
		})
	}
}
