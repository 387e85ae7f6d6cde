package real

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// explain adds to an error of the service what its reader can do.
func (b *Backend) explain(err error) error {
	advice := b.advice(err)
	if advice == "" {
		return err
	}
	return fmt.Errorf("%s: %w", advice, err)
}

// advice returns what to do about an error, or "" where nothing is known.
func (b *Backend) advice(err error) string {
	code := codeOf(err)
	switch {
	case code != "":
		return b.adviceOn(code, operationOf(err))
	case errors.As(err, new(*smithyhttp.RequestSendError)), errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("the service cannot be reached in region %s; check AWS_REGION and the network", b.aws.Region)
	}
	return ""
}

func (b *Backend) adviceOn(code, operation string) string {
	switch code {
	case "UnrecognizedClientException", "InvalidClientTokenId", "InvalidSignatureException", "IncompleteSignatureException",
		"SignatureDoesNotMatch", "AuthFailure":
		return "AWS does not accept the credentials; check AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and the clock of this machine"
	case "ExpiredTokenException", "ExpiredToken", "RequestExpired":
		return "the AWS credentials have expired; sign in again with aws login or aws sso login"
	case "AccessDeniedException", "AccessDenied":
		return "the AWS credentials may not call cognito-idp:" + operation + "; the README of cognitotest has the policy that tests need"
	case (&types.ResourceNotFoundException{}).ErrorCode():
		return b.adviceOnMissing(operation)
	case (&types.LimitExceededException{}).ErrorCode():
		return b.adviceOnLimits(operation)
	}
	return ""
}

// adviceOnMissing tells what to check where a pool or an app client is not there.
func (b *Backend) adviceOnMissing(operation string) string {
	switch operation {
	case "DescribeUserPool":
		return fmt.Sprintf("region %s of this account has no such pool; check COGNITOTEST_POOL_ID, AWS_REGION and AWS_PROFILE against: aws cognito-idp list-user-pools --max-results 60 --region %s",
			b.aws.Region, b.aws.Region)
	case "DescribeUserPoolClient":
		return fmt.Sprintf("there is no such pool or app client in region %s; check COGNITOTEST_POOL_ID and COGNITOTEST_CLIENT_ID against: aws cognito-idp list-user-pool-clients --user-pool-id %s --region %s",
			b.aws.Region, b.config.PoolID, b.aws.Region)
	}
	return ""
}

// adviceOnLimits tells how to get below the number of things that an account may have.
func (b *Backend) adviceOnLimits(operation string) string {
	switch {
	case operation == "CreateUserPool":
		return "the account has no room for more pools; remove what killed test runs left with: " + sweepCommand
	case b.config.PoolID != "" && (operation == "CreateUserPoolClient" || operation == "CreateGroup"):
		return "the pool has no room for more; remove what killed test runs left with: " + sweepCommand + " -pool " + b.config.PoolID
	}
	return "" // of a user's attempts
}

// sweepCommand is what the package's reader types.
const sweepCommand = "go run github.com/cognitotest/cognito/real/cmd/cognitosweep -older-than 2h"

// codeOf returns the code of the service's answer, which is of a type of its own only where the operation's
// model names it, or "" of what is no answer.
func codeOf(err error) string {
	var answer smithy.APIError
	if errors.As(err, &answer) {
		return answer.ErrorCode()
	}
	return ""
}

func operationOf(err error) string {
	var operation *smithy.OperationError
	if errors.As(err, &operation) {
		return operation.Operation()
	}
	return ""
}
