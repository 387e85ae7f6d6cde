package fake

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/cognitotest/cognito/fake/internal/message"
)

// Message is an e-mail or SMS that the server "sent". Code is the code or, in an invitation, the
// temporary password; To is the whole address or number; Medium is EMAIL or SMS; Subject and Body are as
// the user reads them, Template is the body with its placeholders still; Trigger names the occasion as the CustomMessage trigger does, such as CustomMessage_SignUp. Sender is the source of
// the custom sender that got the message in place of delivery, such as CustomEmailSender_SignUp, or "".
type Message = message.Message

// MessageFilter says which messages are wanted.
type MessageFilter func(Message) bool

// ToUser keeps the messages to a user of a pool, by the stored username: in pools with username
// attributes that is the sub.
func ToUser(poolID, username string) MessageFilter {
	return func(m Message) bool { return m.PoolID == poolID && m.Username == username }
}

// ToAddress keeps the messages to an e-mail address or phone number.
func ToAddress(to string) MessageFilter {
	return func(m Message) bool { return m.To == to }
}

// OnOccasion keeps the messages of an occasion, by the name that the CustomMessage trigger has for it,
// such as CustomMessage_ForgotPassword.
func OnOccasion(source string) MessageFilter {
	return func(m Message) bool { return m.Trigger == source }
}

// Since keeps the messages that were sent at a moment of the server's clock or later.
func Since(t time.Time) MessageFilter {
	return func(m Message) bool { return !m.At.Before(t) }
}

// WaitForMessage returns the newest message that all filters keep, and waits for one where there is none:
// for code under test that signs users up in the background. The error is that of the context.
//
//	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
//	defer cancel()
//	mail, err := cog.Fake(t).WaitForMessage(ctx, fake.ToAddress("ann@example.com"))
func (s *Server) WaitForMessage(ctx context.Context, filters ...MessageFilter) (Message, error) {
	for {
		changed := s.outbox.Changed()
		if found := s.Messages(filters...); len(found) > 0 {
			return found[len(found)-1], nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Message{}, fmt.Errorf("cognitotest: waiting for a message: %w", ctx.Err())
		}
	}
}

// Messages returns the messages that were sent and that all filters keep, oldest first. The newest 10,000
// are kept.
func (s *Server) Messages(filters ...MessageFilter) []Message {
	return slices.DeleteFunc(s.outbox.Messages(), func(m Message) bool {
		return slices.ContainsFunc(filters, func(keep MessageFilter) bool { return !keep(m) })
	})
}
