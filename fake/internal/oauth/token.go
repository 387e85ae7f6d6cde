package oauth

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/signin"
	"github.com/cognitotest/cognito/fake/internal/token"
)

// token answers at the token endpoint. The order of its checks is inferred.
func (r *Request) token() Answer {
	grant := r.form.Get("grant_type")
	redeem := grantOf(grant)
	switch {
	case grant == "":
		return r.Refuse(invalidRequest(""))
	case redeem == nil:
		return r.Refuse(unsupportedGrantType())
	}
	c, err := r.authenticate()
	if err != nil {
		return r.Refuse(err)
	}
	tokens, err := redeem(r, c)
	if err != nil {
		return r.Refuse(err)
	}
	return jsonAnswer(http.StatusOK, tokenSet{tokens.IdToken, tokens.AccessToken, tokens.RefreshToken, tokens.ExpiresIn, "Bearer"})
}

// tokenSet is the answer of the token endpoint.
type tokenSet struct {
	ID        *string `json:"id_token,omitempty"`
	Access    *string `json:"access_token"`
	Refresh   *string `json:"refresh_token,omitempty"`
	ExpiresIn int32   `json:"expires_in"` // seconds
	Type      string  `json:"token_type"`
}

// grantOf returns how tokens are had for a grant_type, or nil.
func grantOf(name string) func(*Request, *pool.Client) (*types.AuthenticationResultType, error) {
	switch name {
	case "authorization_code":
		return (*Request).byCode
	case "refresh_token":
		return (*Request).byRefreshToken
	case "client_credentials":
		return (*Request).byCredentials
	}
	return nil
}

// authenticate returns the app client that calls, which proves who it is by its secret if it has one: in the
// Authorization header or in the body. That it must not be another client there than here, and that no parameter may
// come twice, is inferred.
func (r *Request) authenticate() (*pool.Client, error) {
	id := r.ClientID()
	if id == "" || repeats(r.form) || r.form.Has("client_id") && r.form.Get("client_id") != id {
		return nil, invalidRequest("")
	}
	c, ok := r.client()
	if !ok {
		return nil, invalidClient()
	}
	if !c.Accepts(r.secret()) {
		return nil, wrongSecret()
	}
	return c, nil
}

// secret returns the client secret that the request brings, or nil.
func (r *Request) secret() *string {
	if _, secret, basic := r.credentials(); basic {
		return &secret
	}
	if r.form.Has("client_secret") {
		secret := r.form.Get("client_secret")
		return &secret
	}
	return nil
}

// byCode hands out the tokens that wait for a code.
func (r *Request) byCode(c *pool.Client) (*types.AuthenticationResultType, error) {
	code, to := r.form.Get("code"), r.form.Get("redirect_uri")
	switch {
	case !allows(c, types.OAuthFlowTypeCode):
		return nil, unauthorizedClient()
	case code == "" || to == "":
		return nil, invalidRequest("")
	}
	a, ok := r.takeAuthorization(code, c)
	switch {
	case !ok:
		return nil, invalidGrant()
	case to != a.RedirectURI:
		return nil, unauthorizedClient()
	case !verifies(r.form.Get("code_verifier"), a.Challenge):
		return nil, invalidGrant()
	case !token.ScopesReadable(c.Settings, a.Scopes), !r.good(a.Tokens):
		return nil, invalidGrant()
	}
	return a.Tokens, nil
}

func (r *Request) takeAuthorization(code string, c *pool.Client) (pool.Authorization, bool) {
	r.pool.Lock()
	defer r.pool.Unlock()
	return r.pool.TakeAuthorizationLocked(code, c.ID, r.store.Clock.Now())
}

// good reports whether the sign-in that tokens are of still is: the user may have been deleted, disabled or signed
// out since (inferred).
func (r *Request) good(tokens *types.AuthenticationResultType) bool {
	access, err := r.tokens.Verify(*tokens.AccessToken)
	if err != nil {
		return false
	}
	r.pool.Lock()
	defer r.pool.Unlock()
	_, err = access.UserLocked()
	return err == nil
}

// verifies reports whether a code_verifier is that of a code_challenge by S256 (RFC 7636). A verifier without a
// challenge is ignored (inferred).
func verifies(verifier, challenge string) bool {
	if challenge == "" {
		return true
	}
	sum := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) == 1
}

// byRefreshToken renews the tokens of a sign-in, at the domain or in the API.
func (r *Request) byRefreshToken(c *pool.Client) (*types.AuthenticationResultType, error) {
	refresh := r.form.Get("refresh_token")
	if refresh == "" {
		return nil, invalidRequest("")
	}
	return tokensOf(r.engine.Exchange(r.http.Context(), signin.Exchange{
		Call: r.by(c), OAuth: true, ClientSecret: r.secret(), RefreshToken: refresh,
	}))
}

// byCredentials gives an app client a token of its own. Of the scopes that it asks for, those that it does not have
// are ignored (developer guide).
func (r *Request) byCredentials(c *pool.Client) (*types.AuthenticationResultType, error) {
	if !allows(c, types.OAuthFlowTypeClientCredentials) {
		return nil, unauthorizedClient()
	}
	scopes := c.Settings.AllowedOAuthScopes
	if asked := strings.Fields(r.form.Get("scope")); len(asked) > 0 {
		scopes = slices.DeleteFunc(asked, func(s string) bool { return !slices.Contains(c.Settings.AllowedOAuthScopes, s) })
	}
	if len(scopes) == 0 {
		return nil, invalidGrant()
	}
	by := r.by(c)
	if text := r.form.Get("aws_client_metadata"); text != "" && json.Unmarshal([]byte(text), &by.Metadata) != nil {
		return nil, invalidRequest("")
	}
	return tokensOf(r.engine.Machine(r.http.Context(), by, strings.Join(scopes, " ")))
}

func tokensOf(r *signin.Result, err error) (*types.AuthenticationResultType, error) {
	if err != nil {
		return nil, err
	}
	return r.Tokens, nil
}

// allows reports whether an app client may use a flow.
func allows(c *pool.Client, flow types.OAuthFlowType) bool {
	enabled := c.Settings.AllowedOAuthFlowsUserPoolClient
	return enabled != nil && *enabled && slices.Contains(c.Settings.AllowedOAuthFlows, flow)
}
