package pool

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Place is where a pool stands.
type Place struct{ Region, AccountID string }

// NewSettings judges the settings of a new pool and completes them: the result is what
// DescribeUserPool answers without Id, Arn, dates, user count and SchemaAttributes. It shares
// nothing with in.
func NewSettings(in *cip.CreateUserPoolInput, at Place) (*types.UserPoolType, error) {
	if err := checkSignInAttributes(in); err != nil {
		return nil, err
	}
	p := &types.UserPoolType{}
	assign(p, in)
	p.Name = Clone(in.PoolName)
	return settled(p, MFAConfig{}, at)
}

// UpdateSettings returns the settings of a pool after UpdateUserPool; old stays as it is. What the
// request omits goes back to its default, MfaConfiguration included. Kept are what the request
// cannot name, the pool's name and UserAttributeUpdateSettings; and, by inference, the issuer and
// the encryption key.
func UpdateSettings(old *types.UserPoolType, mfa MFAConfig, in *cip.UpdateUserPoolInput, at Place) (*types.UserPoolType, error) {
	kept, p := Clone(old), Clone(old)
	assign(p, in)
	p.Name = cmp.Or(Clone(in.PoolName), kept.Name)
	p.UserAttributeUpdateSettings = cmp.Or(p.UserAttributeUpdateSettings, kept.UserAttributeUpdateSettings)
	p.IssuerConfiguration = cmp.Or(p.IssuerConfiguration, kept.IssuerConfiguration)
	p.KeyConfiguration = cmp.Or(p.KeyConfiguration, kept.KeyConfiguration)
	return settled(p, mfa, at)
}

// settled completes and judges settings. The order of the rules is inferred.
func settled(p *types.UserPoolType, mfa MFAConfig, at Place) (*types.UserPoolType, error) {
	if err := checkAccountValidity(p); err != nil {
		return nil, err
	}
	complete(p)
	err := settings{p, mfa, at}.judge(checkVerification, checkRecovery, checkFirstFactors, checkMFAHasFactor,
		checkEmail, checkSMS, checkTriggers, checkTier)
	if err != nil {
		return nil, err
	}
	return p, nil
}

// settings are what rules judge: a pool's complete settings, its MFA factors and its place.
type settings struct {
	*types.UserPoolType
	mfa MFAConfig
	at  Place
}

// judge returns what the first rule that refuses the settings says.
func (s settings) judge(rules ...func(settings) error) error {
	for _, rule := range rules {
		if err := rule(s); err != nil {
			return err
		}
	}
	return nil
}

// complete fills in the defaults that DescribeUserPool shows.
func complete(p *types.UserPoolType) {
	orNew(&p.LambdaConfig)
	orNew(&p.AdminCreateUserConfig)
	orNew(&p.EmailConfiguration)
	orNew(&p.VerificationMessageTemplate)
	if p.UserPoolTags == nil {
		p.UserPoolTags = map[string]string{}
	}
	p.UserPoolTier = cmp.Or(p.UserPoolTier, types.UserPoolTierTypeEssentials)
	p.MfaConfiguration = cmp.Or(p.MfaConfiguration, types.UserPoolMfaTypeOff)
	p.DeletionProtection = cmp.Or(p.DeletionProtection, types.DeletionProtectionTypeInactive)
	email := p.EmailConfiguration
	email.EmailSendingAccount = cmp.Or(email.EmailSendingAccount, types.EmailSendingAccountTypeCognitoDefault)
	completePolicies(p)
	completeRecovery(p)
	completeLists(p)
	mirrorMessages(p)
	mirrorPreTokenGeneration(p.LambdaConfig)
}

func orNew[T any](p **T) {
	if *p == nil {
		*p = new(T)
	}
}

// defaultTemporaryDays is how long temporary passwords are valid where nobody says otherwise.
const defaultTemporaryDays = 7

func completePolicies(p *types.UserPoolType) {
	orNew(&p.Policies)
	policy := passwordPolicy(p.Policies.PasswordPolicy)
	days := cmp.Or(policy.TemporaryPasswordValidityDays, p.AdminCreateUserConfig.UnusedAccountValidityDays, defaultTemporaryDays)
	policy.TemporaryPasswordValidityDays = days
	p.AdminCreateUserConfig.UnusedAccountValidityDays = days
	p.Policies.PasswordPolicy = policy
	orNew(&p.Policies.SignInPolicy)
	if first := &p.Policies.SignInPolicy.AllowedFirstAuthFactors; *first == nil {
		*first = []types.AuthFactorType{types.AuthFactorTypePassword}
	}
}

// completeRecovery fills in what new pools show when nothing is sent. An empty setting stays: it
// asks for the behaviour of older pools.
func completeRecovery(p *types.UserPoolType) {
	if p.AccountRecoverySetting == nil {
		p.AccountRecoverySetting = &types.AccountRecoverySettingType{RecoveryMechanisms: []types.RecoveryOptionType{
			{Name: types.RecoveryOptionNameTypeVerifiedEmail, Priority: aws.Int32(1)},
			{Name: types.RecoveryOptionNameTypeVerifiedPhoneNumber, Priority: aws.Int32(2)},
		}}
	}
}

// completeLists makes empty lists look as descriptions show them: absent, but for the one that an
// empty list clears.
func completeLists(p *types.UserPoolType) {
	dropEmpty(&p.AliasAttributes)
	dropEmpty(&p.UsernameAttributes)
	dropEmpty(&p.AutoVerifiedAttributes)
	if s := p.UserAttributeUpdateSettings; s != nil && s.AttributesRequireVerificationBeforeUpdate == nil {
		s.AttributesRequireVerificationBeforeUpdate = []types.VerifiedAttributeType{}
	}
}

func dropEmpty[T any](list *[]T) {
	if len(*list) == 0 {
		*list = nil
	}
}

// mirrorMessages keeps the older members for messages equal to those of the template, which wins
// where both are given.
func mirrorMessages(p *types.UserPoolType) {
	t := p.VerificationMessageTemplate
	t.DefaultEmailOption = cmp.Or(t.DefaultEmailOption, types.DefaultEmailOptionTypeConfirmWithCode)
	mirror(&t.SmsMessage, &p.SmsVerificationMessage)
	mirror(&t.EmailMessage, &p.EmailVerificationMessage)
	mirror(&t.EmailSubject, &p.EmailVerificationSubject)
}

func mirror(a, b **string) {
	*a = cmp.Or(*a, *b)
	*b = *a
}

// checkSignInAttributes judges the attributes by which users may sign in, which never change.
func checkSignInAttributes(in *cip.CreateUserPoolInput) error {
	if in.AliasAttributes != nil && in.UsernameAttributes != nil {
		return InvalidParameter(aliasAndUsername)
	}
	preferredRequired := slices.ContainsFunc(in.Schema, func(a types.SchemaAttributeType) bool {
		return aws.ToString(a.Name) == string(types.AliasAttributeTypePreferredUsername) && aws.ToBool(a.Required)
	})
	if preferredRequired && slices.Contains(in.AliasAttributes, types.AliasAttributeTypePreferredUsername) {
		return InvalidParameter(preferredUsernameTwice)
	}
	return nil
}

// checkAccountValidity looks at what was sent: completed settings always have both members.
func checkAccountValidity(p *types.UserPoolType) error {
	temporary := p.Policies != nil && p.Policies.PasswordPolicy != nil && p.Policies.PasswordPolicy.TemporaryPasswordValidityDays != 0
	unused := p.AdminCreateUserConfig != nil && p.AdminCreateUserConfig.UnusedAccountValidityDays != 0
	if temporary && unused {
		return InvalidParameter(unusedAccountValidity)
	}
	return nil
}

func checkVerification(s settings) error {
	if slices.Contains(s.AutoVerifiedAttributes, types.VerifiedAttributeTypePhoneNumber) && s.SmsConfiguration == nil {
		return InvalidParameter(autoVerifyWithoutSMS)
	}
	if s.UserAttributeUpdateSettings == nil {
		return nil
	}
	for _, a := range s.UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate {
		if !slices.Contains(s.AutoVerifiedAttributes, a) {
			return InvalidParameter(notAutoVerified)
		}
	}
	return nil
}

func checkRecovery(s settings) error {
	names := map[types.RecoveryOptionNameType]bool{}
	priorities := map[int32]bool{}
	mechanisms := s.AccountRecoverySetting.RecoveryMechanisms
	for _, m := range mechanisms {
		names[m.Name], priorities[aws.ToInt32(m.Priority)] = true, true
	}
	switch {
	case names[types.RecoveryOptionNameTypeAdminOnly] && len(names) > 1:
		return InvalidParameter(adminOnlyNotAlone)
	case len(names) < len(mechanisms), len(priorities) < len(mechanisms):
		return InvalidParameter(duplicateRecovery)
	}
	return nil
}

// CheckTier refuses complete settings of features that their tier does not have.
func CheckTier(p *types.UserPoolType) error { return checkTier(settings{UserPoolType: p}) }

// checkTier refuses features that the pool's tier does not have.
func checkTier(s settings) error {
	var missing []string
	if s.UserPoolTier == types.UserPoolTierTypeLite {
		missing = s.beyondLite()
	}
	addOns := s.UserPoolAddOns
	if s.UserPoolTier != types.UserPoolTierTypePlus && addOns != nil && addOns.AdvancedSecurityMode != types.AdvancedSecurityModeTypeOff {
		missing = append(missing, featureThreatProtection)
	}
	if len(missing) > 0 {
		return tierLacks(s.UserPoolTier, missing...)
	}
	return nil
}

// beyondLite names the features in use that the LITE tier does not have.
func (s settings) beyondLite() []string {
	var features []string
	if s.allowsOTPFirst() || s.allowsFirst(types.AuthFactorTypeWebAuthn) {
		features = append(features, featurePasswordless)
	}
	if c := s.LambdaConfig.PreTokenGenerationConfig; c != nil && c.LambdaVersion != types.PreTokenGenerationLambdaVersionTypeV10 {
		features = append(features, featureTokenCustomizing)
	}
	return features
}
