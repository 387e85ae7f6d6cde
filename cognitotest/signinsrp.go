package cognitotest

import (
	"context"
	"fmt"

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
	at, err := u.proveSRP(ctx, nil)
	if err != nil {
		return Tokens{}, err
	}
	return u.finish(ctx, at)
}

// proveSRP begins a sign-in and proves the password, from a device where there is one.
func (u *User) proveSRP(ctx context.Context, from *Device) (progress, error) {
	p := u.provider
	srp := srpclient.New(p.PoolID)
	first, err := p.initiate(ctx, types.AuthFlowTypeUserSrpAuth, u.Username, from.name(map[string]string{"USERNAME": u.Username, "SRP_A": srp.Public()}))
	if err != nil {
		return progress{}, err
	}
	if first.challenge != types.ChallengeNameTypePasswordVerifier {
		return progress{}, fmt.Errorf("the pool asks for %s, want PASSWORD_VERIFIER", first.challenge)
	}
	proof, err := srp.Answer(first.params, u.Password, p.now())
	if err != nil {
		return progress{}, err
	}
	return p.answer(ctx, first, from.name(proof))
}
