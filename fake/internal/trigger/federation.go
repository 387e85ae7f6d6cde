package trigger

import (
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// The sources of sign-ins at identity providers.
const (
	InboundFederationExternalProvider Source = "InboundFederation_ExternalProvider"
	PreSignUpExternalProvider         Source = "PreSignUp_ExternalProvider"
)

// InboundRequest is the request of inbound federation.
type InboundRequest struct {
	Provider   string                         `json:"providerName"`
	Type       types.IdentityProviderTypeType `json:"providerType"`
	Attributes InboundAttributes              `json:"attributes"`
}

// InboundAttributes is what an identity provider tells of an account, every value a text.
type InboundAttributes struct {
	TokenResponse map[string]string `json:"tokenResponse,omitempty"`
	IDToken       map[string]string `json:"idToken,omitempty"`
	UserInfo      map[string]string `json:"userInfo,omitempty"`
}

// InboundResponse is the response of inbound federation. Attributes go by the provider's names, as those of the
// request do: the mapping of the pool comes after (seen in functions that public repositories use).
type InboundResponse struct {
	Attributes map[string]string `json:"userAttributesToMap"` // none keep those of the provider
}

// InboundLocked returns the event of somebody who comes from an identity provider, known or not, or nil where the
// pool calls nobody. That its userName is the subject there is inferred from tests of such functions.
func (c Call) InboundLocked(subject string, r InboundRequest) (*Event, *InboundResponse) {
	out := &InboundResponse{Attributes: map[string]string{}}
	return c.event(InboundFederation, InboundFederationExternalProvider, subject, func() any { return r }, out), out
}

// PreSignUpGuestLocked is PreSignUpLocked for somebody who comes from an identity provider for the first time.
// The event has empty aliases and empty validation data (seen in events).
func (c Call) PreSignUpGuestLocked(u *pool.User) (*Event, *PreSignUpResponse) {
	r := &PreSignUpResponse{}
	return c.event(PreSignUp, PreSignUpExternalProvider, u.Username, func() any {
		attributes := ownAttributes(u)
		delete(attributes, "sub")
		attributes["cognito:email_alias"], attributes["cognito:phone_number_alias"] = "", ""
		return PreSignUpRequest{attributes, map[string]string{}, c.Metadata}
	}, r), r
}
