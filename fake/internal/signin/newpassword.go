package signin

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// attributePrefix marks user attributes among the members of NEW_PASSWORD_REQUIRED.
const attributePrefix = "userAttributes."

// newPasswordParameters are the ChallengeParameters of NEW_PASSWORD_REQUIRED. Two of them are JSON
// documents in strings: the user's attributes without sub, and the required ones without a value.
func (s step) newPasswordParameters(u *pool.User) map[string]string {
	attributes := map[string]string{}
	for _, a := range u.Attributes() {
		if a.Name != "sub" {
			attributes[a.Name] = a.Value
		}
	}
	missing := []string{}
	for _, name := range s.missing(u) {
		missing = append(missing, attributePrefix+name)
	}
	return map[string]string{
		"USER_ID_FOR_SRP":    u.Username,
		"requiredAttributes": jsonText(missing),
		"userAttributes":     jsonText(attributes),
	}
}

// missing returns the required attributes that a user has no value for.
func (s step) missing(u *pool.User) []string {
	var names []string
	for _, name := range s.pool.Schema.Required() {
		if u.Attribute(name) == "" {
			names = append(names, name)
		}
	}
	return names
}

// jsonText encodes a value that cannot fail to encode.
func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(pool.Broken("encoding challenge parameters: %v", err))
	}
	return string(b)
}

// newPassword answers NEW_PASSWORD_REQUIRED. Whatever is wrong with the answer, the session stays
// usable.
func (s step) newPassword(r reply) (outcome, error) {
	u := r.user
	if u.Status != types.UserStatusTypeForceChangePassword {
		return outcome{}, sessionInvalid() // the password was set otherwise in the meantime
	}
	password, err := r.get("NEW_PASSWORD")
	if err != nil {
		return outcome{}, err
	}
	given := givenAttributes(r.responses)
	if err := s.checkGiven(u, given); err != nil {
		return outcome{}, err
	}
	if err := s.pool.CheckNewPasswordLocked(u, password, pool.NewPassword); err != nil {
		return outcome{}, err
	}
	if err := s.pool.FillAttributesLocked(u, given, s.now); err != nil {
		return outcome{}, err
	}
	s.pool.ChangeLocked(u, s.now, func(u *pool.User) { s.pool.SetPasswordLocked(u, password) })
	s.source = trigger.TokensNewPasswordChallenge
	return s.secondFactor(u), nil
}

// givenAttributes are the user attributes among responses, ordered by name.
func givenAttributes(responses map[string]string) []pool.Attribute {
	var given []pool.Attribute
	for _, key := range slices.Sorted(maps.Keys(responses)) {
		if name, ok := strings.CutPrefix(key, attributePrefix); ok {
			given = append(given, pool.Attribute{Name: name, Value: responses[key]})
		}
	}
	return given
}

// checkGiven refuses attributes that the user has already, or that the client may not write, and
// asks for those that are required.
func (s step) checkGiven(u *pool.User, given []pool.Attribute) error {
	named := map[string]bool{}
	for _, a := range given {
		if u.Attribute(a.Name) != "" {
			return alreadyProvided(a.Name)
		}
		named[a.Name] = a.Value != ""
	}
	if err := s.client.CheckWrite(given); err != nil {
		return err
	}
	if err := s.pool.CheckNewAttributes(given); err != nil {
		return err
	}
	var absent []string
	for _, name := range s.missing(u) {
		if !named[name] {
			absent = append(absent, name)
		}
	}
	if len(absent) > 0 {
		return attributesMissing(absent)
	}
	return nil
}
