package backendtest

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/cognitotest/internal/srpclient"
)

// oneTimePool is a pool of the fake whose users sign in by codes of email and SMS.
func oneTimePool(t *testing.T, start Start, opts ...cognitotest.Option) *cognitotest.Provider {
	t.Helper()
	in := beside(types.AuthFactorTypeEmailOtp, types.AuthFactorTypeSmsOtp)
	in.SmsConfiguration = &types.SmsConfigurationType{SnsCallerArn: aws.String("arn:aws:iam::123456789012:role/sms")}
	return startFake(t, start, unproven, append([]cognitotest.Option{cognitotest.WithPool(in), choosing}, opts...)...)
}

var oneTimePasswords = []Behaviour{
	{"a preferred one-time password is sent at once, with eight digits", func(t *testing.T, start Start) {
		p := oneTimePool(t, start)
		u := p.NewUser(t, cognitotest.Email("jane@example.com"), cognitotest.Phone("+12065550839"))
		for _, row := range []struct {
			factor     types.ChallengeNameType
			medium, to string
			response   string
		}{
			{emailOTP, "EMAIL", "j***@e***", "EMAIL_OTP_CODE"},
			{smsOTP, "SMS", "+*******0839", "SMS_OTP_CODE"},
		} {
			out := preferring(t, p, u.Username, row.factor, row.factor)
			wantAvailable(t, out.AvailableChallenges, row.factor)
			want := map[string]string{"CODE_DELIVERY_DELIVERY_MEDIUM": row.medium, "CODE_DELIVERY_DESTINATION": row.to}
			if diff := cmp.Diff(want, out.ChallengeParameters); diff != "" {
				t.Errorf("ChallengeParameters (-want +got):\n%s", diff)
			}
			code := lastCode(t, p, u.Username)
			if !regexp.MustCompile("^[0-9]{8}$").MatchString(code) {
				t.Errorf("code %q, want eight digits", code)
			}
			_, err := reply(p, row.factor, out.Session, u.Username)
			wantError(t, err, "InvalidParameterException", "Missing required parameter "+row.response)
			last, err := reply(p, row.factor, out.Session, u.Username, row.response, code)
			wantTokens(t, last, err)
		}
	}},
	{"a one-time password that is chosen is sent with a new session", func(t *testing.T, start Start) {
		p := oneTimePool(t, start)
		u := p.NewUser(t, cognitotest.Email("jane@example.com"))
		first := preferring(t, p, u.Username, "", selectFirst)
		next, err := reply(p, selectFirst, first.Session, u.Username, "ANSWER", "EMAIL_OTP")
		need(t, err)
		if next.ChallengeName != emailOTP || aws.ToString(next.Session) == *first.Session {
			t.Fatalf("challenge %s, want EMAIL_OTP with a new session", next.ChallengeName)
		}
		last, err := reply(p, emailOTP, next.Session, u.Username, "EMAIL_OTP_CODE", lastCode(t, p, u.Username))
		wantTokens(t, last, err)
		_, err = reply(p, selectFirst, first.Session, u.Username, "ANSWER", "EMAIL_OTP")
		wantError(t, err, "NotAuthorizedException", "Invalid session for the user, session can only be used once.")
	}},
	{"wrong one-time passwords are refused, however many, and the sign-in goes on", func(t *testing.T, start Start) {
		p := oneTimePool(t, start)
		u := p.NewUser(t, reachable...)
		for factor, response := range map[types.ChallengeNameType]string{emailOTP: "EMAIL_OTP_CODE", smsOTP: "SMS_OTP_CODE"} {
			session := preferring(t, p, u.Username, factor, factor).Session
			code := lastCode(t, p, u.Username)
			for _, bad := range []string{wrong(code), "abc", "x", "1", "000", wrong(code)} {
				wantError(t, fail(reply(p, factor, session, u.Username, response, bad)), "CodeMismatchException", codeMismatch)
			}
			out, err := reply(p, factor, session, u.Username, response, code)
			wantTokens(t, out, err)
		}
	}},
	{"a one-time password is good as long as its session", func(t *testing.T, start Start) {
		p := oneTimePool(t, start)
		u := p.NewUser(t, cognitotest.Email("jane@example.com"))
		session := preferring(t, p, u.Username, emailOTP, emailOTP).Session
		pass(t, p, 3*time.Minute+54*time.Second)
		_, err := reply(p, emailOTP, session, u.Username, "EMAIL_OTP_CODE", lastCode(t, p, u.Username))
		wantError(t, err, "NotAuthorizedException", "Invalid session for the user, session is expired.")
	}},
	{"a one-time password of another sign-in is refused", func(t *testing.T, start Start) {
		p := oneTimePool(t, start)
		u := p.NewUser(t, cognitotest.Email("jane@example.com"))
		session := preferring(t, p, u.Username, emailOTP, emailOTP).Session
		old := lastCode(t, p, u.Username)
		_, err := reply(p, smsOTP, session, u.Username, "SMS_OTP_CODE", old)
		wantError(t, err, "NotAuthorizedException", "Invalid session for the user.")
		later := preferring(t, p, u.Username, emailOTP, emailOTP).Session
		if lastCode(t, p, u.Username) == old {
			t.Skip("the same code twice: one in a hundred million")
		}
		_, err = reply(p, emailOTP, later, u.Username, "EMAIL_OTP_CODE", old)
		wantError(t, err, "CodeMismatchException", "Invalid code or auth state for the user.")
	}},
	{"a user of whom MFA asks a second factor cannot begin with a one-time password", func(t *testing.T, start Start) {
		p := oneTimePool(t, start, withTOTP(types.UserPoolMfaTypeOptional))
		u := p.NewUser(t, cognitotest.Email("jane@example.com"), cognitotest.TOTP())
		out := preferring(t, p, u.Username, emailOTP, selectFirst)
		wantAvailable(t, out.AvailableChallenges, password, passwordSRP)
	}},
	{"a one-time password is no way around a second factor that is due meanwhile", func(t *testing.T, start Start) {
		p := oneTimePool(t, start, withTOTP(types.UserPoolMfaTypeOptional))
		u := p.NewUser(t, cognitotest.Email("jane@example.com"), cognitotest.TOTP())
		need(t, setPreference(p, u, software(false, false)))
		session := preferring(t, p, u.Username, emailOTP, emailOTP).Session
		prefer(t, p, u, true, totpMFA)
		wantCode(t, fail(reply(p, emailOTP, session, u.Username, "EMAIL_OTP_CODE", u.Code(t))), "NotAuthorizedException")
	}},
	{"a one-time password is no good once the address that it went to is another", func(t *testing.T, start Start) {
		p := oneTimePool(t, start)
		u := p.NewUser(t, cognitotest.Email("jane@example.com"))
		session := preferring(t, p, u.Username, emailOTP, emailOTP).Session
		need(t, update(p, u.Username, "email", "new@example.com"))
		wantError(t, fail(reply(p, emailOTP, session, u.Username, "EMAIL_OTP_CODE", u.Code(t))), "CodeMismatchException", codeMismatch)
		wantAttributes(t, p, u.Username, "email", "new@example.com", "email_verified", "false")
	}},
	{"a user without a password signs in by a one-time password", func(t *testing.T, start Start) {
		p := oneTimePool(t, start)
		_, err := create(p, "jane", with("email", "jane@example.com"))
		need(t, err)
		wantStatus(t, p, "jane", types.UserStatusTypeConfirmed)
		out, err := choose(p, "jane")
		need(t, err)
		wantAvailable(t, out.AvailableChallenges, emailOTP)
		next := preferring(t, p, "jane", emailOTP, emailOTP)
		last, err := reply(p, emailOTP, next.Session, "jane", "EMAIL_OTP_CODE", lastCode(t, p, "jane"))
		wantTokens(t, last, err)
		if got := attribute(look(t, p, "jane").UserAttributes, "email_verified"); got != "true" {
			t.Errorf("email_verified = %q, want true: the code arrived there", got)
		}
	}},
	{"a one-time password confirms somebody who had only signed up", func(t *testing.T, start Start) {
		p := oneTimePool(t, start)
		_, err := signUp(p, "jane", "email", "jane@example.com")
		need(t, err)
		out := preferring(t, p, "jane", "", selectFirst)
		wantAvailable(t, out.AvailableChallenges, emailOTP)
		next, err := reply(p, selectFirst, out.Session, "jane", "ANSWER", "EMAIL_OTP")
		need(t, err)
		last, err := reply(p, emailOTP, next.Session, "jane", "EMAIL_OTP_CODE", lastCode(t, p, "jane"))
		wantTokens(t, last, err)
		got := look(t, p, "jane")
		if got.UserStatus != types.UserStatusTypeConfirmed || attribute(got.UserAttributes, "email_verified") != "true" {
			t.Errorf("status %s, email_verified %q; want CONFIRMED, true", got.UserStatus, attribute(got.UserAttributes, "email_verified"))
		}
	}},
}

var hiddenChoices = []Behaviour{
	{"a choice-based sign-in names an unknown user to a client that hides nothing", func(t *testing.T, start Start) {
		_, err := choose(start(t, choosing), "nobody")
		wantError(t, err, "UserNotFoundException", "User does not exist.")
	}},
	{"a client that hides who exists pretends to send a one-time password to an unknown user", func(t *testing.T, start Start) {
		p := oneTimePool(t, start, hidingChoice...)
		out := preferring(t, p, "john@gmail.com", emailOTP, emailOTP)
		want := map[string]string{"CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL", "CODE_DELIVERY_DESTINATION": "j***@g***"}
		if diff := cmp.Diff(want, out.ChallengeParameters); diff != "" {
			t.Errorf("ChallengeParameters (-want +got):\n%s", diff)
		}
		wantAvailable(t, out.AvailableChallenges, emailOTP)
		for _, code := range []string{"12345678", "00000000", "x"} {
			_, err := reply(p, emailOTP, out.Session, "john@gmail.com", "EMAIL_OTP_CODE", code)
			wantError(t, err, "CodeMismatchException", "Invalid code or auth state for the user.")
		}
		if sent := needFake(t, p, hidden).Messages(); len(sent) != 0 {
			t.Errorf("sent %+v to nobody", sent)
		}
	}},
	{"a client that hides who exists offers an unknown user the usual choice, and refuses every proof", func(t *testing.T, start Start) {
		p := oneTimePool(t, start, hidingChoice...)
		out := preferring(t, p, "nobody", "", selectFirst)
		next, err := reply(p, selectFirst, out.Session, "nobody", "ANSWER", "PASSWORD")
		need(t, err)
		_, err = reply(p, password, next.Session, "nobody", "PASSWORD", "Wrong-1234")
		wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		_, err = choose(p, "nobody", "PREFERRED_CHALLENGE", "PASSWORD", "PASSWORD", "Wrong-1234")
		wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		again := preferring(t, p, "nobody", "", selectFirst)
		wantAvailable(t, again.AvailableChallenges, out.AvailableChallenges...)
	}},
	{"a client that hides who exists pretends for names of any length and script", func(t *testing.T, start Start) {
		p := oneTimePool(t, start, hidingChoice...)
		for _, name := range []string{longName, "Jürgen 🙂 名前", longName + "@example.com"} {
			session := preferring(t, p, name, password, password).Session
			_, err := reply(p, password, session, name, "PASSWORD", "Wrong-1234")
			wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		}
	}},
	{"where the pool folds names, an unknown user may be spelled in two ways, as any other", func(t *testing.T, start Start) {
		p := oneTimePool(t, start, append(hidingChoice, folding)...)
		u := p.NewUser(t)
		for _, name := range []string{u.Username, "nobody"} {
			session := preferring(t, p, name, password, password).Session
			_, err := reply(p, password, session, strings.ToUpper(name), "PASSWORD", "Wrong-1234")
			wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		}
	}},
	{"a client that hides who exists is not told by SRP either", func(t *testing.T, start Start) {
		p := oneTimePool(t, start, hidingChoice...)
		client := srpclient.New(p.PoolID)
		out, err := choose(p, "nobody", "PREFERRED_CHALLENGE", "PASSWORD_SRP", "SRP_A", client.Public())
		need(t, err)
		if out.ChallengeName != verifier || out.Session == nil {
			t.Fatalf("challenge %s with session %v, want PASSWORD_VERIFIER with one", out.ChallengeName, out.Session)
		}
		proof, err := client.Answer(out.ChallengeParameters, "Wrong-1234", time.Now())
		need(t, err)
		_, err = reply(p, verifier, out.Session, proof["USERNAME"], pairsOf(proof)...)
		wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
	}},
}

// folding is a pool whose names have no case.
var folding = cognitotest.WithPool(cip.CreateUserPoolInput{UsernameConfiguration: &types.UsernameConfigurationType{CaseSensitive: aws.Bool(false)}})

// longName is a name longer than any session as long as parameters may be.
var longName = strings.Repeat("n", 5000)

// hidingChoice is a client with choice-based sign-in that hides who exists.
var hidingChoice = []cognitotest.Option{cognitotest.WithAppClient(cip.CreateUserPoolClientInput{
	PreventUserExistenceErrors: types.PreventUserExistenceErrorTypesEnabled,
	ExplicitAuthFlows:          []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowUserAuth},
})}

// confirmed signs somebody up, confirms the sign-up by the code and returns the session of that.
func confirmed(t *testing.T, p *cognitotest.Provider, username string) *string {
	t.Helper()
	up, err := signUp(p, username, "email", username+"@example.com")
	need(t, err)
	out, err := p.Client().ConfirmSignUp(ctx, &cip.ConfirmSignUpInput{
		ClientId: &p.ClientID, Username: &username, SecretHash: hash(p, username), ConfirmationCode: aws.String(lastCode(t, p, username)), Session: up.Session,
	})
	need(t, err)
	return out.Session
}

// resume passes the session of ConfirmSignUp to InitiateAuth.
func resume(p *cognitotest.Provider, username string, session *string) (*cip.InitiateAuthOutput, error) {
	return p.Client().InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId: &p.ClientID, AuthFlow: types.AuthFlowTypeUserAuth, Session: session,
		AuthParameters: hashed(map[string]string{"USERNAME": username}, p.SecretHash(username)),
	})
}

var signUpSessions = []Behaviour{
	{"who has confirmed a sign-up signs in by its session, once", func(t *testing.T, start Start) {
		for _, opts := range [][]cognitotest.Option{nil, {cognitotest.WithClientSecret()}} {
			p := start(t, append(opts, choosing, cognitotest.WithPool(autoVerifying(autoEmail)))...)
			session := confirmed(t, p, "ann")
			if aws.ToString(session) == "" {
				t.Fatal("ConfirmSignUp answers no session")
			}
			out, err := resume(p, "ann", session)
			need(t, err)
			if out.AuthenticationResult == nil {
				t.Errorf("answer = %+v, want tokens", out)
			}
			_, err = resume(p, "ann", session)
			wantError(t, err, "NotAuthorizedException", "Invalid session for the user, session can only be used once.")
		}
	}},
	{"the session of a sign-up ends with the lifetime of sessions", func(t *testing.T, start Start) {
		p := start(t, choosing, cognitotest.WithPool(autoVerifying(autoEmail)))
		session := confirmed(t, p, "ann")
		pass(t, p, 3*time.Minute)
		_, err := resume(p, "ann", session)
		wantError(t, err, "NotAuthorizedException", "Invalid session for the user, session is expired.")
	}},
	{"the session of a sign-up leads to the new password that an administrator wants meanwhile", func(t *testing.T, start Start) {
		p := start(t, choosing, cognitotest.WithPool(autoVerifying(autoEmail)))
		session := confirmed(t, p, "ann")
		need(t, setPassword(p, "ann", newPassword, false))
		out, err := resume(p, "ann", session)
		need(t, err)
		if out.ChallengeName != types.ChallengeNameTypeNewPasswordRequired {
			t.Errorf("answer = %+v, want NEW_PASSWORD_REQUIRED", out)
		}
	}},
	{"the session of a sign-up is its user's alone, and of its purpose", func(t *testing.T, start Start) {
		p := start(t, choosing, cognitotest.WithPool(autoVerifying(autoEmail)))
		session := confirmed(t, p, "ann")
		_, err := resume(p, p.NewUser(t).Username, session)
		wantError(t, err, "NotAuthorizedException", "Invalid session for the user.")
		up, err := signUp(p, "bob", "email", "bob@example.com")
		need(t, err)
		need(t, fail(p.Client().AdminConfirmSignUp(ctx, &cip.AdminConfirmSignUpInput{UserPoolId: &p.PoolID, Username: aws.String("bob")})))
		_, err = resume(p, "bob", up.Session)
		wantError(t, err, "NotAuthorizedException", "Invalid session for the user.")
		_, err = resume(p, "ann", aws.String("a text that is no session"))
		wantError(t, err, "CodeMismatchException", "Invalid session provided")
	}},
	{"a sign-up has no session where the client does not allow USER_AUTH", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(autoVerifying(autoEmail)))
		up, err := signUp(p, "ann", "email", "ann@example.com")
		need(t, err)
		if up.Session != nil {
			t.Errorf("session = %s, want none", *up.Session)
		}
	}},
}
