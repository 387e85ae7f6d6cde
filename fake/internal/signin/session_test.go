package signin

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"
)

var example = state{
	ID: "id", Pool: "us-east-1_AbCdEfGhI", Client: "client", Sub: "sub",
	Challenge: types.ChallengeNameTypeNewPasswordRequired, Expires: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
}

func TestSessionsOpenWhereTheyWereSealed(t *testing.T) {
	here, elsewhere := NewSealer(), NewSealer()
	sealed, err := here.seal(example)
	if err != nil {
		t.Fatal(err)
	}
	got, err := here.open(sealed)
	if diff := cmp.Diff(example, got); err != nil || diff != "" {
		t.Errorf("opened: %v (-want +got):\n%s", err, diff)
	}
	if _, err := elsewhere.open(sealed); err == nil {
		t.Error("another server opened the session")
	}
	if again, _ := here.seal(example); again == sealed {
		t.Error("the same state was sealed to the same text twice")
	}
}

// FuzzOpen changes a real session: nothing but the session itself opens.
func FuzzOpen(f *testing.F) {
	s := NewSealer()
	sealed, err := s.seal(example)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"", sessionPrefix, sealed[:len(sealed)-1], sealed + "A", sealed[5:], "AYABe===="} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if st, err := s.open(text); err == nil && text != sealed {
			t.Errorf("%q opened as %+v", text, st)
		}
	})
}
