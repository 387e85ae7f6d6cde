package pool

import (
	"cmp"
	"slices"
	"strings"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"golang.org/x/net/publicsuffix"
)

// MFAConfig is what SetUserPoolMfaConfig sets besides the pool's settings. The zero value is that
// of a new pool. Whether MFA is asked for at all is MfaConfiguration of the settings.
type MFAConfig struct {
	WithoutSMS    bool // a pool that can send SMS does not use them for MFA
	SoftwareToken *types.SoftwareTokenMfaConfigType
	Email         *types.EmailMfaConfigType
	WebAuthn      *types.WebAuthnConfigurationType
}

// AllowsSMS reports whether SMS messages are an MFA factor of a pool.
func (c MFAConfig) AllowsSMS(p *types.UserPoolType) bool {
	return p.SmsConfiguration != nil && !c.WithoutSMS
}

// AllowsSoftwareToken reports whether TOTP is an MFA factor.
func (c MFAConfig) AllowsSoftwareToken() bool {
	return c.SoftwareToken != nil && c.SoftwareToken.Enabled
}

// AllowsEmail reports whether email messages are an MFA factor.
func (c MFAConfig) AllowsEmail() bool { return c.Email != nil }

// passkeysAreMFA reports whether a passkey counts as two factors.
func (c MFAConfig) passkeysAreMFA() bool {
	return c.WebAuthn != nil && c.WebAuthn.FactorConfiguration == types.WebAuthnFactorConfigurationTypeMultiFactorWithUserVerification
}

// Describe returns what GetUserPoolMfaConfig answers: the mode and what is configured. It shares
// nothing with the configuration.
func (c MFAConfig) Describe(p *types.UserPoolType) *cip.GetUserPoolMfaConfigOutput {
	out := &cip.GetUserPoolMfaConfigOutput{
		MfaConfiguration:              p.MfaConfiguration,
		SoftwareTokenMfaConfiguration: Clone(c.SoftwareToken),
		EmailMfaConfiguration:         Clone(c.Email),
		WebAuthnConfiguration:         Clone(c.WebAuthn),
	}
	if c.AllowsSMS(p) {
		out.SmsMfaConfiguration = Clone(&types.SmsMfaConfigType{
			SmsAuthenticationMessage: p.SmsAuthenticationMessage,
			SmsConfiguration:         p.SmsConfiguration,
		})
	}
	return out
}

// SetMFA judges SetUserPoolMfaConfig and returns the pool's settings (MfaConfiguration,
// SmsConfiguration, SmsAuthenticationMessage) and factors after it; p and old stay as they are.
//
// A call sets all factors of MFA: SMS and email have no other switch than their absence. A call
// without MfaConfiguration turns MFA off whatever else it holds. Passkeys are no factor of MFA and
// stay as they are when omitted. These three rules are inferred from public reports.
func SetMFA(p *types.UserPoolType, old MFAConfig, in *cip.SetUserPoolMfaConfigInput, at Place) (*types.UserPoolType, MFAConfig, error) {
	if in.MfaConfiguration == types.UserPoolMfaTypeOff && setsFactor(in) {
		return nil, old, InvalidParameter(mfaOffWithFactor)
	}
	p, in = Clone(p), Clone(in)
	next := MFAConfig{WebAuthn: cmp.Or(in.WebAuthnConfiguration, Clone(old.WebAuthn))}
	p.MfaConfiguration = cmp.Or(in.MfaConfiguration, types.UserPoolMfaTypeOff)
	if p.MfaConfiguration != types.UserPoolMfaTypeOff {
		next.SoftwareToken, next.Email = in.SoftwareTokenMfaConfiguration, in.EmailMfaConfiguration
		next.WithoutSMS = in.SmsMfaConfiguration == nil
		applySMS(p, in.SmsMfaConfiguration)
	}
	err := settings{p, next, at}.judge(checkRelyingParty, checkMFAOn, checkEmailMFA, checkFactorsUnderMFA, checkSMS)
	if err != nil {
		return nil, old, err
	}
	return p, next, nil
}

// setsFactor reports whether a call configures a factor of MFA, which passkeys are not.
func setsFactor(in *cip.SetUserPoolMfaConfigInput) bool {
	totp := in.SoftwareTokenMfaConfiguration
	return in.SmsMfaConfiguration != nil || in.EmailMfaConfiguration != nil || totp != nil && totp.Enabled
}

func applySMS(p *types.UserPoolType, in *types.SmsMfaConfigType) {
	if in != nil {
		setIfGiven(&p.SmsConfiguration, in.SmsConfiguration)
		setIfGiven(&p.SmsAuthenticationMessage, in.SmsAuthenticationMessage)
	}
}

// checkMFAOn and checkMFAHasFactor ask for a factor where MFA is on, in the words of
// SetUserPoolMfaConfig and in those of CreateUserPool, where the factor can only be SMS.
func checkMFAOn(s settings) error {
	if s.lacksFactor() {
		return InvalidParameter(mfaOnWithoutFactor)
	}
	return nil
}

func checkMFAHasFactor(s settings) error {
	if s.lacksFactor() {
		return InvalidParameter(mfaWithoutFactor)
	}
	return nil
}

func checkEmailMFA(s settings) error {
	switch {
	case s.mfa.Email == nil:
		return nil
	case s.UserPoolTier == types.UserPoolTierTypeLite:
		return tierLacks(s.UserPoolTier, featureEmailMFA)
	case s.EmailConfiguration.EmailSendingAccount == types.EmailSendingAccountTypeCognitoDefault:
		return InvalidParameter(emailMFAWithoutSES)
	}
	return nil
}

// checkRelyingParty accepts host names: no scheme, port or path. No passkey can be made for a public
// suffix. That localhost is none is inferred.
func checkRelyingParty(s settings) error {
	if s.mfa.WebAuthn == nil || s.mfa.WebAuthn.RelyingPartyId == nil {
		return nil
	}
	outside := func(r rune) bool { return !strings.ContainsRune(alphanumeric+"-.", r) }
	switch id := *s.mfa.WebAuthn.RelyingPartyId; {
	case strings.ContainsFunc(id, outside):
		return InvalidParameter(invalidRelyingParty)
	case isPublicSuffix(strings.ToLower(id)):
		return InvalidParameter(publicRelyingParty)
	}
	return nil
}

func isPublicSuffix(host string) bool {
	suffix, _ := publicsuffix.PublicSuffix(host)
	return suffix == host && host != "localhost"
}

// checkFactorsUnderMFA refuses MFA for everybody next to first factors that no second one can
// follow, in the words of SetUserPoolMfaConfig.
func checkFactorsUnderMFA(s settings) error {
	switch {
	case s.otpUnderMFA():
		return InvalidParameter(otpFactorWithMFA)
	case s.passkeyUnderMFA():
		return InvalidParameter(mfaWithSingleFactorKey)
	}
	return nil
}

// checkFirstFactors is the same in the words of UpdateUserPool, and asks for passwords.
func checkFirstFactors(s settings) error {
	switch {
	case !s.allowsFirst(types.AuthFactorTypePassword):
		return InvalidParameter(passwordFactorMissing)
	case s.otpUnderMFA():
		return InvalidParameter(otpFactorWithMFA)
	case s.passkeyUnderMFA():
		return InvalidParameter(passkeyFactorWithMFA)
	}
	return nil
}

func (s settings) lacksFactor() bool {
	has := s.mfa.AllowsSMS(s.UserPoolType) || s.mfa.AllowsSoftwareToken() || s.mfa.AllowsEmail()
	return s.MfaConfiguration != types.UserPoolMfaTypeOff && !has
}

func (s settings) otpUnderMFA() bool {
	return s.MfaConfiguration == types.UserPoolMfaTypeOn && s.allowsOTPFirst()
}

func (s settings) allowsOTPFirst() bool {
	return s.allowsFirst(types.AuthFactorTypeEmailOtp) || s.allowsFirst(types.AuthFactorTypeSmsOtp)
}

func (s settings) passkeyUnderMFA() bool {
	return s.MfaConfiguration == types.UserPoolMfaTypeOn && s.allowsFirst(types.AuthFactorTypeWebAuthn) && !s.mfa.passkeysAreMFA()
}

func (s settings) allowsFirst(factor types.AuthFactorType) bool {
	return slices.Contains(s.Policies.SignInPolicy.AllowedFirstAuthFactors, factor)
}
