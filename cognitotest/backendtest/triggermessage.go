package backendtest

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

// mailing is a pool that verifies contacts, and sends e-mail by Amazon SES, which lets functions change
// the texts.
func mailing(verified ...types.VerifiedAttributeType) cip.CreateUserPoolInput {
	in := autoVerifying(verified...)
	in.EmailConfiguration = &types.EmailConfigurationType{
		EmailSendingAccount: types.EmailSendingAccountTypeDeveloper,
		SourceArn:           aws.String("arn:aws:ses:us-east-1:123456789012:identity/example.com"),
	}
	return in
}

// text is what a message says.
type text struct{ Medium, Subject, Body string }

// lastText returns the newest message to a user, with CODE in the place of its code.
func lastText(t *testing.T, p *cognitotest.Provider, username string) text {
	t.Helper()
	sent := inbox(t, p, username)
	if len(sent) == 0 {
		t.Fatalf("nothing was sent to %s", username)
	}
	m := sent[len(sent)-1]
	return text{m.Medium, m.Subject, strings.ReplaceAll(m.Body, m.Code, "CODE")}
}

func wantText(t *testing.T, p *cognitotest.Provider, username string, want text) {
	t.Helper()
	if diff := cmp.Diff(want, lastText(t, p, username)); diff != "" {
		t.Errorf("message to %s (-want +got):\n%s", username, diff)
	}
}

// forgotten sends a user the code for a new password.
func forgotten(p *cognitotest.Provider, username string) error {
	return fail(p.Client().ForgotPassword(ctx, &cip.ForgotPasswordInput{ClientId: &p.ClientID, Username: &username}))
}

var customMessages = []Behaviour{
	{"custom message gives every e-mail its words", func(t *testing.T, start Start) {
		p := startFake(t, start, unproven, cognitotest.WithPool(mailing(autoEmail)))
		onTrigger(t, p, fake.CustomMessage, func(e event) (event, error) {
			source, _ := e["triggerSource"].(string)
			body := source + ": " + e.part("request")["codeParameter"].(string)
			if name, ok := e.part("request")["usernameParameter"].(string); ok {
				body += " for " + name
			}
			return replying("emailSubject", "About "+source, "emailMessage", body, "smsMessage", "by SMS {####}")(e)
		})
		ann := p.NewUser(t, cognitotest.Email("a@example.com"))
		for _, row := range []struct {
			source, username, body string
			fire                   func() error
		}{
			{"CustomMessage_SignUp", "bob", "CODE", func() error { return fail(signUp(p, "bob", "email", "bob@example.com")) }},
			{"CustomMessage_ResendCode", "bob", "CODE", func() error { return fail(resendCode(p, "bob")) }},
			{"CustomMessage_AdminCreateUser", "eve", "CODE for eve", func() error {
				return fail(create(p, "eve", with("email", "eve@example.com"), invited(types.DeliveryMediumTypeEmail)))
			}},
			{"CustomMessage_ForgotPassword", ann.Username, "CODE", func() error { return forgotten(p, ann.Username) }},
			{"CustomMessage_ForgotPassword", ann.Username, "CODE", func() error {
				return fail(p.Client().AdminResetUserPassword(ctx, &cip.AdminResetUserPasswordInput{UserPoolId: &p.PoolID, Username: &ann.Username}))
			}},
			{"CustomMessage_UpdateUserAttribute", ann.Username, "CODE", func() error {
				return fail(p.Client().AdminUpdateUserAttributes(ctx, &cip.AdminUpdateUserAttributesInput{
					UserPoolId: &p.PoolID, Username: &ann.Username, UserAttributes: pairs("email", "b@example.com"),
				}))
			}},
		} {
			need(t, row.fire())
			wantText(t, p, row.username, text{"EMAIL", "About " + row.source, row.source + ": " + row.body})
		}
	}},
	{"custom message gives an SMS its words", func(t *testing.T, start Start) {
		p := startFake(t, start, unproven, cognitotest.WithPool(autoVerifying(autoPhone)))
		onTrigger(t, p, fake.CustomMessage, replying("smsMessage", "Hello, {####}!", "emailSubject", "for e-mails", "emailMessage", "for e-mails"))
		need(t, fail(signUp(p, "ann", "phone_number", "+12065550134")))
		wantText(t, p, "ann", text{"SMS", "", "Hello, CODE!"})
	}},
	{"custom message leaves alone what it answers with null, or with nothing", func(t *testing.T, start Start) {
		for _, row := range []struct {
			why    string
			answer func(event) (event, error)
			want   text
		}{
			{"its event as it came", replying(), text{"EMAIL", "Verify", "The code is CODE"}},
			{"empty texts", replying("emailSubject", "", "emailMessage", ""), text{"EMAIL", "Verify", "The code is CODE"}},
			{"a subject alone", replying("emailSubject", "Hello"), text{"EMAIL", "Hello", "The code is CODE"}},
			{"a body alone", replying("emailMessage", "Take {####}"), text{"EMAIL", "Verify", "Take CODE"}},
			{"no member at all", func(e event) (event, error) { e["response"] = map[string]any{}; return e, nil }, text{"EMAIL", "Verify", "The code is CODE"}},
		} {
			part(t, row.why, func(t *testing.T) {
				in := mailing(autoEmail)
				in.VerificationMessageTemplate = &types.VerificationMessageTemplateType{EmailSubject: aws.String("Verify"), EmailMessage: aws.String("The code is {####}")}
				p := startFake(t, start, unproven, cognitotest.WithPool(in))
				onTrigger(t, p, fake.CustomMessage, row.answer)
				need(t, fail(signUp(p, "ann", "email", "ann@example.com")))
				wantText(t, p, "ann", row.want)
			})
		}
	}},
	{"a body without the code is refused", func(t *testing.T, start Start) {
		p := startFake(t, start, unproven, cognitotest.WithPool(mailing(autoEmail, autoPhone)))
		onTrigger(t, p, fake.CustomMessage, replying("emailMessage", "Welcome!", "smsMessage", "Welcome!"))
		wantError(t, fail(signUp(p, "ann", "email", "ann@example.com")), "InvalidParameterException",
			`1 validation error detected: Value 'Welcome!' at 'emailBody' failed to satisfy constraint: Member must satisfy regular expression pattern: `+
				`[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*\{####\}[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*`)
		wantCode(t, fail(signUp(p, "bob", "phone_number", "+12065550134")), "InvalidParameterException")
	}},
	{"in the place of an invitation without code or username the pool's own is sent", func(t *testing.T, start Start) {
		for _, body := range []string{"Welcome!", "Your password is {####}", "You are {username}"} {
			part(t, body, func(t *testing.T) {
				in := mailing()
				in.AdminCreateUserConfig = &types.AdminCreateUserConfigType{InviteMessageTemplate: &types.MessageTemplateType{EmailMessage: aws.String("{username}: {####}")}}
				p := startFake(t, start, unproven, cognitotest.WithPool(in))
				onTrigger(t, p, fake.CustomMessage, replying("emailSubject", "Come in", "emailMessage", body))
				need(t, fail(create(p, "ann", with("email", "ann@example.com"), invited(types.DeliveryMediumTypeEmail))))
				wantText(t, p, "ann", text{"EMAIL", "Come in", "ann: CODE"})
			})
		}
	}},
	{"e-mails that Amazon Cognito itself sends keep their words: a function that changes them fails", func(t *testing.T, start Start) {
		for member, value := range map[string]string{"emailMessage": "Take {####}", "emailSubject": "Hello"} {
			part(t, member, func(t *testing.T) {
				p := start(t, cognitotest.WithPool(autoVerifying(autoEmail)))
				onTrigger(t, p, fake.CustomMessage, replying(member, value))
				wantCode(t, fail(signUp(p, "ann", "email", "ann@example.com")), "InvalidLambdaResponseException")
			})
		}
	}},
	{"each message is customized by itself", func(t *testing.T, start Start) {
		p := startFake(t, start, unproven, cognitotest.WithPool(mailing()))
		onTrigger(t, p, fake.CustomMessage, replying())
		need(t, fail(create(p, "ann", with("email", "ann@example.com", "phone_number", "+12065550134"),
			invited(types.DeliveryMediumTypeEmail, types.DeliveryMediumTypeSms))))
		wantSources(t, p, "CustomMessage_AdminCreateUser", "CustomMessage_AdminCreateUser")
		need(t, fail(create(p, "bob")))
		need(t, forgottenByNobody(p))
		wantSources(t, p, "CustomMessage_AdminCreateUser", "CustomMessage_AdminCreateUser")
	}},
	{"a failure of custom message is answered; the user exists, and nothing was sent", func(t *testing.T, start Start) {
		const want = "CustomMessage failed with error no words today."
		p := startFake(t, start, unproven, cognitotest.WithPool(mailing(autoEmail)))
		onTrigger(t, p, fake.CustomMessage, refusing("no words today"))
		wantError(t, fail(signUp(p, "ann", "email", "ann@example.com")), "UserLambdaValidationException", want)
		wantStatus(t, p, "ann", types.UserStatusTypeUnconfirmed)
		wantError(t, confirm(p, "ann", "unknown"), "CodeMismatchException", "Invalid verification code provided, please try again.")

		_, err := create(p, "bob", with("email", "bob@example.com"), invited(types.DeliveryMediumTypeEmail), temporary("Temporary-1"))
		wantError(t, err, "UserLambdaValidationException", want)
		wantStatus(t, p, "bob", types.UserStatusTypeForceChangePassword)
		need(t, fail(signIn(p, "bob", "Temporary-1")))

		err = fail(p.Client().AdminUpdateUserAttributes(ctx, &cip.AdminUpdateUserAttributesInput{
			UserPoolId: &p.PoolID, Username: aws.String("bob"), UserAttributes: pairs("email", "rob@example.com"),
		}))
		wantError(t, err, "UserLambdaValidationException", want)
		wantAttributes(t, p, "bob", "email", "rob@example.com", "email_verified", "false")
		if n := len(inbox(t, p, "ann")) + len(inbox(t, p, "bob")); n != 0 {
			t.Errorf("%d messages were sent, want none", n)
		}

		onTrigger(t, p, fake.CustomMessage, replying())
		need(t, fail(resendCode(p, "ann")))
		need(t, confirm(p, "ann", lastCode(t, p, "ann")))
	}},
	{"events tell when a user was signed out everywhere last", func(t *testing.T, start Start) {
		p := start(t)
		s := needFake(t, p, local)
		u := p.NewUser(t, cognitotest.Email("a@example.com"))
		var told string
		onTrigger(t, p, fake.CustomMessage, func(e event) (event, error) {
			told = e.attribute("cognito:token_nbf")
			return e, nil
		})
		need(t, forgotten(p, u.Username))
		if told != "" {
			t.Errorf("cognito:token_nbf = %q before any sign-out", told)
		}
		for _, out := range []func() error{
			func() error { return signOut(p, u.Username) },
			func() error {
				return fail(p.Client().GlobalSignOut(ctx, &cip.GlobalSignOutInput{AccessToken: aws.String(u.Tokens(t).AccessToken)}))
			},
		} {
			s.Advance(time.Hour)
			before := s.Now().Unix()
			need(t, out())
			after := s.Now().Unix()
			s.Advance(time.Hour)
			need(t, forgotten(p, u.Username))
			if at, err := strconv.ParseInt(told, 10, 64); err != nil || at < before || at > after {
				t.Errorf("cognito:token_nbf = %q, want %d to %d", told, before, after)
			}
		}
	}},
	{"custom message gets the metadata of an answer to a challenge, not that of the sign-in's beginning", func(t *testing.T, start Start) {
		p := mfaPool(t, start, types.UserPoolMfaTypeOptional, smsMFA, emailMFA)
		u := p.NewUser(t, cognitotest.Email("a@example.com"), cognitotest.Phone("+12065550134"))
		prefer(t, p, u, false, smsMFA, emailMFA)
		var got []any
		onTrigger(t, p, fake.CustomMessage, func(e event) (event, error) {
			got = append(got, e.part("request")["clientMetadata"])
			return e, nil
		})
		begin := func() *cip.InitiateAuthOutput {
			out, err := p.Client().InitiateAuth(ctx, &cip.InitiateAuthInput{
				ClientId: &p.ClientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth, ClientMetadata: map[string]string{"at": "the beginning"},
				AuthParameters: map[string]string{"USERNAME": u.Username, "PASSWORD": u.Password},
			})
			need(t, err)
			return out
		}
		first := begin()
		need(t, fail(p.Client().RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{
			ClientId: &p.ClientID, ChallengeName: first.ChallengeName, Session: first.Session, ClientMetadata: map[string]string{"at": "the choice"},
			ChallengeResponses: map[string]string{"USERNAME": u.Username, "ANSWER": "SMS_MFA"},
		})))
		prefer(t, p, u, true, smsMFA)
		begin()
		if diff := cmp.Diff([]any{map[string]any{"at": "the choice"}, nil}, got); diff != "" {
			t.Errorf("clientMetadata of SMS (-want +got):\n%s", diff)
		}
		wantSources(t, p, "CustomMessage_Authentication", "CustomMessage_Authentication")
	}},
}

// forgottenByNobody asks for a new password in the name of somebody who does not exist, which a client
// that hides it answers well.
func forgottenByNobody(p *cognitotest.Provider) error {
	c, err := createClient(p, cip.CreateUserPoolClientInput{PreventUserExistenceErrors: types.PreventUserExistenceErrorTypesEnabled})
	if err != nil {
		return err
	}
	return fail(p.Client().ForgotPassword(ctx, &cip.ForgotPasswordInput{ClientId: c.ClientId, Username: aws.String("nobody")}))
}

// decrypted returns what a custom sender was sent, in clear.
func decrypted(t *testing.T, p *cognitotest.Provider, e event) string {
	t.Helper()
	code, _ := e.part("request")["code"].(string)
	secret, err := needFake(t, p, local).DecryptCode(code)
	if err != nil {
		t.Errorf("decrypting %q: %v", code, err)
	}
	return secret
}

var customSenders = []Behaviour{
	{"a custom sender gets the code, encrypted, in the place of delivery", func(t *testing.T, start Start) {
		p := startFake(t, start, unproven, cognitotest.WithPool(autoVerifying(autoEmail, autoPhone)))
		var code string
		take := func(e event) (event, error) { code = decrypted(t, p, e); return e, nil }
		onTrigger(t, p, fake.CustomEmailSender, take)
		onTrigger(t, p, fake.CustomSMSSender, take)
		for _, row := range []struct{ name, attribute, value, source string }{
			{"ann", "email", "ann@example.com", "CustomEmailSender_SignUp"},
			{"bob", "phone_number", "+12065550134", "CustomSMSSender_SignUp"},
		} {
			code = ""
			need(t, fail(signUp(p, row.name, row.attribute, row.value)))
			m := inbox(t, p, row.name)[0]
			if m.Sender != row.source || m.Trigger != "CustomMessage_SignUp" || m.Code != code {
				t.Errorf("the message is %+v; want code %s, by %s", m, code, row.source)
			}
			need(t, confirm(p, row.name, code))
		}
		wantSources(t, p, "CustomEmailSender_SignUp", "CustomSMSSender_SignUp")
	}},
	{"one custom sender leaves messages of the other kind to the service", func(t *testing.T, start Start) {
		p := start(t)
		onTrigger(t, p, fake.CustomSMSSender, replying())
		need(t, fail(create(p, "ann", with("email", "ann@example.com", "phone_number", "+12065550134"),
			invited(types.DeliveryMediumTypeEmail, types.DeliveryMediumTypeSms))))
		got := map[string]string{}
		for _, m := range inbox(t, p, "ann") {
			got[m.Medium] = m.Sender
		}
		if diff := cmp.Diff(map[string]string{"EMAIL": "", "SMS": "CustomSMSSender_AdminCreateUser"}, got); diff != "" {
			t.Errorf("senders (-want +got):\n%s", diff)
		}
	}},
	{"a custom sender gets a temporary password escaped for HTML", func(t *testing.T, start Start) {
		p := start(t)
		var secret string
		onTrigger(t, p, fake.CustomEmailSender, func(e event) (event, error) { secret = decrypted(t, p, e); return e, nil })
		need(t, fail(create(p, "ann", with("email", "ann@example.com"), invited(types.DeliveryMediumTypeEmail), temporary("Temp<1>&orary"))))
		if want := "Temp&lt;1&gt;&amp;orary"; secret != want {
			t.Errorf("the sender got %q, want %q", secret, want)
		}
		if m := inbox(t, p, "ann")[0]; m.Code != "Temp<1>&orary" {
			t.Errorf("Code = %q, want the password as it is", m.Code)
		}
		need(t, fail(signIn(p, "ann", "Temp<1>&orary")))
	}},
	{"no operation fails with a custom sender, whatever it answers", func(t *testing.T, start Start) {
		for _, row := range []struct {
			why    string
			f      func([]byte) ([]byte, error)
			failed bool
		}{
			{"an error", func([]byte) ([]byte, error) { return nil, context.DeadlineExceeded }, true},
			{"a panic", func([]byte) ([]byte, error) { panic("out of cheese") }, true},
			{"nothing", func([]byte) ([]byte, error) { return nil, nil }, false},
			{"no JSON", func([]byte) ([]byte, error) { return []byte("{"), nil }, false},
			{"no event", func([]byte) ([]byte, error) { return []byte("null"), nil }, false},
		} {
			part(t, row.why, func(t *testing.T) {
				p := start(t, cognitotest.WithPool(autoVerifying(autoEmail)))
				s := needFake(t, p, local)
				need(t, s.HandleTrigger(p.PoolID, fake.CustomEmailSender, handlerFunc(row.f)))
				need(t, confirm(p, "ann", newcomer(t, p, "ann")))
				calls := s.Invocations()
				if len(calls) != 1 || (calls[0].Err != nil) != row.failed {
					t.Errorf("the calls are %+v; want one, failed: %v", calls, row.failed)
				}
			})
		}
	}},
	{"no operation fails where no function is bound to a custom sender's ARN", func(t *testing.T, start Start) {
		in := autoVerifying(autoEmail)
		in.LambdaConfig = &types.LambdaConfigType{
			KMSKeyID: aws.String("arn:aws:kms:us-east-1:123456789012:key/1"),
			CustomEmailSender: &types.CustomEmailLambdaVersionConfigType{
				LambdaArn: aws.String("arn:aws:lambda:us-east-1:123456789012:function:mailer"), LambdaVersion: types.CustomEmailSenderLambdaVersionTypeV10,
			},
		}
		newcomer(t, startFake(t, start, unproven, cognitotest.WithPool(in)), "ann")
	}},
	{"a sign-up calls pre sign-up, custom message and the sender, in this order, and its confirmation post confirmation", func(t *testing.T, start Start) {
		p := startFake(t, start, unproven, cognitotest.WithPool(mailing(autoEmail)))
		onEvery(t, p)
		need(t, confirm(p, "ann", newcomer(t, p, "ann")))
		wantSources(t, p, "PreSignUp_SignUp", "CustomMessage_SignUp", "CustomEmailSender_SignUp", "PostConfirmation_ConfirmSignUp")
	}},
	{"an administrator's new user calls pre sign-up, custom message and the sender, in this order", func(t *testing.T, start Start) {
		p := startFake(t, start, unproven, cognitotest.WithPool(mailing(autoEmail)))
		onEvery(t, p)
		need(t, fail(create(p, "ann", with("email", "ann@example.com"), invited(types.DeliveryMediumTypeEmail))))
		wantSources(t, p, "PreSignUp_AdminCreateUser", "CustomMessage_AdminCreateUser", "CustomEmailSender_AdminCreateUser")
		need(t, fail(create(p, "ann", resend)))
		wantSources(t, p, "PreSignUp_AdminCreateUser", "CustomMessage_AdminCreateUser", "CustomEmailSender_AdminCreateUser",
			"CustomMessage_AdminCreateUser", "CustomEmailSender_AdminCreateUser")
	}},
}

// onEvery makes a pool call a function that changes nothing, for each trigger of signing up.
func onEvery(t *testing.T, p *cognitotest.Provider) {
	t.Helper()
	for _, source := range []fake.TriggerSource{fake.PreSignUp, fake.CustomMessage, fake.CustomEmailSender, fake.PostConfirmation} {
		onTrigger(t, p, source, replying())
	}
}
