// Package message is the one place where messages leave a fake server: verification codes,
// invitations, second factors. It renders the pool's templates, masks destinations as the service
// shows them, and puts what was "sent" into the server's [Outbox].
//
// An operation composes a [Draft] under its pool's lock and sends it after the lock is released.
package message

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/clock"
	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// Source names what a message is for, by the name of the CustomMessage trigger that could change it.
type Source string

// The sources of messages.
const (
	SignUp              Source = "CustomMessage_SignUp"
	AdminCreateUser     Source = "CustomMessage_AdminCreateUser"
	ResendCode          Source = "CustomMessage_ResendCode"
	ForgotPassword      Source = "CustomMessage_ForgotPassword"
	UpdateUserAttribute Source = "CustomMessage_UpdateUserAttribute"
	VerifyUserAttribute Source = "CustomMessage_VerifyUserAttribute"
	Authentication      Source = "CustomMessage_Authentication"
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
	Trigger  string // the [Source]
	At       time.Time
}

// Draft is a message that is ready to leave.
type Draft struct {
	message   Message
	attribute string
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
// the user's current one. The pool's lock must be held, for reading at least.
func Code(by trigger.Call, u *pool.User, source Source, c pool.Code) Draft {
	to := c.NewValue
	if to == "" {
		to = u.Attribute(c.Attribute)
	}
	return draft(by, u, source, c.Attribute, to, c.Value, verificationTemplate(by.Pool.Settings))
}

// Invitation composes the message that carries a temporary password to an email address or phone
// number of the user. The pool's lock must be held, for reading at least.
func Invitation(by trigger.Call, u *pool.User, attribute, password string) Draft {
	return draft(by, u, AdminCreateUser, attribute, u.Attribute(attribute), password, invitationTemplate(by.Pool.Settings))
}

// SignInCode composes the message that carries a code of sign-in, a first factor or a second, to the
// user's email or phone_number.
// The pool's lock must be held, for reading at least.
func SignInCode(by trigger.Call, u *pool.User, attribute, code string) Draft {
	return draft(by, u, Authentication, attribute, u.Attribute(attribute), code, authenticationTemplate(by.Pool.Settings, by.Pool.MFA.Email))
}

// template holds the texts of one kind of message. Placeholders are {####} for the code, {username},
// and {##text##} for a link.
type template struct{ subject, email, sms string }

func draft(by trigger.Call, u *pool.User, source Source, attribute, to, code string, t template) Draft {
	m := Message{PoolID: by.Pool.ID, Username: u.Username, To: to, Medium: medium(attribute), Code: code, Trigger: string(source), Body: t.sms}
	if attribute == "email" {
		m.Subject, m.Body = t.subject, t.email
	}
	fill := strings.NewReplacer("{####}", code, "{username}", shownName(by.Pool, u))
	m.Subject, m.Body = fill.Replace(m.Subject), linkText.ReplaceAllString(fill.Replace(m.Body), "$1")
	return Draft{message: m, attribute: attribute}
}

var linkText = regexp.MustCompile(`\{##(.*?)##\}`)

// shownName is what {username} stands for: where usernames are generated, the address or number
// with which the user signs in (inferred).
func shownName(p *pool.Pool, u *pool.User) string {
	if p.UsesUsernameAttributes() {
		for _, a := range p.SignInAttributes() {
			if v := u.Attribute(a); v != "" {
				return v
			}
		}
	}
	return u.Username
}

// Outbox keeps what a server has "sent", of all its pools. It is safe for concurrent use.
type Outbox struct {
	clock *clock.Clock

	mu       sync.Mutex // guards messages
	messages []Message
}

// NewOutbox returns an empty outbox that dates messages by a clock.
func NewOutbox(c *clock.Clock) *Outbox { return &Outbox{clock: c} }

// Send delivers drafts. No pool's lock may be held.
func (o *Outbox) Send(_ context.Context, drafts ...Draft) error {
	now := o.clock.Now()
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, d := range drafts {
		d.message.At = now
		o.messages = append(o.messages, d.message)
	}
	return nil
}

// Messages returns everything that was sent, oldest first.
func (o *Outbox) Messages() []Message {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.messages)
}
