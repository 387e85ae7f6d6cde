package pool

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestAuthenticatorCodes uses the secret and times of RFC 6238, appendix B, for SHA-1; the codes are
// the last six of its eight digits.
func TestAuthenticatorCodes(t *testing.T) {
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	for at, code := range map[int64]string{59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"} {
		a := Authenticator{Secret: secret}
		if got := a.take(code, time.Unix(at, 0)); got != rightCode {
			t.Errorf("at %d: verdict on %s = %d, want right", at, code, got)
		}
	}
}

func TestAuthenticatorTakesEachCodeOnce(t *testing.T) {
	a := Authenticator{Secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"}
	moment := time.Unix(1111111109, 0)
	for _, test := range []struct {
		why   string
		code  string
		after time.Duration
		want  verdict
	}{
		{"no code", "", 0, wrongCode},
		{"too early by two steps", "081804", -time.Minute, wrongCode},
		{"the first time", "081804", 0, rightCode},
		{"again", "081804", 0, usedCode},
		{"again in the next step", "081804", 30 * time.Second, usedCode},
		{"too late", "081804", time.Minute, wrongCode},
	} {
		if got := a.take(test.code, moment.Add(test.after)); got != test.want {
			t.Errorf("%s: %d, want %d", test.why, got, test.want)
		}
	}
	a.take("000000", moment.Add(time.Hour))
	if diff := cmp.Diff([]uint64{}, a.Used); diff != "" {
		t.Errorf("steps that are remembered after an hour (-want +got):\n%s", diff)
	}
}
