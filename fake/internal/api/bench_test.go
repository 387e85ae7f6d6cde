package api

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// The benchmarks measure operations inside the server, without HTTP, in pools of a thousand to a
// million users. Their cost must not grow with the pool; a user should take at most 1.5 KiB.

// sizes are the numbers of users; -short leaves out the largest.
func sizes() []int {
	if testing.Short() {
		return []int{1_000, 10_000}
	}
	return []int{1_000, 10_000, 1_000_000}
}

// newUserInput is a user as tests make them: every string of its own, as from a request's body.
func newUserInput(poolID string, i int) *cip.AdminCreateUserInput {
	attributes := []types.AttributeType{}
	for name, value := range map[string]string{
		"email": fmt.Sprintf("user-%07d@example.com", i), "email_verified": "true", "name": fmt.Sprintf("User %d", i%1000),
	} {
		attributes = append(attributes, types.AttributeType{Name: aws.String(string([]byte(name))), Value: &value})
	}
	return &cip.AdminCreateUserInput{
		UserPoolId: &poolID, Username: aws.String(fmt.Sprintf("user-%07d", i)), TemporaryPassword: aws.String(fmt.Sprintf("Aa1!%07d", i)),
		MessageAction: types.MessageActionTypeSuppress, UserAttributes: attributes,
	}
}

// fill makes a pool with n users and returns the bytes that each of them takes.
func fill(b *testing.B, n int) (a *API, poolID string, bytes float64) {
	b.Helper()
	a = newAPI(b)
	made, err := a.CreateUserPool(context.Background(), &cip.CreateUserPoolInput{PoolName: aws.String("bench")})
	if err != nil {
		b.Fatal(err)
	}
	poolID = *made.UserPool.Id
	before := heap()
	for i := range n {
		if _, err := a.AdminCreateUser(context.Background(), newUserInput(poolID, i)); err != nil {
			b.Fatal(err)
		}
	}
	return a, poolID, float64(heap()-before) / float64(n)
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func BenchmarkUsers(b *testing.B) {
	for _, n := range sizes() {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			a, poolID, bytes := fill(b, n)
			b.Run("Memory", func(b *testing.B) { b.ReportMetric(bytes, "B/user") })
			benchmarkAll(b, a, poolID, n)
		})
	}
}

// benchmarkAll runs the operations on a pool of n users.
func benchmarkAll(b *testing.B, a *API, id string, n int) {
	ctx := context.Background()
	next := n
	run := func(name string, do func(i int) error) {
		b.Run(name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				if err := do(i * 7919 % n); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	list := func(filter string) func(int) error {
		return func(i int) error {
			in := &cip.ListUsersInput{UserPoolId: &id}
			if filter != "" {
				in.Filter = aws.String(fmt.Sprintf(filter, i))
			}
			_, err := a.ListUsers(ctx, in)
			return err
		}
	}
	run("AdminCreateUser", func(int) error {
		next++
		_, err := a.AdminCreateUser(ctx, newUserInput(id, next))
		return err
	})
	run("AdminGetUser", func(i int) error {
		_, err := a.AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &id, Username: aws.String(fmt.Sprintf("user-%07d", i))})
		return err
	})
	token := accessToken(b, a, id)
	run("GetUser", func(int) error {
		_, err := a.GetUser(ctx, &cip.GetUserInput{AccessToken: &token})
		return err
	})
	run("ListUsers/page", list(""))
	run("ListUsers/equality", list(`email = "user-%07d@example.com"`))
	run("ListUsers/prefix", list(`email ^= "user-%07d"`))
}

// accessToken signs a further user in. Verifying its signature is most of what GetUser costs.
func accessToken(b *testing.B, a *API, poolID string) string {
	b.Helper()
	ctx := context.Background()
	username, password := aws.String("signed-in"), aws.String("Correct-Horse-7")
	_, errUser := a.AdminCreateUser(ctx, &cip.AdminCreateUserInput{UserPoolId: &poolID, Username: username, MessageAction: types.MessageActionTypeSuppress})
	_, errPassword := a.AdminSetUserPassword(ctx, &cip.AdminSetUserPasswordInput{UserPoolId: &poolID, Username: username, Password: password, Permanent: true})
	c, errClient := a.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{
		UserPoolId: &poolID, ClientName: aws.String("bench"), ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowUserPasswordAuth},
	})
	if err := errors.Join(errUser, errPassword, errClient); err != nil {
		b.Fatal(err)
	}
	out, err := a.InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId: c.UserPoolClient.ClientId, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": *username, "PASSWORD": *password},
	})
	if err != nil {
		b.Fatal(err)
	}
	return *out.AuthenticationResult.AccessToken
}
