package pool

import (
	"maps"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// providerRequest asks for a provider that is right, but for what edits change.
func providerRequest(name string, of types.IdentityProviderTypeType, details map[string]string) *cip.CreateIdentityProviderInput {
	return &cip.CreateIdentityProviderInput{ProviderName: &name, ProviderType: of, ProviderDetails: details}
}

func oidcDetails(edit map[string]string) map[string]string {
	details := map[string]string{"client_id": "a", "authorize_scopes": "openid", "oidc_issuer": "https://a.example", "attributes_request_method": "GET"}
	maps.Copy(details, edit)
	return details
}

func TestNamesOfProviders(t *testing.T) {
	for _, test := range []struct {
		why  string
		in   *cip.CreateIdentityProviderInput
		want string
	}{
		{"any name", providerRequest("Partner", types.IdentityProviderTypeTypeOidc, oidcDetails(nil)), ""},
		{"the name of a social provider", providerRequest("Google", types.IdentityProviderTypeTypeOidc, oidcDetails(nil)), "InvalidParameterException: Provider Google cannot be of type OIDC."},
		{"the name of another social provider", providerRequest("Facebook", types.IdentityProviderTypeTypeGoogle, nil), "InvalidParameterException: Provider Facebook cannot be of type Google."},
		{"the pool's own name", providerRequest("COGNITO", types.IdentityProviderTypeTypeSaml, nil), "InvalidParameterException: Provider COGNITO cannot be of type SAML."},
		{"no name where nobody has looked", &cip.CreateIdentityProviderInput{}, "InvalidParameterException: " + socialIncomplete},
	} {
		t.Run(test.why, func(t *testing.T) {
			_, err := NewProvider(test.in, mustSchema(t))
			wantError(t, err, test.want)
		})
	}
}

func TestProvidersAreCompleted(t *testing.T) {
	for _, test := range []struct {
		why  string
		in   *cip.CreateIdentityProviderInput
		get  func(*types.IdentityProviderType) any
		want string
	}{
		{"details of the request win", providerRequest("Partner", types.IdentityProviderTypeTypeOidc, oidcDetails(map[string]string{"attributes_url_add_attributes": "true"})),
			func(s *types.IdentityProviderType) any { return s.ProviderDetails["attributes_url_add_attributes"] }, `"true"`},
		{"Facebook has a version", providerRequest("Facebook", types.IdentityProviderTypeTypeFacebook, map[string]string{"client_id": "a", "client_secret": "b", "authorize_scopes": "c"}),
			func(s *types.IdentityProviderType) any { return s.ProviderDetails["authorize_url"] }, `"https://www.facebook.com/v17.0/dialog/oauth"`},
		{"metadata that is elsewhere stays there", providerRequest("Partner", types.IdentityProviderTypeTypeSaml, map[string]string{"MetadataURL": "https://a.example", "ActiveEncryptionCertificate": "stale"}),
			func(s *types.IdentityProviderType) any { return []any{s.ProviderDetails, s.AttributeMapping} }, `[{"MetadataURL":"https://a.example"},null]`},
	} {
		t.Run(test.why, func(t *testing.T) {
			s, err := NewProvider(test.in, mustSchema(t))
			wantError(t, err, "")
			wantJSON(t, test.get(s), test.want)
		})
	}
}

func TestMappings(t *testing.T) {
	schema := mustSchema(t, declared("tenant", str))
	for _, test := range []struct {
		why     string
		mapping map[string]string
		want    string
	}{
		{"standard and custom attributes, flags, and the name of the user", map[string]string{"email": "a", "email_verified": "b", "custom:tenant": "c", "username": "d"}, ""},
		{"all that are unknown", map[string]string{"email": "a", "custom:b": "b", "custom:a": "c", "sub": "d"}, "InvalidParameterException: AttributeMapping contains invalid mapping: [custom:a, custom:b, sub]"},
	} {
		in := providerRequest("Partner", types.IdentityProviderTypeTypeOidc, oidcDetails(nil))
		in.AttributeMapping = test.mapping
		_, err := NewProvider(in, schema)
		wantError(t, err, test.want)
	}
}

func TestAPoolHas300Providers(t *testing.T) {
	p := newTestPool(t, nil)
	for i := range maxProviders + 1 {
		s := &types.IdentityProviderType{ProviderName: aws.String(string(rune('a' + i)))}
		want := ""
		if i == maxProviders {
			want = "LimitExceededException: The number of identity providers is at its limit."
		}
		wantError(t, p.AddProviderLocked(s), want)
	}
}

// FuzzMetadata looks for metadata that cannot be read twice alike, or at all without a panic.
func FuzzMetadata(f *testing.F) {
	for _, seed := range []string{"", "<a/>", `<EntityDescriptor><IDPSSODescriptor><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://a.example"/></IDPSSODescriptor></EntityDescriptor>`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		details := map[string]string{metadataFile: text}
		first := completeSAML(details)
		again := maps.Clone(details)
		if second := completeSAML(again); (first == nil) != (second == nil) || !maps.Equal(details, again) {
			t.Errorf("%v, then %v; %v, then %v", first, second, details, again)
		}
	})
}
