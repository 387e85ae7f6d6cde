package oauth

import (
	"errors"
	"net/http"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/token"
)

// revoke ends the sign-in that a refresh token belongs to. A token that is not good is none to revoke, which is no
// error (RFC 7009).
func (r *Request) revoke() Answer {
	c, err := r.authenticate()
	var refused *Error
	if errors.As(err, &refused) && refused.Code == invalidClient().Code {
		return r.Refuse(&Error{http.StatusUnauthorized, refused.Code, refused.Description})
	}
	text := r.form.Get("token")
	switch {
	case err != nil:
		return r.Refuse(err)
	case text == "", !pool.RevocationEnabled(c.Settings):
		return r.Refuse(invalidRequest(""))
	case token.IsSigned(text):
		return r.Refuse(unsupportedTokenType())
	}
	if refresh, err := r.tokens.OpenRefresh(r.pool, c.ID, text); err == nil {
		r.pool.Lock()
		defer r.pool.Unlock()
		refresh.RevokeLocked(r.pool)
	}
	h := guarded()
	h.Set("Access-Control-Allow-Origin", "*")
	return Answer{Status: http.StatusOK, Header: h}
}
