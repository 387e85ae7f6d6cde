package oauth

import (
	"net/http"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/token"
)

// userInfo answers what the scopes of an access token let be seen of its user, every value a string.
func (r *Request) userInfo() Answer {
	bearer := r.bearer()
	if bearer == "" {
		return r.refuseToken(badUserInfo())
	}
	access, err := r.tokens.Verify(bearer)
	switch {
	case err != nil || access.Pool != r.pool:
		return r.refuseToken(invalidToken())
	case !access.Has("openid"):
		return r.refuseToken(tokenWithoutOpenID())
	}
	claims, err := r.seen(access)
	if err != nil {
		return r.refuseToken(invalidToken())
	}
	return jsonAnswer(http.StatusOK, claims)
}

// seen returns what a token lets be seen of its user.
func (r *Request) seen(access *token.Access) (map[string]string, error) {
	r.pool.Lock()
	defer r.pool.Unlock()
	u, err := access.UserLocked()
	if err != nil {
		return nil, err
	}
	c, err := r.pool.ClientLocked(access.ClientID)
	if err != nil {
		return nil, err
	}
	claims := map[string]string{}
	for _, a := range u.Attributes() {
		if pool.CanRead(c.Settings, a.Name) && token.ScopeShows(access.Scopes(), a.Name) {
			claims[a.Name] = a.Value
		}
	}
	claims["sub"], claims["username"] = u.Sub, u.Username
	return claims, nil
}

// refuseToken answers an error of the user info endpoint, which stands in a header too.
func (r *Request) refuseToken(e *Error) Answer {
	a := refusal(e)
	a.Header.Set("WWW-Authenticate", `error="`+e.Code+`", error_description="`+e.Description+`"`)
	return a
}
