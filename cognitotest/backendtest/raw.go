package backendtest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
)

// tap keeps the newest answer of the HTTP client that it lets calls through to.
type tap struct {
	client *http.Client
	body   []byte
}

// tapped returns an SDK client of the provider and the tap that it goes through.
func tapped(p *cognitotest.Provider) (*cip.Client, *tap) {
	through := &tap{client: p.HTTPClient()}
	config := p.AWSConfig()
	config.HTTPClient = smithyhttp.ClientDoFunc(through.send)
	return cip.NewFromConfig(config), through
}

// send sends a request and keeps the answer.
func (c *tap) send(r *http.Request) (*http.Response, error) {
	answer, err := c.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	c.body, err = io.ReadAll(answer.Body)
	answer.Body = io.NopCloser(bytes.NewReader(c.body))
	return answer, err
}

// member returns one member of the newest answer, a JSON object in an object.
func (c *tap) member(t *testing.T, name string) map[string]any {
	t.Helper()
	var answer map[string]map[string]any
	if err := json.Unmarshal(c.body, &answer); err != nil {
		t.Fatalf("the answer is not what it should be: %v: %s", err, c.body)
	}
	return answer[name]
}

// wantJSON compares a decoded JSON object with a JSON text, but for members that are tested
// otherwise.
func wantJSON(t *testing.T, got map[string]any, want string, but ...string) {
	t.Helper()
	var expected map[string]any
	if err := json.Unmarshal([]byte(want), &expected); err != nil {
		t.Fatal(err)
	}
	for _, name := range but {
		if _, present := got[name]; !present {
			t.Errorf("%s is missing", name)
		}
		delete(got, name)
	}
	if diff := cmp.Diff(expected, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
