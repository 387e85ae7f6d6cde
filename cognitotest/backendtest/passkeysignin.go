package backendtest

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/cognitotest/internal/passkeyclient"
)

const requestOptions = "CREDENTIAL_REQUEST_OPTIONS"

// holder registers a passkey of an authenticator for a user, and returns the user.
func holder(t *testing.T, p *cognitotest.Provider, a *passkeyclient.Authenticator, opts ...cognitotest.UserOption) *cognitotest.User {
	t.Helper()
	u := p.NewUser(t, opts...)
	need(t, beginPasskey(t, p, u).create(t, a))
	return u
}

// asksPasskey begins a sign-in that must come to WEB_AUTHN.
func asksPasskey(t *testing.T, p *cognitotest.Provider, u *cognitotest.User) *cip.InitiateAuthOutput {
	t.Helper()
	return preferring(t, p, u.Username, passkey, passkey)
}

// signs has an authenticator answer options.
func signs(t *testing.T, a *passkeyclient.Authenticator, options string) string {
	t.Helper()
	credential, err := a.Get([]byte(options))
	need(t, err)
	return string(credential)
}

// passkeyMFA is a pool with authenticator apps whose passkeys count as configured.
func passkeyMFA(mode types.UserPoolMfaType, counts types.WebAuthnFactorConfigurationType) cognitotest.Option {
	return cognitotest.WithMFA(cip.SetUserPoolMfaConfigInput{
		MfaConfiguration: mode, SoftwareTokenMfaConfiguration: totp,
		WebAuthnConfiguration: &types.WebAuthnConfigurationType{FactorConfiguration: counts},
	})
}

// The two ways in which passkeys count.
const (
	singleFactor = types.WebAuthnFactorConfigurationTypeSingleFactor
	multiFactor  = types.WebAuthnFactorConfigurationTypeMultiFactorWithUserVerification
)

// preferPasskey enables or disables passkeys as MFA.
func preferPasskey(t *testing.T, p *cognitotest.Provider, u *cognitotest.User, on bool) error {
	t.Helper()
	return fail(p.Client().SetUserMFAPreference(ctx, &cip.SetUserMFAPreferenceInput{
		AccessToken: aws.String(u.AccessToken(t)), WebAuthnMfaSettings: &types.WebAuthnMfaSettingsType{Enabled: on},
	}))
}

var passkeySignIns = []Behaviour{
	{"a user who prefers a passkey gets the options for one, and tokens for the credential", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		a := new(passkeyclient.Authenticator)
		u := holder(t, p, a)
		out := asksPasskey(t, p, u)
		wantAvailable(t, out.AvailableChallenges, passkey)
		options := object(t, []byte(out.ChallengeParameters[requestOptions]))
		allowed := options["allowCredentials"].([]any)
		if len(allowed) != 1 || allowed[0].(map[string]any)["id"] != *passkeysOf(t, p, u)[0].CredentialId {
			t.Errorf("allowCredentials = %v, want the passkey", allowed)
		}
		delete(options, "allowCredentials")
		wantOptions(t, options, `{"rpId":"example.com","timeout":60000,"userVerification":"preferred"}`)
		last, err := reply(p, passkey, out.Session, u.Username, "CREDENTIAL", signs(t, a, out.ChallengeParameters[requestOptions]))
		wantTokens(t, last, err)
	}},
	{"a passkey can be chosen among the first factors", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		a := new(passkeyclient.Authenticator)
		u := holder(t, p, a)
		out := preferring(t, p, u.Username, "", selectFirst)
		wantAvailable(t, out.AvailableChallenges, password, passwordSRP, passkey)
		chosen, err := reply(p, selectFirst, out.Session, u.Username, "ANSWER", string(passkey))
		need(t, err)
		if chosen.ChallengeName != passkey || aws.ToString(chosen.Session) == *out.Session {
			t.Fatalf("answer = %+v, want WEB_AUTHN and a new session", chosen)
		}
		last, err := reply(p, passkey, chosen.Session, u.Username, "CREDENTIAL", signs(t, a, chosen.ChallengeParameters[requestOptions]))
		wantTokens(t, last, err)
	}},
	{"a user signs in by passkey, with and without a client secret, again and again", func(t *testing.T, start Start) {
		for _, opts := range [][]cognitotest.Option{{withPasskeys()}, {withPasskeys(), cognitotest.WithClientSecret()}} {
			u := start(t, opts...).NewUser(t)
			u.RegisterPasskey(t)
			if first, second := u.SignInPasskey(t), u.SignInPasskey(t); first.AccessToken == second.AccessToken || second.RefreshToken == "" {
				t.Error("no new tokens")
			}
		}
	}},
	{"a passkey of RS256 signs in", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		a := &passkeyclient.Authenticator{Algorithm: passkeyclient.RS256}
		u := holder(t, p, a)
		out := asksPasskey(t, p, u)
		last, err := reply(p, passkey, out.Session, u.Username, "CREDENTIAL", signs(t, a, out.ChallengeParameters[requestOptions]))
		wantTokens(t, last, err)
	}},
	{"an administrator begins a sign-in by passkey too", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		a := new(passkeyclient.Authenticator)
		u := holder(t, p, a)
		out, err := adminInitiate(p, types.AuthFlowTypeUserAuth, "", map[string]string{"USERNAME": u.Username, "PREFERRED_CHALLENGE": "WEB_AUTHN"})
		need(t, err)
		last, err := p.Client().AdminRespondToAuthChallenge(ctx, &cip.AdminRespondToAuthChallengeInput{
			UserPoolId: &p.PoolID, ClientId: &p.ClientID, ChallengeName: passkey, Session: out.Session,
			ChallengeResponses: map[string]string{"USERNAME": u.Username, "CREDENTIAL": signs(t, a, out.ChallengeParameters[requestOptions])},
		})
		need(t, err)
		if last.AuthenticationResult == nil {
			t.Errorf("answer = %+v, want tokens", last)
		}
	}},
	{"a registered passkey is one of the user's factors until it is deleted", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		u := p.NewUser(t)
		has := func() bool {
			out, err := p.Client().GetUserAuthFactors(ctx, &cip.GetUserAuthFactorsInput{AccessToken: aws.String(u.AccessToken(t))})
			need(t, err)
			return slices.Contains(out.ConfiguredUserAuthFactors, types.AuthFactorTypeWebAuthn)
		}
		before := has()
		u.RegisterPasskey(t)
		registered := has()
		need(t, deletePasskey(t, p, u, *passkeysOf(t, p, u)[0].CredentialId))
		if after := has(); before || !registered || after {
			t.Errorf("WEB_AUTHN configured: %t, %t, %t; want after the registration alone", before, registered, after)
		}
		preferring(t, p, u.Username, passkey, selectFirst)
	}},
	{"a user with a temporary password has to choose a password before the passkey", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		u := holder(t, p, new(passkeyclient.Authenticator))
		_, err := p.Client().AdminSetUserPassword(ctx, &cip.AdminSetUserPasswordInput{UserPoolId: &p.PoolID, Username: &u.Username, Password: aws.String("Temporary-1")})
		need(t, err)
		wantAvailable(t, preferring(t, p, u.Username, passkey, selectFirst).AvailableChallenges, password, passwordSRP)
	}},
}

var passkeyFrauds = []Behaviour{
	{"what is not signed by the user's passkey, for this sign-in, on a page of the relying party, signs nobody in", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		a, thief := new(passkeyclient.Authenticator), new(passkeyclient.Authenticator)
		u, other := holder(t, p, a), holder(t, p, thief)
		earlier := signs(t, a, asksPasskey(t, p, u).ChallengeParameters[requestOptions])
		out := asksPasskey(t, p, u)
		options := out.ChallengeParameters[requestOptions]
		a.Origin = "https://other.example"
		elsewhere := signs(t, a, options)
		a.Origin, a.RelyingParty = "", "other.example"
		forOthers := signs(t, a, options)
		a.RelyingParty = ""
		good := signs(t, a, options)
		for why, credential := range map[string]string{
			"the credential of another sign-in": earlier,
			"a page of somebody else":           elsewhere,
			"another relying party":             forOthers,
			"the passkey of another user":       signs(t, thief, withAllowed(t, options, *passkeysOf(t, p, other)[0].CredentialId)),
			"a changed signature":               string(changed(t, []byte(good), "signature", "MAYCAQECAQE")),
			"the name of another user":          string(changed(t, []byte(good), "userHandle", handle(other))),
			"changed data of the authenticator": string(changed(t, []byte(good), "authenticatorData", base64Zeros)),
		} {
			t.Log(why)
			wantCode(t, fail(reply(p, passkey, out.Session, u.Username, "CREDENTIAL", credential)), "NotAuthorizedException")
		}
		last, err := reply(p, passkey, out.Session, u.Username, "CREDENTIAL", good)
		wantTokens(t, last, err)
	}},
	{"what is no credential is refused, and the sign-in goes on", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		a := new(passkeyclient.Authenticator)
		u := holder(t, p, a)
		out := asksPasskey(t, p, u)
		wantError(t, fail(reply(p, passkey, out.Session, u.Username)), invalid, "Missing required parameter CREDENTIAL")
		good := signs(t, a, out.ChallengeParameters[requestOptions])
		for _, credential := range []string{"credential", "{}", string(changed(t, []byte(good), "authenticatorData", "AAAA"))} {
			wantCode(t, fail(reply(p, passkey, out.Session, u.Username, "CREDENTIAL", credential)), invalid)
		}
		last, err := reply(p, passkey, out.Session, u.Username, "CREDENTIAL", good)
		wantTokens(t, last, err)
	}},
	{"a credential signs in once, and in its own session", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		a := new(passkeyclient.Authenticator)
		u, other := holder(t, p, a), p.NewUser(t)
		out := asksPasskey(t, p, u)
		credential := signs(t, a, out.ChallengeParameters[requestOptions])
		wantError(t, fail(reply(p, passkey, out.Session, other.Username, "CREDENTIAL", credential)), "NotAuthorizedException", "Invalid session for the user.")
		wantError(t, fail(reply(p, passkey, nil, u.Username, "CREDENTIAL", credential)), invalid, "Missing required parameter Session")
		last, err := reply(p, passkey, out.Session, u.Username, "CREDENTIAL", credential)
		wantTokens(t, last, err)
		wantError(t, fail(reply(p, passkey, out.Session, u.Username, "CREDENTIAL", credential)),
			"NotAuthorizedException", "Invalid session for the user, session can only be used once.")
	}},
	{"an authenticator whose counter stands still is taken for a copy", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		a := new(passkeyclient.Authenticator)
		u := holder(t, p, a)
		a.Stuck = true
		out := asksPasskey(t, p, u)
		wantInferred(t, p, fail(reply(p, passkey, out.Session, u.Username, "CREDENTIAL", signs(t, a, out.ChallengeParameters[requestOptions]))), "NotAuthorizedException")
	}},
	{"a deleted passkey does not end the sign-in that it began", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		a := new(passkeyclient.Authenticator)
		u := holder(t, p, a)
		out := asksPasskey(t, p, u)
		credential := signs(t, a, out.ChallengeParameters[requestOptions])
		need(t, deletePasskey(t, p, u, *passkeysOf(t, p, u)[0].CredentialId))
		wantCode(t, fail(reply(p, passkey, out.Session, u.Username, "CREDENTIAL", credential)), "NotAuthorizedException")
	}},
	{"a disabled user does not sign in by passkey", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		u := holder(t, p, new(passkeyclient.Authenticator))
		_, err := p.Client().AdminDisableUser(ctx, &cip.AdminDisableUserInput{UserPoolId: &p.PoolID, Username: &u.Username})
		need(t, err)
		wantError(t, fail(choose(p, u.Username, "PREFERRED_CHALLENGE", "WEB_AUTHN")), "NotAuthorizedException", "User is disabled.")
	}},
	{"where the pool requires verification, an authenticator without it signs nobody in", func(t *testing.T, start Start) {
		p := start(t, withPasskeys(), cognitotest.WithMFA(cip.SetUserPoolMfaConfigInput{
			WebAuthnConfiguration: &types.WebAuthnConfigurationType{UserVerification: types.UserVerificationTypeRequired},
		}))
		a := new(passkeyclient.Authenticator)
		u := holder(t, p, a)
		out := asksPasskey(t, p, u)
		options := out.ChallengeParameters[requestOptions]
		if got := object(t, []byte(options))["userVerification"]; got != "required" {
			t.Errorf("userVerification = %v, want required", got)
		}
		a.Unverified = true
		wantCode(t, fail(reply(p, passkey, out.Session, u.Username, "CREDENTIAL", signs(t, a, options))), "NotAuthorizedException")
	}},
}

var passkeyFactors = []Behaviour{
	{"passkeys of two factors are offered to users of MFA who have enabled that, and verify their users", func(t *testing.T, start Start) {
		for _, mode := range []types.UserPoolMfaType{"OPTIONAL", "ON"} {
			p := start(t, withPasskeys(), passkeyMFA(mode, multiFactor))
			a := new(passkeyclient.Authenticator)
			u := holder(t, p, a, cognitotest.TOTP())
			wantAvailable(t, preferring(t, p, u.Username, passkey, selectFirst).AvailableChallenges, password, passwordSRP)
			need(t, preferPasskey(t, p, u, true))
			wantFactors(t, p, u, "SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA")
			out := asksPasskey(t, p, u)
			options := out.ChallengeParameters[requestOptions]
			if got := object(t, []byte(options))["userVerification"]; got != "required" {
				t.Errorf("userVerification = %v, want required", got)
			}
			a.Unverified = true
			wantCode(t, fail(reply(p, passkey, out.Session, u.Username, "CREDENTIAL", signs(t, a, options))), "NotAuthorizedException")
			a.Unverified = false
			last, err := reply(p, passkey, out.Session, u.Username, "CREDENTIAL", signs(t, a, options))
			wantTokens(t, last, err)
			need(t, preferPasskey(t, p, u, false))
			preferring(t, p, u.Username, passkey, selectFirst)
		}
	}},
	{"passkeys of a single factor are left to users without MFA", func(t *testing.T, start Start) {
		p := start(t, withPasskeys(), passkeyMFA("OPTIONAL", singleFactor))
		plain, mfa := p.NewUser(t), p.NewUser(t, cognitotest.TOTP())
		plain.RegisterPasskey(t)
		mfa.RegisterPasskey(t)
		plain.SignInPasskey(t)
		preferring(t, p, mfa.Username, passkey, selectFirst)
	}},
	{"passkeys that count as two factors no more are no way around MFA, not even for a sign-in that has begun", func(t *testing.T, start Start) {
		p := start(t, withPasskeys(), passkeyMFA("OPTIONAL", multiFactor))
		a := new(passkeyclient.Authenticator)
		u := holder(t, p, a, cognitotest.TOTP())
		need(t, preferPasskey(t, p, u, true))
		out := asksPasskey(t, p, u)
		_, err := setMFA(p, cip.SetUserPoolMfaConfigInput{
			MfaConfiguration: "OPTIONAL", SoftwareTokenMfaConfiguration: totp,
			WebAuthnConfiguration: &types.WebAuthnConfigurationType{RelyingPartyId: aws.String(relyingParty), FactorConfiguration: singleFactor},
		})
		need(t, err)
		credential := signs(t, a, out.ChallengeParameters[requestOptions])
		wantCode(t, fail(reply(p, passkey, out.Session, u.Username, "CREDENTIAL", credential)), "NotAuthorizedException")
		preferring(t, p, u.Username, passkey, selectFirst)
	}},
	{"passkeys are enabled as MFA where the pool counts them as two factors", func(t *testing.T, start Start) {
		p := start(t, withPasskeys(), passkeyMFA("OPTIONAL", singleFactor))
		u := p.NewUser(t, cognitotest.TOTP())
		wantCode(t, preferPasskey(t, p, u, true), invalid)
		need(t, preferPasskey(t, p, u, false))
	}},
	{"passkeys are enabled as MFA beside another factor", func(t *testing.T, start Start) {
		p := start(t, withPasskeys(), passkeyMFA("OPTIONAL", multiFactor))
		u := p.NewUser(t)
		wantCode(t, preferPasskey(t, p, u, true), invalid)
		in := &cip.AdminSetUserMFAPreferenceInput{
			UserPoolId: &p.PoolID, Username: &u.Username, WebAuthnMfaSettings: &types.WebAuthnMfaSettingsType{Enabled: true},
		}
		wantCode(t, fail(p.Client().AdminSetUserMFAPreference(ctx, in)), invalid)
		in.Username = &p.NewUser(t, cognitotest.TOTP()).Username
		need(t, fail(p.Client().AdminSetUserMFAPreference(ctx, in)))
	}},
}

// base64Zeros is data of an authenticator that says nothing.
const base64Zeros = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// withAllowed returns options that allow another passkey alone.
func withAllowed(t *testing.T, options, id string) string {
	t.Helper()
	o := object(t, []byte(options))
	o["allowCredentials"] = []map[string]string{{"type": "public-key", "id": id}}
	text, err := json.Marshal(o)
	need(t, err)
	return string(text)
}
