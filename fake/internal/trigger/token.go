package trigger

import (
	"encoding/json"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// The sources of pre token generation.
const (
	TokensAuthentication       Source = "TokenGeneration_Authentication"
	TokensNewPasswordChallenge Source = "TokenGeneration_NewPasswordChallenge"
	TokensAuthenticateDevice   Source = "TokenGeneration_AuthenticateDevice"
	TokensRefreshTokens        Source = "TokenGeneration_RefreshTokens"
	TokensHostedAuth           Source = "TokenGeneration_HostedAuth"
	TokensClientCredentials    Source = "TokenGeneration_ClientCredentials"
)

// TokenRequest is the request of pre token generation.
type TokenRequest struct {
	UserAttributes map[string]string   `json:"userAttributes"`
	Groups         *GroupConfiguration `json:"groupConfiguration"` // nil for an app client that stands for itself
	Scopes         []string            `json:"scopes,omitempty"`   // from version 2 on
	ClientMetadata map[string]string   `json:"clientMetadata,omitempty"`
}

// GroupConfiguration is the groups of a user, their roles, and the role that counts.
type GroupConfiguration struct {
	Groups        []string `json:"groupsToOverride"`
	Roles         []string `json:"iamRolesToOverride"`
	PreferredRole *string  `json:"preferredRole"`
}

// Tokens is an event of pre token generation, with the response of its version.
type Tokens struct {
	*Event
	one       *tokenResponseV1
	two       *tokenResponseV2
	groupless bool // where there is no user
}

// tokenResponseV1 is the response of version 1, which changes the ID token.
type tokenResponseV1 struct {
	Details *struct {
		Set      map[string]string `json:"claimsToAddOrOverride"`
		Suppress []string          `json:"claimsToSuppress"`
		Groups   groupOverride     `json:"groupOverrideDetails"`
	} `json:"claimsOverrideDetails"`
}

// tokenResponseV2 is the response of versions 2 and 3.
type tokenResponseV2 struct {
	Details *struct {
		ID     ClaimChange   `json:"idTokenGeneration"`
		Access ClaimChange   `json:"accessTokenGeneration"`
		Groups groupOverride `json:"groupOverrideDetails"`
	} `json:"claimsAndScopeOverrideDetails"`
}

// ClaimChange is what becomes of the claims of a token and, in an access token, of its scopes.
type ClaimChange struct {
	Set            map[string]any `json:"claimsToAddOrOverride"`
	Suppress       []string       `json:"claimsToSuppress"`
	AddScopes      []string       `json:"scopesToAdd"`
	SuppressScopes []string       `json:"scopesToSuppress"`
}

// groupOverride is a configuration of groups that an answer may leave out. An empty one, or null, takes
// the user's groups away (developer guide).
type groupOverride struct {
	given bool
	GroupConfiguration
}

// UnmarshalJSON notes that there is something.
func (g *groupOverride) UnmarshalJSON(text []byte) error {
	g.given = true
	return json.Unmarshal(text, &g.GroupConfiguration)
}

// TokensLocked returns the event of tokens that are about to be made for a user, with these scopes, or
// nil where the pool calls nobody. The pool's lock must be held.
func (c Call) TokensLocked(source Source, u *pool.User, scopes string) *Tokens {
	t := &Tokens{}
	version := c.tokenVersion()
	if version == types.PreTokenGenerationLambdaVersionTypeV10 {
		t.one = &tokenResponseV1{}
		t.Event = c.event(PreTokenGeneration, source, u.Username, func() any { return c.tokenRequest(u, "") }, t.one)
	} else {
		t.two = &tokenResponseV2{}
		t.Event = c.event(PreTokenGeneration, source, u.Username, func() any { return c.tokenRequest(u, scopes) }, t.two)
	}
	if t.Event == nil {
		return nil
	}
	t.Version = string(version)[1:2]
	return t
}

func (c Call) tokenRequest(u *pool.User, scopes string) TokenRequest {
	groups := groupsOf(c.Pool, u)
	return TokenRequest{userAttributes(c.Pool, u), &groups, strings.Fields(scopes), c.Metadata}
}

// machineName is the userName of an app client that stands for itself.
const machineName = "ClientCredentials"

// MachineTokensLocked is TokensLocked for an app client that stands for itself, of which version 3 alone is
// told.
func (c Call) MachineTokensLocked(scopes string) *Tokens {
	version := c.tokenVersion()
	if version != types.PreTokenGenerationLambdaVersionTypeV30 {
		return nil
	}
	t := &Tokens{two: &tokenResponseV2{}, groupless: true}
	t.Event = c.event(PreTokenGeneration, TokensClientCredentials, machineName, func() any {
		return TokenRequest{map[string]string{}, nil, strings.Fields(scopes), c.Metadata}
	}, t.two)
	if t.Event == nil {
		return nil
	}
	t.Version = string(version)[1:2]
	return t
}

func (c Call) tokenVersion() types.PreTokenGenerationLambdaVersionType {
	if l := c.Pool.Settings.LambdaConfig; l != nil && l.PreTokenGenerationConfig != nil {
		return l.PreTokenGenerationConfig.LambdaVersion
	}
	return types.PreTokenGenerationLambdaVersionTypeV10
}

func groupsOf(p *pool.Pool, u *pool.User) GroupConfiguration {
	g := GroupConfiguration{Groups: []string{}, Roles: p.Roles(u)}
	for _, group := range p.RankedGroups(u) {
		g.Groups = append(g.Groups, group.Name)
	}
	if role, ok := p.PreferredRole(u); ok {
		g.PreferredRole = &role
	}
	return g
}

// Changes returns what the function wants of the tokens; groups is nil where they stay. An app client that stands for
// itself has no groups, whatever the function answers (inferred).
func (t *Tokens) Changes() (id, access ClaimChange, groups *GroupConfiguration) {
	switch {
	case t.one != nil && t.one.Details != nil:
		d := t.one.Details
		id = ClaimChange{Set: map[string]any{}, Suppress: d.Suppress}
		for name, value := range d.Set {
			id.Set[name] = value
		}
		groups = d.Groups.orNil()
	case t.two != nil && t.two.Details != nil:
		d := t.two.Details
		id, access, groups = d.ID, d.Access, d.Groups.orNil()
	}
	if t.groupless {
		groups = nil
	}
	return id, access, groups
}

func (g *groupOverride) orNil() *GroupConfiguration {
	if !g.given {
		return nil
	}
	return &g.GroupConfiguration
}
