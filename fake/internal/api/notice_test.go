package api

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"
)

// noticing returns an API and what it notices.
func noticing(t *testing.T) (*API, *[]string) {
	a, noticed := newAPI(t), new([]string)
	a.notice = func(feature string) { *noticed = append(*noticed, feature) }
	return a, noticed
}

func TestWhatPoolsNotice(t *testing.T) {
	function := aws.String("arn:aws:lambda:us-east-1:123456789012:function:f")
	role := aws.String("arn:aws:iam::123456789012:role/sms")
	type input = cip.CreateUserPoolInput
	for _, test := range []struct {
		why  string
		in   input
		want []string
	}{
		{"a name alone", input{}, nil},
		{"settings that the fake acts upon", input{AliasAttributes: []types.AliasAttributeType{"email"}, DeletionProtection: "ACTIVE",
			Policies:            &types.UserPoolPolicyType{PasswordPolicy: &types.PasswordPolicyType{MinimumLength: aws.Int32(10)}},
			DeviceConfiguration: &types.DeviceConfigurationType{ChallengeRequiredOnNewDevice: true}}, nil},
		{"a trigger", input{LambdaConfig: &types.LambdaConfigType{PreSignUp: function}}, nil},
		{"a trigger of federated sign-in", input{LambdaConfig: &types.LambdaConfigType{
			InboundFederation: &types.InboundFederationLambdaType{LambdaArn: function, LambdaVersion: "V1_0"}}},
			nil},
		{"MFA by SMS", input{MfaConfiguration: "ON", SmsConfiguration: &types.SmsConfigurationType{SnsCallerArn: role}},
			[]string{"SmsConfiguration (delivery through Amazon SNS)"}},
		{"threat protection", input{UserPoolTier: "PLUS", UserPoolAddOns: &types.UserPoolAddOnsType{AdvancedSecurityMode: "AUDIT"}},
			[]string{"UserPoolAddOns (the risk of sign-ins)"}},
		{"threat protection that is off", input{UserPoolAddOns: &types.UserPoolAddOnsType{AdvancedSecurityMode: "OFF"}}, nil},
		{"a sender of email", input{EmailConfiguration: &types.EmailConfigurationType{ReplyToEmailAddress: aws.String("a@example.com")}},
			[]string{"EmailConfiguration (delivery through Amazon SES)"}},
		{"a key of one's own", input{KeyConfiguration: &types.KeyConfigurationType{KeyType: "CUSTOMER_MANAGED_KEY"}},
			[]string{"KeyConfiguration (customer managed encryption keys)"}},
		{"another issuer", input{IssuerConfiguration: &types.IssuerConfigurationType{Type: "UPDATED"}},
			[]string{"IssuerConfiguration UPDATED (issuers of replicated pools)"}},
	} {
		t.Run(test.why, func(t *testing.T) {
			a, noticed := noticing(t)
			_, err := a.CreateUserPool(context.Background(), &test.in)
			must(t, err)
			if diff := cmp.Diff(test.want, *noticed); diff != "" {
				t.Errorf("noticed (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatClientsNotice(t *testing.T) {
	type input = cip.CreateUserPoolClientInput
	for _, test := range []struct {
		why  string
		in   input
		want []string
	}{
		{"a name alone", input{}, nil},
		{"settings that the fake acts upon", input{GenerateSecret: true, PreventUserExistenceErrors: "ENABLED", AuthSessionValidity: aws.Int32(5),
			ExplicitAuthFlows: []types.ExplicitAuthFlowsType{"ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}}, nil},
		{"context data", input{GenerateSecret: true, EnablePropagateAdditionalUserContextData: aws.Bool(true)},
			[]string{"EnablePropagateAdditionalUserContextData (threat protection)"}},
		{"OAuth and login pages", input{GenerateSecret: true, AllowedOAuthFlowsUserPoolClient: true, SupportedIdentityProviders: []string{"COGNITO"},
			AllowedOAuthFlows: []types.OAuthFlowType{"code"}, AllowedOAuthScopes: []string{"openid"}, CallbackURLs: []string{"https://example.com"}}, nil},
		{"analytics", input{AnalyticsConfiguration: &types.AnalyticsConfigurationType{ApplicationArn: aws.String("arn:aws:mobiletargeting:us-east-1:123456789012:apps/a")}},
			[]string{"AnalyticsConfiguration (Amazon Pinpoint)"}},
	} {
		t.Run(test.why, func(t *testing.T) {
			a, noticed := noticing(t)
			p, err := a.CreateUserPool(context.Background(), &cip.CreateUserPoolInput{})
			must(t, err)
			test.in.UserPoolId = p.UserPool.Id
			_, err = a.CreateUserPoolClient(context.Background(), &test.in)
			must(t, err)
			if diff := cmp.Diff(test.want, *noticed); diff != "" {
				t.Errorf("noticed (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUpdatesNotice(t *testing.T) {
	a, noticed := noticing(t)
	ctx := context.Background()
	p, err := a.CreateUserPool(ctx, &cip.CreateUserPoolInput{})
	must(t, err)
	c, err := a.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{UserPoolId: p.UserPool.Id, GenerateSecret: true})
	must(t, err)
	_, err = a.UpdateUserPool(ctx, &cip.UpdateUserPoolInput{UserPoolId: p.UserPool.Id, UserPoolTier: "PLUS",
		UserPoolAddOns: &types.UserPoolAddOnsType{AdvancedSecurityMode: "AUDIT"}})
	must(t, err)
	_, err = a.UpdateUserPoolClient(ctx, &cip.UpdateUserPoolClientInput{UserPoolId: p.UserPool.Id, ClientId: c.UserPoolClient.ClientId,
		EnablePropagateAdditionalUserContextData: aws.Bool(true)})
	must(t, err)
	_, err = a.CreateUserPoolDomain(ctx, &cip.CreateUserPoolDomainInput{UserPoolId: p.UserPool.Id, Domain: aws.String("demo")})
	must(t, err)
	_, err = a.UpdateUserPoolDomain(ctx, &cip.UpdateUserPoolDomainInput{UserPoolId: p.UserPool.Id, Domain: aws.String("demo"), ManagedLoginVersion: aws.Int32(2)})
	must(t, err)
	_, err = a.UpdateUserPool(ctx, &cip.UpdateUserPoolInput{UserPoolId: p.UserPool.Id})
	must(t, err)
	want := []string{"UserPoolAddOns (the risk of sign-ins)", "EnablePropagateAdditionalUserContextData (threat protection)",
		"ManagedLoginVersion 2 (the pages of managed login; those of the classic hosted UI are shown)"}
	if diff := cmp.Diff(want, *noticed); diff != "" {
		t.Errorf("noticed (-want +got):\n%s", diff)
	}
}
