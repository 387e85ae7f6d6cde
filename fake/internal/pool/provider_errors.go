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
