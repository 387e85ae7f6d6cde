package fake_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake"
)

// domainSources are the sources of the endpoints at a domain.
var domainSources = []eventSource{
	{source: "TokenGeneration_HostedAuth", version: "_V1", trigger: fake.PreTokenGeneration, goType: new(events.CognitoEventUserPoolsPreTokenGen),
		fire: func(s *stage) { s.member(); s.visit() }},
	{source: "TokenGeneration_HostedAuth", version: "_V2", trigger: fake.PreTokenGenerationV2, goType: new(events.CognitoEventUserPoolsPreTokenGenV2_0),
		fire: func(s *stage) { s.member(); s.visit() }},
	{source: "TokenGeneration_HostedAuth", version: "_V3", trigger: fake.PreTokenGenerationV3, goType: new(events.CognitoEventUserPoolsPreTokenGenV2_0),
		fire: func(s *stage) { s.member(); s.visit() }},
	{source: "TokenGeneration_ClientCredentials", trigger: fake.PreTokenGenerationV3, goType: new(events.CognitoEventUserPoolsPreTokenGenV2_0),
		fire: func(s *stage) { s.machine() }},
	{source: "InboundFederation_ExternalProvider", trigger: fake.InboundFederation, fire: func(s *stage) { s.federate() }},
	{source: "PreSignUp_ExternalProvider", trigger: fake.PreSignUp, goType: new(events.CognitoEventUserPoolsPreSignup),
		fire: func(s *stage) { s.federate() }},
}

// The domain of a stage, and the application that its users come from.
const (
	stageDomain   = "https://demo.auth.eu-west-1.amazoncognito.com"
	stageCallback = "https://app.example.com/callback"
)

// host gives the pool a domain, and its app client what an application needs.
func (s *stage) host(providers ...string) {
	s.t.Helper()
	s.must(s.api.CreateUserPoolDomain(s.ctx, &cip.CreateUserPoolDomainInput{UserPoolId: &s.pool, Domain: aws.String("demo")}))
	s.must(s.api.UpdateUserPoolClient(s.ctx, &cip.UpdateUserPoolClientInput{
		UserPoolId: &s.pool, ClientId: &s.client, AllowedOAuthFlowsUserPoolClient: true,
		AllowedOAuthFlows: []types.OAuthFlowType{types.OAuthFlowTypeCode}, AllowedOAuthScopes: []string{"openid", "email"},
		CallbackURLs: []string{stageCallback}, SupportedIdentityProviders: append(providers, "COGNITO"),
	}))
}

// visit signs ann in at the login page.
func (s *stage) visit() {
	s.t.Helper()
	s.host()
	s.wantCode(s.enter(s.browser(s.server), stageDomain+"/login?"+s.request().Encode()))
}

// request is what the application wants of ann.
func (s *stage) request() url.Values {
	return url.Values{"client_id": {s.client}, "response_type": {"code"}, "redirect_uri": {stageCallback}}
}

// browser returns a browser that goes nowhere by itself.
func (s *stage) browser(to http.RoundTripper) *http.Client {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	s.must(jar, err)
	return &http.Client{Transport: to, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

var csrf = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)

// enter fills in a login page for ann, and returns where that leads.
func (s *stage) enter(browser *http.Client, page string) string {
	s.t.Helper()
	shown, err := browser.Get(page)
	s.must(shown, err)
	form, err := io.ReadAll(shown.Body)
	s.must(form, err)
	back, err := browser.PostForm(page, url.Values{"_csrf": {csrf.FindStringSubmatch(string(form))[1]}, "username": {"ann"}, "password": {"Correct-Horse-7"}})
	s.must(back, err)
	return back.Header.Get("Location")
}

func (s *stage) wantCode(location string) {
	s.t.Helper()
	if !strings.HasPrefix(location, stageCallback+"?code=") {
		s.t.Fatalf("the sign-in leads to %q", location)
	}
}

// follow opens a page, and returns where that leads.
func (s *stage) follow(browser *http.Client, page string) string {
	s.t.Helper()
	answer, err := browser.Get(page)
	s.must(answer, err)
	return answer.Header.Get("Location")
}

// twoServers leads requests to the one that has the host.
type twoServers struct{ own, other *fake.Server }

func (t twoServers) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasPrefix(stageDomain, "https://"+r.URL.Host) {
		return t.own.RoundTrip(r)
	}
	return t.other.RoundTrip(r)
}

// federate signs ann in at another pool, which is an identity provider of this one.
func (s *stage) federate() {
	s.t.Helper()
	other, client := s.provider(stageDomain + "/oauth2/idpresponse")
	s.server = s.server.Fork(func(c *fake.Config) { c.IdPClient = &http.Client{Transport: other} })
	s.t.Cleanup(func() { s.server.Close() })
	s.api = s.server.API()
	s.must(s.api.CreateIdentityProvider(s.ctx, &cip.CreateIdentityProviderInput{
		UserPoolId: &s.pool, ProviderName: aws.String("Staff"), ProviderType: types.IdentityProviderTypeTypeOidc,
		ProviderDetails: map[string]string{
			"client_id": *client.ClientId, "client_secret": *client.ClientSecret, "authorize_scopes": "openid email",
			"oidc_issuer": other.Issuer(*client.UserPoolId), "attributes_request_method": "GET",
		},
		AttributeMapping: map[string]string{"email": "email"},
	}))
	s.host("Staff")
	browser := s.browser(twoServers{s.server, other})
	away := s.follow(browser, stageDomain+"/oauth2/authorize?identity_provider=Staff&"+s.request().Encode())
	s.wantCode(s.follow(browser, s.enter(browser, strings.Replace(away, "/oauth2/authorize", "/login", 1))))
}

// provider returns a server with a pool that is an identity provider, and the app client that another pool is there.
func (s *stage) provider(callback string) (*fake.Server, *types.UserPoolClientType) {
	s.t.Helper()
	server := newServer(s.t, fake.Config{Seed: 2, Now: func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }})
	api := server.API()
	p, err := api.CreateUserPool(s.ctx, &cip.CreateUserPoolInput{PoolName: aws.String("staff")})
	s.must(p, err)
	s.must(api.CreateUserPoolDomain(s.ctx, &cip.CreateUserPoolDomainInput{UserPoolId: p.UserPool.Id, Domain: aws.String("staff")}))
	client, err := api.CreateUserPoolClient(s.ctx, &cip.CreateUserPoolClientInput{
		UserPoolId: p.UserPool.Id, ClientName: aws.String("demo"), GenerateSecret: true, AllowedOAuthFlowsUserPoolClient: true,
		AllowedOAuthFlows: []types.OAuthFlowType{types.OAuthFlowTypeCode}, AllowedOAuthScopes: []string{"openid", "email"},
		CallbackURLs: []string{callback}, SupportedIdentityProviders: []string{"COGNITO"},
	})
	s.must(client, err)
	s.must(api.AdminCreateUser(s.ctx, &cip.AdminCreateUserInput{
		UserPoolId: p.UserPool.Id, Username: aws.String("ann"), UserAttributes: attributes("email", "ann@example.com", "email_verified", "true"),
	}))
	s.must(api.AdminSetUserPassword(s.ctx, &cip.AdminSetUserPasswordInput{
		UserPoolId: p.UserPool.Id, Username: aws.String("ann"), Password: aws.String("Correct-Horse-7"), Permanent: true,
	}))
	return server, client.UserPoolClient
}

// machine gives an app client a token of its own.
func (s *stage) machine() {
	s.t.Helper()
	s.must(s.api.CreateUserPoolDomain(s.ctx, &cip.CreateUserPoolDomainInput{UserPoolId: &s.pool, Domain: aws.String("demo")}))
	s.must(s.api.CreateResourceServer(s.ctx, &cip.CreateResourceServerInput{
		UserPoolId: &s.pool, Identifier: aws.String("api"), Name: aws.String("api"),
		Scopes: []types.ResourceServerScopeType{{ScopeName: aws.String("read"), ScopeDescription: aws.String("reads")}},
	}))
	client, err := s.api.CreateUserPoolClient(s.ctx, &cip.CreateUserPoolClientInput{
		UserPoolId: &s.pool, ClientName: aws.String("machine"), GenerateSecret: true, AllowedOAuthFlowsUserPoolClient: true,
		AllowedOAuthFlows: []types.OAuthFlowType{types.OAuthFlowTypeClientCredentials}, AllowedOAuthScopes: []string{"api/read"},
	})
	s.must(client, err)
	out, err := (&http.Client{Transport: s.server}).PostForm(stageDomain+"/oauth2/token", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {*client.UserPoolClient.ClientId}, "client_secret": {*client.UserPoolClient.ClientSecret},
		"aws_client_metadata": {`{"campaign":"spring"}`},
	})
	s.must(out, err)
	if out.StatusCode != http.StatusOK {
		s.t.Fatalf("status %d", out.StatusCode)
	}
}
