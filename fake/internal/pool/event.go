package pool

import (
	"iter"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Event is an entry of a user's history, which a pool with threat protection keeps. The service tells how an
// entry looks and not when it is made or how it ends: here an entry of a sign-in tells how its last request
// ended, and entries of anything else how their only request did. Its pool's lock guards every field.
type Event struct {
	ID         string
	Type       types.EventType
	Response   types.EventResponseType
	Created    time.Time
	IP         string
	Challenges []types.ChallengeResponseType // in the order in which they were answered
	Feedback   *types.EventFeedbackType      // replaced as a whole
}

// historyLife is how long a user's history reaches back: two years (developer guide).
const historyLife = 2 * 365 * 24 * time.Hour

// KeepsHistory reports whether a pool keeps its users' history: whether it has threat protection, in
// either mode.
func (p *Pool) KeepsHistory() bool {
	addOns := p.Settings.UserPoolAddOns
	return addOns != nil && addOns.AdvancedSecurityMode != types.AdvancedSecurityModeTypeOff
}

// CheckKeepsHistory refuses the operations on events in a pool without threat protection.
func (p *Pool) CheckKeepsHistory() error {
	if !p.KeepsHistory() {
		return AddOnNotEnabled()
	}
	return nil
}

// HappenedLocked adds an event to the user's history, or replaces the event of the same id, whose date
// and feedback stay. What has passed stays so.
func (u *User) HappenedLocked(e Event) {
	u.events = slices.DeleteFunc(u.events, func(old Event) bool { return old.outdated(e.Created) })
	old := u.EventLocked(e.ID)
	switch {
	case old == nil:
		u.events = append(u.events, e)
	case old.Response != types.EventResponseTypePass:
		e.Created, e.Feedback = old.Created, old.Feedback
		e.Challenges = append(slices.Clip(old.Challenges), e.Challenges...)
		*old = e
	}
}

func (e *Event) outdated(now time.Time) bool { return now.Sub(e.Created) > historyLife }

// EventLocked returns an event of the user's history, or nil.
func (u *User) EventLocked(id string) *Event {
	i := slices.IndexFunc(u.events, func(e Event) bool { return e.ID == id })
	if i < 0 {
		return nil
	}
	return &u.events[i]
}

// EventsLocked yields the user's history, the newest event first (inferred), from the one that follows
// an id; "" is the beginning, and so is an id of the past.
func (u *User) EventsLocked(after string, now time.Time) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		from := len(u.events)
		if i := slices.IndexFunc(u.events, func(e Event) bool { return e.ID == after }); i >= 0 {
			from = i
		}
		for _, e := range slices.Backward(u.events[:from]) {
			if e.outdated(now) || !yield(e) {
				return
			}
		}
	}
}

// FeedbackToken returns what lets whoever has it give feedback on an event of the user: the service puts
// it into the links of its notifications.
func (p *Pool) FeedbackToken(u *User, eventID string) string {
	return spell(p.disguise("feedback "+u.Sub+" "+eventID), alphanumeric)
}
