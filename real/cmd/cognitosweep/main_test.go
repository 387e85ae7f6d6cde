package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
	"github.com/cognitotest/cognito/real"
)

// leave makes an account, the environment's, in which a test run has left a pool, whose id it returns.
func leave(t *testing.T) (poolID string) {
	t.Helper()
	s := fake.NewServer(fake.Config{Region: "xx-sweep-1"})
	url, err := s.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	for name, value := range map[string]string{
		"COGNITOTEST_REAL": "1", "COGNITOTEST_POOL_ID": "", "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": url, "AWS_REGION": "xx-sweep-1",
		"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "",
	} {
		t.Setenv(name, value)
	}
	p, err := cognitotest.Start(t.Context(), real.FromEnv()) // and nobody closes it
	if err != nil {
		t.Fatal(err)
	}
	return p.PoolID
}

func TestSweep(t *testing.T) {
	poolID := leave(t)
	for _, step := range []struct {
		why    string
		args   []string
		status int
		out    []string // parts of what is printed
	}{
		{"no age", nil, 2, []string{"say how old is old enough"}},
		{"an age that is none", []string{"-older-than", "old"}, 2, []string{"invalid value"}},
		{"something more", []string{"-older-than", "1h", "now"}, 2, []string{"say how old"}},
		{"nothing is old", []string{"-older-than", "1h"}, 0, []string{"0 removed, 0 left"}},
		{"a dry run", []string{"-older-than", "1ns", "-dry-run"}, 0, []string{"KIND", "pool", poolID, "cognitotest-", "1 to remove"}},
		{"which changes nothing", []string{"-older-than", "1ns", "-dry-run"}, 0, []string{poolID, "1 to remove"}},
		{"the sweep", []string{"-older-than", "1ns"}, 0, []string{poolID, "swept 1 of 1", "1 removed, 0 left"}},
		{"which is done", []string{"-older-than", "1ns"}, 0, []string{"0 removed, 0 left"}},
		{"a pool that is not there", []string{"-older-than", "1ns", "-pool", "xx-sweep-1_Nowhere00"}, 1, []string{"xx-sweep-1_Nowhere00 does not exist"}},
	} {
		var out bytes.Buffer
		if status := run(t.Context(), step.args, &out, &out); status != step.status {
			t.Errorf("%s: exit status = %d, want %d", step.why, status, step.status)
		}
		for _, part := range step.out {
			if !strings.Contains(out.String(), part) {
				t.Errorf("%s: printed %q, want %q", step.why, out.String(), part)
			}
		}
	}
}
