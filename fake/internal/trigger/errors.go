package trigger

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// The errors of triggers. Texts were seen in answers of the service unless the comment says that
// they are inferred.

// failed is the answer where a function returned an error, or panicked.
func failed(s Source, message string) error {
	return &types.UserLambdaValidationException{Message: aws.String(s.Trigger() + " failed with error " + message + ".")}
}

// exited takes the place of a message where a function ended without an answer. Inferred from AWS
// Lambda.
const exited = "Runtime exited without providing a reason"

// Unusable is the answer to an event that a function did not return as the service wants it.
func Unusable() error {
	return &types.InvalidLambdaResponseException{Message: aws.String("Unrecognizable lambda output")}
}

// notInvoked is the answer where a function could not be invoked, with the error code of AWS Lambda.
func notInvoked(s Source, code string) error {
	return &types.UnexpectedLambdaException{Message: aws.String(s.Trigger() + " invocation failed due to error " + code + ".")}
}

// timedOut takes the place of an error code where a function did not answer in time. Inferred.
const timedOut = "Socket timeout while invoking Lambda function"
