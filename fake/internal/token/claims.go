package token

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// subject is what claims are made from. The pool's lock is held while it is used.
type subject struct {
	issuer string
	pool   *pool.Pool
	client *pool.Client
	user   *pool.User
	grant  *pool.Grant
	now    time.Time
	newID  func() string
}

// common returns the claims that both tokens have.
func (s subject) common(use string, validity time.Duration) map[string]any {
	claims := map[string]any{
		"sub":       s.user.Sub,
		"iss":       s.issuer,
		"event_id":  s.grant.ID,
		"token_use": use,
		"auth_time": s.grant.AuthTime.Unix(),
		"iat":       s.now.Unix(),
		"exp":       s.now.Add(validity).Unix(),
	}
	if s.grant.OriginJTI != "" {
		claims["origin_jti"], claims["jti"] = s.grant.OriginJTI, s.newID()
	}
	if groups := s.pool.RankedGroups(s.user); len(groups) > 0 {
		names := make([]string, len(groups))
		for i, g := range groups {
			names[i] = g.Name
		}
		claims["cognito:groups"] = names
	}
	return claims
}

func (s subject) accessClaims() map[string]any {
	claims := s.common("access", pool.AccessTokenValidity(s.client.Settings))
	claims["client_id"] = s.client.ID
	claims["username"] = s.user.Username
	claims["scope"] = s.grant.Scopes
	if s.grant.OAuth {
		claims["version"] = oauthVersion
	}
	if s.grant.Resource != "" {
		claims["aud"] = s.grant.Resource
	}
	if s.grant.Device != "" {
		claims["device_key"] = s.grant.Device
	}
	return claims
}

func (s subject) idClaims() map[string]any {
	claims := s.common("id", pool.IDTokenValidity(s.client.Settings))
	claims["aud"] = s.client.ID
	claims["cognito:username"] = s.user.Username
	for _, a := range s.user.Attributes() {
		if a.Name != "sub" && pool.CanRead(s.client.Settings, a.Name) && s.shows(a.Name) {
			claims[a.Name] = claimValue(a)
		}
	}
	s.addRoles(claims)
	return claims
}

// shows reports whether the scopes of the sign-in let an attribute be seen.
func (s subject) shows(attribute string) bool {
	return !s.grant.OAuth || ScopeShows(s.grant.Scopes, attribute)
}

// addRoles adds the roles of the user's groups: all of them, and the preferred one.
func (s subject) addRoles(claims map[string]any) {
	if roles := s.pool.Roles(s.user); len(roles) > 0 {
		claims["cognito:roles"] = roles
	}
	if role, ok := s.pool.PreferredRole(s.user); ok {
		claims["cognito:preferred_role"] = role
	}
}

// claimValue gives an attribute the JSON type that it has in an ID token. Custom attributes are
// strings whatever their type in the schema.
func claimValue(a pool.Attribute) any {
	switch a.Name {
	case "email_verified", "phone_number_verified":
		return strings.EqualFold(a.Value, "true")
	case "address":
		return map[string]string{"formatted": a.Value}
	case "updated_at":
		if n, err := strconv.ParseInt(a.Value, 10, 64); err == nil {
			return n
		}
	case "identities":
		return identitiesClaim(a.Value)
	}
	return a.Value
}

// identitiesClaim returns the identities of a user as ID tokens have them: every value is a string, or null.
func identitiesClaim(attribute string) any {
	var identities []map[string]any
	d := json.NewDecoder(strings.NewReader(attribute))
	d.UseNumber()
	if err := d.Decode(&identities); err != nil {
		return attribute
	}
	for _, identity := range identities {
		for name, value := range identity {
			if value != nil {
				identity[name] = fmt.Sprint(value)
			}
		}
	}
	return identities
}
