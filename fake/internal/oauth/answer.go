package oauth

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// Answer is what goes back to a client.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Err    error // why it is not what was asked for, or nil
}

// Write writes the answer to a request of this id.
func (a Answer) Write(w http.ResponseWriter, requestID string) {
	h := w.Header()
	for name, values := range a.Header {
		h[name] = values
	}
	h.Set("x-amz-cognito-request-id", requestID)
	h.Set("Server", "Server")
	h.Set("Content-Length", strconv.Itoa(len(a.Body)))
	w.WriteHeader(a.Status)
	w.Write(a.Body) // a client that went away is nobody's error
}

// guarded returns the headers that every answer has.
func guarded() http.Header {
	h := http.Header{}
	h.Set("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate")
	h.Set("Pragma", "no-cache")
	h.Set("Expires", "0")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-XSS-Protection", "1; mode=block")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Strict-Transport-Security", "max-age=31536000 ; includeSubDomains")
	return h
}

// jsonAnswer is an answer to an application.
func jsonAnswer(status int, v any) Answer {
	body, err := json.Marshal(v)
	if err != nil {
		panic(pool.Broken("encoding an answer: %v", err)) // texts and numbers can be encoded
	}
	h := guarded()
	h.Set("Content-Type", "application/json;charset=UTF-8")
	h.Set("Access-Control-Allow-Origin", "*")
	return Answer{Status: status, Header: h, Body: body}
}

// redirect sends a browser elsewhere.
func redirect(to string) Answer {
	h := guarded()
	h.Set("Location", to)
	return Answer{Status: http.StatusFound, Header: h}
}

// html is a page.
func html(status int, page []byte) Answer {
	h := guarded()
	h.Set("Content-Type", "text/html;charset=UTF-8")
	h.Set("Content-Language", "en-US")
	return Answer{Status: status, Header: h, Body: page}
}

// preflight answers a browser that asks whether a script may call an endpoint.
func preflight() Answer {
	h := guarded()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
	h.Set("Access-Control-Allow-Headers", "*, Authorization")
	return Answer{Status: http.StatusOK, Header: h}
}

// methodNotAllowed answers a method that an endpoint does not take (inferred).
func methodNotAllowed(e endpoint) Answer {
	h := guarded()
	for _, m := range []string{http.MethodGet, http.MethodPost} {
		if e.handler(m) != nil {
			h.Add("Allow", m)
		}
	}
	return Answer{Status: http.StatusMethodNotAllowed, Header: h, Err: invalidRequest("")}
}
