package cognitotest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/document"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest/internal/passkeyclient"
)

// Authenticator is a virtual authenticator with a browser around it: it makes passkeys and signs with
// them, on a page of https and the relying party's id, and verifies its user without asking. It answers
// the JSON of the service with the JSON that the service wants. It is safe for concurrent use.
type Authenticator struct{ virtual passkeyclient.Authenticator }

// NewAuthenticator returns an authenticator without passkeys, for code under test that registers
// passkeys by itself; [User.RegisterPasskey] does all of it.
func NewAuthenticator() *Authenticator { return &Authenticator{} }

// Create makes a passkey, as navigator.credentials.create does. options is the JSON of
// CredentialCreationOptions, the answer of StartWebAuthnRegistration; what Create returns is the JSON of
// Credential, for CompleteWebAuthnRegistration. One that is excluded by the options is an error.
func (a *Authenticator) Create(t TB, options string) string {
	t.Helper()
	credential, err := a.virtual.Create([]byte(options))
	if err != nil {
		t.Fatalf("cognitotest: making a passkey: %v", err)
	}
	return string(credential)
}

// Get signs with the newest passkey that the options allow, as navigator.credentials.get does. options is
// CREDENTIAL_REQUEST_OPTIONS, a parameter of the challenge WEB_AUTHN; what Get returns is CREDENTIAL of
// the answer to it.
func (a *Authenticator) Get(t TB, options string) string {
	t.Helper()
	credential, err := a.virtual.Get([]byte(options))
	if err != nil {
		t.Fatalf("cognitotest: signing with a passkey: %v", err)
	}
	return string(credential)
}

// WithPasskeys lets the users of the pool have passkeys, and sign in by them: it sets the relying party
// id, such as example.com, adds PASSWORD and WEB_AUTHN to the first factors of the pool and, unless
// [WithAppClient] names flows, ALLOW_USER_AUTH to those of the app client.
func WithPasskeys(relyingPartyID string) Option {
	return optionFunc(func(c *config) { c.relyingParty = relyingPartyID })
}

// addPasskeys adds what passkeys need to the other settings, and leaves those of the options' callers as
// they are.
func (c *config) addPasskeys() {
	if c.relyingParty == "" {
		return
	}
	c.pool.Policies = withPasskeyFactor(c.pool.Policies)
	c.mfa = withRelyingParty(c.mfa, c.relyingParty)
	if c.client.ExplicitAuthFlows == nil {
		c.client.ExplicitAuthFlows = append(defaultFlows(c.client.RefreshTokenRotation), types.ExplicitAuthFlowsTypeAllowUserAuth)
	}
}

func withPasskeyFactor(in *types.UserPoolPolicyType) *types.UserPoolPolicyType {
	var policies types.UserPoolPolicyType
	if in != nil {
		policies = *in
	}
	factors := []types.AuthFactorType{types.AuthFactorTypePassword, types.AuthFactorTypeWebAuthn}
	if policies.SignInPolicy != nil {
		factors = append(factors, policies.SignInPolicy.AllowedFirstAuthFactors...)
	}
	slices.Sort(factors)
	policies.SignInPolicy = &types.SignInPolicyType{AllowedFirstAuthFactors: slices.Compact(factors)}
	return &policies
}

func withRelyingParty(in *cip.SetUserPoolMfaConfigInput, id string) *cip.SetUserPoolMfaConfigInput {
	mfa := cip.SetUserPoolMfaConfigInput{MfaConfiguration: types.UserPoolMfaTypeOff}
	if in != nil {
		mfa = *in
	}
	var passkeys types.WebAuthnConfigurationType
	if mfa.WebAuthnConfiguration != nil {
		passkeys = *mfa.WebAuthnConfiguration
	}
	passkeys.RelyingPartyId = &id
	mfa.WebAuthnConfiguration = &passkeys
	return &mfa
}

// RegisterPasskey gives the user a passkey, on an authenticator of its own, which it returns. The user
// signs in first, by password. The pool must allow passkeys: see [WithPasskeys].
func (u *User) RegisterPasskey(t TB) *Authenticator {
	t.Helper()
	token := u.AccessToken(t)
	a := NewAuthenticator()
	if err := u.registerPasskey(context.Background(), a, token); err != nil {
		t.Fatalf("cognitotest: registering a passkey of %s: %v", u.Username, err)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.passkey = a
	return a
}

func (u *User) registerPasskey(ctx context.Context, a *Authenticator, token string) error {
	started, err := u.provider.client.StartWebAuthnRegistration(ctx, &cip.StartWebAuthnRegistrationInput{AccessToken: &token})
	if errors.As(err, new(*types.WebAuthnNotEnabledException)) || errors.As(err, new(*types.WebAuthnConfigurationMissingException)) {
		return fmt.Errorf("the pool allows no passkeys; pass cognitotest.WithPasskeys to New: %w", err)
	}
	if err != nil {
		return err
	}
	options, err := started.CredentialCreationOptions.MarshalSmithyDocument()
	if err != nil {
		return err
	}
	made, err := a.virtual.Create(options)
	if err != nil {
		return err
	}
	var credential map[string]any
	if err := json.Unmarshal(made, &credential); err != nil {
		return err
	}
	_, err = u.provider.client.CompleteWebAuthnRegistration(ctx, &cip.CompleteWebAuthnRegistrationInput{
		AccessToken: &token, Credential: document.NewLazyDocument(credential),
	})
	return err
}

// SignInPasskey signs the user in with the passkey of the last [User.RegisterPasskey], by USER_AUTH and
// WEB_AUTHN. The app client must allow ALLOW_USER_AUTH: see [WithPasskeys].
func (u *User) SignInPasskey(t TB) Tokens {
	t.Helper()
	tokens, err := u.signInPasskey(context.Background())
	if err != nil {
		t.Fatalf("cognitotest: signing in %s by passkey: %v", u.Username, err)
	}
	return tokens
}

func (u *User) signInPasskey(ctx context.Context) (Tokens, error) {
	a := u.keeper()
	if a == nil {
		return Tokens{}, errors.New("the user has no passkey; call RegisterPasskey first")
	}
	first, err := u.provider.initiate(ctx, types.AuthFlowTypeUserAuth, u.Username, map[string]string{
		"USERNAME": u.Username, "PREFERRED_CHALLENGE": string(types.ChallengeNameTypeWebAuthn),
	})
	if err != nil {
		return Tokens{}, err
	}
	if first.challenge != types.ChallengeNameTypeWebAuthn {
		return Tokens{}, fmt.Errorf("the pool asks for %s, want WEB_AUTHN", first.challenge)
	}
	credential, err := a.virtual.Get([]byte(first.params["CREDENTIAL_REQUEST_OPTIONS"]))
	if err != nil {
		return Tokens{}, err
	}
	last, err := u.provider.answer(ctx, first, map[string]string{"USERNAME": u.Username, "CREDENTIAL": string(credential)})
	if err != nil {
		return Tokens{}, err
	}
	return last.tokens()
}

// keeper returns the authenticator with the user's newest passkey, or nil.
func (u *User) keeper() *Authenticator {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.passkey
}
