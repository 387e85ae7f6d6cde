package triggers

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// Account is what a service knows of its customer.
type Account struct {
	Tenant      string
	Permissions []string // such as orders.read
}

// Accounts is a table of accounts, by the sub of the user.
type Accounts interface {
	Account(ctx context.Context, sub string) (Account, error)
}

// Claims puts what a table says of a user into the user's tokens. Whom the table does not know gets no
// tokens.
type Claims struct {
	Accounts Accounts
}

// account returns the account of the user whom an event is about.
func (c Claims) account(ctx context.Context, attributes map[string]string) (Account, error) {
	account, err := c.Accounts.Account(ctx, attributes["sub"])
	if err != nil {
		return Account{}, fmt.Errorf("no account: %w", err)
	}
	return account, nil
}

// PreTokenGeneration is of version V1_0, which changes the ID token alone; its claims are strings. The
// groups are passed on: an answer without them would take them away.
func (c Claims) PreTokenGeneration(ctx context.Context, e events.CognitoEventUserPoolsPreTokenGen) (events.CognitoEventUserPoolsPreTokenGen, error) {
	account, err := c.account(ctx, e.Request.UserAttributes)
	if err != nil {
		return e, err
	}
	e.Response.ClaimsOverrideDetails = events.ClaimsOverrideDetails{
		ClaimsToAddOrOverride: map[string]string{"tenant": account.Tenant, "permissions": strings.Join(account.Permissions, " ")},
		ClaimsToSuppress:      []string{"email"},
		GroupOverrideDetails:  e.Request.GroupConfiguration,
	}
	return e, nil
}

// PreTokenGenerationV2 is of version V2_0, which changes the access token too: what APIs ask for are
// scopes, and claims may be lists.
func (c Claims) PreTokenGenerationV2(ctx context.Context, e events.CognitoEventUserPoolsPreTokenGenV2_0) (events.CognitoEventUserPoolsPreTokenGenV2_0, error) {
	account, err := c.account(ctx, e.Request.UserAttributes)
	if err != nil {
		return e, err
	}
	claims := map[string]any{"tenant": account.Tenant, "permissions": account.Permissions}
	e.Response.ClaimsAndScopeOverrideDetails = events.ClaimsAndScopeOverrideDetailsV2_0{
		IDTokenGeneration: events.IDTokenGenerationV2_0{ClaimsToAddOrOverride: claims, ClaimsToSuppress: []string{"email"}},
		AccessTokenGeneration: events.AccessTokenGenerationV2_0{
			ClaimsToAddOrOverride: claims, ScopesToAdd: account.Permissions, ScopesToSuppress: []string{"aws.cognito.signin.user.admin"},
		},
		GroupOverrideDetails: e.Request.GroupConfiguration,
	}
	return e, nil
}
