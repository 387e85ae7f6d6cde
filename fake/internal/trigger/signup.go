package trigger

import (
	"cmp"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

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
// nobody. The pool's lock must be held.
func (c Call) PreSignUpLocked(source Source, u *pool.User, validation map[string]string) (*Event, *PreSignUpResponse) {
	r := &PreSignUpResponse{}
	return c.event(PreSignUp, source, u.Username, func() any {
		attributes := ownAttributes(u)
		delete(attributes, "sub")
		return PreSignUpRequest{attributes, validation, c.Metadata}
	}, r), r
}

// PostConfirmationRequest is the request of post confirmation.
type PostConfirmationRequest struct {
	UserAttributes map[string]string `json:"userAttributes"`
	ClientMetadata map[string]string `json:"clientMetadata,omitempty"`
}

// PostConfirmationLocked returns the event of a user who has been confirmed, or has set a new password
// by a code; nil where the pool calls nobody. The pool's lock must be held.
func (c Call) PostConfirmationLocked(source Source, u *pool.User) *Event {
	return c.event(PostConfirmation, source, u.Username, func() any {
		return PostConfirmationRequest{userAttributes(c.Pool, u), c.Metadata}
	}, &struct{}{})
}

// ownAttributes are the attributes of a user, every value a string.
func ownAttributes(u *pool.User) map[string]string {
	attributes := map[string]string{}
	for _, a := range u.Attributes() {
		attributes[a.Name] = a.Value
	}
	return attributes
}

// userAttributes is what events tell of a user in a pool: the attributes, and pseudo attributes that
// were seen beside them.
func userAttributes(p *pool.Pool, u *pool.User) map[string]string {
	attributes := ownAttributes(u)
	attributes["cognito:user_status"] = string(u.Status)
	for _, name := range []string{"email", "phone_number"} {
		if alias := p.Alias(u, name); alias != "" {
			attributes["cognito:"+name+"_alias"] = alias
		}
	}
	if at := u.SignedOut(); !at.IsZero() {
		attributes["cognito:token_nbf"] = strconv.FormatInt(at.Unix(), 10) // the unit is inferred
	}
	if u.Status == types.UserStatusTypeForceChangePassword {
		for _, name := range p.Schema.Required() {
			attributes[name] = cmp.Or(attributes[name], unsetRequired)
		}
	}
	return attributes
}

// unsetRequired stands for a required attribute that an administrator has left empty, until the user
// has set it at the first sign-in.
const unsetRequired = "cognito:default_val"
