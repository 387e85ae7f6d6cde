package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"syscall"
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

// connect finds out where an identity provider's endpoints are: its details say it or, of an OIDC provider, its
// discovery document.
func (r *Request) connect(p *types.IdentityProviderType) (*idp, error) {
	if p.ProviderType == types.IdentityProviderTypeTypeSaml {
		missing := &pool.NotSimulated{What: "sign-in at the SAML provider " + *p.ProviderName}
		r.logf("cognitotest: %v", missing)
		return nil, missing
	}
	i := &idp{r, p, maps.Clone(p.ProviderDetails)}
	for _, needed := range discovered {
		if i.details[needed] == "" {
			return i, i.discover()
		}
	}
	return i, nil
}

// discovered are the details of an OIDC provider by the members of its discovery document.
var discovered = map[string]string{
	"authorization_endpoint": "authorize_url", "token_endpoint": "token_url", "userinfo_endpoint": "attributes_url", "jwks_uri": "jwks_uri",
}

func (i *idp) discover() error {
	if i.details["oidc_issuer"] == "" {
		return nil
	}
	document, err := i.fetch(http.MethodGet, i.details["oidc_issuer"]+"/.well-known/openid-configuration", nil)
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

// redeem exchanges a code for what the provider tells of an account.
func (i *idp) redeem(code string) (told trigger.InboundAttributes, err error) {
	tokens, err := i.fetch(i.details["token_request_method"], i.details["token_url"], url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {i.url(returnPath, nil)},
		"client_id": {i.details["client_id"]}, "client_secret": {i.details["client_secret"]},
	})
	if err != nil {
		return told, i.failed(err, "token")
	}
	told.TokenResponse = pool.ClaimTexts(tokens)
	if signed := told.TokenResponse["id_token"]; signed != "" {
		claims, err := i.verify(signed)
		if err != nil {
			return told, err
		}
		told.IDToken = pool.ClaimTexts(claims)
	}
	if i.details["attributes_url"] == "" {
		return told, nil
	}
	user, err := i.userInfo(told.TokenResponse["access_token"])
	told.UserInfo = pool.ClaimTexts(user)
	return told, err
}

// verify returns the claims of an ID token. What moves the clock of the server moves no provider's.
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
		jwt.WithIssuer(i.details["oidc_issuer"]), jwt.WithAudience(i.details["client_id"]), jwt.WithExpirationRequired(),
		jwt.WithTimeFunc(func() time.Time { return i.store.Clock.Read().Base }))
	if errors.Is(err, jwt.ErrTokenInvalidIssuer) {
		return nil, badIssuer(fmt.Sprint(claims["iss"]))
	}
	if err != nil {
		return nil, badIDToken(err)
	}
	return claims, nil
}

// userInfo asks the provider for attributes.
func (i *idp) userInfo(accessToken string) (map[string]any, error) {
	target := i.details["attributes_url"]
	if i.details["attributes_url_add_attributes"] == "true" {
		target += strings.Join(slices.Sorted(maps.Values(i.provider.AttributeMapping)), ",")
	}
	user, err := i.fetch(i.details["attributes_request_method"], target, nil, func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+accessToken)
	})
	if err != nil {
		return nil, i.failed(err, "attributes")
	}
	return user, nil
}

// The limits of a call to an identity provider.
const (
	providerPatience = 5 * time.Second
	maxDocument      = 1 << 20
)

// badStatus is an answer that tells of a failure.
type badStatus int

func (s badStatus) Error() string { return http.StatusText(int(s)) }

// fetch calls a provider and reads the JSON object that it answers: by a GET, or a POST of a form.
func (i *idp) fetch(method, target string, form url.Values, edit ...func(*http.Request)) (map[string]any, error) {
	ctx, cancel := i.store.Clock.WithTimeout(i.http.Context(), providerPatience)
	defer cancel()
	r, err := newRequest(ctx, method, target, form)
	if err != nil {
		return nil, err
	}
	for _, change := range edit {
		change(r)
	}
	answer, err := i.outward.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, badStatus(answer.StatusCode)
	}
	var object map[string]any
	numbers := json.NewDecoder(io.LimitReader(answer.Body, maxDocument))
	numbers.UseNumber()
	return object, numbers.Decode(&object)
}

// newRequest makes a request whose form is in its body or, by GET, in its query.
func newRequest(ctx context.Context, method, target string, form url.Values) (*http.Request, error) {
	if method == http.MethodPost || method == "" && form != nil {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, target, strings.NewReader(form.Encode()))
		if err == nil {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Accept", "application/json")
		}
		return r, err
	}
	return http.NewRequestWithContext(ctx, http.MethodGet, target+suffix("?", form.Encode()), nil)
}

// failed returns how the service words the failure of a call.
func (i *idp) failed(err error, what string) error {
	var status badStatus
	switch {
	case errors.As(err, &status):
		return invalidRequest(fmt.Sprintf("%s Error - %d error getting %s", *i.provider.ProviderName, int(status), what))
	case errors.Is(err, context.DeadlineExceeded) && what == "jwks":
		return invalidRequest("Timeout in calling jwks uri")
	case errors.Is(err, context.DeadlineExceeded):
		return invalidRequest("Timeout occurred in calling IdP " + what + " endpoint")
	case errors.Is(err, syscall.ECONNRESET):
		return invalidRequest("Connection reset")
	}
	i.logf("cognitotest: calling the identity provider %s for its %s: %v", *i.provider.ProviderName, what, err)
	return invalidRequest(fmt.Sprintf("%s Error - error getting %s", *i.provider.ProviderName, what))
}
