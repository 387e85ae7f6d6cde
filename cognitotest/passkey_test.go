package cognitotest_test

import (
	"strings"
	"testing"
	"testing/synctest"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
)

func TestPasskeysSayWhatToDo(t *testing.T) {
	plain, passkeys := cognitotest.New(t), cognitotest.New(t, cognitotest.WithPasskeys("example.com"))
	for _, test := range []struct {
		why  string
		do   func(cognitotest.TB)
		want string
	}{
		{"a pool without passkeys", func(t cognitotest.TB) { plain.NewUser(t).RegisterPasskey(t) }, "pass cognitotest.WithPasskeys"},
		{"a user without a passkey", func(t cognitotest.TB) { passkeys.NewUser(t).SignInPasskey(t) }, "call RegisterPasskey first"},
		{"options that are none", func(t cognitotest.TB) { cognitotest.NewAuthenticator().Create(t, "options") }, "making a passkey: options"},
		{"options for no key that the authenticator makes", func(t cognitotest.TB) {
			cognitotest.NewAuthenticator().Create(t, `{"rp":{"id":"example.com"},"pubKeyCredParams":[{"type":"public-key","alg":-8}]}`)
		}, "neither ES256 nor RS256"},
		{"options for a passkey of others", func(t cognitotest.TB) {
			passkeys.NewUser(t).RegisterPasskey(t).Get(t, `{"challenge":"AAAA","rpId":"other.example"}`)
		}, "none of the passkeys that other.example asks for"},
	} {
		if got := record(t, test.do).failure; !strings.Contains(got, test.want) {
			t.Errorf("%s: failure %q, want %q in it", test.why, got, test.want)
		}
	}
}

func TestAuthenticatorMakesOnePasskeyOfAUser(t *testing.T) {
	a := cognitotest.NewAuthenticator()
	const options = `{"rp":{"id":"example.com"},"user":{"id":"YW5u"},"challenge":"AAAA","pubKeyCredParams":[{"type":"public-key","alg":-257},{"type":"public-key","alg":-7}]}`
	made := a.Create(t, options)
	_, id, _ := strings.Cut(made, `"id":"`)
	id, _, _ = strings.Cut(id, `"`)
	excluding := strings.Replace(options, `"rp"`, `"excludeCredentials":[{"type":"public-key","id":"`+id+`"}],"rp"`, 1)
	got := record(t, func(t cognitotest.TB) { a.Create(t, excluding) }).failure
	if !strings.Contains(got, "has a passkey of this user already") {
		t.Errorf("failure %q, want that there is one", got)
	}
	if signed := a.Get(t, `{"challenge":"AAAA","rpId":"example.com"}`); !strings.Contains(signed, id) {
		t.Errorf("Get without a list = %s, want the newest passkey, %s", signed, id)
	}
}

func TestWithPasskeysKeepsOtherSettings(t *testing.T) {
	pool := cip.CreateUserPoolInput{Policies: &types.UserPoolPolicyType{
		PasswordPolicy: &types.PasswordPolicyType{MinimumLength: new(int32(12))},
		SignInPolicy:   &types.SignInPolicyType{AllowedFirstAuthFactors: []types.AuthFactorType{"EMAIL_OTP", "PASSWORD"}},
	}}
	mfa := cip.SetUserPoolMfaConfigInput{WebAuthnConfiguration: &types.WebAuthnConfigurationType{UserVerification: "required"}}
	cog := cognitotest.New(t, cognitotest.WithPasskeys("example.com"), cognitotest.WithPool(pool), cognitotest.WithMFA(mfa))
	made, err := cog.Client().DescribeUserPool(t.Context(), &cip.DescribeUserPoolInput{UserPoolId: &cog.PoolID})
	if err != nil {
		t.Fatal(err)
	}
	if got := *made.UserPool.Policies.PasswordPolicy.MinimumLength; got != 12 {
		t.Errorf("MinimumLength = %d, want 12", got)
	}
	want := []types.AuthFactorType{"EMAIL_OTP", "PASSWORD", "WEB_AUTHN"}
	if diff := cmp.Diff(want, made.UserPool.Policies.SignInPolicy.AllowedFirstAuthFactors); diff != "" {
		t.Errorf("first factors (-want +got):\n%s", diff)
	}
	set, err := cog.Client().GetUserPoolMfaConfig(t.Context(), &cip.GetUserPoolMfaConfigInput{UserPoolId: &cog.PoolID})
	if err != nil {
		t.Fatal(err)
	}
	if got := set.WebAuthnConfiguration; *got.RelyingPartyId != "example.com" || got.UserVerification != "required" {
		t.Errorf("WebAuthnConfiguration = %+v, want both members", got)
	}
	if len(pool.Policies.SignInPolicy.AllowedFirstAuthFactors) != 2 || mfa.WebAuthnConfiguration.RelyingPartyId != nil {
		t.Error("the caller's settings have changed")
	}
}

func TestPasskeysInBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ann := cognitotest.New(t, cognitotest.InMemory(), cognitotest.WithPasskeys("example.com")).NewUser(t)
		ann.RegisterPasskey(t)
		if ann.SignInPasskey(t).AccessToken == "" {
			t.Error("no tokens")
		}
	})
}
