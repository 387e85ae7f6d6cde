package backendtest

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// hashedCall is an operation that takes a SecretHash member.
type hashedCall struct {
	operation string
	mismatch  string // how it words a wrong one, before the client's id
	call      func(p *cognitotest.Provider, username, hash *string) error
}

const olderMismatch = "Unable to verify secret hash for client "

var hashedCalls = []hashedCall{
	{"SignUp", "SecretHash does not match for the client: ", func(p *cognitotest.Provider, username, hash *string) error {
		return fail(p.Client().SignUp(ctx, &cip.SignUpInput{ClientId: &p.ClientID, Username: username, SecretHash: hash, Password: aws.String(goodPassword)}))
	}},
	{"ConfirmSignUp", olderMismatch, func(p *cognitotest.Provider, username, hash *string) error {
		return fail(p.Client().ConfirmSignUp(ctx, &cip.ConfirmSignUpInput{ClientId: &p.ClientID, Username: username, SecretHash: hash, ConfirmationCode: aws.String("123456")}))
	}},
	{"ResendConfirmationCode", olderMismatch, func(p *cognitotest.Provider, username, hash *string) error {
		return fail(p.Client().ResendConfirmationCode(ctx, &cip.ResendConfirmationCodeInput{ClientId: &p.ClientID, Username: username, SecretHash: hash}))
	}},
	{"ForgotPassword", olderMismatch, func(p *cognitotest.Provider, username, hash *string) error {
		return fail(p.Client().ForgotPassword(ctx, &cip.ForgotPasswordInput{ClientId: &p.ClientID, Username: username, SecretHash: hash}))
	}},
	{"ConfirmForgotPassword", olderMismatch, func(p *cognitotest.Provider, username, hash *string) error {
		return fail(p.Client().ConfirmForgotPassword(ctx, &cip.ConfirmForgotPasswordInput{
			ClientId: &p.ClientID, Username: username, SecretHash: hash, ConfirmationCode: aws.String("123456"), Password: aws.String(goodPassword),
		}))
	}},
}

var signUpHashes = []Behaviour{
	{"a client with a secret wants the right SECRET_HASH, of sign-up and of what follows it", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithClientSecret())
		name := aws.String("ann")
		for _, c := range hashedCalls {
			part(t, c.operation, func(t *testing.T) {
				wantError(t, c.call(p, name, nil), "NotAuthorizedException", "Client "+p.ClientID+" is configured with secret but SECRET_HASH was not received")
				wantError(t, c.call(p, name, hash(p, "bob")), "NotAuthorizedException", c.mismatch+p.ClientID)
			})
		}
	}},
	{"a client without secret refuses SECRET_HASH at sign-up and after", func(t *testing.T, start Start) {
		p := start(t)
		for _, c := range hashedCalls {
			part(t, c.operation, func(t *testing.T) {
				wantError(t, c.call(p, aws.String("ann"), aws.String("AAAA")), "InvalidParameterException",
					"App client "+p.ClientID+" is not configured for secret but secret hash was received")
			})
		}
	}},
	{"SECRET_HASH is looked at before the user is", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithClientSecret(), cognitotest.WithPool(cip.CreateUserPoolInput{
			AdminCreateUserConfig: &types.AdminCreateUserConfigType{AllowAdminCreateUserOnly: true},
		}))
		for _, c := range hashedCalls {
			wantCode(t, c.call(p, aws.String("nobody"), hash(p, "somebody")), "NotAuthorizedException")
		}
	}},
	{"SECRET_HASH is made of the name that is sent, alias or not", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithClientSecret(), cognitotest.WithPool(cip.CreateUserPoolInput{
			UsernameAttributes:     []types.UsernameAttributeType{types.UsernameAttributeTypeEmail},
			AutoVerifiedAttributes: []types.VerifiedAttributeType{autoEmail},
		}))
		out, err := signUp(p, "ann@example.com")
		need(t, err)
		_, err = resendCode(p, *out.UserSub)
		need(t, err)
		need(t, confirm(p, "ann@example.com", lastCode(t, p, *out.UserSub)))
		_, err = forgot(p, "ann@example.com")
		need(t, err)
		need(t, confirmForgot(p, *out.UserSub, lastCode(t, p, *out.UserSub), newPassword))
	}},
}
