package signin

import (
	"math/big"
	"strings"
	"testing"

	"github.com/cognitotest/cognito/fake/internal/srp"
)

func TestPublicNumber(t *testing.T) {
	for _, row := range []struct {
		why, hex string
		want     int64 // 0 where the number is refused
	}{
		{"hexadecimal", "ab", 0xab},
		{"an odd number of digits", "abc", 0xabc},
		{"capitals", "AB", 0xab},
		{"zeros in front", "000ab", 0xab},
		{"nothing", "", 0},
		{"zero", "0", 0},
		{"zeros", strings.Repeat("0", 768), 0},
		{"a negative number", "-2", 0},
		{"a prefix", "0xab", 0},
		{"a blank", "ab ", 0},
		{"other letters", "xyz", 0},
		{"digits of another script", "\u0661\u0662", 0},
	} {
		got, err := publicNumber(row.hex)
		if (err == nil) != (row.want != 0) || err == nil && got.Cmp(big.NewInt(row.want)) != 0 {
			t.Errorf("%s: publicNumber(%.20q) = %v, %v; want %d", row.why, row.hex, got, err, row.want)
		}
	}
}

// FuzzPublicNumber looks for numbers that are taken and would make the shared key guessable.
func FuzzPublicNumber(f *testing.F) {
	for _, seed := range []string{"0", "2", "-2", "ff", strings.Repeat("f", 800)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, hex string) {
		if A, err := publicNumber(hex); err == nil && (A.Sign() <= 0 || srp.CheckPublic(A) != nil) {
			t.Errorf("publicNumber(%q) = %v", hex, A)
		}
	})
}

// FuzzOpenBlock changes a real SECRET_BLOCK: nothing but its own bytes open.
func FuzzOpenBlock(f *testing.F) {
	s := NewSealer()
	block, err := s.sealBlock(example)
	if err != nil {
		f.Fatal(err)
	}
	_, bytes, err := s.openBlock(block)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"", "AAAA", block, block[:len(block)-4], block + "AAAA", "*"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if st, opened, err := s.openBlock(text); err == nil && string(opened) != string(bytes) {
			t.Errorf("%q opened as %+v", text, st)
		}
	})
}
