package message

import (
	"cmp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// The service's own texts, used where a pool sets none. Inferred.
const (
	codeSubject   = "Your verification code"
	codeBody      = "Your verification code is {####}. "
	inviteSubject = "Your temporary password"
	inviteBody    = "Your username is {username} and temporary password is {####}. "
	linkBody      = "Please click the link below to verify your email address. {##Verify Email##} "
	authSubject   = "Your authentication code"
	authBody      = "Your authentication code is {####}. "
)

func verificationTemplate(s *types.UserPoolType, source Source) template {
	v := s.VerificationMessageTemplate
	if v == nil {
		v = &types.VerificationMessageTemplateType{}
	}
	t := template{
		subject: cmp.Or(aws.ToString(v.EmailSubject), codeSubject),
		email:   cmp.Or(aws.ToString(v.EmailMessage), codeBody),
		sms:     cmp.Or(aws.ToString(v.SmsMessage), codeBody),
	}
	if verifiesByLink(s, source) {
		t.subject = cmp.Or(aws.ToString(v.EmailSubjectByLink), t.subject)
		t.email = cmp.Or(aws.ToString(v.EmailMessageByLink), linkBody)
	}
	return t
}

func invitationTemplate(s *types.UserPoolType) template {
	t := template{subject: inviteSubject, email: inviteBody, sms: inviteBody}
	if s.AdminCreateUserConfig == nil || s.AdminCreateUserConfig.InviteMessageTemplate == nil {
		return t
	}
	own := s.AdminCreateUserConfig.InviteMessageTemplate
	return template{
		subject: cmp.Or(aws.ToString(own.EmailSubject), t.subject),
		email:   cmp.Or(aws.ToString(own.EmailMessage), t.email),
		sms:     cmp.Or(aws.ToString(own.SMSMessage), t.sms),
	}
}

func authenticationTemplate(s *types.UserPoolType, email *types.EmailMfaConfigType) template {
	t := template{subject: authSubject, email: authBody, sms: cmp.Or(aws.ToString(s.SmsAuthenticationMessage), authBody)}
	if email != nil {
		t.subject = cmp.Or(aws.ToString(email.Subject), t.subject)
		t.email = cmp.Or(aws.ToString(email.Message), t.email)
	}
	return t
}
