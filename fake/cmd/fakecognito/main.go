// Fakecognito serves a fake of Amazon Cognito user pools, for the AWS CLI, for programs in other
// languages and for people:
//
//	fakecognito -user-pool demo > cognito.env &
//	. ./cognito.env
//	aws cognito-idp list-user-pools --max-results 10
//
// It prints shell exports that lead AWS SDKs and the AWS CLI to it and, where -user-pool is given,
// the ids of a pool and an app client that it has made. It ends cleanly on SIGINT and SIGTERM.
//
// Pages for people are at /_fakecognito/: pools, users, messages, calls, tokens, faults and the clock.
// Delivered messages, with the codes in them, are also JSON, newest first, at
// GET /_fakecognito/messages?pool_id=…&username=…. Where the address is beyond loopback both want a
// token, the one of -inspector-token or a random one that is printed at start: people in the link that is
// printed, programs as Authorization: Bearer TOKEN.
//
// -trigger makes that pool call a Lambda function that runs elsewhere, in any language, behind the
// invoke API as the Lambda runtime interface emulator and SAM serve it; -function does so for an ARN
// that the LambdaConfig of any pool names. Both can be given several times:
//
//	fakecognito -user-pool demo -trigger PreSignUp=http://127.0.0.1:9001/2015-03-31/functions/function/invocations
//
// -data keeps the state in a file: pools with everything in them, messages, and how the clock was moved.
// The program begins with what the file holds, and no call is answered before the file holds what it has
// changed. Killed at any moment, the program goes on from there. Keys are never written: sign-ins and
// tokens end with the program. The file is JSON, in the format of fake.Server.Import; it holds passwords,
// secrets and codes in clear, and only its owner can read it. A second program is refused the same file,
// but on Windows, Solaris and AIX. A file that cannot be loaded stays as it is, and ends the program with
// status 2:
//
//	fakecognito -user-pool demo -data cognito.json
//
// -schema prints the JSON Schema of that format.
//
// Custom senders get codes that the AWS Encryption SDK decrypts with a raw AES-256 key of the namespace
// cognitotest and the name custom-sender: the export COGNITO_SENDER_KEY, in base64.
package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/cognitotest/cognito/fake"
	"github.com/cognitotest/cognito/fake/cmd/fakecognito/internal/inspector"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); {
	case errors.Is(err, flag.ErrHelp):
	case errors.As(err, new(unusable)):
		fmt.Fprintln(os.Stderr, "fakecognito:", err)
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "fakecognito:", err)
		os.Exit(1)
	}
}

// settings are what the flags say.
type settings struct {
	addr, region, url, pool string
	token                   string
	data                    string
	secret, schema          bool
	triggers, functions     []function
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("fakecognito", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.addr, "addr", "127.0.0.1:9229", "address to listen at; port 0 means any free one")
	flags.StringVar(&s.region, "region", fake.DefaultRegion, "region of pools that are created by calls that name none")
	flags.StringVar(&s.url, "url", "", "base URL by which others reach the server, if not the address; tokens name it as their issuer")
	flags.StringVar(&s.pool, "user-pool", "", "make a user pool of this name, with an app client, at start")
	flags.BoolVar(&s.secret, "client-secret", false, "give that app client a secret")
	flags.StringVar(&s.token, "inspector-token", "", "token that the pages at "+inspector.Path+" want of visitors; a random one where the address is beyond loopback")
	flags.StringVar(&s.data, "data", "", "keep the state in a `FILE`, with passwords and secrets in clear, and begin with what it holds")
	flags.BoolVar(&s.schema, "schema", false, "print the JSON Schema of that file, and end")
	flags.Func("trigger", "make that user pool call a Lambda function: `NAME=URL`, such as PreSignUp=http://127.0.0.1:9001"+invokePath+" (repeatable)", addTo(&s.triggers))
	flags.Func("function", "call a Lambda function where the LambdaConfig of a pool names an ARN: `ARN=URL` (repeatable)", addTo(&s.functions))
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if len(s.triggers) > 0 && s.pool == "" {
		return s, errors.New("-trigger is of the pool that -user-pool makes: add -user-pool NAME, or use -function for pools that others make")
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q; run fakecognito -h for the flags", flags.Arg(0))
	}
	return s, nil
}

// run serves until the context ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	s, err := parse(args, stderr)
	if err != nil {
		return err
	}
	if s.schema {
		_, err := io.WriteString(stdout, fake.FixtureSchema())
		return err
	}
	logger := log.New(stderr, "", log.LstdFlags)
	listener, err := net.Listen("tcp", s.addr)
	if err != nil {
		return fmt.Errorf("listening: %w; choose another address with -addr", err)
	}
	if s.url == "" {
		s.url = "http://" + reachable(listener.Addr())
	}
	if public(listener.Addr()) {
		s.token = cmp.Or(s.token, rand.Text())
		logger.Printf("WARNING: listening at %s, beyond this machine's loopback interface: whoever reaches it can read and change everything in it", listener.Addr())
	}
	server := fake.NewServer(fake.Config{Region: s.region, Issuer: strings.TrimSuffix(s.url, "/"), Logf: logger.Printf})
	defer server.Close()
	for _, f := range s.functions {
		server.BindFunction(f.name, fake.LambdaEndpoint(f.url, nil))
	}
	visit := inspector.Options{URL: strings.TrimSuffix(s.url, "/"), Token: s.token}
	k, err := keep(server, s.data, logger.Printf)
	if err != nil {
		return err
	}
	defer k.Close() // which logs its errors
	exports, err := s.exports(ctx, server)
	if err := errors.Join(err, k.save()); err != nil {
		return err
	}
	logger.Printf("for people: %s", visit.Link())
	if err := announce(exports, stdout); err != nil {
		return err
	}
	return serve(ctx, listener, k.handler(handler(server, visit)))
}

// handler serves the fake and, beside it, what only a fake has.
func handler(server *fake.Server, visit inspector.Options) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", server)
	mux.Handle(inspector.Path, inspector.New(server, visit))
	return mux
}

// reachable returns the host and port by which this machine reaches an address: localhost, where the
// server listens at all of them.
func reachable(addr net.Addr) string {
	if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("localhost:%d", tcp.Port)
	}
	return addr.String()
}

// public reports whether others can reach the server at an address, where everybody may do everything.
func public(addr net.Addr) bool {
	tcp, ok := addr.(*net.TCPAddr)
	return ok && !tcp.IP.IsLoopback()
}

// serve answers until the context ends, and then lets the requests under way finish.
func serve(ctx context.Context, listener net.Listener, h http.Handler) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return server.Shutdown(ending)
}

// exports returns what leads others to the server, with a new pool and client where they are asked for.
func (s settings) exports(ctx context.Context, server *fake.Server) ([][2]string, error) {
	exports := [][2]string{
		{"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", s.url},
		{"AWS_REGION", s.region},
		{"AWS_DEFAULT_REGION", s.region},
		{"COGNITO_SENDER_KEY", base64.StdEncoding.EncodeToString(server.SenderKey())},
		{"AWS_ACCESS_KEY_ID", "fakecognito"},
		{"AWS_SECRET_ACCESS_KEY", "fakecognito"},
	}
	if s.pool == "" {
		return exports, nil
	}
	made, err := userPool(ctx, server, s)
	return append(exports, made...), err
}

// announce prints exports for a shell.
func announce(exports [][2]string, stdout io.Writer) error {
	for _, e := range exports {
		if _, err := fmt.Fprintf(stdout, "export %s=%s\n", e[0], e[1]); err != nil {
			return err
		}
	}
	return nil
}
