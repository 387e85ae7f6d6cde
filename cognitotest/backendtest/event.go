package backendtest

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
)

// watched is a pool with threat protection, which its tier has to have. It verifies attributes.
func watched(verified ...types.VerifiedAttributeType) cognitotest.Option {
	return cognitotest.WithPool(cip.CreateUserPoolInput{
		UserPoolTier:           types.UserPoolTierTypePlus,
		UserPoolAddOns:         &types.UserPoolAddOnsType{AdvancedSecurityMode: types.AdvancedSecurityModeTypeAudit},
		AutoVerifiedAttributes: verified,
	})
}

// historyOf returns a user's events, the newest first.
func historyOf(t *testing.T, p *cognitotest.Provider, username string) []types.AuthEventType {
	t.Helper()
	out, err := p.Client().AdminListUserAuthEvents(ctx, &cip.AdminListUserAuthEventsInput{UserPoolId: &p.PoolID, Username: &username})
	need(t, err)
	return out.AuthEvents
}

// summaries tells of each event in a word or more, the oldest first: its type, its end, and the challenges.
func summaries(events []types.AuthEventType) []string {
	told := make([]string, len(events))
	for i, e := range events {
		words := []string{string(e.EventType), string(e.EventResponse)}
		for _, c := range e.ChallengeResponses {
			words = append(words, string(c.ChallengeName)+":"+string(c.ChallengeResponse))
		}
		told[len(events)-1-i] = strings.Join(words, " ")
	}
	return told
}

// setUp is the sign-in by which a user registers an authenticator.
const setUp = "SignIn Pass Password:Success"

func wantHistory(t *testing.T, p *cognitotest.Provider, username string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(append([]string{}, want...), summaries(historyOf(t, p, username))); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}

// judgeAsAdmin is AdminUpdateAuthEventFeedback.
func judgeAsAdmin(p *cognitotest.Provider, username, eventID string) error {
	return fail(p.Client().AdminUpdateAuthEventFeedback(ctx, &cip.AdminUpdateAuthEventFeedbackInput{
		UserPoolId: &p.PoolID, Username: &username, EventId: &eventID, FeedbackValue: types.FeedbackValueTypeValid,
	}))
}

var events = []Behaviour{
	{"a pool without threat protection keeps no history", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		u.AccessToken(t)
		_, err := p.Client().AdminListUserAuthEvents(ctx, &cip.AdminListUserAuthEventsInput{UserPoolId: &p.PoolID, Username: &u.Username})
		wantCode(t, err, "UserPoolAddOnNotEnabledException")
		wantCode(t, judgeAsAdmin(p, u.Username, "some-event"), "UserPoolAddOnNotEnabledException")
		wantCode(t, fail(p.Client().UpdateAuthEventFeedback(ctx, &cip.UpdateAuthEventFeedbackInput{
			UserPoolId: &p.PoolID, Username: &u.Username, EventId: aws.String("some-event"),
			FeedbackToken: aws.String("token"), FeedbackValue: types.FeedbackValueTypeValid,
		})), "UserPoolAddOnNotEnabledException")
	}},
	{"the history of nobody is refused", func(t *testing.T, start Start) {
		p := start(t, watched())
		_, err := p.Client().AdminListUserAuthEvents(ctx, &cip.AdminListUserAuthEventsInput{UserPoolId: &p.PoolID, Username: aws.String("nobody")})
		wantError(t, err, "UserNotFoundException", "User does not exist.")
	}},
	{"the history of a user tells of sign-ins that pass, fail, and go on", func(t *testing.T, start Start) {
		p := start(t, watched(), withTOTP("OPTIONAL"))
		u := p.NewUser(t, cognitotest.TOTP())
		_, err := signIn(p, u.Username, "Wrong-passw0rd")
		wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		session := asked(t, p, u, totpMFA).Session
		wantHistory(t, p, u.Username, setUp, "SignIn Fail Password:Failure", "SignIn InProgress Password:Success")
		_, err = reply(p, totpMFA, session, u.Username, "SOFTWARE_TOKEN_MFA_CODE", u.TOTPCode(t))
		need(t, err)
		wantHistory(t, p, u.Username, setUp, "SignIn Fail Password:Failure", "SignIn Pass Password:Success Mfa:Success")
	}},
	{"a wrong code fails a sign-in that can yet pass", func(t *testing.T, start Start) {
		p := start(t, watched(), withTOTP("OPTIONAL"))
		u := p.NewUser(t, cognitotest.TOTP())
		session := asked(t, p, u, totpMFA).Session
		_, err := reply(p, totpMFA, session, u.Username, "SOFTWARE_TOKEN_MFA_CODE", "000000")
		wantCode(t, err, "CodeMismatchException")
		wantHistory(t, p, u.Username, setUp, "SignIn Fail Password:Success Mfa:Failure")
		_, err = reply(p, totpMFA, session, u.Username, "SOFTWARE_TOKEN_MFA_CODE", u.TOTPCode(t))
		need(t, err)
		wantHistory(t, p, u.Username, setUp, "SignIn Pass Password:Success Mfa:Failure Mfa:Success")
		_, err = reply(p, totpMFA, session, u.Username, "SOFTWARE_TOKEN_MFA_CODE", "000000")
		wantCode(t, err, "NotAuthorizedException") // the session is spent
		wantHistory(t, p, u.Username, setUp, "SignIn Pass Password:Success Mfa:Failure Mfa:Success")
	}},
	{"the event of a sign-in is the event_id of its tokens", func(t *testing.T, start Start) {
		p := start(t, watched())
		u := p.NewUser(t)
		for _, signIn := range []func(cognitotest.TB) cognitotest.Tokens{u.Tokens, u.SignInSRP} {
			want := claims(t, signIn(t).AccessToken)["event_id"]
			if got := historyOf(t, p, u.Username)[0]; *got.EventId != want {
				t.Errorf("EventId = %v, want %v", *got.EventId, want)
			}
		}
		wantHistory(t, p, u.Username, "SignIn Pass Password:Success", "SignIn Pass Password:Success")
	}},
	{"an event has the members that the service shows", func(t *testing.T, start Start) {
		p := start(t, watched())
		u := p.NewUser(t)
		u.Tokens(t)
		e := historyOf(t, p, u.Username)[0]
		if e.CreationDate == nil || time.Since(*e.CreationDate).Abs() > time.Hour {
			t.Errorf("CreationDate = %v, want the present", e.CreationDate)
		}
		if e.EventRisk == nil || e.EventRisk.RiskDecision != types.RiskDecisionTypeNoRisk {
			t.Errorf("EventRisk = %+v, want no risk", e.EventRisk)
		}
		if e.EventContextData == nil || aws.ToString(e.EventContextData.IpAddress) == "" {
			t.Errorf("EventContextData = %+v, want an IpAddress", e.EventContextData)
		}
		if e.EventFeedback != nil {
			t.Errorf("EventFeedback = %+v, want none", e.EventFeedback)
		}
	}},
	{"the IP address of an event is what a server says of its user", func(t *testing.T, start Start) {
		p := start(t, watched())
		u := p.NewUser(t)
		_, err := p.Client().AdminInitiateAuth(ctx, &cip.AdminInitiateAuthInput{
			UserPoolId: &p.PoolID, ClientId: &p.ClientID, AuthFlow: types.AuthFlowTypeAdminUserPasswordAuth,
			AuthParameters: map[string]string{"USERNAME": u.Username, "PASSWORD": u.Password},
			ContextData: &types.ContextDataType{
				IpAddress: aws.String("192.0.2.44"), ServerName: aws.String("example.com"), ServerPath: aws.String("/login"), HttpHeaders: []types.HttpHeader{},
			},
		})
		need(t, err)
		if got, want := *historyOf(t, p, u.Username)[0].EventContextData.IpAddress, "192.0.2.44"; got != want {
			t.Errorf("IpAddress = %s, want %s", got, want)
		}
	}},
	{"the history of a user tells of sign-up, codes and passwords", func(t *testing.T, start Start) {
		p := start(t, watched(types.VerifiedAttributeTypeEmail))
		fake := needFake(t, p, slow)
		_, err := signUp(p, "ann", "email", "ann@example.com")
		need(t, err)
		ann := p.User(t, "ann")
		need(t, fail(p.Client().ResendConfirmationCode(ctx, &cip.ResendConfirmationCodeInput{ClientId: &p.ClientID, Username: &ann.Username})))
		need(t, fail(p.Client().ConfirmSignUp(ctx, &cip.ConfirmSignUpInput{ClientId: &p.ClientID, Username: &ann.Username, ConfirmationCode: aws.String(ann.Code(t))})))
		_, err = forgot(p, "ann")
		need(t, err)
		wantCode(t, confirmForgot(p, "ann", "no-code", newPassword), "CodeMismatchException")
		need(t, confirmForgot(p, "ann", ann.Code(t), newPassword))
		wantHistory(t, p, "ann", "SignUp Pass", "ResendCode Pass", "ForgotPassword InProgress", "ForgotPassword Fail", "ForgotPassword Pass")
		fake.Advance(2*365*24*time.Hour + time.Minute) // the history reaches back two years
		wantHistory(t, p, "ann")
	}},
	{"the history of a user tells of passwords that the user changes", func(t *testing.T, start Start) {
		p := start(t, watched())
		u := p.NewUser(t)
		token := u.AccessToken(t)
		change := &cip.ChangePasswordInput{AccessToken: &token, PreviousPassword: aws.String("Wrong-passw0rd"), ProposedPassword: aws.String("Passw0rd!2")}
		wantCode(t, fail(p.Client().ChangePassword(ctx, change)), "NotAuthorizedException")
		change.PreviousPassword = &u.Password
		need(t, fail(p.Client().ChangePassword(ctx, change)))
		wantHistory(t, p, u.Username, "SignIn Pass Password:Success", "PasswordChange Fail", "PasswordChange Pass")
	}},
	{"the history of a user has pages, whose tokens name an event and its date", func(t *testing.T, start Start) {
		p := start(t, watched())
		u := p.NewUser(t)
		for range 3 {
			u.Tokens(t)
		}
		list := &cip.AdminListUserAuthEventsInput{UserPoolId: &p.PoolID, Username: &u.Username, MaxResults: aws.Int32(2)}
		first, err := p.Client().AdminListUserAuthEvents(ctx, list)
		need(t, err)
		id, at, _ := strings.Cut(aws.ToString(first.NextToken), "#")
		if _, err := time.Parse(time.RFC3339Nano, at); err != nil || id != *first.AuthEvents[1].EventId {
			t.Errorf("NextToken = %q, want the id of the last event, # and its date", aws.ToString(first.NextToken))
		}
		list.NextToken = first.NextToken
		second, err := p.Client().AdminListUserAuthEvents(ctx, list)
		need(t, err)
		got := append(first.AuthEvents, second.AuthEvents...)
		if diff := cmp.Diff(summaries(historyOf(t, p, u.Username)), summaries(got)); diff != "" || second.NextToken != nil {
			t.Errorf("pages (-want +got), NextToken %v:\n%s", second.NextToken, diff)
		}
		list.NextToken = aws.String("not-a-token")
		_, err = p.Client().AdminListUserAuthEvents(ctx, list)
		wantCode(t, err, "InvalidParameterException")
	}},
	{"an administrator gives feedback on an event", func(t *testing.T, start Start) {
		p := start(t, watched())
		u := p.NewUser(t)
		u.Tokens(t)
		id := *historyOf(t, p, u.Username)[0].EventId
		need(t, judgeAsAdmin(p, u.Username, id))
		got := historyOf(t, p, u.Username)[0].EventFeedback
		if got == nil || got.FeedbackValue != types.FeedbackValueTypeValid || got.FeedbackDate == nil {
			t.Errorf("EventFeedback = %+v, want Valid and a date", got)
		}
		wantCode(t, judgeAsAdmin(p, u.Username, "12345678-0000-0000-0000-000000000000"), "ResourceNotFoundException")
	}},
	{"a user gives feedback on an event by the token of a notification", func(t *testing.T, start Start) {
		p := start(t, watched())
		fake := needFake(t, p, hidden)
		u := p.NewUser(t)
		u.Tokens(t)
		id := *historyOf(t, p, u.Username)[0].EventId
		token, err := fake.FeedbackToken(p.PoolID, u.Username, id)
		need(t, err)
		judge := &cip.UpdateAuthEventFeedbackInput{
			UserPoolId: &p.PoolID, Username: &u.Username, EventId: &id, FeedbackToken: aws.String("forged"), FeedbackValue: types.FeedbackValueTypeInvalid,
		}
		wantCode(t, fail(p.Client().UpdateAuthEventFeedback(ctx, judge)), "NotAuthorizedException")
		judge.FeedbackToken = &token
		need(t, fail(p.Client().UpdateAuthEventFeedback(ctx, judge)))
		if got := historyOf(t, p, u.Username)[0].EventFeedback; got == nil || got.FeedbackValue != types.FeedbackValueTypeInvalid {
			t.Errorf("EventFeedback = %+v, want Invalid", got)
		}
		judge.EventId = aws.String("12345678-0000-0000-0000-000000000000")
		wantCode(t, fail(p.Client().UpdateAuthEventFeedback(ctx, judge)), "NotAuthorizedException") // the token is another event's
	}},
}
