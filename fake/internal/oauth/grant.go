package oauth

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/signin"
)

// Lifetimes (developer guide).
const (
	codeValidity    = 5 * time.Minute
	browserValidity = time.Hour // however often it is used
)

// browserCookie is the cookie of a browser in which somebody has signed in.
const browserCookie = "cognito"

// hosted is what a sign-in for an application is for.
func (a *authorization) hosted() *signin.Hosted {
	return &signin.Hosted{Scopes: a.scopes, Nonce: a.nonce, Resource: a.resource}
}

// grant gives the application what it wants of a sign-in: a code, or the tokens.
func (r *Request) grant(a *authorization, tokens *types.AuthenticationResultType) Answer {
	if a.responseType == "token" {
		return redirect(a.back(implicit(tokens)))
	}
	code, now := r.store.Random.UUID(), r.store.Clock.Now()
	r.pool.Lock()
	defer r.pool.Unlock()
	r.pool.KeepAuthorizationLocked(code, pool.Authorization{
		ClientID: a.client.ID, RedirectURI: a.redirectURI, Challenge: a.challenge, Scopes: a.scopes,
		Tokens: tokens, Expires: now.Add(codeValidity),
	}, now)
	return redirect(a.back(url.Values{"code": {code}}))
}

// implicit returns the tokens as parameters. There is never a refresh token.
func implicit(tokens *types.AuthenticationResultType) url.Values {
	parameters := url.Values{
		"access_token": {*tokens.AccessToken}, "token_type": {"bearer"}, "expires_in": {strconv.Itoa(int(tokens.ExpiresIn))},
	}
	if tokens.IdToken != nil {
		parameters.Set("id_token", *tokens.IdToken)
	}
	return parameters
}

// browser returns the browser that the request comes from, and whether its user is signed in.
func (r *Request) browser() (pool.Browser, bool) {
	cookie, err := r.http.Cookie(browserCookie)
	if err != nil {
		return pool.Browser{}, false
	}
	r.pool.Lock()
	defer r.pool.Unlock()
	return r.pool.BrowserLocked(cookie.Value, r.store.Clock.Now())
}

// resume signs in who is signed in already in the same browser. Who may not sign in any more sees the login page.
func (r *Request) resume(a *authorization, browser pool.Browser) Answer {
	h := a.hosted()
	h.AuthTime = browser.AuthTime
	result, err := r.engine.Resume(r.http.Context(), r.by(a.client), *h, browser.Sub)
	switch {
	case fromTrigger(err):
		return r.backWith(a, err)
	case err != nil:
		return r.toLogin()
	}
	return r.grant(a, result.Tokens)
}

// remember makes the browser one in which a user has signed in.
func (r *Request) remember(b pool.Browser, to Answer) Answer {
	value := r.store.Random.UUID()
	b.Expires = b.AuthTime.Add(browserValidity)
	r.pool.Lock()
	defer r.pool.Unlock()
	r.pool.KeepBrowserLocked(value, b, b.AuthTime)
	r.setCookie(to, &http.Cookie{Name: browserCookie, Value: value, MaxAge: int(browserValidity / time.Second)})
	return to
}

// setCookie adds a cookie to an answer, for the domain's own site unless it says otherwise. Without https the browser
// would not send back what is for https alone.
func (r *Request) setCookie(to Answer, c *http.Cookie) {
	c.Path, c.Secure, c.HttpOnly, c.SameSite = "/", r.secure(), true, cmp.Or(c.SameSite, http.SameSiteLaxMode)
	to.Header.Add("Set-Cookie", c.String())
}

// clearCookie takes a cookie away.
func (r *Request) clearCookie(to Answer, name string) {
	r.setCookie(to, &http.Cookie{Name: name, MaxAge: -1})
}
