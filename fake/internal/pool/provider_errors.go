package pool

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// The errors of identity providers, each text of the service once. Texts were seen in answers of the service unless
// the comment says that they are inferred.

// Details of providers. Only metadataUnreadable is inferred.
const (
	socialIncomplete   = "clientId, clientSecret and authorizeScopes are all required idp details."
	appleIncomplete    = "clientId, privateKey, teamId, and keyId are all required idp details."
	oidcIncomplete     = "clientId, authorizeScopes, oidcIssuer and attributesRequestMethod are all required idp details."
	oidcInsecure       = "OIDC endpoint must start with https://"
	metadataTwice      = "Only one of the MetadataURL or MetadataFile should be provided."
	metadataMissing    = "At least one of the MetadataURL or MetadataFile should be provided."
	metadataUnreadable = "The MetadataFile is not a valid SAML metadata document."
)

// Accounts that are linked to users. sourceIsNative is inferred but for its beginning; accountIncomplete, socialSubject
// and notLinked are inferred.
const (
	sourceLinked      = "SourceUser is already linked to DestinationUser"
	sourceSignedUp    = "Merging is not currently supported, provide a SourceUser that has not been signed up in order to link"
	sourceIsNative    = "Invalid SourceUser: Cognito users with a username/password may not be passed in as a SourceUser, only as a DestinationUser"
	accountIncomplete = "ProviderAttributeName and ProviderAttributeValue are required."
	socialSubject     = "ProviderAttributeName must be Cognito_Subject."
	notLinked         = "User is not linked to another user."
)

// guestIncomplete is the answer to somebody from an identity provider who lacks required attributes.
func guestIncomplete(names []string) error {
	return InvalidParameter("attributes required: [" + strings.Join(names, ", ") + "]")
}

// GuestTaken is the answer to somebody from an identity provider whose username somebody else has, or whose account
// was linked to a user during the sign-in: the next one finds the user.
func GuestTaken(username string) error {
	return &types.UsernameExistsException{Message: text("Already found an entry for username " + username)}
}

// ProviderNotFound is the answer for an identity provider that does not exist. Inferred.
func ProviderNotFound(name string) error {
	return notFound("Identity provider " + name + " does not exist.")
}

// providerOfOtherType is the answer to a name that does not fit the type.
func providerOfOtherType(name string, of types.IdentityProviderTypeType) error {
	return InvalidParameter("Provider " + name + " cannot be of type " + string(of) + ".")
}

// providerExists is the answer to a name that is taken. It was seen in a log of calls; for an identifier it is
// inferred.
func providerExists(name, poolID string) error {
	return &types.DuplicateProviderException{Message: text(name + " already exists in user pool " + poolID)}
}

// invalidMapping is the answer to a mapping to attributes that the pool does not have.
func invalidMapping(names []string) error {
	return InvalidParameter("AttributeMapping contains invalid mapping: [" + strings.Join(names, ", ") + "]")
}
