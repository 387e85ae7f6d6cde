package token

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// The errors of tokens, each text of the service once. Texts were seen in answers of the service
// unless the comment says that they are inferred.

// BadSignature is the answer to what is no JWT or not signed by the pool.
func BadSignature() error {
	return pool.NotAuthorized("Could not verify signature for Access Token")
}

// InvalidAccessToken is the answer to an ID token, or another token of the pool, in place of an
// access token.
func InvalidAccessToken() error { return pool.NotAuthorized("Invalid Access Token") }

// AccessTokenExpired is the answer to an access token past its exp.
func AccessTokenExpired() error { return pool.NotAuthorized("Access Token has expired") }

// AccessTokenRevoked is the answer to an access token whose session was revoked or signed out.
func AccessTokenRevoked() error { return pool.NotAuthorized("Access Token has been revoked") }

// MissingScope is the answer to an access token without [UserScope].
func MissingScope() error {
	return pool.NotAuthorized("Access Token does not have required scopes")
}

// InvalidRefreshToken is the answer to an unknown refresh token or one of another client.
func InvalidRefreshToken() error { return pool.NotAuthorized("Invalid Refresh Token") }

// InvalidRefreshTokenToExchange is the same answer of GetTokensFromRefreshToken, which ends in a
// period there.
func InvalidRefreshTokenToExchange() error { return pool.NotAuthorized("Invalid Refresh Token.") }

// RefreshTokenReused is the answer to a refresh token that was rotated, after its grace period. The
// code is documented, the text inferred.
func RefreshTokenReused() error {
	return &types.RefreshTokenReuseException{Message: aws.String("Refresh token has been invalidated by refresh-token rotation")}
}

// ExchangeSecretMismatch is the answer of GetTokensFromRefreshToken to a client secret, sent in
// clear, that is missing, wrong or not expected. Inferred.
func ExchangeSecretMismatch(clientID string) error {
	return pool.NotAuthorized("Client secret does not match for the client: " + clientID)
}

// RefreshTokenExpired is the answer to a refresh token past its lifetime.
func RefreshTokenExpired() error { return pool.NotAuthorized("Refresh Token has expired") }

// RefreshTokenRevoked is the answer to a refresh token that was revoked or signed out.
func RefreshTokenRevoked() error { return pool.NotAuthorized("Refresh Token has been revoked") }

// UnsupportedTokenType is the answer of RevokeToken to an access or ID token. The code is
// documented, the text inferred.
func UnsupportedTokenType() error {
	return &types.UnsupportedTokenTypeException{Message: aws.String("Token type is not supported for revocation.")}
}

// RevocationDisabled is the answer of RevokeToken where the client has EnableTokenRevocation off.
// The code is documented, the text inferred.
func RevocationDisabled() error {
	return &types.UnsupportedOperationException{Message: aws.String("Token revocation is not enabled for this client.")}
}

// WrongClientSecret is the answer of RevokeToken to a client secret that is missing, wrong or not
// expected. The code is documented, the text inferred.
func WrongClientSecret() error {
	return &types.UnauthorizedException{Message: aws.String("Client secret does not match for the client.")}
}

// NotRevocable is the answer of RevokeToken to what is no refresh token of the client. Inferred.
func NotRevocable() error {
	return &types.UnauthorizedException{Message: aws.String("Invalid token for the client.")}
}
