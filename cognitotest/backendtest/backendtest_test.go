package backendtest_test

import (
	"testing"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/cognitotest/backendtest"
)

func TestFake(t *testing.T) {
	backendtest.Run(t, func(t *testing.T, opts ...cognitotest.Option) *cognitotest.Provider {
		return exporting(t, cognitotest.New(t, opts...))
	})
}

func TestBehavioursAreDistinctSentences(t *testing.T) {
	seen := map[string]bool{}
	for _, b := range backendtest.Behaviours() {
		if seen[b.Name] {
			t.Errorf("two behaviours are called %q", b.Name)
		}
		seen[b.Name] = true
	}
}
