package api

import (
	"context"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/document"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/signin"
)

// StartWebAuthnRegistration answers what an authenticator needs to make a passkey for the user.
func (a *API) StartWebAuthnRegistration(ctx context.Context, in *cip.StartWebAuthnRegistrationInput, _ ...options) (*cip.StartWebAuthnRegistrationOutput, error) {
	challenge := a.store.Random.Challenge()
	var creation map[string]any
	err := a.withToken(ctx, in.AccessToken, func(c *call, u *pool.User) error {
		ceremony, err := c.pool.BeginPasskeyLocked(u, c.client.ID, challenge, c.now)
		creation = signin.CreationOptions(u, ceremony)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &cip.StartWebAuthnRegistrationOutput{CredentialCreationOptions: document.NewLazyDocument(creation)}, nil
}

// CompleteWebAuthnRegistration gives the user the passkey that an authenticator has made. Only a good
// credential spends the challenge (inferred). It is verified while no lock is held.
func (a *API) CompleteWebAuthnRegistration(ctx context.Context, in *cip.CompleteWebAuthnRegistrationInput, _ ...options) (*cip.CompleteWebAuthnRegistrationOutput, error) {
	var ceremony pool.Ceremony
	err := a.withToken(ctx, in.AccessToken, func(c *call, u *pool.User) (err error) {
		ceremony, err = c.pool.PendingPasskeyLocked(u, c.client.ID, c.now)
		return err
	})
	if err != nil {
		return nil, err
	}
	passkey, err := signin.VerifyRegistration(ceremony, documentJSON(in.Credential))
	if err != nil {
		return nil, err
	}
	return done[cip.CompleteWebAuthnRegistrationOutput](a.withToken(ctx, in.AccessToken, func(c *call, u *pool.User) error {
		return c.pool.AddPasskeyLocked(u, ceremony, passkey, c.now)
	}))
}

// documentJSON returns the JSON of a document, or nil where there is none.
func documentJSON(d document.Interface) []byte {
	if d == nil {
		return nil
	}
	text, err := d.MarshalSmithyDocument()
	if err != nil {
		return nil
	}
	return text
}

// ListWebAuthnCredentials answers a page of the user's passkeys, the oldest first (inferred).
func (a *API) ListWebAuthnCredentials(ctx context.Context, in *cip.ListWebAuthnCredentialsInput, _ ...options) (*cip.ListWebAuthnCredentialsOutput, error) {
	out := &cip.ListWebAuthnCredentialsOutput{Credentials: []types.WebAuthnCredentialDescription{}}
	err := a.withToken(ctx, in.AccessToken, func(c *call, u *pool.User) error {
		kind := "ListWebAuthnCredentials " + c.pool.ID + " " + u.Sub
		after, err := a.pageAfter(kind, in.NextToken)
		if err != nil {
			return err
		}
		serial, _ := strconv.Atoi(after) // "" is the beginning
		passkeys, more := page(u.PasskeysLocked(serial), pageLimit(in.MaxResults))
		for _, k := range passkeys {
			out.Credentials = append(out.Credentials, passkeyOut(k))
			after = strconv.Itoa(k.Serial)
		}
		if more {
			out.NextToken = a.pageToken(kind, after)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Passkeys describes all passkeys of a user, the oldest first.
func Passkeys(p *pool.Pool, username string) ([]types.WebAuthnCredentialDescription, error) {
	p.Lock()
	defer p.Unlock()
	u, err := p.UserLocked(username)
	if err != nil {
		return nil, err
	}
	var out []types.WebAuthnCredentialDescription
	for k := range u.PasskeysLocked(0) {
		out = append(out, passkeyOut(k))
	}
	return out, nil
}

func passkeyOut(k pool.Passkey) types.WebAuthnCredentialDescription {
	return types.WebAuthnCredentialDescription{
		CredentialId: &k.ID, FriendlyCredentialName: aws.String(k.FriendlyName()), RelyingPartyId: &k.RelyingParty,
		AuthenticatorAttachment: given(k.Attachment), AuthenticatorTransports: slices.Clone(k.Transports), CreatedAt: &k.Created,
	}
}

// DeleteWebAuthnCredential deletes a passkey of the user.
func (a *API) DeleteWebAuthnCredential(ctx context.Context, in *cip.DeleteWebAuthnCredentialInput, _ ...options) (*cip.DeleteWebAuthnCredentialOutput, error) {
	return done[cip.DeleteWebAuthnCredentialOutput](a.withToken(ctx, in.AccessToken, func(_ *call, u *pool.User) error {
		return u.RemovePasskeyLocked(aws.ToString(in.CredentialId))
	}))
}
