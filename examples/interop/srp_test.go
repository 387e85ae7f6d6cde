package interop

import (
	"strings"
	"testing"
	"time"

	cognitosrp "github.com/alexrudd/cognito-srp/v4"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

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

func TestNodeSRP(t *testing.T) {
	node := needNode(t, sdkv3, "cognito-srp-helper")
	for name, opts := range clients {
		t.Run(name, func(t *testing.T) {
			p := cognitotest.New(t, opts...)
			setCredentials(t, p.NewUser(t, cognitotest.Username("ann")))
			got := decode[map[string]any](t, converse(t, p, node, "node/srp.js"))
			want := map[string]any{
				"by password": "ann", "by the password's hash": "ann", "by an administrator": "ann",
				"wrong password": "NotAuthorizedException: Incorrect username or password.",
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("answers (-want +got):\n%s", diff)
			}
		})
	}
}
