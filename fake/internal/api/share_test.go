package api

import (
	"context"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"
)

// TestSettingsShareNothing scribbles over everything that callers hold after each operation that
// takes or answers settings, and looks whether the settings have changed.
func TestSettingsShareNothing(t *testing.T) {
	a, ctx := newAPI(t), context.Background()
	made, err := a.CreateUserPool(ctx, &cip.CreateUserPoolInput{PoolName: aws.String("p")})
	must(t, err)
	id, arn := made.UserPool.Id, made.UserPool.Arn
	app, err := a.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{UserPoolId: id, ClientName: aws.String("c")})
	must(t, err)
	client := app.UserPoolClient.ClientId
	_, err = a.CreateGroup(ctx, &cip.CreateGroupInput{UserPoolId: id, GroupName: aws.String("g")})
	must(t, err)
	kept := []string{*id, *arn, *client}
	for _, in := range []any{
		&cip.UpdateUserPoolInput{UserPoolId: id, PoolName: aws.String("p"),
			AccountRecoverySetting: &types.AccountRecoverySettingType{RecoveryMechanisms: []types.RecoveryOptionType{
				{Name: types.RecoveryOptionNameTypeVerifiedEmail, Priority: aws.Int32(1)}}},
			AdminCreateUserConfig:       &types.AdminCreateUserConfigType{InviteMessageTemplate: &types.MessageTemplateType{EmailSubject: aws.String("welcome")}},
			AutoVerifiedAttributes:      []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail},
			LambdaConfig:                &types.LambdaConfigType{PreTokenGeneration: aws.String("arn:aws:lambda:us-east-1:123456789012:function:f")},
			Policies:                    &types.UserPoolPolicyType{PasswordPolicy: &types.PasswordPolicyType{MinimumLength: aws.Int32(10)}},
			SmsConfiguration:            &types.SmsConfigurationType{SnsCallerArn: aws.String("arn:aws:iam::123456789012:role/sms")},
			UserAttributeUpdateSettings: &types.UserAttributeUpdateSettingsType{AttributesRequireVerificationBeforeUpdate: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail}},
			UserPoolTags:                map[string]string{"team": "a"},
			VerificationMessageTemplate: &types.VerificationMessageTemplateType{EmailMessage: aws.String("{####}")},
		},
		&cip.AddCustomAttributesInput{UserPoolId: id, CustomAttributes: []types.SchemaAttributeType{{
			Name: aws.String("tenant"), AttributeDataType: types.AttributeDataTypeString, Mutable: aws.Bool(true),
			StringAttributeConstraints: &types.StringAttributeConstraintsType{MaxLength: aws.String("9")}}}},
		&cip.SetUserPoolMfaConfigInput{UserPoolId: id, MfaConfiguration: types.UserPoolMfaTypeOn,
			SmsMfaConfiguration: &types.SmsMfaConfigType{SmsAuthenticationMessage: aws.String("{####}"),
				SmsConfiguration: &types.SmsConfigurationType{SnsCallerArn: aws.String("arn:aws:iam::123456789012:role/mfa"), ExternalId: aws.String("x")}},
			SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
			WebAuthnConfiguration:         &types.WebAuthnConfigurationType{RelyingPartyId: aws.String("example.com")}},
		&cip.TagResourceInput{ResourceArn: arn, Tags: map[string]string{"stage": "test"}},
		&cip.UpdateUserPoolClientInput{UserPoolId: id, ClientId: client, ClientName: aws.String("c"), CallbackURLs: []string{"https://b.example.com", "https://a.example.com"},
			DefaultRedirectURI: aws.String("https://a.example.com"), ReadAttributes: []string{"name", "email"}, AccessTokenValidity: aws.Int32(2),
			TokenValidityUnits:     &types.TokenValidityUnitsType{AccessToken: types.TimeUnitsTypeHours},
			AnalyticsConfiguration: &types.AnalyticsConfigurationType{ApplicationArn: aws.String("arn:aws:mobiletargeting:us-east-1:123456789012:apps/x")}},
		&cip.UpdateGroupInput{UserPoolId: id, GroupName: aws.String("g"), Description: aws.String("staff"), Precedence: aws.Int32(1)},
		&cip.DescribeUserPoolInput{UserPoolId: id},
		&cip.GetUserPoolMfaConfigInput{UserPoolId: id},
		&cip.ListUserPoolsInput{MaxResults: aws.Int32(1)},
		&cip.ListTagsForResourceInput{ResourceArn: arn},
		&cip.DescribeUserPoolClientInput{UserPoolId: id, ClientId: client},
		&cip.ListUserPoolClientsInput{UserPoolId: id},
		&cip.GetGroupInput{UserPoolId: id, GroupName: aws.String("g")},
		&cip.ListGroupsInput{UserPoolId: id},
	} {
		name := reflect.TypeOf(in).Elem().Name()
		name = name[:len(name)-len("Input")]
		t.Run(name, func(t *testing.T) {
			out, err := operations[name].call(a, ctx, in)
			must(t, err)
			before := shown(t, a, id, client)
			scribble(reflect.ValueOf(in))
			scribble(reflect.ValueOf(out))
			*id, *arn, *client = kept[0], kept[1], kept[2] // the next operation needs them
			if diff := cmp.Diff(before, shown(t, a, id, client)); diff != "" {
				t.Errorf("settings after the scribbling (-want +got):\n%s", diff)
			}
		})
	}
}

// shown returns what the API tells of a pool with one client and one group, as JSON.
func shown(t *testing.T, a *API, id, client *string) []string {
	t.Helper()
	ctx := context.Background()
	var all []string
	add := func(out any, err error) {
		t.Helper()
		must(t, err)
		text, err := json.MarshalIndent(out, "", " ")
		must(t, err)
		all = append(all, string(text))
	}
	add(a.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: id}))
	add(a.GetUserPoolMfaConfig(ctx, &cip.GetUserPoolMfaConfigInput{UserPoolId: id}))
	add(a.DescribeUserPoolClient(ctx, &cip.DescribeUserPoolClientInput{UserPoolId: id, ClientId: client}))
	add(a.ListGroups(ctx, &cip.ListGroupsInput{UserPoolId: id}))
	return all
}

// scribble changes everything that v leads to.
func scribble(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			scribble(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			scribble(v.Index(i))
		}
	case reflect.Map:
		for key := range v.Seq() {
			v.SetMapIndex(key, reflect.New(v.Type().Elem()).Elem())
		}
	case reflect.Struct:
		if v.CanSet() && v.Type() == reflect.TypeFor[time.Time]() {
			v.SetZero()
		}
		for i := range v.NumField() {
			scribble(v.Field(i))
		}
	default:
		if v.CanSet() {
			v.SetZero()
		}
	}
}
