package signin_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
	signin "github.com/cognitotest/cognito/examples/real"
	"github.com/cognitotest/cognito/jwks"
	"github.com/cognitotest/cognito/real"
)

// newPool makes a pool, on the fake or where COGNITOTEST_REAL says, and the service in front of it.
func newPool(t *testing.T) (*cognitotest.Provider, http.Handler) {
	t.Parallel()
	cog := cognitotest.New(t, real.FromEnv())
	return cog, (&signin.Service{Cognito: cog.Client(), ClientID: cog.ClientID}).Handler()
}

// login asks the service for a token.
func login(t *testing.T, service http.Handler, username, password string) (status int, token string) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"username": username, "password": password})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	service.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "POST", "/login", strings.NewReader(string(body))))
	var answer struct{ Token string }
	if w.Code == http.StatusOK {
		err = json.Unmarshal(w.Body.Bytes(), &answer)
	}
	if err != nil {
		t.Fatalf("the answer is %q: %v", w.Body, err)
	}
	return w.Code, answer.Token
}

// call sends a request with a token.
func call(t *testing.T, service http.Handler, method, path, token string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	r.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	service.ServeHTTP(w, r)
	return w
}

func TestLogin(t *testing.T) {
	cog, service := newPool(t)
	ann := cog.NewUser(t)
	for _, row := range []struct {
		why, username, password string
		want                    int
	}{
		{"the right password", ann.Username, ann.Password, http.StatusOK},
		{"a wrong password", ann.Username, "Wrong-Horse-7", http.StatusUnauthorized},
		{"a stranger learns no more than that", "nobody", ann.Password, http.StatusUnauthorized},
		{"not confirmed yet", cog.NewUser(t, cognitotest.Unconfirmed(), cognitotest.Password(ann.Password)).Username, ann.Password, http.StatusForbidden},
		{"a temporary password", cog.NewUser(t, cognitotest.TemporaryPassword(), cognitotest.Password(ann.Password)).Username, ann.Password, http.StatusConflict},
	} {
		if got, _ := login(t, service, row.username, row.password); got != row.want {
			t.Errorf("%s: status = %d, want %d", row.why, got, row.want)
		}
	}
}

func TestMe(t *testing.T) {
	cog, service := newPool(t)
	ann := cog.NewUser(t, cognitotest.Email("ann@example.com"))
	_, token := login(t, service, ann.Username, ann.Password)
	var got map[string]string
	if err := json.Unmarshal(call(t, service, "GET", "/me", token).Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"username": ann.Username, "email": "ann@example.com"}, got); diff != "" {
		t.Errorf("me (-want +got):\n%s", diff)
	}
	if got := call(t, service, "GET", "/me", "no-token").Code; got != http.StatusUnauthorized {
		t.Errorf("without a token: status = %d, want 401", got)
	}
}

func TestLogoutEndsTheTokens(t *testing.T) {
	cog, service := newPool(t)
	ann := cog.NewUser(t)
	_, token := login(t, service, ann.Username, ann.Password)
	if got := call(t, service, "POST", "/logout", token).Code; got != http.StatusNoContent {
		t.Fatalf("logout: status = %d, want 204", got)
	}
	if got := call(t, service, "GET", "/me", token).Code; got != http.StatusUnauthorized {
		t.Errorf("after the logout: status = %d, want 401", got)
	}
}

func TestTokensNameTheGroups(t *testing.T) {
	cog, service := newPool(t)
	ann := cog.NewUser(t, cognitotest.Groups("admins"))
	_, token := login(t, service, ann.Username, ann.Password)
	keys, err := jwks.Fetch(t.Context(), cog.HTTPClient(), cog.JWKSURL)
	if err != nil {
		t.Fatal(err)
	}
	claims := jwt.MapClaims{}
	if _, err := jwt.ParseWithClaims(token, claims, keys.Keyfunc, jwt.WithIssuer(cog.Issuer)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]any{"admins"}, claims["cognito:groups"]); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
}
