package pool

import (
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// PasswordPath says in which operation a password was refused: the service words each differently.
type PasswordPath string

// The paths, each the beginning of the service's message.
const (
	SignUpPassword PasswordPath = "Password did not conform with policy: "          // SignUp
	NewPassword    PasswordPath = "Password does not conform to policy: "           // ConfirmForgotPassword, ChangePassword, NEW_PASSWORD_REQUIRED
	AdminPassword  PasswordPath = "Password did not conform with password policy: " // AdminCreateUser, AdminSetUserPassword
)

// PasswordNotConforming is the InvalidPasswordException for a reason that [CheckPassword] gave.
func PasswordNotConforming(path PasswordPath, reason string) error {
	return &types.InvalidPasswordException{Message: text(string(path) + reason)}
}

// PasswordReused is the answer to a password that the policy's history still holds.
func PasswordReused() error {
	return &types.PasswordHistoryPolicyViolationException{Message: text("Password has previously been used")}
}

// The reasons of [CheckPassword].
const (
	passwordTooShort    = "Password not long enough"
	passwordNoUppercase = "Password must have uppercase characters"
	passwordNoLowercase = "Password must have lowercase characters"
	passwordNoNumber    = "Password must have numeric characters"
	passwordNoSymbol    = "Password must have symbol characters"
	passwordTooLong     = "Password too long" // inferred
)

// symbols count as symbol characters (developer guide); so does a space that is not at an end.
const symbols = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-"

const (
	defaultPasswordLength = 8
	maxPasswordLength     = 256 // developer guide; where a password is a member of its own, its shape says so too
)

// CheckPassword reports whether a password meets a policy and, where it does not, the first rule
// that it fails, in the service's words. Letters count as such only from A to Z.
func CheckPassword(policy *types.PasswordPolicyType, password string) (reason string, ok bool) {
	policy = passwordPolicy(policy)
	rules := []struct {
		applies, met bool
		reason       string
	}{
		{true, utf8.RuneCountInString(password) >= int(*policy.MinimumLength), passwordTooShort},
		{policy.RequireUppercase, strings.ContainsAny(password, upper), passwordNoUppercase},
		{policy.RequireLowercase, strings.ContainsAny(password, lower), passwordNoLowercase},
		{policy.RequireNumbers, strings.ContainsAny(password, digits), passwordNoNumber},
		{policy.RequireSymbols, hasSymbol(password), passwordNoSymbol},
		{true, utf8.RuneCountInString(password) <= maxPasswordLength, passwordTooLong},
	}
	for _, rule := range rules {
		if rule.applies && !rule.met {
			return rule.reason, false
		}
	}
	return "", true
}

func hasSymbol(password string) bool {
	return strings.ContainsAny(password, symbols) || strings.Contains(strings.Trim(password, " "), " ")
}

// GeneratePassword returns a temporary password that meets any policy of its length: it has a
// capital, a small letter, a digit and a symbol. random fills a slice with random bytes.
func GeneratePassword(policy *types.PasswordPolicyType, random func([]byte)) string {
	classes := []string{upper, lower, digits, symbols}
	password := make([]byte, max(defaultPasswordLength, *passwordPolicy(policy).MinimumLength))
	for i := range password {
		class := strings.Join(classes, "")
		if i < len(classes) {
			class = classes[i]
		}
		password[i] = class[pick(len(class), random)]
	}
	for i := len(password) - 1; i > 0; i-- {
		j := pick(i+1, random)
		password[i], password[j] = password[j], password[i]
	}
	return string(password)
}

// pick returns a number from 0 to n-1; its bias is negligible for the small n here.
func pick(n int, random func([]byte)) int {
	var b [4]byte
	random(b[:])
	return int(binary.LittleEndian.Uint32(b[:]) % uint32(n))
}

// passwordPolicy returns a complete policy: the service's own where none is given, and a minimum
// length where only that is missing.
func passwordPolicy(given *types.PasswordPolicyType) *types.PasswordPolicyType {
	if given == nil {
		return &types.PasswordPolicyType{
			MinimumLength:    aws.Int32(defaultPasswordLength),
			RequireUppercase: true, RequireLowercase: true, RequireNumbers: true, RequireSymbols: true,
		}
	}
	policy := *given
	if policy.MinimumLength == nil {
		policy.MinimumLength = aws.Int32(defaultPasswordLength)
	}
	return &policy
}
