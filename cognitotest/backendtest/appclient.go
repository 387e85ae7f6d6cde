package backendtest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// createClient makes an app client of the provider's pool.
func createClient(p *cognitotest.Provider, in cip.CreateUserPoolClientInput) (*types.UserPoolClientType, error) {
	in.UserPoolId = &p.PoolID
	if in.ClientName == nil {
		in.ClientName = aws.String("app")
	}
	out, err := p.Client().CreateUserPoolClient(ctx, &in)
	if err != nil {
		return nil, err
	}
	return out.UserPoolClient, nil
}

// updateClient updates an app client of the provider's pool.
func updateClient(p *cognitotest.Provider, id *string, in cip.UpdateUserPoolClientInput) (*types.UserPoolClientType, error) {
	in.UserPoolId, in.ClientId = &p.PoolID, id
	out, err := p.Client().UpdateUserPoolClient(ctx, &in)
	if err != nil {
		return nil, err
	}
	return out.UserPoolClient, nil
}

// describeClient answers the settings of an app client of the provider's pool.
func describeClient(t *testing.T, p *cognitotest.Provider, id *string) *types.UserPoolClientType {
	t.Helper()
	out, err := p.Client().DescribeUserPoolClient(ctx, &cip.DescribeUserPoolClientInput{UserPoolId: &p.PoolID, ClientId: id})
	need(t, err)
	return out.UserPoolClient
}

// bareClient is what describes a client without settings.
const bareClient = `{"ClientName":"bare",
	"RefreshTokenValidity":30,"TokenValidityUnits":{},
	"AllowedOAuthFlowsUserPoolClient":false,"EnableTokenRevocation":true,
	"EnablePropagateAdditionalUserContextData":false,"AuthSessionValidity":3}`

var appClients = []Behaviour{
	{"an app client that is made with a name alone has these settings, and no empty lists", func(t *testing.T, start Start) {
		p := start(t)
		c, wire := tapped(p)
		made, err := c.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{UserPoolId: &p.PoolID, ClientName: aws.String("bare")})
		need(t, err)
		byItself := []string{"UserPoolId", "ClientId", "CreationDate", "LastModifiedDate"}
		wantJSON(t, wire.member(t, "UserPoolClient"), bareClient, byItself...)
		_, err = c.DescribeUserPoolClient(ctx, &cip.DescribeUserPoolClientInput{UserPoolId: &p.PoolID, ClientId: made.UserPoolClient.ClientId})
		need(t, err)
		wantJSON(t, wire.member(t, "UserPoolClient"), bareClient, byItself...)
	}},
	{"the settings of an app client come back as they were given, lists as sets", func(t *testing.T, start Start) {
		p := start(t)
		in := cip.CreateUserPoolClientInput{
			ClientName:           aws.String("full"),
			ExplicitAuthFlows:    []types.ExplicitAuthFlowsType{"ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"},
			AccessTokenValidity:  aws.Int32(2),
			IdTokenValidity:      aws.Int32(3),
			RefreshTokenValidity: 4,
			TokenValidityUnits:   &types.TokenValidityUnitsType{AccessToken: "hours", IdToken: "hours", RefreshToken: "days"},
			ReadAttributes:       []string{"name", "email", "email_verified"}, WriteAttributes: []string{"name"},
			EnableTokenRevocation: aws.Bool(false), AuthSessionValidity: aws.Int32(15), PreventUserExistenceErrors: "ENABLED",
			AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows: []types.OAuthFlowType{"implicit", "code"},
			AllowedOAuthScopes: []string{"openid", "email"}, SupportedIdentityProviders: []string{"COGNITO"},
			CallbackURLs: []string{"https://example.com/cb", "http://localhost:3000/cb", "myapp://cb"}, DefaultRedirectURI: aws.String("myapp://cb"),
			LogoutURLs: []string{"https://example.com/out"},
		}
		made, err := createClient(p, in)
		need(t, err)
		want := &types.UserPoolClientType{
			UserPoolId: &p.PoolID, ClientId: made.ClientId, CreationDate: made.CreationDate, LastModifiedDate: made.LastModifiedDate,
			ClientName: in.ClientName, ExplicitAuthFlows: sorted(in.ExplicitAuthFlows), AccessTokenValidity: in.AccessTokenValidity, IdTokenValidity: in.IdTokenValidity,
			RefreshTokenValidity: 4, TokenValidityUnits: in.TokenValidityUnits, ReadAttributes: sorted(in.ReadAttributes), WriteAttributes: in.WriteAttributes,
			EnableTokenRevocation: in.EnableTokenRevocation, AuthSessionValidity: in.AuthSessionValidity, PreventUserExistenceErrors: "ENABLED",
			AllowedOAuthFlowsUserPoolClient: aws.Bool(true), AllowedOAuthFlows: sorted(in.AllowedOAuthFlows), AllowedOAuthScopes: sorted(in.AllowedOAuthScopes),
			SupportedIdentityProviders: in.SupportedIdentityProviders, CallbackURLs: sorted(in.CallbackURLs), DefaultRedirectURI: in.DefaultRedirectURI,
			LogoutURLs: in.LogoutURLs, EnablePropagateAdditionalUserContextData: aws.Bool(false),
		}
		wantSame(t, "answer of CreateUserPoolClient", withSortedLists(made), want)
		wantSame(t, "answer of DescribeUserPoolClient", withSortedLists(describeClient(t, p, made.ClientId)), want)
	}},
	{"one unit of validity brings the defaults of the others", func(t *testing.T, start Start) {
		p := start(t)
		made, err := createClient(p, cip.CreateUserPoolClientInput{
			AccessTokenValidity: aws.Int32(1), TokenValidityUnits: &types.TokenValidityUnitsType{AccessToken: "days"}})
		need(t, err)
		wantSame(t, "units", made.TokenValidityUnits, &types.TokenValidityUnitsType{AccessToken: "days", IdToken: "hours", RefreshToken: "days"})
	}},
	{"a refresh token validity of 0 is the 30 days of the default", func(t *testing.T, start Start) {
		made, err := createClient(start(t), cip.CreateUserPoolClientInput{RefreshTokenValidity: 0})
		need(t, err)
		if made.RefreshTokenValidity != 30 {
			t.Errorf("RefreshTokenValidity = %d, want 30", made.RefreshTokenValidity)
		}
	}},
	{"the validity of access and ID tokens is the client's, in its units", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithAppClient(cip.CreateUserPoolClientInput{
			AccessTokenValidity: aws.Int32(5), IdTokenValidity: aws.Int32(1),
			TokenValidityUnits: &types.TokenValidityUnitsType{AccessToken: "minutes", IdToken: "days"},
		}))
		u := p.NewUser(t)
		out, err := signIn(p, u.Username, u.Password)
		need(t, err)
		if got := out.AuthenticationResult.ExpiresIn; got != 300 {
			t.Errorf("ExpiresIn = %d, want the 300 of the access token", got)
		}
	}},
	{"a legacy flow name comes back unchanged", func(t *testing.T, start Start) {
		made, err := createClient(start(t), cip.CreateUserPoolClientInput{ExplicitAuthFlows: []types.ExplicitAuthFlowsType{"ADMIN_NO_SRP_AUTH"}})
		need(t, err)
		wantSame(t, "flows", made.ExplicitAuthFlows, []types.ExplicitAuthFlowsType{"ADMIN_NO_SRP_AUTH"})
	}},
	{"an update takes what is omitted back to its default, but for name, id and secret", func(t *testing.T, start Start) {
		p := start(t)
		made, err := createClient(p, cip.CreateUserPoolClientInput{
			ClientName: aws.String("bare"), GenerateSecret: true, ExplicitAuthFlows: []types.ExplicitAuthFlowsType{"ALLOW_USER_SRP_AUTH"},
			AccessTokenValidity: aws.Int32(2), RefreshTokenValidity: 4, EnableTokenRevocation: aws.Bool(false), AuthSessionValidity: aws.Int32(5),
			ReadAttributes: []string{"name"}, PreventUserExistenceErrors: "ENABLED", CallbackURLs: []string{"https://example.com/cb"},
		})
		need(t, err)
		c, wire := tapped(p)
		updated, err := c.UpdateUserPoolClient(ctx, &cip.UpdateUserPoolClientInput{UserPoolId: &p.PoolID, ClientId: made.ClientId})
		need(t, err)
		wantJSON(t, wire.member(t, "UserPoolClient"), bareClient, "UserPoolId", "ClientId", "CreationDate", "LastModifiedDate", "ClientSecret")
		if got := updated.UserPoolClient; *got.ClientId != *made.ClientId || *got.ClientSecret != *made.ClientSecret || !got.CreationDate.Equal(*made.CreationDate) {
			t.Errorf("client %s, secret %s, created %v; want %s, %s, %v", *got.ClientId, *got.ClientSecret, got.CreationDate, *made.ClientId, *made.ClientSecret, made.CreationDate)
		}
		wantSame(t, "described client", describeClient(t, p, made.ClientId), updated.UserPoolClient)
	}},
	{"an update moves the date of modification, and can rename the client", func(t *testing.T, start Start) {
		p := start(t)
		s := needFake(t, p, slow)
		made, err := createClient(p, cip.CreateUserPoolClientInput{})
		need(t, err)
		s.Advance(time.Minute)
		got, err := updateClient(p, made.ClientId, cip.UpdateUserPoolClientInput{ClientName: aws.String("renamed")})
		need(t, err)
		if *got.ClientName != "renamed" || got.LastModifiedDate.Sub(*made.LastModifiedDate) < time.Minute {
			t.Errorf("name %s, modified %v; want renamed, a minute after %v", *got.ClientName, got.LastModifiedDate, made.LastModifiedDate)
		}
	}},
	{"an update that fails changes nothing", func(t *testing.T, start Start) {
		p := start(t)
		made, err := createClient(p, cip.CreateUserPoolClientInput{ReadAttributes: []string{"name"}})
		need(t, err)
		_, err = updateClient(p, made.ClientId, cip.UpdateUserPoolClientInput{ReadAttributes: []string{"custom:none"}})
		wantError(t, err, invalid, "Invalid read attributes specified while updating a client")
		wantSame(t, "client", describeClient(t, p, made.ClientId), made)
	}},
	{"a deleted app client is gone at once", func(t *testing.T, start Start) {
		p := start(t)
		made, err := createClient(p, cip.CreateUserPoolClientInput{})
		need(t, err)
		_, err = p.Client().DeleteUserPoolClient(ctx, &cip.DeleteUserPoolClientInput{UserPoolId: &p.PoolID, ClientId: made.ClientId})
		need(t, err)
		wantClientNotFound(t, p, *made.ClientId)
	}},
	{"an app client of another pool is not found", func(t *testing.T, start Start) {
		p := start(t)
		other, err := createPool(t, p.Client(), marked(p, cip.CreateUserPoolInput{}))
		need(t, err)
		_, err = p.Client().DescribeUserPoolClient(ctx, &cip.DescribeUserPoolClientInput{UserPoolId: other.Id, ClientId: &p.ClientID})
		wantError(t, err, "ResourceNotFoundException", "User pool client "+p.ClientID+" does not exist.")
	}},
	{"app clients are listed page by page, by id, name and pool", func(t *testing.T, start Start) {
		p := start(t)
		want := map[string]types.UserPoolClientDescription{}
		for i := range 5 {
			made, err := createClient(p, cip.CreateUserPoolClientInput{ClientName: aws.String(fmt.Sprint("app-", i)), GenerateSecret: true})
			need(t, err)
			want[*made.ClientId] = types.UserPoolClientDescription{ClientId: made.ClientId, ClientName: made.ClientName, UserPoolId: &p.PoolID}
		}
		first := describeClient(t, p, &p.ClientID)
		want[p.ClientID] = types.UserPoolClientDescription{ClientId: &p.ClientID, ClientName: first.ClientName, UserPoolId: &p.PoolID}
		wantSame(t, "clients", listClients(t, p, 2), want)
		wantSame(t, "clients on one page", listClients(t, p, 6), want)
	}},
}

// wantClientNotFound checks that no operation finds an app client in the provider's pool.
func wantClientNotFound(t *testing.T, p *cognitotest.Provider, id string) {
	t.Helper()
	message := "User pool client " + id + " does not exist."
	c, pool := p.Client(), &p.PoolID
	for _, err := range []error{
		fail(c.DescribeUserPoolClient(ctx, &cip.DescribeUserPoolClientInput{UserPoolId: pool, ClientId: &id})),
		fail(c.UpdateUserPoolClient(ctx, &cip.UpdateUserPoolClientInput{UserPoolId: pool, ClientId: &id})),
		fail(c.DeleteUserPoolClient(ctx, &cip.DeleteUserPoolClientInput{UserPoolId: pool, ClientId: &id})),
		fail(c.AddUserPoolClientSecret(ctx, &cip.AddUserPoolClientSecretInput{UserPoolId: pool, ClientId: &id})),
		fail(c.ListUserPoolClientSecrets(ctx, &cip.ListUserPoolClientSecretsInput{UserPoolId: pool, ClientId: &id})),
		fail(c.DeleteUserPoolClientSecret(ctx, &cip.DeleteUserPoolClientSecretInput{UserPoolId: pool, ClientId: &id, ClientSecretId: &id})),
		fail(c.InitiateAuth(ctx, &cip.InitiateAuthInput{ClientId: &id, AuthFlow: types.AuthFlowTypeUserSrpAuth})),
	} {
		wantError(t, err, "ResourceNotFoundException", message)
	}
}

// listClients pages through the app clients of the provider's pool.
func listClients(t *testing.T, p *cognitotest.Provider, size int32) map[string]types.UserPoolClientDescription {
	t.Helper()
	found := map[string]types.UserPoolClientDescription{}
	pages := cip.NewListUserPoolClientsPaginator(p.Client(), &cip.ListUserPoolClientsInput{UserPoolId: &p.PoolID, MaxResults: &size})
	for pages.HasMorePages() {
		out, err := pages.NextPage(ctx)
		need(t, err)
		if n := len(out.UserPoolClients); n == 0 || n > int(size) {
			t.Errorf("a page of %d clients, want 1 to %d", n, size)
		}
		for _, c := range out.UserPoolClients {
			if _, again := found[*c.ClientId]; again {
				t.Fatalf("client %s is listed twice", *c.ClientId)
			}
			found[*c.ClientId] = c
		}
	}
	return found
}

// sorted returns a sorted copy: the service keeps the lists of app clients as sets.
func sorted[T ~string](list []T) []T { return slices.Sorted(slices.Values(list)) }

// withSortedLists sorts the lists of an app client.
func withSortedLists(c *types.UserPoolClientType) *types.UserPoolClientType {
	slices.Sort(c.ExplicitAuthFlows)
	slices.Sort(c.ReadAttributes)
	slices.Sort(c.AllowedOAuthFlows)
	slices.Sort(c.AllowedOAuthScopes)
	slices.Sort(c.CallbackURLs)
	return c
}
