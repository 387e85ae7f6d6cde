package backendtest

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cognitotest/cognito/cognitotest"
)

// preference is a call of AdminSetUserMFAPreference.
type preference = cip.AdminSetUserMFAPreferenceInput

func sms(enabled, preferred bool) preference {
	return preference{SMSMfaSettings: &types.SMSMfaSettingsType{Enabled: enabled, PreferredMfa: preferred}}
}

func email(enabled, preferred bool) preference {
	return preference{EmailMfaSettings: &types.EmailMfaSettingsType{Enabled: enabled, PreferredMfa: preferred}}
}

func software(enabled, preferred bool) preference {
	return preference{SoftwareTokenMfaSettings: &types.SoftwareTokenMfaSettingsType{Enabled: enabled, PreferredMfa: preferred}}
}

// setOwnPreference is the same as the user.
func setOwnPreference(p *cognitotest.Provider, accessToken string, in preference) error {
	_, err := p.Client().SetUserMFAPreference(ctx, &cip.SetUserMFAPreferenceInput{
		AccessToken: &accessToken, SMSMfaSettings: in.SMSMfaSettings,
		SoftwareTokenMfaSettings: in.SoftwareTokenMfaSettings, EmailMfaSettings: in.EmailMfaSettings,
	})
	return err
}

// optionSMS is the only option that MFAOptions can hold.
var optionSMS = types.MFAOptionType{DeliveryMedium: types.DeliveryMediumTypeSms, AttributeName: aws.String("phone_number")}

var mfaPreferences = []Behaviour{
	{"a factor that the user cannot answer is not enabled", func(t *testing.T, start Start) {
		p := start(t, withTOTP("OPTIONAL"))
		u := p.NewUser(t)
		token := u.AccessToken(t)
		associate(t, p, token) // registered, not verified
		for factor, in := range map[string]preference{"SOFTWARE_TOKEN_MFA": software(true, false), "SMS_MFA": sms(true, false), "EMAIL_OTP": email(true, true)} {
			message := "User does not have delivery config set to turn on " + factor
			wantError(t, setPreference(p, u, in), invalid, message)
			wantError(t, setOwnPreference(p, token, in), invalid, message)
		}
		wantFactors(t, p, u, "")
	}},
	{"factors that a call leaves out stay as they are, and so does the preference", func(t *testing.T, start Start) {
		p := start(t, withTOTP("OPTIONAL"))
		u := p.NewUser(t, reachable...)
		for _, step := range []struct {
			why       string
			in        preference
			preferred string
			list      []string
		}{
			{"the first is preferred", sms(true, true), "SMS_MFA", []string{"SMS_MFA"}},
			{"another is enabled", email(true, false), "SMS_MFA", []string{"SMS_MFA", "EMAIL_OTP"}},
			{"another is preferred", email(true, true), "EMAIL_OTP", []string{"SMS_MFA", "EMAIL_OTP"}},
			{"the preferred one is disabled", email(false, false), "", []string{"SMS_MFA"}},
			{"nothing is named", preference{}, "", []string{"SMS_MFA"}},
			{"the last is disabled", sms(false, false), "", nil},
		} {
			part(t, step.why, func(t *testing.T) {
				need(t, setPreference(p, u, step.in))
				wantFactors(t, p, u, step.preferred, step.list...)
			})
		}
	}},
	{"preferences that contradict each other are refused, and change nothing", func(t *testing.T, start Start) {
		p := start(t, withTOTP("OPTIONAL"))
		u := p.NewUser(t, reachable...)
		both := sms(true, true)
		both.EmailMfaSettings = email(true, true).EmailMfaSettings
		for why, in := range map[string]preference{"a disabled one is preferred": sms(false, true), "two are preferred": both} {
			part(t, why, func(t *testing.T) { wantCode(t, setPreference(p, u, in), invalid) })
		}
		wantFactors(t, p, u, "")
	}},
	{"users set and see their own factors", func(t *testing.T, start Start) {
		p := start(t, withTOTP("OPTIONAL"))
		u := p.NewUser(t, phoned...)
		token := u.AccessToken(t)
		need(t, setOwnPreference(p, token, sms(true, true)))
		got, err := whoAmI(p, token)
		need(t, err)
		if diff := cmp.Diff([]string{"SMS_MFA"}, got.UserMFASettingList); diff != "" || aws.ToString(got.PreferredMfaSetting) != "SMS_MFA" {
			t.Errorf("preferred %v, list (-want +got):\n%s", got.PreferredMfaSetting, diff)
		}
	}},
	{"where MFA is required all factors can be disabled, and the next sign-in asks all the same", func(t *testing.T, start Start) {
		p := start(t, withTOTP("ON"))
		u := p.NewUser(t, cognitotest.TOTP())
		need(t, setOwnPreference(p, u.AccessToken(t), software(false, false)))
		wantFactors(t, p, u, "")
		asked(t, p, u, totpMFA)
	}},
	{"MFAOptions tell of SMS alone", func(t *testing.T, start Start) {
		p := start(t, withTOTP("OPTIONAL"))
		u := p.NewUser(t, cognitotest.TOTP(), cognitotest.Phone(phone))
		if got := look(t, p, u.Username).MFAOptions; got != nil {
			t.Errorf("MFAOptions = %v, want none", got)
		}
		need(t, setPreference(p, u, sms(true, false)))
		got := look(t, p, u.Username).MFAOptions
		if diff := cmp.Diff([]types.MFAOptionType{optionSMS}, got, cmpopts.IgnoreUnexported(types.MFAOptionType{})); diff != "" {
			t.Errorf("MFAOptions (-want +got):\n%s", diff)
		}
	}},
	{"the older settings enable and disable SMS", func(t *testing.T, start Start) {
		p := start(t, withTOTP("OPTIONAL"))
		u, phoneless := p.NewUser(t, phoned...), p.NewUser(t)
		set := func(u *cognitotest.User, options ...types.MFAOptionType) error {
			return fail(p.Client().AdminSetUserSettings(ctx, &cip.AdminSetUserSettingsInput{UserPoolId: &p.PoolID, Username: &u.Username, MFAOptions: options}))
		}
		setOwn := func(u *cognitotest.User, options ...types.MFAOptionType) error {
			return fail(p.Client().SetUserSettings(ctx, &cip.SetUserSettingsInput{AccessToken: aws.String(u.AccessToken(t)), MFAOptions: options}))
		}
		byEmail := types.MFAOptionType{DeliveryMedium: types.DeliveryMediumTypeEmail, AttributeName: aws.String("email")}
		for _, set := range []func(*cognitotest.User, ...types.MFAOptionType) error{set, setOwn} {
			need(t, set(u, optionSMS))
			wantFactors(t, p, u, "", "SMS_MFA")
			need(t, set(u, []types.MFAOptionType{}...))
			wantFactors(t, p, u, "")
			wantCode(t, set(u, byEmail), invalid)
			wantCode(t, set(phoneless, optionSMS), invalid)
		}
	}},
}
