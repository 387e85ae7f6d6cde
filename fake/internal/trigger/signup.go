package trigger

import (
	"maps"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// The sources of signing up and confirming.
const (
	PreSignUpSignUp                 Source = "PreSignUp_SignUp"
	PreSignUpAdminCreateUser        Source = "PreSignUp_AdminCreateUser"
	PostConfirmationConfirmSignUp   Source = "PostConfirmation_ConfirmSignUp"
	PostConfirmationConfirmPassword Source = "PostConfirmation_ConfirmForgotPassword"
)

// PreSignUpRequest is the request of pre sign-up.
type PreSignUpRequest struct {
	UserAttributes map[string]string `json:"userAttributes"`
	ValidationData map[string]string `json:"validationData"` // null where none was given
	ClientMetadata map[string]string `json:"clientMetadata,omitempty"`
}

// PreSignUpResponse is the response of pre sign-up.
type PreSignUpResponse struct {
	AutoConfirmUser bool `json:"autoConfirmUser"`
	AutoVerifyEmail bool `json:"autoVerifyEmail"`
	AutoVerifyPhone bool `json:"autoVerifyPhone"`
}

// PreSignUpLocked returns the event of a user who is about to be made, or nil where the pool calls
// nobody. The pool's lock must be held, for reading at least.
func (c Call) PreSignUpLocked(source Source, u *pool.User, validation map[string]string) (*Event, *PreSignUpResponse) {
	attributes := userAttributes(c.Pool, u)
	maps.DeleteFunc(attributes, func(name, _ string) bool { return name == "sub" || name == "cognito:user_status" })
	r := &PreSignUpResponse{}
	return c.event(PreSignUp, source, u.Username, PreSignUpRequest{attributes, validation, c.Metadata}, r), r
}

// PostConfirmationRequest is the request of post confirmation.
type PostConfirmationRequest struct {
	UserAttributes map[string]string `json:"userAttributes"`
	ClientMetadata map[string]string `json:"clientMetadata,omitempty"`
}

// PostConfirmationLocked returns the event of a user who has been confirmed, or has set a new password
// by a code; nil where the pool calls nobody. The pool's lock must be held, for reading at least.
func (c Call) PostConfirmationLocked(source Source, u *pool.User) *Event {
	return c.event(PostConfirmation, source, u.Username, PostConfirmationRequest{userAttributes(c.Pool, u), c.Metadata}, &struct{}{})
}

// userAttributes is what events tell of a user: every attribute as a string, and pseudo attributes.
func userAttributes(p *pool.Pool, u *pool.User) map[string]string {
	attributes := map[string]string{"cognito:user_status": string(u.Status)}
	for _, a := range u.Attributes() {
		attributes[a.Name] = a.Value
	}
	return attributes
}
