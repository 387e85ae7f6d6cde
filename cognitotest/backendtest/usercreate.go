package backendtest

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
)

// create runs AdminCreateUser without an invitation, unless edit wants it otherwise.
func create(p *cognitotest.Provider, username string, edit ...func(*cip.AdminCreateUserInput)) (*types.UserType, error) {
	in := &cip.AdminCreateUserInput{UserPoolId: &p.PoolID, Username: &username, MessageAction: types.MessageActionTypeSuppress}
	for _, e := range edit {
		e(in)
	}
	out, err := p.Client().AdminCreateUser(ctx, in)
	if err != nil {
		return nil, err
	}
	return out.User, nil
}

func with(namesAndValues ...string) func(*cip.AdminCreateUserInput) {
	return func(in *cip.AdminCreateUserInput) { in.UserAttributes = pairs(namesAndValues...) }
}

func temporary(password string) func(*cip.AdminCreateUserInput) {
	return func(in *cip.AdminCreateUserInput) { in.TemporaryPassword = &password }
}

// invited asks for an invitation by some mediums.
func invited(mediums ...types.DeliveryMediumType) func(*cip.AdminCreateUserInput) {
	return func(in *cip.AdminCreateUserInput) { in.MessageAction, in.DesiredDeliveryMediums = "", mediums }
}

func resend(in *cip.AdminCreateUserInput) {
	in.MessageAction = types.MessageActionTypeResend
	in.DesiredDeliveryMediums = []types.DeliveryMediumType{types.DeliveryMediumTypeEmail}
}

func forceAlias(in *cip.AdminCreateUserInput) { in.ForceAliasCreation = true }

// aliases is a pool whose users can also be named by alias attributes.
func aliases(names ...types.AliasAttributeType) cognitotest.Option {
	return cognitotest.WithPool(cip.CreateUserPoolInput{AliasAttributes: names})
}

// usernames is a pool whose users are named by email or phone_number.
func usernames(names ...types.UsernameAttributeType) cognitotest.Option {
	return cognitotest.WithPool(cip.CreateUserPoolInput{UsernameAttributes: names})
}

// schema is a pool with these attributes.
func schema(attributes ...types.SchemaAttributeType) cognitotest.Option {
	return cognitotest.WithPool(cip.CreateUserPoolInput{Schema: attributes})
}

func custom(name string, mutable bool) types.SchemaAttributeType {
	return types.SchemaAttributeType{Name: &name, AttributeDataType: types.AttributeDataTypeString, Mutable: &mutable}
}

var createdUsers = []Behaviour{
	{"AdminCreateUser answers an enabled user who must change the password", func(t *testing.T, start Start) {
		p := start(t)
		got, err := create(p, "diego", with("phone_number", "+15555551212", "email", "diego@example.com"), temporary("Tempor4ry!"))
		need(t, err)
		if *got.Username != "diego" || !got.Enabled || got.UserStatus != types.UserStatusTypeForceChangePassword {
			t.Errorf("Username, Enabled, UserStatus = %s, %v, %s; want diego, true, FORCE_CHANGE_PASSWORD", *got.Username, got.Enabled, got.UserStatus)
		}
		want := map[string]string{"phone_number": "+15555551212", "email": "diego@example.com"}
		if diff := cmp.Diff(want, values(got.Attributes)); diff != "" {
			t.Errorf("attributes (-want +got):\n%s", diff)
		}
		if len(attribute(got.Attributes, "sub")) != 36 || *got.Attributes[0].Name != "sub" {
			t.Errorf("the attributes do not begin with a sub like a UUID: %s", *got.Attributes[0].Value)
		}
		if got.UserCreateDate == nil || !got.UserCreateDate.Equal(*got.UserLastModifiedDate) {
			t.Errorf("created %v, modified %v; want the same", got.UserCreateDate, got.UserLastModifiedDate)
		}
	}},
	{"a temporary password must meet the policy", func(t *testing.T, start Start) {
		p := start(t)
		_, err := create(p, "diego", temporary("short"))
		wantError(t, err, "InvalidPasswordException", "Password did not conform with password policy: Password not long enough")
		_, err = create(p, "diego", temporary("long-enough"))
		wantError(t, err, "InvalidPasswordException", "Password did not conform with password policy: Password must have uppercase characters")
		_, err = create(p, "diego", temporary("Tempor4ry!"))
		need(t, err)
	}},
	{"a username is taken once", func(t *testing.T, start Start) {
		p := start(t)
		_, err := create(p, "diego")
		need(t, err)
		_, err = create(p, "diego")
		wantCode(t, err, "UsernameExistsException")
		_, err = create(p, "Diego") // another name: the pool is case-sensitive
		need(t, err)
	}},
	{"verified flags are kept only as true, however they are spelt", func(t *testing.T, start Start) {
		p := start(t)
		for _, row := range []struct{ why, given, want string }{
			{"true stays", "true", "true"},
			{"case does not matter", "True", "true"},
			{"false is as good as nothing", "false", ""},
		} {
			part(t, row.why, func(t *testing.T) {
				u, err := create(p, "u-"+row.given, with("email", "a@example.com", "email_verified", row.given))
				need(t, err)
				if got := attribute(u.Attributes, "email_verified"); got != row.want {
					t.Errorf("email_verified = %q, want %q", got, row.want)
				}
			})
		}
		u, err := create(p, "plain", with("email", "a@example.com", "phone_number", "+12065550100"))
		need(t, err)
		if got := values(u.Attributes); len(got) != 2 {
			t.Errorf("flags appear by themselves: %v", got)
		}
		_, err = create(p, "empty", with("email_verified", "true"))
		wantCode(t, err, "InvalidParameterException")
	}},
	{"a new user's attributes are judged", func(t *testing.T, start Start) {
		p := start(t, schema(custom("tenant", true)))
		picture := func(in *cip.AdminCreateUserInput) {
			in.UserAttributes = []types.AttributeType{{Name: aws.String("picture")}}
		}
		for _, row := range []struct {
			why     string
			given   func(*cip.AdminCreateUserInput)
			message string
		}{
			{"sub is the service's", with("sub", "1"), "Cannot modify the non-mutable attribute sub"},
			{"unknown custom attribute", with("custom:role", "x"), "Attributes did not conform to the schema: Type for attribute {custom:role} could not be determined"},
			{"unknown standard attribute", with("role", "x"), "Attributes did not conform to the schema: role: Attribute does not exist in the schema.\n"},
			{"no e-mail address", with("email", "diego"), "Invalid email address format."},
			{"no phone number", with("phone_number", "555-1212"), "Invalid phone number format."},
			{"null is no value", picture, "Attribute value for picture must not be null"},
		} {
			part(t, row.why, func(t *testing.T) {
				_, err := create(p, "diego", row.given)
				wantError(t, err, "InvalidParameterException", row.message)
			})
		}
		u, err := create(p, "diego", with("custom:tenant", "acme"))
		need(t, err)
		if got := attribute(u.Attributes, "custom:tenant"); got != "acme" {
			t.Errorf("custom:tenant = %q, want acme", got)
		}
	}},
	{"required attributes are asked for at the first sign-in, not of the administrator", func(t *testing.T, start Start) {
		p := start(t, schema(types.SchemaAttributeType{Name: aws.String("email"), Required: aws.Bool(true)}))
		u := p.NewUser(t, cognitotest.TemporaryPassword())
		out, err := signIn(p, u.Username, u.Password)
		need(t, err)
		if got := out.ChallengeParameters["requiredAttributes"]; got != `["userAttributes.email"]` {
			t.Errorf("requiredAttributes = %s", got)
		}
	}},
	{"a pool with one-time passwords needs no password for a new user", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{Policies: &types.UserPoolPolicyType{SignInPolicy: &types.SignInPolicyType{
			AllowedFirstAuthFactors: []types.AuthFactorType{types.AuthFactorTypePassword, types.AuthFactorTypeEmailOtp},
		}}}))
		without, err := create(p, "without", with("email", "a@example.com", "email_verified", "true"))
		need(t, err)
		with, err := create(p, "with", temporary("Tempor4ry!"))
		need(t, err)
		if without.UserStatus != types.UserStatusTypeConfirmed || with.UserStatus != types.UserStatusTypeForceChangePassword {
			t.Errorf("without a password %s, with one %s; want CONFIRMED, FORCE_CHANGE_PASSWORD", without.UserStatus, with.UserStatus)
		}
	}},
}

var invitations = []Behaviour{
	{"an invitation carries a generated password that signs in", func(t *testing.T, start Start) {
		p := start(t)
		needFake(t, p, hidden)
		_, err := create(p, "diego", with("email", "diego@example.com"), invited(types.DeliveryMediumTypeEmail))
		need(t, err)
		sent := inbox(t, p, "diego")
		if len(sent) != 1 || sent[0].To != "diego@example.com" || sent[0].Trigger != "CustomMessage_AdminCreateUser" {
			t.Fatalf("sent %+v, want one invitation to diego@example.com", sent)
		}
		if !strings.Contains(sent[0].Body, "diego") || !strings.Contains(sent[0].Body, sent[0].Code) {
			t.Errorf("the text names neither user nor password: %s", sent[0].Body)
		}
		out, err := signIn(p, "diego", sent[0].Code)
		need(t, err)
		if out.ChallengeName != types.ChallengeNameTypeNewPasswordRequired {
			t.Errorf("ChallengeName = %q, want NEW_PASSWORD_REQUIRED", out.ChallengeName)
		}
	}},
	{"an invitation goes by the mediums that are asked for, by SMS without a wish", func(t *testing.T, start Start) {
		const email, sms = types.DeliveryMediumTypeEmail, types.DeliveryMediumTypeSms
		p := start(t)
		needFake(t, p, hidden)
		both := with("email", "a@example.com", "phone_number", "+12065550100")
		for _, row := range []struct {
			why   string
			given func(*cip.AdminCreateUserInput)
			how   func(*cip.AdminCreateUserInput)
			want  []string
		}{
			{"e-mail", both, invited(email), []string{"a@example.com"}},
			{"SMS", both, invited(sms), []string{"+12065550100"}},
			{"both", both, invited(email, sms), []string{"a@example.com", "+12065550100"}},
			{"no wish", both, invited(), []string{"+12065550100"}},
			{"no wish and no phone", with("email", "a@example.com"), invited(), nil},
			{"suppressed", both, func(in *cip.AdminCreateUserInput) { in.DesiredDeliveryMediums = []types.DeliveryMediumType{email} }, nil},
		} {
			part(t, row.why, func(t *testing.T) {
				u, err := create(p, strings.ReplaceAll(row.why, " ", "-"), row.given, row.how)
				need(t, err)
				var to []string
				for _, m := range inbox(t, p, *u.Username) {
					to = append(to, m.To)
				}
				if diff := cmp.Diff(row.want, to); diff != "" {
					t.Errorf("sent to (-want +got):\n%s", diff)
				}
			})
		}
	}},
	{"an invitation to an address that the user lacks is refused, and no user is made", func(t *testing.T, start Start) {
		p := start(t)
		_, err := create(p, "diego", with("phone_number", "+12065550100"), invited(types.DeliveryMediumTypeEmail))
		wantCode(t, err, "InvalidParameterException")
		_, err = create(p, "diego", with("email", "a@example.com"), invited(types.DeliveryMediumTypeSms))
		wantCode(t, err, "InvalidParameterException")
		_, err = p.Client().AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &p.PoolID, Username: aws.String("diego")})
		wantCode(t, err, "UserNotFoundException")
	}},
	{"RESEND renews the temporary password and its end, and answers the same user", func(t *testing.T, start Start) {
		p := start(t)
		server := needFake(t, p, slow)
		first, err := create(p, "diego", with("email", "diego@example.com"), temporary("Tempor4ry!"))
		need(t, err)
		server.Advance(8 * 24 * time.Hour)
		_, err = signIn(p, "diego", "Tempor4ry!")
		wantCode(t, err, "NotAuthorizedException")
		again, err := create(p, "diego", resend)
		need(t, err)
		if diff := cmp.Diff(values(first.Attributes), values(again.Attributes)); diff != "" || again.UserStatus != first.UserStatus {
			t.Errorf("%s; attributes (-first +again):\n%s", again.UserStatus, diff)
		}
		sent := inbox(t, p, "diego")
		if len(sent) != 1 || sent[0].Code == "Tempor4ry!" {
			t.Fatalf("sent %+v, want one new password", sent)
		}
		_, err = signIn(p, "diego", sent[0].Code)
		need(t, err)
	}},
	{"RESEND is for users who have not set a password", func(t *testing.T, start Start) {
		p := start(t)
		_, err := create(p, "nobody", resend)
		wantError(t, err, "UserNotFoundException", "User does not exist.")
		_, err = create(p, p.NewUser(t, cognitotest.Email("a@example.com")).Username, resend)
		wantCode(t, err, "UnsupportedUserStateException")
	}},
	{"a RESEND that is refused changes nothing", func(t *testing.T, start Start) {
		p := start(t)
		_, err := create(p, "diego", with("phone_number", "+12065550100"), temporary("Tempor4ry!"))
		need(t, err)
		before := look(t, p, "diego")
		pass(t, p, time.Minute)
		again := func(in *cip.AdminCreateUserInput) { in.MessageAction = types.MessageActionTypeResend }
		_, err = create(p, "diego", again, temporary("short"))
		wantError(t, err, "InvalidPasswordException", "Password did not conform with password policy: Password not long enough")
		_, err = create(p, "diego", resend) // by email, which diego lacks
		wantCode(t, err, "InvalidParameterException")
		if after := look(t, p, "diego"); !after.UserLastModifiedDate.Equal(*before.UserLastModifiedDate) {
			t.Errorf("modified %v, want %v", after.UserLastModifiedDate, before.UserLastModifiedDate)
		}
		_, err = signIn(p, "diego", "Tempor4ry!")
		need(t, err)
	}},
}

var signInNames = []Behaviour{
	{"a username cannot look like an alias of the pool", func(t *testing.T, start Start) {
		p := start(t, aliases(types.AliasAttributeTypeEmail, types.AliasAttributeTypePhoneNumber))
		_, err := create(p, "diego@example.com")
		wantError(t, err, "InvalidParameterException", "Username cannot be of email format, since user pool is configured for email alias.")
		_, err = create(p, "+12065550100")
		wantCode(t, err, "InvalidParameterException")
		_, err = create(start(t), "diego@example.com") // no aliases, no rule
		need(t, err)
	}},
	{"a username attribute must have its form", func(t *testing.T, start Start) {
		const email, phone = types.UsernameAttributeTypeEmail, types.UsernameAttributeTypePhoneNumber
		for _, row := range []struct {
			pool          cognitotest.Option
			name, message string
		}{
			{usernames(email), "diego", "Username should be an email."},
			{usernames(email), "+12065550100", "Username should be an email."},
			{usernames(email, phone), "diego", "Username should be either an email or a phone number."},
		} {
			_, err := create(start(t, row.pool), row.name)
			wantError(t, err, "InvalidParameterException", row.message)
		}
		_, err := create(start(t, usernames(phone)), "diego@example.com")
		wantCode(t, err, "InvalidParameterException")
	}},
	{"a username attribute becomes an attribute, and the username is the sub", func(t *testing.T, start Start) {
		p := start(t, usernames(types.UsernameAttributeTypeEmail, types.UsernameAttributeTypePhoneNumber))
		for name, want := range map[string]string{"diego@example.com": "email", "+12065550100": "phone_number"} {
			u, err := create(p, name)
			need(t, err)
			if *u.Username != attribute(u.Attributes, "sub") {
				t.Errorf("%s: Username = %s, sub = %s; want the same", name, *u.Username, attribute(u.Attributes, "sub"))
			}
			if diff := cmp.Diff(map[string]string{want: name}, values(u.Attributes)); diff != "" {
				t.Errorf("%s: attributes (-want +got):\n%s", name, diff)
			}
		}
	}},
	{"a username attribute is taken once", func(t *testing.T, start Start) {
		p := start(t, usernames(types.UsernameAttributeTypeEmail, types.UsernameAttributeTypePhoneNumber))
		for _, name := range []string{"diego@example.com", "+12065550100"} {
			_, err := create(p, name)
			need(t, err)
		}
		_, err := create(p, "diego@example.com")
		wantError(t, err, "UsernameExistsException", "An account with the given email already exists.")
		_, err = create(p, "+12065550100")
		wantError(t, err, "UsernameExistsException", "An account with the given phone_number already exists.")
	}},
	{"users are named by username, alias and username attribute in every operation", func(t *testing.T, start Start) {
		for _, row := range []struct {
			why   string
			pool  cognitotest.Option
			user  []cognitotest.UserOption
			names []string
		}{
			{"aliases", aliases(types.AliasAttributeTypeEmail, types.AliasAttributeTypePhoneNumber, types.AliasAttributeTypePreferredUsername),
				[]cognitotest.UserOption{cognitotest.Username("ann"), cognitotest.Email("a@example.com"), cognitotest.Phone("+12065550100"), cognitotest.Attribute("preferred_username", "annie")},
				[]string{"ann", "a@example.com", "+12065550100", "annie"}},
			{"username attributes", usernames(types.UsernameAttributeTypeEmail), []cognitotest.UserOption{cognitotest.Email("a@example.com")}, []string{"a@example.com"}},
		} {
			part(t, row.why, func(t *testing.T) {
				p := start(t, row.pool)
				u := p.NewUser(t, row.user...)
				p.NewGroup(t, "staff")
				for _, name := range append(row.names, u.Username) {
					if got := *look(t, p, name).Username; got != u.Username {
						t.Errorf("%s is %s, want %s", name, got, u.Username)
					}
					need(t, update(p, name, "locale", "en"))
					need(t, join(p, name, "staff"))
					_, err := signIn(p, name, u.Password)
					need(t, err)
				}
			})
		}
	}},
	{"an alias names a user once it is verified", func(t *testing.T, start Start) {
		p := start(t, aliases(types.AliasAttributeTypeEmail))
		ann := p.NewUser(t, cognitotest.Username("ann"), cognitotest.Attribute("email", "shared@example.com"))
		bob := p.NewUser(t, cognitotest.Username("bob"), cognitotest.Attribute("email", "shared@example.com"))
		_, err := signIn(p, "shared@example.com", ann.Password)
		wantCode(t, err, "UserNotFoundException")
		need(t, update(p, bob.Username, "email_verified", "true"))
		_, err = signIn(p, "shared@example.com", bob.Password)
		need(t, err)
		wantError(t, update(p, ann.Username, "email_verified", "true"), "AliasExistsException", "An account with the given email already exists.")
	}},
	{"an alias of another user is refused, or moved by force", func(t *testing.T, start Start) {
		p := start(t, aliases(types.AliasAttributeTypeEmail))
		verified := with("email", "a@example.com", "email_verified", "true")
		first, err := create(p, "first", verified)
		need(t, err)
		_, err = create(p, "second", verified)
		wantCode(t, err, "AliasExistsException")
		_, err = create(p, "second", with("email", "a@example.com")) // unverified, no alias
		need(t, err)
		_, err = create(p, "third", verified, forceAlias)
		need(t, err)
		if got := *look(t, p, "a@example.com").Username; got != "third" {
			t.Errorf("the alias names %s, want third", got)
		}
		if got := attribute(look(t, p, *first.Username).UserAttributes, "email"); got != "a@example.com" {
			t.Errorf("the first user's email = %q, want it kept", got)
		}
	}},
	{"a pool that ignores case finds names in any, and keeps them as they were given", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{
			UsernameConfiguration: &types.UsernameConfigurationType{CaseSensitive: aws.Bool(false)},
			AliasAttributes:       []types.AliasAttributeType{types.AliasAttributeTypeEmail},
		}))
		_, err := create(p, "Ann", with("email", "Ann@Example.com", "email_verified", "true"))
		need(t, err)
		for _, name := range []string{"Ann", "ann", "ANN", "ann@example.com"} {
			if got := *look(t, p, name).Username; got != "Ann" {
				t.Errorf("%s is %s, want Ann", name, got)
			}
		}
		_, err = create(p, "aNN")
		wantCode(t, err, "UsernameExistsException")
		_, err = create(p, "other", with("email", "ANN@example.com", "email_verified", "true"))
		wantCode(t, err, "AliasExistsException")
	}},
	{"a pool that ignores case signs users in by an address in any", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{
			UsernameConfiguration: &types.UsernameConfigurationType{CaseSensitive: aws.Bool(false)},
			UsernameAttributes:    []types.UsernameAttributeType{types.UsernameAttributeTypeEmail},
		}))
		u := p.NewUser(t, cognitotest.Email("Ann@Example.com"))
		_, err := signIn(p, "aNN@example.com", u.Password)
		need(t, err)
		_, err = create(p, "ANN@EXAMPLE.COM")
		wantCode(t, err, "UsernameExistsException")
		bob := p.NewUser(t, cognitotest.Email("bob@example.com"))
		wantCode(t, update(p, bob.Username, "email", "ann@EXAMPLE.com"), "AliasExistsException")
		need(t, update(p, u.Username, "email", "ann@example.com", "email_verified", "true")) // the same, spelt otherwise
		wantAttributes(t, p, u.Username, "email", "ann@example.com", "email_verified", "true")
	}},
	{"a sub names a user only where it is the username", func(t *testing.T, start Start) {
		p := start(t, aliases(types.AliasAttributeTypeEmail))
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		_, err := p.Client().AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &p.PoolID, Username: &u.Sub})
		wantError(t, err, "UserNotFoundException", "User does not exist.")
		_, err = signIn(p, u.Sub, u.Password)
		wantError(t, err, "UserNotFoundException", "User does not exist.")
	}},
	{"names are in any script", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithClientSecret())
		u := p.NewUser(t, cognitotest.Username("Жанна-日本-😀"), cognitotest.Groups("Größe"), cognitotest.Attribute("name", "Ζωή"))
		out, err := signIn(p, u.Username, u.Password)
		need(t, err)
		want := map[string]any{"cognito:username": u.Username, "cognito:groups": []any{"Größe"}, "name": "Ζωή"}
		wantClaims(t, claims(t, *out.AuthenticationResult.IdToken), want)
		found, err := list(p, cip.ListUsersInput{Filter: aws.String(`username ^= "Жан"`)})
		need(t, err)
		if diff := cmp.Diff([]string{u.Username}, names(found.Users)); diff != "" {
			t.Errorf("users (-want +got):\n%s", diff)
		}
		found, err = list(p, cip.ListUsersInput{Filter: aws.String(`name = "ΖΩΉ"`)}) // in another case
		need(t, err)
		if diff := cmp.Diff([]string{u.Username}, names(found.Users)); diff != "" {
			t.Errorf("users (-want +got):\n%s", diff)
		}
	}},
	{"a pool that minds case has other users of other case", func(t *testing.T, start Start) {
		p := start(t, aliases(types.AliasAttributeTypeEmail))
		for name, email := range map[string]string{"ann": "ann@example.com", "Ann": "Ann@example.com"} {
			_, err := create(p, name, with("email", email, "email_verified", "true"))
			need(t, err)
		}
		for name, email := range map[string]string{"ann": "ann@example.com", "Ann": "Ann@example.com"} {
			if got := *look(t, p, email).Username; got != name {
				t.Errorf("%s is %s, want %s", email, got, name)
			}
		}
	}},
}
