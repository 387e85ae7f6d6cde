package api

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// AssociateSoftwareToken begins to register an authenticator, for the user of an access token or, in
// a session of MFA_SETUP, during sign-in. Where a call has both the token counts (inferred).
func (a *API) AssociateSoftwareToken(ctx context.Context, in *cip.AssociateSoftwareTokenInput, _ ...options) (*cip.AssociateSoftwareTokenOutput, error) {
	if in.AccessToken == nil && in.Session != nil {
		secret, session, err := a.engine.AssociateTOTP(ctx, *in.Session)
		if err != nil {
			return nil, err
		}
		return &cip.AssociateSoftwareTokenOutput{SecretCode: &secret, Session: &session}, nil
	}
	secret := a.store.Random.TOTPSecret()
	err := a.withToken(ctx, in.AccessToken, func(c *call, u *pool.User) error {
		return c.pool.AssociateTOTPLocked(u, secret)
	})
	if err != nil {
		return nil, err
	}
	return &cip.AssociateSoftwareTokenOutput{SecretCode: &secret}, nil
}

// VerifySoftwareToken ends the registration of an authenticator by its first code.
func (a *API) VerifySoftwareToken(ctx context.Context, in *cip.VerifySoftwareTokenInput, _ ...options) (*cip.VerifySoftwareTokenOutput, error) {
	out := &cip.VerifySoftwareTokenOutput{Status: types.VerifySoftwareTokenResponseTypeSuccess}
	code, device := aws.ToString(in.UserCode), aws.ToString(in.FriendlyDeviceName)
	if in.AccessToken == nil && in.Session != nil {
		session, err := a.engine.VerifyTOTP(ctx, *in.Session, code, device)
		if err != nil {
			return nil, err
		}
		out.Session = &session
		return out, nil
	}
	err := a.withToken(ctx, in.AccessToken, func(c *call, u *pool.User) error {
		return c.pool.VerifyTOTPLocked(u, code, device, c.now)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// SetUserMFAPreference sets which factors the user has enabled and which one comes first.
func (a *API) SetUserMFAPreference(ctx context.Context, in *cip.SetUserMFAPreferenceInput, _ ...options) (*cip.SetUserMFAPreferenceOutput, error) {
	request := factorSettings(in.SMSMfaSettings, in.SoftwareTokenMfaSettings, in.EmailMfaSettings, in.WebAuthnMfaSettings)
	return done[cip.SetUserMFAPreferenceOutput](a.withToken(ctx, in.AccessToken, func(c *call, u *pool.User) error {
		return c.pool.PreferFactorsLocked(u, request, c.now)
	}))
}

// AdminSetUserMFAPreference is SetUserMFAPreference by an administrator.
func (a *API) AdminSetUserMFAPreference(ctx context.Context, in *cip.AdminSetUserMFAPreferenceInput, _ ...options) (*cip.AdminSetUserMFAPreferenceOutput, error) {
	request := factorSettings(in.SMSMfaSettings, in.SoftwareTokenMfaSettings, in.EmailMfaSettings, in.WebAuthnMfaSettings)
	return done[cip.AdminSetUserMFAPreferenceOutput](a.withUser(ctx, in.UserPoolId, in.Username, func(c *call, u *pool.User) error {
		return c.pool.PreferFactorsLocked(u, request, c.now)
	}))
}

// factorSettings returns what a request says of the factors that it names.
func factorSettings(sms *types.SMSMfaSettingsType, totp *types.SoftwareTokenMfaSettingsType, email *types.EmailMfaSettingsType, passkey *types.WebAuthnMfaSettingsType) []pool.FactorSetting {
	var request []pool.FactorSetting
	if sms != nil {
		request = append(request, pool.FactorSetting{Factor: pool.FactorSMS, Enabled: sms.Enabled, Preferred: sms.PreferredMfa})
	}
	if totp != nil {
		request = append(request, pool.FactorSetting{Factor: pool.FactorTOTP, Enabled: totp.Enabled, Preferred: totp.PreferredMfa})
	}
	if email != nil {
		request = append(request, pool.FactorSetting{Factor: pool.FactorEmail, Enabled: email.Enabled, Preferred: email.PreferredMfa})
	}
	if passkey != nil {
		request = append(request, pool.FactorSetting{Factor: pool.FactorPasskey, Enabled: passkey.Enabled})
	}
	return request
}

// SetUserSettings is the older way to enable SMS as a factor, or by an empty list to disable it.
func (a *API) SetUserSettings(ctx context.Context, in *cip.SetUserSettingsInput, _ ...options) (*cip.SetUserSettingsOutput, error) {
	return done[cip.SetUserSettingsOutput](a.withToken(ctx, in.AccessToken, func(c *call, u *pool.User) error {
		return c.setOptions(c.pool, u, in.MFAOptions)
	}))
}

// AdminSetUserSettings is SetUserSettings by an administrator.
func (a *API) AdminSetUserSettings(ctx context.Context, in *cip.AdminSetUserSettingsInput, _ ...options) (*cip.AdminSetUserSettingsOutput, error) {
	return done[cip.AdminSetUserSettingsOutput](a.withUser(ctx, in.UserPoolId, in.Username, func(c *call, u *pool.User) error {
		return a.setOptions(c.pool, u, in.MFAOptions)
	}))
}

// setOptions sets MFAOptions, which are another view of whether SMS is enabled (inferred).
func (a *API) setOptions(p *pool.Pool, u *pool.User, requested []types.MFAOptionType) error {
	for _, o := range requested {
		if o.DeliveryMedium != types.DeliveryMediumTypeSms || aws.ToString(o.AttributeName) != pool.ContactOf(pool.FactorSMS) {
			return pool.OptionUnsupported()
		}
	}
	on := pool.FactorSetting{
		Factor: pool.FactorSMS, Enabled: len(requested) > 0,
		Preferred: len(requested) > 0 && u.PreferredFactor() == pool.FactorSMS,
	}
	return p.PreferFactorsLocked(u, []pool.FactorSetting{on}, a.store.Clock.Now())
}

// mfaOptions returns MFAOptions, which tell of SMS alone (API reference); nil where it is not enabled.
func mfaOptions(u *pool.User) []types.MFAOptionType {
	for _, f := range u.EnabledFactors() {
		if f == pool.FactorSMS {
			return []types.MFAOptionType{{
				DeliveryMedium: types.DeliveryMediumTypeSms, AttributeName: aws.String(pool.ContactOf(f)),
			}}
		}
	}
	return nil
}

// factorNames returns UserMFASettingList, nil where no factor is enabled.
func factorNames(u *pool.User) []string {
	var names []string
	for _, f := range u.EnabledFactors() {
		names = append(names, string(f))
	}
	return names
}
