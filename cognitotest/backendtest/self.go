package backendtest

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
)

// whoAmI answers GetUser.
func whoAmI(p *cognitotest.Provider, accessToken string) (*cip.GetUserOutput, error) {
	return p.Client().GetUser(ctx, &cip.GetUserInput{AccessToken: &accessToken})
}

// change sets attributes as the user of a token and returns where codes went.
func change(p *cognitotest.Provider, accessToken string, namesAndValues ...string) ([]types.CodeDeliveryDetailsType, error) {
	out, err := p.Client().UpdateUserAttributes(ctx, &cip.UpdateUserAttributesInput{
		AccessToken: &accessToken, UserAttributes: pairs(namesAndValues...),
	})
	if err != nil {
		return nil, err
	}
	return out.CodeDeliveryDetailsList, nil
}

// drop deletes attributes as the user of a token.
func drop(p *cognitotest.Provider, accessToken string, names ...string) error {
	return fail(p.Client().DeleteUserAttributes(ctx, &cip.DeleteUserAttributesInput{AccessToken: &accessToken, UserAttributeNames: names}))
}

// isLimit reports whether a user has tried too often.
func isLimit(err error) bool { return errors.As(err, new(*types.LimitExceededException)) }

const unauthorizedAttribute = "A client attempted to write unauthorized attribute"

var ownUser = []Behaviour{
	{"GetUser answers the user of the token", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Email("ann@example.com"), cognitotest.Attribute("name", "Ann"))
		out, err := whoAmI(p, u.AccessToken(t))
		need(t, err)
		if got := aws.ToString(out.Username); got != u.Username {
			t.Errorf("Username = %q, want %q", got, u.Username)
		}
		if got := attribute(out.UserAttributes, "sub"); got != u.Sub {
			t.Errorf("sub = %q, want %q", got, u.Sub)
		}
		want := map[string]string{"email": "ann@example.com", "email_verified": "true", "name": "Ann"}
		if diff := cmp.Diff(want, values(out.UserAttributes)); diff != "" {
			t.Errorf("attributes (-want +got):\n%s", diff)
		}
		if out.MFAOptions != nil || out.PreferredMfaSetting != nil || out.UserMFASettingList != nil {
			t.Errorf("MFA settings of a user who has none: %v %v %v", out.MFAOptions, out.PreferredMfaSetting, out.UserMFASettingList)
		}
	}},
	{"GetUser shows the sub and what the token's client may read", func(t *testing.T, start Start) {
		p := start(t, reading("name"))
		u := p.NewUser(t, cognitotest.Email("ann@example.com"), cognitotest.Attribute("name", "Ann"))
		out, err := whoAmI(p, u.AccessToken(t))
		need(t, err)
		if diff := cmp.Diff(map[string]string{"name": "Ann"}, values(out.UserAttributes)); diff != "" {
			t.Errorf("attributes (-want +got):\n%s", diff)
		}
		if got := attribute(out.UserAttributes, "sub"); got != u.Sub {
			t.Errorf("sub = %q, want %q", got, u.Sub)
		}
	}},
	{"GetUser tells the sub as username in a pool with username attributes", func(t *testing.T, start Start) {
		p := start(t, usernames(types.UsernameAttributeTypeEmail))
		u := p.NewUser(t)
		out, err := whoAmI(p, u.AccessToken(t))
		need(t, err)
		if got := aws.ToString(out.Username); got != u.Sub {
			t.Errorf("Username = %q, want the sub %q", got, u.Sub)
		}
	}},
	{"a user who deletes himself is gone", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		token := u.AccessToken(t)
		need(t, fail(p.Client().DeleteUser(ctx, &cip.DeleteUserInput{AccessToken: &token})))
		_, err := signIn(p, u.Username, u.Password)
		wantError(t, err, "UserNotFoundException", "User does not exist.")
		_, err = signUp(p, u.Username) // the name is free
		need(t, err)
		_, err = whoAmI(p, token) // and another user's now
		wantError(t, err, "UserNotFoundException", "User does not exist.")
	}},
	{"tokens of a deleted user do not reach the next one of the name", func(t *testing.T, start Start) {
		p := start(t)
		old := p.NewUser(t, cognitotest.Username("ann"))
		first, revoked := old.Tokens(t), old.Tokens(t)
		need(t, fail(p.Client().DeleteUser(ctx, &cip.DeleteUserInput{AccessToken: &first.AccessToken})))
		next := p.NewUser(t, cognitotest.Username("ann")).Tokens(t)
		for _, c := range tokenCalls {
			wantCode(t, c.call(p, first.AccessToken), "UserNotFoundException")
		}
		if err := fail(refresh(p, first.RefreshToken)); err == nil {
			t.Error("the first user's refresh token is still good")
		}
		need(t, revoke(p, revoked.RefreshToken))
		need(t, fail(whoAmI(p, next.AccessToken)))
		need(t, fail(refresh(p, next.RefreshToken)))
	}},
}

var ownAttributes = []Behaviour{
	{"a user sets attributes, and deletes them by a blank value or by name", func(t *testing.T, start Start) {
		p := start(t, schema(custom("tenant", true)))
		u := p.NewUser(t, cognitotest.Attribute("name", "Ann"), cognitotest.Attribute("locale", "en"))
		sent, err := change(p, u.AccessToken(t), "name", "Anna", "custom:tenant", "acme", "website", "https://example.com")
		need(t, err)
		if len(sent) != 0 {
			t.Errorf("codes went to %v, want none", sent)
		}
		wantAttributes(t, p, u.Username, "name", "Anna", "locale", "en", "custom:tenant", "acme", "website", "https://example.com")
		_, err = change(p, u.AccessToken(t), "website", "")
		need(t, err)
		need(t, drop(p, u.AccessToken(t), "locale", "custom:tenant", "nickname")) // a nickname was never set
		wantAttributes(t, p, u.Username, "name", "Anna")
	}},
	{"a refused change of attributes changes none of them", func(t *testing.T, start Start) {
		p := start(t, schema(custom("role", false)))
		u := p.NewUser(t, cognitotest.Attribute("name", "Ann"))
		for _, test := range []struct{ why, name, value, want string }{
			{"unknown", "nosuch", "x", "Invalid user attributes: user.nosuch: Attribute does not exist in the schema.\n"},
			{"unknown custom", "custom:foo", "x", "Invalid user attributes: user.custom:foo: Attribute does not exist in the schema.\n"},
			{"immutable", "custom:role", "x", "Cannot modify the non-mutable attribute custom:role"},
			{"the sub", "sub", "x", "Cannot modify the non-mutable attribute sub"},
			{"a flag of the service", "email_verified", "true", "Cannot modify the non-mutable attribute email_verified"},
			{"another", "phone_number_verified", "true", "Cannot modify the non-mutable attribute phone_number_verified"},
			{"bad email", "email", "invalidEmailFormat.com", "Invalid email address format."},
			{"bad phone number", "phone_number", "2065550134", "Invalid phone number format."},
		} {
			part(t, test.why, func(t *testing.T) {
				_, err := change(p, u.AccessToken(t), "name", "Anna", test.name, test.value)
				wantError(t, err, "InvalidParameterException", test.want)
				wantAttributes(t, p, u.Username, "name", "Ann")
			})
		}
	}},
	{"a null value changes nothing", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		_, err := p.Client().UpdateUserAttributes(ctx, &cip.UpdateUserAttributesInput{
			AccessToken: aws.String(u.AccessToken(t)), UserAttributes: []types.AttributeType{{Name: aws.String("picture")}},
		})
		wantError(t, err, "InvalidParameterException", "Attribute value for picture must not be null")
	}},
	{"a user changes what the token's client may write", func(t *testing.T, start Start) {
		p := start(t, schema(custom("tenant", true)), cognitotest.WithAppClient(cip.CreateUserPoolClientInput{WriteAttributes: []string{"name"}}))
		u := p.NewUser(t, cognitotest.Attribute("nickname", "annie"), cognitotest.Attribute("custom:tenant", "acme"))
		for _, name := range []string{"nickname", "custom:tenant"} {
			_, err := change(p, u.AccessToken(t), "name", "Ann", name, "x")
			wantError(t, err, "NotAuthorizedException", unauthorizedAttribute)
			wantError(t, drop(p, u.AccessToken(t), name), "NotAuthorizedException", unauthorizedAttribute)
		}
		wantAttributes(t, p, u.Username, "nickname", "annie", "custom:tenant", "acme")
		_, err := change(p, u.AccessToken(t), "name", "Ann")
		need(t, err)
	}},
	{"a client without a list writes every attribute but those of the service and of developers", func(t *testing.T, start Start) {
		p := start(t, schema(custom("tenant", true), types.SchemaAttributeType{
			Name: aws.String("note"), AttributeDataType: types.AttributeDataTypeString, DeveloperOnlyAttribute: aws.Bool(true),
		}))
		u := p.NewUser(t)
		_, err := change(p, u.AccessToken(t), "custom:tenant", "acme")
		need(t, err)
		_, err = change(p, u.AccessToken(t), "dev:custom:note", "x")
		wantError(t, err, "NotAuthorizedException", unauthorizedAttribute)
	}},
	{"what a user cannot do without cannot be deleted", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{
			UsernameAttributes: []types.UsernameAttributeType{types.UsernameAttributeTypeEmail},
			Schema:             []types.SchemaAttributeType{{Name: aws.String("name"), Required: aws.Bool(true)}},
		}))
		u := p.NewUser(t, cognitotest.Attribute("name", "Ann"))
		for _, name := range []string{"sub", "name", "email", "email_verified"} {
			wantCode(t, drop(p, u.AccessToken(t), name), "InvalidParameterException")
		}
		wantAttributes(t, p, u.Username, "name", "Ann", "email", u.Email, "email_verified", "true")
	}},
	{"a name that is deleted must be known", func(t *testing.T, start Start) {
		p := start(t)
		wantError(t, drop(p, p.NewUser(t).AccessToken(t), "nosuch"), "InvalidParameterException",
			"Invalid user attributes: user.nosuch: Attribute does not exist in the schema.\n")
	}},
	{"preferred_username, as an alias, signs in at once and names one user", func(t *testing.T, start Start) {
		p := start(t, aliases(types.AliasAttributeTypePreferredUsername))
		ann, bob := p.NewUser(t), p.NewUser(t)
		_, err := change(p, ann.AccessToken(t), "preferred_username", "annie")
		need(t, err)
		_, err = signIn(p, "annie", ann.Password)
		need(t, err)
		_, err = change(p, bob.AccessToken(t), "preferred_username", "annie")
		wantCode(t, err, "AliasExistsException")
	}},
}
