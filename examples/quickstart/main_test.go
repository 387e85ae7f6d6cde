package main

import (
	"context"
	"strings"
	"testing"
)

func TestRunPrintsAVerifiedToken(t *testing.T) {
	var out strings.Builder
	if err := run(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	if want := "verified   access of ann, issued by http://127.0.0.1:"; !strings.Contains(out.String(), want) {
		t.Errorf("output lacks %q:\n%s", want, out.String())
	}
}
