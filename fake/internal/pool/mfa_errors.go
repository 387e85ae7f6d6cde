package pool

import "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

// The errors of second factors. Texts were seen in answers of the service unless the comment says
// that they are inferred.

const totpUsed = "Your software token has already been used once"

// TOTPNotAllowed is the answer to the registration of an authenticator in a pool without TOTP.
func TOTPNotAllowed() error {
	return &types.SoftwareTokenMFANotFoundException{Message: text("Software Token MFA has not been enabled by the userPool")}
}

// TOTPNotFound is the answer to a code of a user who has no authenticator.
func TOTPNotFound() error {
	return &types.SoftwareTokenMFANotFoundException{Message: text("Software Token MFA does not exist for the user.")}
}

// TOTPNotVerified is the answer of VerifySoftwareToken to a wrong code.
func TOTPNotVerified() error {
	return &types.EnableSoftwareTokenMFAException{Message: text("Code mismatch")}
}

// TOTPVerifiedByUsedCode is the answer of VerifySoftwareToken to a code that was used before.
func TOTPVerifiedByUsedCode() error {
	return &types.EnableSoftwareTokenMFAException{Message: text(totpUsed)}
}

// TOTPMismatch is the answer to a wrong code at sign-in.
func TOTPMismatch() error {
	return &types.CodeMismatchException{Message: text("Invalid code received for user")}
}

// TOTPUsed is the answer to a code at sign-in that was used before.
func TOTPUsed() error { return &types.ExpiredCodeException{Message: text(totpUsed + ".")} }

// FactorUndeliverable is the answer to enabling a factor that the user cannot answer. For email the
// text is inferred.
func FactorUndeliverable(f Factor) error {
	return InvalidParameter("User does not have delivery config set to turn on " + string(f))
}

// PreferredDisabled is the answer to a preference for a factor that is not enabled. Inferred.
func PreferredDisabled(f Factor) error {
	return InvalidParameter("Preferred MFA " + string(f) + " is not enabled.")
}

// PreferredTwice is the answer to two preferred factors. Inferred.
func PreferredTwice() error {
	return InvalidParameter("Only one MFA method can be preferred.")
}

// OptionUnsupported is the answer to an MFAOptions entry other than SMS to phone_number. Inferred.
func OptionUnsupported() error {
	return InvalidParameter("MFAOptions can only set SMS to phone_number.")
}
