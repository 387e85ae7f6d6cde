package cognitotest_test

import (
	"strings"
	"testing"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// withTOTP is a pool whose users may have authenticators.
var withTOTP = cognitotest.WithMFA(cip.SetUserPoolMfaConfigInput{
	MfaConfiguration:              types.UserPoolMfaTypeOptional,
	SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
})

func TestTOTPSaysWhatToDo(t *testing.T) {
	plain, mfa := cognitotest.New(t), cognitotest.New(t, withTOTP)
	for _, test := range []struct {
		why  string
		do   func(cognitotest.TB)
		want string
	}{
		{"a pool without authenticators", func(t cognitotest.TB) { plain.NewUser(t, cognitotest.TOTP()) }, "pass cognitotest.WithMFA"},
		{"a user who cannot sign in", func(t cognitotest.TB) { mfa.NewUser(t, cognitotest.TOTP(), cognitotest.Unconfirmed()) }, "does not go with Unconfirmed"},
		{"a user without authenticator", func(t cognitotest.TB) { mfa.NewUser(t).TOTPCode(t) }, "make the user with NewUser(t, cognitotest.TOTP())"},
		{"the third code of a half-minute", func(t cognitotest.TB) {
			u := mfa.NewUser(t, cognitotest.TOTP())
			for range 4 { // one more, lest a half-minute end meanwhile
				u.TOTPCode(t)
			}
		}, "Advance(30 * time.Second)"},
	} {
		if got := record(t, test.do).failure; !strings.Contains(got, test.want) {
			t.Errorf("%s: failure %q, want %q in it", test.why, got, test.want)
		}
	}
}

func TestTokensOfUserWithAuthenticator(t *testing.T) {
	cog := cognitotest.New(t, withTOTP)
	u := cog.NewUser(t, cognitotest.TOTP())
	seen := map[string]bool{u.AccessToken(t): true, u.SignInSRP(t).AccessToken: true}
	cog.Fake(t).Advance(30 * time.Second)
	seen[u.Tokens(t).AccessToken] = true
	if len(seen) != 3 {
		t.Errorf("%d different tokens, want 3", len(seen))
	}
	cog.Fake(t).Advance(time.Hour)
	if seen[u.AccessToken(t)] { // refreshed, which takes no code
		t.Error("AccessToken returned a token that is over")
	}
}
