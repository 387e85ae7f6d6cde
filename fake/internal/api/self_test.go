package api

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"
)

// makeAliasPool makes a pool with email as an alias that is verified by a code, and returns it with
// an app client.
func makeAliasPool(t *testing.T, a *API) (poolID, clientID string) {
	t.Helper()
	p, err := a.CreateUserPool(context.Background(), &cip.CreateUserPoolInput{
		PoolName: aws.String("test"), AliasAttributes: []types.AliasAttributeType{types.AliasAttributeTypeEmail},
		AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail},
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := a.CreateUserPoolClient(context.Background(), &cip.CreateUserPoolClientInput{UserPoolId: p.UserPool.Id, ClientName: aws.String("test")})
	if err != nil {
		t.Fatal(err)
	}
	return *p.UserPool.Id, *c.UserPoolClient.ClientId
}

// TestAccessTokensAreAskedForEverywhere calls every operation that has an access token with none
// and with a bad one.
func TestAccessTokensAreAskedForEverywhere(t *testing.T) {
	a, tried := newAPI(t), 0
	for name, o := range operations {
		in := o.NewInput()
		field := reflect.ValueOf(in).Elem().FieldByName("AccessToken")
		if !o.Simulated || !field.IsValid() {
			continue
		}
		tried++
		for _, token := range []*string{nil, new(string)} {
			field.Set(reflect.ValueOf(token))
			_, err := o.call(a, context.Background(), in)
			var e smithy.APIError
			if !errors.As(err, &e) || e.ErrorMessage() != "Could not verify signature for Access Token" {
				t.Errorf("%s: %v, want a refused token", name, err)
			}
		}
	}
	if tried < 8 {
		t.Errorf("%d operations take an access token, want at least 8", tried)
	}
}

// TestOneOfManyWins lets several clients at once sign up the same name, and several users at once
// confirm the same alias.
func TestOneOfManyWins(t *testing.T) {
	a, ctx := newAPI(t), context.Background()
	_, client := makeAliasPool(t, a)
	signUp := func(name string) error {
		_, err := a.SignUp(ctx, &cip.SignUpInput{
			ClientId: &client, Username: &name, Password: aws.String("Correct-Horse-7"),
			UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: aws.String("shared@example.com")}},
		})
		return err
	}
	winners := func(try func(i int) error) int {
		var won atomic.Int32
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() {
				if try(i) == nil {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		return int(won.Load())
	}
	if got := winners(func(int) error { return signUp("ann") }); got != 1 {
		t.Errorf("%d signed up as ann, want 1", got)
	}
	if got := winners(func(i int) error { return signUp(fmt.Sprint("user-", i)) }); got != 16 {
		t.Errorf("%d signed up under names of their own, want 16", got)
	}
	codes := map[string]string{}
	for _, m := range a.outbox.Messages() {
		codes[m.Username] = m.Code
	}
	if got := winners(func(i int) error {
		name := fmt.Sprint("user-", i)
		_, err := a.ConfirmSignUp(ctx, &cip.ConfirmSignUpInput{ClientId: &client, Username: &name, ConfirmationCode: aws.String(codes[name])})
		return err
	}); got != 1 {
		t.Errorf("%d confirmed the same alias, want 1", got)
	}
}

func TestSelfServiceStandsNilMembers(t *testing.T) {
	a := newAPI(t)
	_, client := makeAliasPool(t, a)
	for name, in := range map[string]any{
		"SignUp":                 &cip.SignUpInput{ClientId: &client, UserAttributes: []types.AttributeType{{}}},
		"ConfirmSignUp":          &cip.ConfirmSignUpInput{ClientId: &client},
		"ResendConfirmationCode": &cip.ResendConfirmationCodeInput{ClientId: &client},
		"ForgotPassword":         &cip.ForgotPasswordInput{ClientId: &client},
		"ConfirmForgotPassword":  &cip.ConfirmForgotPasswordInput{ClientId: &client},
		"RevokeToken":            &cip.RevokeTokenInput{},
	} {
		if _, err := operations[name].call(a, context.Background(), in); err == nil {
			t.Errorf("%s without its members: no error", name)
		}
	}
}
