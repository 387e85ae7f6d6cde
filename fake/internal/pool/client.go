package pool

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Catalog says what a pool has that the settings of an app client may name. A nil function means
// that there is nothing.
type Catalog struct {
	HasProvider func(name string) bool  // identity providers besides COGNITO
	HasScope    func(scope string) bool // scopes of resource servers, as "identifier/name"
}

// ClientRules judge the settings of the app clients of one pool.
type ClientRules struct {
	Pool    *types.UserPoolType
	Schema  *Schema
	Catalog Catalog
}

// New judges the settings of a new app client and completes them: the result is what
// DescribeUserPoolClient answers without ClientId, ClientSecret and dates. It shares nothing
// with in.
func (r ClientRules) New(in *cip.CreateUserPoolClientInput) (*types.UserPoolClientType, error) {
	if in.GenerateSecret && in.ClientSecret != nil {
		return nil, InvalidParameter(secretTwice)
	}
	c := &types.UserPoolClientType{}
	assign(c, in)
	c.ClientSecret = nil
	c.AllowedOAuthFlowsUserPoolClient = aws.Bool(in.AllowedOAuthFlowsUserPoolClient)
	return r.settled(c, in.GenerateSecret || in.ClientSecret != nil, "creating")
}

// Update returns the settings of an app client after UpdateUserPoolClient; old stays as it is.
// What the request omits goes back to its default; the name and what the request cannot set are
// kept. confidential says whether the client has a secret.
func (r ClientRules) Update(old *types.UserPoolClientType, in *cip.UpdateUserPoolClientInput, confidential bool) (*types.UserPoolClientType, error) {
	c := Clone(old)
	assign(c, in)
	c.ClientName = cmp.Or(c.ClientName, Clone(old.ClientName))
	c.AllowedOAuthFlowsUserPoolClient = aws.Bool(in.AllowedOAuthFlowsUserPoolClient)
	return r.settled(c, confidential, "updating")
}

// judgement is what the rules for app clients look at: complete settings, whether the client has a
// secret, and the verb of the service's messages.
type judgement struct {
	ClientRules
	client       *types.UserPoolClientType
	confidential bool
	verb         string
}

// settled completes and judges settings. The order of the rules is inferred.
func (r ClientRules) settled(c *types.UserPoolClientType, confidential bool, verb string) (*types.UserPoolClientType, error) {
	completeClient(c)
	j := judgement{r, c, confidential, verb}
	for _, rule := range []func() error{
		j.checkAuthFlows,
		j.checkRotation,
		j.checkValidity,
		j.checkAttributes,
		j.checkContext,
		j.checkProviders,
		j.checkURLs,
		j.checkOAuthFlows,
		j.checkScopes,
		j.checkAnalytics,
	} {
		if err := rule(); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// completeClient fills in the defaults that DescribeUserPoolClient shows.
func completeClient(c *types.UserPoolClientType) {
	c.RefreshTokenValidity = cmp.Or(c.RefreshTokenValidity, defaultRefreshValidity)
	completeUnits(c)
	orPointer(&c.EnableTokenRevocation, true)
	orPointer(&c.EnablePropagateAdditionalUserContextData, false)
	orPointer(&c.AuthSessionValidity, defaultSessionMinutes)
	asSet(&c.ExplicitAuthFlows)
	asSet(&c.ReadAttributes)
	asSet(&c.WriteAttributes)
	asSet(&c.SupportedIdentityProviders)
	asSet(&c.CallbackURLs)
	asSet(&c.LogoutURLs)
	asSet(&c.AllowedOAuthFlows)
	asSet(&c.AllowedOAuthScopes)
}

// completeUnits fills in the other units where one is set; none stay none.
func completeUnits(c *types.UserPoolClientType) {
	orNew(&c.TokenValidityUnits)
	u := c.TokenValidityUnits
	if *u == (types.TokenValidityUnitsType{}) {
		return
	}
	u.AccessToken = cmp.Or(u.AccessToken, types.TimeUnitsTypeHours)
	u.IdToken = cmp.Or(u.IdToken, types.TimeUnitsTypeHours)
	u.RefreshToken = cmp.Or(u.RefreshToken, types.TimeUnitsTypeDays)
}

func orPointer[T any](p **T, def T) {
	if *p == nil {
		*p = &def
	}
}

// asSet makes a list what descriptions show: without duplicates, in an order of its own, and
// absent where it is empty.
func asSet[T cmp.Ordered](list *[]T) {
	slices.Sort(*list)
	*list = slices.Compact(*list)
	dropEmpty(list)
}
