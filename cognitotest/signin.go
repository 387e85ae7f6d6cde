package cognitotest

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// progress is how far a sign-in has come: an answer of any of the four operations of sign-in.
type progress struct {
	admin     bool // whether an administrator signs the user in
	challenge types.ChallengeNameType
	params    map[string]string
	session   *string
	result    *types.AuthenticationResultType
}

// initiate begins a sign-in by the operation that the flow belongs to.
func (p *Provider) initiate(ctx context.Context, flow types.AuthFlowType, username string, params map[string]string) (progress, error) {
	params = p.withSecretHash(username, params)
	if flow == types.AuthFlowTypeAdminUserPasswordAuth {
		out, err := p.client.AdminInitiateAuth(ctx, &cip.AdminInitiateAuthInput{
			UserPoolId: &p.PoolID, ClientId: &p.ClientID, AuthFlow: flow, AuthParameters: params,
		})
		if err != nil {
			return progress{}, err
		}
		return progress{true, out.ChallengeName, out.ChallengeParameters, out.Session, out.AuthenticationResult}, nil
	}
	out, err := p.client.InitiateAuth(ctx, &cip.InitiateAuthInput{ClientId: &p.ClientID, AuthFlow: flow, AuthParameters: params})
	if err != nil {
		return progress{}, err
	}
	return progress{false, out.ChallengeName, out.ChallengeParameters, out.Session, out.AuthenticationResult}, nil
}

// answer answers the outstanding challenge; responses hold the USERNAME.
func (p *Provider) answer(ctx context.Context, at progress, responses map[string]string) (progress, error) {
	responses = p.withSecretHash(responses["USERNAME"], responses)
	if at.admin {
		out, err := p.client.AdminRespondToAuthChallenge(ctx, &cip.AdminRespondToAuthChallengeInput{
			UserPoolId: &p.PoolID, ClientId: &p.ClientID,
			ChallengeName: at.challenge, Session: at.session, ChallengeResponses: responses,
		})
		if err != nil {
			return progress{}, err
		}
		return progress{true, out.ChallengeName, out.ChallengeParameters, out.Session, out.AuthenticationResult}, nil
	}
	out, err := p.client.RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{
		ClientId: &p.ClientID, ChallengeName: at.challenge, Session: at.session, ChallengeResponses: responses,
	})
	if err != nil {
		return progress{}, err
	}
	return progress{false, out.ChallengeName, out.ChallengeParameters, out.Session, out.AuthenticationResult}, nil
}

// withSecretHash adds SECRET_HASH to parameters where the app client has a secret.
func (p *Provider) withSecretHash(username string, params map[string]string) map[string]string {
	if p.ClientSecret != "" {
		params["SECRET_HASH"] = p.SecretHash(username)
	}
	return params
}

// finish goes from a right password to the tokens, with the user's authenticator where it is asked
// for.
func (u *User) finish(ctx context.Context, at progress) (Tokens, error) {
	at, err := u.secondFactor(ctx, at)
	if err != nil {
		return Tokens{}, err
	}
	return at.tokens()
}

// secondFactor answers with the user's authenticator where the pool asks for it.
func (u *User) secondFactor(ctx context.Context, at progress) (progress, error) {
	if at.challenge != types.ChallengeNameTypeSoftwareTokenMfa || !u.totp.registered() {
		return at, nil
	}
	code, err := u.totp.next(u.provider)
	if err != nil {
		return progress{}, err
	}
	return u.provider.answer(ctx, at, map[string]string{"USERNAME": u.Username, "SOFTWARE_TOKEN_MFA_CODE": code})
}

// tokens reads the tokens of an answer, which is an error where it asks for something more.
func (at progress) tokens() (Tokens, error) {
	if at.result == nil {
		return Tokens{}, fmt.Errorf("the pool asks for %s first; answer it through Client", at.challenge)
	}
	return Tokens{
		AccessToken:  aws.ToString(at.result.AccessToken),
		IDToken:      aws.ToString(at.result.IdToken),
		RefreshToken: aws.ToString(at.result.RefreshToken),
		ExpiresIn:    time.Duration(at.result.ExpiresIn) * time.Second,
	}, nil
}
