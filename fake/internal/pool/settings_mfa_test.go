package pool

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"
)

func TestMFARules(t *testing.T) {
	totp := &types.SoftwareTokenMfaConfigType{Enabled: true}
	ses := withEmail(types.EmailConfigurationType{EmailSendingAccount: "DEVELOPER", SourceArn: identityIn("us-east-1")})
	smsMFA := &types.SmsMfaConfigType{SmsConfiguration: &types.SmsConfigurationType{SnsCallerArn: roleOf("123456789012")}}
	for _, test := range []struct {
		why  string
		pool *cip.CreateUserPoolInput
		in   cip.SetUserPoolMfaConfigInput
		want string
	}{
		{"OFF alone", poolRequest(), cip.SetUserPoolMfaConfigInput{MfaConfiguration: "OFF"}, ""},
		{"OFF with TOTP", poolRequest(), cip.SetUserPoolMfaConfigInput{MfaConfiguration: "OFF", SoftwareTokenMfaConfiguration: totp},
			invalidText("Invalid MFA configuration given, can't turn off MFA and configure an MFA together.")},
		{"OFF with email", poolRequest(), cip.SetUserPoolMfaConfigInput{MfaConfiguration: "OFF", EmailMfaConfiguration: &types.EmailMfaConfigType{}},
			invalidText("Invalid MFA configuration given, can't turn off MFA and configure an MFA together.")},
		{"OFF with SMS", poolRequest(), cip.SetUserPoolMfaConfigInput{MfaConfiguration: "OFF", SmsMfaConfiguration: smsMFA},
			invalidText("Invalid MFA configuration given, can't turn off MFA and configure an MFA together.")},
		{"OFF with passkeys, which are no factor", poolRequest(), cip.SetUserPoolMfaConfigInput{MfaConfiguration: "OFF",
			WebAuthnConfiguration: &types.WebAuthnConfigurationType{RelyingPartyId: aws.String("auth.example.com")}}, ""},
		{"ON with TOTP", poolRequest(), cip.SetUserPoolMfaConfigInput{MfaConfiguration: "ON", SoftwareTokenMfaConfiguration: totp}, ""},
		{"ON with SMS", poolRequest(), cip.SetUserPoolMfaConfigInput{MfaConfiguration: "ON", SmsMfaConfiguration: smsMFA}, ""},
		{"ON with no factor", poolRequest(), cip.SetUserPoolMfaConfigInput{MfaConfiguration: "ON"},
			invalidText("Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled.")},
		{"OPTIONAL with passkeys only", poolRequest(), cip.SetUserPoolMfaConfigInput{MfaConfiguration: "OPTIONAL",
			WebAuthnConfiguration: &types.WebAuthnConfigurationType{RelyingPartyId: aws.String("auth.example.com")}},
			invalidText("Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled.")},
		{"ON with TOTP switched off", poolRequest(), cip.SetUserPoolMfaConfigInput{MfaConfiguration: "ON", SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{}},
			invalidText("Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled.")},
		{"ON with SMS in a pool that cannot send any", poolRequest(), cip.SetUserPoolMfaConfigInput{MfaConfiguration: "ON", SmsMfaConfiguration: &types.SmsMfaConfigType{}},
			invalidText("Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled.")},
		{"email without SES", poolRequest(), cip.SetUserPoolMfaConfigInput{MfaConfiguration: "ON", EmailMfaConfiguration: &types.EmailMfaConfigType{}},
			invalidText("Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of COGNITO_DEFAULT.")},
		{"email with SES", poolRequest(ses), cip.SetUserPoolMfaConfigInput{MfaConfiguration: "ON", EmailMfaConfiguration: &types.EmailMfaConfigType{}}, ""},
		{"email in LITE", poolRequest(ses, withTier("LITE")), cip.SetUserPoolMfaConfigInput{MfaConfiguration: "ON", EmailMfaConfiguration: &types.EmailMfaConfigType{}},
			"FeatureUnavailableInTierException: The following features need to be disabled for the LITE pricing tier configured: Email MFA"},
		{"a relying party with a scheme", poolRequest(), withRelyingParty("https://example.com"), invalidText("RelyingPartyId contains invalid characters")},
		{"a relying party with a port", poolRequest(), withRelyingParty("example.com:443"), invalidText("RelyingPartyId contains invalid characters")},
		{"a relying party with a path", poolRequest(), withRelyingParty("example.com/a"), invalidText("RelyingPartyId contains invalid characters")},
		{"a relying party", poolRequest(), withRelyingParty("auth-1.example.com"), ""},
		{"the SMS role is of the account", poolRequest(), cip.SetUserPoolMfaConfigInput{MfaConfiguration: "ON",
			SmsMfaConfiguration: &types.SmsMfaConfigType{SmsConfiguration: &types.SmsConfigurationType{SnsCallerArn: roleOf("999999999999")}}},
			invalidText("Cross-account pass role is not allowed.")},
		{"ON next to one-time passwords", poolRequest(withFirstFactors("PASSWORD", "EMAIL_OTP")), cip.SetUserPoolMfaConfigInput{MfaConfiguration: "ON", SoftwareTokenMfaConfiguration: totp},
			invalidText("Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled")},
		{"ON next to passkeys", poolRequest(withFirstFactors("PASSWORD", "WEB_AUTHN")), cip.SetUserPoolMfaConfigInput{MfaConfiguration: "ON", SoftwareTokenMfaConfiguration: totp},
			invalidText("Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and WebAuthn is an allowed first auth factor")},
		{"ON next to passkeys of two factors", poolRequest(withFirstFactors("PASSWORD", "WEB_AUTHN")), cip.SetUserPoolMfaConfigInput{MfaConfiguration: "ON", SoftwareTokenMfaConfiguration: totp,
			WebAuthnConfiguration: &types.WebAuthnConfigurationType{FactorConfiguration: "MULTI_FACTOR_WITH_USER_VERIFICATION"}}, ""},
		{"OPTIONAL next to passkeys", poolRequest(withFirstFactors("PASSWORD", "WEB_AUTHN")), cip.SetUserPoolMfaConfigInput{MfaConfiguration: "OPTIONAL", SoftwareTokenMfaConfiguration: totp}, ""},
	} {
		t.Run(test.why, func(t *testing.T) {
			p, err := NewSettings(test.pool, atHome)
			if err != nil {
				t.Fatal(err)
			}
			_, _, err = SetMFA(p, MFAConfig{}, &test.in, atHome)
			wantError(t, err, test.want)
		})
	}
}

func withRelyingParty(id string) cip.SetUserPoolMfaConfigInput {
	return cip.SetUserPoolMfaConfigInput{MfaConfiguration: "OFF", WebAuthnConfiguration: &types.WebAuthnConfigurationType{RelyingPartyId: &id}}
}

// TestMFASequence sets factors one call after another and looks at what GetUserPoolMfaConfig says.
func TestMFASequence(t *testing.T) {
	p, err := NewSettings(poolRequest(), atHome)
	if err != nil {
		t.Fatal(err)
	}
	var factors MFAConfig
	for _, step := range []struct {
		why  string
		in   cip.SetUserPoolMfaConfigInput
		want string
	}{
		{"nothing is configured in the beginning", cip.SetUserPoolMfaConfigInput{MfaConfiguration: "OFF"}, `{"MfaConfiguration":"OFF","ResultMetadata":{}}`},
		{"all that is sent is shown", cip.SetUserPoolMfaConfigInput{
			MfaConfiguration:              "OPTIONAL",
			SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
			SmsMfaConfiguration: &types.SmsMfaConfigType{
				SmsAuthenticationMessage: aws.String("{####}"),
				SmsConfiguration:         &types.SmsConfigurationType{SnsCallerArn: roleOf("123456789012")}},
			WebAuthnConfiguration: &types.WebAuthnConfigurationType{RelyingPartyId: aws.String("example.com"), UserVerification: "preferred"},
		}, `{"MfaConfiguration":"OPTIONAL","SoftwareTokenMfaConfiguration":{"Enabled":true},
			"SmsMfaConfiguration":{"SmsAuthenticationMessage":"{####}","SmsConfiguration":{"SnsCallerArn":"arn:aws:iam::123456789012:role/sms"}},
			"WebAuthnConfiguration":{"RelyingPartyId":"example.com","UserVerification":"preferred"},"ResultMetadata":{}}`},
		{"factors that are left out are off, passkeys stay", cip.SetUserPoolMfaConfigInput{
			MfaConfiguration:              "ON",
			SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
		}, `{"MfaConfiguration":"ON","SoftwareTokenMfaConfiguration":{"Enabled":true},
			"WebAuthnConfiguration":{"RelyingPartyId":"example.com","UserVerification":"preferred"},"ResultMetadata":{}}`},
		{"SMS come back with the pool's own configuration", cip.SetUserPoolMfaConfigInput{
			MfaConfiguration:    "ON",
			SmsMfaConfiguration: &types.SmsMfaConfigType{},
		}, `{"MfaConfiguration":"ON",
			"SmsMfaConfiguration":{"SmsAuthenticationMessage":"{####}","SmsConfiguration":{"SnsCallerArn":"arn:aws:iam::123456789012:role/sms"}},
			"WebAuthnConfiguration":{"RelyingPartyId":"example.com","UserVerification":"preferred"},"ResultMetadata":{}}`},
		{"a call without a mode turns MFA off", cip.SetUserPoolMfaConfigInput{
			SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
		}, `{"MfaConfiguration":"OFF",
			"SmsMfaConfiguration":{"SmsAuthenticationMessage":"{####}","SmsConfiguration":{"SnsCallerArn":"arn:aws:iam::123456789012:role/sms"}},
			"WebAuthnConfiguration":{"RelyingPartyId":"example.com","UserVerification":"preferred"},"ResultMetadata":{}}`},
	} {
		before := onWire(t, p)
		next, nextFactors, err := SetMFA(p, factors, &step.in, atHome)
		if err != nil {
			t.Fatalf("%s: %v", step.why, err)
		}
		if diff := cmp.Diff(onWire(t, p), before); diff != "" {
			t.Errorf("%s: the old settings changed (-got +want):\n%s", step.why, diff)
		}
		p, factors = next, nextFactors
		t.Run(step.why, func(t *testing.T) { wantJSON(t, factors.Describe(p), step.want) })
	}
}

func TestMFAFactors(t *testing.T) {
	with, err := NewSettings(poolRequest(withSMS()), atHome)
	if err != nil {
		t.Fatal(err)
	}
	without, err := NewSettings(poolRequest(), atHome)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		why  string
		got  bool
		want bool
	}{
		{"a new pool with an SMS configuration allows SMS", MFAConfig{}.AllowsSMS(with), true},
		{"a pool without one does not", MFAConfig{}.AllowsSMS(without), false},
		{"nor one that turned SMS off", MFAConfig{WithoutSMS: true}.AllowsSMS(with), false},
		{"TOTP is off in a new pool", MFAConfig{}.AllowsSoftwareToken(), false},
		{"TOTP has a switch", MFAConfig{SoftwareToken: &types.SoftwareTokenMfaConfigType{}}.AllowsSoftwareToken(), false},
		{"TOTP switched on", MFAConfig{SoftwareToken: &types.SoftwareTokenMfaConfigType{Enabled: true}}.AllowsSoftwareToken(), true},
		{"email is off in a new pool", MFAConfig{}.AllowsEmail(), false},
		{"email is on when configured", MFAConfig{Email: &types.EmailMfaConfigType{}}.AllowsEmail(), true},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %t, want %t", test.why, test.got, test.want)
		}
	}
}
