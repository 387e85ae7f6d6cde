package trigger

import "github.com/cognitotest/cognito/fake/internal/pool"

// The sources of sign-in.
const (
	PreAuthenticationAuthentication  Source = "PreAuthentication_Authentication"
	PostAuthenticationAuthentication Source = "PostAuthentication_Authentication"
)

// PreAuthenticationRequest is the request of pre authentication.
type PreAuthenticationRequest struct {
	UserAttributes map[string]string `json:"userAttributes"`
	ValidationData map[string]string `json:"validationData"` // the ClientMetadata of InitiateAuth
	UserNotFound   bool              `json:"userNotFound"`
}

// PreAuthenticationLocked returns the event of a user who is about to prove who he is, or nil where the
// pool calls nobody. A user who is in no pool is not found. The pool's lock must be held.
func (c Call) PreAuthenticationLocked(u *pool.User, validation map[string]string) *Event {
	return c.event(PreAuthentication, PreAuthenticationAuthentication, u.Username, func() any {
		return PreAuthenticationRequest{c.knownAttributes(u), validation, u.Sub == ""}
	}, &struct{}{})
}

// PostAuthenticationRequest is the request of post authentication.
type PostAuthenticationRequest struct {
	UserAttributes map[string]string `json:"userAttributes"`
	NewDeviceUsed  bool              `json:"newDeviceUsed"`
	ClientMetadata map[string]string `json:"clientMetadata,omitempty"`
}

// PostAuthenticationLocked returns the event of a user who has signed in, or nil where the pool calls
// nobody. The pool's lock must be held.
func (c Call) PostAuthenticationLocked(u *pool.User, newDevice bool) *Event {
	return c.event(PostAuthentication, PostAuthenticationAuthentication, u.Username, func() any {
		return PostAuthenticationRequest{userAttributes(c.Pool, u), newDevice, c.Metadata}
	}, &struct{}{})
}
