package backendtest

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// askCode asks for a code that verifies an attribute.
func askCode(p *cognitotest.Provider, accessToken, attribute string, opts ...func(*cip.Options)) (*types.CodeDeliveryDetailsType, error) {
	out, err := p.Client().GetUserAttributeVerificationCode(ctx, &cip.GetUserAttributeVerificationCodeInput{AccessToken: &accessToken, AttributeName: &attribute}, opts...)
	if err != nil {
		return nil, err
	}
	return out.CodeDeliveryDetails, nil
}

// verify verifies an attribute by a code.
func verify(p *cognitotest.Provider, accessToken, attribute, code string, opts ...func(*cip.Options)) error {
	return fail(p.Client().VerifyUserAttribute(ctx, &cip.VerifyUserAttributeInput{AccessToken: &accessToken, AttributeName: &attribute, Code: &code}, opts...))
}

// newestTo returns where the newest message to a user went.
func newestTo(t *testing.T, p *cognitotest.Provider, username string) string {
	t.Helper()
	messages := inbox(t, p, username)
	if len(messages) == 0 {
		t.Fatalf("nothing was sent to %s", username)
	}
	return messages[len(messages)-1].To
}

var verifications = []Behaviour{
	{"a code that is asked for verifies an attribute", func(t *testing.T, start Start) {
		for _, test := range []struct {
			attribute, value string
			want             delivery
		}{
			{"email", "ann@example.com", delivery{"a***@e***", types.DeliveryMediumTypeEmail, "email"}},
			{"phone_number", "+12065550134", delivery{"+*******0134", types.DeliveryMediumTypeSms, "phone_number"}},
		} {
			part(t, test.attribute, func(t *testing.T) {
				p := start(t)
				u := p.NewUser(t, cognitotest.Attribute(test.attribute, test.value))
				out, err := askCode(p, u.AccessToken(t), test.attribute)
				need(t, err)
				wantDelivery(t, out, test.want)
				wantAttributes(t, p, u.Username, test.attribute, test.value)
				need(t, verify(p, u.AccessToken(t), test.attribute, u.Code(t)))
				wantAttributes(t, p, u.Username, test.attribute, test.value, test.attribute+"_verified", "true")
			})
		}
	}},
	{"a code verifies the attribute that it went to", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Attribute("email", "ann@example.com"), cognitotest.Attribute("phone_number", "+12065550134"))
		_, err := askCode(p, u.AccessToken(t), "email")
		need(t, err)
		wantError(t, verify(p, u.AccessToken(t), "phone_number", u.Code(t)), "ExpiredCodeException", expired)
		need(t, verify(p, u.AccessToken(t), "email", u.Code(t)))
	}},
	{"a wrong code verifies nothing, and the right one still does, once", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Attribute("email", "ann@example.com"))
		_, err := askCode(p, u.AccessToken(t), "email")
		need(t, err)
		code := u.Code(t)
		wantError(t, verify(p, u.AccessToken(t), "email", wrong(code)), "CodeMismatchException", mismatch)
		need(t, verify(p, u.AccessToken(t), "email", code))
		wantError(t, verify(p, u.AccessToken(t), "email", code), "ExpiredCodeException", expired)
	}},
	{"a code that verifies an attribute lasts a day", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Attribute("email", "ann@example.com"), cognitotest.Attribute("phone_number", "+12065550134"))
		_, err := askCode(p, u.AccessToken(t), "email")
		need(t, err)
		email := u.Code(t)
		_, err = askCode(p, u.AccessToken(t), "phone_number")
		need(t, err)
		pass(t, p, 24*time.Hour-margin)
		need(t, verify(p, u.AccessToken(t), "email", email))
		pass(t, p, margin)
		wantError(t, verify(p, u.AccessToken(t), "phone_number", u.Code(t)), "ExpiredCodeException", expired)
	}},
	{"only an address or number that the user has can be verified", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Attribute("name", "Ann"))
		for _, name := range []string{"email", "name", "nosuch"} {
			_, err := askCode(p, u.AccessToken(t), name)
			wantCode(t, err, "InvalidParameterException")
		}
		wantCode(t, verify(p, u.AccessToken(t), "name", "123456"), "InvalidParameterException")
	}},
}

var ownContacts = []Behaviour{
	{"a new address that the pool verifies is unverified and gets a code", func(t *testing.T, start Start) {
		p := start(t, verifying(false))
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		sent, err := change(p, u.AccessToken(t), "email", "new@example.org")
		need(t, err)
		if len(sent) != 1 {
			t.Fatalf("codes went to %v, want one", sent)
		}
		wantDelivery(t, &sent[0], delivery{"n***@e***", types.DeliveryMediumTypeEmail, "email"})
		if got := newestTo(t, p, u.Username); got != "new@example.org" {
			t.Errorf("the code went to %s, want the new address", got)
		}
		wantAttributes(t, p, u.Username, "email", "new@example.org", "email_verified", "false")
		need(t, verify(p, u.AccessToken(t), "email", u.Code(t)))
		wantAttributes(t, p, u.Username, "email", "new@example.org", "email_verified", "true")
	}},
	{"an address that an update names twice gets one code, for what it says last", func(t *testing.T, start Start) {
		for _, first := range []bool{false, true} { // verified first
			p := start(t, verifying(first))
			u := p.NewUser(t, cognitotest.Email("ann@example.com"))
			needFake(t, p, hidden) // inferred
			sent, err := change(p, u.AccessToken(t), "email", "one@example.com", "email", "two@example.com")
			need(t, err)
			messages := inbox(t, p, u.Username)
			if len(sent) != 1 || len(messages) != 1 || messages[0].To != "two@example.com" {
				t.Errorf("codes went to %v: %+v; want one, to two@example.com", sent, messages)
			}
			need(t, verify(p, u.AccessToken(t), "email", u.Code(t)))
			wantAttributes(t, p, u.Username, "email", "two@example.com", "email_verified", "true")
		}
	}},
	{"a new address and a new number get a code each", func(t *testing.T, start Start) {
		p := startFake(t, start, unproven, cognitotest.WithPool(autoVerifying(autoEmail, autoPhone)))
		u := p.NewUser(t)
		sent, err := change(p, u.AccessToken(t), "email", "ann@example.com", "phone_number", "+12065550134")
		need(t, err)
		if len(sent) != 2 {
			t.Fatalf("codes went to %v, want two", sent)
		}
		for _, m := range inbox(t, p, u.Username) {
			name := map[string]string{"EMAIL": "email", "SMS": "phone_number"}[m.Medium]
			need(t, verify(p, u.AccessToken(t), name, m.Code))
		}
		wantAttributes(t, p, u.Username, "email", "ann@example.com", "email_verified", "true", "phone_number", "+12065550134", "phone_number_verified", "true")
	}},
	{"a new address that the pool does not verify is unverified and gets no code", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		sent, err := change(p, u.AccessToken(t), "email", "new@example.org")
		need(t, err)
		if len(sent) != 0 || len(inbox(t, p, u.Username)) != 0 {
			t.Errorf("codes went to %v, want none", sent)
		}
		wantAttributes(t, p, u.Username, "email", "new@example.org", "email_verified", "false")
	}},
	{"a code for an address that is no longer the user's verifies nothing", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Attribute("email", "ann@example.com"))
		_, err := askCode(p, u.AccessToken(t), "email")
		need(t, err)
		_, err = change(p, u.AccessToken(t), "email", "new@example.org")
		need(t, err)
		wantCode(t, verify(p, u.AccessToken(t), "email", u.Code(t)), "ExpiredCodeException")
	}},
	{"a deleted address takes its flag along", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		need(t, drop(p, u.AccessToken(t), "email"))
		wantAttributes(t, p, u.Username)
	}},
	{"where the pool wants the code first, the old address stays until the new one is verified", func(t *testing.T, start Start) {
		p := start(t, verifying(true))
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		sent, err := change(p, u.AccessToken(t), "email", "new@example.org", "name", "Ann")
		need(t, err)
		if len(sent) != 1 {
			t.Fatalf("codes went to %v, want one", sent)
		}
		wantDelivery(t, &sent[0], delivery{"n***@e***", types.DeliveryMediumTypeEmail, "email"})
		wantAttributes(t, p, u.Username, "email", "ann@example.com", "email_verified", "true", "name", "Ann")
		code := u.Code(t)
		wantError(t, verify(p, u.AccessToken(t), "email", wrong(code)), "CodeMismatchException", mismatch)
		wantAttributes(t, p, u.Username, "email", "ann@example.com", "email_verified", "true", "name", "Ann")
		need(t, verify(p, u.AccessToken(t), "email", code))
		wantAttributes(t, p, u.Username, "email", "new@example.org", "email_verified", "true", "name", "Ann")
	}},
	{"where the pool wants the code first, one that is asked for goes to the old address", func(t *testing.T, start Start) {
		p := start(t, verifying(true))
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		_, err := change(p, u.AccessToken(t), "email", "new@example.org")
		need(t, err)
		out, err := askCode(p, u.AccessToken(t), "email")
		need(t, err)
		wantDelivery(t, out, delivery{"a***@e***", types.DeliveryMediumTypeEmail, "email"})
		if got := newestTo(t, p, u.Username); got != "ann@example.com" {
			t.Errorf("the code went to %s, want the old address", got)
		}
		need(t, verify(p, u.AccessToken(t), "email", u.Code(t)))
		wantAttributes(t, p, u.Username, "email", "ann@example.com", "email_verified", "true")
	}},
	{"an unverified alias may be shared, and the first to verify it has it", func(t *testing.T, start Start) {
		p := start(t, aliasPool())
		ann, bob := p.NewUser(t), p.NewUser(t)
		for _, u := range []*cognitotest.User{ann, bob} {
			_, err := change(p, u.AccessToken(t), "email", "shared@example.com")
			need(t, err)
		}
		need(t, verify(p, ann.AccessToken(t), "email", ann.Code(t)))
		wantError(t, verify(p, bob.AccessToken(t), "email", bob.Code(t)), "AliasExistsException", "An account with the given email already exists.")
		wantAttributes(t, p, bob.Username, "email", "shared@example.com", "email_verified", "false")
		if got := aws.ToString(look(t, p, "shared@example.com").Username); got != ann.Username {
			t.Errorf("the alias names %s, want %s", got, ann.Username)
		}
	}},
	{"where the pool wants the code first, an alias that was taken meanwhile is refused at the verification", func(t *testing.T, start Start) {
		in := autoVerifying(autoEmail)
		in.AliasAttributes = []types.AliasAttributeType{types.AliasAttributeTypeEmail}
		in.UserAttributeUpdateSettings = &types.UserAttributeUpdateSettingsType{AttributesRequireVerificationBeforeUpdate: in.AutoVerifiedAttributes}
		p := start(t, cognitotest.WithPool(in))
		ann := p.NewUser(t, cognitotest.Email("ann@example.com"))
		_, err := change(p, ann.AccessToken(t), "email", "shared@example.com")
		need(t, err)
		p.NewUser(t, cognitotest.Email("shared@example.com"))
		for range 2 { // the refusal does not spend the code
			wantError(t, verify(p, ann.AccessToken(t), "email", ann.Code(t)), "AliasExistsException", "An account with the given email already exists.")
		}
		wantAttributes(t, p, ann.Username, "email", "ann@example.com", "email_verified", "true")
	}},
	{"an address that is another user's name is refused, verified first or not", func(t *testing.T, start Start) {
		for _, in := range []cip.CreateUserPoolInput{
			autoVerifying(),
			{AutoVerifiedAttributes: []types.VerifiedAttributeType{autoEmail}, UserAttributeUpdateSettings: &types.UserAttributeUpdateSettingsType{
				AttributesRequireVerificationBeforeUpdate: []types.VerifiedAttributeType{autoEmail},
			}},
		} {
			in.UsernameAttributes = []types.UsernameAttributeType{types.UsernameAttributeTypeEmail}
			p := start(t, cognitotest.WithPool(in))
			ann, bob := p.NewUser(t), p.NewUser(t)
			_, err := change(p, ann.AccessToken(t), "email", bob.Email)
			wantError(t, err, "AliasExistsException", "An account with the given email already exists.")
			wantAttributes(t, p, ann.Username, "email", ann.Email, "email_verified", "true")
		}
	}},
	{"an address that was replaced signs nobody in", func(t *testing.T, start Start) {
		p := start(t, usernames(types.UsernameAttributeTypeEmail))
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		_, err := change(p, u.AccessToken(t), "email", "new@example.org")
		need(t, err)
		_, err = signIn(p, "ann@example.com", u.Password)
		wantError(t, err, "UserNotFoundException", "User does not exist.")
		_, err = signIn(p, "new@example.org", u.Password)
		need(t, err)
	}},
}
