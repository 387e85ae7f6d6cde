package backendtest

import (
	"regexp"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/cognitotest/cognito/cognitotest"
)

// once keeps the SDK from trying again, which it does, after a pause, where a limit is exceeded.
func once(o *cip.Options) { o.Retryer = aws.NopRetryer{} }

var codes = []Behaviour{
	{"codes have six digits", func(t *testing.T, start Start) {
		p := start(t, verifying(false))
		newcomer(t, p, "ann")
		_, err := resendCode(p, "ann")
		need(t, err)
		bob := p.NewUser(t, cognitotest.Email("bob@example.com"))
		_, err = forgot(p, bob.Username)
		need(t, err)
		_, err = askCode(p, bob.AccessToken(t), "email")
		need(t, err)
		_, err = change(p, bob.AccessToken(t), "email", "robert@example.com")
		need(t, err)
		messages := append(inbox(t, p, "ann"), inbox(t, p, bob.Username)...)
		if len(messages) != 5 {
			t.Errorf("%d messages were sent, want 5", len(messages))
		}
		for _, m := range messages {
			if !regexp.MustCompile(`^[0-9]{6}$`).MatchString(m.Code) {
				t.Errorf("%s: code %q, want six digits", m.Trigger, m.Code)
			}
		}
	}},
	{"a message says what it is for", func(t *testing.T, start Start) {
		p := start(t, verifying(false))
		newcomer(t, p, "ann")
		_, err := resendCode(p, "ann")
		need(t, err)
		need(t, confirm(p, "ann", lastCode(t, p, "ann")))
		_, err = forgot(p, "ann")
		need(t, err)
		out, err := signIn(p, "ann", goodPassword)
		need(t, err)
		token := *out.AuthenticationResult.AccessToken
		_, err = askCode(p, token, "email")
		need(t, err)
		_, err = change(p, token, "email", "anna@example.com")
		need(t, err)
		want := []string{
			"CustomMessage_SignUp", "CustomMessage_ResendCode", "CustomMessage_ForgotPassword",
			"CustomMessage_VerifyUserAttribute", "CustomMessage_UpdateUserAttribute",
		}
		for i, m := range inbox(t, p, "ann") {
			if m.Trigger != want[i] {
				t.Errorf("message %d is for %s, want %s", i, m.Trigger, want[i])
			}
		}
	}},
	{"a user has so many tries in an hour", func(t *testing.T, start Start) {
		for _, test := range []struct {
			operation string
			limit     int
			try       func(p *cognitotest.Provider, u *cognitotest.User, token string) error
		}{
			{"ResendConfirmationCode", 5, func(p *cognitotest.Provider, _ *cognitotest.User, _ string) error {
				_, err := resendCode(p, "newcomer", once)
				return err
			}},
			{"ConfirmSignUp", 15, func(p *cognitotest.Provider, _ *cognitotest.User, _ string) error {
				return confirm(p, "newcomer", "wrong", once)
			}},
			{"ForgotPassword", 20, func(p *cognitotest.Provider, u *cognitotest.User, _ string) error {
				_, err := forgot(p, u.Username, once)
				return err
			}},
			{"ConfirmForgotPassword", 20, func(p *cognitotest.Provider, u *cognitotest.User, _ string) error {
				return confirmForgot(p, u.Username, "wrong", newPassword, once)
			}},
			{"ChangePassword", 5, func(p *cognitotest.Provider, _ *cognitotest.User, token string) error {
				return changePassword(p, token, "Wrong-1234", newPassword, once)
			}},
			{"GetUserAttributeVerificationCode", 5, func(p *cognitotest.Provider, _ *cognitotest.User, token string) error {
				_, err := askCode(p, token, "email", once)
				return err
			}},
			{"VerifyUserAttribute", 15, func(p *cognitotest.Provider, _ *cognitotest.User, token string) error {
				return verify(p, token, "email", "wrong", once)
			}},
		} {
			part(t, test.operation, func(t *testing.T) {
				p := start(t, verifying(false))
				newcomer(t, p, "newcomer")
				u := p.NewUser(t, cognitotest.Email("ann@example.com"))
				token := u.AccessToken(t)
				for i := range test.limit {
					if err := test.try(p, u, token); isLimit(err) {
						t.Fatalf("try %d of %d: %v", i+1, test.limit, err)
					}
				}
				wantError(t, test.try(p, u, token), "LimitExceededException", limited)
				pass(t, p, time.Hour)
				if err := test.try(p, u, u.AccessToken(t)); isLimit(err) {
					t.Errorf("after an hour: %v", err)
				}
			})
		}
	}},
	{"the tries of ForgotPassword and ConfirmForgotPassword are counted together", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		needFake(t, p, hidden)
		for range 10 {
			_, err := forgot(p, u.Username)
			need(t, err)
			wantCode(t, confirmForgot(p, u.Username, "wrong", newPassword), "CodeMismatchException")
		}
		_, err := forgot(p, u.Username, once)
		wantError(t, err, "LimitExceededException", limited)
	}},
}
