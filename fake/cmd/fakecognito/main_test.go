package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// start runs the program until the test ends and returns the exports that it has printed.
func start(t *testing.T, stderr io.Writer, args ...string) map[string]string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		defer w.Close()
		done <- run(ctx, append([]string{"-addr", "127.0.0.1:0"}, args...), w, stderr)
	}()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	return readExports(r, lastExport(args))
}

// readExports returns what the program prints, up to an export.
func readExports(r io.Reader, last string) map[string]string {
	exports := map[string]string{}
	for lines := bufio.NewScanner(r); lines.Scan(); {
		name, value, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "export "), "=")
		exports[name] = value
		if name == last {
			break
		}
	}
	return exports
}

func lastExport(args []string) string {
	switch text := strings.Join(args, " "); {
	case strings.Contains(text, "-client-secret"):
		return "COGNITO_CLIENT_SECRET"
	case strings.Contains(text, "-user-pool"):
		return "COGNITO_CLIENT_ID"
	}
	return "AWS_SECRET_ACCESS_KEY"
}

func client(exports map[string]string) *cip.Client {
	return cip.New(cip.Options{
		Region: exports["AWS_REGION"], BaseEndpoint: aws.String(exports["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"]),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: exports["AWS_ACCESS_KEY_ID"], SecretAccessKey: exports["AWS_SECRET_ACCESS_KEY"]}, nil
		}),
	})
}

func TestExportsLeadToAPoolAndAClient(t *testing.T) {
	exports := start(t, io.Discard, "-region", "eu-west-1", "-user-pool", "demo", "-client-secret")
	out, err := client(exports).DescribeUserPoolClient(context.Background(), &cip.DescribeUserPoolClientInput{
		UserPoolId: aws.String(exports["COGNITO_USER_POOL_ID"]), ClientId: aws.String(exports["COGNITO_CLIENT_ID"]),
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := *out.UserPoolClient.ClientSecret, exports["COGNITO_CLIENT_SECRET"]; got != want || !strings.HasPrefix(*out.UserPoolClient.UserPoolId, "eu-west-1_") {
		t.Errorf("secret %s of %s, want %s in eu-west-1", got, *out.UserPoolClient.UserPoolId, want)
	}
}

func TestMessagesAreListedNewestFirst(t *testing.T) {
	exports := start(t, io.Discard)
	c, ctx := client(exports), context.Background()
	pool, err := c.CreateUserPool(ctx, &cip.CreateUserPoolInput{
		PoolName: aws.String("demo"), AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail},
	})
	if err != nil {
		t.Fatal(err)
	}
	app, err := c.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{UserPoolId: pool.UserPool.Id, ClientName: aws.String("demo")})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ann", "bob"} {
		_, err := c.SignUp(ctx, &cip.SignUpInput{
			ClientId: app.UserPoolClient.ClientId, Username: &name, Password: aws.String("Correct-Horse-7"),
			UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: aws.String(name + "@example.com")}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	base := exports["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"] + "/_fakecognito/messages"
	for query, want := range map[string][]string{
		"":              {"bob", "ann"},
		"?username=ann": {"ann"},
		"?pool_id=" + *pool.UserPool.Id + "&username=bob": {"bob"},
		"?pool_id=us-east-1_other":                        {},
	} {
		r, err := http.Get(base + query)
		if err != nil {
			t.Fatal(err)
		}
		var got []struct {
			Username, To, Code, Medium string
		}
		err = json.NewDecoder(r.Body).Decode(&got)
		r.Body.Close()
		if err != nil || len(got) != len(want) {
			t.Fatalf("%q: %v, %v; want messages to %v", query, got, err, want)
		}
		for i, m := range got {
			if m.Username != want[i] || m.To != want[i]+"@example.com" || len(m.Code) != 6 || m.Medium != "EMAIL" {
				t.Errorf("%q: message %d = %+v, want one to %s", query, i, m, want[i])
			}
		}
	}
}

// syncBuffer is a strings.Builder for two goroutines.
type syncBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func TestListeningBeyondLoopbackIsSaidLoudly(t *testing.T) {
	var quiet, loud syncBuffer
	start(t, &quiet)
	everywhere := start(t, &loud, "-addr", "0.0.0.0:0")
	if url := everywhere["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"]; !strings.HasPrefix(url, "http://localhost:") {
		t.Errorf("every interface: URL %s, want one of localhost", url)
	}
	if strings.Contains(quiet.String(), "WARNING") || !strings.Contains(loud.String(), "WARNING") {
		t.Errorf("loopback: %q; every interface: %q", quiet.String(), loud.String())
	}
}

func TestTheLinkForPeople(t *testing.T) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	for _, args := range [][]string{{}, {"-addr", "0.0.0.0:0"}, {"-inspector-token", "a b"}} {
		var printed syncBuffer
		exports := start(t, &printed, args...)
		_, link, _ := strings.Cut(strings.TrimSpace(printed.String()), "for people: ")
		if got := strings.Contains(link, "token="); got != (len(args) > 0) {
			t.Errorf("%v: link %s; want a token in it where one is asked for", args, link)
		}
		messages := exports["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"] + "/_fakecognito/messages"
		if got, want := status(t, http.DefaultClient, messages), 401; len(args) > 0 && got != want {
			t.Errorf("%v: messages answer %d to anybody, want %d", args, got, want)
		}
		for _, url := range []string{link, messages} {
			if got := status(t, browser, url); got != 200 {
				t.Errorf("%v: %s answers %d to who has followed the link, want 200", args, url, got)
			}
		}
	}
}

func status(t *testing.T, c *http.Client, url string) int {
	t.Helper()
	r, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	return r.StatusCode
}

func TestUsageErrors(t *testing.T) {
	for name, args := range map[string][]string{
		"unknown flag":     {"-nosuch"},
		"stray argument":   {"demo"},
		"no such address":  {"-addr", "nowhere"},
		"address in words": {"-addr", "127.0.0.1:port"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := run(context.Background(), args, io.Discard, io.Discard); err == nil {
				t.Error("no error")
			}
		})
	}
}
