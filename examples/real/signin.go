// Package signin shows a sign-in service, and tests of it that run on the fake and on AWS without a changed
// line:
//
//	go test ./examples/real
//	COGNITOTEST_REAL=1 AWS_PROFILE=… AWS_REGION=eu-central-1 go test ./examples/real
package signin

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Service signs people in and out, and tells them who they are.
type Service struct {
	Cognito  *cip.Client
	ClientID string
}

// Handler returns the service: POST /login with a JSON object of username and password, GET /me and
// POST /logout with the access token as bearer.
func (s *Service) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /login", s.logIn)
	mux.HandleFunc("GET /me", s.me)
	mux.HandleFunc("POST /logout", s.logOut)
	return mux
}

func (s *Service) logIn(w http.ResponseWriter, r *http.Request) {
	var given struct{ Username, Password string }
	if err := json.NewDecoder(r.Body).Decode(&given); err != nil {
		http.Error(w, "that is no login", http.StatusBadRequest)
		return
	}
	out, err := s.Cognito.InitiateAuth(r.Context(), &cip.InitiateAuthInput{
		ClientId: &s.ClientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": given.Username, "PASSWORD": given.Password},
	})
	switch {
	case err != nil:
		refuse(w, err)
	case out.ChallengeName == types.ChallengeNameTypeNewPasswordRequired:
		http.Error(w, "choose a new password", http.StatusConflict)
	case out.AuthenticationResult == nil:
		http.Error(w, "sign in at the front door", http.StatusForbidden)
	default:
		json.NewEncoder(w).Encode(map[string]string{"token": aws.ToString(out.AuthenticationResult.AccessToken)})
	}
}

func (s *Service) me(w http.ResponseWriter, r *http.Request) {
	out, err := s.Cognito.GetUser(r.Context(), &cip.GetUserInput{AccessToken: bearer(r)})
	if err != nil {
		refuse(w, err)
		return
	}
	answer := map[string]string{"username": aws.ToString(out.Username)}
	for _, a := range out.UserAttributes {
		if aws.ToString(a.Name) == "email" {
			answer["email"] = aws.ToString(a.Value)
		}
	}
	json.NewEncoder(w).Encode(answer)
}

// logOut ends all sessions of the user, wherever they are.
func (s *Service) logOut(w http.ResponseWriter, r *http.Request) {
	if _, err := s.Cognito.GlobalSignOut(r.Context(), &cip.GlobalSignOutInput{AccessToken: bearer(r)}); err != nil {
		refuse(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// refuse does not tell strangers who has an account.
func refuse(w http.ResponseWriter, err error) {
	switch {
	case errors.As(err, new(*types.UserNotConfirmedException)):
		http.Error(w, "confirm your address first", http.StatusForbidden)
	case errors.As(err, new(*types.NotAuthorizedException)), errors.As(err, new(*types.UserNotFoundException)):
		http.Error(w, "who are you?", http.StatusUnauthorized)
	case errors.Is(err, context.Canceled):
	default:
		http.Error(w, "try again later", http.StatusServiceUnavailable)
	}
}

func bearer(r *http.Request) *string {
	return aws.String(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
}
