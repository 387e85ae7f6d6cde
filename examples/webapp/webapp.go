// Package webapp shows a web application whose users sign in at the login pages of a user pool, with the
// authorization code grant and PKCE, and a test of it that walks through the redirections as a browser does.
package webapp

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/cognitotest/cognito/jwks"
)

// App is the application. It answers /, /signin, /callback and /signout.
type App struct {
	URL      string // its own, without a final slash; URL + "/callback" and URL + "/" are registered with the app client
	Domain   string // the URL of the user pool's domain, without a final slash
	Issuer   string
	ClientID string // of an app client without secret
	Keys     *jwks.Cache
	HTTP     *http.Client // calls the token endpoint

	mu       sync.Mutex        // guards sessions
	sessions map[string]string // e-mail addresses of who is signed in, by cookie
}

const (
	sessionCookie = "webapp-session"
	attemptCookie = "webapp-attempt"
)

// ServeHTTP answers a browser.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/":
		a.home(w, r)
	case "/signin":
		a.signIn(w, r)
	case "/callback":
		a.callback(w, r)
	case "/signout":
		a.signOut(w, r)
	default:
		http.NotFound(w, r)
	}
}

var homePage = template.Must(template.New("home").Parse(
	`<!DOCTYPE html><html lang="en"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>Webapp</title>{{with .}}<p>Hello {{.}}</p><a href="/signout">Sign out</a>{{else}}<a href="/signin">Sign in</a>{{end}}`))

func (a *App) home(w http.ResponseWriter, r *http.Request) {
	email := ""
	if cookie, err := r.Cookie(sessionCookie); err == nil {
		a.mu.Lock()
		email = a.sessions[cookie.Value]
		a.mu.Unlock()
	}
	homePage.Execute(w, email)
}

// attempt is what the browser keeps between /signin and /callback.
type attempt struct{ State, Nonce, Verifier string }

func (a *App) signIn(w http.ResponseWriter, r *http.Request) {
	try := attempt{rand.Text(), rand.Text(), rand.Text() + rand.Text()}
	text, err := json.Marshal(try)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	setCookie(w, attemptCookie, base64.RawURLEncoding.EncodeToString(text), 10*time.Minute)
	challenge := sha256.Sum256([]byte(try.Verifier))
	http.Redirect(w, r, a.Domain+"/oauth2/authorize?"+url.Values{
		"response_type": {"code"}, "client_id": {a.ClientID}, "redirect_uri": {a.URL + "/callback"}, "scope": {"openid email"},
		"state": {try.State}, "nonce": {try.Nonce},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"},
	}.Encode(), http.StatusFound)
}

func (a *App) callback(w http.ResponseWriter, r *http.Request) {
	email, err := a.finish(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	session := rand.Text()
	a.mu.Lock()
	if a.sessions == nil {
		a.sessions = map[string]string{}
	}
	a.sessions[session] = email
	a.mu.Unlock()
	setCookie(w, attemptCookie, "", -1)
	setCookie(w, sessionCookie, session, 8*time.Hour)
	http.Redirect(w, r, "/", http.StatusFound)
}

// finish returns the address of who has signed in, if it was in this browser.
func (a *App) finish(r *http.Request) (email string, err error) {
	var try attempt
	cookie, err := r.Cookie(attemptCookie)
	if err != nil {
		return "", errors.New("sign in first")
	}
	text, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil || json.Unmarshal(text, &try) != nil {
		return "", errors.New("sign in first")
	}
	query := r.URL.Query()
	switch {
	case query.Get("state") != try.State || try.State == "":
		return "", errors.New("that sign-in was not begun here")
	case query.Has("error"):
		return "", fmt.Errorf("signing in: %s %s", query.Get("error"), query.Get("error_description"))
	}
	idToken, err := a.redeem(r.Context(), query.Get("code"), try.Verifier)
	if err != nil {
		return "", err
	}
	return a.verify(idToken, try.Nonce)
}

// redeem fetches the ID token that waits for a code.
func (a *App) redeem(ctx context.Context, code, verifier string) (idToken string, err error) {
	form := url.Values{
		"grant_type": {"authorization_code"}, "client_id": {a.ClientID}, "redirect_uri": {a.URL + "/callback"},
		"code": {code}, "code_verifier": {verifier},
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, a.Domain+"/oauth2/token", strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := a.HTTP.Do(r)
	if err != nil {
		return "", fmt.Errorf("redeeming the code: %w", err)
	}
	defer answer.Body.Close()
	var tokens struct {
		IDToken string `json:"id_token"`
		Error   string `json:"error"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&tokens); err != nil {
		return "", fmt.Errorf("redeeming the code: status %d: %w", answer.StatusCode, err)
	}
	if tokens.IDToken == "" {
		return "", fmt.Errorf("redeeming the code: status %d: %s", answer.StatusCode, tokens.Error)
	}
	return tokens.IDToken, nil
}

// verify returns the address in an ID token of this application, for this sign-in.
func (a *App) verify(idToken, nonce string) (email string, err error) {
	var claims struct {
		jwt.RegisteredClaims
		TokenUse string `json:"token_use"`
		Nonce    string `json:"nonce"`
		Email    string `json:"email"`
	}
	_, err = jwt.ParseWithClaims(idToken, &claims, a.Keys.Keyfunc, jwt.WithValidMethods([]string{"RS256"}),
		jwt.WithIssuer(a.Issuer), jwt.WithAudience(a.ClientID), jwt.WithExpirationRequired())
	switch {
	case err != nil:
		return "", err
	case claims.TokenUse != "id" || claims.Nonce != nonce:
		return "", errors.New("an ID token of another sign-in")
	}
	return claims.Email, nil
}

// signOut ends the session here, and then that at the user pool.
func (a *App) signOut(w http.ResponseWriter, r *http.Request) {
	if cookie, err := r.Cookie(sessionCookie); err == nil {
		a.mu.Lock()
		delete(a.sessions, cookie.Value)
		a.mu.Unlock()
	}
	setCookie(w, sessionCookie, "", -1)
	http.Redirect(w, r, a.Domain+"/logout?"+url.Values{"client_id": {a.ClientID}, "logout_uri": {a.URL + "/"}}.Encode(), http.StatusFound)
}

// setCookie sets a cookie for a time, or takes it away. Where the application is served over https, its cookies
// should be Secure too.
func setCookie(w http.ResponseWriter, name, value string, life time.Duration) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: int(life / time.Second), HttpOnly: true, SameSite: http.SameSiteLaxMode})
}
