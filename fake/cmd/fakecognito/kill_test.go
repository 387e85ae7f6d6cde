package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

var kills = flag.Int("kills", 20, "how often TestKilledProgram kills the program")

// asProgram makes the test binary run as the program.
const asProgram = "FAKECOGNITO_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// writer changes one thing over and over, each time to the next number, and finds out which number a
// server has.
type writer struct {
	name  string
	write func(l *load, n int) error
	read  func(l *load, w *writer) (int, error)

	sent, acknowledged int
}

// load is what works against the program.
type load struct {
	ctx       context.Context
	file      string
	writers   []*writer
	client    *cip.Client
	url       string
	pool, app string
}

// TestKilledProgram kills the program at random moments while several writers change its state. Each time
// it must begin with all that was acknowledged, and with nothing that was never sent.
func TestKilledProgram(t *testing.T) {
	l := &load{file: filepath.Join(t.TempDir(), "state.json"), writers: writers(), ctx: context.Background()}
	random := rand.New(rand.NewPCG(1, uint64(*kills)))
	for i := 0; i < *kills || i < 20**kills && l.idle(); i++ { // on a slow machine a write takes more than one
		program := l.begin(t)
		if i == 0 {
			l.prepare(t)
		}
		l.check(t)
		ctx, stop := context.WithCancel(context.Background())
		l.ctx = ctx
		var working sync.WaitGroup
		for _, w := range l.writers {
			working.Go(func() { w.work(l) })
		}
		time.Sleep(time.Duration(random.Int64N(int64(60 * time.Millisecond))))
		program.Process.Kill()
		program.Wait()
		stop()
		working.Wait()
		l.ctx = context.Background()
		if t.Failed() {
			t.Fatalf("after %d kills", i+1)
		}
	}
	program := l.begin(t)
	l.check(t)
	program.Process.Kill()
	program.Wait()
	for _, w := range l.writers {
		t.Logf("%s: %d writes were acknowledged", w.name, w.acknowledged)
		if w.acknowledged == 0 {
			t.Errorf("%s: no write was acknowledged", w.name)
		}
	}
}

// idle reports whether some writer has had no write acknowledged yet.
func (l *load) idle() bool {
	return slices.ContainsFunc(l.writers, func(w *writer) bool { return w.acknowledged == 0 })
}

// begin starts the program and returns when it answers.
func (l *load) begin(t *testing.T) *exec.Cmd {
	t.Helper()
	program := exec.Command(os.Args[0], "-addr", "127.0.0.1:0", "-data", l.file, "-user-pool", "demo")
	program.Env = append(os.Environ(), asProgram+"=1")
	var stderr syncBuffer
	program.Stderr = &stderr
	stdout, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	exports := readExports(stdout, "COGNITO_CLIENT_ID")
	if exports["COGNITO_CLIENT_ID"] == "" {
		t.Fatalf("the program did not start: %v: %s", program.Wait(), stderr.String())
	}
	if l.pool != "" && l.pool != exports["COGNITO_USER_POOL_ID"] {
		t.Fatalf("pool %s, want %s", exports["COGNITO_USER_POOL_ID"], l.pool)
	}
	l.url = exports["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"]
	l.client, l.pool, l.app = client(exports), exports["COGNITO_USER_POOL_ID"], exports["COGNITO_CLIENT_ID"]
	return program
}

// check compares what the program has with what it has acknowledged.
func (l *load) check(t *testing.T) {
	t.Helper()
	for _, w := range l.writers {
		got, err := w.read(l, w)
		if err != nil || got < w.acknowledged || got > w.sent {
			t.Errorf("%s: %d, %v; want %d, which was acknowledged, to %d, which was sent", w.name, got, err, w.acknowledged, w.sent)
		}
		w.sent, w.acknowledged = got, got
	}
}

// work writes until the program is gone.
func (w *writer) work(l *load) {
	for {
		w.sent++
		if err := w.write(l, w.sent); err != nil {
			return
		}
		w.acknowledged = w.sent
	}
}

func writers() []*writer {
	return []*writer{
		{name: "new users", write: createUser, read: countUsers},
		{name: "sign-ups", write: signUpNext, read: countSignUps},
		{name: "deleted users", write: deleteNext, read: countDeleted},
		{name: "attribute", write: setAttribute, read: getAttribute},
		{name: "password", write: setPassword, read: findPassword},
		{name: "group", write: setGroup, read: getGroup},
		{name: "app client", write: setClient, read: getClient},
		{name: "tag", write: setTag, read: getTag},
	}
}

func (l *load) create(name string) error {
	_, err := l.client.AdminCreateUser(l.ctx, &cip.AdminCreateUserInput{UserPoolId: &l.pool, Username: &name, MessageAction: types.MessageActionTypeSuppress}, once)
	return err
}

func (l *load) delete(name string) error {
	_, err := l.client.AdminDeleteUser(l.ctx, &cip.AdminDeleteUserInput{UserPoolId: &l.pool, Username: &name}, once)
	return err
}

// once leaves out the SDK's repetitions.
func once(o *cip.Options) { o.RetryMaxAttempts = 1 }

// newest returns the greatest number among users whose names begin with a prefix.
func (l *load) newest(prefix string) (int, error) {
	greatest := 0
	pages := cip.NewListUsersPaginator(l.client, &cip.ListUsersInput{UserPoolId: &l.pool, Filter: aws.String(`username ^= "` + prefix + `"`)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(l.ctx)
		if err != nil {
			return 0, err
		}
		for _, u := range page.Users {
			var n int
			if _, err := fmt.Sscanf(*u.Username, prefix+"%d", &n); err != nil {
				return 0, err
			}
			greatest = max(greatest, n)
		}
	}
	return greatest, nil
}

func createUser(l *load, n int) error {
	if err := l.create(fmt.Sprint("user-", n)); err != nil {
		return err
	}
	if n > 3 { // few, so that the state stays small
		l.delete(fmt.Sprint("user-", n-3))
	}
	return nil
}

func countUsers(l *load, _ *writer) (int, error) { return l.newest("user-") }
