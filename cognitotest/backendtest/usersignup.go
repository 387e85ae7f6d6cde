package backendtest

import (
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// getUser calls GetUser with an access token.
func getUser(p *cognitotest.Provider, accessToken string) error {
	return fail(p.Client().GetUser(ctx, &cip.GetUserInput{AccessToken: &accessToken}))
}

// signedUpUsers is what administrators do to users who came by themselves.
var signedUpUsers = []Behaviour{
	{"an administrator confirms a user who has signed up, which verifies no address", func(t *testing.T, start Start) {
		p := start(t, verifying(false))
		u := p.NewUser(t, cognitotest.Unconfirmed(), cognitotest.Email("a@example.com"))
		wantStatus(t, p, u.Username, types.UserStatusTypeUnconfirmed)
		need(t, fail(p.Client().AdminConfirmSignUp(ctx, &cip.AdminConfirmSignUpInput{UserPoolId: &p.PoolID, Username: &u.Username})))
		wantStatus(t, p, u.Username, types.UserStatusTypeConfirmed)
		if got := attribute(look(t, p, u.Username).UserAttributes, "email_verified"); got == "true" {
			t.Error("email_verified is true")
		}
		_, err := signIn(p, u.Username, u.Password)
		need(t, err)
	}},
	{"a permanent password confirms a user who has signed up", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Unconfirmed())
		need(t, setPassword(p, u.Username, "Perman3nt!", true))
		wantStatus(t, p, u.Username, types.UserStatusTypeConfirmed)
	}},
	{"an administrator cannot reset the password of a user who is not confirmed", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Unconfirmed(), cognitotest.Email("a@example.com"))
		wantError(t, resetPassword(p, u.Username), "NotAuthorizedException", "User password cannot be reset in the current state.")
	}},
	{"access tokens end with an administrator's sign-out, disabling or deletion of the user", func(t *testing.T, start Start) {
		p := start(t)
		for _, row := range []struct {
			why           string
			end           func(username string) error
			code, message string
		}{
			{"signed out", func(name string) error { return signOut(p, name) }, "NotAuthorizedException", "Access Token has been revoked"},
			{"disabled", func(name string) error { return disable(p, name) }, "NotAuthorizedException", "User is disabled."},
			{"deleted", func(name string) error {
				return fail(p.Client().AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: &p.PoolID, Username: &name}))
			}, "UserNotFoundException", "User does not exist."},
		} {
			part(t, row.why, func(t *testing.T) {
				u := p.NewUser(t)
				token := u.AccessToken(t)
				need(t, getUser(p, token))
				need(t, row.end(u.Username))
				wantError(t, getUser(p, token), row.code, row.message)
			})
		}
	}},
}
