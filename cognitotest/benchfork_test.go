package cognitotest_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// crowd makes users of a pool, each with an address and in a group; every tenth signs in, every fourth
// waits for a code.
func crowd(b *testing.B, p *cognitotest.Provider, n int) {
	b.Helper()
	api, ctx := p.Fake(b).API(), context.Background()
	must := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	_, err := api.CreateGroup(ctx, &cip.CreateGroupInput{UserPoolId: &p.PoolID, GroupName: aws.String("staff")})
	must(err)
	for i := range n {
		name, password := aws.String(fmt.Sprintf("user-%07d", i)), aws.String("Correct-Horse-7")
		_, err := api.AdminCreateUser(ctx, &cip.AdminCreateUserInput{
			UserPoolId: &p.PoolID, Username: name, MessageAction: types.MessageActionTypeSuppress,
			UserAttributes: []types.AttributeType{
				{Name: aws.String("email"), Value: aws.String(*name + "@example.com")}, {Name: aws.String("email_verified"), Value: aws.String("true")},
			},
		})
		must(err)
		_, err = api.AdminSetUserPassword(ctx, &cip.AdminSetUserPasswordInput{UserPoolId: &p.PoolID, Username: name, Password: password, Permanent: true})
		must(err)
		_, err = api.AdminAddUserToGroup(ctx, &cip.AdminAddUserToGroupInput{UserPoolId: &p.PoolID, Username: name, GroupName: aws.String("staff")})
		must(err)
		if i%10 == 0 {
			_, err = api.InitiateAuth(ctx, signIn(p, *name, *password))
			must(err)
		}
		if i%4 == 0 {
			_, err = api.ForgotPassword(ctx, &cip.ForgotPasswordInput{ClientId: &p.ClientID, Username: name})
			must(err)
		}
	}
}

func signIn(p *cognitotest.Provider, username, password string) *cip.InitiateAuthInput {
	return &cip.InitiateAuthInput{
		ClientId: &p.ClientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": username, "PASSWORD": password},
	}
}

// BenchmarkFork makes copies of a provider with a thousand users and more, and closes them.
func BenchmarkFork(b *testing.B) {
	for name, opts := range map[string][]cognitotest.Option{"loopback": nil, "memory": {cognitotest.InMemory()}, "TLS": {cognitotest.TLS()}} {
		for _, users := range []int{1_000, 10_000} {
			b.Run(fmt.Sprintf("%s/%d", name, users), func(b *testing.B) {
				p := cognitotest.New(b, opts...)
				crowd(b, p, users)
				for b.Loop() {
					s := &scope{TB: b}
					p.Fork(s)
					s.end()
				}
			})
		}
	}
}

// BenchmarkSnapshot takes the state of a server with many users, and goes back to it.
func BenchmarkSnapshot(b *testing.B) {
	for _, users := range []int{1_000, 10_000} {
		p := cognitotest.New(b, cognitotest.InMemory())
		crowd(b, p, users)
		s := p.Fake(b)
		b.Run(fmt.Sprintf("Snapshot/%d", users), func(b *testing.B) {
			for b.Loop() {
				s.Snapshot()
			}
		})
		b.Run(fmt.Sprintf("Restore/%d", users), func(b *testing.B) {
			snapshot := s.Snapshot()
			for b.Loop() {
				s.Restore(snapshot)
			}
		})
	}
}

// BenchmarkForkedSignIn compares sign-ins to a pool that was never copied with those to a fork, and to the
// source of one, by turns.
func BenchmarkForkedSignIn(b *testing.B) {
	fresh, source := cognitotest.New(b, cognitotest.InMemory()), cognitotest.New(b, cognitotest.InMemory())
	crowd(b, fresh, 1_000)
	crowd(b, source, 1_000)
	fork := source.Fork(b)
	for range 3 {
		for name, p := range map[string]*cognitotest.Provider{"fresh": fresh, "source": source, "fork": fork} {
			api := p.Fake(b).API()
			b.Run(name, func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					if _, err := api.InitiateAuth(context.Background(), signIn(p, fmt.Sprintf("user-%07d", i%1_000), "Correct-Horse-7")); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
