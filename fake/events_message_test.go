package fake_test

import (
	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake"
)

// messageSources are the sources of custom message and of custom senders.
var messageSources = []eventSource{
	{source: "CustomMessage_SignUp", trigger: fake.CustomMessage, goType: new(events.CognitoEventUserPoolsCustomMessage), lacks: linkless,
		fire: func(s *stage) { s.signUp() }},
	{source: "CustomMessage_AdminCreateUser", trigger: fake.CustomMessage, goType: new(events.CognitoEventUserPoolsCustomMessage), lacks: linkless,
		fire: func(s *stage) { s.invite() }},
	{source: "CustomMessage_ResendCode", trigger: fake.CustomMessage, goType: new(events.CognitoEventUserPoolsCustomMessage), lacks: linkless,
		fire: func(s *stage) { s.signUp(); s.resend() }},
	{source: "CustomMessage_ForgotPassword", trigger: fake.CustomMessage, goType: new(events.CognitoEventUserPoolsCustomMessage), lacks: linkless,
		fire: func(s *stage) { s.confirm(s.signUp()); s.forget() }},
	{source: "CustomMessage_UpdateUserAttribute", trigger: fake.CustomMessage, goType: new(events.CognitoEventUserPoolsCustomMessage), lacks: linkless,
		fire: func(s *stage) { s.confirm(s.signUp()); s.move() }},
	{source: "CustomMessage_VerifyUserAttribute", trigger: fake.CustomMessage, goType: new(events.CognitoEventUserPoolsCustomMessage), lacks: linkless,
		fire: func(s *stage) { s.confirm(s.signUp()); s.verify() }},
	{source: "CustomMessage_Authentication", trigger: fake.CustomMessage, goType: new(events.CognitoEventUserPoolsCustomMessage), lacks: linkless,
		fire: func(s *stage) { s.confirm(s.signUp()); s.secondFactor() }},

	{source: "CustomEmailSender_SignUp", trigger: fake.CustomEmailSender, fire: func(s *stage) { s.signUp() }},
	{source: "CustomEmailSender_AdminCreateUser", trigger: fake.CustomEmailSender, fire: func(s *stage) { s.invite() }},
	{source: "CustomEmailSender_ResendCode", trigger: fake.CustomEmailSender, fire: func(s *stage) { s.signUp(); s.resend() }},
	{source: "CustomEmailSender_ForgotPassword", trigger: fake.CustomEmailSender, fire: func(s *stage) { s.confirm(s.signUp()); s.forget() }},
	{source: "CustomEmailSender_UpdateUserAttribute", trigger: fake.CustomEmailSender, fire: func(s *stage) { s.confirm(s.signUp()); s.move() }},
	{source: "CustomEmailSender_VerifyUserAttribute", trigger: fake.CustomEmailSender, fire: func(s *stage) { s.confirm(s.signUp()); s.verify() }},
	{source: "CustomEmailSender_Authentication", trigger: fake.CustomEmailSender, fire: func(s *stage) { s.confirm(s.signUp()); s.secondFactor() }},
	{source: "CustomSMSSender_SignUp", trigger: fake.CustomSMSSender, fire: func(s *stage) { s.bySMS(); s.signUp() }},
	{source: "CustomSMSSender_ResendCode", trigger: fake.CustomSMSSender, fire: func(s *stage) { s.bySMS(); s.signUp(); s.resend() }},
	{source: "CustomSMSSender_ForgotPassword", trigger: fake.CustomSMSSender, fire: func(s *stage) { s.bySMS(); s.confirm(s.signUp()); s.forget() }},
	{source: "CustomSMSSender_UpdateUserAttribute", trigger: fake.CustomSMSSender, fire: func(s *stage) { s.bySMS(); s.confirm(s.signUp()); s.move() }},
	{source: "CustomSMSSender_VerifyUserAttribute", trigger: fake.CustomSMSSender, fire: func(s *stage) { s.bySMS(); s.confirm(s.signUp()); s.verify() }},
	{source: "CustomSMSSender_Authentication", trigger: fake.CustomSMSSender, fire: func(s *stage) { s.bySMS(); s.confirm(s.signUp()); s.secondFactor() }},
	{source: "CustomSMSSender_AdminCreateUser", trigger: fake.CustomSMSSender, fire: func(s *stage) { s.invite() }},
}

// linkless is what the Go type of custom messages lacks.
var linkless = []string{"linkParameter"}

// bySMS makes messages to ann go to a phone.
func (s *stage) bySMS() {
	s.contact, s.first, s.second = "phone_number", "+12065550134", "+12065550135"
}

// resend sends ann the code of the sign-up again.
func (s *stage) resend() {
	s.t.Helper()
	s.must(s.api.ResendConfirmationCode(s.ctx, &cip.ResendConfirmationCodeInput{ClientId: &s.client, Username: aws.String("ann"), ClientMetadata: metadata}))
}

// move gives ann another address or number.
func (s *stage) move() {
	s.t.Helper()
	s.must(s.api.UpdateUserAttributes(s.ctx, &cip.UpdateUserAttributesInput{
		AccessToken: s.signIn().AccessToken, UserAttributes: attributes(s.contact, s.second), ClientMetadata: metadata,
	}))
}

// verify sends ann a code for the address or number.
func (s *stage) verify() {
	s.t.Helper()
	s.must(s.api.GetUserAttributeVerificationCode(s.ctx, &cip.GetUserAttributeVerificationCodeInput{
		AccessToken: s.signIn().AccessToken, AttributeName: &s.contact, ClientMetadata: metadata,
	}))
}

// secondFactor sends ann a code for the sign-in.
func (s *stage) secondFactor() {
	s.t.Helper()
	s.must(s.api.SetUserPoolMfaConfig(s.ctx, &cip.SetUserPoolMfaConfigInput{
		UserPoolId: &s.pool, MfaConfiguration: types.UserPoolMfaTypeOptional, EmailMfaConfiguration: &types.EmailMfaConfigType{},
		SmsMfaConfiguration: &types.SmsMfaConfigType{SmsConfiguration: &types.SmsConfigurationType{SnsCallerArn: aws.String("arn:aws:iam::123456789012:role/sms")}},
	}))
	s.must(s.api.AdminSetUserMFAPreference(s.ctx, &cip.AdminSetUserMFAPreferenceInput{
		UserPoolId: &s.pool, Username: aws.String("ann"),
		EmailMfaSettings: &types.EmailMfaSettingsType{Enabled: s.contact == "email"}, SMSMfaSettings: &types.SMSMfaSettingsType{Enabled: s.contact != "email"},
	}))
	s.signIn()
}
