package oauth

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/signin"
)

// provider returns the identity provider at which the user is to sign in: the one that the query names, or the only
// one that the app client has (inferred); nil for the pool itself. It reports false for one that the client does not
// have.
func (r *Request) provider(a *authorization) (*types.IdentityProviderType, bool) {
	name, identifier := r.query.Get("identity_provider"), r.query.Get("idp_identifier")
	supported := a.client.Settings.SupportedIdentityProviders
	if name == "" && identifier == "" && len(supported) == 1 {
		name = supported[0]
	}
	if name == local || name == "" && identifier == "" {
		return nil, true
	}
	r.pool.Lock()
	defer r.pool.Unlock()
	p, err := r.pool.ProviderForLocked(name, identifier)
	if err != nil || !slices.Contains(supported, *p.ProviderName) {
		return nil, false
	}
	return p, true
}

// providerLinks returns the buttons of the login page that lead to identity providers.
func (r *Request) providerLinks(a *authorization) []link {
	var links []link
	for _, name := range a.client.Settings.SupportedIdentityProviders {
		if name == local {
			continue
		}
		query := url.Values{}
		for parameter, values := range r.query {
			query[parameter] = values
		}
		query.Set("identity_provider", name)
		links = append(links, link{r.url("/oauth2/authorize", query), "Continue with " + name})
	}
	return links
}

// stateCookie is the cookie that ties a browser to the sign-in that it began.
const stateCookie = "csrf-state"

// departureValidity is how long a sign-in at an identity provider may take (developer guide).
const departureValidity = 5 * time.Minute

// toProvider sends the browser to an identity provider.
func (r *Request) toProvider(a *authorization, p *types.IdentityProviderType) Answer {
	idp, err := r.connect(p, "authorize_url")
	if err != nil {
		return r.backWith(a, err)
	}
	id, now := r.store.Random.UUID(), r.store.Clock.Now()
	r.pool.Lock()
	r.pool.KeepDepartureLocked(id, pool.Departure{Provider: *p.ProviderName, Query: r.http.URL.RawQuery, Expires: now.Add(departureValidity)}, now)
	r.pool.Unlock()
	query := url.Values{
		"client_id": {idp.details["client_id"]}, "redirect_uri": {r.url(returnPath, nil)}, "response_type": {"code"},
		"scope": {idp.details["authorize_scopes"]}, "state": {stateOf(r.pool, id)},
	}
	r.forward(query, p)
	answer := redirect(idp.details["authorize_url"] + "?" + query.Encode())
	r.setCookie(answer, &http.Cookie{Name: stateCookie, Value: id, SameSite: r.anySite()})
	return answer
}

// anySite is for cookies that come back with forms of other sites, too, as providers send them. Without https browsers
// do not take such cookies, but send for some minutes those that say nothing of sites.
func (r *Request) anySite() http.SameSite {
	if r.secure() {
		return http.SameSiteNoneMode
	}
	return http.SameSiteDefaultMode
}

// forward passes on what an application wants of the provider's page.
func (r *Request) forward(query url.Values, p *types.IdentityProviderType) {
	oidc := p.ProviderType == types.IdentityProviderTypeTypeOidc
	if hint := r.query.Get("login_hint"); hint != "" && (oidc || p.ProviderType == types.IdentityProviderTypeTypeGoogle) {
		query.Set("login_hint", hint)
	}
	if prompt := r.query.Get("prompt"); prompt != "" && prompt != "none" {
		query.Set("prompt", prompt)
	}
	if p.ProviderType == types.IdentityProviderTypeTypeSignInWithApple {
		query.Set("response_mode", "form_post")
	}
}

// returnPath is where identity providers send browsers back to.
const returnPath = "/oauth2/idpresponse"

// stateOf returns the state that leads back to a departure, and to the pool that it was from.
func stateOf(p *pool.Pool, id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(p.ID + " " + id))
}

// departureOf reads a state.
func departureOf(state string) (poolID, id string) {
	text, _ := base64.RawURLEncoding.DecodeString(state) // what is none names no pool
	poolID, id, _ = strings.Cut(string(text), " ")
	return poolID, id
}

// returned takes a browser back from an identity provider, and signs its user in.
func (r *Request) returned() Answer {
	departure, ok := r.departure()
	query, err := url.ParseQuery(departure.Query)
	if !ok || err != nil {
		return redirect(r.url("/error", url.Values{"error": {"Invalid state"}}))
	}
	code := r.parameter("code")
	refused := r.parameter("error")
	told := r.parameter("error_description")
	r.query = query
	a, wrong := r.authorization()
	switch {
	case wrong != nil:
		return *wrong
	case refused != "":
		return r.backWith(a, oauthError(refused, told))
	}
	result, err := r.federate(a, departure.Provider, code)
	if err != nil {
		return r.backWith(a, err)
	}
	answer := r.remember(result.Browser, r.grant(a, result.Tokens))
	r.clearCookie(answer, stateCookie)
	return answer
}

// parameter returns a parameter of the query or, from providers that send forms, of the body.
func (r *Request) parameter(name string) string {
	if r.form.Has(name) {
		return r.form.Get(name)
	}
	return r.query.Get(name)
}

// departure returns what the state of the request leads back to, if it was the same browser that left.
func (r *Request) departure() (pool.Departure, bool) {
	poolID, id := departureOf(r.parameter("state"))
	cookie, err := r.http.Cookie(stateCookie)
	if err != nil || r.pool == nil || r.pool.ID != poolID || cookie.Value != id {
		return pool.Departure{}, false
	}
	r.pool.Lock()
	defer r.pool.Unlock()
	return r.pool.TakeDepartureLocked(id, r.store.Clock.Now())
}

// federate signs in whom an identity provider has given a code for.
func (r *Request) federate(a *authorization, provider, code string) (*signin.Result, error) {
	r.pool.Lock()
	p, err := r.pool.ProviderLocked(provider)
	r.pool.Unlock()
	if err != nil {
		return nil, err
	}
	idp, err := r.connect(p, "token_url", "attributes_url", "jwks_uri")
	if err != nil {
		return nil, err
	}
	told, err := idp.redeem(code)
	if err != nil {
		return nil, err
	}
	return r.engine.Federate(r.http.Context(), signin.Federation{Call: r.by(a.client), Hosted: *a.hosted(), Provider: p, Told: told})
}

// backWith tells an application why its user did not sign in.
func (r *Request) backWith(a *authorization, err error) Answer {
	answer := redirect(a.back(errorParameters(err)))
	answer.Err = err
	return answer
}
