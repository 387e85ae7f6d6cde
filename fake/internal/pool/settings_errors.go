package pool

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// The texts about settings of pools and app clients, each once. Those of InvalidParameterException
// that name nothing are constants. Texts were seen in answers of the service unless the comment
// says that they are inferred.

// Pool settings.
const (
	aliasAndUsername         = "Only one of the aliasAttributes or usernameAttributes can be set in a User pool."
	preferredUsernameTwice   = "The attribute preferred_username cannot be required and an alias." // inferred; the rule is documented
	unusedAccountValidity    = "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays"
	autoVerifyWithoutSMS     = "SMS configuration is required when phone_number is selected for auto verification"
	notAutoVerified          = "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes"
	adminOnlyNotAlone        = "Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms."
	duplicateRecovery        = "Account Recovery Setting cannot have duplicate priorities or recovery mechanisms."
	passwordFactorMissing    = "Password should be configured as one of the allowed first auth factors."
	differentPreTokenLambdas = "Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda function ARN's"
	senderWithoutKey         = "KMSKeyId parameter is required when Custom SMS/Email Lambda trigger is used."
	crossRegionLambda        = "Cross-region lambda functions are not supported"
	developerWithoutSource   = "Source ARN is required to use DEVELOPER email sending owner"
	invalidFrom              = "Provided From email address is invalid"
)

// Deletion of pools.
const (
	poolProtected = "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first."
	poolHasDomain = "User pool cannot be deleted. It has a domain configured that should be deleted first."
)

// MFA settings.
const (
	mfaWithoutFactor       = "SMS configuration and Auto verification for phone_number are required when MFA is required/optional"
	mfaOffWithFactor       = "Invalid MFA configuration given, can't turn off MFA and configure an MFA together."
	mfaOnWithoutFactor     = "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled."
	emailMFAWithoutSES     = "Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of COGNITO_DEFAULT."
	invalidRelyingParty    = "RelyingPartyId contains invalid characters"
	publicRelyingParty     = "RelyingPartyId must not be a public suffix" // the rule is documented, the text inferred
	otpFactorWithMFA       = "Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled"
	passkeyFactorWithMFA   = "WEB_AUTHN cannot be used as an auth factor when MFA is enabled if not configured for MFA."
	mfaWithSingleFactorKey = "Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and WebAuthn is an allowed first auth factor"
)

// Schemas. Only noAttributeName is inferred.
const (
	noAttributeName         = "The name of a schema attribute must not be null."
	noAttributeType         = "Invalid AttributeDataType input, consider using the provided AttributeDataType enum."
	requiredCustomAttribute = "Required custom attributes are not supported currently."
)

// App clients. Only secretTwice is inferred.
const (
	mixedAuthFlows         = "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names."
	rotationWithRefresh    = "ALLOW_REFRESH_TOKEN_AUTH is not a permitted ExplicitAuthFlow when refresh token rotation is enabled."
	validityRange          = "Invalid range for token validity."
	validityOrder          = "Access and Id Token expiration times must be less than or equal to refresh token expiration times."
	oauthIncomplete        = "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows."
	callbacksMissing       = "CallbackUrls can not be empty when code flow or implicit flow is selected"
	credentialsFlowMixed   = "client_credentials flow can not be selected along with code flow or implicit flow."
	credentialsFlowPublic  = "client_credentials flow can not be selected if client does not have a client secret."
	propagateWithoutSecret = "Client Secret is required to set EnablePropagateAdditionalUserContextData as true"
	invalidAnalytics       = "Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> are valid"
	secretTwice            = "ClientSecret cannot be specified when GenerateSecret is true."
)

// The reasons of [Schema.CheckValue]. All but the first are inferred, as are wrongLength and
// wrongNumber below.
const (
	unknownAttribute = "Attribute does not exist in the schema."
	notNumber        = "The attribute value must be a number."
	notBoolean       = "The attribute value must be a boolean."
	notDateTime      = "The attribute value must be an ISO 8601 date."
)

func wrongLength(least, most string) string {
	return "The attribute length must be " + span(least, most) + "."
}

func wrongNumber(least, most string) string {
	return "The attribute value must be " + span(least, most) + "."
}

func span(least, most string) string {
	switch {
	case most == "":
		return "at least " + least
	case least == "":
		return "at most " + most
	}
	return "between " + least + " and " + most
}

// crossAccountRole is the answer to a role of another account, in pools and in groups.
func crossAccountRole() error { return InvalidParameter("Cross-account pass role is not allowed.") }

// sourceARNRegion is the answer to an SES identity in the wrong region.
func sourceARNRegion(allowed []string) error {
	return InvalidParameter("Provided SourceArn must be in one of the following SES regions: " +
		strings.Join(allowed, ", ") + ".")
}

func snsRegion(region string) error {
	return InvalidParameter("Invalid snsRegion. Allowed SNS region for " + region + " is " + region)
}

func kmsKeyRegion(region string) error {
	return InvalidParameter("Invalid arn " + region)
}

// tierLacks is the answer to features that a tier does not have. The text was seen with one
// feature; that several are joined by commas is inferred.
func tierLacks(tier types.UserPoolTierType, features ...string) error {
	return &types.FeatureUnavailableInTierException{Message: text("The following features need to be disabled for the " +
		string(tier) + " pricing tier configured: " + strings.Join(features, ", "))}
}

// Names of features in [tierLacks]. The last is inferred.
const (
	featurePasswordless     = "Passwordless Sign-In"
	featureTokenCustomizing = "Token Customization with Pre-Token Generation Lambda V2_0"
	featureThreatProtection = "Threat Protection"
	featureRotation         = "Refresh Token Rotation"
	featureEmailMFA         = "Email MFA"
)

func changedStandardAttribute(name string) error {
	return InvalidParameter("You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute " + name)
}

func duplicateCustomAttribute(name, _ string) error {
	return InvalidParameter("Duplicate custom attribute names " + name + " are not allowed in a user pool schema.")
}

// existingCustomAttribute is inferred.
func existingCustomAttribute(name, existing string) error {
	return InvalidParameter(name + ": Existing attribute already has name " + existing + ".")
}

// customConstraintErrors: the two orders were seen, the rest is inferred.
func customConstraintErrors(name string) constraintErrors {
	e := standardConstraintErrors(name)
	e.lengthOrder = InvalidParameter("Attribute " + name + " cannot have a max length shorter than it's min length")
	e.valueOrder = InvalidParameter("Attribute " + name + " cannot have a max value smaller than it's min value")
	return e
}

// standardConstraintErrors are inferred.
func standardConstraintErrors(name string) constraintErrors {
	return constraintErrors{
		lengthOrder: InvalidParameter("user." + name + ": Max length cannot be less than min length."),
		valueOrder:  InvalidParameter("user." + name + ": Max value cannot be less than min value."),
		tooLong:     InvalidParameter("user." + name + ": String attributes cannot have a length of more than 2048"),
		noLength:    InvalidParameter("Invalid StringAttributeConstraints for schema attribute " + name),
		noNumber:    InvalidParameter("Invalid NumberAttributeConstraints for schema attribute " + name),
	}
}

func invalidReadAttributes(verb string) error {
	return InvalidParameter("Invalid read attributes specified while " + verb + " a client")
}

func invalidWriteAttributes(verb string) error {
	return InvalidParameter("Invalid write attributes specified while " + verb + " a client")
}

// unknownScope: the text was seen, the code is inferred.
func unknownScope(scope string) error {
	return &types.ScopeDoesNotExistException{Message: text("Invalid scope requested: " + scope)}
}

func unknownProvider(name, poolID string) error {
	return InvalidParameter("The provider " + name + " does not exist for User Pool " + poolID + ".")
}

func plainHTTP(url string) error { return InvalidParameter(url + " cannot use the HTTP protocol.") }

func fragmentInURL(url string) error { return InvalidParameter(url + " cannot use fragment") }

func redirectNotCallback(uri string) error {
	return InvalidParameter("The default redirect URI " + uri + " is not in the callback URIs list.")
}

func pinpointRegion(region string) error {
	return InvalidParameter("The integration with Pinpoint is not supported for the requested " + region + " region.")
}
