package interop

import (
	"bufio"
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// background runs a program until the test ends, and returns the lines that it prints.
func background(t *testing.T, program string, args ...string) *bufio.Scanner {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Wait() }) // it was ended with the test
	return bufio.NewScanner(out)
}

// fakecognito builds the program and runs it with a pool, and returns what it exports.
func fakecognito(t *testing.T, args ...string) map[string]string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "fakecognito")
	build := exec.Command(need(t, "go", "the program is built here"), "build", "-C", "../..", "-o", program, "./fake/cmd/fakecognito")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatal(string(out), err)
	}
	exports := map[string]string{}
	lines := background(t, program, append([]string{"-addr", "127.0.0.1:0", "-user-pool", "demo"}, args...)...)
	for exports["COGNITO_CLIENT_ID"] == "" && lines.Scan() {
		name, value, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "export "), "=")
		exports[name] = value
	}
	return exports
}

// signUpAt signs somebody up, by an e-mail address, at a pool that a program exports, and returns
// whether that confirmed the user, or the error.
func signUpAt(exports map[string]string, email string) string {
	client := cip.New(cip.Options{Region: exports["AWS_REGION"], BaseEndpoint: aws.String(exports["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"])})
	out, err := client.SignUp(context.Background(), &cip.SignUpInput{
		ClientId: aws.String(exports["COGNITO_CLIENT_ID"]), Username: aws.String("ann"), Password: aws.String("Correct-Horse-7"),
		UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: &email}},
	})
	switch {
	case err != nil:
		return err.Error()
	case out.UserConfirmed:
		return "confirmed"
	}
	return "unconfirmed"
}

// TestFunctionsInOtherLanguages has fakecognito call a pre sign-up function that another program serves.
func TestFunctionsInOtherLanguages(t *testing.T) {
	for language, command := range map[string]func(*testing.T) []string{
		"Python":     func(t *testing.T) []string { return []string{needPython(t, "http.server"), "python/function.py"} },
		"JavaScript": func(t *testing.T) []string { return []string{needNode(t), "node/function.js"} },
	} {
		t.Run(language, func(t *testing.T) {
			words := command(t)
			function := background(t, words[0], words[1:]...)
			function.Scan()
			exports := fakecognito(t, "-trigger", "PreSignUp="+function.Text())
			if got, want := signUpAt(exports, "ann@example.org"), "PreSignUp failed with error only people of example.com can sign up."; !strings.HasSuffix(got, want) {
				t.Errorf("ann@example.org: %s, want %s", got, want)
			}
			if got := signUpAt(exports, "ann@example.com"); got != "confirmed" {
				t.Errorf("ann@example.com: %s, want confirmed", got)
			}
		})
	}
}
