package pool

import (
	"cmp"
	"encoding/xml"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// providerKind is what the service knows of a type of identity providers.
type providerKind struct {
	required []string // details
	lacking  string   // the answer where one of them is missing
	rule     func(map[string]string) error
	details  map[string]string // that are added (API reference)
	mapping  map[string]string // that is added: seen for Google, inferred for the others
}

// check judges the details of a request.
func (k providerKind) check(details map[string]string) error {
	if slices.ContainsFunc(k.required, func(key string) bool { return details[key] == "" }) {
		return InvalidParameter(k.lacking)
	}
	if k.rule == nil {
		return nil
	}
	return k.rule(details)
}

// kindOf returns the kind of an identity provider. What is added gives way to details of the request (inferred).
func kindOf(s *types.IdentityProviderType) providerKind {
	switch s.ProviderType {
	case types.IdentityProviderTypeTypeSaml:
		return providerKind{rule: checkSAML}
	case types.IdentityProviderTypeTypeOidc:
		return oidcKind()
	case types.IdentityProviderTypeTypeSignInWithApple:
		return appleKind()
	case types.IdentityProviderTypeTypeFacebook:
		return facebookKind(s.ProviderDetails["api_version"])
	case types.IdentityProviderTypeTypeLoginWithAmazon:
		return amazonKind()
	}
	return googleKind()
}

// social makes a kind of what three of the social providers have in common.
func social(username string, details map[string]string) providerKind {
	return providerKind{
		required: []string{"client_id", "client_secret", "authorize_scopes"}, lacking: socialIncomplete,
		details: details, mapping: map[string]string{usernameKey: username},
	}
}

func googleKind() providerKind {
	return social("sub", map[string]string{
		"attributes_url":                "https://people.googleapis.com/v1/people/me?personFields=",
		"attributes_url_add_attributes": "true",
		"authorize_url":                 "https://accounts.google.com/o/oauth2/v2/auth",
		"oidc_issuer":                   "https://accounts.google.com",
		"token_request_method":          "POST",
		"token_url":                     "https://www.googleapis.com/oauth2/v4/token",
	})
}

// facebookKind has the version of the API reference's example where a request gives none (inferred).
func facebookKind(version string) providerKind {
	version = cmp.Or(version, "v17.0")
	return social("id", map[string]string{
		"api_version":                   version,
		"attributes_url":                "https://graph.facebook.com/" + version + "/me?fields=",
		"attributes_url_add_attributes": "true",
		"authorize_url":                 "https://www.facebook.com/" + version + "/dialog/oauth",
		"token_request_method":          "GET",
		"token_url":                     "https://graph.facebook.com/" + version + "/oauth/access_token",
	})
}

func amazonKind() providerKind {
	return social("user_id", map[string]string{
		"attributes_url":                "https://api.amazon.com/user/profile",
		"attributes_url_add_attributes": "false",
		"authorize_url":                 "https://www.amazon.com/ap/oa",
		"token_request_method":          "POST",
		"token_url":                     "https://api.amazon.com/auth/o2/token",
	})
}

func appleKind() providerKind {
	return providerKind{
		required: []string{"client_id", "team_id", "key_id", "private_key"}, lacking: appleIncomplete,
		details: map[string]string{
			"attributes_url_add_attributes": "false",
			"authorize_url":                 "https://appleid.apple.com/auth/authorize",
			"oidc_issuer":                   "https://appleid.apple.com",
			"token_request_method":          "POST",
			"token_url":                     "https://appleid.apple.com/auth/token",
		},
		mapping: map[string]string{usernameKey: "sub"},
	}
}

func oidcKind() providerKind {
	return providerKind{
		required: []string{"client_id", "authorize_scopes", "oidc_issuer", "attributes_request_method"}, lacking: oidcIncomplete,
		rule: func(details map[string]string) error {
			if !strings.HasPrefix(details["oidc_issuer"], "https://") {
				return InvalidParameter(oidcInsecure)
			}
			return nil
		},
		details: map[string]string{"attributes_url_add_attributes": "false"},
		mapping: map[string]string{usernameKey: "sub"},
	}
}

// Details of SAML providers.
const (
	metadataURL  = "MetadataURL"
	metadataFile = "MetadataFile"

	// EncryptionCertificate is the detail that the service makes itself, of a key of the pool.
	EncryptionCertificate = "ActiveEncryptionCertificate"
)

func checkSAML(details map[string]string) error {
	switch byURL, byFile := details[metadataURL] != "", details[metadataFile] != ""; {
	case byURL && byFile:
		return InvalidParameter(metadataTwice)
	case !byURL && !byFile:
		return InvalidParameter(metadataMissing)
	}
	return nil
}

// completeSAML adds where the provider's metadata says that users sign in and out.
func completeSAML(details map[string]string) error {
	delete(details, EncryptionCertificate)
	if details[metadataFile] == "" {
		return nil
	}
	m, err := parseMetadata(details[metadataFile])
	if err != nil {
		return InvalidParameter(metadataUnreadable)
	}
	for key, services := range map[string][]samlService{"SSORedirectBindingURI": m.SignIn, "SLORedirectBindingURI": m.SignOut} {
		if location := redirectOf(services); location != "" {
			details[key] = location
		}
	}
	return nil
}

// metadata is what the fake reads of the metadata of a SAML provider.
type metadata struct {
	XMLName xml.Name      `xml:"EntityDescriptor"`
	Issuer  string        `xml:"entityID,attr"`
	SignIn  []samlService `xml:"IDPSSODescriptor>SingleSignOnService"`
	SignOut []samlService `xml:"IDPSSODescriptor>SingleLogoutService"`
}

type samlService struct {
	Binding  string `xml:",attr"`
	Location string `xml:",attr"`
}

func parseMetadata(text string) (m metadata, err error) {
	err = xml.Unmarshal([]byte(text), &m)
	return m, err
}

// issuerOf returns the name of a SAML provider, as far as its metadata is known, or "".
func issuerOf(s *types.IdentityProviderType) string {
	m, err := parseMetadata(s.ProviderDetails[metadataFile])
	if err != nil {
		return ""
	}
	return m.Issuer
}

// redirectOf returns where a browser is redirected to, or "".
func redirectOf(services []samlService) string {
	for _, s := range services {
		if s.Binding == "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" {
			return s.Location
		}
	}
	return ""
}
