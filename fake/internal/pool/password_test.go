package pool

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

func TestCheckPassword(t *testing.T) {
	lax := &types.PasswordPolicyType{MinimumLength: aws.Int32(6)}
	onlySymbols := &types.PasswordPolicyType{MinimumLength: aws.Int32(6), RequireSymbols: true}
	for _, test := range []struct {
		why      string
		policy   *types.PasswordPolicyType
		password string
		want     string
	}{
		{"meets the default policy", nil, "Passw0rd!", ""},
		{"too short comes first, whatever else is missing", nil, "a", "Password not long enough"},
		{"eight by default", nil, "Passw0!", "Password not long enough"},
		{"capitals come second", nil, "password", "Password must have uppercase characters"},
		{"small letters come third", nil, "PASSWORD", "Password must have lowercase characters"},
		{"digits come fourth", nil, "Password", "Password must have numeric characters"},
		{"symbols come last", nil, "Passw0rd", "Password must have symbol characters"},
		{"letters outside A-Z do not count", nil, "ñandú0000!", "Password must have uppercase characters"},
		{"length is counted in characters", lax, "ñññññ", "Password not long enough"},
		{"nothing but length is asked", lax, "aaaaaa", ""},
		{"a policy without length asks for eight", &types.PasswordPolicyType{}, "aaaaaaa", "Password not long enough"},
		{"256 characters", lax, strings.Repeat("ñ", 256), ""},
		{"257 characters", lax, strings.Repeat("a", 257), "Password too long"},
		{"an inner space is a symbol", onlySymbols, "aaa aaa", ""},
		{"a space at the end is none", onlySymbols, " aaaaaa ", "Password must have symbol characters"},
		{"a letter with an accent is no symbol", onlySymbols, "ñññññññ", "Password must have symbol characters"},
	} {
		t.Run(test.why, func(t *testing.T) {
			reason, ok := CheckPassword(test.policy, test.password)
			if reason != test.want || ok != (test.want == "") {
				t.Errorf("CheckPassword(%q) = %q, %t; want %q", test.password, reason, ok, test.want)
			}
		})
	}
}

func TestSymbols(t *testing.T) {
	policy := &types.PasswordPolicyType{MinimumLength: aws.Int32(6), RequireSymbols: true}
	for _, symbol := range "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-" {
		if reason, ok := CheckPassword(policy, "aaaaaa"+string(symbol)); !ok {
			t.Errorf("%q is not taken for a symbol: %s", symbol, reason)
		}
	}
}

func TestPasswordErrors(t *testing.T) {
	for _, test := range []struct {
		why  string
		err  error
		want string
	}{
		{"SignUp", PasswordNotConforming(SignUpPassword, passwordTooShort),
			"InvalidPasswordException: Password did not conform with policy: Password not long enough"},
		{"ChangePassword and the like", PasswordNotConforming(NewPassword, passwordNoUppercase),
			"InvalidPasswordException: Password does not conform to policy: Password must have uppercase characters"},
		{"administrators", PasswordNotConforming(AdminPassword, passwordNoSymbol),
			"InvalidPasswordException: Password did not conform with password policy: Password must have symbol characters"},
		{"history", PasswordReused(), "PasswordHistoryPolicyViolationException: Password has previously been used"},
	} {
		if got := test.err.Error(); got != test.want {
			t.Errorf("%s: got %q, want %q", test.why, got, test.want)
		}
	}
	var typed *types.InvalidPasswordException
	if !errors.As(PasswordNotConforming(SignUpPassword, ""), &typed) {
		t.Error("the error is not the SDK's InvalidPasswordException")
	}
}

func FuzzGeneratePassword(f *testing.F) {
	f.Add(uint64(1), int32(8))
	f.Add(uint64(2), int32(99))
	f.Add(uint64(3), int32(6))
	f.Fuzz(func(t *testing.T, seed uint64, length int32) {
		if length < 6 || length > 99 {
			t.Skip("outside the service's range")
		}
		policy := &types.PasswordPolicyType{
			MinimumLength: &length, RequireUppercase: true, RequireLowercase: true, RequireNumbers: true, RequireSymbols: true,
		}
		password := GeneratePassword(policy, NewRandom(seed).Read)
		if reason, ok := CheckPassword(policy, password); !ok {
			t.Errorf("generated %q: %s", password, reason)
		}
	})
}

func TestGeneratePasswordRepeatsWithSeed(t *testing.T) {
	a, b := GeneratePassword(nil, NewRandom(7).Read), GeneratePassword(nil, NewRandom(7).Read)
	if a != b {
		t.Errorf("the same seed made %q and %q", a, b)
	}
	if c := GeneratePassword(nil, NewRandom(8).Read); a == c {
		t.Errorf("two seeds made %q", a)
	}
}

func FuzzCheckPassword(f *testing.F) {
	f.Add("Passw0rd!")
	f.Add("\xff ")
	f.Fuzz(func(t *testing.T, password string) {
		reason, ok := CheckPassword(nil, password)
		if ok != (reason == "") {
			t.Errorf("CheckPassword(%q) = %q, %t", password, reason, ok)
		}
		if ok && !strings.ContainsAny(password, "0123456789") {
			t.Errorf("%q was accepted without a digit", password)
		}
	})
}
