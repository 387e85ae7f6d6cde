package backendtest

import (
	"context"
	"crypto/rand"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cognitotest/cognito/cognitotest"
)

// ownName begins the names of further pools. Something random follows: nobody else's pool has such a name.
const ownName = "cognitotest-"

// createPool makes a further pool, of a name of its own unless it has one, deleted at the end of t.
func createPool(t *testing.T, c *cip.Client, in cip.CreateUserPoolInput) (*types.UserPoolType, error) {
	t.Helper()
	if in.PoolName == nil {
		in.PoolName = aws.String(ownName + rand.Text())
	}
	out, err := c.CreateUserPool(ctx, &in)
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() {
		for _, id := range madeBy(t, c, out) {
			_, err := c.DeleteUserPool(context.Background(), &cip.DeleteUserPoolInput{UserPoolId: &id})
			if err != nil && !errors.As(err, new(*types.ResourceNotFoundException)) {
				t.Errorf("pool %s is left: %v", id, err)
			}
		}
	})
	return out.UserPool, nil
}

// madeBy returns the pools that a call made: several of one name where it was sent again, since an answer was lost.
func madeBy(t *testing.T, c *cip.Client, out *cip.CreateUserPoolOutput) []string {
	t.Helper()
	ids, name := []string{*out.UserPool.Id}, *out.UserPool.Name
	attempts, _ := retry.GetAttemptResults(out.ResultMetadata)
	if len(attempts.Results) < 2 || !strings.HasPrefix(name, ownName) {
		return ids
	}
	pages := cip.NewListUserPoolsPaginator(c, &cip.ListUserPoolsInput{MaxResults: aws.Int32(60)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(context.Background())
		if err != nil {
			t.Errorf("another pool called %s may be left: %v", name, err)
			return ids
		}
		for _, pool := range page.UserPools {
			if *pool.Name == name && *pool.Id != ids[0] {
				ids = append(ids, *pool.Id)
			}
		}
	}
	return ids
}

// marked gives a further pool the mark of the tests, by which a sweep knows what a killed run has left.
func marked(p *cognitotest.Provider, in cip.CreateUserPoolInput) cip.CreateUserPoolInput {
	if in.PoolName == nil && in.UserPoolTags == nil {
		mark, _, _ := strings.Cut(p.NewUsername(), "@")
		in.PoolName, in.UserPoolTags = &mark, map[string]string{cognitotest.MarkTag: mark}
	}
	return in
}

// describePool answers the settings of the provider's pool.
func describePool(t *testing.T, p *cognitotest.Provider) *types.UserPoolType {
	t.Helper()
	out, err := p.Client().DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: &p.PoolID})
	need(t, err)
	return out.UserPool
}

// updatePool calls UpdateUserPool on the provider's pool.
func updatePool(p *cognitotest.Provider, in cip.UpdateUserPoolInput) error {
	in.UserPoolId = &p.PoolID
	return fail(p.Client().UpdateUserPool(ctx, &in))
}

// sdkStructs compares the SDK's structs by their members; nil and empty lists differ.
var sdkStructs = cmp.Options{
	cmpopts.IgnoreUnexported(
		types.UserPoolType{}, types.UserPoolPolicyType{}, types.PasswordPolicyType{}, types.SignInPolicyType{},
		types.LambdaConfigType{}, types.VerificationMessageTemplateType{}, types.EmailConfigurationType{},
		types.AdminCreateUserConfigType{}, types.AccountRecoverySettingType{}, types.RecoveryOptionType{},
		types.UsernameConfigurationType{}, types.UserAttributeUpdateSettingsType{}, types.DeviceConfigurationType{},
		types.UserPoolClientType{}, types.TokenValidityUnitsType{}, types.SoftwareTokenMfaConfigType{},
		types.SchemaAttributeType{}, types.StringAttributeConstraintsType{}, types.NumberAttributeConstraintsType{},
		types.MessageTemplateType{}, types.UserPoolAddOnsType{}, types.UserPoolDescriptionType{},
		types.UserPoolClientDescription{}, types.ClientSecretDescriptorType{}, types.WebAuthnConfigurationType{},
		types.ResourceServerType{}, types.ResourceServerScopeType{}, types.DomainDescriptionType{}, types.CustomDomainConfigType{},
		types.IdentityProviderType{},
	),
	cmpopts.IgnoreTypes(time.Time{}),
}

// wantSame compares SDK structs.
func wantSame(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, sdkStructs); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

const bareUserPool = `{
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
	"UserPoolTier":"ESSENTIALS"}`

var userPools = []Behaviour{
	{"a pool that is made with a name alone has these settings, and no empty lists", func(t *testing.T, start Start) {
		c, wire := tapped(start(t))
		made, err := createPool(t, c, cip.CreateUserPoolInput{})
		need(t, err)
		byItself := []string{"Id", "Arn", "Name", "CreationDate", "LastModifiedDate", "SchemaAttributes"}
		wantJSON(t, wire.member(t, "UserPool"), bareUserPool, byItself...)
		_, err = c.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: made.Id})
		need(t, err)
		wantJSON(t, wire.member(t, "UserPool"), bareUserPool, byItself...)
	}},
	{"pool ids, ARNs and client ids have the service's form", func(t *testing.T, start Start) {
		p := start(t)
		for _, id := range []struct{ got, form string }{
			{p.PoolID, `^` + p.Region + `_[0-9A-Za-z]{9}$`},
			{aws.ToString(describePool(t, p).Arn), `^arn:[\w-]+:cognito-idp:` + p.Region + `:[0-9]{12}:userpool/` + p.PoolID + `$`},
			{p.ClientID, `^[0-9a-z]{26}$`},
		} {
			if !regexp.MustCompile(id.form).MatchString(id.got) {
				t.Errorf("%s does not match %s", id.got, id.form)
			}
		}
	}},
	{"dates are epoch seconds with a fraction", func(t *testing.T, start Start) {
		p := start(t)
		c, wire := tapped(p)
		_, err := c.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: &p.PoolID})
		need(t, err)
		for _, name := range []string{"CreationDate", "LastModifiedDate"} {
			if !regexp.MustCompile(`"` + name + `":[0-9]+\.[0-9]+(E[0-9]+)?[,}]`).Match(wire.body) {
				t.Errorf("no %s of that form in %s", name, wire.body)
			}
		}
	}},
	{"settings come back as they were given", func(t *testing.T, start Start) {
		in := cip.CreateUserPoolInput{
			AutoVerifiedAttributes: []types.VerifiedAttributeType{"email"},
			AliasAttributes:        []types.AliasAttributeType{"email"},
			UsernameConfiguration:  &types.UsernameConfigurationType{CaseSensitive: aws.Bool(false)},
			AdminCreateUserConfig:  &types.AdminCreateUserConfigType{AllowAdminCreateUserOnly: true},
			DeviceConfiguration:    &types.DeviceConfigurationType{ChallengeRequiredOnNewDevice: true},
			AccountRecoverySetting: &types.AccountRecoverySettingType{RecoveryMechanisms: []types.RecoveryOptionType{{Name: "admin_only", Priority: aws.Int32(1)}}},
			Policies: &types.UserPoolPolicyType{PasswordPolicy: &types.PasswordPolicyType{
				MinimumLength: aws.Int32(10), RequireNumbers: true, TemporaryPasswordValidityDays: 3, PasswordHistorySize: aws.Int32(4)}},
			UserAttributeUpdateSettings: &types.UserAttributeUpdateSettingsType{AttributesRequireVerificationBeforeUpdate: []types.VerifiedAttributeType{"email"}},
		}
		p := start(t, cognitotest.WithPool(in))
		got := describePool(t, p)
		want := *got
		want.AutoVerifiedAttributes, want.AliasAttributes = in.AutoVerifiedAttributes, in.AliasAttributes
		want.UsernameConfiguration, want.DeviceConfiguration = in.UsernameConfiguration, in.DeviceConfiguration
		want.AccountRecoverySetting, want.UserAttributeUpdateSettings = in.AccountRecoverySetting, in.UserAttributeUpdateSettings
		want.AdminCreateUserConfig = &types.AdminCreateUserConfigType{AllowAdminCreateUserOnly: true, UnusedAccountValidityDays: 3}
		want.Policies = &types.UserPoolPolicyType{
			PasswordPolicy: in.Policies.PasswordPolicy,
			SignInPolicy:   &types.SignInPolicyType{AllowedFirstAuthFactors: []types.AuthFactorType{"PASSWORD"}},
		}
		wantSame(t, "pool", got, &want)
	}},
	{"zero days for temporary passwords are the seven of the default", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{Policies: &types.UserPoolPolicyType{
			PasswordPolicy: &types.PasswordPolicyType{MinimumLength: aws.Int32(8), TemporaryPasswordValidityDays: 0}}}))
		got := describePool(t, p)
		if days := got.Policies.PasswordPolicy.TemporaryPasswordValidityDays; days != 7 || got.AdminCreateUserConfig.UnusedAccountValidityDays != 7 {
			t.Errorf("days = %d, %d; want 7, 7", days, got.AdminCreateUserConfig.UnusedAccountValidityDays)
		}
	}},
	{"a pool counts its users", func(t *testing.T, start Start) {
		p := start(t)
		needFake(t, p, lagging)
		p.NewUser(t)
		p.NewUser(t)
		if n := describePool(t, p).EstimatedNumberOfUsers; n != 2 {
			t.Errorf("count = %d, want 2", n)
		}
	}},
	{"a pool that does not exist is not found by any operation", func(t *testing.T, start Start) {
		p := start(t)
		id := p.Region + "_nosuchpoo"
		for operation, err := range poolCalls(p.Client(), id, p.ClientID) {
			part(t, operation, func(t *testing.T) {
				wantError(t, err, "ResourceNotFoundException", "User pool "+id+" does not exist.")
			})
		}
	}},
	{"a pool of another region is not found", func(t *testing.T, start Start) {
		p := start(t)
		config := p.AWSConfig()
		config.Region = elsewhere
		_, err := cip.NewFromConfig(config).DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: &p.PoolID})
		wantCode(t, err, "ResourceNotFoundException")
	}},
}

// poolCalls calls every operation of pools and of their app clients on a pool.
func poolCalls(c *cip.Client, pool, client string) map[string]error {
	one := []types.SchemaAttributeType{{Name: aws.String("one"), AttributeDataType: "String"}}
	return map[string]error{
		"DescribeUserPool":           fail(c.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: &pool})),
		"UpdateUserPool":             fail(c.UpdateUserPool(ctx, &cip.UpdateUserPoolInput{UserPoolId: &pool})),
		"AddCustomAttributes":        fail(c.AddCustomAttributes(ctx, &cip.AddCustomAttributesInput{UserPoolId: &pool, CustomAttributes: one})),
		"SetUserPoolMfaConfig":       fail(c.SetUserPoolMfaConfig(ctx, &cip.SetUserPoolMfaConfigInput{UserPoolId: &pool, MfaConfiguration: "OFF"})),
		"GetUserPoolMfaConfig":       fail(c.GetUserPoolMfaConfig(ctx, &cip.GetUserPoolMfaConfigInput{UserPoolId: &pool})),
		"CreateUserPoolClient":       fail(c.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{UserPoolId: &pool, ClientName: aws.String("app")})),
		"DescribeUserPoolClient":     fail(c.DescribeUserPoolClient(ctx, &cip.DescribeUserPoolClientInput{UserPoolId: &pool, ClientId: &client})),
		"UpdateUserPoolClient":       fail(c.UpdateUserPoolClient(ctx, &cip.UpdateUserPoolClientInput{UserPoolId: &pool, ClientId: &client})),
		"ListUserPoolClients":        fail(c.ListUserPoolClients(ctx, &cip.ListUserPoolClientsInput{UserPoolId: &pool})),
		"AddUserPoolClientSecret":    fail(c.AddUserPoolClientSecret(ctx, &cip.AddUserPoolClientSecretInput{UserPoolId: &pool, ClientId: &client})),
		"ListUserPoolClientSecrets":  fail(c.ListUserPoolClientSecrets(ctx, &cip.ListUserPoolClientSecretsInput{UserPoolId: &pool, ClientId: &client})),
		"DeleteUserPoolClientSecret": fail(c.DeleteUserPoolClientSecret(ctx, &cip.DeleteUserPoolClientSecretInput{UserPoolId: &pool, ClientId: &client, ClientSecretId: aws.String("a")})),
		"DeleteUserPoolClient":       fail(c.DeleteUserPoolClient(ctx, &cip.DeleteUserPoolClientInput{UserPoolId: &pool, ClientId: &client})),
		"DeleteUserPool":             fail(c.DeleteUserPool(ctx, &cip.DeleteUserPoolInput{UserPoolId: &pool})),
	}
}

var userPoolUpdates = []Behaviour{
	{"an update takes what is omitted back to its default, but for what it cannot name", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{
			UsernameAttributes:     []types.UsernameAttributeType{"email"},
			UsernameConfiguration:  &types.UsernameConfigurationType{CaseSensitive: aws.Bool(false)},
			Schema:                 []types.SchemaAttributeType{{Name: aws.String("tenant"), AttributeDataType: "String"}},
			AutoVerifiedAttributes: []types.VerifiedAttributeType{"email"},
			DeletionProtection:     "ACTIVE",
			UserPoolTier:           "PLUS",
			UserPoolAddOns:         &types.UserPoolAddOnsType{AdvancedSecurityMode: "ENFORCED"},
			DeviceConfiguration:    &types.DeviceConfigurationType{ChallengeRequiredOnNewDevice: true},
			UserPoolTags:           map[string]string{"team": "identity"},
			Policies:               &types.UserPoolPolicyType{PasswordPolicy: &types.PasswordPolicyType{MinimumLength: aws.Int32(12)}},
			AccountRecoverySetting: &types.AccountRecoverySettingType{RecoveryMechanisms: []types.RecoveryOptionType{{Name: "admin_only", Priority: aws.Int32(1)}}},
			AdminCreateUserConfig:  &types.AdminCreateUserConfigType{AllowAdminCreateUserOnly: true},
		}))
		before := describePool(t, p)
		need(t, updatePool(p, cip.UpdateUserPoolInput{}))
		c, wire := tapped(p)
		_, err := c.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: &p.PoolID})
		need(t, err)
		wantJSON(t, wire.member(t, "UserPool"), bareUserPool, "Id", "Arn", "Name", "CreationDate", "LastModifiedDate", "SchemaAttributes", "UsernameAttributes", "UsernameConfiguration")
		after := describePool(t, p)
		wantSame(t, "schema", after.SchemaAttributes, before.SchemaAttributes)
		wantSame(t, "username configuration", after.UsernameConfiguration, before.UsernameConfiguration)
		wantSame(t, "username attributes", after.UsernameAttributes, before.UsernameAttributes)
	}},
	{"an update keeps which addresses are verified before they change, until an empty list clears it", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{
			AutoVerifiedAttributes:      []types.VerifiedAttributeType{"email"},
			UserAttributeUpdateSettings: &types.UserAttributeUpdateSettingsType{AttributesRequireVerificationBeforeUpdate: []types.VerifiedAttributeType{"email"}},
		}))
		before := describePool(t, p)
		err := updatePool(p, cip.UpdateUserPoolInput{DeletionProtection: "INACTIVE"})
		wantError(t, err, "InvalidParameterException", "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes")
		wantSame(t, "pool after an update that failed", describePool(t, p), before)

		need(t, updatePool(p, cip.UpdateUserPoolInput{AutoVerifiedAttributes: []types.VerifiedAttributeType{"email"}}))
		wantSame(t, "kept settings", describePool(t, p).UserAttributeUpdateSettings, before.UserAttributeUpdateSettings)
		none := &types.UserAttributeUpdateSettingsType{AttributesRequireVerificationBeforeUpdate: []types.VerifiedAttributeType{}}
		need(t, updatePool(p, cip.UpdateUserPoolInput{UserAttributeUpdateSettings: none}))
		wantSame(t, "cleared settings", describePool(t, p).UserAttributeUpdateSettings, none)
	}},
	{"an update replaces the tags and can rename the pool", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{UserPoolTags: map[string]string{"a": "1", "b": "2"}}))
		need(t, updatePool(p, cip.UpdateUserPoolInput{UserPoolTags: map[string]string{"b": "3"}, PoolName: aws.String("renamed")}))
		got := describePool(t, p)
		wantSame(t, "tags", got.UserPoolTags, map[string]string{"b": "3"})
		if aws.ToString(got.Name) != "renamed" {
			t.Errorf("name = %s, want renamed", aws.ToString(got.Name))
		}
	}},
	{"an update moves the date of modification, and only that", func(t *testing.T, start Start) {
		p := start(t)
		before := describePool(t, p)
		pass(t, p, time.Minute)
		need(t, updatePool(p, cip.UpdateUserPoolInput{}))
		after := describePool(t, p)
		if !after.CreationDate.Equal(*before.CreationDate) || after.LastModifiedDate.Sub(*before.LastModifiedDate) < time.Minute {
			t.Errorf("created %v, modified %v; want %v and a minute after %v", after.CreationDate, after.LastModifiedDate, before.CreationDate, before.LastModifiedDate)
		}
	}},
	{"an update that omits MfaConfiguration turns MFA off and keeps its factors", func(t *testing.T, start Start) {
		p := start(t)
		_, err := p.Client().SetUserPoolMfaConfig(ctx, &cip.SetUserPoolMfaConfigInput{UserPoolId: &p.PoolID,
			MfaConfiguration: "OPTIONAL", SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true}})
		need(t, err)
		need(t, updatePool(p, cip.UpdateUserPoolInput{}))
		got, err := p.Client().GetUserPoolMfaConfig(ctx, &cip.GetUserPoolMfaConfigInput{UserPoolId: &p.PoolID})
		need(t, err)
		if got.MfaConfiguration != "OFF" || got.SoftwareTokenMfaConfiguration == nil || !got.SoftwareTokenMfaConfiguration.Enabled {
			t.Errorf("MFA %s, TOTP %+v; want OFF, enabled", got.MfaConfiguration, got.SoftwareTokenMfaConfiguration)
		}
		need(t, updatePool(p, cip.UpdateUserPoolInput{MfaConfiguration: "ON"}))
	}},
	{"the rules for new pools hold for updates", func(t *testing.T, start Start) {
		p := start(t)
		for _, rule := range updateRules(p.Region) {
			part(t, rule.why, func(t *testing.T) { wantError(t, updatePool(p, rule.in), rule.code, rule.message) })
		}
	}},
}

var userPoolDeletion = []Behaviour{
	{"a pool with deletion protection is deleted once that is off", func(t *testing.T, start Start) {
		p := start(t)
		c := p.Client()
		made, err := createPool(t, c, marked(p, cip.CreateUserPoolInput{DeletionProtection: "ACTIVE"}))
		need(t, err)
		t.Cleanup(func() { // nobody else may delete it
			c.UpdateUserPool(context.Background(), &cip.UpdateUserPoolInput{UserPoolId: made.Id, DeletionProtection: "INACTIVE"})
		})
		_, err = c.DeleteUserPool(ctx, &cip.DeleteUserPoolInput{UserPoolId: made.Id})
		wantError(t, err, "InvalidParameterException",
			"The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.")
		_, err = c.UpdateUserPool(ctx, &cip.UpdateUserPoolInput{UserPoolId: made.Id, DeletionProtection: "INACTIVE"})
		need(t, err)
		_, err = c.DeleteUserPool(ctx, &cip.DeleteUserPoolInput{UserPoolId: made.Id})
		need(t, err)
	}},
	{"a deleted pool is gone at once, and so are its app clients", func(t *testing.T, start Start) {
		p := start(t)
		c := p.Client()
		made, err := createPool(t, c, marked(p, cip.CreateUserPoolInput{}))
		need(t, err)
		client, err := c.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{UserPoolId: made.Id, ClientName: aws.String("app")})
		need(t, err)
		_, err = c.DeleteUserPool(ctx, &cip.DeleteUserPoolInput{UserPoolId: made.Id})
		need(t, err)
		id := *client.UserPoolClient.ClientId
		for operation, err := range poolCalls(c, *made.Id, id) {
			part(t, operation, func(t *testing.T) {
				wantError(t, err, "ResourceNotFoundException", "User pool "+*made.Id+" does not exist.")
			})
		}
		_, err = c.InitiateAuth(ctx, &cip.InitiateAuthInput{ClientId: &id, AuthFlow: types.AuthFlowTypeUserSrpAuth})
		wantError(t, err, "ResourceNotFoundException", "User pool client "+id+" does not exist.")
		if _, listed := listPools(t, c)[*made.Id]; listed {
			t.Error("the deleted pool is listed")
		}
	}},
}

// listPools pages through all pools, two at a time.
func listPools(t *testing.T, c *cip.Client) map[string]types.UserPoolDescriptionType {
	t.Helper()
	found := map[string]types.UserPoolDescriptionType{}
	pages := cip.NewListUserPoolsPaginator(c, &cip.ListUserPoolsInput{MaxResults: aws.Int32(2)})
	for pages.HasMorePages() {
		out, err := pages.NextPage(ctx)
		need(t, err)
		if len(out.UserPools) > 2 {
			t.Errorf("a page of %d pools, want 2 at most", len(out.UserPools))
		}
		for _, pool := range out.UserPools {
			if _, again := found[*pool.Id]; again {
				t.Fatalf("pool %s is listed twice", *pool.Id)
			}
			found[*pool.Id] = pool
		}
	}
	return found
}

var userPoolLists = []Behaviour{
	{"pools are listed page by page, with their names, dates and triggers", func(t *testing.T, start Start) {
		p := start(t)
		var made []*types.UserPoolType
		for range 4 {
			one, err := createPool(t, p.Client(), marked(p, cip.CreateUserPoolInput{}))
			need(t, err)
			made = append(made, one)
		}
		found := listPools(t, p.Client())
		for _, one := range made {
			got := found[*one.Id]
			if got.CreationDate == nil || got.LastModifiedDate == nil {
				t.Errorf("a date is missing in %+v", got)
			}
			wantSame(t, "item", got, types.UserPoolDescriptionType{
				Id: one.Id, Name: one.Name, LambdaConfig: &types.LambdaConfigType{},
				CreationDate: got.CreationDate, LastModifiedDate: got.LastModifiedDate,
			})
		}
	}},
	{"pools of another region are not listed", func(t *testing.T, start Start) {
		p := start(t)
		config := p.AWSConfig()
		config.Region = elsewhere
		out, err := cip.NewFromConfig(config).ListUserPools(ctx, &cip.ListUserPoolsInput{MaxResults: aws.Int32(60)})
		need(t, err)
		if slices.ContainsFunc(out.UserPools, func(d types.UserPoolDescriptionType) bool { return *d.Id == p.PoolID }) {
			t.Errorf("%s is listed in %s", p.PoolID, elsewhere)
		}
	}},
	{"a page token that the service did not give is refused", func(t *testing.T, start Start) {
		p := start(t)
		_, err := p.Client().ListUserPools(ctx, &cip.ListUserPoolsInput{MaxResults: aws.Int32(1), NextToken: aws.String("next")})
		wantCode(t, err, "InvalidParameterException")
		_, err = p.Client().ListUserPoolClients(ctx, &cip.ListUserPoolClientsInput{UserPoolId: &p.PoolID, NextToken: aws.String("next")})
		wantCode(t, err, "InvalidParameterException")
	}},
}
