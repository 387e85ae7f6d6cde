package pool

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"
)

// clientRules are those of a pool with a custom attribute, the provider Google and the scope api/read.
func clientRules(t *testing.T, edits ...func(*cip.CreateUserPoolInput)) ClientRules {
	t.Helper()
	p, err := NewSettings(poolRequest(edits...), atHome)
	if err != nil {
		t.Fatal(err)
	}
	p.Id = aws.String("us-east-1_abcdefghi")
	return ClientRules{Pool: p, Schema: mustSchema(t, declared("tenant", str)), Catalog: Catalog{
		HasProvider: func(name string) bool { return name == "Google" },
		HasScope:    func(scope string) bool { return scope == "api/read" },
	}}
}

func TestClientWithNameOnly(t *testing.T) {
	got, err := clientRules(t).New(&cip.CreateUserPoolClientInput{UserPoolId: aws.String("us-east-1_abcdefghi"), ClientName: aws.String("test-userpool-client")})
	wantError(t, err, "")
	wantJSON(t, got, `{"UserPoolId":"us-east-1_abcdefghi","ClientName":"test-userpool-client",
		"RefreshTokenValidity":30,"TokenValidityUnits":{},
		"AllowedOAuthFlowsUserPoolClient":false,"EnableTokenRevocation":true,
		"EnablePropagateAdditionalUserContextData":false,"AuthSessionValidity":3}`)
}

func TestClientsAreCompleted(t *testing.T) {
	for _, test := range []struct {
		why  string
		in   cip.CreateUserPoolClientInput
		get  func(*types.UserPoolClientType) any
		want string
	}{
		{"one unit brings the others", cip.CreateUserPoolClientInput{TokenValidityUnits: &types.TokenValidityUnitsType{AccessToken: "days"}},
			func(c *types.UserPoolClientType) any { return c.TokenValidityUnits }, `{"AccessToken":"days","IdToken":"hours","RefreshToken":"days"}`},
		{"legacy flows stay as they are", cip.CreateUserPoolClientInput{ExplicitAuthFlows: []types.ExplicitAuthFlowsType{"ADMIN_NO_SRP_AUTH"}},
			func(c *types.UserPoolClientType) any { return c.ExplicitAuthFlows }, `["ADMIN_NO_SRP_AUTH"]`},
		{"lists are sets", cip.CreateUserPoolClientInput{ReadAttributes: []string{"name", "email", "name"}},
			func(c *types.UserPoolClientType) any { return c.ReadAttributes }, `["email","name"]`},
		{"empty lists are left out", cip.CreateUserPoolClientInput{ReadAttributes: []string{}, CallbackURLs: []string{}},
			func(c *types.UserPoolClientType) any { return []any{c.ReadAttributes, c.CallbackURLs} }, `[null,null]`},
		{"a given secret is not among the settings", cip.CreateUserPoolClientInput{ClientSecret: aws.String("012345678901234567890123")},
			func(c *types.UserPoolClientType) any { return c.ClientSecret }, `null`},
		{"what is sent is kept", cip.CreateUserPoolClientInput{AuthSessionValidity: aws.Int32(15), EnableTokenRevocation: aws.Bool(false), AccessTokenValidity: aws.Int32(2)},
			func(c *types.UserPoolClientType) any {
				return []any{c.AuthSessionValidity, c.EnableTokenRevocation, c.AccessTokenValidity}
			}, `[15,false,2]`},
	} {
		t.Run(test.why, func(t *testing.T) {
			c, err := clientRules(t).New(&test.in)
			wantError(t, err, "")
			wantJSON(t, test.get(c), test.want)
		})
	}
}

func TestClientRules(t *testing.T) {
	const (
		code        = types.OAuthFlowTypeCode
		implicit    = types.OAuthFlowTypeImplicit
		credentials = types.OAuthFlowTypeClientCredentials
	)
	type input = cip.CreateUserPoolClientInput
	flows := func(flows ...types.ExplicitAuthFlowsType) []types.ExplicitAuthFlowsType { return flows }
	oauth := func(flows ...types.OAuthFlowType) []types.OAuthFlowType { return flows }
	rotation := &types.RefreshTokenRotationType{Feature: types.FeatureTypeEnabled}
	units := func(access, id, refresh types.TimeUnitsType) *types.TokenValidityUnitsType {
		return &types.TokenValidityUnitsType{AccessToken: access, IdToken: id, RefreshToken: refresh}
	}
	callback := []string{"https://example.com/cb"}
	projectIn := func(region string) *string {
		return aws.String("arn:aws:mobiletargeting:" + region + ":123456789012:apps/a")
	}
	for _, test := range []struct {
		why  string
		in   input
		want string
	}{
		{"ALLOW_ and legacy flows do not mix", input{ExplicitAuthFlows: flows("ALLOW_USER_SRP_AUTH", "ADMIN_NO_SRP_AUTH")},
			invalidText("Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.")},
		{"ALLOW_ flows need no refresh", input{ExplicitAuthFlows: flows("ALLOW_USER_PASSWORD_AUTH")}, ""},
		{"rotation replaces the refresh flow", input{RefreshTokenRotation: rotation, ExplicitAuthFlows: flows("ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH")},
			invalidText("ALLOW_REFRESH_TOKEN_AUTH is not a permitted ExplicitAuthFlow when refresh token rotation is enabled.")},
		{"rotation", input{RefreshTokenRotation: rotation, ExplicitAuthFlows: flows("ALLOW_USER_SRP_AUTH")}, ""},
		{"access tokens of 25 hours, hours being the default", input{AccessTokenValidity: aws.Int32(25)}, invalidText("Invalid range for token validity.")},
		{"ID tokens of 25 hours", input{IdTokenValidity: aws.Int32(25)}, invalidText("Invalid range for token validity.")},
		{"access tokens of 25 hours by unit", input{AccessTokenValidity: aws.Int32(25), TokenValidityUnits: units("hours", "", "")}, invalidText("Invalid range for token validity.")},
		{"refresh tokens of 4000 days, days being the default", input{RefreshTokenValidity: 4000}, invalidText("Invalid range for token validity.")},
		{"refresh tokens of 30 minutes", input{RefreshTokenValidity: 30, TokenValidityUnits: units("", "", "minutes")}, invalidText("Invalid range for token validity.")},
		{"the default number in a declared unit", input{TokenValidityUnits: units("minutes", "", "")}, invalidText("Invalid range for token validity.")},
		{"a huge number of days", input{RefreshTokenValidity: 315360000}, invalidText("Invalid range for token validity.")},
		{"five minutes", input{AccessTokenValidity: aws.Int32(5), IdTokenValidity: aws.Int32(300), TokenValidityUnits: units("minutes", "seconds", "")}, ""},
		{"299 seconds", input{AccessTokenValidity: aws.Int32(299), TokenValidityUnits: units("seconds", "", "")}, invalidText("Invalid range for token validity.")},
		{"a day", input{AccessTokenValidity: aws.Int32(24), IdTokenValidity: aws.Int32(1), TokenValidityUnits: units("hours", "days", "")}, ""},
		{"ten years", input{RefreshTokenValidity: 3650}, ""},
		{"an hour of refresh", input{RefreshTokenValidity: 60, TokenValidityUnits: units("", "", "minutes")}, ""},
		{"access outlives refresh", input{AccessTokenValidity: aws.Int32(2), RefreshTokenValidity: 1, TokenValidityUnits: units("hours", "", "hours")},
			invalidText("Access and Id Token expiration times must be less than or equal to refresh token expiration times.")},
		{"unknown read attribute", input{ReadAttributes: []string{"custom:none"}}, invalidText("Invalid read attributes specified while creating a client")},
		{"verified flags are readable", input{ReadAttributes: []string{"sub", "email_verified", "custom:tenant"}}, ""},
		{"unknown write attribute", input{WriteAttributes: []string{"custom:none"}}, invalidText("Invalid write attributes specified while creating a client")},
		{"sub is not writable", input{WriteAttributes: []string{"sub"}}, invalidText("Invalid write attributes specified while creating a client")},
		{"email_verified is not writable", input{WriteAttributes: []string{"email_verified"}}, invalidText("Invalid write attributes specified while creating a client")},
		{"phone_number_verified is not writable", input{WriteAttributes: []string{"phone_number_verified"}}, invalidText("Invalid write attributes specified while creating a client")},
		{"custom attributes are writable", input{WriteAttributes: []string{"email", "custom:tenant"}}, ""},
		{"OAuth needs flows", input{AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthScopes: []string{"openid"}},
			invalidText("AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.")},
		{"OAuth needs scopes", input{AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows: oauth(code), CallbackURLs: callback},
			invalidText("AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.")},
		{"code needs callbacks", input{AllowedOAuthFlows: oauth(code)}, invalidText("CallbackUrls can not be empty when code flow or implicit flow is selected")},
		{"implicit needs callbacks", input{AllowedOAuthFlows: oauth(implicit)}, invalidText("CallbackUrls can not be empty when code flow or implicit flow is selected")},
		{"code with callbacks", input{AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows: oauth(code, implicit), CallbackURLs: callback,
			AllowedOAuthScopes: []string{"phone", "email", "openid", "profile", "aws.cognito.signin.user.admin", "api/read"}}, ""},
		{"client_credentials stands alone", input{GenerateSecret: true, AllowedOAuthFlows: oauth(credentials, code), CallbackURLs: callback},
			invalidText("client_credentials flow can not be selected along with code flow or implicit flow.")},
		{"client_credentials needs a secret", input{AllowedOAuthFlows: oauth(credentials)},
			invalidText("client_credentials flow can not be selected if client does not have a client secret.")},
		{"client_credentials with a secret of one's own", input{ClientSecret: aws.String("012345678901234567890123"), AllowedOAuthFlows: oauth(credentials)}, ""},
		{"unknown scope", input{AllowedOAuthScopes: []string{"api/write"}}, "ScopeDoesNotExistException: Invalid scope requested: api/write"},
		{"unknown provider", input{SupportedIdentityProviders: []string{"COGNITO", "Facebook"}},
			invalidText("The provider Facebook does not exist for User Pool us-east-1_abcdefghi.")},
		{"known providers", input{SupportedIdentityProviders: []string{"COGNITO", "Google"}}, ""},
		{"plain HTTP in a callback", input{CallbackURLs: []string{"http://example.com/cb"}}, invalidText("http://example.com/cb cannot use the HTTP protocol.")},
		{"plain HTTP in a logout URL", input{LogoutURLs: []string{"http://example.com/out"}}, invalidText("http://example.com/out cannot use the HTTP protocol.")},
		{"plain HTTP to the own machine", input{CallbackURLs: []string{"http://localhost", "http://localhost:3000/cb", "http://127.0.0.1:80", "http://[::1]:8080/cb"}}, ""},
		{"plain HTTP to a host that only looks like it", input{CallbackURLs: []string{"http://localhost.example.com"}},
			invalidText("http://localhost.example.com cannot use the HTTP protocol.")},
		{"schemes of apps", input{CallbackURLs: []string{"myapp://cb"}, LogoutURLs: []string{"myapp://out"}}, ""},
		{"fragment in a callback", input{CallbackURLs: []string{"https://example.com/cb#frag"}}, invalidText("https://example.com/cb#frag cannot use fragment")},
		{"default redirect out of the list", input{CallbackURLs: callback, DefaultRedirectURI: aws.String("https://other.example.com/cb")},
			invalidText("The default redirect URI https://other.example.com/cb is not in the callback URIs list.")},
		{"default redirect in the list", input{CallbackURLs: callback, DefaultRedirectURI: &callback[0]}, ""},
		{"context data needs a secret", input{EnablePropagateAdditionalUserContextData: aws.Bool(true)},
			invalidText("Client Secret is required to set EnablePropagateAdditionalUserContextData as true")},
		{"context data with a secret", input{GenerateSecret: true, EnablePropagateAdditionalUserContextData: aws.Bool(true)}, ""},
		{"analytics by ARN and id", input{AnalyticsConfiguration: &types.AnalyticsConfigurationType{ApplicationArn: projectIn("us-east-1"), ApplicationId: aws.String("a")}},
			invalidText("Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> are valid")},
		{"analytics by ARN with a role", input{AnalyticsConfiguration: &types.AnalyticsConfigurationType{ApplicationArn: projectIn("us-east-1"), RoleArn: roleOf("123456789012")}},
			invalidText("Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> are valid")},
		{"analytics by id without role", input{AnalyticsConfiguration: &types.AnalyticsConfigurationType{ApplicationId: aws.String("a")}},
			invalidText("Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> are valid")},
		{"analytics by id", input{AnalyticsConfiguration: &types.AnalyticsConfigurationType{ApplicationId: aws.String("a"), RoleArn: roleOf("123456789012"), ExternalId: aws.String("e")}}, ""},
		{"analytics of another region", input{AnalyticsConfiguration: &types.AnalyticsConfigurationType{ApplicationArn: projectIn("ap-northeast-1")}},
			invalidText("The integration with Pinpoint is not supported for the requested ap-northeast-1 region.")},
		{"analytics of the region", input{AnalyticsConfiguration: &types.AnalyticsConfigurationType{ApplicationArn: projectIn("us-east-1")}}, ""},
		{"two ways to a secret", input{GenerateSecret: true, ClientSecret: aws.String("012345678901234567890123")},
			invalidText("ClientSecret cannot be specified when GenerateSecret is true.")},
	} {
		t.Run(test.why, func(t *testing.T) {
			_, err := clientRules(t).New(&test.in)
			wantError(t, err, test.want)
		})
	}
}

func TestRotationInLite(t *testing.T) {
	_, err := clientRules(t, withTier("LITE")).New(&cip.CreateUserPoolClientInput{
		RefreshTokenRotation: &types.RefreshTokenRotationType{Feature: types.FeatureTypeEnabled},
	})
	wantError(t, err, "FeatureUnavailableInTierException: The following features need to be disabled for the LITE pricing tier configured: Refresh Token Rotation")
}

func TestEmptyCatalog(t *testing.T) {
	rules := clientRules(t)
	rules.Catalog = Catalog{}
	_, err := rules.New(&cip.CreateUserPoolClientInput{AllowedOAuthScopes: []string{"api/read"}})
	wantError(t, err, "ScopeDoesNotExistException: Invalid scope requested: api/read")
	_, err = rules.New(&cip.CreateUserPoolClientInput{SupportedIdentityProviders: []string{"Google"}})
	wantError(t, err, invalidText("The provider Google does not exist for User Pool us-east-1_abcdefghi."))
}

func TestClientUpdate(t *testing.T) {
	rules := clientRules(t)
	made := func() *types.UserPoolClientType {
		c, err := rules.New(&cip.CreateUserPoolClientInput{
			UserPoolId: rules.Pool.Id, ClientName: aws.String("app"), GenerateSecret: true, ReadAttributes: []string{"email"},
			ExplicitAuthFlows: []types.ExplicitAuthFlowsType{"ALLOW_USER_AUTH"}, AccessTokenValidity: aws.Int32(2),
			EnableTokenRevocation: aws.Bool(false), PreventUserExistenceErrors: "ENABLED",
			AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows: []types.OAuthFlowType{"client_credentials"}, AllowedOAuthScopes: []string{"api/read"},
		})
		if err != nil {
			t.Fatal(err)
		}
		c.ClientId = aws.String("client")
		return c
	}
	request := func(edit func(*cip.UpdateUserPoolClientInput)) *cip.UpdateUserPoolClientInput {
		in := &cip.UpdateUserPoolClientInput{UserPoolId: rules.Pool.Id, ClientId: aws.String("client")}
		edit(in)
		return in
	}
	nothing := func(*cip.UpdateUserPoolClientInput) {}

	t.Run("what is omitted goes back to its default", func(t *testing.T) {
		old := made()
		got, err := rules.Update(old, request(nothing), true)
		wantError(t, err, "")
		wantJSON(t, got, `{"UserPoolId":"us-east-1_abcdefghi","ClientId":"client","ClientName":"app",
			"RefreshTokenValidity":30,"TokenValidityUnits":{},"AllowedOAuthFlowsUserPoolClient":false,
			"EnableTokenRevocation":true,"EnablePropagateAdditionalUserContextData":false,"AuthSessionValidity":3}`)
		if diff := cmp.Diff(onWire(t, old), onWire(t, made())); diff != "" {
			t.Errorf("the old settings changed (-got +want):\n%s", diff)
		}
	})
	for _, test := range []struct {
		why          string
		confidential bool
		edit         func(*cip.UpdateUserPoolClientInput)
		want         string
	}{
		{"the verb of read attributes", true, func(in *cip.UpdateUserPoolClientInput) { in.ReadAttributes = []string{"none"} },
			invalidText("Invalid read attributes specified while updating a client")},
		{"the verb of write attributes", true, func(in *cip.UpdateUserPoolClientInput) { in.WriteAttributes = []string{"none"} },
			invalidText("Invalid write attributes specified while updating a client")},
		{"a client with a secret", true, func(in *cip.UpdateUserPoolClientInput) {
			in.AllowedOAuthFlows = []types.OAuthFlowType{"client_credentials"}
		}, ""},
		{"a client without", false, func(in *cip.UpdateUserPoolClientInput) {
			in.AllowedOAuthFlows = []types.OAuthFlowType{"client_credentials"}
		}, invalidText("client_credentials flow can not be selected if client does not have a client secret.")},
		{"a new name", true, func(in *cip.UpdateUserPoolClientInput) { in.ClientName = aws.String("renamed") }, ""},
	} {
		t.Run(test.why, func(t *testing.T) {
			_, err := rules.Update(made(), request(test.edit), test.confidential)
			wantError(t, err, test.want)
		})
	}
}

func FuzzCallbackURL(f *testing.F) {
	for _, u := range []string{"http://localhost", "HTTP://example.com", "http://%zz", "myapp:", "https://e/#", "http://[::1"} {
		f.Add(u)
	}
	p, err := NewSettings(poolRequest(), atHome)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, u string) {
		c, err := ClientRules{Pool: p}.New(&cip.CreateUserPoolClientInput{CallbackURLs: []string{u}})
		if err == nil && c.CallbackURLs[0] != u {
			t.Errorf("accepted %q as %q", u, c.CallbackURLs[0])
		}
		if err == nil && len(u) > 11 && u[:11] == "http://exam" {
			t.Errorf("%q was accepted", u)
		}
	})
}
