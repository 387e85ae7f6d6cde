package trigger

import "github.com/cognitotest/cognito/fake/internal/pool"

// The sources of custom authentication.
const (
	DefineAuthChallengeAuthentication         Source = "DefineAuthChallenge_Authentication"
	CreateAuthChallengeAuthentication         Source = "CreateAuthChallenge_Authentication"
	VerifyAuthChallengeResponseAuthentication Source = "VerifyAuthChallengeResponse_Authentication"
)

// round is a challenge that was answered, as the session of an event tells it.
type round struct {
	Challenge string  `json:"challengeName"`
	Passed    bool    `json:"challengeResult"`
	Metadata  *string `json:"challengeMetadata"`
}

func session(rounds []pool.Round) []round {
	told := []round{}
	for _, r := range rounds {
		told = append(told, round(r))
	}
	return told
}

// DefineRequest is the request of define auth challenge.
type DefineRequest struct {
	UserAttributes map[string]string `json:"userAttributes"`
	Session        []round           `json:"session"`
	UserNotFound   bool              `json:"userNotFound"`
	ClientMetadata map[string]string `json:"clientMetadata,omitempty"`
}

// DefineResponse says what comes next: a challenge, tokens or the end.
type DefineResponse struct {
	Challenge *string `json:"challengeName"`
	Tokens    *bool   `json:"issueTokens"`
	Fail      *bool   `json:"failAuthentication"`
}

// DefineLocked returns the event that asks which challenge comes after these rounds. The pool's lock must
// be held.
func (c Call) DefineLocked(u *pool.User, rounds []pool.Round) (*Event, *DefineResponse) {
	r := &DefineResponse{}
	return c.event(DefineAuthChallenge, DefineAuthChallengeAuthentication, u.Username, func() any {
		return DefineRequest{c.knownAttributes(u), session(rounds), u.Sub == "", c.Metadata}
	}, r), r
}

// CreateRequest is the request of create auth challenge.
type CreateRequest struct {
	UserAttributes map[string]string `json:"userAttributes"`
	Challenge      string            `json:"challengeName"`
	Session        []round           `json:"session"`
	UserNotFound   bool              `json:"userNotFound"`
	ClientMetadata map[string]string `json:"clientMetadata,omitempty"`
}

// CreateResponse is a challenge: what the client gets, what the verifier gets, and what later rounds see.
type CreateResponse struct {
	Public   map[string]string `json:"publicChallengeParameters"`
	Private  map[string]string `json:"privateChallengeParameters"`
	Metadata *string           `json:"challengeMetadata"`
}

// CreateLocked returns the event that asks for a custom challenge, or nil where the pool calls nobody.
// The pool's lock must be held.
func (c Call) CreateLocked(u *pool.User, rounds []pool.Round) (*Event, *CreateResponse) {
	r := &CreateResponse{}
	return c.event(CreateAuthChallenge, CreateAuthChallengeAuthentication, u.Username, func() any {
		return CreateRequest{c.knownAttributes(u), CustomChallenge, session(rounds), u.Sub == "", c.Metadata}
	}, r), r
}

// CustomChallenge is the name of challenges that the pool's own functions make.
const CustomChallenge = "CUSTOM_CHALLENGE"

// VerifyRequest is the request of verify auth challenge response.
type VerifyRequest struct {
	UserAttributes map[string]string `json:"userAttributes"`
	Private        map[string]string `json:"privateChallengeParameters"`
	Answer         string            `json:"challengeAnswer"`
	UserNotFound   bool              `json:"userNotFound"`
	ClientMetadata map[string]string `json:"clientMetadata,omitempty"`
}

// VerifyResponse says whether the answer was right.
type VerifyResponse struct {
	Correct *bool `json:"answerCorrect"`
}

// VerifyLocked returns the event that asks whether an answer is right, or nil where the pool calls
// nobody. The pool's lock must be held.
func (c Call) VerifyLocked(u *pool.User, private map[string]string, answer string) (*Event, *VerifyResponse) {
	r := &VerifyResponse{}
	return c.event(VerifyAuthChallengeResponse, VerifyAuthChallengeResponseAuthentication, u.Username, func() any {
		return VerifyRequest{c.knownAttributes(u), private, answer, u.Sub == "", c.Metadata}
	}, r), r
}

// knownAttributes is what events tell of a user, who may be in no pool.
func (c Call) knownAttributes(u *pool.User) map[string]string {
	if u.Sub == "" {
		return map[string]string{}
	}
	return userAttributes(c.Pool, u)
}
