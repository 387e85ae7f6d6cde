package fake

import (
	"slices"

	"github.com/cognitotest/cognito/fake/internal/message"
)

// Message is an e-mail or SMS that the server "sent". Code is the code or, in an invitation, the
// temporary password; To is the whole address or number; Medium is EMAIL or SMS; Trigger names
// the occasion as the CustomMessage trigger does, such as CustomMessage_SignUp. Sender is the source of
// the custom sender that got the message in place of delivery, such as CustomEmailSender_SignUp, or "".
type Message = message.Message

// MessageFilter says which messages are wanted.
type MessageFilter func(Message) bool

// ToUser keeps the messages to a user of a pool, by the stored username: in pools with username
// attributes that is the sub.
func ToUser(poolID, username string) MessageFilter {
	return func(m Message) bool { return m.PoolID == poolID && m.Username == username }
}

// Messages returns the messages that were sent and that all filters keep, oldest first.
func (s *Server) Messages(filters ...MessageFilter) []Message {
	return slices.DeleteFunc(s.outbox.Messages(), func(m Message) bool {
		return slices.ContainsFunc(filters, func(keep MessageFilter) bool { return !keep(m) })
	})
}
