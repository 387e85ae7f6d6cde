package interop

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// moto starts moto_server, which is somebody else's fake of AWS, and returns its URL.
func moto(t *testing.T) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), need(t, "moto_server", "pip install -r examples/interop/requirements.txt"), "-H", "127.0.0.1", "-p", "0")
	log, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Wait() }) // it was ended with the test
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if _, url, ok := strings.Cut(lines.Text(), "Running on "); ok {
			go func() {
				for lines.Scan() { // so that it can go on writing
				}
			}()
			return strings.Fields(url)[0]
		}
	}
	t.Fatal("moto_server does not run")
	return ""
}

// TestRealOnMoto has package real run the tests of examples/real on moto, as it would on AWS. moto takes calls
// that nobody signs, such as GlobalSignOut, for calls to us-east-1.
func TestRealOnMoto(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), need(t, "go", "the tests are built here"), "test", "-count=1", "-v", "./examples/real")
	cmd.Dir = "../.."
	cmd.Env = append(os.Environ(), "COGNITOTEST_REAL=1", "COGNITOTEST_POOL_ID=", "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER="+moto(t),
		"AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY=secret", "AWS_SESSION_TOKEN=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got := strings.Count(string(out), "--- PASS"); got != 4 {
		t.Errorf("%d tests passed, want 4:\n%s", got, out)
	}
}
