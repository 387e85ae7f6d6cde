package api

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// feature is something that settings of a pool or of an app client ask for, and that the fake
// stores and shows without acting upon it. The test's author is told the name.
type feature struct {
	name     string
	inPool   func(*types.UserPoolType) bool
	inClient func(*types.UserPoolClientType) bool
}

// notActedUpon is every such feature, none of which a pool or client has by default.
var notActedUpon = []feature{
	{name: "LambdaConfig.InboundFederation (federated sign-in)", inPool: func(p *types.UserPoolType) bool {
		return p.LambdaConfig.InboundFederation != nil
	}},
	{name: "UserPoolAddOns (the risk of sign-ins)", inPool: func(p *types.UserPoolType) bool {
		return p.UserPoolAddOns != nil && p.UserPoolAddOns.AdvancedSecurityMode != types.AdvancedSecurityModeTypeOff
	}},
	{name: "EnablePropagateAdditionalUserContextData (threat protection)", inClient: func(c *types.UserPoolClientType) bool {
		return aws.ToBool(c.EnablePropagateAdditionalUserContextData)
	}},
	{name: "EmailConfiguration (delivery through Amazon SES)", inPool: func(p *types.UserPoolType) bool {
		return *p.EmailConfiguration != types.EmailConfigurationType{EmailSendingAccount: types.EmailSendingAccountTypeCognitoDefault}
	}},
	{name: "SmsConfiguration (delivery through Amazon SNS)", inPool: func(p *types.UserPoolType) bool {
		return p.SmsConfiguration != nil
	}},
	{name: "CONFIRM_WITH_LINK (verification by link)", inPool: func(p *types.UserPoolType) bool {
		return p.VerificationMessageTemplate.DefaultEmailOption == types.DefaultEmailOptionTypeConfirmWithLink
	}},
	{name: "KeyConfiguration (customer managed encryption keys)", inPool: func(p *types.UserPoolType) bool {
		return p.KeyConfiguration != nil && p.KeyConfiguration.KeyType == types.EncryptionKeyTypeCustomerManagedKey
	}},
	{name: "IssuerConfiguration UPDATED (issuers of replicated pools)", inPool: func(p *types.UserPoolType) bool {
		return p.IssuerConfiguration != nil && p.IssuerConfiguration.Type == types.IssuerTypeUpdated
	}},
	{name: "AllowedOAuthFlows, AllowedOAuthScopes (OAuth 2.0 endpoints)", inClient: func(c *types.UserPoolClientType) bool {
		return aws.ToBool(c.AllowedOAuthFlowsUserPoolClient) || len(c.AllowedOAuthFlows)+len(c.AllowedOAuthScopes) > 0
	}},
	{name: "SupportedIdentityProviders, CallbackURLs, LogoutURLs (managed login)", inClient: func(c *types.UserPoolClientType) bool {
		return len(c.SupportedIdentityProviders)+len(c.CallbackURLs)+len(c.LogoutURLs) > 0
	}},
	{name: "AnalyticsConfiguration (Amazon Pinpoint)", inClient: func(c *types.UserPoolClientType) bool {
		return c.AnalyticsConfiguration != nil
	}},
}

// noticePool tells the test's author what the settings of a pool ask for in vain. No lock may be
// held: it calls the author's code.
func (a *API) noticePool(settings *types.UserPoolType) {
	for _, f := range notActedUpon {
		if f.inPool != nil && f.inPool(settings) {
			a.notice(f.name)
		}
	}
}

// noticeClient is noticePool for an app client.
func (a *API) noticeClient(settings *types.UserPoolClientType) {
	for _, f := range notActedUpon {
		if f.inClient != nil && f.inClient(settings) {
			a.notice(f.name)
		}
	}
}
