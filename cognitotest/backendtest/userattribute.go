package backendtest

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
)

// update sets attributes as an administrator.
func update(p *cognitotest.Provider, username string, namesAndValues ...string) error {
	_, err := p.Client().AdminUpdateUserAttributes(ctx, &cip.AdminUpdateUserAttributesInput{
		UserPoolId: &p.PoolID, Username: &username, UserAttributes: pairs(namesAndValues...),
	})
	return err
}

// erase deletes attributes as an administrator.
func erase(p *cognitotest.Provider, username string, names ...string) error {
	_, err := p.Client().AdminDeleteUserAttributes(ctx, &cip.AdminDeleteUserAttributesInput{
		UserPoolId: &p.PoolID, Username: &username, UserAttributeNames: names,
	})
	return err
}

// wantAttributes checks all attributes of a user but the sub, by names and values in turn.
func wantAttributes(t *testing.T, p *cognitotest.Provider, username string, namesAndValues ...string) {
	t.Helper()
	if diff := cmp.Diff(values(pairs(namesAndValues...)), values(look(t, p, username).UserAttributes)); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
}

// verifying is a pool that sends codes to new e-mail addresses, and may want them back first.
func verifying(beforeUpdate bool) cognitotest.Option {
	in := cip.CreateUserPoolInput{AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail}}
	if beforeUpdate {
		in.UserAttributeUpdateSettings = &types.UserAttributeUpdateSettingsType{AttributesRequireVerificationBeforeUpdate: in.AutoVerifiedAttributes}
	}
	return cognitotest.WithPool(in)
}

var userAttributes = []Behaviour{
	{"an administrator sets attributes, and deletes them by a blank value or by name", func(t *testing.T, start Start) {
		p := start(t, schema(custom("tenant", true), types.SchemaAttributeType{
			Name: aws.String("note"), AttributeDataType: types.AttributeDataTypeString, DeveloperOnlyAttribute: aws.Bool(true),
		}))
		u := p.NewUser(t, cognitotest.Attribute("name", "Ann"), cognitotest.Attribute("locale", "en"))
		need(t, update(p, u.Username, "name", "Anna", "custom:tenant", "acme", "dev:custom:note", "x", "website", "https://example.com"))
		wantAttributes(t, p, u.Username, "name", "Anna", "locale", "en", "custom:tenant", "acme", "dev:custom:note", "x", "website", "https://example.com")
		need(t, update(p, u.Username, "name", "", "website", ""))
		wantAttributes(t, p, u.Username, "locale", "en", "custom:tenant", "acme", "dev:custom:note", "x")
		need(t, erase(p, u.Username, "locale", "custom:tenant", "dev:custom:note", "nickname")) // a nickname was never set
		wantAttributes(t, p, u.Username)
	}},
	{"a change is dated", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		before := look(t, p, u.Username)
		pass(t, p, 1_000_000_000)
		need(t, update(p, u.Username, "name", "Ann"))
		after := look(t, p, u.Username)
		if !after.UserLastModifiedDate.After(*before.UserLastModifiedDate) || !after.UserCreateDate.Equal(*before.UserCreateDate) {
			t.Errorf("created %v, modified %v; before the change modified %v", after.UserCreateDate, after.UserLastModifiedDate, before.UserLastModifiedDate)
		}
	}},
	{"an administrator's update is refused as a whole", func(t *testing.T, start Start) {
		p := start(t, schema(custom("role", false), types.SchemaAttributeType{Name: aws.String("nickname"), Required: aws.Bool(true)}))
		u := p.NewUser(t, cognitotest.Attribute("name", "Ann"), cognitotest.Attribute("nickname", "annie"), cognitotest.Attribute("custom:role", "boss"))
		for _, row := range []struct{ why, name, value, message string }{
			{"immutable", "custom:role", "clerk", "user.custom:role: Attribute cannot be updated.\n"},
			{"unknown", "custom:foo", "x", "Invalid user attributes: user.custom:foo: Attribute does not exist in the schema.\n"},
			{"the service's", "sub", "1", "Cannot modify the non-mutable attribute sub"},
			{"no e-mail address", "email", "ann", "Invalid email address format."},
			{"no phone number", "phone_number", "0100", "Invalid phone number format."},
		} {
			part(t, row.why, func(t *testing.T) {
				wantError(t, update(p, u.Username, "name", "Anna", row.name, row.value), "InvalidParameterException", row.message)
			})
		}
		_, err := p.Client().AdminUpdateUserAttributes(ctx, &cip.AdminUpdateUserAttributesInput{
			UserPoolId: &p.PoolID, Username: &u.Username, UserAttributes: []types.AttributeType{{Name: aws.String("picture")}},
		})
		wantError(t, err, "InvalidParameterException", "Attribute value for picture must not be null")
		wantCode(t, update(p, u.Username, "nickname", ""), "InvalidParameterException")
		wantCode(t, update(p, u.Username, "email_verified", "true"), "InvalidParameterException")
		wantAttributes(t, p, u.Username, "name", "Ann", "nickname", "annie", "custom:role", "boss")
	}},
	{"an immutable attribute cannot be set later either", func(t *testing.T, start Start) {
		p := start(t, schema(custom("role", false)))
		wantError(t, update(p, p.NewUser(t).Username, "custom:role", "clerk"), "InvalidParameterException", "user.custom:role: Attribute cannot be updated.\n")
	}},
	{"what a user must have cannot be deleted", func(t *testing.T, start Start) {
		p := start(t, schema(custom("role", false), types.SchemaAttributeType{Name: aws.String("nickname"), Required: aws.Bool(true)}))
		u := p.NewUser(t, cognitotest.Attribute("nickname", "annie"), cognitotest.Attribute("name", "Ann"))
		for _, name := range []string{"sub", "nickname", "custom:role", "custom:unknown"} {
			wantCode(t, erase(p, u.Username, "name", name), "InvalidParameterException")
		}
		wantAttributes(t, p, u.Username, "nickname", "annie", "name", "Ann")

		p = start(t, usernames(types.UsernameAttributeTypeEmail))
		wantCode(t, erase(p, p.NewUser(t).Username, "email"), "InvalidParameterException")
	}},
	{"an address and its flag go together", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Email("a@example.com"), cognitotest.Phone("+12065550100"))
		need(t, erase(p, u.Username, "email"))
		need(t, update(p, u.Username, "phone_number", ""))
		wantAttributes(t, p, u.Username)
	}},
	{"a new address is unverified unless the administrator says otherwise", func(t *testing.T, start Start) {
		p := start(t)
		for _, row := range []struct {
			why         string
			given, want []string
		}{
			{"new", []string{"email", "b@example.com"}, []string{"email", "b@example.com", "email_verified", "false"}},
			{"new and verified", []string{"email", "b@example.com", "email_verified", "True"}, []string{"email", "b@example.com", "email_verified", "true"}},
			{"the same", []string{"email", "a@example.com"}, []string{"email", "a@example.com", "email_verified", "true"}},
			{"no longer verified", []string{"email_verified", "false"}, []string{"email", "a@example.com", "email_verified", "false"}},
		} {
			part(t, row.why, func(t *testing.T) {
				u := p.NewUser(t, cognitotest.Email("a@example.com"))
				need(t, update(p, u.Username, row.given...))
				wantAttributes(t, p, u.Username, row.want...)
				if sent := inbox(t, p, u.Username); len(sent) != 0 {
					t.Errorf("a pool that verifies nothing sent %+v", sent)
				}
			})
		}
	}},
	{"a new address gets a code where the pool verifies addresses, unless it comes verified", func(t *testing.T, start Start) {
		p := start(t, verifying(false))
		u := p.NewUser(t, cognitotest.Email("a@example.com"))
		needFake(t, p, hidden)
		need(t, update(p, u.Username, "email", "b@example.com"))
		wantAttributes(t, p, u.Username, "email", "b@example.com", "email_verified", "false")
		sent := inbox(t, p, u.Username)
		if len(sent) != 1 || sent[0].To != "b@example.com" || sent[0].Trigger != "CustomMessage_UpdateUserAttribute" || len(sent[0].Code) != 6 {
			t.Errorf("sent %+v, want six digits to b@example.com", sent)
		}
		need(t, update(p, u.Username, "email", "c@example.com", "email_verified", "true", "phone_number", "+12065550100"))
		if sent := inbox(t, p, u.Username); len(sent) != 1 {
			t.Errorf("sent %+v, want nothing more: the address is verified, and phone numbers are not the pool's to verify", sent)
		}
	}},
	{"an address that goes cannot be verified, in whatever order an update says so", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Email("a@example.com"))
		for _, in := range [][]string{{"email", "", "email_verified", "true"}, {"email_verified", "true", "email", ""}} {
			wantCode(t, update(p, u.Username, in...), invalid)
			wantAttributes(t, p, u.Username, "email", "a@example.com", "email_verified", "true")
		}
		for _, in := range [][]string{{"email", "b@example.com", "email_verified", "true"}, {"email_verified", "true", "email", "c@example.com"}} {
			need(t, update(p, u.Username, in...))
			if got := attribute(look(t, p, u.Username).UserAttributes, "email_verified"); got != "true" {
				t.Errorf("%v: email_verified = %q, want true", in, got)
			}
		}
	}},
	{"where the pool wants the code first, the old address stays until then, unless the new one comes verified", func(t *testing.T, start Start) {
		p := start(t, verifying(true))
		u := p.NewUser(t, cognitotest.Email("a@example.com"))
		needFake(t, p, hidden)
		need(t, update(p, u.Username, "email", "b@example.com"))
		wantAttributes(t, p, u.Username, "email", "a@example.com", "email_verified", "true")
		if sent := inbox(t, p, u.Username); len(sent) != 1 || sent[0].To != "b@example.com" {
			t.Errorf("sent %+v, want one code to b@example.com", sent)
		}
		need(t, update(p, u.Username, "email", "c@example.com", "email_verified", "true"))
		wantAttributes(t, p, u.Username, "email", "c@example.com", "email_verified", "true")
	}},
	{"an address that names another user is refused", func(t *testing.T, start Start) {
		for _, row := range []struct {
			why   string
			pool  cognitotest.Option
			given []string
		}{
			{"username attribute", usernames(types.UsernameAttributeTypeEmail), []string{"email", "a@example.com"}},
			{"alias", aliases(types.AliasAttributeTypeEmail), []string{"email", "a@example.com", "email_verified", "true"}},
		} {
			part(t, row.why, func(t *testing.T) {
				p := start(t, row.pool)
				p.NewUser(t, cognitotest.Email("a@example.com"))
				u := p.NewUser(t, cognitotest.Email("b@example.com"))
				wantError(t, update(p, u.Username, row.given...), "AliasExistsException", "An account with the given email already exists.")
				wantAttributes(t, p, u.Username, "email", "b@example.com", "email_verified", "true")
			})
		}
	}},
	{"preferred_username, as an alias, names one user", func(t *testing.T, start Start) {
		p := start(t, aliases(types.AliasAttributeTypePreferredUsername))
		ann, bob := p.NewUser(t), p.NewUser(t)
		need(t, update(p, ann.Username, "preferred_username", "boss"))
		wantCode(t, update(p, bob.Username, "preferred_username", "boss"), "AliasExistsException")
		_, err := signIn(p, "boss", ann.Password)
		need(t, err)
	}},
}
