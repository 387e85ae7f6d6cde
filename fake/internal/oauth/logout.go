package oauth

import (
	"net/url"
	"slices"
)

// logout signs the browser out, and sends it on: to a page of the application, or to the login page.
func (r *Request) logout() Answer {
	if r.query.Get("client_id") == "" {
		return r.errorPage(missingParameter("client_id"))
	}
	c, ok := r.client()
	to := r.query.Get("logout_uri")
	switch {
	case !ok:
		return r.errorPage(invalidRequest(""))
	case to != "" && slices.Contains(c.Settings.LogoutURLs, to):
		return r.signedOut(redirect(to))
	case to != "":
		return redirect(r.url("/error", url.Values{"error": {"redirect_mismatch"}, "client_id": {c.ID}})) // inferred
	case r.query.Get("redirect_uri") == "":
		return r.errorPage(missingParameter("redirect_uri")) // inferred
	}
	if _, refused := r.authorization(); refused != nil {
		return *refused
	}
	return r.signedOut(r.toLogin())
}

// signedOut forgets who has signed in in the browser.
func (r *Request) signedOut(answer Answer) Answer {
	if cookie, err := r.http.Cookie(browserCookie); err == nil {
		r.pool.Lock()
		r.pool.ForgetBrowserLocked(cookie.Value)
		r.pool.Unlock()
	}
	r.clearCookie(answer, browserCookie)
	return answer
}
