package pool

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"
)

var atHome = Place{Region: "us-east-1", AccountID: "123456789012"}

// wantJSON compares v, as the wire shows it, with a JSON text.
func wantJSON(t *testing.T, v any, want string) {
	t.Helper()
	var wantValue any
	if err := json.Unmarshal([]byte(want), &wantValue); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(onWire(t, v), wantValue); diff != "" {
		t.Errorf("(-got +want):\n%s", diff)
	}
}

// onWire returns v as decoded JSON without what the wire leaves out: nil and unset enums.
func onWire(t *testing.T, v any) any {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var decoded any
	if err := json.Unmarshal(b, &decoded); err != nil {
		t.Fatal(err)
	}
	prune(decoded)
	return decoded
}

func prune(v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, member := range v {
			if member == nil || member == "" {
				delete(v, key)
			}
			prune(member)
		}
	case []any:
		for _, element := range v {
			prune(element)
		}
	}
}

func TestPoolWithNameOnly(t *testing.T) {
	got, err := NewSettings(&cip.CreateUserPoolInput{PoolName: aws.String("test-userpool")}, atHome)
	wantError(t, err, "")
	wantJSON(t, got, `{
		"Name":"test-userpool",
		"Policies":{
			"PasswordPolicy":{"MinimumLength":8,"RequireUppercase":true,"RequireLowercase":true,
				"RequireNumbers":true,"RequireSymbols":true,"TemporaryPasswordValidityDays":7},
			"SignInPolicy":{"AllowedFirstAuthFactors":["PASSWORD"]}},
		"DeletionProtection":"INACTIVE","LambdaConfig":{},
		"VerificationMessageTemplate":{"DefaultEmailOption":"CONFIRM_WITH_CODE"},
		"MfaConfiguration":"OFF","EstimatedNumberOfUsers":0,
		"EmailConfiguration":{"EmailSendingAccount":"COGNITO_DEFAULT"},
		"UserPoolTags":{},
		"AdminCreateUserConfig":{"AllowAdminCreateUserOnly":false,"UnusedAccountValidityDays":7},
		"AccountRecoverySetting":{"RecoveryMechanisms":[{"Priority":1,"Name":"verified_email"},{"Priority":2,"Name":"verified_phone_number"}]},
		"UserPoolTier":"ESSENTIALS"}`)
}

// TestEveryMemberIsTaken guards the copying by name against members of another name or type.
func TestEveryMemberIsTaken(t *testing.T) {
	for _, test := range []struct {
		in, out any
		special []string // handled one by one
	}{
		{cip.CreateUserPoolInput{}, types.UserPoolType{}, []string{"PoolName", "Schema"}},
		{cip.UpdateUserPoolInput{}, types.UserPoolType{}, []string{"PoolName", "UserPoolId"}},
		{cip.CreateUserPoolClientInput{}, types.UserPoolClientType{}, []string{"AllowedOAuthFlowsUserPoolClient", "GenerateSecret"}},
		{cip.UpdateUserPoolClientInput{}, types.UserPoolClientType{}, []string{"AllowedOAuthFlowsUserPoolClient"}},
	} {
		in, out := reflect.TypeOf(test.in), reflect.TypeOf(test.out)
		for _, field := range reflect.VisibleFields(in) {
			target, ok := out.FieldByName(field.Name)
			if field.IsExported() && (!ok || target.Type != field.Type) && !slices.Contains(test.special, field.Name) {
				t.Errorf("%s.%s has no place in %s", in, field.Name, out)
			}
		}
	}
}

// pool is a request with a name and edits.
func poolRequest(edits ...func(*cip.CreateUserPoolInput)) *cip.CreateUserPoolInput {
	in := &cip.CreateUserPoolInput{PoolName: aws.String("p")}
	for _, edit := range edits {
		edit(in)
	}
	return in
}

func TestSettingsAreCompleted(t *testing.T) {
	for _, test := range []struct {
		why  string
		in   *cip.CreateUserPoolInput
		get  func(*types.UserPoolType) any
		want string
	}{
		{"a password policy's unset members are false, its length 8", poolRequest(func(in *cip.CreateUserPoolInput) {
			in.Policies = &types.UserPoolPolicyType{PasswordPolicy: &types.PasswordPolicyType{RequireNumbers: true, TemporaryPasswordValidityDays: 0}}
		}), func(p *types.UserPoolType) any { return p.Policies },
			`{"PasswordPolicy":{"MinimumLength":8,"RequireUppercase":false,"RequireLowercase":false,"RequireNumbers":true,
			"RequireSymbols":false,"TemporaryPasswordValidityDays":7},"SignInPolicy":{"AllowedFirstAuthFactors":["PASSWORD"]}}`},
		{"temporary passwords' days show in both places", poolRequest(func(in *cip.CreateUserPoolInput) {
			in.Policies = &types.UserPoolPolicyType{PasswordPolicy: &types.PasswordPolicyType{TemporaryPasswordValidityDays: 3}}
		}), func(p *types.UserPoolType) any { return p.AdminCreateUserConfig },
			`{"AllowAdminCreateUserOnly":false,"UnusedAccountValidityDays":3}`},
		{"so do those given in the old place", poolRequest(func(in *cip.CreateUserPoolInput) {
			in.AdminCreateUserConfig = &types.AdminCreateUserConfigType{UnusedAccountValidityDays: 4}
		}), func(p *types.UserPoolType) any { return p.Policies.PasswordPolicy.TemporaryPasswordValidityDays }, `4`},
		{"a template's messages show in the older members", poolRequest(func(in *cip.CreateUserPoolInput) {
			in.VerificationMessageTemplate = &types.VerificationMessageTemplateType{
				SmsMessage: aws.String("{####} sms"), EmailMessage: aws.String("{####} mail"), EmailSubject: aws.String("subject")}
		}), func(p *types.UserPoolType) any {
			return []*string{p.SmsVerificationMessage, p.EmailVerificationMessage, p.EmailVerificationSubject}
		}, `["{####} sms","{####} mail","subject"]`},
		{"and the reverse", poolRequest(func(in *cip.CreateUserPoolInput) {
			in.SmsVerificationMessage = aws.String("{####} sms")
			in.EmailVerificationMessage = aws.String("{####} mail")
			in.EmailVerificationSubject = aws.String("subject")
		}), func(p *types.UserPoolType) any { return p.VerificationMessageTemplate },
			`{"DefaultEmailOption":"CONFIRM_WITH_CODE","SmsMessage":"{####} sms","EmailMessage":"{####} mail","EmailSubject":"subject"}`},
		{"messages for code and for link may both be given", poolRequest(func(in *cip.CreateUserPoolInput) {
			in.VerificationMessageTemplate = &types.VerificationMessageTemplateType{
				DefaultEmailOption: types.DefaultEmailOptionTypeConfirmWithLink,
				EmailMessage:       aws.String("{####}"), EmailMessageByLink: aws.String("{##here##}")}
		}), func(p *types.UserPoolType) any { return p.VerificationMessageTemplate },
			`{"DefaultEmailOption":"CONFIRM_WITH_LINK","EmailMessage":"{####}","EmailMessageByLink":"{##here##}"}`},
		{"empty lists are left out", poolRequest(func(in *cip.CreateUserPoolInput) {
			in.UsernameAttributes = []types.UsernameAttributeType{}
			in.AutoVerifiedAttributes = []types.VerifiedAttributeType{}
		}), func(p *types.UserPoolType) any { return []any{p.UsernameAttributes, p.AutoVerifiedAttributes} }, `[null,null]`},
		{"a cleared setting shows its empty list", poolRequest(func(in *cip.CreateUserPoolInput) {
			in.UserAttributeUpdateSettings = &types.UserAttributeUpdateSettingsType{}
		}), func(p *types.UserPoolType) any { return p.UserAttributeUpdateSettings },
			`{"AttributesRequireVerificationBeforeUpdate":[]}`},
		{"an email configuration gets a sender", poolRequest(func(in *cip.CreateUserPoolInput) {
			in.EmailConfiguration = &types.EmailConfigurationType{ReplyToEmailAddress: aws.String("a@example.com")}
		}), func(p *types.UserPoolType) any { return p.EmailConfiguration },
			`{"EmailSendingAccount":"COGNITO_DEFAULT","ReplyToEmailAddress":"a@example.com"}`},
		{"the older pre token generation member sets the versioned one", poolRequest(func(in *cip.CreateUserPoolInput) {
			in.LambdaConfig = &types.LambdaConfigType{PreTokenGeneration: aws.String(lambdaIn("us-east-1"))}
		}), func(p *types.UserPoolType) any { return p.LambdaConfig.PreTokenGenerationConfig },
			`{"LambdaArn":"arn:aws:lambda:us-east-1:123456789012:function:f","LambdaVersion":"V1_0"}`},
		{"an empty recovery setting stays, as older pools have it", poolRequest(func(in *cip.CreateUserPoolInput) {
			in.AccountRecoverySetting = &types.AccountRecoverySettingType{}
		}), func(p *types.UserPoolType) any { return p.AccountRecoverySetting }, `{}`},
	} {
		t.Run(test.why, func(t *testing.T) {
			p, err := NewSettings(test.in, atHome)
			wantError(t, err, "")
			wantJSON(t, test.get(p), test.want)
		})
	}
}

func lambdaIn(region string) string { return "arn:aws:lambda:" + region + ":123456789012:function:f" }

func identityIn(region string) *string {
	return aws.String("arn:aws:ses:" + region + ":123456789012:identity/a@example.com")
}

func roleOf(account string) *string { return aws.String("arn:aws:iam::" + account + ":role/sms") }

func withRecovery(options ...types.RecoveryOptionType) func(*cip.CreateUserPoolInput) {
	return func(in *cip.CreateUserPoolInput) {
		in.AccountRecoverySetting = &types.AccountRecoverySettingType{RecoveryMechanisms: options}
	}
}

func withFirstFactors(factors ...types.AuthFactorType) func(*cip.CreateUserPoolInput) {
	return func(in *cip.CreateUserPoolInput) {
		in.Policies = &types.UserPoolPolicyType{SignInPolicy: &types.SignInPolicyType{AllowedFirstAuthFactors: factors}}
	}
}

func withTier(tier types.UserPoolTierType) func(*cip.CreateUserPoolInput) {
	return func(in *cip.CreateUserPoolInput) { in.UserPoolTier = tier }
}

func withMFA(mode types.UserPoolMfaType) func(*cip.CreateUserPoolInput) {
	return func(in *cip.CreateUserPoolInput) { in.MfaConfiguration = mode }
}

func withSMS(edit ...func(*types.SmsConfigurationType)) func(*cip.CreateUserPoolInput) {
	return func(in *cip.CreateUserPoolInput) {
		in.SmsConfiguration = &types.SmsConfigurationType{SnsCallerArn: roleOf("123456789012")}
		for _, e := range edit {
			e(in.SmsConfiguration)
		}
	}
}

func withEmail(c types.EmailConfigurationType) func(*cip.CreateUserPoolInput) {
	return func(in *cip.CreateUserPoolInput) { in.EmailConfiguration = &c }
}

func withTriggers(c types.LambdaConfigType) func(*cip.CreateUserPoolInput) {
	return func(in *cip.CreateUserPoolInput) { in.LambdaConfig = &c }
}

func withPreToken(version types.PreTokenGenerationLambdaVersionType) func(*cip.CreateUserPoolInput) {
	return withTriggers(types.LambdaConfigType{PreTokenGenerationConfig: &types.PreTokenGenerationVersionConfigType{
		LambdaArn: aws.String(lambdaIn("us-east-1")), LambdaVersion: version}})
}

func withThreatProtection(mode types.AdvancedSecurityModeType) func(*cip.CreateUserPoolInput) {
	return func(in *cip.CreateUserPoolInput) {
		in.UserPoolAddOns = &types.UserPoolAddOnsType{AdvancedSecurityMode: mode}
	}
}

func withAutoVerified(attributes ...types.VerifiedAttributeType) func(*cip.CreateUserPoolInput) {
	return func(in *cip.CreateUserPoolInput) { in.AutoVerifiedAttributes = attributes }
}

func withVerifiedBeforeUpdate(attributes ...types.VerifiedAttributeType) func(*cip.CreateUserPoolInput) {
	return func(in *cip.CreateUserPoolInput) {
		in.UserAttributeUpdateSettings = &types.UserAttributeUpdateSettingsType{AttributesRequireVerificationBeforeUpdate: attributes}
	}
}

func TestPoolRules(t *testing.T) {
	const (
		byEmail   = types.RecoveryOptionNameTypeVerifiedEmail
		byPhone   = types.RecoveryOptionNameTypeVerifiedPhoneNumber
		byAdmin   = types.RecoveryOptionNameTypeAdminOnly
		developer = types.EmailSendingAccountTypeDeveloper
		lite      = types.UserPoolTierTypeLite
		plus      = types.UserPoolTierTypePlus
		password  = types.AuthFactorTypePassword
	)
	emailSender := &types.CustomEmailLambdaVersionConfigType{LambdaArn: aws.String(lambdaIn("us-east-1"))}
	smsSender := &types.CustomSMSLambdaVersionConfigType{LambdaArn: aws.String(lambdaIn("us-east-1"))}
	key := func(region string) *string { return aws.String("arn:aws:kms:" + region + ":123456789012:key/k") }
	lacks := func(tier, feature string) string {
		return "FeatureUnavailableInTierException: The following features need to be disabled for the " + tier + " pricing tier configured: " + feature
	}
	for _, test := range []struct {
		why  string
		in   *cip.CreateUserPoolInput
		want string
	}{
		{"alias and username attributes exclude each other, even empty", poolRequest(func(in *cip.CreateUserPoolInput) {
			in.AliasAttributes, in.UsernameAttributes = []types.AliasAttributeType{}, []types.UsernameAttributeType{types.UsernameAttributeTypeEmail}
		}), invalidText("Only one of the aliasAttributes or usernameAttributes can be set in a User pool.")},
		{"a preferred_username that is an alias cannot be required", poolRequest(func(in *cip.CreateUserPoolInput) {
			in.AliasAttributes = []types.AliasAttributeType{"preferred_username"}
			in.Schema = []types.SchemaAttributeType{declared("preferred_username", "", asRequired)}
		}), invalidText("The attribute preferred_username cannot be required and an alias.")},
		{"a preferred_username that is an alias", poolRequest(func(in *cip.CreateUserPoolInput) {
			in.AliasAttributes = []types.AliasAttributeType{"preferred_username", "email"}
			in.Schema = []types.SchemaAttributeType{declared("email", "", asRequired)}
		}), ""},
		{"phone numbers are verified by SMS", poolRequest(withAutoVerified("phone_number")),
			invalidText("SMS configuration is required when phone_number is selected for auto verification")},
		{"phone numbers with SMS", poolRequest(withAutoVerified("phone_number"), withSMS()), ""},
		{"MFA in a new pool needs SMS", poolRequest(withMFA("ON")),
			invalidText("SMS configuration and Auto verification for phone_number are required when MFA is required/optional")},
		{"optional MFA too", poolRequest(withMFA("OPTIONAL")),
			invalidText("SMS configuration and Auto verification for phone_number are required when MFA is required/optional")},
		{"MFA with SMS", poolRequest(withMFA("ON"), withSMS()), ""},
		{"what is verified before an update must be verified at all", poolRequest(withVerifiedBeforeUpdate("email")),
			invalidText("All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes")},
		{"verified before an update", poolRequest(withAutoVerified("email"), withVerifiedBeforeUpdate("email")), ""},
		{"two members for the days of temporary passwords", poolRequest(func(in *cip.CreateUserPoolInput) {
			in.Policies = &types.UserPoolPolicyType{PasswordPolicy: &types.PasswordPolicyType{TemporaryPasswordValidityDays: 7}}
			in.AdminCreateUserConfig = &types.AdminCreateUserConfigType{UnusedAccountValidityDays: 7}
		}), invalidText("Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays")},
		{"admin_only stands alone", poolRequest(withRecovery(types.RecoveryOptionType{Name: byAdmin, Priority: aws.Int32(1)}, types.RecoveryOptionType{Name: byEmail, Priority: aws.Int32(2)})),
			invalidText("Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms.")},
		{"admin_only alone", poolRequest(withRecovery(types.RecoveryOptionType{Name: byAdmin, Priority: aws.Int32(1)})), ""},
		{"priorities are unique", poolRequest(withRecovery(types.RecoveryOptionType{Name: byPhone, Priority: aws.Int32(1)}, types.RecoveryOptionType{Name: byEmail, Priority: aws.Int32(1)})),
			invalidText("Account Recovery Setting cannot have duplicate priorities or recovery mechanisms.")},
		{"mechanisms are unique", poolRequest(withRecovery(types.RecoveryOptionType{Name: byEmail, Priority: aws.Int32(1)}, types.RecoveryOptionType{Name: byEmail, Priority: aws.Int32(2)})),
			invalidText("Account Recovery Setting cannot have duplicate priorities or recovery mechanisms.")},
		{"passwords are always a first factor", poolRequest(withFirstFactors(types.AuthFactorTypeWebAuthn)),
			invalidText("Password should be configured as one of the allowed first auth factors.")},
		{"a sign-in policy without factors", poolRequest(withFirstFactors()), ""},
		{"passwordless factors", poolRequest(withFirstFactors(password, types.AuthFactorTypeEmailOtp)), ""},
		{"passwordless factors in LITE", poolRequest(withTier(lite), withFirstFactors(password, types.AuthFactorTypeEmailOtp)), lacks("LITE", "Passwordless Sign-In")},
		{"passwords in LITE", poolRequest(withTier(lite), withFirstFactors(password)), ""},
		{"one-time passwords cannot be followed by MFA", poolRequest(withMFA("ON"), withSMS(), withFirstFactors(password, types.AuthFactorTypeEmailOtp)),
			invalidText("Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled")},
		{"nor can passkeys of one factor", poolRequest(withMFA("ON"), withSMS(), withFirstFactors(password, types.AuthFactorTypeWebAuthn)),
			invalidText("WEB_AUTHN cannot be used as an auth factor when MFA is enabled if not configured for MFA.")},
		{"optional MFA leaves passkeys alone", poolRequest(withMFA("OPTIONAL"), withSMS(), withFirstFactors(password, types.AuthFactorTypeWebAuthn)), ""},
		{"pre token generation V2 in LITE", poolRequest(withTier(lite), withPreToken("V2_0")), lacks("LITE", "Token Customization with Pre-Token Generation Lambda V2_0")},
		{"pre token generation V3 in LITE", poolRequest(withTier(lite), withPreToken("V3_0")), lacks("LITE", "Token Customization with Pre-Token Generation Lambda V2_0")},
		{"pre token generation V1 in LITE", poolRequest(withTier(lite), withPreToken("V1_0")), ""},
		{"threat protection below PLUS", poolRequest(withThreatProtection("ENFORCED")), lacks("ESSENTIALS", "Threat Protection")},
		{"threat protection in PLUS", poolRequest(withTier(plus), withThreatProtection("AUDIT")), ""},
		{"no threat protection", poolRequest(withThreatProtection("OFF")), ""},
		{"two members for pre token generation agree", poolRequest(withTriggers(types.LambdaConfigType{
			PreTokenGeneration: aws.String(lambdaIn("us-east-1") + "2"), PreTokenGenerationConfig: &types.PreTokenGenerationVersionConfigType{
				LambdaArn: aws.String(lambdaIn("us-east-1")), LambdaVersion: "V1_0"}})),
			invalidText("Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda function ARN's")},
		{"an email sender needs a key", poolRequest(withTriggers(types.LambdaConfigType{CustomEmailSender: emailSender})),
			invalidText("KMSKeyId parameter is required when Custom SMS/Email Lambda trigger is used.")},
		{"an SMS sender needs a key", poolRequest(withTriggers(types.LambdaConfigType{CustomSMSSender: smsSender})),
			invalidText("KMSKeyId parameter is required when Custom SMS/Email Lambda trigger is used.")},
		{"a key of the region", poolRequest(withTriggers(types.LambdaConfigType{CustomEmailSender: emailSender, KMSKeyID: key("us-east-1")})), ""},
		{"a key of another region", poolRequest(withTriggers(types.LambdaConfigType{CustomEmailSender: emailSender, KMSKeyID: key("ap-northeast-1")})),
			invalidText("Invalid arn ap-northeast-1")},
		{"a trigger of another region", poolRequest(withTriggers(types.LambdaConfigType{PreSignUp: aws.String(lambdaIn("eu-west-1"))})),
			invalidText("Cross-region lambda functions are not supported")},
		{"a sender of another region", poolRequest(withTriggers(types.LambdaConfigType{KMSKeyID: key("us-east-1"),
			CustomSMSSender: &types.CustomSMSLambdaVersionConfigType{LambdaArn: aws.String(lambdaIn("eu-west-1"))}})),
			invalidText("Cross-region lambda functions are not supported")},
		{"a trigger of another account", poolRequest(withTriggers(types.LambdaConfigType{PreSignUp: aws.String("arn:aws:lambda:us-east-1:999999999999:function:f")})), ""},
		{"DEVELOPER needs an identity", poolRequest(withEmail(types.EmailConfigurationType{EmailSendingAccount: developer})),
			invalidText("Source ARN is required to use DEVELOPER email sending owner")},
		{"DEVELOPER with an identity", poolRequest(withEmail(types.EmailConfigurationType{EmailSendingAccount: developer, SourceArn: identityIn("eu-west-1")})), ""},
		{"an identity of a region without sending", poolRequest(withEmail(types.EmailConfigurationType{EmailSendingAccount: developer, SourceArn: identityIn("ap-northeast-1")})),
			invalidText("Provided SourceArn must be in one of the following SES regions: eu-west-1, us-east-1, us-west-2.")},
		{"From is an address", poolRequest(withEmail(types.EmailConfigurationType{From: aws.String("nobody")})), invalidText("Provided From email address is invalid")},
		{"From may have a name", poolRequest(withEmail(types.EmailConfigurationType{From: aws.String("Nobody <nobody@example.com>")})), ""},
		{"SMS go out in the pool's region", poolRequest(withSMS(func(c *types.SmsConfigurationType) { c.SnsRegion = aws.String("eu-west-1") })),
			invalidText("Invalid snsRegion. Allowed SNS region for us-east-1 is us-east-1")},
		{"the SMS role is of the account", poolRequest(withSMS(func(c *types.SmsConfigurationType) { c.SnsCallerArn = roleOf("999999999999") })),
			invalidText("Cross-account pass role is not allowed.")},
	} {
		t.Run(test.why, func(t *testing.T) {
			_, err := NewSettings(test.in, atHome)
			wantError(t, err, test.want)
		})
	}
}

func TestSourceARN(t *testing.T) {
	for _, test := range []struct {
		why   string
		arn   *string
		place Place
		want  string
	}{
		{"none", aws.String(""), atHome, ""},
		{"the pool's own region", identityIn("ap-northeast-1"), Place{Region: "ap-northeast-1"}, ""},
		{"another", identityIn("eu-west-3"), Place{Region: "ap-northeast-1"}, invalidText("Provided SourceArn must be in one of the following SES regions: ap-northeast-1, eu-west-1, us-east-1, us-west-2.")},
	} {
		t.Run(test.why, func(t *testing.T) {
			wantError(t, checkSourceARN(*test.arn, test.place), test.want)
		})
	}
}

// full is a pool with many settings.
func fullPool(t *testing.T) *types.UserPoolType {
	t.Helper()
	p, err := NewSettings(poolRequest(withAutoVerified("email"), withVerifiedBeforeUpdate("email"), withSMS(), withMFA("OPTIONAL"), withTier("PLUS"), withThreatProtection("ENFORCED"),
		withRecovery(types.RecoveryOptionType{Name: "admin_only", Priority: aws.Int32(1)}),
		withTriggers(types.LambdaConfigType{PreSignUp: aws.String(lambdaIn("us-east-1"))}),
		func(in *cip.CreateUserPoolInput) {
			in.UsernameAttributes = []types.UsernameAttributeType{"email"}
			in.UsernameConfiguration = &types.UsernameConfigurationType{CaseSensitive: aws.Bool(false)}
			in.DeletionProtection = "ACTIVE"
			in.UserPoolTags = map[string]string{"a": "b"}
			in.EmailVerificationMessage = aws.String("{####}")
			in.AdminCreateUserConfig = &types.AdminCreateUserConfigType{AllowAdminCreateUserOnly: true, UnusedAccountValidityDays: 30}
		}), atHome)
	if err != nil {
		t.Fatal(err)
	}
	p.Id, p.Arn, p.Domain = aws.String("us-east-1_abc"), aws.String("arn"), aws.String("prefix")
	return p
}

func TestUpdateResetsWhatIsOmitted(t *testing.T) {
	old := fullPool(t)
	got, err := UpdateSettings(old, MFAConfig{}, &cip.UpdateUserPoolInput{AutoVerifiedAttributes: []types.VerifiedAttributeType{"email"}}, atHome)
	wantError(t, err, "")
	wantJSON(t, got, `{
		"Id":"us-east-1_abc","Arn":"arn","Name":"p","Domain":"prefix",
		"Policies":{
			"PasswordPolicy":{"MinimumLength":8,"RequireUppercase":true,"RequireLowercase":true,
				"RequireNumbers":true,"RequireSymbols":true,"TemporaryPasswordValidityDays":7},
			"SignInPolicy":{"AllowedFirstAuthFactors":["PASSWORD"]}},
		"DeletionProtection":"INACTIVE","LambdaConfig":{},
		"VerificationMessageTemplate":{"DefaultEmailOption":"CONFIRM_WITH_CODE"},
		"MfaConfiguration":"OFF","EstimatedNumberOfUsers":0,
		"EmailConfiguration":{"EmailSendingAccount":"COGNITO_DEFAULT"},
		"UserPoolTags":{},
		"AutoVerifiedAttributes":["email"],
		"UsernameAttributes":["email"],
		"UsernameConfiguration":{"CaseSensitive":false},
		"UserAttributeUpdateSettings":{"AttributesRequireVerificationBeforeUpdate":["email"]},
		"AdminCreateUserConfig":{"AllowAdminCreateUserOnly":false,"UnusedAccountValidityDays":7},
		"AccountRecoverySetting":{"RecoveryMechanisms":[{"Priority":1,"Name":"verified_email"},{"Priority":2,"Name":"verified_phone_number"}]},
		"UserPoolTier":"ESSENTIALS"}`)
	if diff := cmp.Diff(onWire(t, old), onWire(t, fullPool(t))); diff != "" {
		t.Errorf("the old settings changed (-got +want):\n%s", diff)
	}
}

func TestUpdateRules(t *testing.T) {
	totp := MFAConfig{SoftwareToken: &types.SoftwareTokenMfaConfigType{Enabled: true}}
	passkey := MFAConfig{SoftwareToken: totp.SoftwareToken, WebAuthn: &types.WebAuthnConfigurationType{FactorConfiguration: "MULTI_FACTOR_WITH_USER_VERIFICATION"}}
	withPasskeys := &types.UserPoolPolicyType{SignInPolicy: &types.SignInPolicyType{AllowedFirstAuthFactors: []types.AuthFactorType{"PASSWORD", "WEB_AUTHN"}}}
	for _, test := range []struct {
		why  string
		mfa  MFAConfig
		in   cip.UpdateUserPoolInput
		want string
	}{
		{"what is kept no longer fits what is reset", totp, cip.UpdateUserPoolInput{DeletionProtection: "INACTIVE"},
			invalidText("All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes")},
		{"an empty list clears what is kept", totp, cip.UpdateUserPoolInput{UserAttributeUpdateSettings: &types.UserAttributeUpdateSettingsType{}}, ""},
		{"MFA by TOTP alone", totp, cip.UpdateUserPoolInput{MfaConfiguration: "ON", UserAttributeUpdateSettings: &types.UserAttributeUpdateSettingsType{}}, ""},
		{"MFA without a factor", MFAConfig{}, cip.UpdateUserPoolInput{MfaConfiguration: "ON", UserAttributeUpdateSettings: &types.UserAttributeUpdateSettingsType{}},
			invalidText("SMS configuration and Auto verification for phone_number are required when MFA is required/optional")},
		{"passkeys of one factor under MFA", totp, cip.UpdateUserPoolInput{MfaConfiguration: "ON", Policies: withPasskeys,
			UserAttributeUpdateSettings: &types.UserAttributeUpdateSettingsType{}},
			invalidText("WEB_AUTHN cannot be used as an auth factor when MFA is enabled if not configured for MFA.")},
		{"passkeys of two factors under MFA", passkey, cip.UpdateUserPoolInput{MfaConfiguration: "ON", Policies: withPasskeys,
			UserAttributeUpdateSettings: &types.UserAttributeUpdateSettingsType{}}, ""},
	} {
		t.Run(test.why, func(t *testing.T) {
			_, err := UpdateSettings(fullPool(t), test.mfa, &test.in, atHome)
			wantError(t, err, test.want)
		})
	}
}

func TestUpdateSetsWhatIsSent(t *testing.T) {
	got, err := UpdateSettings(fullPool(t), MFAConfig{}, &cip.UpdateUserPoolInput{
		PoolName:                    aws.String("renamed"),
		UserPoolTags:                map[string]string{"c": "d"},
		UserAttributeUpdateSettings: &types.UserAttributeUpdateSettingsType{},
	}, atHome)
	wantError(t, err, "")
	wantJSON(t, []any{got.Name, got.UserPoolTags, got.UserAttributeUpdateSettings},
		`["renamed",{"c":"d"},{"AttributesRequireVerificationBeforeUpdate":[]}]`)
}

func TestSettingsShareNothingWithRequests(t *testing.T) {
	in := poolRequest(func(in *cip.CreateUserPoolInput) { in.UserPoolTags = map[string]string{"a": "b"} })
	p, err := NewSettings(in, atHome)
	wantError(t, err, "")
	in.UserPoolTags["a"] = "changed"
	if p.UserPoolTags["a"] != "b" {
		t.Error("a change of the request reached the settings")
	}
}
