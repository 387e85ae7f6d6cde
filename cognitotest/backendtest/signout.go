package backendtest

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/golang-jwt/jwt/v5"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/jwks"
)

const revokedRefresh = "Refresh Token has been revoked"

var signOuts = []Behaviour{
	{"a global sign-out ends every session of the user, and no other user's", func(t *testing.T, start Start) {
		p := start(t)
		u, other := p.NewUser(t), p.NewUser(t)
		first, second, others := u.Tokens(t), u.Tokens(t), other.Tokens(t)
		need(t, leaveAll(p, first.AccessToken))
		for _, tokens := range []cognitotest.Tokens{first, second} {
			wantError(t, fail(whoAmI(p, tokens.AccessToken)), "NotAuthorizedException", revokedText)
			wantError(t, fail(refresh(p, tokens.RefreshToken)), "NotAuthorizedException", revokedRefresh)
		}
		need(t, fail(whoAmI(p, others.AccessToken)))
		need(t, fail(whoAmI(p, u.Tokens(t).AccessToken))) // who signs in again is in
	}},
	{"a global sign-out does not change what the keys of the pool say of a token", func(t *testing.T, start Start) {
		p := start(t)
		tokens := p.NewUser(t).Tokens(t)
		need(t, leaveAll(p, tokens.AccessToken))
		keys, err := jwks.Fetch(ctx, p.HTTPClient(), p.JWKSURL)
		need(t, err)
		for _, token := range []string{tokens.AccessToken, tokens.IDToken} {
			_, err := jwt.Parse(token, keys.Keyfunc, jwt.WithIssuer(p.Issuer), jwt.WithExpirationRequired())
			need(t, err)
		}
	}},
	{"a global sign-out ends sessions of clients without token revocation too", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithAppClient(cip.CreateUserPoolClientInput{EnableTokenRevocation: aws.Bool(false)}))
		tokens := p.NewUser(t).Tokens(t)
		need(t, leaveAll(p, tokens.AccessToken))
		wantError(t, fail(whoAmI(p, tokens.AccessToken)), "NotAuthorizedException", revokedText)
		wantError(t, fail(refresh(p, tokens.RefreshToken)), "NotAuthorizedException", revokedRefresh)
	}},
}

var revocations = []Behaviour{
	{"a revoked refresh token ends its session with all its tokens, and no other", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		revoked, kept := u.Tokens(t), u.Tokens(t)
		refreshed, err := refresh(p, revoked.RefreshToken)
		need(t, err)
		need(t, revoke(p, revoked.RefreshToken))
		wantError(t, fail(refresh(p, revoked.RefreshToken)), "NotAuthorizedException", revokedRefresh)
		for _, token := range []string{revoked.AccessToken, *refreshed.AuthenticationResult.AccessToken} {
			wantError(t, fail(whoAmI(p, token)), "NotAuthorizedException", revokedText)
		}
		need(t, fail(whoAmI(p, kept.AccessToken)))
		need(t, fail(refresh(p, kept.RefreshToken)))
	}},
	{"a refresh token can be revoked again, and after its user is gone", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		token := u.Tokens(t).RefreshToken
		need(t, revoke(p, token))
		need(t, revoke(p, token))
		need(t, fail(p.Client().AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: &p.PoolID, Username: &u.Username})))
		need(t, revoke(p, token))
	}},
	{"only refresh tokens can be revoked", func(t *testing.T, start Start) {
		p := start(t)
		tokens := p.NewUser(t).Tokens(t)
		for _, token := range []string{tokens.AccessToken, tokens.IDToken} {
			wantCode(t, revoke(p, token), "UnsupportedTokenTypeException")
		}
		need(t, fail(whoAmI(p, tokens.AccessToken)))
	}},
	{"a client without token revocation revokes nothing", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithAppClient(cip.CreateUserPoolClientInput{EnableTokenRevocation: aws.Bool(false)}))
		tokens := p.NewUser(t).Tokens(t)
		wantCode(t, revoke(p, tokens.RefreshToken), "UnsupportedOperationException")
		need(t, fail(refresh(p, tokens.RefreshToken)))
	}},
	{"a client with a secret revokes tokens by the secret itself", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithClientSecret())
		tokens := p.NewUser(t).Tokens(t)
		for why, secret := range map[string]*string{
			"none": nil, "another": aws.String("anothersecretofthesamelength0123456789012345678901234"),
		} {
			part(t, why, func(t *testing.T) {
				in := &cip.RevokeTokenInput{ClientId: &p.ClientID, ClientSecret: secret, Token: &tokens.RefreshToken}
				wantCode(t, fail(p.Client().RevokeToken(ctx, in)), "UnauthorizedException")
			})
		}
		need(t, fail(whoAmI(p, tokens.AccessToken)))
		need(t, revoke(p, tokens.RefreshToken))
		wantError(t, fail(whoAmI(p, tokens.AccessToken)), "NotAuthorizedException", revokedText)
	}},
	{"a client revokes its own refresh tokens", func(t *testing.T, start Start) {
		p := start(t)
		tokens := p.NewUser(t).Tokens(t)
		other := p.NewAppClient(t)
		wantCode(t, fail(p.Client().RevokeToken(ctx, &cip.RevokeTokenInput{ClientId: &other.ID, Token: &tokens.RefreshToken})), "UnauthorizedException")
		wantCode(t, fail(p.Client().RevokeToken(ctx, &cip.RevokeTokenInput{ClientId: aws.String("nosuchclient"), Token: &tokens.RefreshToken})), "UnauthorizedException")
		wantCode(t, revoke(p, "nosuchtoken"), "UnauthorizedException")
		need(t, fail(whoAmI(p, tokens.AccessToken)))
	}},
}
