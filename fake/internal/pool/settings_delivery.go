package pool

import (
	"net/mail"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// checkEmail judges the email configuration. Whether SES knows the identity is not checked, nor
// whether COGNITO_DEFAULT may send in its name.
func checkEmail(s settings) error {
	c := s.EmailConfiguration
	if c.EmailSendingAccount == types.EmailSendingAccountTypeDeveloper && c.SourceArn == nil {
		return InvalidParameter(developerWithoutSource)
	}
	if err := checkSourceARN(aws.ToString(c.SourceArn), s.at); err != nil {
		return err
	}
	if c.From == nil {
		return nil
	}
	if _, err := mail.ParseAddress(*c.From); err != nil {
		return InvalidParameter(invalidFrom)
	}
	return nil
}

// checkSourceARN refuses an SES identity in a region that the service cannot send from. Allowed are
// the three regions that the service lists and, by the developer guide, the pool's own. A blank ARN is right.
func checkSourceARN(sourceARN string, at Place) error {
	allowed := []string{"eu-west-1", "us-east-1", "us-west-2"}
	if i, listed := slices.BinarySearch(allowed, at.Region); !listed {
		allowed = slices.Insert(allowed, i, at.Region)
	}
	if source, ok := parseARN(&sourceARN); ok && !slices.Contains(allowed, source.Region) {
		return sourceARNRegion(allowed)
	}
	return nil
}

// checkSMS judges the SMS configuration. Whether the role lets the service publish is not checked.
func checkSMS(s settings) error {
	c := s.SmsConfiguration
	switch {
	case c == nil:
		return nil
	case c.SnsRegion != nil && *c.SnsRegion != s.at.Region:
		return snsRegion(s.at.Region)
	}
	return CheckRole(c.SnsCallerArn, s.at)
}

// CheckRole refuses an IAM role of another account, for SMS messages and for groups.
func CheckRole(role *string, at Place) error {
	if r, ok := parseARN(role); ok && r.AccountID != at.AccountID {
		return crossAccountRole()
	}
	return nil
}

// checkTriggers judges the Lambda triggers. Functions of other accounts are right; whether a
// function exists is not checked.
func checkTriggers(s settings) error {
	c := s.LambdaConfig
	if c.PreTokenGenerationConfig != nil && aws.ToString(c.PreTokenGeneration) != aws.ToString(c.PreTokenGenerationConfig.LambdaArn) {
		return InvalidParameter(differentPreTokenLambdas)
	}
	if (c.CustomEmailSender != nil || c.CustomSMSSender != nil) && c.KMSKeyID == nil {
		return InvalidParameter(senderWithoutKey)
	}
	if key, ok := parseARN(c.KMSKeyID); ok && key.Region != s.at.Region {
		return kmsKeyRegion(key.Region)
	}
	for _, function := range triggerARNs(c) {
		if f, ok := parseARN(function); ok && f.Region != s.at.Region {
			return InvalidParameter(crossRegionLambda)
		}
	}
	return nil
}

// triggerARNs returns the functions of all triggers; those that are not set are nil.
func triggerARNs(c *types.LambdaConfigType) []*string {
	functions := []*string{
		c.CreateAuthChallenge, c.CustomMessage, c.DefineAuthChallenge, c.PostAuthentication, c.PostConfirmation,
		c.PreAuthentication, c.PreSignUp, c.PreTokenGeneration, c.UserMigration, c.VerifyAuthChallengeResponse,
	}
	if c.CustomEmailSender != nil {
		functions = append(functions, c.CustomEmailSender.LambdaArn)
	}
	if c.CustomSMSSender != nil {
		functions = append(functions, c.CustomSMSSender.LambdaArn)
	}
	if c.InboundFederation != nil {
		functions = append(functions, c.InboundFederation.LambdaArn)
	}
	return functions
}

// mirrorPreTokenGeneration keeps the older member for the pre token generation trigger and the
// versioned one in step: either alone sets both.
func mirrorPreTokenGeneration(c *types.LambdaConfigType) {
	switch {
	case c.PreTokenGenerationConfig == nil && c.PreTokenGeneration != nil:
		c.PreTokenGenerationConfig = &types.PreTokenGenerationVersionConfigType{
			LambdaArn:     c.PreTokenGeneration,
			LambdaVersion: types.PreTokenGenerationLambdaVersionTypeV10,
		}
	case c.PreTokenGenerationConfig != nil && c.PreTokenGeneration == nil:
		c.PreTokenGeneration = c.PreTokenGenerationConfig.LambdaArn
	}
}

// parseARN reports false for what is no ARN; the form is a constraint that was checked before.
func parseARN(s *string) (arn.ARN, bool) {
	a, err := arn.Parse(aws.ToString(s))
	return a, err == nil
}
