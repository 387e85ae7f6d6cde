package real_test

import (
	"encoding/json"
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake"
)

// TestPolicy compares the policy in the README with the operations that the helpers and the sweep call.
func TestPolicy(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(readme), "```json\n{\n  \"Version\"")
	text, _, _ := strings.Cut(after, "```")
	var policy struct{ Statement []struct{ Action []string } }
	if err := json.Unmarshal([]byte("{\n  \"Version\""+text), &policy); err != nil || len(policy.Statement) != 1 {
		t.Fatalf("the README has no policy of one statement: %v", err)
	}
	want := []string{"cognito-idp:TagResource"} // CreateUserPool with tags asks for it
	for _, operation := range operationsOf(t, "../cognitotest/*.go", "*.go", "cmd/cognitosweep/*.go") {
		if isSigned(operation) {
			want = append(want, "cognito-idp:"+operation)
		}
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, policy.Statement[0].Action); diff != "" {
		t.Errorf("policy in the README (-want +got):\n%s", diff)
	}
}

// operationsOf returns the operations whose inputs some Go files name.
func operationsOf(t *testing.T, patterns ...string) []string {
	t.Helper()
	found := map[string]bool{}
	input := regexp.MustCompile(`\bcip\.(\w+)Input\b`)
	for _, pattern := range patterns {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v, error %v", pattern, files, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range input.FindAllSubmatch(source, -1) {
				found[string(match[1])] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// isSigned reports whether an operation needs credentials, and with them a permission.
func isSigned(operation string) bool {
	s := fake.NewServer(fake.Config{})
	defer s.Close()
	r := httptest.NewRequest("POST", "/", strings.NewReader("{}"))
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService."+operation)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return strings.Contains(w.Body.String(), "MissingAuthenticationTokenException")
}
