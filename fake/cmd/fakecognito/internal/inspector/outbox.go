package inspector

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/cognitotest/cognito/fake"
)

// message is a message as JSON. Subject is absent for SMS, and Sender where no custom sender got it.
type message struct {
	PoolID   string    `json:"pool_id"`
	Username string    `json:"username"`
	To       string    `json:"to"`
	Medium   string    `json:"medium"`
	Code     string    `json:"code"`
	Subject  string    `json:"subject,omitempty"`
	Body     string    `json:"body"`
	Template string    `json:"template"`
	Trigger  string    `json:"trigger"`
	Sender   string    `json:"sender,omitempty"`
	At       time.Time `json:"at"`
}

// messages returns the delivered messages that all filters keep, newest first.
func (i *inspector) messages(filters ...fake.MessageFilter) []fake.Message {
	list := i.server.Messages(filters...)
	slices.Reverse(list)
	return list
}

// inPool keeps the messages of a pool, or all where none is named.
func inPool(id string) fake.MessageFilter {
	return func(m fake.Message) bool { return id == "" || m.PoolID == id }
}

// toUser keeps the messages to a user, or all where none is named.
func toUser(name string) fake.MessageFilter {
	return func(m fake.Message) bool { return name == "" || m.Username == name }
}

// toAnybody keeps the messages to a user, an address or a number.
func toAnybody(name string) fake.MessageFilter {
	return func(m fake.Message) bool { return name == "" || m.Username == name || m.To == name }
}

// listMessages answers messages to programs.
func (i *inspector) listMessages(w http.ResponseWriter, r *http.Request) {
	list := []message{}
	for _, m := range i.messages(inPool(r.FormValue("pool_id")), toUser(r.FormValue("username"))) {
		list = append(list, message(m))
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(list) // a client that went away is nobody's error
}

// outbox shows messages to people.
func (i *inspector) outbox(r *http.Request) (view, error) {
	found := i.messages(inPool(r.FormValue("pool")), toAnybody(r.FormValue("user")))
	return view{name: "outbox", title: "Messages", data: struct {
		URL string
		Any bool
		slice[fake.Message]
	}{i.URL, len(i.server.Messages()) > 0, window(r, found)}}, nil
}

// slice is the part of a long list that a page shows.
type slice[T any] struct {
	Items        []T
	Total        int
	Newer, Older string // URLs of the pages beside it
}

// perList is how many items of a long list stand on a page.
const perList = 50

// window returns the part of a list, newest first, that a request asks for.
func window[T any](r *http.Request, list []T) slice[T] {
	from, _ := strconv.Atoi(r.FormValue("from")) // what is no number begins at the beginning
	from = min(max(0, from), len(list))
	to := min(from+perList, len(list))
	s := slice[T]{Items: list[from:to], Total: len(list)}
	if to < len(list) {
		s.Older = fromItem(r, to)
	}
	if from > 0 {
		s.Newer = fromItem(r, max(0, from-perList))
	}
	return s
}

func fromItem(r *http.Request, from int) string {
	text := strconv.Itoa(from)
	return with(r, "from", &text)
}
