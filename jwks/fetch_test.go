package jwks_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/jwks"
)

// serve publishes a set and counts how often it was asked for.
func serve(t testing.TB, set *jwks.Set) (requests *atomic.Int32, url string) {
	t.Helper()
	requests = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		json.NewEncoder(w).Encode(set)
	}))
	t.Cleanup(server.Close)
	return requests, server.URL
}

func TestFetch(t *testing.T) {
	const empty = `{"keys":[]}`
	tests := []struct {
		reason  string
		status  int
		header  string // Content-Type
		body    string
		wantErr string
	}{
		{"a document", 200, "application/json", empty, ""},
		{"the content type does not matter", 200, "text/html", empty, ""},
		{"a document of one mebibyte", 200, "", empty + strings.Repeat(" ", 1<<20-len(empty)), ""},
		{"one byte more", 200, "", empty + strings.Repeat(" ", 1<<20-len(empty)+1), "larger than 1048576 bytes"},
		{"not found", 404, "application/json", empty, "answered 404 Not Found"},
		{"another success", 201, "application/json", empty, "answered 201 Created"},
		{"server error", 500, "application/json", empty, "answered 500 Internal Server Error"},
		{"not a document", 200, "application/json", "<html>", "malformed document"},
	}
	for _, tt := range tests {
		t.Run(tt.reason, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", tt.header)
				w.WriteHeader(tt.status)
				w.Write([]byte(tt.body))
			}))
			defer server.Close()
			for _, client := range []*http.Client{nil, server.Client()} {
				set, err := jwks.Fetch(t.Context(), client, server.URL)
				checkError(t, err, tt.wantErr)
				if got, want := set != nil, tt.wantErr == ""; got != want {
					t.Errorf("got a set: %t, want %t", got, want)
				}
			}
		})
	}
}

func TestFetchKeys(t *testing.T) {
	_, url := serve(t, signer().Set())
	got, err := jwks.Fetch(t.Context(), nil, url)
	checkError(t, err, "")
	if diff := cmp.Diff(got, signer().Set()); diff != "" {
		t.Errorf("set (-got +want):\n%s", diff)
	}
}

func TestFetchCancelled(t *testing.T) {
	requests, url := serve(t, signer().Set())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := jwks.Fetch(ctx, nil, url); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	if got := requests.Load(); got != 0 {
		t.Errorf("%d requests, want none", got)
	}
}

func TestFetchBadURL(t *testing.T) {
	_, err := jwks.Fetch(t.Context(), nil, "http://\x00/")
	checkError(t, err, "jwks: fetch:")
}

func TestFetchRedirections(t *testing.T) {
	requests, elsewhere := serve(t, signer().Set())
	server := httptest.NewServer(http.RedirectHandler(elsewhere, http.StatusFound))
	t.Cleanup(server.Close)
	follow := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return nil }}
	for _, tt := range []struct {
		reason  string
		client  *http.Client
		wantErr string
	}{
		{"no client", nil, "answered 302 Found"},
		{"a client without rules", new(http.Client), "answered 302 Found"},
		{"a client that wants to", follow, ""},
	} {
		t.Run(tt.reason, func(t *testing.T) {
			before := requests.Load()
			_, err := jwks.Fetch(t.Context(), tt.client, server.URL)
			checkError(t, err, tt.wantErr)
			if got, want := requests.Load()-before == 1, tt.wantErr == ""; got != want {
				t.Errorf("followed: %t, want %t", got, want)
			}
		})
	}
}
