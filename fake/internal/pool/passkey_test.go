package pool

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"
)

func TestCountersOfPasskeys(t *testing.T) {
	for _, row := range []struct {
		why          string
		before, next uint32
		want         bool
	}{
		{"it counts on", 4, 5, true},
		{"it may leap", 4, 400, true},
		{"it stands still", 4, 4, false},
		{"it goes back", 4, 3, false},
		{"it stops counting", 4, 0, false},
		{"it never counts", 0, 0, true},
		{"it begins to count", 0, 1, true},
	} {
		u := &User{passkeys: []Passkey{{ID: "a", SignCount: row.before}}}
		if err := u.UsePasskeyLocked("a", row.next); (err == nil) != row.want {
			t.Errorf("%s: %d after %d: %v, want good: %t", row.why, row.next, row.before, err, row.want)
		}
		want := row.before
		if row.want {
			want = row.next
		}
		if got := u.passkeys[0].SignCount; got != want {
			t.Errorf("%s: the counter is %d then, want %d", row.why, got, want)
		}
	}
}

// passkeyPool is a pool of a relying party.
func passkeyPool(relyingParty string) *Pool {
	return &Pool{contents: contents{
		Settings: &types.UserPoolType{
			MfaConfiguration: types.UserPoolMfaTypeOff,
			Policies: &types.UserPoolPolicyType{SignInPolicy: &types.SignInPolicyType{
				AllowedFirstAuthFactors: []types.AuthFactorType{types.AuthFactorTypePassword, types.AuthFactorTypeWebAuthn},
			}},
		},
		MFA: MFAConfig{WebAuthn: &types.WebAuthnConfigurationType{RelyingPartyId: &relyingParty}},
	}}
}

func TestPasskeysBelongToTheirRelyingParty(t *testing.T) {
	p, u := passkeyPool("example.com"), &User{passkeys: []Passkey{{ID: "a", RelyingParty: "example.com"}}}
	if !p.offersPasskey(u) {
		t.Error("the passkey is not offered")
	}
	p.MFA.WebAuthn.RelyingPartyId = aws.String("example.org")
	if p.offersPasskey(u) || len(p.UsablePasskeys(u)) > 0 {
		t.Error("the passkey of another relying party is offered")
	}
}

func TestPasskeysDoNotSkipTheSetUpOfMFA(t *testing.T) {
	p, u := passkeyPool("example.com"), &User{passkeys: []Passkey{{ID: "a", RelyingParty: "example.com"}}}
	p.Settings.MfaConfiguration = types.UserPoolMfaTypeOn
	p.MFA.SoftwareToken = &types.SoftwareTokenMfaConfigType{Enabled: true}
	if p.offersPasskey(u) {
		t.Error("the passkey is offered to a user who has to set up a second factor")
	}
}

func TestPasskeysKeepTheirPlaces(t *testing.T) {
	p, u, now := passkeyPool("example.com"), &User{}, time.Now()
	for _, id := range []string{"c", "a", "b"} {
		c, err := p.BeginPasskeyLocked(u, "client", "challenge "+id, now)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.AddPasskeyLocked(u, c, Passkey{ID: id}, now); err != nil {
			t.Fatal(err)
		}
	}
	if err := u.RemovePasskeyLocked("a"); err != nil {
		t.Fatal(err)
	}
	var got []string
	for k := range u.PasskeysLocked(1) {
		got = append(got, k.ID)
	}
	if diff := cmp.Diff([]string{"b"}, got); diff != "" {
		t.Errorf("passkeys after the first (-want +got):\n%s", diff)
	}
}

func TestPasskeysAreRegisteredOnce(t *testing.T) {
	p, u, now := passkeyPool("example.com"), &User{passkeys: []Passkey{{ID: "a"}}}, time.Now()
	first, err := p.BeginPasskeyLocked(u, "client", "1", now)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.AddPasskeyLocked(u, first, Passkey{ID: "a"}, now); !errors.As(err, new(*types.InvalidParameterException)) {
		t.Errorf("a passkey that the user has: %v, want InvalidParameterException", err)
	}
	second, err := p.BeginPasskeyLocked(u, "client", "2", now)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []Ceremony{first, second, second} {
		err = errors.Join(err, p.AddPasskeyLocked(u, c, Passkey{ID: c.Challenge}, now))
	}
	if !errors.As(err, new(*types.WebAuthnChallengeNotFoundException)) {
		t.Errorf("challenges that are over: %v, want WebAuthnChallengeNotFoundException", err)
	}
	has := func(id string) bool {
		return slices.ContainsFunc(u.passkeys, func(k Passkey) bool { return k.ID == id })
	}
	if len(u.passkeys) != 2 || !has("2") {
		t.Errorf("passkeys = %v, want a and 2", u.passkeys)
	}
}
