package token

import (
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// What differs in tokens that the endpoints of a pool's domain issue.

// oauthVersion is the version claim of their access tokens; tokens of the API have none.
const oauthVersion = 2

// Nonce puts the nonce of an authorization request into the ID token.
func (d *Draft) Nonce(nonce string) {
	if nonce != "" && d.id != nil {
		d.id["nonce"] = nonce
	}
}

// MachineDraftLocked composes the access token of an app client that stands for itself.
func (i *Issuer) MachineDraftLocked(p *pool.Pool, c *pool.Client, scopes string) *Draft {
	now, validity := i.store.Clock.Now(), pool.AccessTokenValidity(c.Settings)
	return &Draft{keys: i.Keys(p), expiresIn: validity, access: map[string]any{ // inferred, but for scope
		"sub": c.ID, "client_id": c.ID, "iss": i.url(p), "version": oauthVersion, "token_use": "access", "scope": scopes,
		"auth_time": now.Unix(), "iat": now.Unix(), "exp": now.Add(validity).Unix(), "jti": i.store.Random.UUID(),
	}}
}

// sign signs both tokens, or the access token alone.
func (d *Draft) sign() (id *string, access string, err error) {
	switch {
	case d.id == nil:
		access, err = d.keys.SignAccess(d.access)
		return nil, access, err
	case d.hashed:
		if access, err = d.keys.SignAccess(d.access); err != nil {
			return nil, "", err
		}
		d.id["at_hash"] = accessTokenHash(access)
		text, err := d.keys.SignID(d.id)
		return &text, access, err
	}
	text, access, err := d.keys.SignPair(d.id, d.access)
	return &text, access, err
}

// accessTokenHash is base64url of the left half of the SHA-256 of an access token (OpenID Connect Core section
// 3.1.3.6).
func accessTokenHash(access string) string {
	sum := sha256.Sum256([]byte(access))
	return encodePart(sum[:len(sum)/2])
}

// ScopeShows reports whether the scopes of a sign-in at the domain let an attribute be seen: openid alone shows
// all, and each of the others what is its own. That identities are always seen is inferred.
func ScopeShows(scopes, attribute string) bool {
	narrow := narrowScopes(scopes)
	return len(narrow) == 0 || attribute == "identities" || slices.Contains(narrow, scopeOf(attribute))
}

// ScopesReadable reports whether an app client can read all that the scopes of a sign-in let be seen.
func ScopesReadable(c *types.UserPoolClientType, scopes string) bool {
	narrow := narrowScopes(scopes)
	return !slices.ContainsFunc(slices.Concat(emailAttributes, phoneAttributes, profileAttributes), func(name string) bool {
		return slices.Contains(narrow, scopeOf(name)) && !pool.CanRead(c, name)
	})
}

// narrowScopes returns those scopes that narrow down which attributes are seen.
func narrowScopes(scopes string) []string {
	return slices.DeleteFunc(strings.Fields(scopes), func(s string) bool {
		return !slices.Contains([]string{"profile", "email", "phone"}, s)
	})
}

// The attributes of scopes (developer guide). Custom attributes are the profile's.
var (
	emailAttributes   = []string{"email", "email_verified"}
	phoneAttributes   = []string{"phone_number", "phone_number_verified"}
	profileAttributes = []string{
		"birthdate", "family_name", "gender", "given_name", "locale", "middle_name", "name", "nickname", "picture",
		"preferred_username", "profile", "updated_at", "website", "zoneinfo",
	}
)

// scopeOf returns the scope that an attribute belongs to, or "" where it is none's.
func scopeOf(attribute string) string {
	switch {
	case slices.Contains(emailAttributes, attribute):
		return "email"
	case slices.Contains(phoneAttributes, attribute):
		return "phone"
	case slices.Contains(profileAttributes, attribute), strings.HasPrefix(attribute, "custom:"):
		return "profile"
	}
	return ""
}
