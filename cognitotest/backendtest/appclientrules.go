package backendtest

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// clientRule is a request for an app client that is refused or, without a code, granted.
type clientRule struct {
	why           string
	in            cip.CreateUserPoolClientInput
	code, message string
}

func authFlows(flows ...types.ExplicitAuthFlowsType) []types.ExplicitAuthFlowsType { return flows }

func oauthFlows(flows ...types.OAuthFlowType) []types.OAuthFlowType { return flows }

// rotation is a client that replaces refresh tokens.
func rotation(flows ...types.ExplicitAuthFlowsType) cip.CreateUserPoolClientInput {
	return cip.CreateUserPoolClientInput{
		ExplicitAuthFlows:    flows,
		RefreshTokenRotation: &types.RefreshTokenRotationType{Feature: "ENABLED", RetryGracePeriodSeconds: aws.Int32(10)},
	}
}

func flowRules() []clientRule {
	type input = cip.CreateUserPoolClientInput
	return []clientRule{
		{"names with and without ALLOW do not mix", input{ExplicitAuthFlows: authFlows("ALLOW_USER_SRP_AUTH", "ADMIN_NO_SRP_AUTH")},
			invalid, "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names."},
		{"refresh need not be allowed", input{ExplicitAuthFlows: authFlows("ALLOW_USER_PASSWORD_AUTH")}, "", ""},
		{"rotation excludes the refresh flow", rotation("ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"),
			invalid, "ALLOW_REFRESH_TOKEN_AUTH is not a permitted ExplicitAuthFlow when refresh token rotation is enabled."},
		{"rotation without the refresh flow", rotation("ALLOW_USER_SRP_AUTH"), "", ""},
		{"context data needs a secret", input{EnablePropagateAdditionalUserContextData: aws.Bool(true)},
			invalid, "Client Secret is required to set EnablePropagateAdditionalUserContextData as true"},
		{"context data with a secret", input{EnablePropagateAdditionalUserContextData: aws.Bool(true), GenerateSecret: true}, "", ""},
	}
}

func validityRules() []clientRule {
	type input = cip.CreateUserPoolClientInput
	units := func(access, id, refresh types.TimeUnitsType) *types.TokenValidityUnitsType {
		return &types.TokenValidityUnitsType{AccessToken: access, IdToken: id, RefreshToken: refresh}
	}
	const outOfRange = "Invalid range for token validity."
	return []clientRule{
		{"access tokens of more than a day", input{AccessTokenValidity: aws.Int32(25)}, invalid, outOfRange},
		{"access tokens of less than 5 minutes", input{AccessTokenValidity: aws.Int32(4), TokenValidityUnits: units("minutes", "", "")}, invalid, outOfRange},
		{"access tokens of 299 seconds", input{AccessTokenValidity: aws.Int32(299), TokenValidityUnits: units("seconds", "", "")}, invalid, outOfRange},
		{"ID tokens of more than a day", input{IdTokenValidity: aws.Int32(2), TokenValidityUnits: units("", "days", "")}, invalid, outOfRange},
		{"ID tokens of less than 5 minutes", input{IdTokenValidity: aws.Int32(4), TokenValidityUnits: units("", "minutes", "")}, invalid, outOfRange},
		{"refresh tokens of more than 10 years", input{RefreshTokenValidity: 3651}, invalid, outOfRange},
		{"refresh tokens of less than an hour", input{RefreshTokenValidity: 59, TokenValidityUnits: units("", "", "minutes")}, invalid, outOfRange},
		{"a unit in which the default number is too small", input{TokenValidityUnits: units("minutes", "", "")}, invalid, outOfRange},
		{"from 5 minutes to a day", input{AccessTokenValidity: aws.Int32(5), IdTokenValidity: aws.Int32(1), TokenValidityUnits: units("minutes", "days", "")}, "", ""},
		{"10 years", input{RefreshTokenValidity: 3650}, "", ""},
		{"an hour of refresh", input{RefreshTokenValidity: 60, TokenValidityUnits: units("", "", "minutes")}, "", ""},
		{"access tokens that outlive their refresh token", input{AccessTokenValidity: aws.Int32(2), RefreshTokenValidity: 1, TokenValidityUnits: units("hours", "", "hours")},
			invalid, "Access and Id Token expiration times must be less than or equal to refresh token expiration times."},
		{"ID tokens that outlive it", input{IdTokenValidity: aws.Int32(2), RefreshTokenValidity: 1, TokenValidityUnits: units("", "hours", "hours")},
			invalid, "Access and Id Token expiration times must be less than or equal to refresh token expiration times."},
	}
}

func attributeRules() []clientRule {
	type input = cip.CreateUserPoolClientInput
	const read, write = "Invalid read attributes specified while creating a client", "Invalid write attributes specified while creating a client"
	return []clientRule{
		{"unknown read attributes", input{ReadAttributes: []string{"custom:none"}}, invalid, read},
		{"unknown write attributes", input{WriteAttributes: []string{"custom:none"}}, invalid, write},
		{"the sub is not written", input{WriteAttributes: []string{"sub"}}, invalid, write},
		{"email_verified is not written", input{WriteAttributes: []string{"email_verified"}}, invalid, write},
		{"phone_number_verified is not written", input{WriteAttributes: []string{"phone_number_verified"}}, invalid, write},
		{"all these are read", input{ReadAttributes: []string{"sub", "email_verified", "custom:tenant"}}, "", ""},
		{"custom attributes are written", input{WriteAttributes: []string{"email", "custom:tenant"}}, "", ""},
	}
}

func oauthRules(poolID string) []clientRule {
	type input = cip.CreateUserPoolClientInput
	callback := []string{"https://example.com/cb"}
	const (
		incomplete  = "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows."
		noCallbacks = "CallbackUrls can not be empty when code flow or implicit flow is selected"
	)
	return []clientRule{
		{"OAuth needs flows", input{AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthScopes: []string{"openid"}}, invalid, incomplete},
		{"OAuth needs scopes", input{AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows: oauthFlows("code"), CallbackURLs: callback}, invalid, incomplete},
		{"code needs callbacks", input{AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows: oauthFlows("code"), AllowedOAuthScopes: []string{"openid"}}, invalid, noCallbacks},
		{"implicit needs callbacks", input{AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows: oauthFlows("implicit"), AllowedOAuthScopes: []string{"openid"}}, invalid, noCallbacks},
		{"client_credentials stands alone", input{GenerateSecret: true, AllowedOAuthFlowsUserPoolClient: true, CallbackURLs: callback,
			AllowedOAuthFlows: oauthFlows("client_credentials", "code"), AllowedOAuthScopes: []string{"openid"}},
			invalid, "client_credentials flow can not be selected along with code flow or implicit flow."},
		{"client_credentials needs a secret", input{AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows: oauthFlows("client_credentials"), AllowedOAuthScopes: []string{"openid"}},
			invalid, "client_credentials flow can not be selected if client does not have a client secret."},
		{"unknown scopes", input{AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows: oauthFlows("code"), CallbackURLs: callback, AllowedOAuthScopes: []string{"api/write"}},
			"ScopeDoesNotExistException", "Invalid scope requested: api/write"},
		{"unknown providers", input{SupportedIdentityProviders: []string{"COGNITO", "Facebook"}},
			invalid, "The provider Facebook does not exist for User Pool " + poolID + "."},
	}
}

func urlRules() []clientRule {
	type input = cip.CreateUserPoolClientInput
	return []clientRule{
		{"plain HTTP in a callback", input{CallbackURLs: []string{"http://example.com/cb"}}, invalid, "http://example.com/cb cannot use the HTTP protocol."},
		{"plain HTTP in a logout URL", input{LogoutURLs: []string{"http://example.com/out"}}, invalid, "http://example.com/out cannot use the HTTP protocol."},
		{"plain HTTP to one's own machine", input{CallbackURLs: []string{"http://localhost", "http://localhost:3000/cb", "http://127.0.0.1:80/cb", "http://[::1]:8080/cb"}}, "", ""},
		{"the scheme of an app", input{CallbackURLs: []string{"myapp://cb"}, LogoutURLs: []string{"myapp://out"}}, "", ""},
		{"a fragment in a callback", input{CallbackURLs: []string{"https://example.com/cb#top"}}, invalid, "https://example.com/cb#top cannot use fragment"},
		{"a default redirect that is no callback", input{CallbackURLs: []string{"https://example.com/cb"}, DefaultRedirectURI: aws.String("https://example.com/other")},
			invalid, "The default redirect URI https://example.com/other is not in the callback URIs list."},
	}
}

func analyticsRules(account, region string) []clientRule {
	with := func(a types.AnalyticsConfigurationType) cip.CreateUserPoolClientInput {
		return cip.CreateUserPoolClientInput{AnalyticsConfiguration: &a}
	}
	project := func(region string) *string {
		return aws.String("arn:aws:mobiletargeting:" + region + ":" + account + ":apps/a")
	}
	const either = "Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> are valid"
	return []clientRule{
		{"an application by ARN and by id", with(types.AnalyticsConfigurationType{ApplicationArn: project(region), ApplicationId: aws.String("a")}), invalid, either},
		{"an application by ARN, with a role", with(types.AnalyticsConfigurationType{ApplicationArn: project(region), RoleArn: roleOf(account)}), invalid, either},
		{"an application by id, without a role", with(types.AnalyticsConfigurationType{ApplicationId: aws.String("a")}), invalid, either},
		{"an application of another region", with(types.AnalyticsConfigurationType{ApplicationArn: project(elsewhere)}),
			invalid, "The integration with Pinpoint is not supported for the requested " + elsewhere + " region."},
	}
}

// wantClientRules checks which app clients can be made.
func wantClientRules(t *testing.T, p *cognitotest.Provider, rules []clientRule) {
	for _, rule := range rules {
		part(t, rule.why, func(t *testing.T) {
			_, err := createClient(p, rule.in)
			wantError(t, err, rule.code, rule.message)
		})
	}
}

var appClientRules = []Behaviour{
	{"authentication flows of an app client that do not fit are refused", func(t *testing.T, start Start) {
		wantClientRules(t, start(t), flowRules())
	}},
	{"token lifetimes of an app client that are out of range are refused", func(t *testing.T, start Start) {
		wantClientRules(t, start(t), validityRules())
	}},
	{"an app client reads attributes that there are, and writes those that users may set", func(t *testing.T, start Start) {
		tenant := cip.CreateUserPoolInput{Schema: []types.SchemaAttributeType{attributeOf("tenant", "String")}}
		wantClientRules(t, start(t, cognitotest.WithPool(tenant)), attributeRules())
	}},
	{"OAuth settings of an app client that do not fit are refused", func(t *testing.T, start Start) {
		p := start(t)
		wantClientRules(t, p, oauthRules(p.PoolID))
	}},
	{"URLs of an app client are secure or lead to one's own machine", func(t *testing.T, start Start) {
		wantClientRules(t, start(t), urlRules())
	}},
	{"analytics of an app client that do not fit are refused", func(t *testing.T, start Start) {
		p := start(t)
		wantClientRules(t, p, analyticsRules(accountOf(t, p), p.Region))
	}},
	{"the LITE tier has no refresh token rotation", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{UserPoolTier: "LITE"}))
		_, err := createClient(p, rotation("ALLOW_USER_SRP_AUTH"))
		wantError(t, err, "FeatureUnavailableInTierException", tierLacks("LITE", "Refresh Token Rotation"))
	}},
	{"the rules for new app clients hold for updates, in words of their own", func(t *testing.T, start Start) {
		p := start(t)
		for _, rule := range clientUpdateRules() {
			part(t, rule.why, func(t *testing.T) {
				_, err := updateClient(p, &p.ClientID, rule.in)
				wantError(t, err, invalid, rule.message)
			})
		}
	}},
	{"settings of a new app client meet the constraints of the API's model", func(t *testing.T, start Start) {
		p := start(t)
		for _, rule := range clientModelRules() {
			part(t, rule.member, func(t *testing.T) {
				wantViolation(t, fail(createClient(p, rule.in)), rule.member, rule.reason)
			})
		}
	}},
}

// clientUpdateRule is an update that is refused.
type clientUpdateRule struct {
	why     string
	in      cip.UpdateUserPoolClientInput
	message string
}

func clientUpdateRules() []clientUpdateRule {
	type input = cip.UpdateUserPoolClientInput
	return []clientUpdateRule{
		{"unknown read attributes", input{ReadAttributes: []string{"custom:none"}}, "Invalid read attributes specified while updating a client"},
		{"unknown write attributes", input{WriteAttributes: []string{"custom:none"}}, "Invalid write attributes specified while updating a client"},
		{"the sub is not written", input{WriteAttributes: []string{"sub"}}, "Invalid write attributes specified while updating a client"},
		{"a secret cannot be had by an update", input{AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows: oauthFlows("client_credentials"), AllowedOAuthScopes: []string{"openid"}},
			"client_credentials flow can not be selected if client does not have a client secret."},
		{"rotation excludes the refresh flow", input{ExplicitAuthFlows: authFlows("ALLOW_REFRESH_TOKEN_AUTH"),
			RefreshTokenRotation: &types.RefreshTokenRotationType{Feature: "ENABLED"}},
			"ALLOW_REFRESH_TOKEN_AUTH is not a permitted ExplicitAuthFlow when refresh token rotation is enabled."},
		{"token lifetimes", input{AccessTokenValidity: aws.Int32(25)}, "Invalid range for token validity."},
		{"plain HTTP", input{CallbackURLs: []string{"http://example.com/cb"}}, "http://example.com/cb cannot use the HTTP protocol."},
	}
}

// clientModelRule is a request for an app client that a constraint refuses.
type clientModelRule struct {
	in             cip.CreateUserPoolClientInput
	member, reason string
}

func clientModelRules() []clientModelRule {
	type input = cip.CreateUserPoolClientInput
	var urls, scopes []string
	for i := range 101 {
		urls = append(urls, fmt.Sprint("https://example.com/", i))
	}
	for i := range 51 {
		scopes = append(scopes, fmt.Sprint("api/", i))
	}
	return []clientModelRule{
		{input{CallbackURLs: urls}, "callbackURLs", "Member must have length less than or equal to 100"},
		{input{LogoutURLs: urls}, "logoutURLs", "Member must have length less than or equal to 100"},
		{input{AllowedOAuthScopes: scopes}, "allowedOAuthScopes", "Member must have length less than or equal to 50"},
		{input{AuthSessionValidity: aws.Int32(2)}, "authSessionValidity", "Member must have value greater than or equal to 3"},
		{input{RefreshTokenRotation: &types.RefreshTokenRotationType{Feature: "ENABLED", RetryGracePeriodSeconds: aws.Int32(61)}},
			"refreshTokenRotation.retryGracePeriodSeconds", "Member must have value less than or equal to 60"},
		{input{ClientSecret: aws.String("tooshort")}, "clientSecret", "Member must have length greater than or equal to 24"},
	}
}
