package signin

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// Federation is a request with which a user comes back from an identity provider to a pool's domain.
type Federation struct {
	trigger.Call
	Hosted   Hosted
	Provider *types.IdentityProviderType
	Told     trigger.InboundAttributes // by the provider
}

// Federate signs in whom an identity provider has signed in, and makes the user who comes for the first time.
func (e *Engine) Federate(ctx context.Context, in Federation) (*Result, error) {
	return e.locked(ctx, in.Call, trail{Hosted: &in.Hosted}, in.announce)
}

// announce asks the inbound federation trigger what to make of what the provider tells.
func (in Federation) announce(s step) (outcome, error) {
	claims := in.claims()
	subject, _ := pool.Mapped(in.Provider.AttributeMapping, claims)
	event, answer := s.by.InboundLocked(subject, trigger.InboundRequest{
		Provider: *in.Provider.ProviderName, Type: in.Provider.ProviderType, Attributes: in.Told,
	})
	return s.consult(event, func(s step) (outcome, error) {
		if len(answer.Attributes) > 0 {
			claims = answer.Attributes
		}
		g := pool.Guest{Provider: in.Provider, Claims: claims}
		if g.Subject, g.Attributes = pool.Mapped(in.Provider.AttributeMapping, claims); g.Subject == "" {
			return outcome{}, subjectMissing()
		}
		return s.receive(g)
	})
}

// claims returns what the provider tells of an account. What its user info endpoint says counts more than its ID
// token (inferred).
func (in Federation) claims() map[string]string {
	claims := map[string]string{}
	for _, part := range []map[string]string{in.Told.IDToken, in.Told.UserInfo} {
		for name, value := range part {
			claims[name] = value
		}
	}
	return claims
}

// receive goes on with a guest: as the user whom the account belongs to, or as a new one.
func (s step) receive(g pool.Guest) (outcome, error) {
	if u := s.pool.GuestLocked(g); u != nil {
		return s.consultOn(s.by.PreAuthenticationLocked(u, nil), u, func(s step, u *pool.User) (outcome, error) {
			return s.back(u, g)
		})
	}
	u, err := s.pool.NewGuestLocked(g, s.store.Random.Sub(), s.now)
	if err != nil {
		return outcome{}, err
	}
	event, answer := s.by.PreSignUpGuestLocked(u)
	return s.consult(event, func(s step) (outcome, error) { return s.admit(u, g, answer) })
}

// back signs in a user who comes back, as the provider now tells.
func (s step) back(u *pool.User, g pool.Guest) (outcome, error) {
	if u.Disabled {
		return outcome{}, pool.UserDisabled()
	}
	if err := s.pool.ReturnLocked(u, g, s.now); err != nil {
		return outcome{}, err
	}
	return s.tokens(u), nil
}

// admit adds a user to the pool, and signs the user in. A function that has linked the account in the meantime makes
// the sign-in fail once; the next one finds the user (seen in redirections).
func (s step) admit(u *pool.User, g pool.Guest, answer *trigger.PreSignUpResponse) (outcome, error) {
	if s.pool.GuestLocked(g) != nil {
		return outcome{}, pool.GuestTaken(u.Username)
	}
	if err := s.pool.VerifyAtOnceLocked(u, answer.AutoVerifyEmail, answer.AutoVerifyPhone, s.now); err != nil {
		return outcome{}, err
	}
	if err := s.pool.AddGuestLocked(u, g, s.now); err != nil {
		return outcome{}, err
	}
	confirmed := s.by.PostConfirmationLocked(trigger.PostConfirmationConfirmSignUp, u)
	return s.consultOn(confirmed, u, func(s step, u *pool.User) (outcome, error) {
		return s.hostedTokens(u, s.issuer.GrantLocked(s.client, u, s.store.Random.UUID(), s.now)), nil
	})
}
