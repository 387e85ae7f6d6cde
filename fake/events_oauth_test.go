package fake_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"

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
	{source: "TokenGeneration_ClientCredentials", trigger: fake.PreTokenGenerationV3, goType: new(events.CognitoEventUserPoolsPreTokenGenV2_0),
		fire: func(s *stage) { s.machine() }},
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

var csrf = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)

// visit signs ann in at the login page.
func (s *stage) visit() {
	s.t.Helper()
	s.host()
	jar, err := cookiejar.New(nil)
	s.must(jar, err)
	browser := &http.Client{Transport: s.server, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	page := stageDomain + "/login?" + url.Values{"client_id": {s.client}, "response_type": {"code"}, "redirect_uri": {stageCallback}}.Encode()
	shown, err := browser.Get(page)
	s.must(shown, err)
	form, err := io.ReadAll(shown.Body)
	s.must(form, err)
	back, err := browser.PostForm(page, url.Values{"_csrf": {csrf.FindStringSubmatch(string(form))[1]}, "username": {"ann"}, "password": {"Correct-Horse-7"}})
	s.must(back, err)
	if !strings.HasPrefix(back.Header.Get("Location"), stageCallback+"?code=") {
		s.t.Fatalf("the login page leads to %q, status %d", back.Header.Get("Location"), back.StatusCode)
	}
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
