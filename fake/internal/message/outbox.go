package message

import (
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"sync"

	"github.com/cognitotest/cognito/fake/internal/clock"
	"github.com/cognitotest/cognito/fake/internal/envelope"
	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// Outbox keeps what a server has "sent", of all its pools. It is safe for concurrent use.
type Outbox struct {
	Parts

	mu       sync.Mutex    // guards everything below
	messages []Message     // fewer than twice maxMessages
	changed  chan struct{} // closed by the next message; nil where nobody waits for one
}

// Parts is what an Outbox works with.
type Parts struct {
	Clock     *clock.Clock // dates the messages
	Functions *trigger.Functions
	Key       envelope.Key                  // encrypts codes for custom senders
	Domain    func(*pool.Pool) string       // where a pool's login pages are, or "", where nil means nowhere; called without locks
	Logf      func(format string, _ ...any) // is told what the author of a test should know; called without locks
}

// NewOutbox returns an empty outbox.
func NewOutbox(p Parts) *Outbox {
	if p.Domain == nil {
		p.Domain = func(*pool.Pool) string { return "" }
	}
	return &Outbox{Parts: p}
}

// Send delivers drafts, or has the pool's custom senders do so. No pool's lock may be held. Where the
// CustomMessage trigger fails, the drafts before it have left, and what the operation has done stays
// done: the user exists, the code is good (inferred).
func (o *Outbox) Send(ctx context.Context, drafts ...Draft) error {
	var sent []Message
	defer func() { o.keep(sent) }()
	for _, d := range drafts {
		if err := o.customize(ctx, &d); err != nil {
			return err
		}
		sent = append(sent, o.deliver(ctx, &d))
	}
	return nil
}

// maxMessages is how many messages are kept at least.
const maxMessages = 10_000

// Add keeps messages that were sent elsewhere, such as before a restart.
func (o *Outbox) Add(sent []Message) { o.keep(sent) }

func (o *Outbox) keep(sent []Message) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.messages = append(o.messages, sent...)
	if len(o.messages) >= 2*maxMessages {
		o.messages = slices.Clone(o.newestLocked())
	}
	if len(sent) > 0 {
		o.wakeLocked()
	}
}

// newestLocked returns the messages that are kept.
func (o *Outbox) newestLocked() []Message { return o.messages[max(0, len(o.messages)-maxMessages):] }

// wakeLocked tells those who wait.
func (o *Outbox) wakeLocked() {
	if o.changed != nil {
		close(o.changed)
		o.changed = nil
	}
}

// Shared returns the messages that are kept, oldest first, as a list that must not be changed.
func (o *Outbox) Shared() []Message {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clip(o.newestLocked()) // so that what is added later goes elsewhere
}

// Restore replaces all messages by a list that was Shared.
func (o *Outbox) Restore(sent []Message) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.messages = slices.Clip(sent)
	o.wakeLocked()
}

// Changed returns a channel that is closed when there are other messages.
func (o *Outbox) Changed() <-chan struct{} {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.changed == nil {
		o.changed = make(chan struct{})
	}
	return o.changed
}

// errDefaultSender and errNoInvitation say why texts of a function are not taken.
var (
	errDefaultSender = errors.New("the text of an e-mail can be changed in pools alone whose EmailConfiguration has EmailSendingAccount DEVELOPER")
	errNoInvitation  = errors.New("the body of an invitation needs both " + trigger.CodeParameter + " and " + trigger.UsernameParameter + "; the pool's own is sent")
)

// customize has the pool's CustomMessage function change a draft.
func (o *Outbox) customize(ctx context.Context, d *Draft) error {
	if d.custom == nil {
		return nil
	}
	if err := o.Functions.Invoke(ctx, d.custom); err != nil {
		return err
	}
	err := d.adopt()
	switch err {
	case errDefaultSender:
		o.Logf("cognitotest: %s: %v", d.message.Trigger, err)
		return trigger.Unusable()
	case errNoInvitation:
		o.Logf("cognitotest: %s: %v", d.message.Trigger, err)
		return nil
	}
	return err
}

// deliver returns the message as it leaves, after a custom sender has got it.
func (o *Outbox) deliver(ctx context.Context, d *Draft) Message {
	m := d.filled(o.Domain(d.pool))
	m.At = o.Clock.Now()
	if d.sender != nil {
		m.Sender = string(d.sender.Source)
		d.secret.Code = o.seal(m.PoolID, d.sealed())
		o.Functions.Notify(ctx, d.sender)
	}
	return m
}

// seal encrypts a secret for the custom senders of a pool. The encryption context is that of the
// developer guide's key policies.
func (o *Outbox) seal(poolID string, secret []byte) string {
	return base64.StdEncoding.EncodeToString(o.Key.Seal(secret, map[string]string{"userpool-id": poolID}))
}

// Messages returns what was sent, oldest first. The newest 10,000 are kept.
func (o *Outbox) Messages() []Message {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.newestLocked())
}
