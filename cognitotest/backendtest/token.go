package backendtest

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// tokenCall is an operation that takes an access token, on a user with an email.
type tokenCall struct {
	operation string
	call      func(p *cognitotest.Provider, accessToken string) error
}

// tokenCalls are all of them that the fake simulates. The last two end something, which a refused
// token must not do.
var tokenCalls = []tokenCall{
	{"GetUser", func(p *cognitotest.Provider, token string) error { return fail(whoAmI(p, token)) }},
	{"UpdateUserAttributes", func(p *cognitotest.Provider, token string) error { return fail(change(p, token, "name", "Ann")) }},
	{"DeleteUserAttributes", func(p *cognitotest.Provider, token string) error { return drop(p, token, "name") }},
	{"GetUserAttributeVerificationCode", func(p *cognitotest.Provider, token string) error {
		return fail(askCode(p, token, "email"))
	}},
	{"VerifyUserAttribute", func(p *cognitotest.Provider, token string) error { return verify(p, token, "email", "123456") }},
	{"ChangePassword", func(p *cognitotest.Provider, token string) error {
		return changePassword(p, token, goodPassword, newPassword)
	}},
	{"GlobalSignOut", leaveAll},
	{"DeleteUser", func(p *cognitotest.Provider, token string) error {
		return fail(p.Client().DeleteUser(ctx, &cip.DeleteUserInput{AccessToken: &token}))
	}},
}

// leaveAll is GlobalSignOut.
func leaveAll(p *cognitotest.Provider, accessToken string) error {
	return fail(p.Client().GlobalSignOut(ctx, &cip.GlobalSignOutInput{AccessToken: &accessToken}))
}

// revoke is RevokeToken as the provider's client.
func revoke(p *cognitotest.Provider, token string) error {
	return fail(p.Client().RevokeToken(ctx, &cip.RevokeTokenInput{ClientId: &p.ClientID, ClientSecret: given(p.ClientSecret), Token: &token}))
}

// spoilt is a way in which an access token becomes no good, and the answer to it.
type spoilt struct {
	why           string
	code, message string
	spoil         func(t *testing.T, p *cognitotest.Provider, u *cognitotest.User) (accessToken string)
}

// after makes a spoilt token of a good one by something that happens.
func after(happens func(t *testing.T, p *cognitotest.Provider, u *cognitotest.User, tokens cognitotest.Tokens)) func(*testing.T, *cognitotest.Provider, *cognitotest.User) string {
	return func(t *testing.T, p *cognitotest.Provider, u *cognitotest.User) string {
		tokens := u.Tokens(t)
		happens(t, p, u, tokens)
		return tokens.AccessToken
	}
}

const (
	badSignature = "Could not verify signature for Access Token"
	revokedText  = "Access Token has been revoked"
)

var spoiltTokens = []spoilt{
	{"it is no JWT", "NotAuthorizedException", badSignature, func(*testing.T, *cognitotest.Provider, *cognitotest.User) string { return "invalidtoken" }},
	{"its signature is wrong", "NotAuthorizedException", badSignature, func(t *testing.T, _ *cognitotest.Provider, u *cognitotest.User) string {
		token := u.AccessToken(t)
		return token[:len(token)-8] + "AAAAAAAA"
	}},
	{"its claims were changed", "NotAuthorizedException", badSignature, func(t *testing.T, _ *cognitotest.Provider, u *cognitotest.User) string {
		first, second := u.Tokens(t).AccessToken, u.Tokens(t).AccessToken
		i := len(first) - 342 // the signature of an RSA-2048 key in base64
		return first[:i] + second[len(second)-342:]
	}},
	{"it is an ID token", "NotAuthorizedException", "Invalid Access Token", func(t *testing.T, _ *cognitotest.Provider, u *cognitotest.User) string {
		return u.Tokens(t).IDToken
	}},
	{"it has expired", "NotAuthorizedException", "Access Token has expired", after(func(t *testing.T, p *cognitotest.Provider, _ *cognitotest.User, _ cognitotest.Tokens) {
		pass(t, p, time.Hour)
	})},
	{"its session was revoked", "NotAuthorizedException", revokedText, after(func(t *testing.T, p *cognitotest.Provider, _ *cognitotest.User, tokens cognitotest.Tokens) {
		need(t, revoke(p, tokens.RefreshToken))
	})},
	{"its user signed out everywhere", "NotAuthorizedException", revokedText, after(func(t *testing.T, p *cognitotest.Provider, u *cognitotest.User, _ cognitotest.Tokens) {
		need(t, leaveAll(p, u.Tokens(t).AccessToken))
	})},
	{"an administrator signed its user out", "NotAuthorizedException", revokedText, after(func(t *testing.T, p *cognitotest.Provider, u *cognitotest.User, _ cognitotest.Tokens) {
		need(t, signOut(p, u.Username))
	})},
	{"its user is disabled", "NotAuthorizedException", "User is disabled.", after(func(t *testing.T, p *cognitotest.Provider, u *cognitotest.User, _ cognitotest.Tokens) {
		need(t, disable(p, u.Username))
	})},
	{"its user was disabled for a while", "NotAuthorizedException", revokedText, after(func(t *testing.T, p *cognitotest.Provider, u *cognitotest.User, _ cognitotest.Tokens) {
		need(t, disable(p, u.Username))
		need(t, fail(p.Client().AdminEnableUser(ctx, &cip.AdminEnableUserInput{UserPoolId: &p.PoolID, Username: &u.Username})))
	})},
	{"its user is deleted", "UserNotFoundException", "User does not exist.", after(func(t *testing.T, p *cognitotest.Provider, u *cognitotest.User, _ cognitotest.Tokens) {
		need(t, fail(p.Client().AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: &p.PoolID, Username: &u.Username})))
	})},
}

var accessTokens = []Behaviour{
	{"every operation that takes an access token refuses one that is no good", func(t *testing.T, start Start) {
		for _, s := range spoiltTokens {
			part(t, s.why, func(t *testing.T) {
				p := start(t)
				token := s.spoil(t, p, p.NewUser(t, cognitotest.Email("ann@example.com"), cognitotest.Password(goodPassword)))
				for _, c := range tokenCalls {
					part(t, c.operation, func(t *testing.T) {
						wantError(t, c.call(p, token), s.code, s.message)
					})
				}
			})
		}
	}},
	{"a good access token is good for every operation that takes one", func(t *testing.T, start Start) {
		p := start(t)
		for _, c := range tokenCalls {
			u := p.NewUser(t, cognitotest.Email("ann@example.com"), cognitotest.Password(goodPassword))
			err := c.call(p, u.AccessToken(t))
			if c.operation == "VerifyUserAttribute" {
				wantError(t, err, "ExpiredCodeException", expired) // past the token, that is
				continue
			}
			need(t, err)
		}
	}},
	{"tokens are no good once their client is deleted", func(t *testing.T, start Start) {
		p := start(t)
		tokens := p.NewUser(t).Tokens(t)
		need(t, fail(p.Client().DeleteUserPoolClient(ctx, &cip.DeleteUserPoolClientInput{UserPoolId: &p.PoolID, ClientId: &p.ClientID})))
		for _, c := range tokenCalls {
			wantCode(t, c.call(p, tokens.AccessToken), "ResourceNotFoundException")
		}
		wantError(t, fail(refresh(p, tokens.RefreshToken)), "ResourceNotFoundException", "User pool client "+p.ClientID+" does not exist.")
		wantCode(t, revoke(p, tokens.RefreshToken), "UnauthorizedException") // not found is none of its errors
	}},
	{"tokens are no good once their pool is deleted", func(t *testing.T, start Start) {
		p := start(t)
		tokens := p.NewUser(t).Tokens(t)
		need(t, fail(p.Client().DeleteUserPool(ctx, &cip.DeleteUserPoolInput{UserPoolId: &p.PoolID})))
		for _, c := range tokenCalls {
			wantCode(t, c.call(p, tokens.AccessToken), "NotAuthorizedException")
		}
		wantError(t, fail(refresh(p, tokens.RefreshToken)), "ResourceNotFoundException", "User pool client "+p.ClientID+" does not exist.")
	}},
	{"an access token lasts as long as the client says", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithAppClient(cip.CreateUserPoolClientInput{
			AccessTokenValidity: aws.Int32(5), TokenValidityUnits: &types.TokenValidityUnitsType{AccessToken: types.TimeUnitsTypeMinutes},
		}))
		token := p.NewUser(t).Tokens(t).AccessToken
		pass(t, p, 5*time.Minute-margin)
		need(t, fail(whoAmI(p, token)))
		pass(t, p, margin)
		wantError(t, fail(whoAmI(p, token)), "NotAuthorizedException", "Access Token has expired")
	}},
	{"an access token may outlive the refresh token that it was made with", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithAppClient(cip.CreateUserPoolClientInput{
			RefreshTokenValidity: 1, TokenValidityUnits: &types.TokenValidityUnitsType{RefreshToken: types.TimeUnitsTypeHours},
		}))
		u := p.NewUser(t)
		tokens := u.Tokens(t)
		pass(t, p, 59*time.Minute)
		out, err := refresh(p, tokens.RefreshToken)
		need(t, err)
		pass(t, p, 30*time.Minute)
		wantError(t, fail(refresh(p, tokens.RefreshToken)), "NotAuthorizedException", "Refresh Token has expired")
		for range 20 { // whatever is cleared away on the way
			u.Tokens(t)
		}
		need(t, fail(whoAmI(p, *out.AuthenticationResult.AccessToken)))
	}},
}
