package api

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// feature is something that settings of a pool, of an app client or of a domain ask for, and that the fake
// stores and shows without acting upon it. The test's author is told the name.
type feature struct {
	name     string
	inPool   func(*types.UserPoolType) bool
	inClient func(*types.UserPoolClientType) bool
	inDomain func(pool.Domain) bool
}

// notActedUpon is every such feature, none of which a pool or client has by default.
var notActedUpon = []feature{
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
	{name: "KeyConfiguration (customer managed encryption keys)", inPool: func(p *types.UserPoolType) bool {
		return p.KeyConfiguration != nil && p.KeyConfiguration.KeyType == types.EncryptionKeyTypeCustomerManagedKey
	}},
	{name: "IssuerConfiguration UPDATED (issuers of replicated pools)", inPool: func(p *types.UserPoolType) bool {
		return p.IssuerConfiguration != nil && p.IssuerConfiguration.Type == types.IssuerTypeUpdated
	}},
	{name: "ManagedLoginVersion 2 (the pages of managed login; those of the classic hosted UI are shown)", inDomain: func(d pool.Domain) bool {
		return d.ManagedLoginVersion == pool.ManagedLogin
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

// noticeDomain is noticePool for a domain.
func (a *API) noticeDomain(d pool.Domain) {
	for _, f := range notActedUpon {
		if f.inDomain != nil && f.inDomain(d) {
			a.notice(f.name)
		}
	}
}
