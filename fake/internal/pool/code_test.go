package pool

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	expiredText  = "ExpiredCodeException: Invalid code provided, please request a code again."
	mismatchText = "CodeMismatchException: Invalid verification code provided, please try again."
)

func TestLivesOfCodes(t *testing.T) {
	got := []time.Duration{ForSignUp.Life(), ForForgotPassword.Life(), ForAttribute.Life()}
	if diff := cmp.Diff(got, []time.Duration{24 * time.Hour, time.Hour, 24 * time.Hour}); diff != "" {
		t.Errorf("sign-up, forgotten password, attribute (-got +want):\n%s", diff)
	}
}

func TestCheckCode(t *testing.T) {
	u := &User{}
	end := start.Add(time.Hour)
	u.SetCodeLocked(Code{Purpose: ForSignUp, Attribute: "email", Value: "111111", Expires: end})
	u.SetCodeLocked(Code{Purpose: ForAttribute, Attribute: "email", Value: "222222", Expires: end})
	u.SetCodeLocked(Code{Purpose: ForAttribute, Attribute: "phone_number", Value: "333333", Expires: end})
	for _, test := range []struct {
		why       string
		purpose   Purpose
		attribute string
		value     string
		now       time.Time
		want      string
	}{
		{"right", ForSignUp, "", "111111", start, ""},
		{"right to the last moment", ForSignUp, "", "111111", end.Add(-time.Nanosecond), ""},
		{"expired", ForSignUp, "", "111111", end, expiredText},
		{"expired, and wrong", ForSignUp, "", "000000", end, expiredText},
		{"wrong", ForSignUp, "", "111112", start, mismatchText},
		{"part of it", ForSignUp, "", "11111", start, mismatchText},
		{"none", ForSignUp, "", "", start, mismatchText},
		{"for the email", ForAttribute, "email", "222222", start, ""},
		{"for the phone", ForAttribute, "phone_number", "333333", start, ""},
		{"for the other attribute", ForAttribute, "email", "333333", start, mismatchText},
		{"none outstanding", ForForgotPassword, "", "111111", start, expiredText},
	} {
		t.Run(test.why, func(t *testing.T) {
			_, err := u.CheckCodeLocked(test.purpose, test.attribute, test.value, test.now)
			wantError(t, err, test.want)
		})
	}
}

func TestCodesReplaceEachOther(t *testing.T) {
	u := &User{}
	u.SetCodeLocked(Code{Purpose: ForSignUp, Attribute: "email", Value: "111111", Expires: start.Add(time.Hour)})
	u.SetCodeLocked(Code{Purpose: ForSignUp, Attribute: "phone_number", Value: "222222", Expires: start.Add(time.Hour)})
	_, err := u.CheckCodeLocked(ForSignUp, "", "111111", start)
	wantError(t, err, mismatchText)
	u.DropCodeLocked(ForSignUp, "")
	_, err = u.CheckCodeLocked(ForSignUp, "", "222222", start)
	wantError(t, err, expiredText)
}

func TestCodesForALostAddressAreForgotten(t *testing.T) {
	u := &User{attributes: []Attribute{{"email", "ann@example.com"}, {"phone_number", "+12065550134"}}}
	for _, c := range []Code{
		{Purpose: ForSignUp, Attribute: "email"}, {Purpose: ForForgotPassword, Attribute: "email"},
		{Purpose: ForAttribute, Attribute: "email"}, {Purpose: ForAttribute, Attribute: "phone_number"},
	} {
		c.Expires = start
		u.SetCodeLocked(c)
	}
	u.dropStaleCodes(&User{attributes: []Attribute{{"email", "new@example.com"}, {"phone_number", "+12065550134"}}})
	var got []string
	for _, c := range u.codes {
		got = append(got, string(c.Purpose)+" "+c.Attribute)
	}
	slices.Sort(got)
	if diff := cmp.Diff(got, []string{"attribute phone_number", "forgot password email"}); diff != "" {
		t.Errorf("codes (-got +want):\n%s", diff)
	}
}

func TestAttempts(t *testing.T) {
	const limit = "LimitExceededException: Attempt limit exceeded, please try after some time."
	for what, want := range map[Attempted]int{
		AttemptForgotPassword: 20, AttemptResend: 5, AttemptConfirmSignUp: 15,
		AttemptChangePassword: 5, AttemptAttributeCode: 5, AttemptVerifyAttribute: 15,
	} {
		t.Run(string(what), func(t *testing.T) {
			u := &User{}
			for i := range want {
				wantError(t, u.AttemptLocked(what, start.Add(time.Duration(i)*time.Minute)), "")
			}
			wantError(t, u.AttemptLocked(what, start.Add(time.Hour-time.Nanosecond)), limit)
			wantError(t, u.AttemptLocked(what, start.Add(time.Hour)), "")
		})
	}
}
