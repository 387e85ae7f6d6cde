package token

import (
	"maps"
	"slices"
	"strings"
)

// What the pre token generation trigger may change in a draft. What it may not touch stays as it is,
// without an error (developer guide).

// Claims that nobody can set, change or suppress: those of both tokens, of the ID token, and of the
// access token.
var (
	fixedClaims = []string{
		"acr", "amr", "at_hash", "auth_time", "azp", "exp", "iat", "iss", "jti", "nbf", "nonce", "origin_jti", "sub", "token_use",
	}
	fixedIDClaims     = []string{"identities", "aud", "cognito:username"}
	fixedAccessClaims = []string{"username", "client_id", "scope", "device_key", "event_id", "version"}
)

// plainIDClaims are those of the ID token that cannot be objects (developer guide). That such a value changes nothing,
// and that lists are objects here, is inferred.
var plainIDClaims = []string{"phone_number_verified", "email_verified", "updated_at", "address"}

// ChangeID sets and suppresses claims of the ID token.
func (d *Draft) ChangeID(set map[string]any, suppress []string) {
	if d.id == nil {
		return
	}
	set = maps.Clone(set)
	maps.DeleteFunc(set, func(name string, value any) bool { return slices.Contains(plainIDClaims, name) && isComplex(value) })
	change(d.id, fixedIDClaims, set, suppress)
}

func isComplex(value any) bool {
	switch value.(type) {
	case map[string]any, []any:
		return true
	}
	return false
}

// ChangeAccess sets and suppresses claims of the access token. An aud must be the client's id: another leaves that of a
// resource (inferred).
func (d *Draft) ChangeAccess(set map[string]any, suppress []string) {
	set = maps.Clone(set)
	maps.DeleteFunc(set, func(name string, value any) bool { return name == "aud" && value != d.access["client_id"] })
	change(d.access, fixedAccessClaims, set, suppress)
}

// change changes the claims of one token. Those with a prefix of the service can be suppressed, not set.
// A claim that is both set and suppressed is suppressed.
func change(claims map[string]any, fixed []string, set map[string]any, suppress []string) {
	isFixed := func(name string) bool { return slices.Contains(fixedClaims, name) || slices.Contains(fixed, name) }
	for name, value := range set {
		if !isFixed(name) && !strings.HasPrefix(name, "cognito:") && !strings.HasPrefix(name, "dev:") {
			claims[name] = value
		}
	}
	for _, name := range suppress {
		if !isFixed(name) {
			delete(claims, name)
		}
	}
}

// ChangeScopes adds scopes to the access token, other than the service's own, and suppresses scopes.
func (d *Draft) ChangeScopes(add, suppress []string) {
	granted, _ := d.access["scope"].(string)
	scopes := strings.Fields(granted)
	for _, scope := range add {
		if !strings.HasPrefix(scope, "aws.cognito") && !slices.Contains(scopes, scope) {
			scopes = append(scopes, scope)
		}
	}
	scopes = slices.DeleteFunc(scopes, func(scope string) bool { return slices.Contains(suppress, scope) })
	d.access["scope"] = strings.Join(scopes, " ")
}

// ChangeGroups replaces the groups of both tokens, and the roles of the ID token; nothing stands for a
// claim that is left out.
func (d *Draft) ChangeGroups(groups, roles []string, preferredRole string) {
	replace := func(claims map[string]any, name string, value any, given bool) {
		delete(claims, name)
		if given {
			claims[name] = value
		}
	}
	replace(d.access, "cognito:groups", groups, len(groups) > 0)
	if d.id == nil {
		return
	}
	replace(d.id, "cognito:groups", groups, len(groups) > 0)
	replace(d.id, "cognito:roles", roles, len(roles) > 0)
	replace(d.id, "cognito:preferred_role", preferredRole, preferredRole != "")
}
