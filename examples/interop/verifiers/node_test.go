package verifiers

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/cognitotest/cognito/cognitotest"
)

// onNode makes verifiers of ../node/verify.js, as shown or complete, which run until the end of the test.
func onNode(as string) maker {
	return func(t *testing.T, p *cognitotest.Provider) func(token string) error {
		return startNode(t, p, "../node/verify.js", as)
	}
}

func startNode(t *testing.T, p *cognitotest.Provider, args ...string) func(token string) error {
	t.Helper()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, p.Fake(t).CACert(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", args...)
	cmd.Env = append(os.Environ(), "NODE_EXTRA_CA_CERTS="+ca,
		"POOL_URL="+p.URL, "COGNITO_USER_POOL_ID="+p.PoolID, "COGNITO_CLIENT_ID="+p.ClientID)
	cmd.Stderr = t.Output()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	n := &node{in: json.NewEncoder(in), waiting: map[int]chan nodeAnswer{}}
	done := make(chan struct{})
	go func() { defer close(done); n.listen(out) }()
	t.Cleanup(func() { in.Close(); <-done; cmd.Wait() })
	return n.verify
}

// node is a program that verifies tokens, a line each.
type node struct {
	mu      sync.Mutex // guards all below
	in      *json.Encoder
	last    int
	waiting map[int]chan nodeAnswer // nil once the program has ended
}

type nodeAnswer struct {
	ID    int
	Error *string // nil: the token is good
}

// verify panics where the program has ended, since that is no answer.
func (n *node) verify(token string) error {
	answer := make(chan nodeAnswer, 1)
	if err := n.ask(token, answer); err != nil {
		panic(err)
	}
	a, ok := <-answer
	switch {
	case !ok:
		panic("the program has ended")
	case a.Error != nil:
		return errors.New(*a.Error)
	}
	return nil
}

func (n *node) ask(token string, answer chan nodeAnswer) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.waiting == nil {
		return errors.New("the program has ended")
	}
	n.last++
	n.waiting[n.last] = answer
	return n.in.Encode(map[string]any{"id": n.last, "token": token})
}

// listen hands out the answers.
func (n *node) listen(out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var a nodeAnswer
		if json.Unmarshal(lines.Bytes(), &a) == nil {
			n.answer(a)
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, answer := range n.waiting {
		close(answer)
	}
	n.waiting = nil
}

func (n *node) answer(a nodeAnswer) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if answer, ok := n.waiting[a.ID]; ok {
		answer <- a
		delete(n.waiting, a.ID)
	}
}
