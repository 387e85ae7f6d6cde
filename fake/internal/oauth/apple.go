package oauth

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/golang-jwt/jwt/v5"
)

// What Sign in with Apple does in its own way: the secret of an app client is a token that the client signs, and the
// user's name comes with the first code, in a form.

// appleIssuer is whom the secret is for (Apple's documentation).
const appleIssuer = "https://appleid.apple.com"

// appleSecretValidity is far below the six months that Apple allows (inferred).
const appleSecretValidity = 5 * time.Minute

// appleSecret makes the client secret that Apple asks for, with the private key of a provider's details.
func appleSecret(details map[string]string, now time.Time) (string, error) {
	key, err := appleKey(details["private_key"])
	if err != nil {
		return "", fmt.Errorf("the private_key of SignInWithApple is no EC key in PKCS #8, as the .p8 file from Apple: %w", err)
	}
	t := jwt.NewWithClaims(jwt.SigningMethodES256, jwt.MapClaims{
		"iss": details["team_id"], "iat": now.Unix(), "exp": now.Add(appleSecretValidity).Unix(), "aud": appleIssuer, "sub": details["client_id"],
	})
	t.Header["kid"] = details["key_id"]
	return t.SignedString(key)
}

// appleKey reads a key with or without the lines that PEM puts around it.
func appleKey(text string) (*ecdsa.PrivateKey, error) {
	var der []byte
	if block, _ := pem.Decode([]byte(text)); block != nil {
		der = block.Bytes
	} else if bare, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), "")); err == nil {
		der = bare
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, err
	}
	if ec, ok := key.(*ecdsa.PrivateKey); ok {
		return ec, nil
	}
	return nil, errors.New("it is of another kind")
}

// toldByApple returns the name of a user who comes from Apple for the first time, by the names that mappings have for
// its parts; nil where there is none. That functions are told of it as user info is inferred.
func (i *idp) toldByApple() map[string]string {
	if i.provider.ProviderType != types.IdentityProviderTypeTypeSignInWithApple {
		return nil
	}
	var user struct {
		Name map[string]string `json:"name"`
	}
	if json.Unmarshal([]byte(i.form.Get("user")), &user) != nil {
		return nil
	}
	return user.Name
}
