package api

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/signin"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// InitiateAuth begins a sign-in as an app client.
func (a *API) InitiateAuth(ctx context.Context, in *cip.InitiateAuthInput, _ ...options) (*cip.InitiateAuthOutput, error) {
	p, err := a.poolOfClient(ctx, in.ClientId)
	if err != nil {
		return nil, err
	}
	r, err := a.engine.Initiate(ctx, signin.Initiation{
		Call: callOf(ctx, p, in.ClientId, in.ClientMetadata), Flow: in.AuthFlow, Parameters: in.AuthParameters, Session: aws.ToString(in.Session),
	})
	if err != nil {
		return nil, err
	}
	return &cip.InitiateAuthOutput{
		AuthenticationResult: r.Tokens, ChallengeName: r.Challenge, ChallengeParameters: r.Parameters,
		AvailableChallenges: r.Available, Session: given(r.Session),
	}, nil
}

// AdminInitiateAuth begins a sign-in as an administrator.
func (a *API) AdminInitiateAuth(ctx context.Context, in *cip.AdminInitiateAuthInput, _ ...options) (*cip.AdminInitiateAuthOutput, error) {
	p, err := a.pool(ctx, in.UserPoolId)
	if err != nil {
		return nil, err
	}
	r, err := a.engine.Initiate(ctx, signin.Initiation{
		Call: behalf(callOf(ctx, p, in.ClientId, in.ClientMetadata), in.ContextData), Admin: true,
		Flow: in.AuthFlow, Parameters: in.AuthParameters, Session: aws.ToString(in.Session),
	})
	if err != nil {
		return nil, err
	}
	return &cip.AdminInitiateAuthOutput{
		AuthenticationResult: r.Tokens, ChallengeName: r.Challenge, ChallengeParameters: r.Parameters,
		AvailableChallenges: r.Available, Session: given(r.Session),
	}, nil
}

// RespondToAuthChallenge answers a challenge as an app client.
func (a *API) RespondToAuthChallenge(ctx context.Context, in *cip.RespondToAuthChallengeInput, _ ...options) (*cip.RespondToAuthChallengeOutput, error) {
	p, err := a.poolOfClient(ctx, in.ClientId)
	if err != nil {
		return nil, err
	}
	r, err := a.engine.Respond(ctx, signin.Answer{
		Call:      callOf(ctx, p, in.ClientId, in.ClientMetadata),
		Challenge: in.ChallengeName, Session: aws.ToString(in.Session), Responses: in.ChallengeResponses,
	})
	if err != nil {
		return nil, err
	}
	return &cip.RespondToAuthChallengeOutput{
		AuthenticationResult: r.Tokens, ChallengeName: r.Challenge, ChallengeParameters: r.Parameters, Session: given(r.Session),
	}, nil
}

// AdminRespondToAuthChallenge answers a challenge as an administrator.
func (a *API) AdminRespondToAuthChallenge(ctx context.Context, in *cip.AdminRespondToAuthChallengeInput, _ ...options) (*cip.AdminRespondToAuthChallengeOutput, error) {
	p, err := a.pool(ctx, in.UserPoolId)
	if err != nil {
		return nil, err
	}
	r, err := a.engine.Respond(ctx, signin.Answer{
		Call:      behalf(callOf(ctx, p, in.ClientId, in.ClientMetadata), in.ContextData),
		Challenge: in.ChallengeName, Session: aws.ToString(in.Session), Responses: in.ChallengeResponses,
	})
	if err != nil {
		return nil, err
	}
	return &cip.AdminRespondToAuthChallengeOutput{
		AuthenticationResult: r.Tokens, ChallengeName: r.Challenge, ChallengeParameters: r.Parameters, Session: given(r.Session),
	}, nil
}

// GetTokensFromRefreshToken exchanges a refresh token for new tokens.
func (a *API) GetTokensFromRefreshToken(ctx context.Context, in *cip.GetTokensFromRefreshTokenInput, _ ...options) (*cip.GetTokensFromRefreshTokenOutput, error) {
	p, err := a.poolOfClient(ctx, in.ClientId)
	if err != nil {
		return nil, err
	}
	r, err := a.engine.Exchange(ctx, signin.Exchange{
		Call: callOf(ctx, p, in.ClientId, in.ClientMetadata), ClientSecret: in.ClientSecret, RefreshToken: aws.ToString(in.RefreshToken),
		DeviceKey: aws.ToString(in.DeviceKey),
	})
	if err != nil {
		return nil, err
	}
	return &cip.GetTokensFromRefreshTokenOutput{AuthenticationResult: r.Tokens}, nil
}

func callOf(ctx context.Context, p *pool.Pool, clientID *string, metadata map[string]string) trigger.Call {
	by := trigger.NewCall(ctx, p, aws.ToString(clientID))
	by.Metadata = metadata
	return by
}

// behalf is a call that a server makes for a user whom it tells of.
func behalf(by trigger.Call, user *types.ContextDataType) trigger.Call {
	if user != nil && user.IpAddress != nil {
		by.IP = *user.IpAddress
	}
	return by
}

// given returns a pointer to s, or nil where it is "".
func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
