package cognitotest

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake"
)

// User is a user of a pool, made by [Provider.NewUser] or found by [Provider.User]. Its fields do
// not change by themselves; its methods are safe for concurrent use.
type User struct {
	Username string // the stored one: in pools with username attributes it equals Sub
	Password string // "" where it is not known; set it before the first token is asked for
	Sub      string
	Email    string // "" where it was not given
	Phone    string // "" where it was not given

	provider *Provider

	mu      sync.Mutex // guards tokens, expires, passkey
	tokens  Tokens
	expires time.Time      // when tokens' access token is to be replaced
	passkey *Authenticator // with the newest passkey, or nil

	totp authenticator
}

// Tokens is what a sign-in gives.
type Tokens struct {
	AccessToken  string
	IDToken      string
	RefreshToken string
	ExpiresIn    time.Duration // of the access token
}

// refreshAhead is how long before its end an access token is replaced.
const refreshAhead = time.Minute

// Tokens signs the user in with the password and returns the tokens, new ones each time.
func (u *User) Tokens(t TB) Tokens {
	t.Helper()
	tokens, err := u.signIn(context.Background())
	if err != nil {
		t.Fatalf("cognitotest: signing in %s: %v", u.Username, err)
	}
	return tokens
}

// AccessToken returns an access token. The user signs in at the first call; later calls return the
// same token, even one that was revoked since, until it is about to expire, and then refresh it.
func (u *User) AccessToken(t TB) string {
	t.Helper()
	return u.current(t).AccessToken
}

// IDToken returns an ID token, of the same sign-in as [User.AccessToken].
func (u *User) IDToken(t TB) string {
	t.Helper()
	return u.current(t).IDToken
}

// Authorize sets the request's Authorization header to the user's access token.
func (u *User) Authorize(t TB, r *http.Request) {
	t.Helper()
	r.Header.Set("Authorization", "Bearer "+u.AccessToken(t))
}

func (u *User) current(t TB) Tokens {
	t.Helper()
	u.mu.Lock()
	defer u.mu.Unlock()
	now := u.provider.now()
	if u.tokens.AccessToken != "" && now.Before(u.expires) {
		return u.tokens
	}
	tokens, err := u.renew(context.Background())
	if err != nil {
		t.Fatalf("cognitotest: signing in %s: %v", u.Username, err)
	}
	u.tokens, u.expires = tokens, now.Add(tokens.ExpiresIn-refreshAhead)
	return tokens
}

// renew refreshes the tokens, or signs in where there are none or they cannot be refreshed.
func (u *User) renew(ctx context.Context) (Tokens, error) {
	if u.tokens.RefreshToken == "" {
		return u.signIn(ctx)
	}
	got, err := u.provider.initiate(ctx, types.AuthFlowTypeRefreshTokenAuth, u.Username, map[string]string{"REFRESH_TOKEN": u.tokens.RefreshToken})
	if err != nil {
		return u.signIn(ctx)
	}
	tokens, err := got.tokens()
	if err != nil {
		return Tokens{}, err
	}
	tokens.RefreshToken = u.tokens.RefreshToken
	return tokens, nil
}

func (u *User) signIn(ctx context.Context) (Tokens, error) {
	if u.Password == "" {
		return Tokens{}, fmt.Errorf("the user's password is not known; set the Password field of the handle, or make the user with NewUser")
	}
	got, err := u.givePassword(ctx)
	if err != nil {
		return Tokens{}, err
	}
	return u.finish(ctx, got)
}

// givePassword begins a sign-in with the password.
func (u *User) givePassword(ctx context.Context) (progress, error) {
	flow, ok := passwordFlow(u.provider.flows)
	if !ok {
		return progress{}, u.provider.noPasswordFlow()
	}
	params := map[string]string{"USERNAME": u.Username, "PASSWORD": u.Password}
	if flow == types.AuthFlowTypeUserAuth {
		params["PREFERRED_CHALLENGE"] = string(types.ChallengeNameTypePassword)
	}
	return u.provider.initiate(ctx, flow, u.Username, params)
}

// passwordFlow picks the flow by which a client signs users in with a password, if it has one.
func passwordFlow(allowed []types.ExplicitAuthFlowsType) (types.AuthFlowType, bool) {
	for _, f := range allowed {
		switch f {
		case types.ExplicitAuthFlowsTypeAllowAdminUserPasswordAuth, types.ExplicitAuthFlowsTypeAdminNoSrpAuth:
			return types.AuthFlowTypeAdminUserPasswordAuth, true
		case types.ExplicitAuthFlowsTypeAllowUserPasswordAuth, types.ExplicitAuthFlowsTypeUserPasswordAuth:
			return types.AuthFlowTypeUserPasswordAuth, true
		case types.ExplicitAuthFlowsTypeAllowUserAuth:
			return types.AuthFlowTypeUserAuth, true
		}
	}
	return "", false
}

// noPasswordFlow says how to allow sign-in by password.
func (p *Provider) noPasswordFlow() error {
	const missing = types.ExplicitAuthFlowsTypeAllowAdminUserPasswordAuth
	if p.ClientID != p.rules.ClientID {
		return fmt.Errorf("the app client allows no sign-in by password; add %s to ExplicitAuthFlows in WithAppClient", missing)
	}
	flows := ""
	for _, f := range append(slices.Clip(p.flows), missing) {
		flows += " " + string(f)
	}
	return fmt.Errorf("app client %s allows no sign-in by password; leave COGNITOTEST_CLIENT_ID unset, or allow it with: "+
		"aws cognito-idp update-user-pool-client --region %s --user-pool-id %s --client-id %s --explicit-auth-flows%s "+
		"(which puts back to its default whatever setting it does not repeat)", p.ClientID, p.Region, p.PoolID, p.ClientID, flows)
}

// Code returns the newest code that was delivered to the user: for sign-up, a forgotten password,
// an attribute, a second factor, or the temporary password of an invitation. The service shows nobody the codes of
// a real pool: there the test is skipped.
func (u *User) Code(t TB) string {
	t.Helper()
	server := u.provider.fake()
	if server == nil {
		t.Skipf("cognitotest: Code: the service shows nobody the codes of a real pool; where the test is not about them, make users with NewUser, which confirms them and verifies their addresses")
		return ""
	}
	messages := server.Messages(fake.ToUser(u.provider.PoolID, u.Username))
	if len(messages) == 0 {
		t.Fatalf("cognitotest: no code was delivered to %s; codes are sent to verified or auto-verified addresses only (AutoVerifiedAttributes)", u.Username)
	}
	return messages[len(messages)-1].Code
}
