package cognitotest

import (
	"context"
	"fmt"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest/internal/srpclient"
)

// SignInSRP signs the user in as an app does that never sends the password: by USER_SRP_AUTH and
// PASSWORD_VERIFIER. The app client must allow ALLOW_USER_SRP_AUTH, as those made by default do.
func (u *User) SignInSRP(t TB) Tokens {
	t.Helper()
	tokens, err := u.signInSRP(context.Background())
	if err != nil {
		t.Fatalf("cognitotest: signing in %s by SRP: %v", u.Username, err)
	}
	return tokens
}

func (u *User) signInSRP(ctx context.Context) (Tokens, error) {
	p := u.provider
	srp := srpclient.New(p.PoolID)
	first, err := p.client.InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId: &p.ClientID, AuthFlow: types.AuthFlowTypeUserSrpAuth,
		AuthParameters: p.withSecretHash(u.Username, map[string]string{"USERNAME": u.Username, "SRP_A": srp.Public()}),
	})
	if err != nil {
		return Tokens{}, err
	}
	if first.ChallengeName != types.ChallengeNameTypePasswordVerifier {
		return Tokens{}, fmt.Errorf("the pool asks for %s, want PASSWORD_VERIFIER", first.ChallengeName)
	}
	answer, err := srp.Answer(first.ChallengeParameters, u.Password, p.now())
	if err != nil {
		return Tokens{}, err
	}
	second, err := p.client.RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{
		ClientId: &p.ClientID, ChallengeName: first.ChallengeName, Session: first.Session,
		ChallengeResponses: p.withSecretHash(answer["USERNAME"], answer),
	})
	if err != nil {
		return Tokens{}, err
	}
	return tokensOf(second.ChallengeName, second.AuthenticationResult)
}
