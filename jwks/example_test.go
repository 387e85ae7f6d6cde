package jwks_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/cognitotest/cognito/jwks"
)

// A service verifies bearer tokens with one cache for its whole life. Here a
// Signer and a test server play the issuer.
func ExampleCache() {
	signer := jwks.NewSigner()
	issuer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(signer.Set())
	}))
	defer issuer.Close()
	token, err := signer.Sign(jwt.MapClaims{"iss": issuer.URL, "sub": "ann", "exp": time.Now().Add(time.Hour).Unix()})
	if err != nil {
		panic(err)
	}

	keys := jwks.NewCache(issuer.URL, jwks.WithTimeout(2*time.Second))
	verified, err := jwt.Parse(token, keys.Keyfunc, jwt.WithIssuer(issuer.URL), jwt.WithExpirationRequired())
	if err != nil {
		panic(err)
	}
	fmt.Println(verified.Claims.GetSubject())

	forged, err := jwks.NewSigner().Sign(jwt.MapClaims{"iss": issuer.URL, "sub": "ann"})
	if err != nil {
		panic(err)
	}
	_, err = jwt.Parse(forged, keys.Keyfunc)
	fmt.Println(errors.Is(err, jwks.ErrUnknownKey))
	// Output:
	// ann <nil>
	// true
}

// Code that mints tokens of its own signs with a Signer and publishes its Set.
func ExampleSigner() {
	signer := jwks.NewSigner()
	token, err := signer.Sign(jwt.MapClaims{"sub": "ann", "token_use": "access"})
	if err != nil {
		panic(err)
	}
	verified, err := jwt.Parse(token, signer.Set().Keyfunc)
	if err != nil {
		panic(err)
	}
	fmt.Println(verified.Header["kid"] == signer.KeyID(), verified.Claims)
	// Output: true map[sub:ann token_use:access]
}

// Keys that cannot verify RS256 signatures are skipped.
func ExampleParse() {
	document, err := json.Marshal(jwks.NewSigner().Set())
	if err != nil {
		panic(err)
	}
	set, err := jwks.Parse(document)
	fmt.Println(len(set.Keys), err)

	set, err = jwks.Parse([]byte(`{"keys":[{"kid":"1","kty":"EC","crv":"P-256","x":"…","y":"…"}]}`))
	fmt.Println(len(set.Keys), err)

	_, err = jwks.Parse([]byte(`{"message":"Not found"}`))
	fmt.Println(err)
	// Output:
	// 1 <nil>
	// 0 <nil>
	// jwks: malformed document: no array "keys"
}
