package trigger

import "github.com/cognitotest/cognito/fake/internal/pool"

// The sources of messages. Custom senders have the same, by their own names: the developer guide lists
// CustomEmailSender_AccountTakeOverNotification besides, which comes of threat protection and is never
// sent.
const (
	CustomMessageSignUp              Source = "CustomMessage_SignUp"
	CustomMessageAdminCreateUser     Source = "CustomMessage_AdminCreateUser"
	CustomMessageResendCode          Source = "CustomMessage_ResendCode"
	CustomMessageForgotPassword      Source = "CustomMessage_ForgotPassword"
	CustomMessageUpdateUserAttribute Source = "CustomMessage_UpdateUserAttribute"
	CustomMessageVerifyUserAttribute Source = "CustomMessage_VerifyUserAttribute"
	CustomMessageAuthentication      Source = "CustomMessage_Authentication"
)

// What stands in texts for the code, for a link and for the username.
const (
	CodeParameter     = "{####}"
	LinkParameter     = "{##Click Here##}"
	UsernameParameter = "{username}"
)

// CustomMessageRequest is the request of custom message.
type CustomMessageRequest struct {
	UserAttributes    map[string]string `json:"userAttributes"`
	CodeParameter     string            `json:"codeParameter"`
	LinkParameter     string            `json:"linkParameter"`
	UsernameParameter *string           `json:"usernameParameter"` // null but for AdminCreateUser
	ClientMetadata    map[string]string `json:"clientMetadata,omitempty"`
}

// CustomMessageResponse is the response of custom message: texts that take the place of the pool's.
type CustomMessageResponse struct {
	SMSMessage   *string `json:"smsMessage"`
	EmailMessage *string `json:"emailMessage"`
	EmailSubject *string `json:"emailSubject"`
}

// CustomMessageLocked returns the event of a message that is about to leave, or nil where the pool
// calls nobody. The pool's lock must be held.
func (c Call) CustomMessageLocked(source Source, u *pool.User) (*Event, *CustomMessageResponse) {
	r := &CustomMessageResponse{}
	return c.event(CustomMessage, source, u.Username, func() any {
		request := CustomMessageRequest{
			UserAttributes: userAttributes(c.Pool, u), CodeParameter: CodeParameter, LinkParameter: LinkParameter, ClientMetadata: c.Metadata,
		}
		if source == CustomMessageAdminCreateUser {
			request.UsernameParameter = new(UsernameParameter)
		}
		return request
	}, r), r
}

// SenderRequest is the request of custom e-mail and SMS senders. Code is the code, or the temporary
// password, encrypted and in base64.
type SenderRequest struct {
	Type           string            `json:"type"`
	Code           string            `json:"code"`
	ClientMetadata map[string]string `json:"clientMetadata"` // null where none was given
	UserAttributes map[string]string `json:"userAttributes"`
}

// senderTypes are the types of the events of senders.
var senderTypes = map[Name]string{
	CustomEmailSender: "customEmailSenderRequestV1",
	CustomSMSSender:   "customSMSSenderRequestV1",
}

// SenderLocked returns the event of a message that a custom sender is to deliver, without its Code, or
// nil where the service delivers it. The source is that of its custom message. The pool's lock must be
// held.
func (c Call) SenderLocked(sender Name, source Source, u *pool.User) (*Event, *SenderRequest) {
	if !Has(c.Pool, sender) {
		return nil, nil
	}
	r := &SenderRequest{Type: senderTypes[sender], ClientMetadata: c.Metadata, UserAttributes: userAttributes(c.Pool, u)}
	return c.event(sender, source.on(sender), u.Username, func() any { return r }, nil), r
}
