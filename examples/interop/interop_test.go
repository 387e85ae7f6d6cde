package interop

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cognitotest/cognito/cognitotest"
)

// need returns the path of a client, or skips the test where this machine does not have it.
func need(t *testing.T, program, hint string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("%s is not installed: %s", program, hint)
	}
	return path
}

// needPython returns a Python that has these modules, or skips the test.
func needPython(t *testing.T, modules string) string {
	t.Helper()
	python := need(t, "python", "install Python")
	if err := exec.Command(python, "-c", "import "+modules).Run(); err != nil {
		t.Skip("the packages are not installed: pip install -r examples/interop/requirements.txt")
	}
	return python
}

// needNode returns a Node.js that finds these packages, or skips the test.
func needNode(t *testing.T, packages ...string) string {
	t.Helper()
	node := need(t, "node", "install Node.js")
	for _, name := range packages {
		if _, err := os.Stat("node/node_modules/" + name); err != nil {
			t.Skip("the packages are not installed: npm ci --prefix examples/interop/node")
		}
	}
	return node
}

// onJVM returns the command that runs a program of a Maven project, or skips the test.
func onJVM(t *testing.T, project, class string) []string {
	t.Helper()
	java := need(t, "java", "install a JDK")
	path := filepath.Join(project, "target", "classes")
	if _, err := os.Stat(filepath.Join(path, class+".class")); err != nil {
		t.Skipf("the programs are not built: mvn -f examples/interop/%s compile", project)
	}
	path += string(filepath.ListSeparator) + filepath.Join(project, "target", "dependency", "*")
	return []string{java, "-cp", path, class}
}

// run runs a program that is led to the pool by its environment, and returns its standard output.
func run(t *testing.T, p *cognitotest.Provider, program string, args ...string) (stdout string, err error) {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), p.Env()...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return out.String(), errors.Join(err, errors.New(strings.TrimSpace(errs.String())))
	}
	return out.String(), nil
}

// converse runs a program that may ask for the code that was delivered last to the user in its
// environment, in a line "code?", and returns the other line that it prints.
func converse(t *testing.T, p *cognitotest.Provider, command ...string) (answer string) {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	var errs bytes.Buffer
	cmd.Env, cmd.Stderr = append(os.Environ(), p.Env()...), &errs
	in, errIn := cmd.StdinPipe()
	out, errOut := cmd.StdoutPipe()
	if err := errors.Join(errIn, errOut, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if answer = lines.Text(); answer == "code?" {
			fmt.Fprintln(in, p.User(t, os.Getenv("USERNAME")).Code(t))
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err, errs.String())
	}
	return answer
}

// decode reads a client's JSON output.
func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("output is no JSON: %v\n%s", err, text)
	}
	return v
}
