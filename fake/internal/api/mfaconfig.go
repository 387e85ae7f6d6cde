package api

import (
	"context"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// SetUserPoolMfaConfig sets whether a user pool asks for MFA, and its factors.
func (a *API) SetUserPoolMfaConfig(ctx context.Context, in *cip.SetUserPoolMfaConfigInput, _ ...options) (*cip.SetUserPoolMfaConfigOutput, error) {
	var out *cip.GetUserPoolMfaConfigOutput
	err := a.changePool(ctx, in.UserPoolId, func(p *pool.Pool) (*types.UserPoolType, error) {
		settings, mfa, err := pool.SetMFA(p.Settings, p.MFA, in, a.place(p.Region))
		if err != nil {
			return nil, err
		}
		p.MFA, out = mfa, mfa.Describe(settings)
		return settings, nil
	})
	if err != nil {
		return nil, err
	}
	return (*cip.SetUserPoolMfaConfigOutput)(out), nil
}

// GetUserPoolMfaConfig answers whether a user pool asks for MFA, and the factors that are set.
func (a *API) GetUserPoolMfaConfig(ctx context.Context, in *cip.GetUserPoolMfaConfigInput, _ ...options) (*cip.GetUserPoolMfaConfigOutput, error) {
	var out *cip.GetUserPoolMfaConfigOutput
	err := a.withPool(ctx, in.UserPoolId, func(p *pool.Pool) error {
		out = p.MFA.Describe(p.Settings)
		return nil
	})
	return out, err
}
