package pool

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"
)

// The errors of pools, users, groups, clients and codes, each text of the service once. Texts were
// seen in answers of the service unless the comment says that they are inferred.

// PoolNotFound is the answer for a pool that does not exist or stands in another region.
func PoolNotFound(id string) error {
	return notFound("User pool " + id + " does not exist.")
}

// ClientNotFound is the answer for an app client that does not exist.
func ClientNotFound(id string) error {
	return notFound("User pool client " + id + " does not exist.")
}

// idTaken is an answer of this fake to an id that a test chose twice; the service chooses ids itself.
func idTaken(id string) error {
	return InvalidParameter("cognitotest: the pinned id " + id + " is taken; leave it out, or make it once")
}

// GroupNotFound is the answer for a group that does not exist.
func GroupNotFound() error { return notFound("Group not found.") }

// SecretNotFound is the answer for an unknown client secret id. Inferred.
func SecretNotFound(id string) error {
	return notFound("Client secret " + id + " does not exist.")
}

// NotConfidential refuses to give a secret to an app client that was made without one. The rule is
// documented, the text inferred.
func NotConfidential(clientID string) error {
	return InvalidParameter("App client " + clientID + " is not configured for secret.")
}

// LastSecret refuses to delete the only secret of a client. The rule is documented, the text
// inferred.
func LastSecret() error {
	return InvalidParameter("The last client secret of an app client cannot be deleted.")
}

// AddOnNotEnabled is the answer of the operations on events in a pool without threat protection. The code
// is documented, the text inferred.
func AddOnNotEnabled() error {
	return &types.UserPoolAddOnNotEnabledException{Message: text("User pool add-ons are not enabled for this pool.")}
}

// EventNotFound is the answer to the id of an event that the user's history does not have. Inferred.
func EventNotFound() error { return notFound("Event does not exist.") }

// FeedbackTokenInvalid is the answer to a FeedbackToken that is not the event's. Inferred.
func FeedbackTokenInvalid() error {
	return &types.NotAuthorizedException{Message: text("Invalid feedback token.")}
}

// GroupExists is the answer for a group name that is taken.
func GroupExists() error {
	return &types.GroupExistsException{Message: text("A group with the name already exists.")}
}

// TooManyResources is the answer at a resource quota. The code is documented, the text inferred.
func TooManyResources(what string) error {
	return &types.LimitExceededException{Message: text("The number of " + what + " is at its limit.")}
}

// UserNotFound is the answer of administrators' operations, and of sign-in where the client does
// not hide who exists.
func UserNotFound() error {
	return &types.UserNotFoundException{Message: text("User does not exist.")}
}

// UserClientNotFound is the answer of the self-service operations to an unknown user.
func UserClientNotFound() error {
	return &types.UserNotFoundException{Message: text("Username/client id combination not found.")}
}

// UserExists is the answer of SignUp to a username that is taken.
func UserExists() error {
	return &types.UsernameExistsException{Message: text("User already exists")}
}

// UserAccountExists is the answer of AdminCreateUser to a username that is taken. Inferred.
func UserAccountExists() error {
	return &types.UsernameExistsException{Message: text("User account already exists")}
}

// UsernameShouldBe is the answer to a name that is none of a pool's username attributes. The text
// for phone numbers alone is inferred.
func UsernameShouldBe(allowed []types.UsernameAttributeType) error {
	switch {
	case len(allowed) > 1:
		return InvalidParameter("Username should be either an email or a phone number.")
	case slices.Contains(allowed, types.UsernameAttributeTypeEmail):
		return InvalidParameter("Username should be an email.")
	}
	return InvalidParameter("Username should be a phone number.")
}

// UsernameLikeEmail is the answer to a username that could be somebody's alias.
func UsernameLikeEmail() error {
	return InvalidParameter("Username cannot be of email format, since user pool is configured for email alias.")
}

// UsernameLikePhone is the same for phone numbers. Inferred.
func UsernameLikePhone() error {
	return InvalidParameter("Username cannot be of phone number format, since user pool is configured for phone number alias.")
}

// NotConfirmable is the answer to the confirmation of a user who has not just signed up.
func NotConfirmable(status types.UserStatusType) error {
	return NotAuthorized("User cannot be confirmed. Current status is " + string(status))
}

// InvitationNotPending is the answer to RESEND for a user who has set a password already. Inferred.
func InvitationNotPending(username string) error {
	return &types.UnsupportedUserStateException{Message: text("Resend not possible. " + username + " status is not FORCE_CHANGE_PASSWORD")}
}

// ContactMissing is the answer to an invitation to an email or phone_number that the user lacks.
// The rule is documented, the text inferred.
func ContactMissing(attribute string) error {
	return InvalidParameter("The invitation cannot be delivered: the user has no " + attribute + ".")
}

// PasswordNotResettable is the answer to a reset for a user who has no password of their own yet.
func PasswordNotResettable() error {
	return NotAuthorized("User password cannot be reset in the current state.")
}

// NoRecoveryContact is the answer to a reset where a code can be sent nowhere.
func NoRecoveryContact() error {
	return InvalidParameter("Cannot reset password for the user as there is no registered/verified email or phone_number")
}

// RecoveryByAdminOnly is the answer to a reset by code in a pool without self-service recovery.
// Inferred.
func RecoveryByAdminOnly() error { return NotAuthorized("Contact administrator to reset password.") }

// UsernameTaken is the answer where an email address or phone number is somebody's username.
func UsernameTaken(attribute string) error {
	return &types.UsernameExistsException{Message: text(accountWithGiven(attribute))}
}

// AliasTaken is the answer where an email address or phone number is somebody's alias.
func AliasTaken(attribute string) error {
	return &types.AliasExistsException{Message: text(accountWithGiven(attribute))}
}

// AliasTakenAtConfirmation is the answer of ConfirmSignUp to an alias that is taken (API reference).
func AliasTakenAtConfirmation(attribute string) error {
	return &types.AliasExistsException{Message: text("An account with the " + attribute + " already exists.")}
}

func accountWithGiven(attribute string) string {
	return "An account with the given " + attribute + " already exists."
}

// UserDisabled is the answer to everything that a disabled user tries.
func UserDisabled() error { return NotAuthorized("User is disabled.") }

// IncorrectCredentials is the answer to a wrong password and, where a client hides who exists, to
// an unknown user.
func IncorrectCredentials() error { return NotAuthorized("Incorrect username or password.") }

// PasswordResetRequired is the answer to a user whose password an administrator has reset.
func PasswordResetRequired() error {
	return &types.PasswordResetRequiredException{Message: text("Password reset required for the user")}
}

// SignUpNotPermitted is the answer of SignUp where only administrators create users.
func SignUpNotPermitted() error {
	return NotAuthorized("SignUp is not permitted for this user pool")
}

// PreferredUsernameTooEarly is the answer of SignUp to a preferred_username that is an alias. The
// rule is documented, the text inferred.
func PreferredUsernameTooEarly() error {
	return InvalidParameter("The preferred_username can be set only after the user is confirmed.")
}

// AlreadyConfirmed is the answer of ResendConfirmationCode where there is nothing to confirm.
func AlreadyConfirmed() error { return InvalidParameter("User is already confirmed.") }

// CannotResend is the answer of ResendConfirmationCode where a code has nowhere to go.
func CannotResend() error {
	return NotAuthorized("Cannot resend codes. Auto verification not turned on.")
}

// NoContact is the answer to the verification of an attribute other than email and phone_number.
// The rule is documented, the text inferred.
func NoContact(attribute string) error {
	return InvalidParameter("Attribute " + attribute + " cannot be verified.")
}

// ContactUnset is the answer to the verification of an attribute that the user does not have.
// Inferred.
func ContactUnset(attribute string) error {
	return InvalidParameter("The user has no " + attribute + " to verify.")
}

// ExpiredCode is the answer where a code has expired or none is outstanding.
func ExpiredCode() error {
	return &types.ExpiredCodeException{Message: text("Invalid code provided, please request a code again.")}
}

// CodeMismatch is the answer to a wrong confirmation or verification code.
func CodeMismatch() error {
	return &types.CodeMismatchException{Message: text("Invalid verification code provided, please try again.")}
}

// AttemptLimit is the answer to a user who has tried too often in an hour.
func AttemptLimit() error {
	return &types.LimitExceededException{Message: text("Attempt limit exceeded, please try after some time.")}
}

// SecretHashMissing is the answer where a client has a secret and no SECRET_HASH came.
func SecretHashMissing(clientID string) error {
	return NotAuthorized("Client " + clientID + " is configured with secret but SECRET_HASH was not received")
}

// SecretHashMismatch is the answer of InitiateAuth and SignUp to a wrong SECRET_HASH.
func SecretHashMismatch(clientID string) error {
	return NotAuthorized("SecretHash does not match for the client: " + clientID)
}

// SecretHashUnverified is the older text for a wrong SECRET_HASH, which the other operations use.
func SecretHashUnverified(clientID string) error {
	return NotAuthorized("Unable to verify secret hash for client " + clientID)
}

// SecretHashUnexpected is the answer where a client without secret gets a SECRET_HASH.
func SecretHashUnexpected(clientID string) error {
	return InvalidParameter("App client " + clientID + " is not configured for secret but secret hash was received")
}

// AttributesNotDefined is the answer of ListUsers to AttributesToGet that the schema does not have.
func AttributesNotDefined() error {
	return InvalidParameter("One or more requested attributes do not exist")
}

// FilterUnparsable is the answer of ListUsers to a filter that is none. Inferred.
func FilterUnparsable() error { return InvalidParameter("Error while parsing filter") }

// FilterNotSearchable is the answer of ListUsers to a filter on another attribute. Inferred.
func FilterNotSearchable(attribute string) error {
	return InvalidParameter("Invalid search attribute: " + attribute)
}

// PageTokenInvalid is the answer to a page token that is none, has expired or belongs to another
// list. Inferred.
func PageTokenInvalid() error { return InvalidParameter("Invalid pagination token.") }

// InvalidParameter makes an InvalidParameterException.
func InvalidParameter(message string) error {
	return &types.InvalidParameterException{Message: text(message)}
}

// NotAuthorized makes a NotAuthorizedException.
func NotAuthorized(message string) error {
	return &types.NotAuthorizedException{Message: text(message)}
}

func notFound(message string) error {
	return &types.ResourceNotFoundException{Message: text(message)}
}

func text(s string) *string { return &s }

// Broken makes the panic value for an invariant of the fake that does not hold.
func Broken(format string, args ...any) string {
	return "cognitotest: internal error: " + fmt.Sprintf(format, args...)
}

// NotSimulated is the error of this fake, not of the service, for an operation, a flow or a
// challenge that it does not model.
type NotSimulated struct{ What string }

// Error says what is not simulated.
func (e *NotSimulated) Error() string { return e.ErrorCode() + ": " + e.ErrorMessage() }

// ErrorCode returns a code that the service does not have.
func (e *NotSimulated) ErrorCode() string { return "NotSimulatedException" }

// ErrorMessage names what is not simulated.
func (e *NotSimulated) ErrorMessage() string {
	return "cognitotest: " + e.What + " is not simulated by this version of the fake"
}

// ErrorFault blames the server.
func (e *NotSimulated) ErrorFault() smithy.ErrorFault { return smithy.FaultServer }

// HTTPStatusCode returns 501, which SDKs do not retry.
func (e *NotSimulated) HTTPStatusCode() int { return http.StatusNotImplemented }

// AttributeNull is the answer to an attribute without a value.
func AttributeNull(name string) error {
	return InvalidParameter("Attribute value for " + name + " must not be null")
}

// AttributeUndetermined is the answer to an unknown custom attribute of a new user.
func AttributeUndetermined(name string) error {
	return InvalidParameter("Attributes did not conform to the schema: Type for attribute {" + name + "} could not be determined")
}

// AttributesNotConforming is the answer to an attribute of a user that breaks the schema.
func AttributesNotConforming(name, reason string) error {
	return InvalidParameter("Attributes did not conform to the schema: " + name + ": " + reason + "\n")
}

// AttributesRequired is the answer to a sign-up that lacks required attributes.
func AttributesRequired(names []string) error {
	message := "Attributes did not conform to the schema: "
	for _, name := range names {
		message += name + ": The attribute is required\n"
	}
	return InvalidParameter(message)
}

// AttributesUnknown is the answer to an update of attributes that the schema does not have.
func AttributesUnknown(names []string) error {
	message := "Invalid user attributes: "
	for _, name := range names {
		message += "user." + name + ": " + unknownAttribute + "\n"
	}
	return InvalidParameter(message)
}

// AttributeNotUpdatable is the answer to an update of an immutable attribute.
func AttributeNotUpdatable(name string) error {
	return InvalidParameter("user." + name + ": Attribute cannot be updated.\n")
}

// AttributeImmutable is the answer to a value for the sub and, where users change their own
// attributes, for an immutable attribute or a flag that only the service sets.
func AttributeImmutable(name string) error {
	return InvalidParameter("Cannot modify the non-mutable attribute " + name)
}

// VerifiedWithoutValue is the answer to a flag for an email or phone_number that the user lacks. The
// rule is documented, the text inferred.
func VerifiedWithoutValue(attribute string) error {
	return InvalidParameter("Attribute " + attribute + verifiedSuffix + " needs a value for " + attribute + ".")
}

// AttributeUnauthorized is the answer to an app client that may not write an attribute.
func AttributeUnauthorized() error {
	return NotAuthorized("A client attempted to write unauthorized attribute")
}

// InvalidEmail is the answer to an email address that is none.
func InvalidEmail() error { return InvalidParameter("Invalid email address format.") }

// InvalidPhoneNumber is the answer to a phone number that is none.
func InvalidPhoneNumber() error { return InvalidParameter("Invalid phone number format.") }
