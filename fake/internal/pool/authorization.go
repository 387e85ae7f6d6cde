package pool

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Authorization is what a user has granted an application at the pool's domain: the tokens of a sign-in, which
// wait for the application to fetch them with a code.
type Authorization struct {
	ClientID    string
	RedirectURI string // that the code was sent to
	Challenge   string // code_challenge of the request, by S256; "" where it had none
	Scopes      string
	Tokens      *types.AuthenticationResultType // never changed
	Expires     time.Time
}

// KeepAuthorizationLocked remembers an authorization by its code.
func (p *Pool) KeepAuthorizationLocked(code string, a Authorization, now time.Time) {
	p.authorizations.set(code, a, func(a Authorization) bool { return now.After(a.Expires) })
}

// TakeAuthorizationLocked returns and forgets the authorization of a code, if an app client has it and may still
// use it. A client's wrong use of its code ends the code too (inferred).
func (p *Pool) TakeAuthorizationLocked(code, clientID string, now time.Time) (Authorization, bool) {
	a, ok := p.authorizations.entries[code]
	if !ok || a.ClientID != clientID {
		return Authorization{}, false
	}
	delete(p.authorizations.entries, code)
	return a, now.Before(a.Expires)
}

// Browser is one in which a user has signed in at the pool's domain, so that other applications need not ask
// again.
type Browser struct {
	Sub      string
	AuthTime time.Time
	Expires  time.Time
}

// KeepBrowserLocked remembers a browser by the value of its cookie.
func (p *Pool) KeepBrowserLocked(cookie string, b Browser, now time.Time) {
	p.browsers.set(cookie, b, func(b Browser) bool { return now.After(b.Expires) })
}

// BrowserLocked returns the browser of a cookie, and whether its user is still signed in.
func (p *Pool) BrowserLocked(cookie string, now time.Time) (Browser, bool) {
	b, ok := p.browsers.entries[cookie]
	return b, ok && now.Before(b.Expires)
}

// ForgetBrowserLocked signs the user of a browser out of it.
func (p *Pool) ForgetBrowserLocked(cookie string) { delete(p.browsers.entries, cookie) }

// Departure is a browser that has left for an identity provider.
type Departure struct {
	Provider string // its name
	Query    string // of the application's request
	Expires  time.Time
}

// KeepDepartureLocked remembers a departure until the browser comes back.
func (p *Pool) KeepDepartureLocked(id string, d Departure, now time.Time) {
	p.departures.set(id, d, func(d Departure) bool { return now.After(d.Expires) })
}

// TakeDepartureLocked returns and forgets a departure, if it was not too long ago.
func (p *Pool) TakeDepartureLocked(id string, now time.Time) (Departure, bool) {
	d, ok := p.departures.entries[id]
	delete(p.departures.entries, id)
	return d, ok && now.Before(d.Expires)
}
