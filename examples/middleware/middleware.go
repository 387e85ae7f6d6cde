// Package middleware shows an HTTP API that Cognito's access tokens protect, and how to test it
// with users of a pool of the test's own.
package middleware

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"github.com/cognitotest/cognito/jwks"
)

// Claims are the claims of an access token that the API looks at.
type Claims struct {
	jwt.RegisteredClaims
	TokenUse string   `json:"token_use"`
	ClientID string   `json:"client_id"`
	Username string   `json:"username"`
	Groups   []string `json:"cognito:groups"`
}

// Authorizer lets requests with a good access token pass.
type Authorizer struct {
	Issuer   string
	ClientID string
	Keys     *jwks.Cache
}

type claimsKey struct{}

// Require wraps a handler so that it sees only requests of members of a group.
func (a *Authorizer) Require(group string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, ok := a.verify(r)
		if !ok {
			w.Header().Set("WWW-Authenticate", "Bearer")
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		if !slices.Contains(claims.Groups, group) {
			http.Error(w, "not for you", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), claimsKey{}, claims)))
	})
}

// Username returns who sent a request that Require has let pass.
func Username(r *http.Request) string {
	claims, ok := r.Context().Value(claimsKey{}).(*Claims)
	if !ok {
		return ""
	}
	return claims.Username
}

// verify checks the bearer token: signature, algorithm, issuer, lifetime, use and client.
func (a *Authorizer) verify(r *http.Request) (*Claims, bool) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return nil, false
	}
	claims := &Claims{}
	_, err := jwt.ParseWithClaims(token, claims, a.Keys.KeyfuncContext(r.Context()),
		jwt.WithValidMethods([]string{"RS256"}), jwt.WithIssuer(a.Issuer), jwt.WithExpirationRequired())
	return claims, err == nil && claims.TokenUse == "access" && claims.ClientID == a.ClientID
}
