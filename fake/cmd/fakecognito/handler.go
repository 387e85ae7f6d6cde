package main

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/cognitotest/cognito/fake"
)

// handler serves the fake and, beside it, what only a fake has.
func handler(server *fake.Server) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", server)
	mux.HandleFunc("GET /_fakecognito/messages", func(w http.ResponseWriter, r *http.Request) { listMessages(w, r, server) })
	return mux
}

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

// listMessages answers the delivered messages, newest first, of one pool or user where the query
// names it.
func listMessages(w http.ResponseWriter, r *http.Request, server *fake.Server) {
	poolID, username := r.FormValue("pool_id"), r.FormValue("username")
	list := []message{}
	for _, m := range server.Messages() {
		if (poolID == "" || m.PoolID == poolID) && (username == "" || m.Username == username) {
			list = append(list, message(m))
		}
	}
	slices.Reverse(list)
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(list) // a client that went away is nobody's error
}
