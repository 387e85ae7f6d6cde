package backendtest

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// confirm confirms a sign-up by its code.
func confirm(p *cognitotest.Provider, username, code string, opts ...func(*cip.Options)) error {
	return fail(p.Client().ConfirmSignUp(ctx, &cip.ConfirmSignUpInput{
		ClientId: &p.ClientID, Username: &username, SecretHash: hash(p, username), ConfirmationCode: &code,
	}, opts...))
}

// resendCode asks for another code to confirm a sign-up.
func resendCode(p *cognitotest.Provider, username string, opts ...func(*cip.Options)) (*types.CodeDeliveryDetailsType, error) {
	out, err := p.Client().ResendConfirmationCode(ctx, &cip.ResendConfirmationCodeInput{
		ClientId: &p.ClientID, Username: &username, SecretHash: hash(p, username),
	}, opts...)
	if err != nil {
		return nil, err
	}
	return out.CodeDeliveryDetails, nil
}

// lastCode returns the newest code that was sent to a user, by stored username.
func lastCode(t *testing.T, p *cognitotest.Provider, username string) string {
	t.Helper()
	messages := inbox(t, p, username)
	if len(messages) == 0 {
		t.Fatalf("nothing was sent to %s", username)
	}
	return messages[len(messages)-1].Code
}

// newcomer signs somebody up in a pool that verifies email addresses and returns the code.
func newcomer(t *testing.T, p *cognitotest.Provider, username string) (code string) {
	t.Helper()
	_, err := signUp(p, username, "email", username+"@example.com")
	need(t, err)
	return lastCode(t, p, username)
}

// wrong returns a code that is not the right one.
func wrong(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

const (
	mismatch = "Invalid verification code provided, please try again."
	expired  = "Invalid code provided, please request a code again."
	limited  = "Attempt limit exceeded, please try after some time."
)

var signUpConfirmations = []Behaviour{
	{"the code of a sign-up confirms the user and verifies where it went", func(t *testing.T, start Start) {
		for _, test := range []struct {
			why    string
			verify types.VerifiedAttributeType
			flag   string
		}{
			{"by email", autoEmail, "email_verified"},
			{"by SMS", autoPhone, "phone_number_verified"},
		} {
			part(t, test.why, func(t *testing.T) {
				p := startFake(t, start, hidden, cognitotest.WithPool(autoVerifying(test.verify)))
				_, err := signUp(p, "ann", "email", "ann@example.com", "phone_number", "+12065550134")
				need(t, err)
				need(t, confirm(p, "ann", lastCode(t, p, "ann")))
				wantStatus(t, p, "ann", types.UserStatusTypeConfirmed)
				wantAttributes(t, p, "ann", "email", "ann@example.com", "phone_number", "+12065550134", test.flag, "true")
				_, err = signIn(p, "ann", goodPassword)
				need(t, err)
			})
		}
	}},
	{"a wrong code does not confirm, and the right one still does", func(t *testing.T, start Start) {
		p := start(t, verifying(false))
		code := newcomer(t, p, "ann")
		wantError(t, confirm(p, "ann", wrong(code)), "CodeMismatchException", mismatch)
		wantStatus(t, p, "ann", types.UserStatusTypeUnconfirmed)
		need(t, confirm(p, "ann", code))
	}},
	{"the code of a sign-up lasts a day", func(t *testing.T, start Start) {
		p := start(t, verifying(false))
		ann, bob := newcomer(t, p, "ann"), newcomer(t, p, "bob")
		pass(t, p, 24*time.Hour-margin)
		need(t, confirm(p, "ann", ann))
		pass(t, p, margin)
		wantError(t, confirm(p, "bob", bob), "ExpiredCodeException", expired)
	}},
	{"without a code outstanding there is nothing to confirm with", func(t *testing.T, start Start) {
		p := start(t)
		_, err := signUp(p, "ann", "email", "ann@example.com")
		need(t, err)
		wantError(t, confirm(p, "ann", "123456"), "ExpiredCodeException", expired)
	}},
	{"a user is confirmed once", func(t *testing.T, start Start) {
		p := start(t, verifying(false))
		code := newcomer(t, p, "ann")
		need(t, confirm(p, "ann", code))
		wantError(t, confirm(p, "ann", code), "NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED")
		u := p.NewUser(t, cognitotest.TemporaryPassword())
		wantError(t, confirm(p, u.Username, code), "NotAuthorizedException", "User cannot be confirmed. Current status is FORCE_CHANGE_PASSWORD")
	}},
	{"an unknown user is not confirmed", func(t *testing.T, start Start) {
		wantError(t, confirm(start(t), "nobody", "123456"), "UserNotFoundException", "Username/client id combination not found.")
		wantError(t, confirm(start(t, hiding), "nobody", "123456"), "ExpiredCodeException", expired)
	}},
	{"a disabled user is not confirmed", func(t *testing.T, start Start) {
		p := start(t, verifying(false))
		code := newcomer(t, p, "ann")
		need(t, disable(p, "ann"))
		wantError(t, confirm(p, "ann", code), "NotAuthorizedException", "User is disabled.")
		p = start(t, verifying(false), hiding)
		code = newcomer(t, p, "ann")
		need(t, disable(p, "ann"))
		wantError(t, confirm(p, "ann", code), "ExpiredCodeException", expired) // as if unknown
	}},
	{"a pool that ignores case knows who signed up by any spelling of the name", func(t *testing.T, start Start) {
		in := autoVerifying(autoEmail)
		in.UsernameConfiguration = &types.UsernameConfigurationType{CaseSensitive: aws.Bool(false)}
		p := start(t, cognitotest.WithPool(in), cognitotest.WithClientSecret())
		_, err := signUp(p, "Ann", "email", "ann@example.com")
		need(t, err)
		need(t, fail(resendCode(p, "ANN")))
		need(t, confirm(p, "aNN", lastCode(t, p, "Ann")))
		need(t, fail(forgot(p, "ann")))
		need(t, confirmForgot(p, "ANN", lastCode(t, p, "Ann"), newPassword))
		out, err := signIn(p, "ann", newPassword)
		need(t, err)
		wantClaims(t, claims(t, *out.AuthenticationResult.AccessToken), map[string]any{"username": "Ann"}) // as it was given
		need(t, fail(whoAmI(p, *out.AuthenticationResult.AccessToken)))
	}},
	{"a name may be of any letters, marks, symbols, numbers and punctuation", func(t *testing.T, start Start) {
		p := start(t, verifying(false), cognitotest.WithClientSecret())
		for _, name := range []string{"Жанна", "安娜", "ann+1/2=½", "e\u0301lodie", "👩‍🚀"} {
			_, err := signUp(p, name, "email", "ann@example.com", "name", name)
			if name == "👩‍🚀" { // its parts are joined by a character of none of these kinds
				wantCode(t, err, "InvalidParameterException")
				continue
			}
			need(t, err)
			need(t, confirm(p, name, lastCode(t, p, name)))
			out, err := signIn(p, name, goodPassword)
			need(t, err)
			wantClaims(t, claims(t, *out.AuthenticationResult.IdToken), map[string]any{"cognito:username": name, "name": name})
			need(t, fail(whoAmI(p, *out.AuthenticationResult.AccessToken)))
		}
	}},
	{"a name that is an email confirms as well as the username", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{
			UsernameAttributes:     []types.UsernameAttributeType{types.UsernameAttributeTypeEmail},
			AutoVerifiedAttributes: []types.VerifiedAttributeType{autoEmail},
		}))
		out, err := signUp(p, "ann@example.com")
		need(t, err)
		wantDelivery(t, out.CodeDeliveryDetails, delivery{"a***@e***", types.DeliveryMediumTypeEmail, "email"})
		need(t, confirm(p, "ann@example.com", lastCode(t, p, *out.UserSub)))
		wantAttributes(t, p, *out.UserSub, "email", "ann@example.com", "email_verified", "true")
	}},
}

// aliasPool is a pool whose email alias is verified by a code.
func aliasPool() cognitotest.Option {
	in := autoVerifying(autoEmail)
	in.AliasAttributes = []types.AliasAttributeType{types.AliasAttributeTypeEmail}
	return cognitotest.WithPool(in)
}

var signUpAliases = []Behaviour{
	{"two users may sign up with an alias, and the first to confirm has it", func(t *testing.T, start Start) {
		p := start(t, aliasPool())
		for _, name := range []string{"ann", "bob"} {
			out, err := signUp(p, name, "email", "shared@example.com")
			need(t, err)
			wantDelivery(t, out.CodeDeliveryDetails, delivery{"s***@e***", types.DeliveryMediumTypeEmail, "email"})
		}
		_, err := signIn(p, "shared@example.com", goodPassword)
		wantError(t, err, "UserNotFoundException", "User does not exist.") // nobody's yet
		need(t, confirm(p, "bob", lastCode(t, p, "bob")))
		code := lastCode(t, p, "ann")
		wantError(t, confirm(p, "ann", code), "AliasExistsException", "An account with the email already exists.")
		wantStatus(t, p, "ann", types.UserStatusTypeUnconfirmed)
		if got := aws.ToString(look(t, p, "shared@example.com").Username); got != "bob" {
			t.Errorf("the alias names %s, want bob", got)
		}
	}},
	{"ForceAliasCreation takes the alias from the user who had it", func(t *testing.T, start Start) {
		p := start(t, aliasPool())
		_, err := signUp(p, "bob", "email", "shared@example.com")
		need(t, err)
		need(t, confirm(p, "bob", lastCode(t, p, "bob")))
		_, err = signUp(p, "ann", "email", "shared@example.com")
		need(t, err)
		need(t, fail(p.Client().ConfirmSignUp(ctx, &cip.ConfirmSignUpInput{
			ClientId: &p.ClientID, Username: aws.String("ann"), ConfirmationCode: aws.String(lastCode(t, p, "ann")), ForceAliasCreation: true,
		})))
		if got := aws.ToString(look(t, p, "shared@example.com").Username); got != "ann" {
			t.Errorf("the alias names %s, want ann", got)
		}
		wantStatus(t, p, "ann", types.UserStatusTypeConfirmed)
		wantAttributes(t, p, "bob", "email", "shared@example.com", "email_verified", "false")
	}},
}

var resends = []Behaviour{
	{"a resent code replaces the first", func(t *testing.T, start Start) {
		p := start(t, verifying(false))
		first := newcomer(t, p, "ann")
		out, err := resendCode(p, "ann")
		need(t, err)
		wantDelivery(t, out, delivery{"a***@e***", types.DeliveryMediumTypeEmail, "email"})
		second := lastCode(t, p, "ann")
		if first != second { // one time in a million they are the same
			wantError(t, confirm(p, "ann", first), "CodeMismatchException", mismatch)
		}
		need(t, confirm(p, "ann", second))
	}},
	{"a resent code goes to the phone first", func(t *testing.T, start Start) {
		p := startFake(t, start, unproven, cognitotest.WithPool(autoVerifying(autoEmail, autoPhone)))
		_, err := signUp(p, "ann", "email", "ann@example.com", "phone_number", "+12065550134")
		need(t, err)
		out, err := resendCode(p, "ann")
		need(t, err)
		wantDelivery(t, out, delivery{"+*******0134", types.DeliveryMediumTypeSms, "phone_number"})
	}},
	{"a code is not resent to a confirmed user", func(t *testing.T, start Start) {
		p := start(t, verifying(false))
		_, err := resendCode(p, p.NewUser(t).Username)
		wantError(t, err, "InvalidParameterException", "User is already confirmed.")
	}},
	{"a code is not resent where the pool verifies nothing", func(t *testing.T, start Start) {
		p := start(t)
		_, err := signUp(p, "ann", "email", "ann@example.com")
		need(t, err)
		_, err = resendCode(p, "ann")
		wantError(t, err, "NotAuthorizedException", "Cannot resend codes. Auto verification not turned on.")
	}},
	{"where the pool verifies nothing, a client that hides who exists is told the same of everybody who has signed up or might have", func(t *testing.T, start Start) {
		p := start(t, hiding)
		_, err := signUp(p, "ann")
		need(t, err)
		_, err = signUp(p, "bob")
		need(t, err)
		need(t, disable(p, "bob"))
		for _, name := range []string{"ann", "bob", "nobody"} {
			_, err := resendCode(p, name)
			wantError(t, err, "NotAuthorizedException", "Cannot resend codes. Auto verification not turned on.")
		}
	}},
	{"a code is not resent to an unknown user", func(t *testing.T, start Start) {
		p := start(t, verifying(false))
		_, err := resendCode(p, "nobody")
		wantError(t, err, "UserNotFoundException", "Username/client id combination not found.")
	}},
	{"a client that hides who exists is told of a delivery to anybody, always the same", func(t *testing.T, start Start) {
		p := start(t, verifying(false), hiding)
		out, err := resendCode(p, "someone@example.com")
		need(t, err)
		wantDelivery(t, out, delivery{"s***@e***", types.DeliveryMediumTypeEmail, "email"})
		first, err := resendCode(p, "nobody")
		need(t, err)
		if d := delivered(first); d.Medium != types.DeliveryMediumTypeEmail || d.Attribute != "email" || len(d.To) != len("x***@x***") {
			t.Errorf("delivery = %v, want an email", d)
		}
		again, err := resendCode(p, "nobody")
		need(t, err)
		wantDelivery(t, again, delivered(first))
		newcomer(t, p, "ann")
		need(t, disable(p, "ann"))
		_, err = resendCode(p, "ann")
		need(t, err)
		if got := len(inbox(t, p, "ann")); got != 1 {
			t.Errorf("%d messages to a disabled user, want that of the sign-up alone", got)
		}
	}},
}
