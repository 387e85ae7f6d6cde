//go:build integration

package backendtest_test

import (
	"testing"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/cognitotest/backendtest"
	"github.com/cognitotest/cognito/real"
)

// TestReal runs the contract on AWS, in pools that it makes and deletes: behaviours change the settings of
// their pool, and delete it.
func TestReal(t *testing.T) {
	config := real.ConfigFromEnv()
	if config.PoolID != "" {
		t.Fatalf("the contract changes settings and deletes pools, so it makes its own; unset COGNITOTEST_POOL_ID")
	}
	config.Logf = t.Logf
	b, err := real.New(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	backendtest.Run(t, func(t *testing.T, opts ...cognitotest.Option) *cognitotest.Provider {
		t.Helper()
		return cognitotest.New(t, append(opts, cognitotest.WithBackend(b))...)
	})
}
