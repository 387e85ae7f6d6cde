package api

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

func TestIDsOfDeletedClientsAreFree(t *testing.T) {
	a, ctx := newAPI(t), context.Background()
	p, err := a.CreateUserPool(ctx, &cip.CreateUserPoolInput{})
	must(t, err)
	for range 2 {
		a.store.PinIDs("", "pinned")
		_, err := a.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{UserPoolId: p.UserPool.Id})
		must(t, err)
		_, err = a.DeleteUserPoolClient(ctx, &cip.DeleteUserPoolClientInput{UserPoolId: p.UserPool.Id, ClientId: aws.String("pinned")})
		must(t, err)
	}
}

// TestThousandClients also makes sure that a client beyond the quota leaves nothing behind.
func TestThousandClients(t *testing.T) {
	a, ctx := newAPI(t), context.Background()
	p, err := a.CreateUserPool(ctx, &cip.CreateUserPoolInput{})
	must(t, err)
	for range 1000 {
		_, err := a.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{UserPoolId: p.UserPool.Id})
		must(t, err)
	}
	a.store.PinIDs("", "pinned")
	_, err = a.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{UserPoolId: p.UserPool.Id})
	if limit := new(types.LimitExceededException); !errors.As(err, &limit) {
		t.Errorf("the client beyond the quota: %v, want LimitExceededException", err)
	}
	if _, err := a.store.PoolOfClient("pinned", ""); err == nil {
		t.Error("the client that was refused leads to a pool")
	}
}
