package verifiers

import (
	"net/http"
	"net/url"

	jwtmiddleware "github.com/auth0/go-jwt-middleware/v3"
	"github.com/auth0/go-jwt-middleware/v3/jwks"
	"github.com/auth0/go-jwt-middleware/v3/validator"
)

// Auth0V3 is version 3 of go-jwt-middleware as the production example of its README shows it. It requires an audience,
// so it takes ID tokens.
func Auth0V3(p Pool, api http.Handler) (http.Handler, error) {
	issuer, provider, err := auth0Keys(p)
	if err != nil {
		return nil, err
	}
	valid, err := validator.New(validator.WithKeyFunc(provider.KeyFunc), validator.WithAlgorithm(validator.RS256),
		validator.WithIssuer(issuer.String()), validator.WithAudience(p.ClientID))
	if err != nil {
		return nil, err
	}
	middleware, err := jwtmiddleware.New(jwtmiddleware.WithValidator(valid))
	if err != nil {
		return nil, err
	}
	return middleware.CheckJWT(api), nil
}

// Auth0V3Complete is [Auth0V3] with claims of the caller's own.
func Auth0V3Complete(p Pool, api http.Handler) (http.Handler, error) {
	issuer, provider, err := auth0Keys(p)
	if err != nil {
		return nil, err
	}
	valid, err := validator.New(validator.WithKeyFunc(provider.KeyFunc), validator.WithAlgorithm(validator.RS256),
		validator.WithIssuer(issuer.String()), validator.WithAudience(p.ClientID),
		validator.WithCustomClaims(func() *idClaims { return &idClaims{} }))
	if err != nil {
		return nil, err
	}
	middleware, err := jwtmiddleware.New(jwtmiddleware.WithValidator(valid))
	if err != nil {
		return nil, err
	}
	return middleware.CheckJWT(api), nil
}

func auth0Keys(p Pool) (*url.URL, *jwks.CachingProvider, error) {
	issuer, err := url.Parse(p.Issuer)
	if err != nil {
		return nil, nil, err
	}
	provider, err := jwks.NewCachingProvider(jwks.WithIssuerURL(issuer))
	return issuer, provider, err
}
