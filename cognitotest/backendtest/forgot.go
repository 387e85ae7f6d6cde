package backendtest

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// forgot asks for a code for a new password.
func forgot(p *cognitotest.Provider, username string, opts ...func(*cip.Options)) (*types.CodeDeliveryDetailsType, error) {
	out, err := p.Client().ForgotPassword(ctx, &cip.ForgotPasswordInput{ClientId: &p.ClientID, Username: &username, SecretHash: hash(p, username)}, opts...)
	if err != nil {
		return nil, err
	}
	return out.CodeDeliveryDetails, nil
}

// confirmForgot sets a new password by a code.
func confirmForgot(p *cognitotest.Provider, username, code, password string, opts ...func(*cip.Options)) error {
	return fail(p.Client().ConfirmForgotPassword(ctx, &cip.ConfirmForgotPasswordInput{
		ClientId: &p.ClientID, Username: &username, SecretHash: hash(p, username), ConfirmationCode: &code, Password: &password,
	}, opts...))
}

// forgetful is a user who has asked for a code.
func forgetful(t *testing.T, p *cognitotest.Provider) (u *cognitotest.User, code string) {
	t.Helper()
	u = p.NewUser(t, cognitotest.Email("ann@example.com"))
	_, err := forgot(p, u.Username)
	need(t, err)
	return u, lastCode(t, p, u.Username)
}

const (
	notResettable = "User password cannot be reset in the current state."
	unknownName   = "Username/client id combination not found."
)

var forgottenPasswords = []Behaviour{
	{"a code to the user's address sets a new password", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		out, err := forgot(p, u.Username)
		need(t, err)
		wantDelivery(t, out, delivery{"a***@e***", types.DeliveryMediumTypeEmail, "email"})
		_, err = signIn(p, u.Username, u.Password) // good until the new one is set
		need(t, err)
		need(t, confirmForgot(p, u.Username, lastCode(t, p, u.Username), newPassword))
		_, err = signIn(p, u.Username, u.Password)
		wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		_, err = signIn(p, u.Username, newPassword)
		need(t, err)
		wantStatus(t, p, u.Username, types.UserStatusTypeConfirmed)
	}},
	{"a code for a new password goes where the pool's account recovery says", func(t *testing.T, start Start) {
		email := delivery{"a***@e***", types.DeliveryMediumTypeEmail, "email"}
		phone := delivery{"+*******0134", types.DeliveryMediumTypeSms, "phone_number"}
		byEmail, byPhone := types.RecoveryOptionNameTypeVerifiedEmail, types.RecoveryOptionNameTypeVerifiedPhoneNumber
		for _, test := range []struct {
			why   string
			order []types.RecoveryOptionNameType
			user  []cognitotest.UserOption
			want  delivery
		}{
			{"the email is first", []types.RecoveryOptionNameType{byEmail, byPhone}, []cognitotest.UserOption{cognitotest.Email("ann@example.com"), cognitotest.Phone("+12065550134")}, email},
			{"the phone is first", []types.RecoveryOptionNameType{byPhone, byEmail}, []cognitotest.UserOption{cognitotest.Email("ann@example.com"), cognitotest.Phone("+12065550134")}, phone},
			{"the phone is not verified", []types.RecoveryOptionNameType{byPhone, byEmail}, []cognitotest.UserOption{cognitotest.Email("ann@example.com"), cognitotest.Attribute("phone_number", "+12065550134")}, email},
			{"the second is all there is", []types.RecoveryOptionNameType{byEmail, byPhone}, []cognitotest.UserOption{cognitotest.Phone("+12065550134")}, phone},
			{"an empty setting prefers the phone", nil, []cognitotest.UserOption{cognitotest.Email("ann@example.com"), cognitotest.Phone("+12065550134")}, phone},
		} {
			part(t, test.why, func(t *testing.T) {
				p := start(t, recovery(test.order...))
				u := p.NewUser(t, test.user...)
				out, err := forgot(p, u.Username)
				need(t, err)
				wantDelivery(t, out, test.want)
				if got := inbox(t, p, u.Username); len(got) != 1 || got[0].Medium != string(test.want.Medium) {
					t.Errorf("messages = %v, want one by %s", got, test.want.Medium)
				}
			})
		}
		p := start(t) // without the setting, today's pools prefer the email
		out, err := forgot(p, p.NewUser(t, cognitotest.Email("ann@example.com"), cognitotest.Phone("+12065550134")).Username)
		need(t, err)
		wantDelivery(t, out, email)
	}},
	{"a password cannot be forgotten by those who cannot use a code", func(t *testing.T, start Start) {
		p := start(t)
		disabled := p.NewUser(t, cognitotest.Email("ann@example.com")).Username
		need(t, disable(p, disabled))
		_, err := signUp(p, "newcomer", "email", "new@example.com")
		need(t, err)
		const unreachable = "Cannot reset password for the user as there is no registered/verified email or phone_number"
		for _, test := range []struct{ why, username, code, message string }{
			{"no address", p.NewUser(t).Username, "InvalidParameterException", unreachable},
			{"an unverified address", p.NewUser(t, cognitotest.Attribute("email", "ann@example.com")).Username, "InvalidParameterException", unreachable},
			{"not confirmed, hence not verified", "newcomer", "InvalidParameterException", unreachable},
			{"a temporary password", p.NewUser(t, cognitotest.TemporaryPassword(), cognitotest.Email("ann@example.com")).Username, "NotAuthorizedException", notResettable},
			{"disabled", disabled, "NotAuthorizedException", "User is disabled."},
			{"unknown", "nobody", "UserNotFoundException", unknownName},
		} {
			part(t, test.why, func(t *testing.T) {
				_, err := forgot(p, test.username)
				wantError(t, err, test.code, test.message)
			})
		}
	}},
	{"where administrators reset passwords, nobody gets a code", func(t *testing.T, start Start) {
		for _, option := range []cognitotest.Option{hiding, cognitotest.WithAppClient(cip.CreateUserPoolClientInput{})} {
			p := start(t, recovery(types.RecoveryOptionNameTypeAdminOnly), option)
			_, err := forgot(p, p.NewUser(t, cognitotest.Email("ann@example.com")).Username)
			wantCode(t, err, "NotAuthorizedException")
		}
	}},
	{"who must reset the password does so by a code", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		need(t, resetPassword(p, u.Username))
		_, err := signIn(p, u.Username, u.Password)
		wantError(t, err, "PasswordResetRequiredException", "Password reset required for the user")
		need(t, confirmForgot(p, u.Username, lastCode(t, p, u.Username), newPassword))
		wantStatus(t, p, u.Username, types.UserStatusTypeConfirmed)
		_, err = signIn(p, u.Username, newPassword)
		need(t, err)
	}},
	{"who has not confirmed the sign-up does so by setting a new password", func(t *testing.T, start Start) {
		p := start(t)
		_, err := signUp(p, "ann", "email", "ann@example.com")
		need(t, err)
		need(t, update(p, "ann", "email_verified", "true"))
		_, err = forgot(p, "ann")
		need(t, err)
		need(t, confirmForgot(p, "ann", lastCode(t, p, "ann"), newPassword))
		wantStatus(t, p, "ann", types.UserStatusTypeConfirmed)
	}},
	{"an alias forgets passwords as well as the username", func(t *testing.T, start Start) {
		p := start(t, aliases(types.AliasAttributeTypeEmail))
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		_, err := forgot(p, "ann@example.com")
		need(t, err)
		need(t, confirmForgot(p, "ann@example.com", lastCode(t, p, u.Username), newPassword))
	}},
}

var forgottenCodes = []Behaviour{
	{"a wrong code sets no password, and the right one still does", func(t *testing.T, start Start) {
		p := start(t)
		u, code := forgetful(t, p)
		wantError(t, confirmForgot(p, u.Username, wrong(code), newPassword), "CodeMismatchException", mismatch)
		_, err := signIn(p, u.Username, u.Password)
		need(t, err)
		need(t, confirmForgot(p, u.Username, code, newPassword))
	}},
	{"the code for a new password lasts an hour", func(t *testing.T, start Start) {
		p := start(t)
		u, code := forgetful(t, p)
		pass(t, p, time.Hour-margin)
		need(t, confirmForgot(p, u.Username, code, newPassword))
		u, code = forgetful(t, p)
		pass(t, p, time.Hour+time.Second)
		wantError(t, confirmForgot(p, u.Username, code, newPassword), "ExpiredCodeException", expired)
	}},
	{"the code for a new password works once", func(t *testing.T, start Start) {
		p := start(t)
		u, code := forgetful(t, p)
		need(t, confirmForgot(p, u.Username, code, newPassword))
		wantError(t, confirmForgot(p, u.Username, code, goodPassword), "ExpiredCodeException", expired)
	}},
	{"without a code outstanding no password is set", func(t *testing.T, start Start) {
		for _, option := range []cognitotest.Option{hiding, cognitotest.WithAppClient(cip.CreateUserPoolClientInput{})} {
			p := start(t, option)
			wantError(t, confirmForgot(p, p.NewUser(t).Username, "123456", newPassword), "ExpiredCodeException", expired)
		}
	}},
	{"a refused password leaves the code good", func(t *testing.T, start Start) {
		p := start(t)
		u, code := forgetful(t, p)
		for _, test := range []struct{ password, want string }{
			{"short", "Password not long enough"},
			{"aa1!5678", "Password must have uppercase characters"},
			{"AA1!5678", "Password must have lowercase characters"},
			{"Aaa!bbbb", "Password must have numeric characters"},
			{"Aa1a5678", "Password must have symbol characters"},
		} {
			wantError(t, confirmForgot(p, u.Username, code, test.password), "InvalidPasswordException", "Password does not conform to policy: "+test.want)
		}
		_, err := signIn(p, u.Username, u.Password)
		need(t, err)
		need(t, confirmForgot(p, u.Username, code, newPassword))
	}},
	{"a forgotten password that the history holds is refused", func(t *testing.T, start Start) {
		p := start(t, history())
		u, code := forgetful(t, p)
		wantError(t, confirmForgot(p, u.Username, code, u.Password), "PasswordHistoryPolicyViolationException", "Password has previously been used")
	}},
	{"an unknown or disabled user sets no password", func(t *testing.T, start Start) {
		p := start(t)
		wantError(t, confirmForgot(p, "nobody", "123456", newPassword), "UserNotFoundException", unknownName)
		u, code := forgetful(t, p)
		need(t, disable(p, u.Username))
		wantError(t, confirmForgot(p, u.Username, code, newPassword), "NotAuthorizedException", "User is disabled.")
	}},
	{"a code is good for its own purpose", func(t *testing.T, start Start) {
		p := start(t, verifying(false))
		u, code := forgetful(t, p)
		wantError(t, verify(p, u.AccessToken(t), "email", code), "ExpiredCodeException", expired)
		signedUp := newcomer(t, p, "bob")
		wantError(t, confirmForgot(p, "bob", signedUp, newPassword), "ExpiredCodeException", expired)
	}},
	{"a new password revokes no token", func(t *testing.T, start Start) {
		p := start(t)
		u, code := forgetful(t, p)
		tokens := u.Tokens(t)
		need(t, confirmForgot(p, u.Username, code, newPassword))
		_, err := whoAmI(p, tokens.AccessToken)
		need(t, err)
		_, err = refresh(p, tokens.RefreshToken)
		need(t, err)
	}},
}

var hiddenRecoveries = []Behaviour{
	{"a client that hides who exists is told that a code was sent to anybody", func(t *testing.T, start Start) {
		p := start(t, hiding)
		disabled := p.NewUser(t, cognitotest.Email("ann@example.com")).Username
		need(t, disable(p, disabled))
		_, err := signUp(p, "newcomer", "email", "new@example.com")
		need(t, err)
		for _, test := range []struct{ why, username string }{
			{"unknown", "nobody"},
			{"disabled", disabled},
			{"no address", p.NewUser(t).Username},
			{"an unverified address", p.NewUser(t, cognitotest.Attribute("email", "ann@example.com")).Username},
			{"not confirmed", "newcomer"},
		} {
			part(t, test.why, func(t *testing.T) {
				first, err := forgot(p, test.username)
				need(t, err)
				if d := delivered(first); d.Medium != types.DeliveryMediumTypeEmail || d.Attribute != "email" || len(d.To) != len("x***@x***") {
					t.Errorf("delivery = %v, want an email", d)
				}
				again, err := forgot(p, test.username)
				need(t, err)
				wantDelivery(t, again, delivered(first))
				if got := inbox(t, p, test.username); len(got) != 0 {
					t.Errorf("messages = %v, want none", got)
				}
			})
		}
	}},
	{"a pretended delivery goes by the form of the name, else by what the pool verifies", func(t *testing.T, start Start) {
		for _, test := range []struct {
			why    string
			verify []types.VerifiedAttributeType
			name   string
			want   types.DeliveryMediumType
			to     string // "" where it is made up
		}{
			{"an email address", nil, "someone@example.com", types.DeliveryMediumTypeEmail, "s***@e***"},
			{"a phone number", nil, "+12065550134", types.DeliveryMediumTypeSms, "+*******0134"},
			{"a name, emails verified", []types.VerifiedAttributeType{autoEmail}, "nobody", types.DeliveryMediumTypeEmail, ""},
			{"a name, phones verified", []types.VerifiedAttributeType{autoPhone}, "nobody", types.DeliveryMediumTypeSms, ""},
		} {
			part(t, test.why, func(t *testing.T) {
				p := startFake(t, start, unproven, cognitotest.WithPool(autoVerifying(test.verify...)), hiding)
				out, err := forgot(p, test.name)
				need(t, err)
				if out.DeliveryMedium != test.want || test.to != "" && aws.ToString(out.Destination) != test.to {
					t.Errorf("delivery = %v, want %s %s", delivered(out), test.want, test.to)
				}
			})
		}
	}},
	{"a client that hides who exists is told that an unknown user's code is wrong", func(t *testing.T, start Start) {
		p := start(t, hiding)
		wantError(t, confirmForgot(p, "nobody", "123456", newPassword), "CodeMismatchException", mismatch)
		u, code := forgetful(t, p)
		need(t, disable(p, u.Username))
		wantError(t, confirmForgot(p, u.Username, code, newPassword), "CodeMismatchException", mismatch)
	}},
	{"a temporary password cannot be forgotten, whatever the client hides", func(t *testing.T, start Start) {
		p := start(t, hiding)
		_, err := forgot(p, p.NewUser(t, cognitotest.TemporaryPassword()).Username)
		wantError(t, err, "NotAuthorizedException", notResettable)
	}},
}
