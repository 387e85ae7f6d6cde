package backendtest

import (
	"encoding/base64"
	"encoding/json"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/document"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/cognitotest/internal/passkeyclient"
)

// relyingParty is that of the pools of these behaviours.
const relyingParty = "example.com"

func withPasskeys() cognitotest.Option { return cognitotest.WithPasskeys(relyingParty) }

// registering is a registration of a passkey that has begun.
type registering struct {
	p       *cognitotest.Provider
	token   string
	options []byte
}

func beginPasskey(t *testing.T, p *cognitotest.Provider, u *cognitotest.User) registering {
	t.Helper()
	r := registering{p: p, token: u.AccessToken(t)}
	out, err := p.Client().StartWebAuthnRegistration(ctx, &cip.StartWebAuthnRegistrationInput{AccessToken: &r.token})
	need(t, err)
	r.options, err = out.CredentialCreationOptions.MarshalSmithyDocument()
	need(t, err)
	return r
}

// complete sends a credential.
func (r registering) complete(credential []byte) error {
	var value any
	if err := json.Unmarshal(credential, &value); err != nil {
		return err
	}
	_, err := r.p.Client().CompleteWebAuthnRegistration(ctx, &cip.CompleteWebAuthnRegistrationInput{
		AccessToken: &r.token, Credential: document.NewLazyDocument(value),
	})
	return err
}

// create has an authenticator make a credential, and sends it.
func (r registering) create(t *testing.T, a *passkeyclient.Authenticator) error {
	t.Helper()
	credential, err := a.Create(r.options)
	need(t, err)
	return r.complete(credential)
}

// changed returns a credential with a member of its response replaced, or removed.
func changed(t *testing.T, credential []byte, member string, value any) []byte {
	t.Helper()
	var c map[string]any
	need(t, json.Unmarshal(credential, &c))
	response := c["response"].(map[string]any)
	response[member] = value
	if value == nil {
		delete(response, member)
	}
	text, err := json.Marshal(c)
	need(t, err)
	return text
}

// passkeysOf lists the passkeys of a user.
func passkeysOf(t *testing.T, p *cognitotest.Provider, u *cognitotest.User) []types.WebAuthnCredentialDescription {
	t.Helper()
	out, err := p.Client().ListWebAuthnCredentials(ctx, &cip.ListWebAuthnCredentialsInput{AccessToken: aws.String(u.AccessToken(t))})
	need(t, err)
	return out.Credentials
}

func deletePasskey(t *testing.T, p *cognitotest.Provider, u *cognitotest.User, id string) error {
	t.Helper()
	_, err := p.Client().DeleteWebAuthnCredential(ctx, &cip.DeleteWebAuthnCredentialInput{AccessToken: aws.String(u.AccessToken(t)), CredentialId: &id})
	return err
}

// object decodes JSON.
func object(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var o map[string]any
	need(t, json.Unmarshal(text, &o))
	return o
}

// handle is the id by which authenticators know a user.
func handle(u *cognitotest.User) string { return base64.RawURLEncoding.EncodeToString([]byte(u.Sub)) }

// wantOptions compares options of an authenticator, whose challenge is anything that is long enough.
func wantOptions(t *testing.T, got map[string]any, want string) {
	t.Helper()
	if challenge, _ := got["challenge"].(string); len(challenge) < 22 { // 16 bytes
		t.Errorf("challenge = %q, want one of at least 16 bytes", challenge)
	}
	delete(got, "challenge")
	if diff := cmp.Diff(object(t, []byte(want)), got); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
}

var passkeyRegistrations = []Behaviour{
	{"the options of a registration ask for a discoverable key of ES256 or RS256", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		u := p.NewUser(t)
		got := object(t, beginPasskey(t, p, u).options)
		user := got["user"].(map[string]any)
		if user["id"] != handle(u) || user["name"] == "" {
			t.Errorf("user = %v, want the id %s", user, handle(u))
		}
		delete(got, "user")
		if party := got["rp"].(map[string]any); party["id"] != relyingParty || party["name"] == "" {
			t.Errorf("rp = %v, want %s", party, relyingParty)
		}
		delete(got, "rp")
		wantOptions(t, got, `{"pubKeyCredParams":[{"type":"public-key","alg":-7},{"type":"public-key","alg":-257}],"timeout":60000,
			"excludeCredentials":[],"authenticatorSelection":{"requireResidentKey":true,"residentKey":"required","userVerification":"preferred"}}`)
	}},
	{"the options exclude what is registered, and require verification where the pool does", func(t *testing.T, start Start) {
		p := start(t, withPasskeys(), cognitotest.WithMFA(cip.SetUserPoolMfaConfigInput{
			WebAuthnConfiguration: &types.WebAuthnConfigurationType{UserVerification: types.UserVerificationTypeRequired},
		}))
		u := p.NewUser(t)
		u.RegisterPasskey(t)
		got := object(t, beginPasskey(t, p, u).options)
		excluded := got["excludeCredentials"].([]any)
		if len(excluded) != 1 || excluded[0].(map[string]any)["id"] != *passkeysOf(t, p, u)[0].CredentialId {
			t.Errorf("excludeCredentials = %v, want the one passkey", excluded)
		}
		if selection := got["authenticatorSelection"].(map[string]any); selection["userVerification"] != "required" {
			t.Errorf("authenticatorSelection = %v, want userVerification required", selection)
		}
	}},
	{"a registered passkey is listed with what its authenticator said of itself", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		u := p.NewUser(t)
		if got := passkeysOf(t, p, u); len(got) != 0 {
			t.Errorf("%d passkeys, want none", len(got))
		}
		r := beginPasskey(t, p, u)
		credential, err := new(passkeyclient.Authenticator).Create(r.options)
		need(t, err)
		need(t, r.complete(credential))
		got := passkeysOf(t, p, u)
		if len(got) != 1 {
			t.Fatalf("%d passkeys, want 1", len(got))
		}
		if aws.ToString(got[0].FriendlyCredentialName) == "" || got[0].CreatedAt == nil {
			t.Errorf("name %v, created %v; want both", got[0].FriendlyCredentialName, got[0].CreatedAt)
		}
		got[0].FriendlyCredentialName, got[0].CreatedAt = nil, nil
		want := types.WebAuthnCredentialDescription{
			CredentialId: aws.String(object(t, credential)["id"].(string)), RelyingPartyId: aws.String(relyingParty),
			AuthenticatorAttachment: aws.String("platform"), AuthenticatorTransports: []string{"internal"},
		}
		if diff := cmp.Diff(want, got[0], cmpopts.IgnoreUnexported(want)); diff != "" {
			t.Errorf("passkey (-want +got):\n%s", diff)
		}
	}},
	{"a roaming authenticator makes a Roaming passkey", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		u := p.NewUser(t)
		r := beginPasskey(t, p, u)
		credential, err := new(passkeyclient.Authenticator).Create(r.options)
		need(t, err)
		roaming := object(t, credential)
		roaming["authenticatorAttachment"] = "cross-platform"
		credential, err = json.Marshal(roaming)
		need(t, err)
		need(t, r.complete(credential))
		if got := *passkeysOf(t, p, u)[0].FriendlyCredentialName; got != "Roaming passkey" {
			t.Errorf("name = %q, want Roaming passkey", got)
		}
	}},
	{"a key of RS256 is registered", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		u := p.NewUser(t)
		need(t, beginPasskey(t, p, u).create(t, &passkeyclient.Authenticator{Algorithm: passkeyclient.RS256}))
		if got := passkeysOf(t, p, u); len(got) != 1 {
			t.Errorf("%d passkeys, want 1", len(got))
		}
	}},
	{"passkeys are listed in pages, and deleted by their id", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		u := p.NewUser(t)
		want := map[string]bool{}
		for range 3 {
			u.RegisterPasskey(t)
		}
		for _, k := range passkeysOf(t, p, u) {
			want[*k.CredentialId] = true
		}
		got := map[string]bool{}
		in := &cip.ListWebAuthnCredentialsInput{AccessToken: aws.String(u.AccessToken(t)), MaxResults: aws.Int32(2)}
		for pages := 1; ; pages++ {
			out, err := p.Client().ListWebAuthnCredentials(ctx, in)
			need(t, err)
			for _, k := range out.Credentials {
				got[*k.CredentialId] = true
				need(t, deletePasskey(t, p, u, *k.CredentialId))
			}
			if in.NextToken = out.NextToken; out.NextToken == nil || pages == 3 {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" || len(got) != 3 {
			t.Errorf("passkeys in pages (-want +got):\n%s", diff)
		}
		if left := passkeysOf(t, p, u); len(left) != 0 {
			t.Errorf("%d passkeys left, want none", len(left))
		}
	}},
	{"a passkey that the user does not have cannot be deleted", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		u, other := p.NewUser(t), p.NewUser(t)
		other.RegisterPasskey(t)
		wantCode(t, deletePasskey(t, p, u, "bm9uZQ"), "ResourceNotFoundException")
		wantCode(t, deletePasskey(t, p, u, *passkeysOf(t, p, other)[0].CredentialId), "ResourceNotFoundException")
	}},
	{"a user has at most 20 passkeys", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		u := p.NewUser(t)
		for range 20 {
			u.RegisterPasskey(t)
		}
		_, err := p.Client().StartWebAuthnRegistration(ctx, &cip.StartWebAuthnRegistrationInput{AccessToken: aws.String(u.AccessToken(t))})
		wantCode(t, err, "LimitExceededException")
	}},
	{"a registration needs an access token that is good", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		tokens := p.NewUser(t).Tokens(t)
		_, err := p.Client().StartWebAuthnRegistration(ctx, &cip.StartWebAuthnRegistrationInput{AccessToken: &tokens.IDToken})
		wantCode(t, err, "NotAuthorizedException")
	}},
}

var passkeyRefusals = []Behaviour{
	{"a pool that does not have WEB_AUTHN among its first factors registers no passkeys", func(t *testing.T, start Start) {
		p := start(t)
		token := p.NewUser(t).AccessToken(t)
		_, err := p.Client().StartWebAuthnRegistration(ctx, &cip.StartWebAuthnRegistrationInput{AccessToken: &token})
		wantCode(t, err, "WebAuthnNotEnabledException")
		wantCode(t, registering{p: p, token: token}.complete([]byte(`{}`)), "WebAuthnNotEnabledException")
	}},
	{"a pool without a relying party registers no passkeys", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{Policies: firstFactors("PASSWORD", "WEB_AUTHN")}))
		_, err := p.Client().StartWebAuthnRegistration(ctx, &cip.StartWebAuthnRegistrationInput{AccessToken: aws.String(p.NewUser(t).AccessToken(t))})
		wantCode(t, err, "WebAuthnConfigurationMissingException")
	}},
	{"the relying party is the pool's domain where none is set, its own before a prefix", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{Policies: firstFactors("PASSWORD", "WEB_AUTHN")}))
		u, prefix := p.NewUser(t), newPrefix()
		rp := func() string {
			var options struct {
				RP struct{ ID string }
			}
			decodeJSON(t, beginPasskey(t, p, u).options, &options)
			return options.RP.ID
		}
		need(t, openPrefix(t, p, prefix))
		wantSame(t, "relying party", rp(), prefix+".auth."+p.Region+".amazoncognito.com")
		needFake(t, p, unproven)
		_, err := openDomain(t, p, cip.CreateUserPoolDomainInput{Domain: aws.String("login.example.com"), CustomDomainConfig: ownCertificate("us-east-1")})
		need(t, err)
		wantSame(t, "relying party", rp(), "login.example.com")
	}},
	{"a public suffix is no relying party", func(t *testing.T, start Start) {
		p := start(t)
		for _, suffix := range []string{"com", "co.uk", "GitHub.io"} {
			_, err := setMFA(p, cip.SetUserPoolMfaConfigInput{
				MfaConfiguration: "OFF", WebAuthnConfiguration: &types.WebAuthnConfigurationType{RelyingPartyId: &suffix},
			})
			wantCode(t, err, invalid)
		}
	}},
	{"what is no credential is refused, and a good one may follow", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		r := beginPasskey(t, p, p.NewUser(t))
		a := new(passkeyclient.Authenticator)
		good, err := a.Create(r.options)
		need(t, err)
		for reason, bad := range map[string][]byte{
			"an empty document": []byte(`{}`),
			"a text":            []byte(`"credential"`),
			"no client data":    changed(t, good, "clientDataJSON", nil),
			"no attestation":    changed(t, good, "attestationObject", nil),
			"no CBOR":           changed(t, good, "attestationObject", "AAAA"),
		} {
			t.Log(reason)
			wantError(t, r.complete(bad), invalid, "Credential data is not valid")
		}
		need(t, r.complete(good))
	}},
	{"a credential answers the newest challenge, and once", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		u := p.NewUser(t)
		old := beginPasskey(t, p, u)
		credential, err := new(passkeyclient.Authenticator).Create(old.options)
		need(t, err)
		fresh := beginPasskey(t, p, u)
		wantCode(t, fresh.complete(credential), invalid)
		a := new(passkeyclient.Authenticator)
		credential, err = a.Create(fresh.options)
		need(t, err)
		need(t, fresh.complete(credential))
		wantCode(t, fresh.complete(credential), "WebAuthnChallengeNotFoundException")
	}},
	{"a credential that nobody asked for finds no challenge", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		asked, other := beginPasskey(t, p, p.NewUser(t)), p.NewUser(t)
		credential, err := new(passkeyclient.Authenticator).Create(asked.options)
		need(t, err)
		asked.token = other.AccessToken(t)
		wantCode(t, asked.complete(credential), "WebAuthnChallengeNotFoundException")
	}},
	{"a challenge expires", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		s := needFake(t, p, slow)
		r := beginPasskey(t, p, p.NewUser(t))
		s.Advance(30 * time.Minute)
		wantCode(t, r.create(t, new(passkeyclient.Authenticator)), "WebAuthnChallengeNotFoundException")
	}},
	{"a registration ends with the app client that began it", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		u, other := p.NewUser(t), p.NewAppClient(t)
		r := beginPasskey(t, p, u)
		out, err := p.Client().AdminInitiateAuth(ctx, &cip.AdminInitiateAuthInput{
			UserPoolId: &p.PoolID, ClientId: &other.ID, AuthFlow: types.AuthFlowTypeAdminUserPasswordAuth,
			AuthParameters: map[string]string{"USERNAME": u.Username, "PASSWORD": u.Password},
		})
		need(t, err)
		r.token = *out.AuthenticationResult.AccessToken
		wantCode(t, r.create(t, new(passkeyclient.Authenticator)), "WebAuthnClientMismatchException")
	}},
	{"a passkey is made on a page of the relying party, or of a host below it", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		u := p.NewUser(t)
		for origin, code := range map[string]string{
			"https://example.com":                  "",
			"https://login.example.com":            "",
			"https://other.example":                "WebAuthnOriginNotAllowedException",
			"https://example.com.attacker.example": "WebAuthnOriginNotAllowedException",
			"https://notexample.com":               "WebAuthnOriginNotAllowedException",
		} {
			err := beginPasskey(t, p, u).create(t, &passkeyclient.Authenticator{Origin: origin})
			if t.Log(origin); code != "" {
				wantCode(t, err, code)
			} else if err != nil {
				t.Error(err)
			}
		}
	}},
	{"a passkey is made for the relying party", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		err := beginPasskey(t, p, p.NewUser(t)).create(t, &passkeyclient.Authenticator{RelyingParty: "other.example"})
		wantCode(t, err, "WebAuthnRelyingPartyMismatchException")
	}},
	{"a passkey is of an algorithm that the options name", func(t *testing.T, start Start) {
		p := start(t, withPasskeys())
		err := beginPasskey(t, p, p.NewUser(t)).create(t, &passkeyclient.Authenticator{Algorithm: -8})
		wantCode(t, err, "WebAuthnCredentialNotSupportedException")
	}},
	{"where the pool requires verification, an authenticator without it makes no passkey", func(t *testing.T, start Start) {
		p := start(t, withPasskeys(), cognitotest.WithMFA(cip.SetUserPoolMfaConfigInput{
			WebAuthnConfiguration: &types.WebAuthnConfigurationType{UserVerification: types.UserVerificationTypeRequired},
		}))
		r := beginPasskey(t, p, p.NewUser(t))
		wantError(t, r.create(t, &passkeyclient.Authenticator{Unverified: true}), invalid, "Credential data is not valid")
		need(t, r.create(t, new(passkeyclient.Authenticator)))
	}},
}
