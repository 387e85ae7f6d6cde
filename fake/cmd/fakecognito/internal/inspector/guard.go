package inspector

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// maxForm is the most that a form may send: a token of the service fits many times.
const maxForm = 1 << 20

// cookieName is the cookie of somebody who has shown the token.
const cookieName = "fakecognito"

// withHeaders keeps answers out of frames, caches and guesses about their type, and pages from loading
// anything from elsewhere. The referrer goes to this server alone; with no-referrer browsers would hide
// the origin of its own forms too.
func withHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Frame-Options", "DENY")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		next.ServeHTTP(w, r)
	})
}

// guard lets those through who may see the pages.
func (i *inspector) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, Path+"static/"):
			next.ServeHTTP(w, r)
		case i.Token == "" && !i.knows(r.Host):
			i.render(w, r, refused(http.StatusForbidden, "This host is not served", "The inspector answers on this machine alone, at "+i.URL+Path+". Start fakecognito with -url to give it another name."))
		case i.Token == "" || i.hasShown(r):
			next.ServeHTTP(w, r)
		default:
			i.askForToken(w, r)
		}
	})
}

// knows reports whether a Host header names the loopback interface or the server's URL.
func (i *inspector) knows(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.ToLower(strings.Trim(name, "[]"))
	if address, err := netip.ParseAddr(name); err == nil && address.IsLoopback() {
		return true
	}
	own, err := url.Parse(i.URL)
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || err == nil && name != "" && name == strings.ToLower(own.Hostname())
}

// hasShown reports whether a request comes with the token, as a cookie or as a bearer token.
func (i *inspector) hasShown(r *http.Request) bool {
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return i.isToken(bearer)
	}
	cookie, err := r.Cookie(cookieName)
	return err == nil && subtle.ConstantTimeCompare([]byte(cookie.Value), []byte(i.pass())) == 1
}

// pass is the value of the cookie: a digest of the token, which may hold what no cookie can.
func (i *inspector) pass() string {
	digest := sha256.Sum256([]byte(cookieName + i.Token))
	return hex.EncodeToString(digest[:])
}

// isToken compares in a time that tells nothing about the token.
func (i *inspector) isToken(text string) bool {
	got, want := sha256.Sum256([]byte(text)), sha256.Sum256([]byte(i.Token))
	return subtle.ConstantTimeCompare(got[:], want[:]) == 1
}

// askForToken takes the token from the query or the form of a request, or shows the form.
func (i *inspector) askForToken(w http.ResponseWriter, r *http.Request) {
	token := r.FormValue("token")
	if i.isToken(token) {
		http.SetCookie(w, &http.Cookie{Name: cookieName, Value: i.pass(), Path: Path, HttpOnly: true, SameSite: http.SameSiteLaxMode})
		http.Redirect(w, r, withoutToken(r.URL), http.StatusSeeOther)
		return
	}
	v := refused(http.StatusUnauthorized, "Who are you?", "")
	v.name = "enter"
	if token != "" {
		v.form = r.Form
		v.wrong = &fieldError{"token", "This is not the token that was printed when fakecognito was started."}
	}
	w.Header().Set("WWW-Authenticate", "Bearer")
	i.render(w, r, v)
}

// withoutToken returns a path and query to which a visitor goes on; what no page has leads to an error.
func withoutToken(u *url.URL) string {
	query := u.Query()
	query.Del("token")
	return (&url.URL{Path: u.Path, RawQuery: query.Encode()}).String()
}

// refuseForm answers a form that another site has sent.
func (i *inspector) refuseForm(w http.ResponseWriter, r *http.Request) {
	i.render(w, r, refused(http.StatusForbidden, "Sent from another site", "A page of another site has sent this form. Nothing was changed."))
}
