package pool

import (
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Native is the name of users with a password of their own, where other users are those of an identity provider.
// Settings of app clients write it in capitals.
const Native = "Cognito"

const nativeClients = "COGNITO"

// NewProvider judges a new identity provider and completes it: the result is what DescribeIdentityProvider
// answers without dates, besides a private key, which answers leave out. It shares nothing with in.
//
// Nothing is fetched: the end points behind an oidc_issuer or a MetadataURL are not among the details (inferred:
// the service adds them where it finds them).
func NewProvider(in *cip.CreateIdentityProviderInput, schema *Schema) (*types.IdentityProviderType, error) {
	s := &types.IdentityProviderType{}
	assign(s, in)
	s.ProviderName = aws.String(aws.ToString(s.ProviderName))
	return s, settleProvider(s, schema)
}

// UpdatedProvider returns an identity provider after UpdateIdentityProvider; old stays as it is. Details,
// mapping and identifiers are replaced where the request gives them, and stay otherwise (inferred).
func UpdatedProvider(old *types.IdentityProviderType, in *cip.UpdateIdentityProviderInput, schema *Schema) (*types.IdentityProviderType, error) {
	s, in := Clone(old), Clone(in)
	if in.ProviderDetails != nil {
		s.ProviderDetails = in.ProviderDetails
	}
	if in.AttributeMapping != nil {
		s.AttributeMapping = in.AttributeMapping
	}
	if in.IdpIdentifiers != nil {
		s.IdpIdentifiers = in.IdpIdentifiers
	}
	return s, settleProvider(s, schema)
}

// settleProvider judges an identity provider and completes it. The order of the rules is inferred.
func settleProvider(s *types.IdentityProviderType, schema *Schema) error {
	kind := kindOf(s)
	for _, rule := range []func() error{
		func() error { return checkProviderName(*s.ProviderName, s.ProviderType) },
		func() error { return kind.check(s.ProviderDetails) },
		func() error { return checkMapping(s.AttributeMapping, schema) },
	} {
		if err := rule(); err != nil {
			return err
		}
	}
	dropEmpty(&s.IdpIdentifiers)
	s.AttributeMapping = completed(s.AttributeMapping, kind.mapping)
	s.ProviderDetails = completed(s.ProviderDetails, kind.details)
	if s.ProviderType == types.IdentityProviderTypeTypeSaml {
		return completeSAML(s.ProviderDetails)
	}
	return nil
}

// completed adds to given what it lacks. Nothing at all is nil.
func completed(given, defaults map[string]string) map[string]string {
	all := maps.Clone(defaults)
	if all == nil && len(given) > 0 {
		all = map[string]string{}
	}
	maps.Copy(all, given)
	return all
}

// checkProviderName refuses a name that belongs to providers of another type. That the names of the social ones,
// and of the pool itself, are taken from the others is inferred.
func checkProviderName(name string, of types.IdentityProviderTypeType) error {
	known := slices.Contains(of.Values(), types.IdentityProviderTypeType(name)) || name == nativeClients || name == Native
	if isSocial(of) && name != string(of) || !isSocial(of) && known {
		return providerOfOtherType(name, of)
	}
	return nil
}

// isSocial reports whether all pools mean the same provider by a type.
func isSocial(of types.IdentityProviderTypeType) bool {
	return of != types.IdentityProviderTypeTypeOidc && of != types.IdentityProviderTypeTypeSaml
}

// usernameKey stands in a mapping for the name of the user rather than for an attribute.
const usernameKey = "username"

// checkMapping refuses a mapping to attributes that the pool does not have. That the sub is none of them is
// inferred.
func checkMapping(mapping map[string]string, schema *Schema) error {
	var unknown []string
	for _, name := range slices.Sorted(maps.Keys(mapping)) {
		if name == "sub" || name != usernameKey && !schema.Has(name) {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 {
		return invalidMapping(unknown)
	}
	return nil
}

// ProviderLocked returns the identity provider of a name, or the service's ResourceNotFoundException.
func (p *Pool) ProviderLocked(name string) (*types.IdentityProviderType, error) {
	if s, ok := p.identityProviders.Get(name); ok {
		return s, nil
	}
	return nil, ProviderNotFound(name)
}

// ProviderIdentifiedLocked returns the identity provider of one of its identifiers, or the service's
// ResourceNotFoundException.
func (p *Pool) ProviderIdentifiedLocked(identifier string) (*types.IdentityProviderType, error) {
	for s := range p.ProvidersLocked("") {
		if slices.Contains(s.IdpIdentifiers, identifier) {
			return s, nil
		}
	}
	return nil, ProviderNotFound(identifier)
}

// ProvidersLocked yields the identity providers whose names come after one, in their order.
func (p *Pool) ProvidersLocked(after string) iter.Seq[*types.IdentityProviderType] {
	return valuesOf(following(&p.identityProviders, after))
}

// HasProviderLocked reports whether the pool has an identity provider of a name.
func (p *Pool) HasProviderLocked(name string) bool {
	_, ok := p.identityProviders.Get(name)
	return ok
}

// AddProviderLocked adds an identity provider, which must not be changed afterwards, or refuses a name or an
// identifier that is taken or, over the quota, any.
func (p *Pool) AddProviderLocked(s *types.IdentityProviderType) error {
	if p.HasProviderLocked(*s.ProviderName) {
		return providerExists(*s.ProviderName, p.ID)
	}
	if p.identityProviders.Len() >= maxProviders {
		return TooManyResources("identity providers")
	}
	return p.ReplaceProviderLocked(s)
}

// ReplaceProviderLocked makes an identity provider, which must not be changed afterwards, what one of the same
// name was, or refuses an identifier of another.
func (p *Pool) ReplaceProviderLocked(s *types.IdentityProviderType) error {
	for _, identifier := range s.IdpIdentifiers {
		other, err := p.ProviderIdentifiedLocked(identifier)
		if err == nil && *other.ProviderName != *s.ProviderName {
			return providerExists(identifier, p.ID)
		}
	}
	p.identityProviders.Set(*s.ProviderName, s)
	return nil
}

// RemoveProviderLocked deletes an identity provider. Its group, its users and what app clients say of it stay
// (inferred).
func (p *Pool) RemoveProviderLocked(s *types.IdentityProviderType) {
	p.identityProviders.Delete(*s.ProviderName)
}

// ProviderGroupLocked returns the group of the users of an identity provider, which it makes where there is none.
func (p *Pool) ProviderGroupLocked(s *types.IdentityProviderType, now time.Time) (*Group, error) {
	name := p.ID + "_" + *s.ProviderName
	if g, err := p.GroupLocked(name); err == nil {
		return g, nil
	}
	description := aws.String("Autogenerated group for users who sign in using " + *s.ProviderName)
	g := &Group{Name: name, Description: description, Created: now, Modified: now}
	return g, p.AddGroupLocked(g)
}
