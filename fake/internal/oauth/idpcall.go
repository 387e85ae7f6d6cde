package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// The limits of a call to an identity provider.
const (
	providerPatience = 5 * time.Second
	maxDocument      = 1 << 20
)

// badStatus is an answer that tells of a failure.
type badStatus int

func (s badStatus) Error() string { return http.StatusText(int(s)) }

// fetch calls a provider and reads the JSON object that it answers: by a GET, or a POST of a form.
func (i *idp) fetch(method, target string, form url.Values, edit ...func(*http.Request)) (map[string]any, error) {
	ctx, cancel := i.store.Clock.WithTimeout(i.http.Context(), providerPatience)
	defer cancel()
	r, err := newRequest(ctx, method, target, form)
	if err != nil {
		return nil, err
	}
	for _, change := range edit {
		change(r)
	}
	answer, err := i.outward.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, badStatus(answer.StatusCode)
	}
	var object map[string]any
	numbers := json.NewDecoder(io.LimitReader(answer.Body, maxDocument))
	numbers.UseNumber()
	return object, numbers.Decode(&object)
}

// newRequest makes a request whose form is in its body or, by GET, in its query.
func newRequest(ctx context.Context, method, target string, form url.Values) (*http.Request, error) {
	if method == http.MethodPost || method == "" && form != nil {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, target, strings.NewReader(form.Encode()))
		if err == nil {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Accept", "application/json")
		}
		return r, err
	}
	return http.NewRequestWithContext(ctx, http.MethodGet, target+suffix("?", form.Encode()), nil)
}

// failed returns how the service words the failure of a call.
func (i *idp) failed(err error, what string) error {
	var status badStatus
	switch {
	case errors.As(err, &status):
		return invalidRequest(fmt.Sprintf("%s Error - %d error getting %s", *i.provider.ProviderName, int(status), what))
	case errors.Is(err, context.DeadlineExceeded) && what == "jwks":
		return invalidRequest("Timeout in calling jwks uri")
	case errors.Is(err, context.DeadlineExceeded) && what == "token":
		return invalidRequest("Timeout occurred in calling IdP token endpoint")
	case errors.Is(err, context.DeadlineExceeded):
		return invalidRequest("Read timed out")
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF):
		return invalidRequest("Connection reset")
	}
	i.logf("cognitotest: calling the identity provider %s for its %s: %v", *i.provider.ProviderName, what, err)
	return invalidRequest(fmt.Sprintf("%s Error - error getting %s", *i.provider.ProviderName, what))
}
