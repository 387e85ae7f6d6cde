package backendtest

import (
	"regexp"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
)

// goodPassword meets the default policy.
const goodPassword = "Correct-Horse-7"

// hash returns the SecretHash member for a username, nil where the client has no secret.
func hash(p *cognitotest.Provider, username string) *string { return given(p.SecretHash(username)) }

// signUp signs somebody up with a good password and attributes, by names and values in turn.
func signUp(p *cognitotest.Provider, username string, namesAndValues ...string) (*cip.SignUpOutput, error) {
	return p.Client().SignUp(ctx, &cip.SignUpInput{
		ClientId: &p.ClientID, Username: &username, SecretHash: hash(p, username),
		Password: aws.String(goodPassword), UserAttributes: pairs(namesAndValues...),
	})
}

// delivery is what a client is told about a code.
type delivery struct {
	To        string
	Medium    types.DeliveryMediumType
	Attribute string
}

func delivered(d *types.CodeDeliveryDetailsType) delivery {
	if d == nil {
		return delivery{}
	}
	return delivery{aws.ToString(d.Destination), d.DeliveryMedium, aws.ToString(d.AttributeName)}
}

// wantDelivery checks where a code went; the zero delivery is none.
func wantDelivery(t *testing.T, got *types.CodeDeliveryDetailsType, want delivery) {
	t.Helper()
	if diff := cmp.Diff(want, delivered(got)); diff != "" {
		t.Errorf("CodeDeliveryDetails (-want +got):\n%s", diff)
	}
}

// autoVerifying is a pool that verifies attributes by itself, phone numbers by a role that only the fake
// believes in; further settings can be added to it.
func autoVerifying(attributes ...types.VerifiedAttributeType) cip.CreateUserPoolInput {
	in := cip.CreateUserPoolInput{AutoVerifiedAttributes: attributes}
	if slices.Contains(attributes, autoPhone) {
		in.SmsConfiguration = &types.SmsConfigurationType{SnsCallerArn: aws.String("arn:aws:iam::123456789012:role/sms")}
	}
	return in
}

const (
	autoEmail = types.VerifiedAttributeTypeEmail
	autoPhone = types.VerifiedAttributeTypePhoneNumber
)

var signUps = []Behaviour{
	{"a sign-up makes an unconfirmed user with a sub", func(t *testing.T, start Start) {
		p := start(t)
		out, err := signUp(p, "ann", "email", "ann@example.com", "name", "Ann")
		need(t, err)
		if out.UserConfirmed || out.Session != nil {
			t.Errorf("UserConfirmed, Session = %v, %v; want false and none", out.UserConfirmed, aws.ToString(out.Session))
		}
		if !regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`).MatchString(aws.ToString(out.UserSub)) {
			t.Errorf("UserSub = %q, want the shape of a UUID", aws.ToString(out.UserSub))
		}
		ann := look(t, p, "ann")
		if got := attribute(ann.UserAttributes, "sub"); got != aws.ToString(out.UserSub) {
			t.Errorf("sub = %q, want UserSub %q", got, aws.ToString(out.UserSub))
		}
		wantAttributes(t, p, "ann", "email", "ann@example.com", "name", "Ann")
		wantStatus(t, p, "ann", types.UserStatusTypeUnconfirmed)
	}},
	{"a sign-up sends a code where the pool verifies what was given, to the phone first", func(t *testing.T, start Start) {
		const email, phone = "ann@example.com", "+12065550134"
		for _, test := range []struct {
			why    string
			verify []types.VerifiedAttributeType
			given  []string
			want   delivery
		}{
			{"nothing is verified", nil, []string{"email", email}, delivery{}},
			{"the email is not given", []types.VerifiedAttributeType{autoEmail}, []string{"phone_number", phone}, delivery{}},
			{"the email is given", []types.VerifiedAttributeType{autoEmail}, []string{"email", email, "phone_number", phone},
				delivery{"a***@e***", types.DeliveryMediumTypeEmail, "email"}},
			{"the phone is given", []types.VerifiedAttributeType{autoPhone}, []string{"email", email, "phone_number", phone},
				delivery{"+*******0134", types.DeliveryMediumTypeSms, "phone_number"}},
			{"both are given", []types.VerifiedAttributeType{autoEmail, autoPhone}, []string{"email", email, "phone_number", phone},
				delivery{"+*******0134", types.DeliveryMediumTypeSms, "phone_number"}},
			{"only the email of both", []types.VerifiedAttributeType{autoEmail, autoPhone}, []string{"email", email},
				delivery{"a***@e***", types.DeliveryMediumTypeEmail, "email"}},
		} {
			part(t, test.why, func(t *testing.T) {
				p := startFake(t, start, unproven, cognitotest.WithPool(autoVerifying(test.verify...)))
				out, err := signUp(p, "ann", test.given...)
				need(t, err)
				wantDelivery(t, out.CodeDeliveryDetails, test.want)
				want := 1
				if test.want == (delivery{}) {
					want = 0
				}
				if got := len(inbox(t, p, "ann")); got != want {
					t.Errorf("%d messages were sent, want %d", got, want)
				}
			})
		}
	}},
	{"a username is taken once, whether or not the client hides who exists", func(t *testing.T, start Start) {
		for why, option := range map[string]cognitotest.Option{
			"it hides nothing":    cognitotest.WithAppClient(cip.CreateUserPoolClientInput{}),
			"it hides who exists": hiding,
		} {
			part(t, why, func(t *testing.T) {
				p := start(t, option)
				_, err := signUp(p, "ann")
				need(t, err)
				_, err = signUp(p, "ann")
				wantError(t, err, "UsernameExistsException", "User already exists")
			})
		}
	}},
	{"where only administrators create users, nobody signs up", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{AdminCreateUserConfig: &types.AdminCreateUserConfigType{AllowAdminCreateUserOnly: true}}))
		_, err := signUp(p, "ann")
		wantError(t, err, "NotAuthorizedException", "SignUp is not permitted for this user pool")
	}},
	{"a sign-up refuses passwords in its own words, the first failed rule alone", func(t *testing.T, start Start) {
		p := start(t)
		for _, test := range []struct{ password, want string }{
			{"Aa1!567", "Password not long enough"},
			{"123", "Password not long enough"},
			{"aa1!5678", "Password must have uppercase characters"},
			{"AA1!5678", "Password must have lowercase characters"},
			{"Aaa!bbbb", "Password must have numeric characters"},
			{"Aa1a5678", "Password must have symbol characters"},
		} {
			_, err := p.Client().SignUp(ctx, &cip.SignUpInput{ClientId: &p.ClientID, Username: aws.String("ann"), Password: &test.password})
			wantError(t, err, "InvalidPasswordException", "Password did not conform with policy: "+test.want)
		}
	}},
	{"an unknown app client signs nobody up", func(t *testing.T, start Start) {
		p := start(t)
		_, err := p.Client().SignUp(ctx, &cip.SignUpInput{ClientId: aws.String("nosuchclient"), Username: aws.String("ann"), Password: aws.String(goodPassword)})
		wantError(t, err, "ResourceNotFoundException", "User pool client nosuchclient does not exist.")
	}},
	{"a password can be left out where one-time passwords sign in, and only there", func(t *testing.T, start Start) {
		in := func(p *cognitotest.Provider) *cip.SignUpInput {
			return &cip.SignUpInput{ClientId: &p.ClientID, Username: aws.String("ann"), UserAttributes: pairs("email", "ann@example.com")}
		}
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{Policies: &types.UserPoolPolicyType{SignInPolicy: &types.SignInPolicyType{
			AllowedFirstAuthFactors: []types.AuthFactorType{types.AuthFactorTypePassword, types.AuthFactorTypeEmailOtp},
		}}}))
		_, err := p.Client().SignUp(ctx, in(p))
		need(t, err)
		p = start(t)
		_, err = p.Client().SignUp(ctx, in(p))
		wantCode(t, err, "InvalidPasswordException")
	}},
}

var signUpAttributes = []Behaviour{
	{"a sign-up judges attributes", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{Schema: []types.SchemaAttributeType{
			{Name: aws.String("name"), Required: aws.Bool(true)},
			{Name: aws.String("family_name"), Required: aws.Bool(true)},
			custom("tenant", false),
		}}))
		for _, test := range []struct {
			why           string
			given         []string
			code, message string
		}{
			{"required attributes are missing", nil, "InvalidParameterException",
				"Attributes did not conform to the schema: name: The attribute is required\nfamily_name: The attribute is required\n"},
			{"one is missing", []string{"name", "Ann"}, "InvalidParameterException",
				"Attributes did not conform to the schema: family_name: The attribute is required\n"},
			{"a blank value is none", []string{"name", "Ann", "family_name", ""}, "InvalidParameterException",
				"Attributes did not conform to the schema: family_name: The attribute is required\n"},
			{"unknown attribute", []string{"nosuch", "x"}, "InvalidParameterException",
				"Attributes did not conform to the schema: nosuch: Attribute does not exist in the schema.\n"},
			{"unknown custom attribute", []string{"custom:x", "x"}, "InvalidParameterException",
				"Attributes did not conform to the schema: Type for attribute {custom:x} could not be determined"},
			{"bad email", []string{"email", "ann"}, "InvalidParameterException", "Invalid email address format."},
			{"bad phone number", []string{"phone_number", "2065550134"}, "InvalidParameterException", "Invalid phone number format."},
			{"the sub is the service's", []string{"sub", "x"}, "InvalidParameterException", "Cannot modify the non-mutable attribute sub"},
			{"so is email_verified", []string{"email", "ann@example.com", "email_verified", "true"}, "InvalidParameterException",
				"Cannot modify the non-mutable attribute email_verified"},
		} {
			part(t, test.why, func(t *testing.T) {
				_, err := signUp(p, "ann", test.given...)
				wantError(t, err, test.code, test.message)
			})
		}
		_, err := signUp(p, "ann", "name", "Ann", "family_name", "Lee", "custom:tenant", "acme") // an immutable one can be set now
		need(t, err)
	}},
	{"a null value is refused", func(t *testing.T, start Start) {
		p := start(t)
		_, err := p.Client().SignUp(ctx, &cip.SignUpInput{
			ClientId: &p.ClientID, Username: aws.String("ann"), Password: aws.String(goodPassword),
			UserAttributes: []types.AttributeType{{Name: aws.String("picture")}},
		})
		wantError(t, err, "InvalidParameterException", "Attribute value for picture must not be null")
	}},
	{"a client signs users up with the attributes that it may write", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithAppClient(cip.CreateUserPoolClientInput{WriteAttributes: []string{"name"}}))
		_, err := signUp(p, "ann", "name", "Ann", "nickname", "annie")
		wantError(t, err, "NotAuthorizedException", "A client attempted to write unauthorized attribute")
		_, err = signUp(p, "ann", "name", "Ann")
		need(t, err)
	}},
	{"a developer-only attribute is out of a client's reach", func(t *testing.T, start Start) {
		p := start(t, schema(types.SchemaAttributeType{
			Name: aws.String("note"), AttributeDataType: types.AttributeDataTypeString, DeveloperOnlyAttribute: aws.Bool(true),
		}))
		_, err := signUp(p, "ann", "dev:custom:note", "x")
		wantError(t, err, "NotAuthorizedException", "A client attempted to write unauthorized attribute")
	}},
}

var signUpNames = []Behaviour{
	{"who signs up by email or phone number gets the sub as username", func(t *testing.T, start Start) {
		p := start(t, usernames(types.UsernameAttributeTypeEmail, types.UsernameAttributeTypePhoneNumber))
		for name, attribute := range map[string]string{"ann@example.com": "email", "+12065550134": "phone_number"} {
			out, err := signUp(p, name)
			need(t, err)
			user := look(t, p, name)
			if got := aws.ToString(user.Username); got != aws.ToString(out.UserSub) {
				t.Errorf("Username = %q, want the sub %q", got, aws.ToString(out.UserSub))
			}
			wantAttributes(t, p, name, attribute, name)
		}
	}},
	{"a sign-up name must have the form of the pool's username attributes", func(t *testing.T, start Start) {
		for _, test := range []struct {
			why   string
			names []types.UsernameAttributeType
			given string
			want  string
		}{
			{"neither", []types.UsernameAttributeType{"email", "phone_number"}, "ann", "Username should be either an email or a phone number."},
			{"no email", []types.UsernameAttributeType{"email"}, "ann", "Username should be an email."},
			{"a phone number for an email", []types.UsernameAttributeType{"email"}, "+12065550134", "Username should be an email."},
			{"no phone number", []types.UsernameAttributeType{"phone_number"}, "ann@example.com", "Username should be a phone number."},
		} {
			part(t, test.why, func(t *testing.T) {
				_, err := signUp(start(t, usernames(test.names...)), test.given)
				wantError(t, err, "InvalidParameterException", test.want)
			})
		}
	}},
	{"an email or phone number signs up once where it is the username", func(t *testing.T, start Start) {
		p := start(t, usernames(types.UsernameAttributeTypeEmail, types.UsernameAttributeTypePhoneNumber))
		_, err := signUp(p, "ann@example.com", "phone_number", "+12065550134")
		need(t, err)
		_, err = signUp(p, "ann@example.com")
		wantError(t, err, "UsernameExistsException", "An account with the given email already exists.")
		_, err = signUp(p, "+12065550134")
		wantError(t, err, "UsernameExistsException", "An account with the given phone_number already exists.")
	}},
	{"a required username attribute is given by the name", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{
			UsernameAttributes: []types.UsernameAttributeType{types.UsernameAttributeTypeEmail},
			Schema:             []types.SchemaAttributeType{{Name: aws.String("email"), Required: aws.Bool(true)}},
		}))
		_, err := signUp(p, "ann@example.com")
		need(t, err)
	}},
	{"a sign-up name cannot look like an alias of the pool", func(t *testing.T, start Start) {
		p := start(t, aliases(types.AliasAttributeTypeEmail, types.AliasAttributeTypePhoneNumber))
		_, err := signUp(p, "ann@example.com", "email", "ann@example.com")
		wantError(t, err, "InvalidParameterException", "Username cannot be of email format, since user pool is configured for email alias.")
		_, err = signUp(p, "+12065550134")
		wantCode(t, err, "InvalidParameterException")
	}},
	{"a sign-up name may look like an email where the email is no alias", func(t *testing.T, start Start) {
		p := start(t)
		_, err := signUp(p, "ann@example.com")
		need(t, err)
	}},
	{"preferred_username, as an alias, is for confirmed users", func(t *testing.T, start Start) {
		p := start(t, aliases(types.AliasAttributeTypePreferredUsername))
		_, err := signUp(p, "ann", "preferred_username", "annie")
		wantCode(t, err, "InvalidParameterException")
	}},
	{"a pool that ignores case signs up a name once in any case", func(t *testing.T, start Start) {
		for _, test := range []struct {
			why            string
			pool           cip.CreateUserPoolInput
			first, second  string
			code, refusals string
		}{
			{"usernames", cip.CreateUserPoolInput{}, "Ann", "aNN", "UsernameExistsException", "User already exists"},
			{"emails", cip.CreateUserPoolInput{UsernameAttributes: []types.UsernameAttributeType{"email"}}, "Ann@Example.com", "ann@example.com",
				"UsernameExistsException", "An account with the given email already exists."},
		} {
			part(t, test.why, func(t *testing.T) {
				test.pool.UsernameConfiguration = &types.UsernameConfigurationType{CaseSensitive: aws.Bool(false)}
				p := start(t, cognitotest.WithPool(test.pool))
				_, err := signUp(p, test.first)
				need(t, err)
				_, err = signUp(p, test.second)
				wantError(t, err, test.code, test.refusals)
			})
		}
		p := start(t) // one that minds case
		_, err := signUp(p, "Ann")
		need(t, err)
		_, err = signUp(p, "ann")
		need(t, err)
	}},
}
