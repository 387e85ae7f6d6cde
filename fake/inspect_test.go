package fake_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake"
)

func TestReadClock(t *testing.T) {
	now := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	server := newServer(t, fake.Config{Now: func() time.Time { return now.In(time.FixedZone("", 3600)) }})
	for _, test := range []struct {
		name string
		move func()
		want fake.ClockReading
	}{
		{"at first", func() {}, fake.ClockReading{Now: now, Base: now}},
		{"advanced", func() { server.Advance(time.Hour) }, fake.ClockReading{Now: now.Add(time.Hour), Base: now}},
		{"frozen", func() { server.Freeze(now.Add(-time.Hour)) }, fake.ClockReading{Now: now.Add(-time.Hour), Base: now, Frozen: true}},
		{"going again", func() { server.SetTime(now) }, fake.ClockReading{Now: now, Base: now}},
	} {
		test.move()
		if diff := cmp.Diff(test.want, server.ReadClock()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestKeysVerifyWithoutACall(t *testing.T) {
	b := newBench(t, false)
	token, err := b.signIn(t.Context(), "ann")
	if err != nil {
		t.Fatal(err)
	}
	before := len(b.Calls())
	keys, err := b.Keys(b.poolID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := jwt.Parse(token, keys.Keyfunc); err != nil || len(b.Calls()) != before {
		t.Errorf("the token: %v, after %d calls; want it to verify without one", err, len(b.Calls())-before)
	}
	if _, err := b.Keys("us-east-1_Nowhere11"); !errors.As(err, new(*types.ResourceNotFoundException)) {
		t.Errorf("keys of no pool: %v, want ResourceNotFoundException", err)
	}
}

func TestPasskeysOfNobody(t *testing.T) {
	b := newBench(t, false)
	if list, err := b.Passkeys(b.poolID, "ann@example.com"); err != nil || len(list) != 0 {
		t.Errorf("by an alias: %v, %v; want none", list, err)
	}
	if _, err := b.Passkeys(b.poolID, "bob"); !errors.As(err, new(*types.UserNotFoundException)) {
		t.Errorf("of a user who does not exist: %v, want UserNotFoundException", err)
	}
	if _, err := b.Passkeys("us-east-1_Nowhere11", "ann"); !errors.As(err, new(*types.ResourceNotFoundException)) {
		t.Errorf("of a pool that does not exist: %v, want ResourceNotFoundException", err)
	}
}

func TestOperationsAreNamed(t *testing.T) {
	names := fake.Operations()
	if !slices.IsSorted(names) || len(names) < 100 || !slices.Contains(names, "InitiateAuth") || slices.Contains(names, fake.JWKS) {
		t.Errorf("operations = %v; want those of the service in order", names)
	}
}

func TestCallsAsJSON(t *testing.T) {
	b := newBench(t, false)
	moment := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	b.Freeze(moment)
	b.signIn(t.Context(), "ann")
	b.signUp(t.Context(), "ann")
	b.jwks()
	text, err := json.Marshal(b.Calls())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), password) {
		t.Errorf("a password stands in %s", text)
	}
	type call struct {
		Operation, Region, Username, Error string
		PoolID                             string `json:"pool_id"`
		ClientID                           string `json:"client_id"`
		At                                 time.Time
		Input, Output                      map[string]any
	}
	var got []call
	if err := json.Unmarshal(text, &got); err != nil || len(got) != 3 {
		t.Fatalf("%v of %s; want three calls", err, text)
	}
	if got[0].Input["AuthFlow"] != "USER_PASSWORD_AUTH" || got[0].Output["AuthenticationResult"] == nil || got[0].Error != "" {
		t.Errorf("sign-in = %+v; want input and output without an error", got[0])
	}
	if got[1].Output != nil || !strings.HasPrefix(got[1].Error, "UsernameExistsException: ") {
		t.Errorf("sign-up = %+v; want an error and no output", got[1])
	}
	if diff := cmp.Diff(call{Operation: fake.JWKS, Region: "us-east-1", PoolID: b.poolID, At: moment}, got[2]); diff != "" {
		t.Errorf("fetch of keys (-want +got):\n%s", diff)
	}
}
