package oauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/golang-jwt/jwt/v5"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/trigger"
	"github.com/cognitotest/cognito/jwks"
)

// idp is an identity provider that the fake calls, as an app client there.
type idp struct {
	*Request
	provider *types.IdentityProviderType
	details  map[string]string // with the URLs of its discovery document
}

// connect finds out where the endpoints of an identity provider are that are needed, by the names of details: its
// details say it or, where it has one, its discovery document.
func (r *Request) connect(p *types.IdentityProviderType, needed ...string) (*idp, error) {
	if p.ProviderType == types.IdentityProviderTypeTypeSaml {
		missing := &pool.NotSimulated{What: "sign-in at the SAML provider " + *p.ProviderName}
		r.logf("cognitotest: %v", missing)
		return nil, missing
	}
	i := &idp{r, p, maps.Clone(p.ProviderDetails)}
	if slices.ContainsFunc(needed, func(detail string) bool { return i.details[detail] == "" }) {
		return i, i.discover()
	}
	return i, nil
}

// discovered are the details of a provider by the members of its discovery document.
var discovered = map[string]string{
	"authorization_endpoint": "authorize_url", "token_endpoint": "token_url", "userinfo_endpoint": "attributes_url", "jwks_uri": "jwks_uri",
}

// discover adds what the discovery document says and the details do not. Providers that are none of OpenID Connect
// have no such document.
func (i *idp) discover() error {
	if !i.isOpenID() {
		return nil
	}
	document, err := i.fetch(http.MethodGet, strings.TrimSuffix(i.details["oidc_issuer"], "/")+"/.well-known/openid-configuration", nil)
	if err != nil {
		return i.failed(err, "discovery document")
	}
	for member, detail := range discovered {
		if value, ok := document[member].(string); ok && i.details[detail] == "" {
			i.details[detail] = value
		}
	}
	return nil
}

// isOpenID reports whether the provider speaks OpenID Connect. Amazon and Facebook do not.
func (i *idp) isOpenID() bool { return i.details["oidc_issuer"] != "" }

// redeem exchanges a code for what the provider tells of an account.
func (i *idp) redeem(code string) (told trigger.InboundAttributes, err error) {
	form, err := i.codeForm(code)
	if err != nil {
		return told, err
	}
	tokens, err := i.fetch(i.details["token_request_method"], i.details["token_url"], form)
	if err != nil {
		return told, i.failed(err, "token")
	}
	told.TokenResponse = pool.ClaimTexts(tokens)
	if i.isOpenID() {
		claims, err := i.verify(told.TokenResponse["id_token"])
		if err != nil {
			return told, err
		}
		told.IDToken = pool.ClaimTexts(claims)
	}
	user, err := i.userInfo(told.TokenResponse["access_token"])
	told.UserInfo = user
	return told, err
}

// codeForm is what a provider is sent for its tokens. Apple wants a secret that is made for the occasion.
func (i *idp) codeForm(code string) (url.Values, error) {
	form := url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {i.url(returnPath, nil)}, "client_id": {i.details["client_id"]},
	}
	secret := i.details["client_secret"]
	if i.provider.ProviderType == types.IdentityProviderTypeTypeSignInWithApple {
		made, err := appleSecret(i.details, i.now())
		if err != nil {
			i.logf("cognitotest: %v", err)
			return nil, unusableKey()
		}
		secret = made
	}
	if secret != "" {
		form.Set("client_secret", secret)
	}
	return form, nil
}

// now is the time of identity providers: what moves the clock of the server moves none of theirs.
func (i *idp) now() time.Time { return i.store.Clock.Read().Base }

// verify returns the claims of an ID token.
func (i *idp) verify(signed string) (jwt.MapClaims, error) {
	document, err := i.fetch(http.MethodGet, i.details["jwks_uri"], nil)
	if err != nil {
		return nil, i.failed(err, "jwks")
	}
	text, err := json.Marshal(document)
	if err != nil {
		return nil, err
	}
	keys, err := jwks.Parse(text)
	if err != nil {
		return nil, badIDToken(err)
	}
	claims := jwt.MapClaims{}
	_, err = jwt.ParseWithClaims(signed, claims, keys.Keyfunc,
		jwt.WithIssuer(i.details["oidc_issuer"]), jwt.WithAudience(i.details["client_id"]), jwt.WithExpirationRequired(), jwt.WithTimeFunc(i.now))
	if errors.Is(err, jwt.ErrTokenInvalidIssuer) {
		return nil, badIssuer(fmt.Sprint(claims["iss"]))
	}
	if err != nil {
		return nil, badIDToken(err)
	}
	return claims, nil
}

// userInfo asks the provider for attributes, where it has an endpoint for that. What Apple tells of a user comes with
// the code.
func (i *idp) userInfo(accessToken string) (map[string]string, error) {
	target := i.attributesURL()
	if target == "" {
		return i.toldByApple(), nil
	}
	user, err := i.fetch(i.details["attributes_request_method"], target, nil, func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+accessToken)
	})
	if err != nil {
		return nil, i.failed(err, "attributes")
	}
	return pool.ClaimTexts(user), nil
}

// attributesURL returns the URL of the provider's attributes, with the names of those that are mapped where the
// details want that, or "". Google is asked only for what its people API has: its ID token tells the rest (inferred:
// it refuses other names).
func (i *idp) attributesURL() string {
	target := i.details["attributes_url"]
	if i.details["attributes_url_add_attributes"] != "true" {
		return target
	}
	names := slices.Compact(slices.Sorted(maps.Values(i.provider.AttributeMapping)))
	if i.provider.ProviderType == types.IdentityProviderTypeTypeGoogle {
		names = slices.DeleteFunc(names, func(name string) bool { return !slices.Contains(personFields, name) })
	}
	if len(names) == 0 {
		return ""
	}
	for n, name := range names {
		names[n] = url.QueryEscape(name)
	}
	return target + strings.Join(names, ",")
}

// personFields are what Google's people API can be asked for (its reference).
var personFields = []string{
	"addresses", "ageRanges", "biographies", "birthdays", "calendarUrls", "clientData", "coverPhotos", "emailAddresses", "events", "externalIds",
	"genders", "imClients", "interests", "locales", "locations", "memberships", "metadata", "miscKeywords", "names", "nicknames", "occupations",
	"organizations", "phoneNumbers", "photos", "relations", "sipAddresses", "skills", "urls", "userDefined",
}
