package oauth

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// authorization is what an application wants of the user in a browser: the query of /oauth2/authorize, which every
// login page has too.
type authorization struct {
	client       *pool.Client
	responseType string // code or token
	redirectURI  string
	scopes       string // separated by blanks
	state        string
	nonce        string
	challenge    string
	resource     string // an API (RFC 8707), or ""
	prompts      []string
}

// authorize sends a browser on to the login page, or back to the application where the user has signed in already.
func (r *Request) authorize() Answer {
	a, refused := r.authorization()
	if refused != nil {
		return *refused
	}
	if slices.Contains(a.prompts, "login") {
		return r.begin(a)
	}
	if browser, ok := r.browser(); ok {
		return r.resume(a, browser)
	}
	if slices.Contains(a.prompts, "none") {
		return redirect(a.back(url.Values{"error": {"login_required"}}))
	}
	return r.begin(a)
}

// begin sends the browser to where users sign in: the login page, or an identity provider.
func (r *Request) begin(a *authorization) Answer {
	p, ok := r.provider(a)
	switch {
	case !ok:
		return r.backWith(a, notSupported())
	case p != nil:
		return r.toProvider(a, p)
	}
	return r.toLogin()
}

func (r *Request) toLogin() Answer { return r.redirectTo("/login") }

// redirectTo sends the browser to another page, with the same query.
func (r *Request) redirectTo(path string) Answer {
	return redirect(r.origin() + path + suffix("?", r.http.URL.RawQuery))
}

// authorization reads the query. An application that cannot be told of an error has its user see it.
func (r *Request) authorization() (*authorization, *Answer) {
	if r.query.Get("client_id") == "" {
		return nil, answerOf(r.errorPage(missingParameter("client_id")))
	}
	c, ok := r.client()
	if !ok || len(r.query["client_id"]) > 1 || len(r.query["redirect_uri"]) > 1 { // whoever is meant
		return nil, answerOf(r.errorPage(invalidRequest("")))
	}
	a := &authorization{
		client: c, responseType: r.query.Get("response_type"), redirectURI: r.query.Get("redirect_uri"),
		state: r.query.Get("state"), nonce: r.query.Get("nonce"),
		challenge: r.query.Get("code_challenge"), resource: r.query.Get("resource"), prompts: strings.Fields(r.query.Get("prompt")),
	}
	if providers := c.Settings.SupportedIdentityProviders; a.redirectURI == "" && len(providers) == 1 {
		a.redirectURI = aws.ToString(c.Settings.DefaultRedirectURI)
	}
	switch {
	case len(c.Settings.SupportedIdentityProviders) == 0:
		return nil, answerOf(r.errorPage(loginUnavailable()))
	case !slices.Contains(c.Settings.CallbackURLs, a.redirectURI):
		return nil, answerOf(redirect(r.url("/error", url.Values{"error": {"redirect_mismatch"}, "client_id": {c.ID}})))
	}
	if err := a.check(r.query); err != nil {
		return nil, answerOf(redirect(a.back(errorParameters(err))))
	}
	return a, nil
}

func answerOf(a Answer) *Answer { return &a }

// check judges what can be told to the application. The order is inferred.
func (a *authorization) check(query url.Values) error {
	method := query.Get("code_challenge_method")
	flow, known := map[string]types.OAuthFlowType{"code": types.OAuthFlowTypeCode, "token": types.OAuthFlowTypeImplicit}[a.responseType]
	switch {
	case !known, repeats(query):
		return invalidRequest("")
	case !allows(a.client, flow):
		return unauthorizedClient()
	case a.challenge != "" && method != "S256", a.challenge == "" && method != "":
		return invalidRequest("")
	case a.resource != "" && !isResource(a.resource):
		return invalidRequest("")
	}
	return a.settleScopes(query.Get("scope"))
}

// isResource reports whether a text can name an API: by https, by http on the user's own machine, or by a scheme of an
// app's (developer guide).
func isResource(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme != "" && (u.Scheme != "http" || u.Hostname() == "localhost")
}

// settleScopes takes the scopes that are asked for, or all that the app client has.
func (a *authorization) settleScopes(asked string) error {
	scopes, allowed := strings.Fields(asked), a.client.Settings.AllowedOAuthScopes
	if len(scopes) == 0 {
		scopes = allowed
	}
	narrow := func(s string) bool { return slices.Contains([]string{"phone", "email", "profile"}, s) }
	foreign := func(s string) bool { return !slices.Contains(allowed, s) }
	if slices.ContainsFunc(scopes, foreign) || slices.ContainsFunc(scopes, narrow) && !slices.Contains(scopes, "openid") {
		return invalidRequest("invalid_scope")
	}
	a.scopes = strings.Join(scopes, " ")
	return nil
}

// back returns the URL at which the application hears of errors, or gets a code: with the state, and in the fragment
// where tokens would stand there.
func (a *authorization) back(parameters url.Values) string {
	if a.state != "" {
		parameters.Set("state", a.state)
	}
	mark := "?"
	switch {
	case a.responseType == "token":
		mark = "#"
	case strings.Contains(a.redirectURI, "?"):
		mark = "&"
	}
	return a.redirectURI + mark + ordered(parameters)
}

// ordered writes parameters in the order in which the service was seen to write them or, of an error without
// description, in which the developer guide does.
func ordered(parameters url.Values) string {
	names := []string{"code", "id_token", "access_token", "token_type", "expires_in", "error", "state"}
	if parameters.Has("error_description") {
		names = []string{"error_description", "state", "error"}
	}
	var written []string
	for _, name := range names {
		if parameters.Has(name) {
			written = append(written, name+"="+url.QueryEscape(parameters.Get(name)))
		}
	}
	return strings.Join(written, "&")
}

// errorParameters tells an application of an error: what the API answers with a message is an invalid request, and
// the message of a trigger ends in a blank (seen in redirections).
func errorParameters(err error) url.Values {
	e := asOAuth(err)
	var answer smithy.APIError
	if errors.As(err, &answer) && e.Code != serverError {
		e = invalidRequest(answer.ErrorMessage())
	}
	if fromTrigger(err) {
		e.Description += " "
	}
	parameters := url.Values{"error": {e.Code}}
	if e.Description != "" {
		parameters.Set("error_description", e.Description)
	}
	return parameters
}
