// Package message is the one place where messages leave a fake server: verification codes,
// invitations, second factors. It renders the pool's templates, masks destinations as the service
// shows them, and puts what was "sent" into the server's [Outbox].
//
// An operation composes a [Draft] under its pool's lock and sends it after the lock is released. Then
// the pool's CustomMessage function may change the texts, and a custom sender may get the message in
// place of delivery.
package message

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// Source names what a message is for, by the source of the CustomMessage trigger that can change it.
type Source = trigger.Source

// The sources of messages.
const (
	SignUp              = trigger.CustomMessageSignUp
	AdminCreateUser     = trigger.CustomMessageAdminCreateUser
	ResendCode          = trigger.CustomMessageResendCode
	ForgotPassword      = trigger.CustomMessageForgotPassword
	UpdateUserAttribute = trigger.CustomMessageUpdateUserAttribute
	VerifyUserAttribute = trigger.CustomMessageVerifyUserAttribute
	Authentication      = trigger.CustomMessageAuthentication
)

// Message is a message that was delivered. Code is the code or, in an invitation, the temporary
// password.
type Message struct {
	PoolID   string
	Username string
	To       string // the whole address or number
	Medium   string // EMAIL or SMS
	Code     string
	Subject  string // "" for SMS
	Body     string
	Template string // the body before its placeholders were filled
	Trigger  string // the [Source]
	Sender   string // the source of the custom sender that got it instead; "" where it was delivered
	At       time.Time
}

// Details returns the delivery as the service tells it to a client: where to, masked.
func (d Draft) Details() *types.CodeDeliveryDetailsType { return Details(d.attribute, d.message.To) }

// Details tells of a delivery to the value of an attribute, email or phone_number.
func Details(attribute, to string) *types.CodeDeliveryDetailsType {
	return &types.CodeDeliveryDetailsType{
		AttributeName:  aws.String(attribute),
		DeliveryMedium: types.DeliveryMediumType(medium(attribute)),
		Destination:    aws.String(Mask(to)),
	}
}

func medium(attribute string) string {
	if attribute == "phone_number" {
		return string(types.DeliveryMediumTypeSms)
	}
	return string(types.DeliveryMediumTypeEmail)
}

// Mask hides an email address or phone number as the service does: t***@e*** and +*******9934.
func Mask(to string) string {
	if local, domain, ok := strings.Cut(to, "@"); ok {
		return first(local) + "***@" + first(domain) + "***"
	}
	digits := strings.TrimPrefix(to, "+")
	return "+*******" + digits[max(0, len(digits)-4):]
}

// first returns the first character of s, or "".
func first(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

// Code composes the message that carries a code to the value of an attribute, which need not be
// the user's current one. The pool's lock must be held.
func Code(by trigger.Call, u *pool.User, source Source, c pool.Code) Draft {
	to := c.NewValue
	if to == "" {
		to = u.Attribute(c.Attribute)
	}
	return draft(by, u, source, c.Attribute, to, c.Value, verificationTemplate(by.Pool.Settings, source))
}

// Invitation composes the message that carries a temporary password to an email address or phone
// number of the user. The pool's lock must be held.
func Invitation(by trigger.Call, u *pool.User, attribute, password string) Draft {
	return draft(by, u, AdminCreateUser, attribute, u.Attribute(attribute), password, invitationTemplate(by.Pool.Settings))
}

// SignInCode composes the message that carries a code of sign-in, a first factor or a second, to the
// user's email or phone_number.
// The pool's lock must be held.
func SignInCode(by trigger.Call, u *pool.User, attribute, code string) Draft {
	return draft(by, u, Authentication, attribute, u.Attribute(attribute), code, authenticationTemplate(by.Pool.Settings, by.Pool.MFA.Email))
}

// template holds the texts of one kind of message. Placeholders are {####} for the code, {username},
// and {##text##} for a link.
type template struct{ subject, email, sms string }
