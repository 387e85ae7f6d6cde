package pool

import "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

// The errors of passkeys. Where the comment says no more, the text is the sentence that the API
// reference has for the exception: nobody has shown the service's own.

// PasskeysNotEnabled is the answer in a pool whose first factors do not include WEB_AUTHN.
func PasskeysNotEnabled() error {
	return &types.WebAuthnNotEnabledException{Message: text("This exception is thrown when the passkey feature isn't enabled for the user pool.")}
}

// RelyingPartyMissing is the answer in a pool that has neither a relying party id nor a domain.
func RelyingPartyMissing() error {
	return &types.WebAuthnConfigurationMissingException{Message: text("This exception is thrown when a user pool doesn't have a configured relying party id or a user pool domain.")}
}

// PasskeyChallengeNotFound is the answer to a credential that nobody has asked for, or too long ago.
func PasskeyChallengeNotFound() error {
	return &types.WebAuthnChallengeNotFoundException{Message: text("This exception is thrown when the challenge from StartWebAuthn registration has expired.")}
}

// PasskeyClientMismatch is the answer to a credential that comes through another app client.
func PasskeyClientMismatch() error {
	return &types.WebAuthnClientMismatchException{Message: text("This exception is thrown when the access token is for a different client than the one in the original StartWebAuthnRegistration request.")}
}

// OriginNotAllowed is the answer to a credential that was made on somebody else's page.
func OriginNotAllowed() error {
	return &types.WebAuthnOriginNotAllowedException{Message: text("This exception is thrown when the passkey credential's registration origin does not align with the user pool relying party id.")}
}

// RelyingPartyMismatch is the answer to a credential that was made for somebody else.
func RelyingPartyMismatch() error {
	return &types.WebAuthnRelyingPartyMismatchException{Message: text("This exception is thrown when the given passkey credential is associated with a different relying party ID than the user pool relying party ID.")}
}

// CredentialNotSupported is the answer to a key of another algorithm than those that were asked for.
func CredentialNotSupported() error {
	return &types.WebAuthnCredentialNotSupportedException{Message: text("This exception is thrown when a user presents passkey credentials from an unsupported device or provider.")}
}

// CredentialInvalid is the answer to a credential that cannot be read or is not good, seen at
// registration.
func CredentialInvalid() error { return InvalidParameter("Credential data is not valid") }

// PasskeyNotFound is the answer to the deletion of a passkey that the user does not have. The code
// is documented, the text inferred.
func PasskeyNotFound() error { return notFound("Passkey does not exist.") }

// PasskeysNotMFA is the answer to enabling passkeys as MFA in a pool where they count as one factor.
// The rule is documented, the text inferred.
func PasskeysNotMFA() error {
	return InvalidParameter("The FactorConfiguration of the user pool must be MULTI_FACTOR_WITH_USER_VERIFICATION to turn on WEB_AUTHN")
}

// PasskeyMFAAlone is the answer to enabling passkeys as MFA for a user without another factor. The
// rule is documented, the text inferred.
func PasskeyMFAAlone() error {
	return InvalidParameter("Another MFA method must be enabled to turn on WEB_AUTHN")
}
