package interop

import (
	"strings"
	"testing"
	"time"

	cognitosrp "github.com/alexrudd/cognito-srp/v4"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// clients are app clients with and without a secret.
var clients = map[string][]cognitotest.Option{"public": nil, "with a secret": {cognitotest.WithClientSecret()}}

func TestGoSRP(t *testing.T) {
	for name, opts := range clients {
		t.Run(name, func(t *testing.T) {
			p := cognitotest.New(t, opts...)
			u := p.NewUser(t)
			var secret *string
			if p.ClientSecret != "" {
				secret = &p.ClientSecret
			}
			srp, err := cognitosrp.NewCognitoSRP(u.Username, u.Password, p.PoolID, p.ClientID, secret)
			if err != nil {
				t.Fatal(err)
			}
			first, err := p.Client().InitiateAuth(t.Context(), &cip.InitiateAuthInput{
				ClientId: &p.ClientID, AuthFlow: types.AuthFlowTypeUserSrpAuth, AuthParameters: srp.GetAuthParams(),
			})
			if err != nil {
				t.Fatal(err)
			}
			responses, err := srp.PasswordVerifierChallenge(first.ChallengeParameters, time.Now())
			if err != nil {
				t.Fatal(err)
			}
			second, err := p.Client().RespondToAuthChallenge(t.Context(), &cip.RespondToAuthChallengeInput{
				ClientId: &p.ClientID, ChallengeName: types.ChallengeNameTypePasswordVerifier, ChallengeResponses: responses,
			})
			if err != nil || second.AuthenticationResult == nil {
				t.Errorf("answer = %v, %v; want tokens", second, err)
			}
		})
	}
}

// setCredentials hands a user's name and password to a program.
func setCredentials(t *testing.T, u *cognitotest.User) {
	t.Setenv("USERNAME", u.Username)
	t.Setenv("PASSWORD", u.Password)
}

func TestPythonSRP(t *testing.T) {
	python := needPython(t, "boto3, pycognito")
	for name, opts := range clients {
		t.Run(name, func(t *testing.T) {
			p := cognitotest.New(t, opts...)
			u := p.NewUser(t)
			setCredentials(t, u)
			out, err := run(t, p, python, "python/srp.py")
			if got := strings.TrimSpace(out); err != nil || got != u.Username {
				t.Errorf("signed in %q, %v; want %s", got, err, u.Username)
			}
		})
	}
}
