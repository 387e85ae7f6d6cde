package interop

import (
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/examples/webapp"
	"github.com/cognitotest/cognito/jwks"
)

// loginSite is the web application of the examples, registered with a pool whose users may have authenticators and
// confirm their addresses.
func loginSite(t *testing.T) (p *cognitotest.Provider, home string) {
	t.Helper()
	p = cognitotest.New(t,
		cognitotest.WithPool(cip.CreateUserPoolInput{
			AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail},
			Schema:                 []types.SchemaAttributeType{{Name: aws.String("email"), Required: aws.Bool(true)}},
		}),
		cognitotest.WithMFA(cip.SetUserPoolMfaConfigInput{
			MfaConfiguration: types.UserPoolMfaTypeOptional, SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
		}))
	app := &webapp.App{Domain: p.Domain(t), Issuer: p.Issuer, Keys: jwks.NewCache(p.JWKSURL), HTTP: p.HTTPClient()}
	server := httptest.NewServer(app)
	t.Cleanup(server.Close)
	app.URL = server.URL
	app.ClientID = p.NewAppClient(t, cognitotest.ClientSettings(cip.CreateUserPoolClientInput{
		AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows: []types.OAuthFlowType{types.OAuthFlowTypeCode},
		AllowedOAuthScopes: []string{"openid", "email"}, SupportedIdentityProviders: []string{"COGNITO"},
		CallbackURLs: []string{server.URL + "/callback"}, LogoutURLs: []string{server.URL + "/"},
	})).ID
	return p, server.URL
}

// TestLoginPages goes through the login pages in Chromium, by keyboard: a second factor, a forgotten password, a sign-up.
func TestLoginPages(t *testing.T) {
	chromium := browser(t)
	for name, width := range map[string]int64{"wide": 1200, "narrow": 360} {
		t.Run(name, func(t *testing.T) {
			p, home := loginSite(t)
			ann := p.NewUser(t, cognitotest.TOTP(), cognitotest.Email("ann@example.com"))
			b := newTab(t, chromium, width)
			b.open(home)
			b.follow("Sign in")
			b.want("Sign in with your username and password")
			b.fill("Username", ann.Username)
			b.fill("Password", "Wrong-pass1")
			b.follow("Sign in")
			b.want("Incorrect username or password.")
			b.follow("Forgot your password?")
			b.want("Forgot your password?")
			b.fill("Username", ann.Username)
			b.follow("Reset my password")
			b.want("a***@e***")
			b.fill("Code", ann.Code(t))
			b.fill("New password", "Another-Horse-8")
			b.fill("Enter new password again", "Another-Horse-8")
			b.follow("Change Password")
			b.want("Sign in with your username and password")
			b.fill("Username", ann.Username)
			b.fill("Password", "Another-Horse-8")
			b.follow("Sign in")
			b.want("Enter the code from your authenticator app")
			b.fill("Code", ann.TOTPCode(t))
			b.follow("Sign in")
			b.want("Hello ann@example.com")
			b.follow("Sign out")
			b.want("Sign in")

			b.open(home + "/signin")
			b.follow("Sign up")
			b.want("Sign up with a new account")
			b.fill("Username", "bob")
			b.fill("Email", "bob@example.com")
			b.fill("Password", "Correct-Horse-7")
			b.follow("Sign up")
			b.want("b***@e***")
			b.fill("Verification code", p.User(t, "bob").Code(t))
			b.follow("Confirm account")
			b.want("Hello bob@example.com")
			b.wantQuiet("http://127.0.0.1:")
		})
	}
}
