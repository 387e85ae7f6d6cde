package pool

import (
	"iter"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// ResourceServer is an API that tokens can be scoped for. It is replaced as a whole, and never changed.
type ResourceServer struct {
	Identifier string
	Name       string
	Scopes     []types.ResourceServerScopeType
}

// has reports whether the server has a scope of a name.
func (s ResourceServer) has(scope string) bool {
	return slices.ContainsFunc(s.Scopes, func(t types.ResourceServerScopeType) bool { return *t.ScopeName == scope })
}

// ResourceServerLocked returns the resource server of an identifier, or the service's
// ResourceNotFoundException.
func (p *Pool) ResourceServerLocked(identifier string) (ResourceServer, error) {
	if s, ok := p.resourceServers.Get(identifier); ok {
		return s, nil
	}
	return ResourceServer{}, ResourceServerNotFound(identifier)
}

// AddResourceServerLocked adds a resource server, or refuses an identifier that is taken or, over the quota,
// any.
func (p *Pool) AddResourceServerLocked(s ResourceServer) error {
	if _, taken := p.resourceServers.Get(s.Identifier); taken {
		return resourceServerExists(s.Identifier, p.ID)
	}
	if p.resourceServers.Len() >= maxResourceServers {
		return TooManyResources("resource servers")
	}
	return p.ReplaceResourceServerLocked(s)
}

// ReplaceResourceServerLocked makes a resource server what one of the same identifier was, or refuses scopes
// of one name.
func (p *Pool) ReplaceResourceServerLocked(s ResourceServer) error {
	known := map[string]bool{}
	for _, scope := range s.Scopes {
		if known[*scope.ScopeName] {
			return scopeTwice(*scope.ScopeName)
		}
		known[*scope.ScopeName] = true
	}
	p.resourceServers.Set(s.Identifier, s)
	return nil
}

// RemoveResourceServerLocked deletes a resource server. App clients keep its scopes, which mean nothing from
// then on (inferred).
func (p *Pool) RemoveResourceServerLocked(s ResourceServer) { p.resourceServers.Delete(s.Identifier) }

// ResourceServersLocked yields the resource servers whose identifiers come after one, in their order.
func (p *Pool) ResourceServersLocked(after string) iter.Seq[ResourceServer] {
	return valuesOf(following(&p.resourceServers, after))
}

// HasScopeLocked reports whether a scope, as "identifier/name", is one of a resource server.
func (p *Pool) HasScopeLocked(scope string) bool {
	i := strings.LastIndexByte(scope, '/') // names have none, identifiers may
	if i < 0 {
		return false
	}
	s, ok := p.resourceServers.Get(scope[:i])
	return ok && s.has(scope[i+1:])
}

// CatalogLocked says what the pool has for app clients to name.
func (p *Pool) CatalogLocked() Catalog {
	return Catalog{HasScope: p.HasScopeLocked, HasProvider: p.HasProviderLocked}
}
