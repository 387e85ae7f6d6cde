package fake

import (
	"cmp"
	"reflect"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// identify fills in whom a call concerns, from its input.
func (s *Server) identify(c *Call) {
	c.UserPoolID = member(c.Input, "UserPoolId")
	c.ClientID = member(c.Input, "ClientId")
	c.Username = cmp.Or(member(c.Input, "Username"), parameter(c.Input, "AuthParameters"), parameter(c.Input, "ChallengeResponses"))
	if token := member(c.Input, "AccessToken"); token != "" {
		c.bearer(token)
	}
	p, err := s.store.Pool(c.UserPoolID, "")
	if c.UserPoolID == "" {
		p, err = s.store.PoolOfClient(c.ClientID, "")
	}
	if err == nil {
		c.UserPoolID, c.Username = p.ID, storedUsername(p, c.Username)
	}
	c.Region = cmp.Or(c.Region, regionOfPool(c.UserPoolID), s.config.Region)
}

// bearer fills in whom an access token names, be it good or not.
func (c *Call) bearer(token string) {
	var claims struct {
		jwt.RegisteredClaims
		ClientID string `json:"client_id"`
		Username string `json:"username"`
	}
	if _, _, err := jwt.NewParser().ParseUnverified(token, &claims); err != nil {
		return
	}
	c.UserPoolID = claims.Issuer[strings.LastIndexByte(claims.Issuer, '/')+1:]
	c.ClientID, c.Username = claims.ClientID, claims.Username
}

// storedUsername returns the username of the user whom a name or an alias names, or the name.
func storedUsername(p *pool.Pool, name string) string {
	p.Lock()
	defer p.Unlock()
	if u, err := p.UserLocked(name); err == nil {
		return u.Username
	}
	return name
}

// member returns a text member of an input, or "" where it has none.
func member(in any, name string) string {
	if f := reflect.ValueOf(in).Elem().FieldByName(name); f.IsValid() {
		if text, ok := f.Interface().(*string); ok && text != nil {
			return *text
		}
	}
	return ""
}

// parameter returns the USERNAME in a map that an input may have.
func parameter(in any, name string) string {
	if f := reflect.ValueOf(in).Elem().FieldByName(name); f.IsValid() {
		if parameters, ok := f.Interface().(map[string]string); ok {
			return parameters["USERNAME"]
		}
	}
	return ""
}
