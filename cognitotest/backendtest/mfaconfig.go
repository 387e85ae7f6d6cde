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

// setMFA calls SetUserPoolMfaConfig on the provider's pool.
func setMFA(p *cognitotest.Provider, in cip.SetUserPoolMfaConfigInput) (*cip.SetUserPoolMfaConfigOutput, error) {
	in.UserPoolId = &p.PoolID
	return p.Client().SetUserPoolMfaConfig(ctx, &in)
}

var totp = &types.SoftwareTokenMfaConfigType{Enabled: true}

// wantMFA compares an answer of GetUserPoolMfaConfig.
func wantMFA(t *testing.T, got *cip.GetUserPoolMfaConfigOutput, want cip.GetUserPoolMfaConfigOutput) {
	t.Helper()
	ignored := cmp.Options{
		cmpopts.IgnoreFields(cip.GetUserPoolMfaConfigOutput{}, "ResultMetadata"),
		cmpopts.IgnoreUnexported(cip.GetUserPoolMfaConfigOutput{}, types.SmsMfaConfigType{}, types.SmsConfigurationType{}, types.EmailMfaConfigType{}),
	}
	if diff := cmp.Diff(&want, got, sdkStructs, ignored); diff != "" {
		t.Errorf("MFA configuration (-want +got):\n%s", diff)
	}
}

func getMFA(t *testing.T, p *cognitotest.Provider) *cip.GetUserPoolMfaConfigOutput {
	t.Helper()
	out, err := p.Client().GetUserPoolMfaConfig(ctx, &cip.GetUserPoolMfaConfigInput{UserPoolId: &p.PoolID})
	need(t, err)
	return out
}

var mfaConfig = []Behaviour{
	{"a new pool has no MFA, and shows only that", func(t *testing.T, start Start) {
		wantMFA(t, getMFA(t, start(t)), cip.GetUserPoolMfaConfigOutput{MfaConfiguration: "OFF"})
	}},
	{"the MFA configuration comes back as it was set, in both answers and in the pool", func(t *testing.T, start Start) {
		p := start(t)
		passkeys := &types.WebAuthnConfigurationType{RelyingPartyId: aws.String("auth.example.com"), UserVerification: "preferred"}
		set, err := setMFA(p, cip.SetUserPoolMfaConfigInput{MfaConfiguration: "OPTIONAL", SoftwareTokenMfaConfiguration: totp, WebAuthnConfiguration: passkeys})
		need(t, err)
		want := cip.GetUserPoolMfaConfigOutput{MfaConfiguration: "OPTIONAL", SoftwareTokenMfaConfiguration: totp, WebAuthnConfiguration: passkeys}
		wantMFA(t, (*cip.GetUserPoolMfaConfigOutput)(set), want)
		wantMFA(t, getMFA(t, p), want)
		if got := describePool(t, p).MfaConfiguration; got != "OPTIONAL" {
			t.Errorf("MfaConfiguration of the pool = %s, want OPTIONAL", got)
		}
	}},
	{"SMS as a factor bring their configuration and message to the pool", func(t *testing.T, start Start) {
		p := start(t)
		needFake(t, p, unproven)
		sms := &types.SmsMfaConfigType{
			SmsAuthenticationMessage: aws.String("Your code: {####}"),
			SmsConfiguration:         &types.SmsConfigurationType{SnsCallerArn: roleOf(accountOf(t, p))},
		}
		_, err := setMFA(p, cip.SetUserPoolMfaConfigInput{MfaConfiguration: "ON", SmsMfaConfiguration: sms})
		need(t, err)
		wantMFA(t, getMFA(t, p), cip.GetUserPoolMfaConfigOutput{MfaConfiguration: "ON", SmsMfaConfiguration: sms})
		got := describePool(t, p)
		if got.SmsConfiguration == nil || aws.ToString(got.SmsAuthenticationMessage) != "Your code: {####}" {
			t.Errorf("SMS configuration %v, message %q", got.SmsConfiguration, aws.ToString(got.SmsAuthenticationMessage))
		}
	}},
	{"an MFA configuration that does not fit is refused, and changes nothing", func(t *testing.T, start Start) {
		p := start(t)
		_, err := setMFA(p, cip.SetUserPoolMfaConfigInput{MfaConfiguration: "OPTIONAL", SoftwareTokenMfaConfiguration: totp})
		need(t, err)
		for _, rule := range mfaRules(accountOf(t, p)) {
			part(t, rule.why, func(t *testing.T) {
				wantError(t, fail(setMFA(p, rule.in)), invalid, rule.message)
			})
		}
		wantMFA(t, getMFA(t, p), cip.GetUserPoolMfaConfigOutput{MfaConfiguration: "OPTIONAL", SoftwareTokenMfaConfiguration: totp})
	}},
	{"MFA for everybody does not go with first factors that nothing can follow", func(t *testing.T, start Start) {
		on := cip.SetUserPoolMfaConfigInput{MfaConfiguration: "ON", SoftwareTokenMfaConfiguration: totp}
		for factor, message := range map[types.AuthFactorType]string{
			"EMAIL_OTP": "Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled",
			"WEB_AUTHN": "Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and WebAuthn is an allowed first auth factor",
		} {
			p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{Policies: firstFactors("PASSWORD", factor)}))
			wantError(t, fail(setMFA(p, on)), invalid, message)
		}
	}},
}

// mfaRule is a call of SetUserPoolMfaConfig that is refused.
type mfaRule struct {
	why     string
	in      cip.SetUserPoolMfaConfigInput
	message string
}

func mfaRules(account string) []mfaRule {
	type input = cip.SetUserPoolMfaConfigInput
	sms := &types.SmsMfaConfigType{SmsConfiguration: &types.SmsConfigurationType{SnsCallerArn: roleOf(account)}}
	foreign := &types.SmsMfaConfigType{SmsConfiguration: &types.SmsConfigurationType{SnsCallerArn: roleOf(otherAccount)}}
	party := func(id string) *types.WebAuthnConfigurationType {
		return &types.WebAuthnConfigurationType{RelyingPartyId: &id}
	}
	const (
		together = "Invalid MFA configuration given, can't turn off MFA and configure an MFA together."
		nothing  = "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled."
	)
	return []mfaRule{
		{"OFF with TOTP", input{MfaConfiguration: "OFF", SoftwareTokenMfaConfiguration: totp}, together},
		{"OFF with SMS", input{MfaConfiguration: "OFF", SmsMfaConfiguration: sms}, together},
		{"OFF with email", input{MfaConfiguration: "OFF", EmailMfaConfiguration: &types.EmailMfaConfigType{}}, together},
		{"ON with no factor", input{MfaConfiguration: "ON"}, nothing},
		{"OPTIONAL with TOTP switched off", input{MfaConfiguration: "OPTIONAL", SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{}}, nothing},
		{"passkeys are no factor", input{MfaConfiguration: "ON", WebAuthnConfiguration: party("example.com")}, nothing},
		{"email that Cognito sends itself", input{MfaConfiguration: "ON", EmailMfaConfiguration: &types.EmailMfaConfigType{}},
			"Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of COGNITO_DEFAULT."},
		{"a relying party with a scheme", input{MfaConfiguration: "OFF", WebAuthnConfiguration: party("https://example.com")}, "RelyingPartyId contains invalid characters"},
		{"a relying party with a port", input{MfaConfiguration: "OFF", WebAuthnConfiguration: party("example.com:443")}, "RelyingPartyId contains invalid characters"},
		{"a relying party with a path", input{MfaConfiguration: "OFF", WebAuthnConfiguration: party("example.com/login")}, "RelyingPartyId contains invalid characters"},
		{"a role of another account", input{MfaConfiguration: "ON", SmsMfaConfiguration: foreign}, "Cross-account pass role is not allowed."},
	}
}
