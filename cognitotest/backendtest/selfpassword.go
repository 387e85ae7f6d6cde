package backendtest

import (
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// changePassword sets a new password as the user of a token.
func changePassword(p *cognitotest.Provider, accessToken, previous, proposed string, opts ...func(*cip.Options)) error {
	return fail(p.Client().ChangePassword(ctx, &cip.ChangePasswordInput{
		AccessToken: &accessToken, PreviousPassword: given(previous), ProposedPassword: &proposed,
	}, opts...))
}

var changedPasswords = []Behaviour{
	{"a user who knows the password changes it", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		need(t, changePassword(p, u.AccessToken(t), u.Password, newPassword))
		_, err := signIn(p, u.Username, u.Password)
		wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		_, err = signIn(p, u.Username, newPassword)
		need(t, err)
	}},
	{"a wrong previous password changes nothing", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		for _, previous := range []string{"Wrong-1234", ""} {
			wantError(t, changePassword(p, u.AccessToken(t), previous, newPassword), "NotAuthorizedException", "Incorrect username or password.")
		}
		_, err := signIn(p, u.Username, u.Password)
		need(t, err)
	}},
	{"a changed password must meet the policy", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		for _, test := range []struct{ password, want string }{
			{"123", "Password not long enough"},
			{"aa1!5678", "Password must have uppercase characters"},
			{"AA1!5678", "Password must have lowercase characters"},
			{"Aaa!bbbb", "Password must have numeric characters"},
			{"Aa1a5678", "Password must have symbol characters"},
		} {
			wantError(t, changePassword(p, u.AccessToken(t), u.Password, test.password),
				"InvalidPasswordException", "Password does not conform to policy: "+test.want)
		}
	}},
	{"a changed password must not be in the history", func(t *testing.T, start Start) {
		p := start(t, history())
		u := p.NewUser(t)
		need(t, changePassword(p, u.AccessToken(t), u.Password, newPassword))
		wantError(t, changePassword(p, u.AccessToken(t), newPassword, u.Password),
			"PasswordHistoryPolicyViolationException", "Password has previously been used")
	}},
	{"a changed password revokes no token", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		tokens := u.Tokens(t)
		need(t, changePassword(p, tokens.AccessToken, u.Password, newPassword))
		_, err := whoAmI(p, tokens.AccessToken)
		need(t, err)
		_, err = refresh(p, tokens.RefreshToken)
		need(t, err)
	}},
	{"a password that is to be reset cannot be changed", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		token := u.AccessToken(t)
		need(t, resetPassword(p, u.Username))
		wantCode(t, changePassword(p, token, u.Password, newPassword), "PasswordResetRequiredException")
		wantStatus(t, p, u.Username, types.UserStatusTypeResetRequired)
	}},
}
