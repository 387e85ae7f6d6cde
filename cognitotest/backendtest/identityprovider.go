package backendtest

import (
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// details are settings of an identity provider by name.
type details = map[string]string

// provide makes an identity provider.
func provide(p *cognitotest.Provider, in cip.CreateIdentityProviderInput) (*types.IdentityProviderType, error) {
	in.UserPoolId = &p.PoolID
	out, err := p.Client().CreateIdentityProvider(ctx, &in)
	if err != nil {
		return nil, err
	}
	return out.IdentityProvider, nil
}

// socialDetails are enough for Google, Facebook and Amazon.
func socialDetails() details {
	return details{"client_id": "app", "client_secret": "secret", "authorize_scopes": "email"}
}

// social is a social provider with these details.
func social(of types.IdentityProviderTypeType, d details) cip.CreateIdentityProviderInput {
	return cip.CreateIdentityProviderInput{ProviderName: aws.String(string(of)), ProviderType: of, ProviderDetails: d}
}

// oidcDetails are those of a provider whose end points need no discovery.
func oidcDetails() details {
	return details{
		"client_id": "app", "client_secret": "secret", "authorize_scopes": "openid email", "oidc_issuer": "https://login.example.com", "attributes_request_method": "GET",
		"authorize_url": "https://login.example.com/authorize", "token_url": "https://login.example.com/token",
		"attributes_url": "https://login.example.com/userinfo", "jwks_uri": "https://login.example.com/jwks",
	}
}

func oidc(name string, d details) cip.CreateIdentityProviderInput {
	return cip.CreateIdentityProviderInput{ProviderName: &name, ProviderType: types.IdentityProviderTypeTypeOidc, ProviderDetails: d}
}

func saml(d details) cip.CreateIdentityProviderInput {
	return cip.CreateIdentityProviderInput{
		ProviderName: aws.String("Partner"), ProviderType: types.IdentityProviderTypeTypeSaml, ProviderDetails: d, AttributeMapping: details{"email": "mail"},
	}
}

// samlMetadata returns the metadata of a SAML provider with these services.
func samlMetadata(services ...string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://saml.example.com">
<md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
` + strings.Join(services, "\n") + `
</md:IDPSSODescriptor>
</md:EntityDescriptor>`
}

func samlService(name, binding, location string) string {
	return fmt.Sprintf(`<md:%s Binding="urn:oasis:names:tc:SAML:2.0:bindings:%s" Location="https://saml.example.com/%s"/>`, name, binding, location)
}

// edited returns details that others are added to or, by "", taken from.
func edited(base, edit details) details {
	all := maps.Clone(base)
	for key, value := range edit {
		all[key] = value
		if value == "" {
			delete(all, key)
		}
	}
	return all
}

// addedDetails are what the service tells of each type besides what it was told.
var addedDetails = []struct {
	in    cip.CreateIdentityProviderInput
	added details
	claim string // that the username is mapped to
}{
	{social(types.IdentityProviderTypeTypeGoogle, socialDetails()), details{
		"attributes_url": "https://people.googleapis.com/v1/people/me?personFields=", "attributes_url_add_attributes": "true",
		"authorize_url": "https://accounts.google.com/o/oauth2/v2/auth", "oidc_issuer": "https://accounts.google.com",
		"token_request_method": "POST", "token_url": "https://www.googleapis.com/oauth2/v4/token",
	}, "sub"},
	{social(types.IdentityProviderTypeTypeFacebook, edited(socialDetails(), details{"api_version": "v19.0"})), details{
		"attributes_url": "https://graph.facebook.com/v19.0/me?fields=", "attributes_url_add_attributes": "true",
		"authorize_url":        "https://www.facebook.com/v19.0/dialog/oauth",
		"token_request_method": "GET", "token_url": "https://graph.facebook.com/v19.0/oauth/access_token",
	}, "id"},
	{social(types.IdentityProviderTypeTypeLoginWithAmazon, socialDetails()), details{
		"attributes_url": "https://api.amazon.com/user/profile", "attributes_url_add_attributes": "false",
		"authorize_url":        "https://www.amazon.com/ap/oa",
		"token_request_method": "POST", "token_url": "https://api.amazon.com/auth/o2/token",
	}, "user_id"},
	{social(types.IdentityProviderTypeTypeSignInWithApple, details{"client_id": "app", "team_id": "t", "key_id": "k", "private_key": "p", "authorize_scopes": "email"}), details{
		"attributes_url_add_attributes": "false", "private_key": "",
		"authorize_url": "https://appleid.apple.com/auth/authorize", "oidc_issuer": "https://appleid.apple.com",
		"token_request_method": "POST", "token_url": "https://appleid.apple.com/auth/token",
	}, "sub"},
	{oidc("Partner", oidcDetails()), details{"attributes_url_add_attributes": "false"}, "sub"},
}

var identityProviders = []Behaviour{
	{"an identity provider shows its details, those that the service adds, and no private key", func(t *testing.T, start Start) {
		p := start(t)
		for _, row := range addedDetails {
			part(t, string(row.in.ProviderType), func(t *testing.T) {
				made, err := provide(p, row.in)
				need(t, err)
				wantSame(t, "details", made.ProviderDetails, edited(row.in.ProviderDetails, row.added))
				got, err := p.Client().DescribeIdentityProvider(ctx, &cip.DescribeIdentityProviderInput{UserPoolId: &p.PoolID, ProviderName: row.in.ProviderName})
				need(t, err)
				wantSame(t, "described", got.IdentityProvider, made)
				if *made.ProviderName != *row.in.ProviderName || made.ProviderType != row.in.ProviderType || *made.UserPoolId != p.PoolID {
					t.Errorf("made %s of %s in %s", *made.ProviderName, made.ProviderType, *made.UserPoolId)
				}
				if made.IdpIdentifiers != nil || made.CreationDate == nil || made.LastModifiedDate == nil {
					t.Errorf("identifiers %v, dates %v, %v", made.IdpIdentifiers, made.CreationDate, made.LastModifiedDate)
				}
				if row.claim == "sub" || onFake(p) { // for the others it is inferred
					wantSame(t, "mapping", made.AttributeMapping, details{"username": row.claim})
				}
			})
		}
	}},
	{"a SAML provider shows what its metadata says of redirection, a certificate of the pool, and the mapping as it is", func(t *testing.T, start Start) {
		p := start(t)
		file := samlMetadata(samlService("SingleSignOnService", "HTTP-POST", "post"), samlService("SingleSignOnService", "HTTP-Redirect", "in"))
		made, err := provide(p, saml(details{"MetadataFile": file, "EncryptedResponses": "false"}))
		need(t, err)
		der, err := base64.StdEncoding.DecodeString(made.ProviderDetails["ActiveEncryptionCertificate"])
		need(t, err)
		certificate, err := x509.ParseCertificate(der)
		need(t, err)
		wantSame(t, "subject", certificate.Subject.CommonName, p.PoolID)
		wantSame(t, "details", edited(made.ProviderDetails, details{"ActiveEncryptionCertificate": ""}),
			details{"MetadataFile": file, "EncryptedResponses": "false", "SSORedirectBindingURI": "https://saml.example.com/in"})
		wantSame(t, "mapping", made.AttributeMapping, details{"email": "mail"})
	}},
	{"a SAML provider that signs users out shows where", func(t *testing.T, start Start) {
		p := start(t)
		file := samlMetadata(samlService("SingleLogoutService", "HTTP-Redirect", "out"), samlService("SingleSignOnService", "HTTP-Redirect", "in"))
		made, err := provide(p, saml(details{"MetadataFile": file, "IDPSignout": "true"}))
		need(t, err)
		wantSame(t, "details", edited(made.ProviderDetails, details{"ActiveEncryptionCertificate": ""}), details{
			"MetadataFile": file, "IDPSignout": "true", "SSORedirectBindingURI": "https://saml.example.com/in", "SLORedirectBindingURI": "https://saml.example.com/out",
		})
	}},
	{"an identity provider that lacks something is refused", func(t *testing.T, start Start) {
		p := start(t)
		google, apple := types.IdentityProviderTypeTypeGoogle, types.IdentityProviderTypeTypeSignInWithApple
		misnamed := social(google, socialDetails())
		misnamed.ProviderName = aws.String("Search")
		mapped := oidc("Partner", oidcDetails())
		mapped.AttributeMapping = details{"custom:none": "claim"}
		for _, row := range []struct {
			why     string
			in      cip.CreateIdentityProviderInput
			message string
		}{
			{"a social provider has the name of its type", misnamed, "Provider Search cannot be of type Google."},
			{"Google wants a secret", social(google, details{"client_id": "app", "authorize_scopes": "email"}), "clientId, clientSecret and authorizeScopes are all required idp details."},
			{"Apple wants a key", social(apple, details{"client_id": "app", "authorize_scopes": "email"}), "clientId, privateKey, teamId, and keyId are all required idp details."},
			{"OIDC wants an issuer", oidc("Partner", edited(oidcDetails(), details{"oidc_issuer": ""})), "clientId, authorizeScopes, oidcIssuer and attributesRequestMethod are all required idp details."},
			{"an issuer is secure", oidc("Partner", edited(oidcDetails(), details{"oidc_issuer": "http://login.example.com"})), "OIDC endpoint must start with https://"},
			{"metadata is there", saml(details{"IDPSignout": "true"}), "At least one of the MetadataURL or MetadataFile should be provided."},
			{"metadata is there once", saml(details{"MetadataFile": samlMetadata(), "MetadataURL": "https://saml.example.com"}), "Only one of the MetadataURL or MetadataFile should be provided."},
			{"attributes of a mapping exist", mapped, "AttributeMapping contains invalid mapping: [custom:none]"},
			{"a name has 32 characters at most", oidc(strings.Repeat("a", 33), oidcDetails()),
				"1 validation error detected: Value '" + strings.Repeat("a", 33) + "' at 'providerName' failed to satisfy constraint: Member must have length less than or equal to 32"},
		} {
			part(t, row.why, func(t *testing.T) { wantError(t, fail(provide(p, row.in)), invalid, row.message) })
		}
	}},
	{"an identity provider is updated", func(t *testing.T, start Start) {
		p := start(t)
		made, err := provide(p, social(types.IdentityProviderTypeTypeGoogle, socialDetails()))
		need(t, err)
		out, err := p.Client().UpdateIdentityProvider(ctx, &cip.UpdateIdentityProviderInput{
			UserPoolId: &p.PoolID, ProviderName: made.ProviderName,
			ProviderDetails: edited(socialDetails(), details{"client_id": "other"}), AttributeMapping: details{"email": "email", "username": "sub"},
		})
		need(t, err)
		wantSame(t, "details", out.IdentityProvider.ProviderDetails, edited(made.ProviderDetails, details{"client_id": "other"}))
		wantSame(t, "mapping", out.IdentityProvider.AttributeMapping, details{"email": "email", "username": "sub"})
	}},
	{"what an update of an identity provider omits stays", func(t *testing.T, start Start) {
		p := start(t)
		needFake(t, p, inferred)
		made, err := provide(p, oidc("Partner", oidcDetails()))
		need(t, err)
		out, err := p.Client().UpdateIdentityProvider(ctx, &cip.UpdateIdentityProviderInput{UserPoolId: &p.PoolID, ProviderName: made.ProviderName, IdpIdentifiers: []string{"example.com"}})
		need(t, err)
		want := *made
		want.IdpIdentifiers, want.LastModifiedDate = []string{"example.com"}, out.IdentityProvider.LastModifiedDate
		wantSame(t, "updated", out.IdentityProvider, &want)
	}},
	{"names and identifiers of identity providers are taken once", func(t *testing.T, start Start) {
		p := start(t)
		first := oidc("First", oidcDetails())
		first.IdpIdentifiers = []string{"example.com"}
		need(t, fail(provide(p, first)))
		wantCode(t, fail(provide(p, oidc("First", oidcDetails()))), "DuplicateProviderException")
		first.ProviderName = aws.String("Second")
		wantCode(t, fail(provide(p, first)), "DuplicateProviderException")
		got, err := p.Client().GetIdentityProviderByIdentifier(ctx, &cip.GetIdentityProviderByIdentifierInput{UserPoolId: &p.PoolID, IdpIdentifier: aws.String("example.com")})
		need(t, err)
		wantSame(t, "provider", got.IdentityProvider.ProviderName, aws.String("First"))
	}},
	{"an identity provider that does not exist answers ResourceNotFoundException", func(t *testing.T, start Start) {
		p := start(t)
		c, name := p.Client(), aws.String("nobody")
		_, err := c.DescribeIdentityProvider(ctx, &cip.DescribeIdentityProviderInput{UserPoolId: &p.PoolID, ProviderName: name})
		wantCode(t, err, "ResourceNotFoundException")
		_, err = c.GetIdentityProviderByIdentifier(ctx, &cip.GetIdentityProviderByIdentifierInput{UserPoolId: &p.PoolID, IdpIdentifier: name})
		wantCode(t, err, "ResourceNotFoundException")
		_, err = c.UpdateIdentityProvider(ctx, &cip.UpdateIdentityProviderInput{UserPoolId: &p.PoolID, ProviderName: name})
		wantCode(t, err, "ResourceNotFoundException")
		_, err = c.DeleteIdentityProvider(ctx, &cip.DeleteIdentityProviderInput{UserPoolId: &p.PoolID, ProviderName: name})
		wantCode(t, err, "ResourceNotFoundException")
	}},
	{"identity providers are listed in pages, until they are deleted", func(t *testing.T, start Start) {
		p := start(t)
		for _, name := range []string{"Third", "First", "Second"} {
			need(t, fail(provide(p, oidc(name, oidcDetails()))))
		}
		_, err := p.Client().DeleteIdentityProvider(ctx, &cip.DeleteIdentityProviderInput{UserPoolId: &p.PoolID, ProviderName: aws.String("Second")})
		need(t, err)
		var names []string
		pages := cip.NewListIdentityProvidersPaginator(p.Client(), &cip.ListIdentityProvidersInput{UserPoolId: &p.PoolID, MaxResults: aws.Int32(1)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			need(t, err)
			for _, s := range page.Providers {
				names = append(names, *s.ProviderName)
			}
		}
		wantSame(t, "names", sorted(names), []string{"First", "Third"})
	}},
	{"an identity provider comes with a group for its users", func(t *testing.T, start Start) {
		p := start(t)
		need(t, fail(provide(p, oidc("Partner", oidcDetails()))))
		out, err := p.Client().GetGroup(ctx, &cip.GetGroupInput{UserPoolId: &p.PoolID, GroupName: aws.String(p.PoolID + "_Partner")})
		need(t, err)
		wantSame(t, "description", out.Group.Description, aws.String("Autogenerated group for users who sign in using Partner"))
		if out.Group.Precedence != nil || out.Group.RoleArn != nil {
			t.Errorf("group = %+v, want neither precedence nor role", out.Group)
		}
	}},
	{"an app client may name the identity providers that there are", func(t *testing.T, start Start) {
		p := start(t)
		need(t, fail(provide(p, oidc("Partner", oidcDetails()))))
		federated := func(name string) error {
			return fail(createClient(p, cip.CreateUserPoolClientInput{SupportedIdentityProviders: []string{"COGNITO", name}}))
		}
		need(t, federated("Partner"))
		wantError(t, federated("Nobody"), invalid, "The provider Nobody does not exist for User Pool "+p.PoolID+".")
	}},
}
