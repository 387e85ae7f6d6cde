package oauth

import (
	"net/http"
	"strings"
)

// endpoint is a place at a domain.
type endpoint struct {
	path      string
	get, post func(*Request) Answer // nil where a method is none
	api       bool                  // whether it answers JSON, to scripts of any origin, rather than pages
}

// endpointOf returns the endpoint of a path, whose case does not matter: links in messages write it in another
// than the developer guide does.
func endpointOf(path string) (endpoint, bool) {
	switch strings.ToLower(path) {
	case "/oauth2/authorize":
		return endpoint{path: "/oauth2/authorize", get: (*Request).authorize}, true
	case "/oauth2/token":
		return endpoint{path: "/oauth2/token", post: (*Request).token, api: true}, true
	case "/oauth2/userinfo":
		return endpoint{path: "/oauth2/userInfo", get: (*Request).userInfo, post: (*Request).userInfo, api: true}, true
	case "/oauth2/revoke":
		return endpoint{path: "/oauth2/revoke", post: (*Request).revoke, api: true}, true
	case returnPath:
		return endpoint{path: returnPath, get: (*Request).returned, post: (*Request).returned}, true
	case "/login":
		return endpoint{path: "/login", get: (*Request).showLogin, post: (*Request).login}, true
	case "/mfa":
		return endpoint{path: "/mfa", get: (*Request).showChallenge, post: (*Request).answerChallenge}, true
	case "/changepassword":
		return endpoint{path: "/changePassword", get: (*Request).showChallenge, post: (*Request).answerChallenge}, true
	case "/signup":
		return endpoint{path: "/signup", get: (*Request).showSignUp, post: (*Request).signUp}, true
	case "/confirmuser", "/confirm": // the second as trails of the service name it
		return endpoint{path: "/confirmUser", get: (*Request).showConfirmation, post: (*Request).confirm}, true
	case "/resendcode":
		return endpoint{path: "/resendcode", get: (*Request).showResend, post: (*Request).resend}, true
	case "/forgotpassword":
		return endpoint{path: "/forgotPassword", get: (*Request).showForgot, post: (*Request).forgot}, true
	case "/confirmforgotpassword":
		return endpoint{path: "/confirmforgotPassword", get: (*Request).showReset, post: (*Request).reset}, true
	case "/logout":
		return endpoint{path: "/logout", get: (*Request).logout}, true
	case "/error":
		return endpoint{path: "/error", get: (*Request).showError}, true
	}
	return endpoint{}, false
}

// Paths returns the paths of all endpoints, as the developer guide writes them.
func Paths() []string {
	return []string{
		"/oauth2/authorize", "/oauth2/token", "/oauth2/userInfo", "/oauth2/revoke", returnPath,
		"/login", "/mfa", "/changePassword", "/signup", "/confirmUser", "/resendcode", "/forgotPassword",
		"/confirmforgotPassword", "/logout", "/error",
	}
}

// handler returns what answers a method, or nil.
func (e endpoint) handler(method string) func(*Request) Answer {
	switch method {
	case http.MethodGet, http.MethodHead:
		return e.get
	case http.MethodPost:
		return e.post
	case http.MethodOptions:
		if e.api {
			return func(*Request) Answer { return preflight() }
		}
	}
	return nil
}
