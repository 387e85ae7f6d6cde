package trigger

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// Name is a trigger that a pool can have: a member of LambdaConfig and, for PreTokenGeneration, the
// version of its event.
type Name string

// The triggers.
const (
	PreSignUp                   Name = "PreSignUp"
	PostConfirmation            Name = "PostConfirmation"
	PreAuthentication           Name = "PreAuthentication"
	PostAuthentication          Name = "PostAuthentication"
	PreTokenGeneration          Name = "PreTokenGeneration" // version 1
	PreTokenGenerationV2        Name = "PreTokenGenerationV2"
	PreTokenGenerationV3        Name = "PreTokenGenerationV3"
	DefineAuthChallenge         Name = "DefineAuthChallenge"
	CreateAuthChallenge         Name = "CreateAuthChallenge"
	VerifyAuthChallengeResponse Name = "VerifyAuthChallengeResponse"
	UserMigration               Name = "UserMigration"
	CustomMessage               Name = "CustomMessage"
	CustomEmailSender           Name = "CustomEmailSender"
	CustomSMSSender             Name = "CustomSMSSender"
	InboundFederation           Name = "InboundFederation"
)

// Names returns all triggers.
func Names() []Name {
	return []Name{
		PreSignUp, PostConfirmation, PreAuthentication, PostAuthentication,
		PreTokenGeneration, PreTokenGenerationV2, PreTokenGenerationV3,
		DefineAuthChallenge, CreateAuthChallenge, VerifyAuthChallengeResponse,
		UserMigration, CustomMessage, CustomEmailSender, CustomSMSSender, InboundFederation,
	}
}

// Member returns the member of LambdaConfig that a trigger is, which is also its name in errors.
func (n Name) Member() string {
	if _, versioned := tokenVersions[n]; versioned {
		return string(PreTokenGeneration)
	}
	return string(n)
}

// Set makes a trigger of a LambdaConfig call a function. It reports false for a name that is none.
func Set(c *types.LambdaConfigType, n Name, arn string) bool {
	switch n {
	case PreTokenGeneration, PreTokenGenerationV2, PreTokenGenerationV3:
		c.PreTokenGeneration = &arn
		c.PreTokenGenerationConfig = &types.PreTokenGenerationVersionConfigType{LambdaArn: &arn, LambdaVersion: tokenVersions[n]}
	case CustomEmailSender:
		c.CustomEmailSender = &types.CustomEmailLambdaVersionConfigType{LambdaArn: &arn, LambdaVersion: types.CustomEmailSenderLambdaVersionTypeV10}
	case CustomSMSSender:
		c.CustomSMSSender = &types.CustomSMSLambdaVersionConfigType{LambdaArn: &arn, LambdaVersion: types.CustomSMSSenderLambdaVersionTypeV10}
	case InboundFederation:
		c.InboundFederation = &types.InboundFederationLambdaType{LambdaArn: &arn, LambdaVersion: types.InboundFederationLambdaVersionTypeV10}
	default:
		member := plain(c, n)
		if member == nil {
			return false
		}
		*member = &arn
	}
	return true
}

var tokenVersions = map[Name]types.PreTokenGenerationLambdaVersionType{
	PreTokenGeneration:   types.PreTokenGenerationLambdaVersionTypeV10,
	PreTokenGenerationV2: types.PreTokenGenerationLambdaVersionTypeV20,
	PreTokenGenerationV3: types.PreTokenGenerationLambdaVersionTypeV30,
}

// plain returns the member of a trigger that is an ARN and nothing else, or nil.
func plain(c *types.LambdaConfigType, n Name) **string {
	switch n {
	case PreSignUp:
		return &c.PreSignUp
	case PostConfirmation:
		return &c.PostConfirmation
	case PreAuthentication:
		return &c.PreAuthentication
	case PostAuthentication:
		return &c.PostAuthentication
	case DefineAuthChallenge:
		return &c.DefineAuthChallenge
	case CreateAuthChallenge:
		return &c.CreateAuthChallenge
	case VerifyAuthChallengeResponse:
		return &c.VerifyAuthChallengeResponse
	case UserMigration:
		return &c.UserMigration
	case CustomMessage:
		return &c.CustomMessage
	}
	return nil
}

// arnOf returns the function that a pool calls for a trigger, or "".
func arnOf(c *types.LambdaConfigType, n Name) string {
	switch {
	case c == nil:
		return ""
	case n == PreTokenGeneration:
		return aws.ToString(c.PreTokenGeneration)
	case n == CustomEmailSender && c.CustomEmailSender != nil:
		return aws.ToString(c.CustomEmailSender.LambdaArn)
	case n == CustomSMSSender && c.CustomSMSSender != nil:
		return aws.ToString(c.CustomSMSSender.LambdaArn)
	case n == InboundFederation && c.InboundFederation != nil:
		return aws.ToString(c.InboundFederation.LambdaArn)
	}
	if member := plain(c, n); member != nil {
		return aws.ToString(*member)
	}
	return ""
}

// Has reports whether a pool calls a function for a trigger.
func Has(p *pool.Pool, n Name) bool { return arnOf(p.Settings.LambdaConfig, n) != "" }

// Call is who calls an operation of a pool that fires a trigger.
type Call struct {
	Pool     *pool.Pool
	ClientID string            // "" where the call names none
	Metadata map[string]string // ClientMetadata
	SDK      string
	IP       string // of whoever calls
}

// NewCall returns a call that an app client made, or with "" an administrator, without ClientMetadata.
func NewCall(ctx context.Context, p *pool.Pool, clientID string) Call {
	from := originOf(ctx)
	return Call{Pool: p, ClientID: clientID, SDK: from.sdk(), IP: from.IP}
}

// event returns an event of a source of the named trigger, or nil where the pool calls nobody for it: most
// pools do not, and nothing is composed for them then. The pool's lock must be held.
func (c Call) event(n Name, source Source, username string, request func() any, response any) *Event {
	arn := arnOf(c.Pool.Settings.LambdaConfig, n)
	if arn == "" {
		return nil
	}
	clientID := c.ClientID
	if clientID == "" {
		clientID = NoClient
	}
	return &Event{
		Version: "1", Source: source, Region: c.Pool.Region, UserPoolID: c.Pool.ID, UserName: username,
		Caller: CallerContext{SDK: c.SDK, ClientID: clientID}, Request: request(), Response: response, arn: arn,
	}
}
