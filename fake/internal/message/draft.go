package message

import (
	"html"
	"net/url"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/constraint"
	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// Draft is a message that is ready to leave, once the pool's functions have had their say.
type Draft struct {
	message   Message // the texts with their placeholders
	attribute string
	name      string // what {username} stands for
	ownTexts  bool   // whether a function may change an e-mail
	pool      *pool.Pool
	clientID  string
	byLink    bool // whether a link may take the place of the code

	custom *trigger.Event // nil where the pool's texts stay
	texts  *trigger.CustomMessageResponse
	sender *trigger.Event // nil where the service delivers
	secret *trigger.SenderRequest
}

func draft(by trigger.Call, u *pool.User, source Source, attribute, to, code string, t template) Draft {
	s := by.Pool.Settings
	d := Draft{
		message: Message{
			PoolID: by.Pool.ID, Username: u.Username, To: to, Medium: medium(attribute), Code: code, Trigger: string(source), Body: t.sms,
		},
		attribute: attribute, name: shownName(by.Pool, u), pool: by.Pool, clientID: by.ClientID,
		ownTexts: sendsByDeveloper(s), byLink: verifiesByLink(s, source),
	}
	if attribute == "email" {
		d.message.Subject, d.message.Body = t.subject, t.email
	}
	d.custom, d.texts = by.CustomMessageLocked(source, u)
	if d.sender, d.secret = by.SenderLocked(senderOf(attribute), source, u); d.sender != nil {
		d.secret.UserAttributes[attribute] = to // a value that waits is where the sender must send to (inferred)
	}
	return d
}

// senderOf returns the trigger that takes the place of delivery to an attribute.
func senderOf(attribute string) trigger.Name {
	if attribute == "email" {
		return trigger.CustomEmailSender
	}
	return trigger.CustomSMSSender
}

func sendsByDeveloper(s *types.UserPoolType) bool {
	return s.EmailConfiguration != nil && s.EmailConfiguration.EmailSendingAccount == types.EmailSendingAccountTypeDeveloper
}

// verifiesByLink reports whether the e-mails of a pool have a link in place of a code. That those alone have which
// confirm a sign-up is inferred.
func verifiesByLink(s *types.UserPoolType, source Source) bool {
	v := s.VerificationMessageTemplate
	return v != nil && v.DefaultEmailOption == types.DefaultEmailOptionTypeConfirmWithLink && (source == SignUp || source == ResendCode)
}

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

// adopt puts the texts that the CustomMessage function has answered in the place of the pool's. A text
// that is null changes nothing, nor does an empty one (inferred): it is what Go handlers leave alone.
// Texts of an e-mail are refused in a pool that does not send through Amazon SES (developer guide); that
// nobody minds them where the message is an SMS is inferred.
func (d *Draft) adopt() error {
	if d.attribute != "email" {
		return d.adoptBody("smsMessage", aws.ToString(d.texts.SMSMessage), "SmsVerificationMessage")
	}
	subject, body := aws.ToString(d.texts.EmailSubject), aws.ToString(d.texts.EmailMessage)
	if subject+body != "" && !d.ownTexts {
		return errDefaultSender
	}
	if subject != "" {
		if err := constraint.CheckAs("emailSubject", subject, "EmailVerificationSubject"); err != nil { // inferred
			return err
		}
		d.message.Subject = subject
	}
	member := "EmailVerificationMessage"
	if d.byLink && anyLink.MatchString(body) {
		member = "VerificationMessageTemplate.EmailMessageByLink"
	}
	return d.adoptBody("emailBody", body, member)
}

// adoptBody takes a body that has its placeholder, as a member of CreateUserPool wants it; without it
// the body is refused under a name that was seen for e-mails, and is inferred for SMS. Of invitations,
// whose bodies need the username too, it was seen that the pool's own body is sent instead.
func (d *Draft) adoptBody(name, body, member string) error {
	switch invites := d.message.Trigger == string(AdminCreateUser); {
	case body == "":
		return nil
	case invites && !(strings.Contains(body, trigger.CodeParameter) && strings.Contains(body, trigger.UsernameParameter)):
		return errNoInvitation
	}
	if err := constraint.CheckAs(name, body, member); err != nil {
		return err
	}
	d.message.Body = body
	return nil
}

// filled returns the message with its placeholders filled, where a link leads to a page at the domain of the pool.
// Without a domain the text of a link is left (inferred).
func (d *Draft) filled(domain string) Message {
	m := d.message
	m.Template = m.Body
	fill := strings.NewReplacer(trigger.CodeParameter, m.Code, trigger.UsernameParameter, d.name)
	link := "$1"
	if domain != "" {
		link = `<a href="` + strings.ReplaceAll(d.link(domain), "$", "$$") + `">$1</a>`
	}
	m.Subject, m.Body = fill.Replace(m.Subject), anyLink.ReplaceAllString(fill.Replace(m.Body), link)
	return m
}

// link returns where a sign-up is confirmed at once, as seen in messages.
func (d *Draft) link(domain string) string {
	return domain + "/confirmUser?client_id=" + url.QueryEscape(d.clientID) +
		"&user_name=" + url.QueryEscape(d.message.Username) + "&confirmation_code=" + url.QueryEscape(d.message.Code)
}

// sealed returns what a custom sender gets encrypted. A temporary password is escaped for HTML
// (developer guide).
func (d *Draft) sealed() []byte {
	if d.message.Trigger == string(AdminCreateUser) {
		return []byte(html.EscapeString(d.message.Code))
	}
	return []byte(d.message.Code)
}

var anyLink = regexp.MustCompile(`\{##(.*?)##\}`)
