package pool

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// autoVerified makes a pool verify attributes by itself.
func autoVerified(attributes ...types.VerifiedAttributeType) func(*types.UserPoolType) {
	return func(s *types.UserPoolType) { s.AutoVerifiedAttributes = attributes }
}

func TestPretences(t *testing.T) {
	for _, test := range []struct {
		why              string
		edit             func(*types.UserPoolType)
		name             string
		signUp, recovery string
	}{
		{"an address is itself", autoVerified("phone_number"), "ann@example.com", "email", "email"},
		{"a number is itself", autoVerified("email"), "+12065550134", "phone_number", "phone_number"},
		{"emails are verified", autoVerified("email"), "ann", "email", "email"},
		{"phones are verified", autoVerified("phone_number"), "ann", "phone_number", "phone_number"},
		{"both are, and recovery prefers emails", autoVerified("email", "phone_number"), "ann", "phone_number", "email"},
		{"nothing is", nil, "ann", "email", "email"},
		{"nothing is, and recovery prefers phones", func(s *types.UserPoolType) {
			s.AccountRecoverySetting.RecoveryMechanisms = nil
		}, "ann", "email", "phone_number"},
	} {
		t.Run(test.why, func(t *testing.T) {
			p := newTestPool(t, test.edit)
			signUp, recovery := p.PretendSignUp(test.name), p.PretendRecovery(test.name)
			if signUp.Name != test.signUp || recovery.Name != test.recovery {
				t.Errorf("attributes = %s, %s; want %s, %s", signUp.Name, recovery.Name, test.signUp, test.recovery)
			}
			for _, a := range []Attribute{signUp, recovery} {
				if a.Name == "email" && !IsEmail(a.Value) || a.Name == "phone_number" && !IsPhoneNumber(a.Value) {
					t.Errorf("%s = %q has not the form of one", a.Name, a.Value)
				}
			}
			if again := p.PretendSignUp(test.name); again != signUp {
				t.Errorf("first %v, then %v", signUp, again)
			}
		})
	}
}

func TestPretencesDifferByNameAndPool(t *testing.T) {
	p := newTestPool(t, nil)
	other := newTestPool(t, nil)
	other.ID = "us-east-1_Other0000"
	ann := p.PretendSignUp("ann")
	if ann == p.PretendSignUp("bob") || ann == p.PretendSignUp("Ann") || ann == other.PretendSignUp("ann") {
		t.Errorf("%v stands for several", ann)
	}
	folding := newTestPool(t, func(s *types.UserPoolType) {
		s.UsernameConfiguration = &types.UsernameConfigurationType{CaseSensitive: aws.Bool(false)}
	})
	if a, b := folding.PretendSignUp("Ann"), folding.PretendSignUp("aNN"); a != b {
		t.Errorf("one name in two cases: %v and %v", a, b)
	}
}
