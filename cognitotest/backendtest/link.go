package backendtest

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// accountAt names an account: provider, attribute and value.
func accountAt(provider, attribute, value string) *types.ProviderUserIdentifierType {
	return &types.ProviderUserIdentifierType{ProviderName: &provider, ProviderAttributeName: &attribute, ProviderAttributeValue: &value}
}

// native names a user of the pool.
func native(username string) *types.ProviderUserIdentifierType {
	return accountAt("Cognito", "Cognito_Subject", username)
}

func link(p *cognitotest.Provider, source, destination *types.ProviderUserIdentifierType) error {
	return fail(p.Client().AdminLinkProviderForUser(ctx, &cip.AdminLinkProviderForUserInput{UserPoolId: &p.PoolID, SourceUser: source, DestinationUser: destination}))
}

func unlink(p *cognitotest.Provider, a *types.ProviderUserIdentifierType) error {
	return fail(p.Client().AdminDisableProviderForUser(ctx, &cip.AdminDisableProviderForUserInput{UserPoolId: &p.PoolID, User: a}))
}

// trusting starts a pool with the provider Partner, and Google.
func trusting(t *testing.T, start Start, opts ...cognitotest.Option) *cognitotest.Provider {
	t.Helper()
	p := start(t, opts...)
	need(t, fail(provide(p, oidc("Partner", oidcDetails()))))
	need(t, fail(provide(p, social(types.IdentityProviderTypeTypeGoogle, socialDetails()))))
	return p
}

// identitiesOf returns the attribute of a user, with the dates made 0.
func identitiesOf(t *testing.T, p *cognitotest.Provider, username string) string {
	t.Helper()
	text := attribute(look(t, p, username).UserAttributes, "identities")
	return regexp.MustCompile(`"dateCreated":\d{13}\b`).ReplaceAllString(text, `"dateCreated":0`)
}

// federated is a pool with somebody who came from Google, with Bob, whose account at Google is linked, and with a
// user of the pool who has the name that somebody from Google would have.
const federated = `{"version": 1, "pools": [{
	"identityProviders": [{"name": "Google", "settings": {
		"ProviderType": "Google", "ProviderDetails": {"client_id": "a", "client_secret": "b", "authorize_scopes": "email"}
	}}],
	"users": [
		{"username": "Google_1", "identities": [{"provider": "Google", "value": "1", "primary": true}]},
		{"username": "bob", "password": "Correct-Horse-7", "identities": [{"provider": "Google", "value": "2"}]},
		{"username": "Google_3", "password": "Correct-Horse-7"}
	]
}]}`

// grown starts the pool federated. A real pool takes no fixtures.
func grown(t *testing.T, start Start) *cognitotest.Provider {
	t.Helper()
	file := filepath.Join(t.TempDir(), "federated.json")
	need(t, os.WriteFile(file, []byte(federated), 0o600))
	return start(t, cognitotest.Fixture(file))
}

var links = []Behaviour{
	{"a user shows the accounts that are linked, and stays as the user was", func(t *testing.T, start Start) {
		p := trusting(t, start)
		u := p.NewUser(t)
		need(t, link(p, accountAt("Google", "Cognito_Subject", "104837"), native(u.Username)))
		need(t, link(p, accountAt("Partner", "email", "ann@example.com"), native(u.Username)))
		want := `[{"userId":"104837","providerName":"Google","providerType":"Google","issuer":null,"primary":false,"dateCreated":0},` +
			`{"userId":"ann@example.com","providerName":"Partner","providerType":"OIDC","issuer":null,"primary":false,"dateCreated":0}]`
		wantSame(t, "identities", identitiesOf(t, p, u.Username), want)
		listed, err := p.Client().ListUsers(ctx, &cip.ListUsersInput{UserPoolId: &p.PoolID, Filter: aws.String(`username = "` + u.Username + `"`)})
		need(t, err)
		wantSame(t, "listed", attribute(listed.Users[0].Attributes, "identities"), attribute(look(t, p, u.Username).UserAttributes, "identities"))
		wantStatus(t, p, u.Username, types.UserStatusTypeConfirmed)
	}},
	{"an ID token has the linked accounts as a list, every value a string or null", func(t *testing.T, start Start) {
		p := trusting(t, start)
		u := p.NewUser(t)
		need(t, link(p, accountAt("Google", "Cognito_Subject", "104837"), native(u.Username)))
		_, id := both(t, u)
		list, _ := id["identities"].([]any)
		if len(list) != 1 {
			t.Fatalf("identities = %v, want one", id["identities"])
		}
		identity, _ := list[0].(map[string]any)
		if created, _ := identity["dateCreated"].(string); !regexp.MustCompile(`^\d{13}$`).MatchString(created) {
			t.Errorf("dateCreated = %v, want milliseconds in a string", identity["dateCreated"])
		}
		delete(identity, "dateCreated")
		wantSame(t, "identity", identity, map[string]any{"userId": "104837", "providerName": "Google", "providerType": "Google", "issuer": nil, "primary": "false"})
	}},
	{"an account of a SAML provider has an issuer", func(t *testing.T, start Start) {
		p := start(t)
		needFake(t, p, inferred) // before the first sign-in
		need(t, fail(provide(p, saml(details{"MetadataFile": samlMetadata()}))))
		u := p.NewUser(t)
		need(t, link(p, accountAt("Partner", "Cognito_Subject", "ann"), native(u.Username)))
		wantSame(t, "identities", identitiesOf(t, p, u.Username),
			`[{"userId":"ann","providerName":"Partner","providerType":"SAML","issuer":"https://saml.example.com","primary":false,"dateCreated":0}]`)
	}},
	{"an account is linked once", func(t *testing.T, start Start) {
		p := trusting(t, start)
		u, other := p.NewUser(t), p.NewUser(t)
		source := accountAt("Google", "Cognito_Subject", "104837")
		need(t, link(p, source, native(u.Username)))
		wantError(t, link(p, source, native(u.Username)), invalid, "SourceUser is already linked to DestinationUser")
		wantInferred(t, p, link(p, source, native(other.Username)), invalid)
	}},
	{"an account that has a user of its own is not linked", func(t *testing.T, start Start) {
		p := grown(t, start)
		wantError(t, link(p, accountAt("Google", "Cognito_Subject", "1"), native("bob")), invalid,
			"Merging is not currently supported, provide a SourceUser that has not been signed up in order to link")
	}},
	{"an account is linked to a user who came from a provider, too", func(t *testing.T, start Start) {
		p := grown(t, start)
		need(t, link(p, accountAt("Google", "Cognito_Subject", "4"), accountAt("Google", "", "1")))
		wantSame(t, "identities", identitiesOf(t, p, "Google_1"), `[{"userId":"1","providerName":"Google","providerType":"Google","issuer":null,"primary":true,"dateCreated":0},`+
			`{"userId":"4","providerName":"Google","providerType":"Google","issuer":null,"primary":false,"dateCreated":0}]`)
		wantStatus(t, p, "Google_1", types.UserStatusTypeExternalProvider)
	}},
	{"a user of the pool is no source of a link, nor one who has taken the name of an account's user", func(t *testing.T, start Start) {
		p := trusting(t, start)
		wantCode(t, link(p, native(p.NewUser(t).Username), native(p.NewUser(t).Username)), invalid)
		p = grown(t, start)
		wantCode(t, link(p, accountAt("Google", "Cognito_Subject", "3"), native("bob")), invalid)
	}},
	{"accounts of social providers are named by their subject", func(t *testing.T, start Start) {
		p := trusting(t, start)
		wantCode(t, link(p, accountAt("Google", "email", "ann@example.com"), native(p.NewUser(t).Username)), invalid)
	}},
	{"accounts are linked to users that exist, at providers that exist", func(t *testing.T, start Start) {
		p := trusting(t, start)
		wantCode(t, link(p, accountAt("Google", "Cognito_Subject", "1"), native("nobody")), "UserNotFoundException")
		wantCode(t, link(p, accountAt("Google", "Cognito_Subject", "1"), accountAt("Google", "", "2")), "UserNotFoundException")
		wantInferred(t, p, link(p, accountAt("Nobody", "Cognito_Subject", "1"), native(p.NewUser(t).Username)), "ResourceNotFoundException")
	}},
	{"a user has five accounts at most", func(t *testing.T, start Start) {
		p := trusting(t, start)
		u := p.NewUser(t)
		for _, id := range []string{"1", "2", "3", "4", "5"} {
			need(t, link(p, accountAt("Partner", "Cognito_Subject", id), native(u.Username)))
		}
		wantCode(t, link(p, accountAt("Partner", "Cognito_Subject", "6"), native(u.Username)), "LimitExceededException")
	}},
	{"a user with a custom attribute that cannot change is not linked", func(t *testing.T, start Start) {
		p := trusting(t, start, schema(custom("fixed", false)))
		u := p.NewUser(t, cognitotest.Attribute("custom:fixed", "x"))
		wantCode(t, link(p, accountAt("Google", "Cognito_Subject", "1"), native(u.Username)), invalid)
	}},
	{"an account that is unlinked can be linked again", func(t *testing.T, start Start) {
		p := trusting(t, start)
		u := p.NewUser(t)
		source := accountAt("Partner", "email", "ann@example.com")
		need(t, link(p, source, native(u.Username)))
		need(t, unlink(p, source))
		wantSame(t, "identities", identitiesOf(t, p, u.Username), "")
		wantInferred(t, p, unlink(p, source), "UserNotFoundException")
		need(t, link(p, source, native(p.NewUser(t).Username)))
	}},
	{"a user whose password is disabled does not sign in by it, until there is another", func(t *testing.T, start Start) {
		p := trusting(t, start)
		u := p.NewUser(t)
		need(t, link(p, accountAt("Google", "Cognito_Subject", "1"), native(u.Username)))
		need(t, unlink(p, native(u.Username)))
		wantInferred(t, p, fail(signIn(p, u.Username, u.Password)), "NotAuthorizedException")
		need(t, setPassword(p, u.Username, "Another-Horse-8", true))
		wantStatus(t, p, u.Username, types.UserStatusTypeConfirmed)
	}},
	{"a user who came from a provider has no password, and none to reset", func(t *testing.T, start Start) {
		p := grown(t, start)
		wantError(t, resetPassword(p, "Google_1"), "NotAuthorizedException", "User password cannot be reset in the current state.")
		need(t, setPassword(p, "Google_1", "Another-Horse-8", true))
		wantStatus(t, p, "Google_1", types.UserStatusTypeConfirmed)
	}},
	{"the account of a deleted user can be linked", func(t *testing.T, start Start) {
		p := grown(t, start)
		need(t, fail(p.Client().AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: &p.PoolID, Username: aws.String("Google_1")})))
		need(t, link(p, accountAt("Google", "Cognito_Subject", "1"), native("bob")))
	}},
}
