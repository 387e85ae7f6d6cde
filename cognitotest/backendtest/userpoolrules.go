package backendtest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"

	"github.com/cognitotest/cognito/cognitotest"
)

// elsewhere is a region where no test works and mail cannot be sent from.
const elsewhere = "sa-east-1"

// otherAccount is an account that is not the tests'.
const otherAccount = "999999999999"

const invalid = "InvalidParameterException"

// poolRule is a request for a pool that is refused or, without a code, granted.
type poolRule struct {
	why           string
	in            cip.CreateUserPoolInput
	code, message string
}

func lambdaIn(region, account string) *string {
	return aws.String("arn:aws:lambda:" + region + ":" + account + ":function:f")
}

func roleOf(account string) *string { return aws.String("arn:aws:iam::" + account + ":role/sms") }

func identityIn(region, account string) *string {
	return aws.String("arn:aws:ses:" + region + ":" + account + ":identity/a@example.com")
}

func keyIn(region, account string) *string {
	return aws.String("arn:aws:kms:" + region + ":" + account + ":key/k")
}

func recoveryBy(options ...types.RecoveryOptionType) *types.AccountRecoverySettingType {
	return &types.AccountRecoverySettingType{RecoveryMechanisms: options}
}

func option(name types.RecoveryOptionNameType, priority int32) types.RecoveryOptionType {
	return types.RecoveryOptionType{Name: name, Priority: &priority}
}

func firstFactors(factors ...types.AuthFactorType) *types.UserPoolPolicyType {
	return &types.UserPoolPolicyType{SignInPolicy: &types.SignInPolicyType{AllowedFirstAuthFactors: factors}}
}

func tierLacks(tier, feature string) string {
	return "The following features need to be disabled for the " + tier + " pricing tier configured: " + feature
}

func preToken(region, account string, version types.PreTokenGenerationLambdaVersionType) *types.LambdaConfigType {
	return &types.LambdaConfigType{PreTokenGenerationConfig: &types.PreTokenGenerationVersionConfigType{
		LambdaArn: lambdaIn(region, account), LambdaVersion: version}}
}

// settingRules are about everything but the schema.
func settingRules(region, account string) []poolRule {
	const lite, unavailable = types.UserPoolTierTypeLite, "FeatureUnavailableInTierException"
	type input = cip.CreateUserPoolInput
	sms := &types.SmsConfigurationType{SnsCallerArn: roleOf(account)}
	emailSender := &types.CustomEmailLambdaVersionConfigType{LambdaArn: lambdaIn(region, account), LambdaVersion: "V1_0"}
	smsSender := &types.CustomSMSLambdaVersionConfigType{LambdaArn: lambdaIn(region, account), LambdaVersion: "V1_0"}
	return []poolRule{
		{"aliases and username attributes exclude each other", input{AliasAttributes: []types.AliasAttributeType{"email"}, UsernameAttributes: []types.UsernameAttributeType{"email"}},
			invalid, "Only one of the aliasAttributes or usernameAttributes can be set in a User pool."},
		{"even when empty", input{AliasAttributes: []types.AliasAttributeType{}, UsernameAttributes: []types.UsernameAttributeType{}},
			invalid, "Only one of the aliasAttributes or usernameAttributes can be set in a User pool."},
		{"phone numbers are verified by SMS", input{AutoVerifiedAttributes: []types.VerifiedAttributeType{"phone_number"}},
			invalid, "SMS configuration is required when phone_number is selected for auto verification"},
		{"phone numbers with SMS", input{AutoVerifiedAttributes: []types.VerifiedAttributeType{"phone_number"}, SmsConfiguration: sms}, "", ""},
		{"MFA in a new pool needs SMS", input{MfaConfiguration: "ON"},
			invalid, "SMS configuration and Auto verification for phone_number are required when MFA is required/optional"},
		{"optional MFA too", input{MfaConfiguration: "OPTIONAL"},
			invalid, "SMS configuration and Auto verification for phone_number are required when MFA is required/optional"},
		{"MFA with SMS", input{MfaConfiguration: "ON", SmsConfiguration: sms}, "", ""},
		{"what is verified before it changes must be verified at all",
			input{UserAttributeUpdateSettings: &types.UserAttributeUpdateSettingsType{AttributesRequireVerificationBeforeUpdate: []types.VerifiedAttributeType{"email"}}},
			invalid, "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes"},
		{"the days of temporary passwords stand in one place", input{
			Policies:              &types.UserPoolPolicyType{PasswordPolicy: &types.PasswordPolicyType{TemporaryPasswordValidityDays: 7}},
			AdminCreateUserConfig: &types.AdminCreateUserConfigType{UnusedAccountValidityDays: 7}},
			invalid, "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays"},
		{"recovery by an administrator stands alone", input{AccountRecoverySetting: recoveryBy(option("admin_only", 1), option("verified_email", 2))},
			invalid, "Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms."},
		{"recovery mechanisms have priorities of their own", input{AccountRecoverySetting: recoveryBy(option("verified_email", 1), option("verified_phone_number", 1))},
			invalid, "Account Recovery Setting cannot have duplicate priorities or recovery mechanisms."},
		{"recovery mechanisms stand once", input{AccountRecoverySetting: recoveryBy(option("verified_email", 1), option("verified_email", 2))},
			invalid, "Account Recovery Setting cannot have duplicate priorities or recovery mechanisms."},
		{"passwords are always a first factor", input{Policies: firstFactors("EMAIL_OTP")},
			invalid, "Password should be configured as one of the allowed first auth factors."},
		{"passkeys are not the only first factor", input{Policies: firstFactors("WEB_AUTHN")},
			invalid, "Password should be configured as one of the allowed first auth factors."},
		{"LITE has no passwordless sign-in", input{UserPoolTier: lite, Policies: firstFactors("PASSWORD", "EMAIL_OTP")},
			unavailable, tierLacks("LITE", "Passwordless Sign-In")},
		{"LITE has no pre token generation V2", input{UserPoolTier: lite, LambdaConfig: preToken(region, account, "V2_0")},
			unavailable, tierLacks("LITE", "Token Customization with Pre-Token Generation Lambda V2_0")},
		{"nor V3", input{UserPoolTier: lite, LambdaConfig: preToken(region, account, "V3_0")},
			unavailable, tierLacks("LITE", "Token Customization with Pre-Token Generation Lambda V2_0")},
		{"LITE has pre token generation V1", input{UserPoolTier: lite, LambdaConfig: preToken(region, account, "V1_0")}, "", ""},
		{"both members for pre token generation name one function", input{LambdaConfig: &types.LambdaConfigType{
			PreTokenGeneration:       lambdaIn(region, otherAccount),
			PreTokenGenerationConfig: preToken(region, account, "V1_0").PreTokenGenerationConfig}},
			invalid, "Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda function ARN's"},
		{"an email sender needs a key", input{LambdaConfig: &types.LambdaConfigType{CustomEmailSender: emailSender}},
			invalid, "KMSKeyId parameter is required when Custom SMS/Email Lambda trigger is used."},
		{"an SMS sender needs a key", input{LambdaConfig: &types.LambdaConfigType{CustomSMSSender: smsSender}},
			invalid, "KMSKeyId parameter is required when Custom SMS/Email Lambda trigger is used."},
		{"the key of a sender is of the region", input{LambdaConfig: &types.LambdaConfigType{CustomEmailSender: emailSender, KMSKeyID: keyIn(elsewhere, account)}},
			invalid, "Invalid arn " + elsewhere},
		{"triggers are of the region", input{LambdaConfig: &types.LambdaConfigType{PreSignUp: lambdaIn(elsewhere, account)}},
			invalid, "Cross-region lambda functions are not supported"},
		{"triggers may be of another account", input{LambdaConfig: &types.LambdaConfigType{PreSignUp: lambdaIn(region, otherAccount)}}, "", ""},
		{"sending as DEVELOPER needs an identity", input{EmailConfiguration: &types.EmailConfigurationType{EmailSendingAccount: "DEVELOPER"}},
			invalid, "Source ARN is required to use DEVELOPER email sending owner"},
		{"identities are of a region that sends", input{EmailConfiguration: &types.EmailConfigurationType{EmailSendingAccount: "DEVELOPER", SourceArn: identityIn(elsewhere, account)}},
			invalid, "Provided SourceArn must be in one of the following SES regions: eu-west-1, us-east-1, us-west-2."},
		{"From is an address", input{EmailConfiguration: &types.EmailConfigurationType{From: aws.String("nobody")}},
			invalid, "Provided From email address is invalid"},
		{"SMS go out in the region", input{SmsConfiguration: &types.SmsConfigurationType{SnsCallerArn: roleOf(account), SnsRegion: aws.String(elsewhere)}},
			invalid, "Invalid snsRegion. Allowed SNS region for " + region + " is " + region},
		{"the role for SMS is of the account", input{SmsConfiguration: &types.SmsConfigurationType{SnsCallerArn: roleOf(otherAccount)}},
			invalid, "Cross-account pass role is not allowed."},
	}
}

// updateRule is a poolRule of UpdateUserPool.
type updateRule struct {
	why           string
	in            cip.UpdateUserPoolInput
	code, message string
}

func updateRules(region string) []updateRule {
	type input = cip.UpdateUserPoolInput
	return []updateRule{
		{"phone numbers are verified by SMS", input{AutoVerifiedAttributes: []types.VerifiedAttributeType{"phone_number"}},
			invalid, "SMS configuration is required when phone_number is selected for auto verification"},
		{"the days of temporary passwords stand in one place", input{
			Policies:              &types.UserPoolPolicyType{PasswordPolicy: &types.PasswordPolicyType{TemporaryPasswordValidityDays: 7}},
			AdminCreateUserConfig: &types.AdminCreateUserConfigType{UnusedAccountValidityDays: 7}},
			invalid, "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays"},
		{"triggers are of the region", input{LambdaConfig: &types.LambdaConfigType{PreSignUp: lambdaIn(elsewhere, otherAccount)}},
			invalid, "Cross-region lambda functions are not supported"},
		{"SMS go out in the region", input{SmsConfiguration: &types.SmsConfigurationType{SnsCallerArn: roleOf(otherAccount), SnsRegion: aws.String(elsewhere)}},
			invalid, "Invalid snsRegion. Allowed SNS region for " + region + " is " + region},
		{"LITE has no passwordless sign-in", input{UserPoolTier: "LITE", Policies: firstFactors("PASSWORD", "EMAIL_OTP")},
			"FeatureUnavailableInTierException", tierLacks("LITE", "Passwordless Sign-In")},
	}
}

// attributeOf declares an attribute of a schema.
func attributeOf(name string, kind types.AttributeDataType, edits ...func(*types.SchemaAttributeType)) types.SchemaAttributeType {
	a := types.SchemaAttributeType{Name: &name, AttributeDataType: kind}
	for _, edit := range edits {
		edit(&a)
	}
	return a
}

func asRequired(a *types.SchemaAttributeType)  { a.Required = aws.Bool(true) }
func asDeveloper(a *types.SchemaAttributeType) { a.DeveloperOnlyAttribute = aws.Bool(true) }

func withLength(least, most string) func(*types.SchemaAttributeType) {
	return func(a *types.SchemaAttributeType) {
		a.StringAttributeConstraints = &types.StringAttributeConstraintsType{MinLength: &least, MaxLength: &most}
	}
}

func withValue(least, most string) func(*types.SchemaAttributeType) {
	return func(a *types.SchemaAttributeType) {
		a.NumberAttributeConstraints = &types.NumberAttributeConstraintsType{MinValue: &least, MaxValue: &most}
	}
}

func schemaRules() []poolRule {
	schema := func(a ...types.SchemaAttributeType) cip.CreateUserPoolInput {
		return cip.CreateUserPoolInput{Schema: a}
	}
	const changed = "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute "
	return []poolRule{
		{"custom attributes are not required", schema(attributeOf("tenant", "String", asRequired)),
			invalid, "Required custom attributes are not supported currently."},
		{"standard attributes keep their type", schema(attributeOf("family_name", "Number")), invalid, changed + "family_name"},
		{"standard attributes are not for developers only", schema(attributeOf("family_name", "String", asDeveloper)), invalid, changed + "family_name"},
		{"custom attributes have a type", schema(attributeOf("tenant", "")),
			invalid, "Invalid AttributeDataType input, consider using the provided AttributeDataType enum."},
		{"custom attributes stand once", schema(attributeOf("dept", "String"), attributeOf("dept", "String")),
			invalid, "Duplicate custom attribute names custom:dept are not allowed in a user pool schema."},
		{"custom: in a name is part of it", schema(attributeOf("dept", "String"), attributeOf("custom:dept", "String")), "", ""},
		{"and declares no custom attribute anew", schema(attributeOf("dept", "String"), attributeOf("custom:dept", "String", asRequired)),
			invalid, "Required custom attributes are not supported currently."},
		{"lengths are in order", schema(attributeOf("s1", "String", withLength("2", "1"))),
			invalid, "Attribute custom:s1 cannot have a max length shorter than it's min length"},
		{"lengths may be equal", schema(attributeOf("s1", "String", withLength("2", "2"))), "", ""},
		{"values are in order", schema(attributeOf("n1", "Number", withValue("2", "1"))),
			invalid, "Attribute custom:n1 cannot have a max value smaller than it's min value"},
	}
}

// wantViolation checks that constraints of the API's model refuse a call, at a member and with a
// reason.
func wantViolation(t *testing.T, err error, member, reason string) {
	t.Helper()
	const one = "1 validation error detected: Value"
	want := "at '" + member + "' failed to satisfy constraint: " + reason
	var e smithy.APIError
	if !errors.As(err, &e) || e.ErrorCode() != invalid || !strings.HasPrefix(e.ErrorMessage(), one) || !strings.HasSuffix(e.ErrorMessage(), want) {
		t.Errorf("error = %v, want %s: %s … %s", err, invalid, one, want)
	}
}

var userPoolRules = []Behaviour{
	{"settings of a new pool that do not fit are refused", func(t *testing.T, start Start) {
		p := start(t)
		wantRules(t, p, settingRules(p.Region, accountOf(t, p)))
	}},
	{"a schema that does not fit is refused", func(t *testing.T, start Start) {
		wantRules(t, start(t), schemaRules())
	}},
	{"a standard attribute is declared anew in what it requires and how it is bounded", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{Schema: []types.SchemaAttributeType{
			attributeOf("email", "String", asRequired, withLength("5", "40")),
		}}))
		got := schemaOf(describePool(t, p))["email"]
		wantSame(t, "email", got, types.SchemaAttributeType{
			Name: aws.String("email"), AttributeDataType: "String", Required: aws.Bool(true), Mutable: got.Mutable, DeveloperOnlyAttribute: aws.Bool(false),
			StringAttributeConstraints: &types.StringAttributeConstraintsType{MinLength: aws.String("5"), MaxLength: aws.String("40")},
		})
	}},
	{"a pool has the standard attributes, and shows custom ones under custom:", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{Schema: []types.SchemaAttributeType{attributeOf("tenant", "String", withLength("1", "9"))}}))
		got := schemaOf(describePool(t, p))
		for name, want := range standardAttributes() {
			wantSame(t, name, got[name], want)
		}
		tenant := attributeOf("custom:tenant", "String", withLength("1", "9"))
		tenant.Required, tenant.Mutable, tenant.DeveloperOnlyAttribute = aws.Bool(false), got["custom:tenant"].Mutable, aws.Bool(false)
		wantSame(t, "custom:tenant", got["custom:tenant"], tenant)
	}},
	{"attributes can be added to a pool", func(t *testing.T, start Start) {
		p := start(t)
		before := schemaOf(describePool(t, p))
		need(t, addAttributes(p, attributeOf("level", "Number", withValue("1", "5")), attributeOf("note", "String", asDeveloper)))
		after := schemaOf(describePool(t, p))
		for _, name := range []string{"custom:level", "dev:custom:note"} {
			if _, added := after[name]; !added {
				t.Errorf("%s is missing", name)
			}
			delete(after, name)
		}
		wantSame(t, "the other attributes", after, before)
		u := p.NewUser(t, cognitotest.Attribute("custom:level", "3"))
		got, err := p.Client().AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &p.PoolID, Username: &u.Username})
		need(t, err)
		if level := attribute(got.UserAttributes, "custom:level"); level != "3" {
			t.Errorf("custom:level = %q, want 3", level)
		}
	}},
	{"attributes that do not fit are not added", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{Schema: []types.SchemaAttributeType{attributeOf("tenant", "String")}}))
		before := describePool(t, p).SchemaAttributes
		for _, rule := range []struct {
			why     string
			in      types.SchemaAttributeType
			message string
		}{
			{"a standard attribute", attributeOf("email", "", asRequired), "Invalid AttributeDataType input, consider using the provided AttributeDataType enum."},
			{"a required one", attributeOf("two", "String", asRequired), "Required custom attributes are not supported currently."},
			{"lengths out of order", attributeOf("two", "String", withLength("2", "1")), "Attribute custom:two cannot have a max length shorter than it's min length"},
		} {
			part(t, rule.why, func(t *testing.T) {
				wantError(t, addAttributes(p, attributeOf("one", "String"), rule.in), invalid, rule.message)
			})
		}
		wantCode(t, addAttributes(p, attributeOf("tenant", "String")), invalid)
		wantSame(t, "schema", describePool(t, p).SchemaAttributes, before)
	}},
	{"constraints of the API's model come before everything else", func(t *testing.T, start Start) {
		c := start(t).Client()
		_, err := c.SetUserPoolMfaConfig(ctx, &cip.SetUserPoolMfaConfigInput{UserPoolId: aws.String("us-east-1_nosuchpoo"), MfaConfiguration: "false"})
		wantError(t, err, invalid, "1 validation error detected: Value 'false' at 'mfaConfiguration' failed to satisfy constraint: "+
			"Member must satisfy enum value set: [OPTIONAL, OFF, ON]")
		_, err = c.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: aws.String("nosuchpool")})
		wantError(t, err, invalid, "1 validation error detected: Value 'nosuchpool' at 'userPoolId' failed to satisfy constraint: "+
			`Member must satisfy regular expression pattern: [\w-]+_[0-9a-zA-Z]+`)
		_, err = c.ListResourceServers(ctx, &cip.ListResourceServersInput{UserPoolId: aws.String("us-east-1_nosuchpoo")})
		wantError(t, err, invalid, "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: "+
			"Member must have value greater than or equal to 1")
		_, err = c.ListUserPools(ctx, &cip.ListUserPoolsInput{MaxResults: aws.Int32(61)})
		wantViolation(t, err, "maxResults", "Member must have value less than or equal to 60")
	}},
	{"settings of a new pool meet the constraints of the API's model", func(t *testing.T, start Start) {
		c := start(t).Client()
		for _, rule := range modelRules() {
			part(t, rule.member, func(t *testing.T) {
				wantViolation(t, fail(createPool(t, c, rule.in)), rule.member, rule.reason)
			})
		}
	}},
}

// wantRules checks which pools can be made.
func wantRules(t *testing.T, p *cognitotest.Provider, rules []poolRule) {
	for _, rule := range rules {
		part(t, rule.why, func(t *testing.T) {
			if rule.code == "" && rule.in.SmsConfiguration != nil {
				needFake(t, p, unproven)
			}
			_, err := createPool(t, p.Client(), marked(p, rule.in))
			wantError(t, err, rule.code, rule.message)
		})
	}
}

// accountOf returns the account that a provider's pool belongs to.
func accountOf(t *testing.T, p *cognitotest.Provider) string {
	t.Helper()
	return strings.Split(aws.ToString(describePool(t, p).Arn), ":")[4]
}

// addAttributes calls AddCustomAttributes.
func addAttributes(p *cognitotest.Provider, attributes ...types.SchemaAttributeType) error {
	return fail(p.Client().AddCustomAttributes(ctx, &cip.AddCustomAttributesInput{UserPoolId: &p.PoolID, CustomAttributes: attributes}))
}

// schemaOf returns a pool's attributes by name.
func schemaOf(p *types.UserPoolType) map[string]types.SchemaAttributeType {
	found := map[string]types.SchemaAttributeType{}
	for _, a := range p.SchemaAttributes {
		found[*a.Name] = a
	}
	return found
}

// standardAttributes returns what every pool's schema has, by name.
func standardAttributes() map[string]types.SchemaAttributeType {
	all := map[string]types.SchemaAttributeType{}
	add := func(names string, kind types.AttributeDataType, edits ...func(*types.SchemaAttributeType)) {
		for _, name := range strings.Fields(names) {
			a := attributeOf(name, kind, edits...)
			a.Required, a.Mutable, a.DeveloperOnlyAttribute = aws.Bool(name == "sub"), aws.Bool(name != "sub"), aws.Bool(false)
			all[name] = a
		}
	}
	add("sub", "String", withLength("1", "2048"))
	add("name given_name family_name middle_name nickname preferred_username profile picture website email", "String", withLength("0", "2048"))
	add("gender zoneinfo locale phone_number address", "String", withLength("0", "2048"))
	add("birthdate", "String", withLength("10", "10"))
	add("email_verified phone_number_verified", "Boolean")
	add("updated_at", "Number", func(a *types.SchemaAttributeType) {
		a.NumberAttributeConstraints = &types.NumberAttributeConstraintsType{MinValue: aws.String("0")}
	})
	return all
}

// modelRule is a request for a pool that a constraint refuses.
type modelRule struct {
	in             cip.CreateUserPoolInput
	member, reason string
}

func modelRules() []modelRule {
	type input = cip.CreateUserPoolInput
	template := func(v types.VerificationMessageTemplateType) input { return input{VerificationMessageTemplate: &v} }
	invitation := func(m types.MessageTemplateType) input {
		return input{AdminCreateUserConfig: &types.AdminCreateUserConfigType{InviteMessageTemplate: &m}}
	}
	policy := func(p types.PasswordPolicyType) input {
		return input{Policies: &types.UserPoolPolicyType{PasswordPolicy: &p}}
	}
	noCode := aws.String("Your code is missing.")
	var many []types.SchemaAttributeType
	for i := range 51 {
		many = append(many, attributeOf(fmt.Sprint("a", i), "String"))
	}
	const (
		pattern = "Member must satisfy regular expression pattern: "
		text    = `[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*`
		sms     = pattern + `.*\{####\}.*`
		email   = pattern + text + `\{####\}` + text
		link    = pattern + text + `\{##` + text + `##\}` + text
	)
	return []modelRule{
		{input{Schema: many}, "schema", "Member must have length less than or equal to 50"},
		{input{Schema: []types.SchemaAttributeType{attributeOf("a_name_that_is_too_long", "String")}}, "schema.1.member.name", "Member must have length less than or equal to 20"},
		{policy(types.PasswordPolicyType{MinimumLength: aws.Int32(5)}), "policies.passwordPolicy.minimumLength", "Member must have value greater than or equal to 6"},
		{policy(types.PasswordPolicyType{PasswordHistorySize: aws.Int32(25)}), "policies.passwordPolicy.passwordHistorySize", "Member must have value less than or equal to 24"},
		{input{SmsAuthenticationMessage: noCode}, "smsAuthenticationMessage", sms},
		{template(types.VerificationMessageTemplateType{SmsMessage: noCode}), "verificationMessageTemplate.smsMessage", sms},
		{template(types.VerificationMessageTemplateType{EmailMessage: noCode}), "verificationMessageTemplate.emailMessage", email},
		{template(types.VerificationMessageTemplateType{EmailMessageByLink: noCode}), "verificationMessageTemplate.emailMessageByLink", link},
		{invitation(types.MessageTemplateType{EmailMessage: noCode}), "adminCreateUserConfig.inviteMessage.emailMessage", email},
		{invitation(types.MessageTemplateType{SMSMessage: noCode}), "adminCreateUserConfig.inviteMessage.smsMessage", sms},
		{input{AutoVerifiedAttributes: []types.VerifiedAttributeType{"name"}}, "autoVerifiedAttributes",
			"Member must satisfy constraint: [Member must satisfy enum value set: [phone_number, email]]"},
	}
}
