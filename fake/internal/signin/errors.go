package signin

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// The errors of sign-in, each text of the service once. Texts were seen in answers of the service
// unless the comment says that they are inferred.

func methodNotSupported() error {
	return pool.InvalidParameter("Initiate Auth method not supported.")
}

func userPasswordDisabled() error {
	return pool.InvalidParameter("USER_PASSWORD_AUTH flow not enabled for this client")
}

func adminDisabled() error {
	return pool.InvalidParameter("Auth flow not enabled for this client")
}

func srpDisabled() error {
	return pool.InvalidParameter("USER_SRP_AUTH is not enabled for the client.")
}

func customDisabled() error {
	return pool.InvalidParameter("CUSTOM_AUTH is not enabled for the client.")
}

func userAuthDisabled() error {
	return pool.InvalidParameter("USER_AUTH flow not enabled for this client")
}

// invalidSRP is the answer to an SRP_A that is no number, or zero modulo the prime. Inferred.
func invalidSRP() error { return pool.InvalidParameter("Invalid SRP_A.") }

// invalidTimestamp is the answer to a TIMESTAMP that is not written as the service wants it.
func invalidTimestamp() error {
	return pool.InvalidParameter("TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.")
}

// refreshDisabled is inferred: nobody has shown the text.
func refreshDisabled() error {
	return pool.InvalidParameter("REFRESH_TOKEN_AUTH flow not enabled for this client")
}

func customTriggerMissing() error {
	return pool.InvalidParameter("Custom auth lambda trigger is not configured for the user pool.")
}

func missingParameter(name string) error {
	return pool.InvalidParameter("Missing required parameter " + name)
}

func userNotConfirmed() error {
	return &types.UserNotConfirmedException{Message: aws.String("User is not confirmed.")}
}

func temporaryPasswordExpired() error {
	return pool.NotAuthorized("Temporary password has expired and must be reset by an administrator.")
}

func attemptsExceeded() error { return pool.NotAuthorized("Password attempts exceeded") }

func sessionExpired() error {
	return pool.NotAuthorized("Invalid session for the user, session is expired.")
}

func sessionSpent() error {
	return pool.NotAuthorized("Invalid session for the user, session can only be used once.")
}

// sessionInvalid is the answer to a session of another user; that it is also the answer to one of
// another client or challenge, or whose challenge has no purpose any more, is inferred.
func sessionInvalid() error { return pool.NotAuthorized("Invalid session for the user.") }

// sessionUndecodable is the answer to a text that is no session; when exactly the service gives it
// is inferred.
func sessionUndecodable() error {
	return &types.CodeMismatchException{Message: aws.String("Invalid session provided")}
}

// codeMismatch is the answer to a wrong code that was delivered for a sign-in.
func codeMismatch() error {
	return &types.CodeMismatchException{Message: aws.String("Invalid code or auth state for the user.")}
}

// notSelectable is the answer to the choice of a factor that was not offered. Inferred.
func notSelectable(factor string) error {
	return pool.InvalidParameter("MFA type " + factor + " cannot be selected.")
}

// notAvailable is the answer to the choice of a first factor that was not offered. Inferred.
func notAvailable(answer string) error {
	return pool.InvalidParameter("Challenge " + answer + " is not available.")
}

func alreadyProvided(attribute string) error {
	return pool.NotAuthorized("Cannot modify an already provided " + attribute)
}

func attributesMissing(names []string) error {
	return pool.InvalidParameter("Invalid attributes given, " + strings.Join(names, " and ") + " is missing")
}

// subjectMissing is the answer to an identity provider that does not tell whose account it is. Inferred.
func subjectMissing() error {
	return pool.InvalidParameter("The identity provider did not return the attribute that is mapped to username.")
}

// IsSessionOver reports whether an error refuses the session of an answer, rather than what it answers.
func IsSessionOver(err error) bool {
	return err != nil && slices.ContainsFunc([]error{sessionExpired(), sessionSpent(), sessionInvalid()}, func(over error) bool {
		return over.Error() == err.Error()
	})
}
