package backendtest

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// rotating is an app client that rotates refresh tokens with a grace period in seconds.
func rotating(grace int32) cognitotest.Option {
	return cognitotest.WithAppClient(cip.CreateUserPoolClientInput{
		RefreshTokenRotation: &types.RefreshTokenRotationType{Feature: types.FeatureTypeEnabled, RetryGracePeriodSeconds: &grace},
	})
}

// exchange asks for new tokens in exchange for a refresh token.
func exchange(p *cognitotest.Provider, refreshToken string) (*types.AuthenticationResultType, error) {
	in := &cip.GetTokensFromRefreshTokenInput{ClientId: &p.ClientID, RefreshToken: &refreshToken}
	if p.ClientSecret != "" {
		in.ClientSecret = &p.ClientSecret
	}
	out, err := p.Client().GetTokensFromRefreshToken(ctx, in)
	if err != nil {
		return nil, err
	}
	return out.AuthenticationResult, nil
}

var rotations = []Behaviour{
	{"a refresh token is exchanged for new access and ID tokens, without rotation for no refresh token", func(t *testing.T, start Start) {
		for _, opts := range [][]cognitotest.Option{nil, {cognitotest.WithClientSecret()}} {
			p := start(t, opts...)
			tokens := p.NewUser(t).Tokens(t)
			r, err := exchange(p, tokens.RefreshToken)
			need(t, err)
			if r.RefreshToken != nil || aws.ToString(r.AccessToken) == tokens.AccessToken || r.AccessToken == nil || r.IdToken == nil || r.ExpiresIn != 3600 {
				t.Errorf("result = %+v, want new access and ID tokens alone", r)
			}
		}
	}},
	{"an exchange needs the client's secret in clear", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithClientSecret())
		tokens := p.NewUser(t).Tokens(t)
		for _, secret := range []*string{nil, aws.String("wrong0secret0wrong0secret0")} {
			_, err := p.Client().GetTokensFromRefreshToken(ctx, &cip.GetTokensFromRefreshTokenInput{
				ClientId: &p.ClientID, RefreshToken: &tokens.RefreshToken, ClientSecret: secret,
			})
			wantCode(t, err, "NotAuthorizedException")
		}
	}},
	{"what is no refresh token of the client cannot be exchanged", func(t *testing.T, start Start) {
		p := start(t)
		tokens := p.NewUser(t).Tokens(t)
		other := p.NewAppClient(t)
		_, err := exchange(p, tokens.AccessToken)
		wantError(t, err, "NotAuthorizedException", "Invalid Refresh Token.")
		_, err = p.Client().GetTokensFromRefreshToken(ctx, &cip.GetTokensFromRefreshTokenInput{ClientId: &other.ID, RefreshToken: &tokens.RefreshToken})
		wantError(t, err, "NotAuthorizedException", "Invalid Refresh Token.")
	}},
	{"with rotation each exchange gives a new refresh token, and the old one is used up", func(t *testing.T, start Start) {
		p := start(t, rotating(0))
		first := p.NewUser(t).Tokens(t).RefreshToken
		second, err := exchange(p, first)
		need(t, err)
		if aws.ToString(second.RefreshToken) == "" || *second.RefreshToken == first {
			t.Fatalf("refresh token = %v, want a new one", second.RefreshToken)
		}
		_, err = exchange(p, first)
		wantCode(t, err, "RefreshTokenReuseException")
		_, err = exchange(p, *second.RefreshToken)
		need(t, err)
	}},
	{"a rotated refresh token is good for the grace period", func(t *testing.T, start Start) {
		p := start(t, rotating(30))
		first := p.NewUser(t).Tokens(t).RefreshToken
		_, err := exchange(p, first)
		need(t, err)
		pass(t, p, 20*time.Second)
		again, err := exchange(p, first)
		need(t, err)
		pass(t, p, 10*time.Second)
		_, err = exchange(p, first)
		wantCode(t, err, "RefreshTokenReuseException")
		_, err = exchange(p, *again.RefreshToken)
		need(t, err)
	}},
	{"a new refresh token has the rest of the old one's lifetime", func(t *testing.T, start Start) {
		p := start(t, rotating(0))
		s := needFake(t, p, slow)
		first := p.NewUser(t).Tokens(t).RefreshToken
		s.Advance(29 * 24 * time.Hour)
		second, err := exchange(p, first)
		need(t, err)
		s.Advance(24 * time.Hour)
		_, err = exchange(p, *second.RefreshToken)
		wantError(t, err, "NotAuthorizedException", "Refresh Token has expired")
	}},
	{"a client that rotates refuses the flow for refresh tokens", func(t *testing.T, start Start) {
		p := start(t, rotating(0))
		tokens := p.NewUser(t).Tokens(t)
		_, err := initiate(p, types.AuthFlowTypeRefreshTokenAuth, "", map[string]string{"REFRESH_TOKEN": tokens.RefreshToken})
		wantCode(t, err, "InvalidParameterException")
	}},
	{"revoking a rotated refresh token ends the session of all its successors", func(t *testing.T, start Start) {
		p := start(t, rotating(60))
		first := p.NewUser(t).Tokens(t).RefreshToken
		second, err := exchange(p, first)
		need(t, err)
		_, err = p.Client().RevokeToken(ctx, &cip.RevokeTokenInput{ClientId: &p.ClientID, Token: &first})
		need(t, err)
		_, err = exchange(p, *second.RefreshToken)
		wantError(t, err, "NotAuthorizedException", "Refresh Token has been revoked")
	}},
	{"sign-out, disabling and deletion end exchanges", func(t *testing.T, start Start) {
		p := start(t)
		for _, test := range []struct {
			end           func(username *string) error
			code, message string
		}{
			{func(u *string) error {
				return fail(p.Client().AdminUserGlobalSignOut(ctx, &cip.AdminUserGlobalSignOutInput{UserPoolId: &p.PoolID, Username: u}))
			}, "NotAuthorizedException", "Refresh Token has been revoked"},
			{func(u *string) error {
				return fail(p.Client().AdminDisableUser(ctx, &cip.AdminDisableUserInput{UserPoolId: &p.PoolID, Username: u}))
			}, "NotAuthorizedException", "User is disabled."},
			{func(u *string) error {
				return fail(p.Client().AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: &p.PoolID, Username: u}))
			}, "UserNotFoundException", "User does not exist."},
		} {
			u := p.NewUser(t)
			tokens := u.Tokens(t)
			need(t, test.end(&u.Username))
			_, err := exchange(p, tokens.RefreshToken)
			wantError(t, err, test.code, test.message)
		}
	}},
	{"a client that hides who exists does not say that the user of a refresh token is gone", func(t *testing.T, start Start) {
		p := start(t, hiding)
		u := p.NewUser(t)
		token := u.Tokens(t).RefreshToken
		need(t, fail(p.Client().AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: &p.PoolID, Username: &u.Username})))
		wantError(t, fail(refresh(p, token)), "NotAuthorizedException", "Invalid Refresh Token")
		wantError(t, fail(exchange(p, token)), "NotAuthorizedException", "Invalid Refresh Token.")
	}},
	{"a revoked refresh token is not good for the grace period", func(t *testing.T, start Start) {
		p := start(t, rotating(60))
		first := p.NewUser(t).Tokens(t).RefreshToken
		second, err := exchange(p, first)
		need(t, err)
		need(t, revoke(p, *second.RefreshToken))
		for _, token := range []string{first, *second.RefreshToken} {
			wantError(t, fail(exchange(p, token)), "NotAuthorizedException", "Refresh Token has been revoked")
		}
		wantError(t, fail(whoAmI(p, *second.AccessToken)), "NotAuthorizedException", revokedText)
	}},
	{"of several exchanges of a refresh token at once one succeeds where there is no grace", func(t *testing.T, start Start) {
		p := start(t, rotating(0))
		token := p.NewUser(t).Tokens(t).RefreshToken
		var taken atomic.Int32
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if _, err := exchange(p, token); err == nil {
					taken.Add(1)
				}
			})
		}
		wg.Wait()
		if got := taken.Load(); got != 1 {
			t.Errorf("%d exchanges succeeded, want 1", got)
		}
	}},
}
