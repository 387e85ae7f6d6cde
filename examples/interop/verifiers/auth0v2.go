package verifiers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	jwtmiddleware "github.com/auth0/go-jwt-middleware/v2"
	"github.com/auth0/go-jwt-middleware/v2/jwks"
	"github.com/auth0/go-jwt-middleware/v2/validator"
)

// Auth0V2 is version 2 of go-jwt-middleware as its README and its example of an HTTP server with a JWKS show it. It
// requires an audience, so it takes ID tokens.
func Auth0V2(p Pool, api http.Handler) (http.Handler, error) {
	issuer, err := url.Parse(p.Issuer)
	if err != nil {
		return nil, err
	}
	provider := jwks.NewCachingProvider(issuer, 5*time.Minute)
	valid, err := validator.New(provider.KeyFunc, validator.RS256, issuer.String(), []string{p.ClientID})
	if err != nil {
		return nil, err
	}
	return jwtmiddleware.New(valid.ValidateToken).CheckJWT(api), nil
}

// Auth0V2Complete is [Auth0V2] with claims, an extractor and an error handler of the caller's own.
func Auth0V2Complete(p Pool, api http.Handler) (http.Handler, error) {
	issuer, err := url.Parse(p.Issuer)
	if err != nil {
		return nil, err
	}
	provider := jwks.NewCachingProvider(issuer, 5*time.Minute)
	valid, err := validator.New(provider.KeyFunc, validator.RS256, issuer.String(), []string{p.ClientID},
		validator.WithCustomClaims(func() validator.CustomClaims { return &idClaims{} }))
	if err != nil {
		return nil, err
	}
	return jwtmiddleware.New(valid.ValidateToken, jwtmiddleware.WithErrorHandler(challenge),
		jwtmiddleware.WithTokenExtractor(oneHeader)).CheckJWT(api), nil
}

// idClaims are what the middleware does not look at.
type idClaims struct {
	TokenUse string   `json:"token_use"`
	Expires  *float64 `json:"exp"`
}

// Validate is called when the signature and the registered claims are good.
func (c *idClaims) Validate(context.Context) error {
	if c.TokenUse != "id" || c.Expires == nil {
		return errors.New("not an ID token with an end")
	}
	return nil
}

// challenge answers as RFC 6750 says.
func challenge(w http.ResponseWriter, _ *http.Request, _ error) {
	w.Header().Set("WWW-Authenticate", "Bearer")
	http.Error(w, "Unauthorized", http.StatusUnauthorized)
}

// oneHeader takes the token of the one Authorization header.
func oneHeader(r *http.Request) (string, error) {
	if len(r.Header.Values("Authorization")) > 1 {
		return "", errors.New("several Authorization headers")
	}
	return jwtmiddleware.AuthHeaderTokenExtractor(r)
}
