package cognitotest

import (
	"context"
	"slices"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/cognitotest/cognito/cognitotest/internal/authz"
	"github.com/cognitotest/cognito/fake"
)

// world makes the users and tokens by which a verifier is tried.
func (a *authorizer) world(t authorizerT, p *Provider) *authz.World {
	t.Helper()
	w := &authz.World{Want: a.Want, Server: p.Fake(t), PoolID: p.PoolID, Issuer: p.Issuer}
	w.Clients = a.clients(t, p)
	w.Stranger = p.NewAppClient(t).ID
	w.Other = otherPool(t, p)
	ann := a.newUser(t, p)
	w.Earlier = a.tokens(t, p, ann.Tokens(t))
	if err := w.Server.RotateKeys(p.PoolID); err != nil {
		t.Fatalf("cognitotest: TestAuthorizer: %v", err)
	}
	now := ann.Tokens(t)
	w.Genuine, w.Refresh = a.tokens(t, p, now), now.RefreshToken
	w.Stranged = stranged(t, w)
	w.Session = unfinished(t, p)
	if a.Online {
		w.Ended = a.ended(t, p)
	}
	return w.Ready()
}

// clients returns the app clients whose tokens are accepted, and makes those that are missing.
func (a *authorizer) clients(t TB, p *Provider) []string {
	ids := []string{p.ClientID}
	for _, id := range a.Clients {
		p.Fake(t).PinIDs("", id)
		p.NewAppClient(t)
		ids = append(ids, id)
	}
	return ids
}

// newUser makes a user who is in the required group, and in another.
func (a *authorizer) newUser(t TB, p *Provider) *User {
	groups := []string{"everybody"}
	if a.Group != "" && a.Group != groups[0] {
		groups = append(groups, a.Group)
	}
	return p.NewUser(t, Groups(groups...))
}

// tokens returns tokens with the required scope, which sign-ins through the API do not give.
func (a *authorizer) tokens(t TB, p *Provider, from Tokens) authz.Tokens {
	t.Helper()
	access := from.AccessToken
	if a.Scope != "" {
		access = forge(t, p.Fake(t), access, func(f *fake.Forgery) {
			scope, _ := f.Claims["scope"].(string)
			f.Claims["scope"] = scope + " " + a.Scope
		})
	}
	return authz.Tokens{authz.Access: access, authz.ID: from.IDToken}
}

func forge(t TB, s *fake.Server, genuine string, edit func(*fake.Forgery)) string {
	t.Helper()
	token, err := s.Forge(genuine, edit)
	if err != nil {
		t.Fatalf("cognitotest: TestAuthorizer: %v", err)
	}
	return token
}

// stranged returns the tokens of an app client that is not accepted.
func stranged(t TB, w *authz.World) authz.Tokens {
	t.Helper()
	return authz.Tokens{
		authz.Access: forge(t, w.Server, w.Genuine[authz.Access], func(f *fake.Forgery) { f.Claims["client_id"] = w.Stranger }),
		authz.ID:     forge(t, w.Server, w.Genuine[authz.ID], func(f *fake.Forgery) { f.Claims["aud"] = w.Stranger }),
	}
}

// otherPool makes a pool of an attacker's own beside that of p, with a user.
func otherPool(t TB, p *Provider) authz.Pool {
	t.Helper()
	other := &Provider{}
	other.connect(p.backend)
	if err := other.create(context.Background(), &config{}); err != nil {
		t.Fatalf("cognitotest: TestAuthorizer: a second pool: %v", err)
	}
	other.locate()
	tokens := other.NewUser(t).Tokens(t)
	return authz.Pool{
		ID: other.PoolID, Issuer: other.Issuer, JWKSURL: other.JWKSURL,
		Tokens: authz.Tokens{authz.Access: tokens.AccessToken, authz.ID: tokens.IDToken},
	}
}

// unfinished returns the session of a sign-in that waits for a new password.
func unfinished(t TB, p *Provider) string {
	t.Helper()
	at, err := p.NewUser(t, TemporaryPassword()).givePassword(context.Background())
	if err != nil || at.session == nil {
		t.Fatalf("cognitotest: TestAuthorizer: a sign-in that waits for a new password: %q, %v", at.challenge, err)
	}
	return *at.session
}

// ended makes sessions that are over.
func (a *authorizer) ended(t TB, p *Provider) []authz.Ended {
	t.Helper()
	both := []string{authz.Access, authz.ID}
	var all []authz.Ended
	for _, way := range []struct {
		how  string
		uses []string
		end  func(context.Context, *User, Tokens) error
	}{
		{"the user has signed out everywhere", both[:1], p.endBySignOut},
		{"the refresh token of the session was revoked", both[:1], p.endByRevocation},
		{"the user was disabled", both, p.endByDisabling},
		{"the user was deleted", both, p.endByDeletion},
	} {
		u := a.newUser(t, p)
		tokens := u.Tokens(t)
		if err := way.end(context.Background(), u, tokens); err != nil {
			t.Fatalf("cognitotest: TestAuthorizer: %s: %v", way.how, err)
		}
		all = append(all, authz.Ended{How: way.how, Tokens: a.tokens(t, p, tokens), Uses: slices.Clip(way.uses)})
	}
	return all
}

func (p *Provider) endBySignOut(ctx context.Context, _ *User, tokens Tokens) error {
	_, err := p.client.GlobalSignOut(ctx, &cip.GlobalSignOutInput{AccessToken: &tokens.AccessToken})
	return err
}

func (p *Provider) endByRevocation(ctx context.Context, _ *User, tokens Tokens) error {
	in := &cip.RevokeTokenInput{ClientId: &p.ClientID, Token: &tokens.RefreshToken}
	if p.ClientSecret != "" {
		in.ClientSecret = &p.ClientSecret
	}
	_, err := p.client.RevokeToken(ctx, in)
	return err
}

func (p *Provider) endByDisabling(ctx context.Context, u *User, _ Tokens) error {
	_, err := p.client.AdminDisableUser(ctx, &cip.AdminDisableUserInput{UserPoolId: &p.PoolID, Username: &u.Username})
	return err
}

func (p *Provider) endByDeletion(ctx context.Context, u *User, _ Tokens) error {
	_, err := p.client.AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: &p.PoolID, Username: &u.Username})
	return err
}
