package triggers

import (
	"context"
	"fmt"

	"github.com/aws/aws-lambda-go/events"
)

// MachineClaims puts into the token that a program gets for itself, by client_credentials, whose program
// it is. A program that nobody knows gets none.
type MachineClaims struct {
	Tenants map[string]string // by the id of the app client
}

// PreTokenGenerationV3 is of version V3_0, the only one that is called for programs, and is called for
// users, too. Those get their tokens as they are; their groups have to be passed on.
func (m MachineClaims) PreTokenGenerationV3(_ context.Context, e events.CognitoEventUserPoolsPreTokenGenV2_0) (events.CognitoEventUserPoolsPreTokenGenV2_0, error) {
	details := &e.Response.ClaimsAndScopeOverrideDetails
	details.GroupOverrideDetails = e.Request.GroupConfiguration
	if e.TriggerSource != "TokenGeneration_ClientCredentials" {
		return e, nil
	}
	tenant, ok := m.Tenants[e.CallerContext.ClientID]
	if !ok {
		return e, fmt.Errorf("nobody has the app client %s", e.CallerContext.ClientID)
	}
	details.AccessTokenGeneration.ClaimsToAddOrOverride = map[string]any{"tenant": tenant}
	if job := e.Request.ClientMetadata["job"]; job != "" { // the program's aws_client_metadata
		details.AccessTokenGeneration.ClaimsToAddOrOverride["job"] = job
	}
	return e, nil
}
