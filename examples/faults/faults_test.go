package faults_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/examples/faults"
	"github.com/cognitotest/cognito/fake"
)

// inTrouble runs a test in virtual time, in which the SDK's pauses between attempts cost nothing, with a
// user and with a fault of sign-ins that the test has to meet.
func inTrouble(t *testing.T, f fake.Fault, test func(t *testing.T, login faults.Login, ann *cognitotest.User)) {
	synctest.Test(t, func(t *testing.T) {
		cog := cognitotest.New(t, cognitotest.InMemory())
		ann := cog.NewUser(t)
		f.Operations = []string{"InitiateAuth"}
		cog.Fake(t).Inject(f)
		test(t, faults.Login{Cognito: cog.Client(), ClientID: cog.ClientID}, ann)
		if unused := cog.Fake(t).UnusedFaults(); len(unused) > 0 {
			t.Errorf("the code did not meet the fault: %+v", unused)
		}
	})
}

func TestShortTroubleIsNotNoticed(t *testing.T) {
	for _, trouble := range []fake.Fault{
		{Times: 2, Err: fake.RateExceeded()},
		{Times: 2, Err: fake.HTTPStatus(503)},
		{Times: 1, Err: fake.CutBefore},
		{Times: 1, Err: fake.CutAfter},
		{Times: 1, Delay: 5 * time.Second},
	} {
		inTrouble(t, trouble, func(t *testing.T, login faults.Login, ann *cognitotest.User) {
			if token, err := login.SignIn(t.Context(), ann.Username, ann.Password); err != nil || token == "" {
				t.Errorf("%+v: token %q, error %v; want a token", trouble, token, err)
			}
		})
	}
}

func TestABusyServiceIsTold(t *testing.T) {
	inTrouble(t, fake.Fault{Err: fake.RateExceeded()}, func(t *testing.T, login faults.Login, ann *cognitotest.User) {
		if _, err := login.SignIn(t.Context(), ann.Username, ann.Password); !errors.Is(err, faults.ErrBusy) {
			t.Errorf("error = %v, want %v", err, faults.ErrBusy)
		}
	})
}

func TestASlowServiceIsGivenUp(t *testing.T) {
	inTrouble(t, fake.Fault{Delay: time.Hour}, func(t *testing.T, login faults.Login, ann *cognitotest.User) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		began := time.Now()
		_, err := login.SignIn(ctx, ann.Username, ann.Password)
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != 3*time.Second {
			t.Errorf("error = %v after %v, want %v after 3s", err, time.Since(began), context.DeadlineExceeded)
		}
	})
}

func TestTroubleWithOneUserIsNoTroubleForOthers(t *testing.T) {
	inTrouble(t, fake.Fault{Username: "ann", Err: fake.RateExceeded()}, func(t *testing.T, login faults.Login, other *cognitotest.User) {
		if _, err := login.SignIn(t.Context(), other.Username, other.Password); err != nil {
			t.Error(err)
		}
		if _, err := login.SignIn(t.Context(), "ann", "Wrong-1234"); !errors.Is(err, faults.ErrBusy) {
			t.Errorf("error = %v, want %v", err, faults.ErrBusy)
		}
	})
}

func TestAWrongPasswordIsNoTrouble(t *testing.T) {
	cog := cognitotest.New(t)
	login := faults.Login{Cognito: cog.Client(), ClientID: cog.ClientID}
	if _, err := login.SignIn(t.Context(), cog.NewUser(t).Username, "Wrong-1234"); !errors.Is(err, faults.ErrDenied) {
		t.Errorf("error = %v, want %v", err, faults.ErrDenied)
	}
	if calls := cog.Fake(t).Calls("InitiateAuth"); len(calls) != 1 {
		t.Errorf("%d sign-ins, want one: a refusal is not repeated", len(calls))
	}
}
