package interop

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/cognitotest/cognito/cognitotest"
)

// site is an application whose users sign in at a pool's domain, a client that stands for itself, and a user.
type site struct {
	*cognitotest.Provider
	app, machine *cognitotest.AppClient
	user         *cognitotest.User
}

const siteCallback = "https://app.example.com/callback"

func newSite(t *testing.T, secret bool) *site {
	t.Helper()
	p := cognitotest.New(t)
	p.Domain(t)
	if _, err := p.Client().CreateResourceServer(t.Context(), &cip.CreateResourceServerInput{
		UserPoolId: &p.PoolID, Identifier: aws.String("api"), Name: aws.String("api"),
		Scopes: []types.ResourceServerScopeType{{ScopeName: aws.String("read"), ScopeDescription: aws.String("reads")}},
	}); err != nil {
		t.Fatal(err)
	}
	return &site{
		Provider: p,
		app: p.NewAppClient(t, cognitotest.ClientSettings(cip.CreateUserPoolClientInput{
			GenerateSecret: secret, AllowedOAuthFlowsUserPoolClient: true,
			AllowedOAuthFlows: []types.OAuthFlowType{types.OAuthFlowTypeCode}, AllowedOAuthScopes: []string{"openid", "email"},
			CallbackURLs: []string{siteCallback}, SupportedIdentityProviders: []string{"COGNITO"},
		})),
		machine: p.NewAppClient(t, cognitotest.ClientSettings(cip.CreateUserPoolClientInput{
			GenerateSecret: true, AllowedOAuthFlowsUserPoolClient: true,
			AllowedOAuthFlows: []types.OAuthFlowType{types.OAuthFlowTypeClientCredentials}, AllowedOAuthScopes: []string{"api/read"},
		})),
		user: p.NewUser(t, cognitotest.Email("ann@example.com")),
	}
}

var csrfField = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)

// visit is what the user's browser does with an authorization URL: it signs in, and returns where it is sent back.
func (s *site) visit(t *testing.T, authorization string) (callback string) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), siteCallback) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	shown, err := browser.Get(authorization)
	if err != nil {
		t.Fatal(err)
	}
	defer shown.Body.Close()
	page, err := io.ReadAll(shown.Body)
	if err != nil {
		t.Fatal(err)
	}
	match := csrfField.FindSubmatch(page)
	if match == nil {
		t.Fatalf("%s shows no form: %s", authorization, page)
	}
	back, err := browser.PostForm(shown.Request.URL.String(), url.Values{
		"_csrf": {html.UnescapeString(string(match[1]))}, "username": {s.user.Username}, "password": {s.user.Password},
	})
	if err != nil {
		t.Fatal(err)
	}
	back.Body.Close()
	return back.Header.Get("Location")
}

// signInBy runs a program that prints the URL that a browser is to open, and wants the one that it ends at.
func (s *site) signInBy(t *testing.T, command ...string) (answer string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	var errs bytes.Buffer
	cmd.Stderr, cmd.Env = &errs, append(os.Environ(),
		"ISSUER="+s.Issuer, "CALLBACK="+siteCallback, "CLIENT_ID="+s.app.ID, "CLIENT_SECRET="+s.app.Secret,
		"MACHINE_ID="+s.machine.ID, "MACHINE_SECRET="+s.machine.Secret)
	in, errIn := cmd.StdinPipe()
	out, errOut := cmd.StdoutPipe()
	if err := errors.Join(errIn, errOut, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if answer = lines.Text(); strings.HasPrefix(answer, "http") {
			fmt.Fprintln(in, s.visit(t, answer))
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err, errs.String())
	}
	return answer
}

// TestLoginInOtherLanguages signs in by openid-client and Authlib, with a client secret and without.
func TestLoginInOtherLanguages(t *testing.T) {
	type steps struct {
		Email, Info  string
		Refreshed    bool
		Revoked, Own string
	}
	want := steps{Email: "ann@example.com", Info: "ann@example.com", Refreshed: true, Revoked: "invalid_grant", Own: "bearer"}
	for name, command := range map[string]func(*testing.T) []string{
		"openid-client": func(t *testing.T) []string { return []string{needNode(t, "openid-client"), "node/openid.mjs"} },
		"Authlib":       func(t *testing.T) []string { return []string{needPython(t, "authlib"), "python/oauth.py"} },
	} {
		for client, secret := range map[string]bool{"public": false, "confidential": true} {
			t.Run(name+" "+client, func(t *testing.T) {
				run := command(t)
				got := decode[steps](t, newSite(t, secret).signInBy(t, run...))
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("steps (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// TestLoginInGo signs in by golang.org/x/oauth2 and go-oidc.
func TestLoginInGo(t *testing.T) {
	for client, secret := range map[string]bool{"public": false, "confidential": true} {
		t.Run(client, func(t *testing.T) {
			s := newSite(t, secret)
			provider, err := oidc.NewProvider(t.Context(), s.Issuer)
			if err != nil {
				t.Fatal(err)
			}
			config := oauth2.Config{
				ClientID: s.app.ID, ClientSecret: s.app.Secret, Endpoint: provider.Endpoint(), RedirectURL: siteCallback, Scopes: []string{"openid", "email"},
			}
			verifier := oauth2.GenerateVerifier()
			back, err := url.Parse(s.visit(t, config.AuthCodeURL("a state", oidc.Nonce("n-1"), oauth2.S256ChallengeOption(verifier))))
			if err != nil || back.Query().Get("state") != "a state" {
				t.Fatalf("back at %v, %v", back, err)
			}
			token, err := config.Exchange(t.Context(), back.Query().Get("code"), oauth2.VerifierOption(verifier))
			if err != nil {
				t.Fatal(err)
			}
			checkIDToken(t, provider, s, token)
			info, err := provider.UserInfo(t.Context(), config.TokenSource(t.Context(), token))
			if err != nil || info.Email != "ann@example.com" || info.Subject != s.user.Sub {
				t.Errorf("user info = %+v, %v", info, err)
			}
			token.Expiry = time.Now().Add(-time.Hour)
			refreshed, err := config.TokenSource(t.Context(), token).Token()
			if err != nil || refreshed.AccessToken == token.AccessToken || refreshed.RefreshToken != token.RefreshToken {
				t.Errorf("refresh: %+v, %v", refreshed, err)
			}
		})
	}
}

func checkIDToken(t *testing.T, provider *oidc.Provider, s *site, token *oauth2.Token) {
	t.Helper()
	text, _ := token.Extra("id_token").(string)
	id, err := provider.Verifier(&oidc.Config{ClientID: s.app.ID}).Verify(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	if err := id.VerifyAccessToken(token.AccessToken); err != nil || id.Nonce != "n-1" || id.Subject != s.user.Sub {
		t.Errorf("ID token of %s, nonce %q; at_hash: %v", id.Subject, id.Nonce, err)
	}
}

// TestMachinesInGo has a client sign in for itself, by either way to send its secret.
func TestMachinesInGo(t *testing.T) {
	s := newSite(t, false)
	provider, err := oidc.NewProvider(t.Context(), s.Issuer)
	if err != nil {
		t.Fatal(err)
	}
	for _, style := range []oauth2.AuthStyle{oauth2.AuthStyleInHeader, oauth2.AuthStyleInParams} {
		config := clientcredentials.Config{
			ClientID: s.machine.ID, ClientSecret: s.machine.Secret, TokenURL: provider.Endpoint().TokenURL, Scopes: []string{"api/read"}, AuthStyle: style,
		}
		token, err := config.Token(context.Background())
		if err != nil || token.Type() != "Bearer" || token.RefreshToken != "" {
			t.Errorf("style %d: %+v, %v", style, token, err)
		}
	}
}

// TestMachinesInAShell has a client sign in for itself by curl.
func TestMachinesInAShell(t *testing.T) {
	curl := need(t, "curl", "install curl")
	s := newSite(t, false)
	out, err := run(t, s.Provider, curl, "--silent", "--fail-with-body", "--user", s.machine.ID+":"+s.machine.Secret,
		"--data", "grant_type=client_credentials", "--data-urlencode", "scope=api/read", s.Domain(t)+"/oauth2/token")
	if err != nil {
		t.Fatal(err, out)
	}
	got := decode[struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int    `json:"expires_in"`
		TokenType   string `json:"token_type"`
	}](t, out)
	if got.AccessToken == "" || got.ExpiresIn != 3600 || got.TokenType != "Bearer" {
		t.Errorf("tokens = %+v", got)
	}
}
