package inspector_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"

	"github.com/cognitotest/cognito/fake"
	"github.com/cognitotest/cognito/fake/cmd/fakecognito/internal/inspector"
)

// act presses a button on ann's page.
func (s *site) act(action string, pairs ...string) *page {
	s.Helper()
	return s.post("user", append(pairs, "pool", s.poolID, "name", "ann", "action", action)...)
}

func TestUsersAreConfirmedDisabledAndDeleted(t *testing.T) {
	s := newPool(t)
	_, err := s.server.API().AdminUpdateUserAttributes(t.Context(), &cip.AdminUpdateUserAttributesInput{
		UserPoolId: &s.poolID, Username: aws.String("ann"), UserAttributes: []types.AttributeType{{Name: aws.String("email_verified"), Value: aws.String("true")}},
	})
	s.must(err)
	ann := "user?pool=" + s.poolID + "&name=ann"
	for _, test := range []struct{ action, notice, status, then string }{
		{"confirmed", "The user is confirmed.", "CONFIRMED", "disabled"},
		{"disabled", "The user is disabled, and signed out everywhere.", "CONFIRMED DISABLED", "enabled"},
		{"enabled", "The user can sign in again.", "CONFIRMED", "disabled"},
		{"signedout", "The user is signed out everywhere.", "CONFIRMED", "disabled"},
		{"reset", "The password is reset, and a code was sent.", "RESET_REQUIRED", "disabled"},
	} {
		p := s.act(test.action)
		p.want("main", test.notice, "ann "+test.status+" Attributes")
		if !p.hasButton(test.then) || p.hasButton("confirmed") {
			t.Errorf("after %s: the buttons do not follow the user's state", test.action)
		}
	}
	messages := s.server.Messages()
	s.get(ann).want("main", "CustomMessage_ForgotPassword", messages[len(messages)-1].Code)
	s.act("deleted").want("main", "The user is deleted.", "The pool has no users yet.")
	s.page(s.do(request(ann, nil)), 404)
}

func TestPasswordsAreSet(t *testing.T) {
	s := newPool(t)
	s.confirm()
	s.wantRefused("user", "password", "Password did not conform with password policy: Password not long enough", "pool", s.poolID, "name", "ann", "action", "password", "password", "short")
	s.act("password", "password", "Another-Horse-8").want("main", "The password is set.", "FORCE_CHANGE_PASSWORD")
	s.act("password", "password", "Another-Horse-8", "permanent", "yes").want("main", "The password is set.", "CONFIRMED")
	if _, err := s.signIn(); !errors.As(err, new(*types.NotAuthorizedException)) {
		t.Errorf("the old password: %v, want NotAuthorizedException", err)
	}
}

func TestWhatTheServiceRefusesStandsAtTheButton(t *testing.T) {
	s := newPool(t)
	s.confirm()
	w := s.do(request("user", values([]string{"pool", s.poolID, "name", "ann", "action", "confirmed"})))
	s.page(w, 422).want("main", "User cannot be confirmed. Current status is CONFIRMED")
	w = s.do(request("user", values([]string{"pool", s.poolID, "name", "ann", "action", "reset"})))
	s.page(w, 422).want("main", "Cannot reset password for the user as there is no registered/verified email or phone_number")
}

func TestFaultsStrikeUntilTheyAreRemoved(t *testing.T) {
	s := newPool(t)
	s.confirm()
	s.post("faults", "action", "inject", "operations", "InitiateAuth, SignUp", "outcome", "error", "code", "NotAuthorizedException", "message", "No.", "times", "2", "user", "ann").
		want("main", "The fault is injected.", "NotAuthorizedException: No.", "InitiateAuth, SignUp", "user ann", "0 of 2")
	var answer smithy.APIError
	if _, err := s.signIn(); !errors.As(err, &answer) || answer.ErrorMessage() != "No." {
		t.Errorf("sign-in: %v, want the error of the fault", err)
	}
	s.get("faults").want("main", "1 of 2")
	s.get("").want("main", "1 fault or limit on")
	s.signIn()
	s.get("faults").want("main", "2 of 2 OVER")
	if _, err := s.signIn(); err != nil {
		t.Errorf("the third sign-in: %v, want none struck", err)
	}

	s.post("faults", "action", "inject", "outcome", "500").want("main", "HTTP 500, InternalErrorException", "every operation")
	if _, err := s.signIn(); err == nil {
		t.Error("a sign-in that should meet HTTP 500 succeeded")
	}
	s.post("faults", "action", "remove", "id", "2").want("main", "The fault is removed.")
	if _, err := s.signIn(); err != nil {
		t.Errorf("after the removal: %v", err)
	}
	s.post("faults", "action", "remove", "id", "1").want("main", "No fault is injected")
	s.post("faults", "action", "remove", "id", "1").want("main", "No fault is injected")
}

func TestFaultsDelay(t *testing.T) {
	s := newPool(t)
	s.post("faults", "action", "inject", "operations", "JWKS", "outcome", "none", "delay", "1.5", "times", "1").want("main", "A delay of 1.5s", "JWKS", "0 of 1")
	s.post("faults", "action", "inject", "operations", "SignUp", "outcome", "before", "delay", "60").want("main", "Connection cut before the effect, after a delay of 1m0s")
}

func TestFaultsThatCannotBe(t *testing.T) {
	s := newPool(t)
	for _, test := range []struct {
		field, want string
		pairs       []string
	}{
		{"operations", `The service has no operation "Initiate"`, []string{"operations", "SignUp Initiate", "outcome", "500"}},
		{"code", "Name the error", []string{"outcome", "error"}},
		{"times", "Give a whole number", []string{"outcome", "500", "times", "-1"}},
		{"times", "Give a whole number", []string{"outcome", "500", "times", "many"}},
		{"delay", "Give a number of seconds", []string{"outcome", "500", "delay", "NaN"}},
		{"delay", "Give a number of seconds", []string{"outcome", "500", "delay", "-1"}},
		{"delay", "Give a number of seconds", []string{"outcome", "500", "delay", "1e30"}},
		{"delay", "nothing but a delay needs one", []string{"outcome", "none"}},
	} {
		s.wantRefused("faults", test.field, test.want, append(test.pairs, "action", "inject")...)
	}
	s.page(s.do(request("faults", values([]string{"action", "inject"}))), 422).want("main", "Choose what happens.")
	s.get("faults").want("main", "No fault is injected")
}

func TestRatesAreLimited(t *testing.T) {
	s := newPool(t)
	s.confirm()
	s.post("faults", "action", "limit", "category", "UserAuthentication", "rate", "0").want("main", "The limit is set.", "UserAuthentication 0 Lift")
	if _, err := s.signIn(); !errors.As(err, new(*types.TooManyRequestsException)) {
		t.Errorf("sign-in: %v, want TooManyRequestsException", err)
	}
	s.post("faults", "action", "limit", "category", "UserAuthentication", "rate", "0.5").want("main", "UserAuthentication 0.5 Lift")
	s.post("faults", "action", "lift", "category", "UserAuthentication").want("main", "The limit is lifted.", "No request rate is limited.")
	if _, err := s.signIn(); err != nil {
		t.Errorf("after the limit: %v", err)
	}
	for rate, want := range map[string]string{"": "Give a number", "-1": "must be 0 or more", "NaN": "must be 0 or more"} {
		s.wantRefused("faults", "rate", want, "action", "limit", "category", "UserRead", "rate", rate)
	}
	s.wantRefused("faults", "rate", "no category of request rates is called", "action", "limit", "category", "Nothing", "rate", "1")
}

func TestTheClockIsMoved(t *testing.T) {
	s := newSite(t)
	moment := time.Date(2030, 1, 31, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		pairs  []string
		want   []string
		now    time.Time
		frozen bool
	}{
		{[]string{"action", "freeze", "moment", "2030-01-31T12:00:00"}, []string{"The clock stands still.", "2030-01-31 12:00:00", "ahead of this machine"}, moment, true},
		{[]string{"action", "step", "seconds", "180"}, []string{"The clock is moved.", "2030-01-31 12:03:00"}, moment.Add(3 * time.Minute), true},
		{[]string{"action", "advance", "amount", "-3", "unit", "60"}, []string{"2030-01-31 12:00:00"}, moment, true},
		{[]string{"action", "advance", "amount", "1.5", "unit", "86400"}, []string{"2030-02-02 00:00:00"}, moment.Add(36 * time.Hour), true},
		{[]string{"action", "freeze", "moment", "2020-01-31T12:00"}, []string{"2020-01-31 12:00:00", "behind this machine"}, moment.AddDate(-10, 0, 0), true},
		{[]string{"action", "go"}, []string{"The clock goes."}, moment.AddDate(-10, 0, 0), false},
		{[]string{"action", "stop"}, []string{"The clock stands still."}, moment.AddDate(-10, 0, 0), true},
		{[]string{"action", "set", "moment", "2030-01-31T12:00:00"}, []string{"The clock is moved. Clock", "The clock goes."}, moment, false},
		{[]string{"action", "reset"}, []string{"The clock goes. Tokens"}, time.Now(), false},
	} {
		s.post("clock", test.pairs...).want("main", test.want...)
		if c := s.server.ReadClock(); c.Frozen != test.frozen || c.Now.Sub(test.now).Abs() > time.Minute {
			t.Errorf("%v: %v, frozen %v; want %v, %v", test.pairs, c.Now, c.Frozen, test.now, test.frozen)
		}
	}
}

func TestMovesThatCannotBe(t *testing.T) {
	s := newSite(t)
	before := s.server.Now()
	for _, amount := range []string{"", "much", "NaN", "Inf", "1e30", "-1e30"} {
		s.wantRefused("clock", "amount", "Give a number", "action", "advance", "amount", amount, "unit", "60")
	}
	s.wantRefused("clock", "amount", "Give a number", "action", "advance", "amount", "1", "unit", "fortnight")
	for _, action := range []string{"set", "freeze"} {
		s.wantRefused("clock", "moment", "Give a date and a time", "action", action, "moment", "tomorrow")
	}
	s.wantRefused("clock", "moment", "Give a date and a time", "action", "set", "moment", "9999-01-01T00:00:00")
	if c := s.server.ReadClock(); c.Frozen || c.Now.Sub(before) > time.Minute {
		t.Errorf("the clock is at %v, frozen %v; want it untouched", c.Now, c.Frozen)
	}
}

func TestTokens(t *testing.T) {
	s, other := newPool(t), newPool(t)
	s.confirm()
	other.confirm()
	in, err := s.signIn()
	s.must(err)
	foreign, err := other.signIn()
	s.must(err)
	parts := strings.Split(*in.AccessToken, ".")
	tampered := parts[0] + "." + parts[1] + "." + strings.Split(*in.IdToken, ".")[2]
	for _, test := range []struct {
		why, token string
		want       []string
	}{
		{"an access token", *in.AccessToken, []string{"Access token", "Good: It is signed with a key of pool " + s.poolID, "Good: Its issuer is this server's.", "Good: It expires in 59 minutes", "Good: GetUser takes it.", "It is about ann", "username ann", "RS256"}},
		{"as a header has it", "Bearer " + *in.AccessToken + "\n", []string{"Good: GetUser takes it."}},
		{"over several lines", (*in.IdToken)[:100] + "\n  " + (*in.IdToken)[100:], []string{"ID token", "Good: It is signed", "cognito:username ann", "It is about ann"}},
		{"a refresh token", *in.RefreshToken, []string{"Refresh token", "It is encrypted", "RSA-OAEP"}},
		{"of another server", *foreign.AccessToken, []string{"Problem: No pool here has the id", "Problem: GetUser refuses it:"}},
		{"with another's signature", tampered, []string{"Problem: Its signature is not that of a key", "Problem: GetUser refuses it:"}},
		{"by nobody", "e30.e30.", []string{"Token of another kind", `Problem: No pool here has the id ""`, "Problem: It says not when it expires."}},
		{"with times that are none", "e30.eyJleHAiOi0xLCJpYXQiOjFlOTksImF1dGhfdGltZSI6IngifQ.", []string{"auth_time x", "exp -1", "iat 1e99"}},
	} {
		s.page(s.do(request("token", values([]string{"token", test.token}))), 200).want("main", test.want...)
	}
	s.act("signedout")
	s.page(s.do(request("token", values([]string{"token", *in.AccessToken}))), 200).want("main", "Problem: GetUser refuses it: Access Token has been revoked")
	s.server.Advance(2 * time.Hour)
	s.page(s.do(request("token", values([]string{"token", *in.IdToken}))), 200).want("main", "Problem: It expired 1 hour")
}

func TestTextsThatAreNoTokens(t *testing.T) {
	s := newSite(t)
	for _, token := range []string{"", "token", "a.b", "a.b.c", "e30.b.c", "bnVsbA.e30.", "e30.W10.", "a.b.c.d.e", strings.Repeat(".", 99)} {
		p := s.page(s.do(request("token", values([]string{"token", token}))), 422)
		if p.text("#token-wrong") == "" || p.find("#claims") != nil {
			t.Errorf("%q: no error, or claims", token)
		}
	}
}

func FuzzToken(f *testing.F) {
	for _, seed := range []string{"", "e30.e30.", "e30.eyJleHAiOjF9.", "eyJhbGciOiJub25lIn0.eyJpc3MiOiIvIn0.e30", "e30.....", "e30.eyJleHAiOjFlOTl9.x", "Bearer a.b.c"} {
		f.Add(seed)
	}
	server := fake.NewServer(fake.Config{})
	f.Cleanup(func() { server.Close() })
	pages := inspector.New(server, inspector.Options{URL: base})
	f.Fuzz(func(t *testing.T, token string) {
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, request("token", values([]string{"token", token})))
		if w.Code != http.StatusOK && w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%q: status %d", token, w.Code)
		}
	})
}
