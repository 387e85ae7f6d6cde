package backendtest

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// signIn signs in with a username and password as an app client.
func signIn(p *cognitotest.Provider, username, password string) (*cip.InitiateAuthOutput, error) {
	return initiate(p, types.AuthFlowTypeUserPasswordAuth, p.SecretHash(username), map[string]string{"USERNAME": username, "PASSWORD": password})
}

// initiate calls InitiateAuth with these parameters and, where it is not "", a SECRET_HASH.
func initiate(p *cognitotest.Provider, flow types.AuthFlowType, hash string, params map[string]string) (*cip.InitiateAuthOutput, error) {
	return p.Client().InitiateAuth(ctx, &cip.InitiateAuthInput{ClientId: &p.ClientID, AuthFlow: flow, AuthParameters: hashed(params, hash)})
}

// adminInitiate is initiate through AdminInitiateAuth.
func adminInitiate(p *cognitotest.Provider, flow types.AuthFlowType, hash string, params map[string]string) (*cip.AdminInitiateAuthOutput, error) {
	return p.Client().AdminInitiateAuth(ctx, &cip.AdminInitiateAuthInput{
		UserPoolId: &p.PoolID, ClientId: &p.ClientID, AuthFlow: flow, AuthParameters: hashed(params, hash),
	})
}

func hashed(params map[string]string, hash string) map[string]string {
	params = maps.Clone(params)
	if hash != "" {
		params["SECRET_HASH"] = hash
	}
	return params
}

// hiding is an app client that hides which users exist.
var hiding = cognitotest.WithAppClient(cip.CreateUserPoolClientInput{PreventUserExistenceErrors: types.PreventUserExistenceErrorTypesEnabled})

// flows is an app client that allows these flows only.
func flows(allowed ...types.ExplicitAuthFlowsType) cognitotest.Option {
	return cognitotest.WithAppClient(cip.CreateUserPoolClientInput{ExplicitAuthFlows: allowed})
}

var passwordSignIn = []Behaviour{
	{"a sign-in answers three tokens, their lifetime and no challenge", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		out, err := signIn(p, u.Username, u.Password)
		need(t, err)
		r := out.AuthenticationResult
		if aws.ToString(r.AccessToken) == "" || aws.ToString(r.IdToken) == "" || aws.ToString(r.RefreshToken) == "" {
			t.Errorf("a token is missing in %+v", r)
		}
		if r.ExpiresIn != 3600 || aws.ToString(r.TokenType) != "Bearer" {
			t.Errorf("ExpiresIn, TokenType = %d, %s; want 3600, Bearer", r.ExpiresIn, aws.ToString(r.TokenType))
		}
		if out.ChallengeName != "" || out.Session != nil || out.ChallengeParameters == nil || len(out.ChallengeParameters) != 0 {
			t.Errorf("challenge %q, session %v, parameters %v; want none, none and an empty map", out.ChallengeName, out.Session, out.ChallengeParameters)
		}
	}},
	{"an administrator signs a user in under the new and the old name of the flow", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		for _, flow := range []types.AuthFlowType{types.AuthFlowTypeAdminUserPasswordAuth, types.AuthFlowTypeAdminNoSrpAuth} {
			out, err := adminInitiate(p, flow, "", map[string]string{"USERNAME": u.Username, "PASSWORD": u.Password})
			need(t, err)
			if out.AuthenticationResult == nil {
				t.Errorf("%s: no tokens in %+v", flow, out)
			}
		}
	}},
	{"a wrong password is refused", func(t *testing.T, start Start) {
		p := start(t)
		_, err := signIn(p, p.NewUser(t).Username, "Wrong-1234")
		wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
	}},
	{"an unknown user is named as such by a client that hides nothing", func(t *testing.T, start Start) {
		_, err := signIn(start(t), "nobody", "Wrong-1234")
		wantError(t, err, "UserNotFoundException", "User does not exist.")
	}},
	{"an unknown user looks like a wrong password to a client that hides who exists", func(t *testing.T, start Start) {
		_, err := signIn(start(t, hiding), "nobody", "Wrong-1234")
		wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
	}},
	{"an unknown app client or pool is not found", func(t *testing.T, start Start) {
		p := start(t)
		_, err := p.Client().InitiateAuth(ctx, &cip.InitiateAuthInput{ClientId: aws.String("nosuchclient"), AuthFlow: types.AuthFlowTypeUserPasswordAuth})
		wantError(t, err, "ResourceNotFoundException", "User pool client nosuchclient does not exist.")
		_, err = p.Client().AdminInitiateAuth(ctx, &cip.AdminInitiateAuthInput{
			UserPoolId: &p.PoolID, ClientId: aws.String("nosuchclient"), AuthFlow: types.AuthFlowTypeAdminUserPasswordAuth,
		})
		wantError(t, err, "ResourceNotFoundException", "User pool client nosuchclient does not exist.")
		unknown := p.Region + "_nosuchpoo"
		_, err = p.Client().AdminInitiateAuth(ctx, &cip.AdminInitiateAuthInput{
			UserPoolId: &unknown, ClientId: &p.ClientID, AuthFlow: types.AuthFlowTypeAdminUserPasswordAuth,
		})
		wantError(t, err, "ResourceNotFoundException", "User pool "+unknown+" does not exist.")
	}},
	{"a flow that the client does not allow is refused, each in its own words", func(t *testing.T, start Start) {
		p := start(t, flows(types.ExplicitAuthFlowsTypeAllowUserPasswordAuth, types.ExplicitAuthFlowsTypeAllowRefreshTokenAuth))
		q := start(t, flows(types.ExplicitAuthFlowsTypeAllowAdminUserPasswordAuth, types.ExplicitAuthFlowsTypeAllowRefreshTokenAuth))
		for flow, message := range map[types.AuthFlowType]string{
			types.AuthFlowTypeUserPasswordAuth: "USER_PASSWORD_AUTH flow not enabled for this client",
			types.AuthFlowTypeUserSrpAuth:      "USER_SRP_AUTH is not enabled for the client.",
			types.AuthFlowTypeCustomAuth:       "CUSTOM_AUTH is not enabled for the client.",
			types.AuthFlowTypeUserAuth:         "USER_AUTH flow not enabled for this client",
		} {
			_, err := initiate(q, flow, "", map[string]string{"USERNAME": "ann", "PASSWORD": "Wrong-1234", "SRP_A": "ab"})
			wantError(t, err, "InvalidParameterException", message)
		}
		for _, flow := range []types.AuthFlowType{types.AuthFlowTypeAdminUserPasswordAuth, types.AuthFlowTypeAdminNoSrpAuth} {
			_, err := adminInitiate(p, flow, "", map[string]string{"USERNAME": "ann", "PASSWORD": "Wrong-1234"})
			wantError(t, err, "InvalidParameterException", "Auth flow not enabled for this client")
		}
	}},
	{"each flow belongs to its operation", func(t *testing.T, start Start) {
		p := start(t)
		for _, flow := range []types.AuthFlowType{types.AuthFlowTypeAdminUserPasswordAuth, types.AuthFlowTypeAdminNoSrpAuth} {
			_, err := initiate(p, flow, "", nil)
			wantError(t, err, "InvalidParameterException", "Initiate Auth method not supported.")
		}
		_, err := adminInitiate(p, types.AuthFlowTypeUserPasswordAuth, "", nil)
		wantError(t, err, "InvalidParameterException", "Initiate Auth method not supported.")
	}},
	{"custom authentication needs its trigger", func(t *testing.T, start Start) {
		_, err := initiate(start(t), types.AuthFlowTypeCustomAuth, "", map[string]string{"USERNAME": "ann"})
		wantError(t, err, "InvalidParameterException", "Custom auth lambda trigger is not configured for the user pool.")
	}},
	{"a client without settings allows SRP, custom authentication and refresh, no password", func(t *testing.T, start Start) {
		p := start(t)
		c, err := p.Client().CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{UserPoolId: &p.PoolID, ClientName: aws.String("bare")})
		need(t, err)
		for flow, message := range map[types.AuthFlowType]string{
			types.AuthFlowTypeUserPasswordAuth: "USER_PASSWORD_AUTH flow not enabled for this client",
			types.AuthFlowTypeUserSrpAuth:      "Missing required parameter USERNAME",
			types.AuthFlowTypeCustomAuth:       "Missing required parameter USERNAME",
			types.AuthFlowTypeRefreshTokenAuth: "Missing required parameter REFRESH_TOKEN",
		} {
			_, err := p.Client().InitiateAuth(ctx, &cip.InitiateAuthInput{ClientId: c.UserPoolClient.ClientId, AuthFlow: flow})
			wantError(t, err, "InvalidParameterException", message)
		}
	}},
	{"a legacy flow name allows refresh and SRP too", func(t *testing.T, start Start) {
		p := start(t, flows(types.ExplicitAuthFlowsTypeAdminNoSrpAuth))
		u := p.NewUser(t)
		tokens := u.Tokens(t)
		_, err := initiate(p, types.AuthFlowTypeRefreshTokenAuth, "", map[string]string{"REFRESH_TOKEN": tokens.RefreshToken})
		need(t, err)
		_, err = initiate(p, types.AuthFlowTypeUserSrpAuth, "", map[string]string{"USERNAME": u.Username})
		wantError(t, err, "InvalidParameterException", "Missing required parameter SRP_A")
	}},
	{"a missing parameter is named", func(t *testing.T, start Start) {
		p := start(t)
		for _, test := range []struct {
			flow    types.AuthFlowType
			given   map[string]string
			missing string
		}{
			{types.AuthFlowTypeUserPasswordAuth, nil, "USERNAME"},
			{types.AuthFlowTypeUserPasswordAuth, map[string]string{"USERNAME": "ann"}, "PASSWORD"},
			{types.AuthFlowTypeUserSrpAuth, map[string]string{"USERNAME": "ann"}, "SRP_A"},
			{types.AuthFlowTypeRefreshTokenAuth, nil, "REFRESH_TOKEN"},
			{types.AuthFlowTypeRefreshToken, nil, "REFRESH_TOKEN"},
		} {
			_, err := initiate(p, test.flow, "", test.given)
			wantError(t, err, "InvalidParameterException", "Missing required parameter "+test.missing)
		}
	}},
	{"after five failures a user is locked out for a second, doubled by each failure after", func(t *testing.T, start Start) {
		p := start(t)
		s := needFake(t, p, slow)
		u := p.NewUser(t)
		for range 4 {
			_, err := signIn(p, u.Username, "Wrong-1234")
			wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		}
		for lock := time.Second; lock <= 8*time.Second; lock *= 2 {
			_, err := signIn(p, u.Username, "Wrong-1234")
			wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
			s.Advance(lock - time.Millisecond*200)
			_, err = signIn(p, u.Username, u.Password)
			wantError(t, err, "NotAuthorizedException", "Password attempts exceeded")
			s.Advance(time.Millisecond * 200)
		}
		_, err := signIn(p, u.Username, u.Password)
		need(t, err)
		_, err = signIn(p, u.Username, "Wrong-1234")
		wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		_, err = signIn(p, u.Username, u.Password)
		need(t, err)
	}},
	{"failures count in whatever flow they happen", func(t *testing.T, start Start) {
		p := start(t)
		needFake(t, p, slow) // whose clock nobody else moves
		u := p.NewUser(t)
		wrong := map[string]string{"USERNAME": u.Username, "PASSWORD": "Wrong-1234"}
		for i := range 5 {
			if i%2 == 0 {
				_, err := adminInitiate(p, types.AuthFlowTypeAdminUserPasswordAuth, "", wrong)
				wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
			} else {
				_, err := signIn(p, u.Username, "Wrong-1234")
				wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
			}
		}
		_, err := signIn(p, u.Username, u.Password)
		wantError(t, err, "NotAuthorizedException", "Password attempts exceeded")
		_, err = signIn(p, p.NewUser(t).Username, "Wrong-1234") // nobody else is locked out
		wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
	}},
	{"a quarter of an hour without attempts forgets the failures", func(t *testing.T, start Start) {
		p := start(t)
		s := needFake(t, p, slow)
		u := p.NewUser(t)
		for range 4 {
			_, err := signIn(p, u.Username, "Wrong-1234")
			wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		}
		s.Advance(15 * time.Minute)
		_, err := signIn(p, u.Username, "Wrong-1234")
		wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		_, err = signIn(p, u.Username, u.Password)
		need(t, err)
	}},
	{"users sign in by a verified alias, and not by an unverified one", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{AliasAttributes: []types.AliasAttributeType{types.AliasAttributeTypeEmail}}))
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		_, err := signIn(p, "ann@example.com", u.Password)
		need(t, err)
		v := p.NewUser(t, cognitotest.Attribute("email", "bob@example.com"))
		_, err = signIn(p, "bob@example.com", v.Password)
		wantError(t, err, "UserNotFoundException", "User does not exist.")
	}},
	{"users of a pool with username attributes sign in by address and get a generated username", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{UsernameAttributes: []types.UsernameAttributeType{types.UsernameAttributeTypeEmail}}))
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		if u.Username != u.Sub {
			t.Errorf("username = %s, want the sub %s", u.Username, u.Sub)
		}
		for _, name := range []string{"ann@example.com", u.Sub} {
			_, err := signIn(p, name, u.Password)
			need(t, err)
		}
	}},
	{"an unconfirmed user is told so, whatever the password", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Unconfirmed())
		for _, password := range []string{u.Password, "Wrong-1234"} {
			_, err := signIn(p, u.Username, password)
			wantError(t, err, "UserNotConfirmedException", "User is not confirmed.")
		}
	}},
	{"a disabled user is told so", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		_, err := p.Client().AdminDisableUser(ctx, &cip.AdminDisableUserInput{UserPoolId: &p.PoolID, Username: &u.Username})
		need(t, err)
		_, err = signIn(p, u.Username, u.Password)
		wantError(t, err, "NotAuthorizedException", "User is disabled.")
		_, err = p.Client().AdminEnableUser(ctx, &cip.AdminEnableUserInput{UserPoolId: &p.PoolID, Username: &u.Username})
		need(t, err)
		_, err = signIn(p, u.Username, u.Password)
		need(t, err)
	}},
	{"a user whose password an administrator has reset must reset it first", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		_, err := p.Client().AdminResetUserPassword(ctx, &cip.AdminResetUserPasswordInput{UserPoolId: &p.PoolID, Username: &u.Username})
		need(t, err)
		_, err = signIn(p, u.Username, u.Password)
		wantError(t, err, "PasswordResetRequiredException", "Password reset required for the user")
	}},
	{"a temporary password expires after the days of the policy, seven by default", func(t *testing.T, start Start) {
		p := start(t)
		s := needFake(t, p, slow)
		u := p.NewUser(t, cognitotest.TemporaryPassword())
		s.Advance(7*24*time.Hour - time.Minute)
		out, err := signIn(p, u.Username, u.Password)
		need(t, err)
		if out.ChallengeName != types.ChallengeNameTypeNewPasswordRequired {
			t.Errorf("challenge = %q, want NEW_PASSWORD_REQUIRED", out.ChallengeName)
		}
		s.Advance(time.Minute)
		_, err = signIn(p, u.Username, u.Password)
		wantError(t, err, "NotAuthorizedException", "Temporary password has expired and must be reset by an administrator.")
	}},
}

var secretHash = []Behaviour{
	{"flow, parameters, SECRET_HASH, user and password are checked in this order", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithClientSecret(), flows(types.ExplicitAuthFlowsTypeAllowUserPasswordAuth))
		u := p.NewUser(t)
		missing := "Client " + p.ClientID + " is configured with secret but SECRET_HASH was not received"
		for _, step := range []struct {
			flow                 types.AuthFlowType
			hash                 string
			params               map[string]string
			code, message, right string
		}{
			{types.AuthFlowTypeUserSrpAuth, "", nil, "InvalidParameterException", "USER_SRP_AUTH is not enabled for the client.", "nothing"},
			{types.AuthFlowTypeUserPasswordAuth, "", map[string]string{"USERNAME": "nobody"}, "InvalidParameterException", "Missing required parameter PASSWORD", "the flow"},
			{types.AuthFlowTypeUserPasswordAuth, "", map[string]string{"USERNAME": "nobody", "PASSWORD": "x"}, "NotAuthorizedException", missing, "the parameters"},
			{types.AuthFlowTypeUserPasswordAuth, p.SecretHash("nobody"), map[string]string{"USERNAME": "nobody", "PASSWORD": "x"}, "UserNotFoundException", "User does not exist.", "the hash"},
			{types.AuthFlowTypeUserPasswordAuth, p.SecretHash(u.Username), map[string]string{"USERNAME": u.Username, "PASSWORD": "x"}, "NotAuthorizedException", "Incorrect username or password.", "the user"},
		} {
			part(t, "right is "+step.right, func(t *testing.T) {
				wantError(t, fail(initiate(p, step.flow, step.hash, step.params)), step.code, step.message)
			})
		}
	}},
	{"a client with a secret wants SECRET_HASH at every sign-in", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithClientSecret())
		u := p.NewUser(t)
		missing := "Client " + p.ClientID + " is configured with secret but SECRET_HASH was not received"
		params := map[string]string{"USERNAME": u.Username, "PASSWORD": u.Password}
		_, err := initiate(p, types.AuthFlowTypeUserPasswordAuth, "", params)
		wantError(t, err, "NotAuthorizedException", missing)
		_, err = adminInitiate(p, types.AuthFlowTypeAdminUserPasswordAuth, "", params)
		wantError(t, err, "NotAuthorizedException", missing)
		_, err = initiate(p, types.AuthFlowTypeRefreshTokenAuth, "", map[string]string{"REFRESH_TOKEN": u.Tokens(t).RefreshToken})
		wantError(t, err, "NotAuthorizedException", missing)
		_, err = initiate(p, types.AuthFlowTypeUserSrpAuth, "", map[string]string{"USERNAME": u.Username, "SRP_A": "2"})
		wantError(t, err, "NotAuthorizedException", missing)
	}},
	{"a choice-based sign-in needs SECRET_HASH too", func(t *testing.T, start Start) {
		p := start(t, choosing, cognitotest.WithClientSecret())
		u := p.NewUser(t)
		for _, more := range []map[string]string{
			{}, {"PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": u.Password}, {"PREFERRED_CHALLENGE": "PASSWORD_SRP", "SRP_A": "2"},
		} {
			more["USERNAME"] = u.Username
			wantError(t, fail(initiate(p, types.AuthFlowTypeUserAuth, "", more)), "NotAuthorizedException",
				"Client "+p.ClientID+" is configured with secret but SECRET_HASH was not received")
			wantError(t, fail(initiate(p, types.AuthFlowTypeUserAuth, p.SecretHash("somebody else"), more)), "NotAuthorizedException",
				"SecretHash does not match for the client: "+p.ClientID)
			need(t, fail(initiate(p, types.AuthFlowTypeUserAuth, p.SecretHash(u.Username), more)))
		}
	}},
	{"a wrong SECRET_HASH is refused, by an administrator's operations in older words", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithClientSecret())
		u := p.NewUser(t)
		wrong := p.SecretHash("somebody else")
		params := map[string]string{"USERNAME": u.Username, "PASSWORD": u.Password}
		refresh := map[string]string{"REFRESH_TOKEN": u.Tokens(t).RefreshToken}
		for _, err := range []error{
			fail(initiate(p, types.AuthFlowTypeUserPasswordAuth, wrong, params)),
			fail(initiate(p, types.AuthFlowTypeRefreshTokenAuth, wrong, refresh)),
			fail(initiate(p, types.AuthFlowTypeUserSrpAuth, wrong, map[string]string{"USERNAME": u.Username, "SRP_A": "2"})),
		} {
			wantError(t, err, "NotAuthorizedException", "SecretHash does not match for the client: "+p.ClientID)
		}
		for _, err := range []error{
			fail(adminInitiate(p, types.AuthFlowTypeAdminUserPasswordAuth, wrong, params)),
			fail(adminInitiate(p, types.AuthFlowTypeRefreshTokenAuth, wrong, refresh)),
		} {
			wantError(t, err, "NotAuthorizedException", "Unable to verify secret hash for client "+p.ClientID)
		}
	}},
	{"a client without secret refuses SECRET_HASH", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		_, err := initiate(p, types.AuthFlowTypeUserPasswordAuth, "AAAA", map[string]string{"USERNAME": u.Username, "PASSWORD": u.Password})
		wantError(t, err, "InvalidParameterException", "App client "+p.ClientID+" is not configured for secret but secret hash was received")
	}},
	{"SECRET_HASH is made of the username as it was submitted, and of the stored one at refresh", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithClientSecret(),
			cognitotest.WithPool(cip.CreateUserPoolInput{UsernameAttributes: []types.UsernameAttributeType{types.UsernameAttributeTypeEmail}}))
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		out, err := signIn(p, "ann@example.com", u.Password)
		need(t, err)
		refresh := map[string]string{"REFRESH_TOKEN": *out.AuthenticationResult.RefreshToken}
		_, err = initiate(p, types.AuthFlowTypeRefreshTokenAuth, p.SecretHash(u.Sub), refresh)
		need(t, err)
		_, err = initiate(p, types.AuthFlowTypeRefreshTokenAuth, p.SecretHash("ann@example.com"), refresh)
		wantError(t, err, "NotAuthorizedException", "SecretHash does not match for the client: "+p.ClientID)
	}},
	{"SECRET_HASH of an answer is made of its USERNAME, the stored one or an alias", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithClientSecret(), aliases(types.AliasAttributeTypeEmail))
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		for named, hashed := range map[string]string{u.Username: "ann@example.com", "ann@example.com": u.Username} {
			s, err := beginSRP(p, "ann@example.com")
			need(t, err)
			proof, err := s.client.Answer(s.challenge.ChallengeParameters, u.Password, time.Now())
			need(t, err)
			proof["USERNAME"], proof["SECRET_HASH"] = named, p.SecretHash(hashed)
			in := &cip.RespondToAuthChallengeInput{ClientId: &p.ClientID, ChallengeName: s.challenge.ChallengeName, ChallengeResponses: proof}
			_, err = p.Client().RespondToAuthChallenge(ctx, in)
			wantError(t, err, "NotAuthorizedException", "Unable to verify secret hash for client "+p.ClientID)
			proof["SECRET_HASH"] = p.SecretHash(named)
			need(t, fail(p.Client().RespondToAuthChallenge(ctx, in)))
		}
	}},
}

var tokenRefresh = []Behaviour{
	{"a refresh answers new access and ID tokens and no refresh token, under both names of the flow", func(t *testing.T, start Start) {
		p := start(t)
		tokens := p.NewUser(t).Tokens(t)
		for _, flow := range []types.AuthFlowType{types.AuthFlowTypeRefreshTokenAuth, types.AuthFlowTypeRefreshToken} {
			out, err := initiate(p, flow, "", map[string]string{"REFRESH_TOKEN": tokens.RefreshToken})
			need(t, err)
			r := out.AuthenticationResult
			if r.RefreshToken != nil || aws.ToString(r.AccessToken) == "" || aws.ToString(r.AccessToken) == tokens.AccessToken || aws.ToString(r.IdToken) == "" {
				t.Errorf("%s: %+v, want new access and ID tokens alone", flow, r)
			}
		}
		_, err := adminInitiate(p, types.AuthFlowTypeRefreshTokenAuth, "", map[string]string{"REFRESH_TOKEN": tokens.RefreshToken})
		need(t, err)
	}},
	{"a refresh token is good for thirty days", func(t *testing.T, start Start) {
		p := start(t)
		s := needFake(t, p, slow)
		params := map[string]string{"REFRESH_TOKEN": p.NewUser(t).Tokens(t).RefreshToken}
		s.Advance(30*24*time.Hour - time.Minute)
		_, err := initiate(p, types.AuthFlowTypeRefreshTokenAuth, "", params)
		need(t, err)
		s.Advance(time.Minute)
		_, err = initiate(p, types.AuthFlowTypeRefreshTokenAuth, "", params)
		wantError(t, err, "NotAuthorizedException", "Refresh Token has expired")
	}},
	{"a refresh token of another client, or none at all, is invalid", func(t *testing.T, start Start) {
		p := start(t)
		tokens := p.NewUser(t).Tokens(t)
		other := p.NewAppClient(t)
		_, err := p.Client().InitiateAuth(ctx, &cip.InitiateAuthInput{
			ClientId: &other.ID, AuthFlow: types.AuthFlowTypeRefreshTokenAuth, AuthParameters: map[string]string{"REFRESH_TOKEN": tokens.RefreshToken},
		})
		wantError(t, err, "NotAuthorizedException", "Invalid Refresh Token")
		for _, text := range []string{"abc", tokens.AccessToken, tokens.RefreshToken[:len(tokens.RefreshToken)-4] + "AAAA", strings.Repeat("a.", 4) + "a"} {
			_, err := initiate(p, types.AuthFlowTypeRefreshTokenAuth, "", map[string]string{"REFRESH_TOKEN": text})
			wantError(t, err, "NotAuthorizedException", "Invalid Refresh Token")
		}
	}},
	{"a refresh after sign-out is refused as revoked", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		tokens := u.Tokens(t)
		_, err := p.Client().AdminUserGlobalSignOut(ctx, &cip.AdminUserGlobalSignOutInput{UserPoolId: &p.PoolID, Username: &u.Username})
		need(t, err)
		_, err = initiate(p, types.AuthFlowTypeRefreshTokenAuth, "", map[string]string{"REFRESH_TOKEN": tokens.RefreshToken})
		wantError(t, err, "NotAuthorizedException", "Refresh Token has been revoked")
	}},
	{"a user who was disabled for a while has to sign in again", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		token := u.Tokens(t).RefreshToken
		need(t, disable(p, u.Username))
		need(t, fail(p.Client().AdminEnableUser(ctx, &cip.AdminEnableUserInput{UserPoolId: &p.PoolID, Username: &u.Username})))
		wantError(t, fail(refresh(p, token)), "NotAuthorizedException", "Refresh Token has been revoked")
		wantError(t, fail(exchange(p, token)), "NotAuthorizedException", "Refresh Token has been revoked")
	}},
	{"a refresh for a disabled user is refused", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		tokens := u.Tokens(t)
		_, err := p.Client().AdminDisableUser(ctx, &cip.AdminDisableUserInput{UserPoolId: &p.PoolID, Username: &u.Username})
		need(t, err)
		_, err = initiate(p, types.AuthFlowTypeRefreshTokenAuth, "", map[string]string{"REFRESH_TOKEN": tokens.RefreshToken})
		wantError(t, err, "NotAuthorizedException", "User is disabled.")
	}},
}
