package fake_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/cognitotest/cognito/fake"
)

func TestWaitForMessageReturnsTheNewestAndWaitsForTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, nil)
		began := time.Now()
		go func() {
			time.Sleep(time.Minute)
			s.signUp()
			time.Sleep(time.Minute)
			s.must(s.api.ResendConfirmationCode(s.ctx, &cip.ResendConfirmationCodeInput{ClientId: &s.client, Username: aws.String("ann")}))
		}()
		first, err := s.server.WaitForMessage(t.Context(), fake.ToAddress("ann@example.com"))
		if err != nil {
			t.Fatal(err)
		}
		if first.Trigger != "CustomMessage_SignUp" || time.Since(began) != time.Minute {
			t.Errorf("message of %s after %v, want CustomMessage_SignUp after a minute", first.Trigger, time.Since(began))
		}
		time.Sleep(2 * time.Minute)
		newest, err := s.server.WaitForMessage(t.Context(), fake.ToUser(s.pool, "ann"))
		if err != nil || newest.Trigger != "CustomMessage_ResendCode" {
			t.Errorf("newest message = %+v, %v; want that of CustomMessage_ResendCode", newest, err)
		}
	})
}

func TestWaitForMessageEndsWithItsContext(t *testing.T) {
	s := newStage(t, nil)
	s.signUp()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.server.WaitForMessage(ctx, fake.ToAddress("nobody@example.com")); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want %v", err, context.Canceled)
	}
}

func TestFiltersOfMessages(t *testing.T) {
	s := newStage(t, nil)
	s.signUp()
	s.server.Advance(time.Hour)
	later := s.server.Now()
	s.must(s.api.ResendConfirmationCode(s.ctx, &cip.ResendConfirmationCodeInput{ClientId: &s.client, Username: aws.String("ann")}))
	for _, test := range []struct {
		why    string
		filter fake.MessageFilter
		want   int
	}{
		{"the user", fake.ToUser(s.pool, "ann"), 2},
		{"another user", fake.ToUser(s.pool, "bob"), 0},
		{"the address", fake.ToAddress("ann@example.com"), 2},
		{"one occasion", fake.OnOccasion("CustomMessage_SignUp"), 1},
		{"from a moment on", fake.Since(later), 1},
		{"after both", fake.Since(later.Add(time.Nanosecond)), 0},
	} {
		if got := len(s.server.Messages(test.filter)); got != test.want {
			t.Errorf("%s: %d messages, want %d", test.why, got, test.want)
		}
	}
	m := s.server.Messages()[0]
	if m.Template != "Your verification code is {####}. " || m.Body != "Your verification code is "+m.Code+". " {
		t.Errorf("template %q, body %q", m.Template, m.Body)
	}
}
