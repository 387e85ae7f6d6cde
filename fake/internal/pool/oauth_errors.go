package pool

import "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

// The errors of resource servers and domains, each text of the service once. Texts were seen in answers of the
// service unless the comment says that they are inferred.

// Domains. Only invalidLoginVersion is inferred.
const (
	domainTaken         = "Domain already associated with another user pool."
	domainTwice         = "User pool already has a domain configured."
	invalidDomain       = "The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens."
	notSubdomain        = "Custom domain is not a valid subdomain"
	unusableCertificate = "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain."
	invalidLoginVersion = "ManagedLoginVersion must be 1 or 2."
)

// DomainNotFound is the answer for a domain that the pool does not have, or of a pool that does not exist.
func DomainNotFound() error { return InvalidParameter("No such domain or user pool exists.") }

// reservedDomain is the answer to a prefix with a name of the service's in it.
func reservedDomain(word string) error {
	return InvalidParameter("Domain cannot contain reserved word: " + word)
}

// tierWithoutManagedLogin is the answer to new login pages in a tier that does not have them. That its code is that
// of other such answers is inferred.
func tierWithoutManagedLogin(tier types.UserPoolTierType) error {
	return &types.FeatureUnavailableInTierException{Message: text("The following feature is not available for the " +
		string(tier) + " pricing tier configured: Managed Login Version 2")}
}

// ResourceServerNotFound is the answer for a resource server that does not exist. Inferred.
func ResourceServerNotFound(identifier string) error {
	return notFound("Resource server " + identifier + " does not exist.")
}

// resourceServerExists is inferred.
func resourceServerExists(identifier, poolID string) error {
	return InvalidParameter(identifier + " already exists in user pool " + poolID + ".")
}

// scopeTwice is inferred.
func scopeTwice(name string) error {
	return InvalidParameter("Duplicate scope name " + name + " in a resource server.")
}
