package jwks

import (
	"context"
	"fmt"
	"io"
	"net/http"
)

// Fetch gets a JWK set from url and parses it with the rules of [Parse]. A nil
// client is http.DefaultClient. Any status but 200 and a body of more than 1 MiB
// are errors; the content type is not looked at. A redirection is an error too,
// since issuers publish keys where they say: it is followed only by a client that
// has a CheckRedirect of its own.
func Fetch(ctx context.Context, client *http.Client, url string) (*Set, error) {
	document, err := get(ctx, client, url)
	if err != nil {
		return nil, fmt.Errorf("jwks: fetch: %w", err)
	}
	set, err := Parse(document)
	if err != nil {
		return nil, fmt.Errorf("%w (from %s)", err, url)
	}
	return set, nil
}

// get returns the body at url, cut one byte behind the limit that Parse enforces.
func get(ctx context.Context, client *http.Client, url string) ([]byte, error) {
	client = straight(client)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %s", url, resp.Status)
	}
	return io.ReadAll(io.LimitReader(resp.Body, maxDocument+1))
}

// straight returns a client that does not follow redirections, unless the given one
// has rules for them.
func straight(client *http.Client) *http.Client {
	if client == nil {
		client = http.DefaultClient
	}
	if client.CheckRedirect != nil {
		return client
	}
	own := *client
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own
}
