// Package authorizer is the middleware of an HTTP API that takes the access tokens of a user pool, as one would
// deploy it. It passes the whole of cognitotest.TestAuthorizer.
package authorizer

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/cognitotest/cognito/jwks"
)

// maxToken is how many bytes a token may have; that of a user in 100 groups, each with the longest name, has 20,000.
const maxToken = 32 << 10

// Config says which tokens are good.
type Config struct {
	Issuer    string        // https://cognito-idp.<region>.amazonaws.com/<pool id>
	JWKSURL   string        // "" means the issuer's own
	ClientIDs []string      // the app clients whose tokens are good
	Scope     string        // that a token must have; "" means none
	Group     string        // that its user must be in; "" means none
	Leeway    time.Duration // for clocks that differ
	// Refused is told why a request was refused, for logs and metrics; nil means nobody. No error holds the token.
	Refused func(*http.Request, error)
}

// Claims are what the API learns from a token.
type Claims struct {
	jwt.RegisteredClaims
	TokenUse string   `json:"token_use"`
	ClientID string   `json:"client_id"`
	Username string   `json:"username"`
	Scope    string   `json:"scope"`
	Groups   []string `json:"cognito:groups"`
}

// Authorizer lets requests with a good token pass. It is safe for concurrent use.
type Authorizer struct {
	config Config
	keys   *jwks.Cache
	parser *jwt.Parser
}

// ErrForbidden is the error of a token that is good, but not for this API: it lacks the scope, or its user the group.
var ErrForbidden = errors.New("authorizer: the token lacks the scope or the group")

// New returns an authorizer, which fetches the pool's keys with the first token.
func New(c Config) (*Authorizer, error) {
	if c.Issuer == "" || len(c.ClientIDs) == 0 || slices.Contains(c.ClientIDs, "") {
		return nil, errors.New("authorizer: an issuer and app client ids are required")
	}
	if c.JWKSURL == "" {
		c.JWKSURL = c.Issuer + "/.well-known/jwks.json"
	}
	return &Authorizer{
		config: c,
		keys:   jwks.NewCache(c.JWKSURL, jwks.WithMaxAge(time.Hour)),
		parser: jwt.NewParser(jwt.WithValidMethods([]string{"RS256"}), jwt.WithIssuer(c.Issuer),
			jwt.WithExpirationRequired(), jwt.WithLeeway(c.Leeway)),
	}, nil
}

// Verify returns the claims of a token that is good. The error is [ErrForbidden] where another token of the same
// user or app could be better.
func (a *Authorizer) Verify(ctx context.Context, token string) (*Claims, error) {
	if len(token) > maxToken {
		return nil, fmt.Errorf("authorizer: a token of %d bytes", len(token))
	}
	claims := &Claims{}
	_, err := a.parser.ParseWithClaims(token, claims, a.keys.KeyfuncContext(ctx))
	switch c := a.config; {
	case err != nil:
		return nil, err
	case claims.TokenUse != "access":
		return nil, fmt.Errorf("authorizer: token_use is %q, want access", claims.TokenUse)
	case !slices.Contains(c.ClientIDs, claims.ClientID):
		return nil, fmt.Errorf("authorizer: the token is of app client %q", claims.ClientID)
	case c.Scope != "" && !slices.Contains(strings.Split(claims.Scope, " "), c.Scope),
		c.Group != "" && !slices.Contains(claims.Groups, c.Group):
		return nil, ErrForbidden
	}
	return claims, nil
}

type claimsKey struct{}

// ClaimsOf returns the claims of the token that [Authorizer.Require] has let pass.
func ClaimsOf(ctx context.Context) (*Claims, bool) {
	claims, ok := ctx.Value(claimsKey{}).(*Claims)
	return claims, ok
}

// Require wraps a handler so that it sees requests with a good token alone. Others are refused as RFC 6750 says: with
// 401 where a new token would help, with 403 where it would not.
func (a *Authorizer) Require(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, err := bearer(r)
		if err != nil {
			a.refuse(w, r, http.StatusUnauthorized, "Bearer", err) // no code, since there was no token
			return
		}
		switch claims, err := a.Verify(r.Context(), token); {
		case errors.Is(err, ErrForbidden):
			a.refuse(w, r, http.StatusForbidden, `Bearer error="insufficient_scope"`, err)
		case err != nil:
			a.refuse(w, r, http.StatusUnauthorized, `Bearer error="invalid_token"`, err)
		default:
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), claimsKey{}, claims)))
		}
	})
}

// bearer returns the token of a request, which has exactly one Authorization header.
func bearer(r *http.Request) (string, error) {
	headers := r.Header.Values("Authorization")
	if len(headers) != 1 {
		return "", fmt.Errorf("authorizer: %d Authorization headers, want one", len(headers))
	}
	scheme, token, found := strings.Cut(headers[0], " ")
	if !found || !strings.EqualFold(scheme, "Bearer") {
		return "", errors.New("authorizer: the Authorization header is not of the scheme Bearer")
	}
	return token, nil
}

// refuse tells the client no more than whether a new token would help.
func (a *Authorizer) refuse(w http.ResponseWriter, r *http.Request, status int, challenge string, err error) {
	if a.config.Refused != nil {
		a.config.Refused(r, err)
	}
	w.Header().Set("WWW-Authenticate", challenge)
	http.Error(w, http.StatusText(status), status)
}
