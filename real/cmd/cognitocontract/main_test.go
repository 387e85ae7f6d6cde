package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest/backendtest"
)

// sentence is a behaviour of the contract, as go test names its test.
func sentence(i int) string { return strings.ReplaceAll(backendtest.Behaviours()[i].Name, " ", "_") }

// events writes what go test -json would.
func events(t testing.TB, list ...event) string {
	t.Helper()
	var b strings.Builder
	for _, e := range list {
		line, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	return b.String()
}

func ended(name string, how result, lines ...string) []event {
	list := []event{{"run", name, ""}, {"output", name, "=== RUN   " + name + "\n"}}
	for _, line := range lines {
		list = append(list, event{"output", name, line + "\n"})
	}
	return append(list, event{"output", name, "    --- " + strings.ToUpper(string(how)) + ": " + name + " (0.00s)\n"}, event{string(how), name, ""})
}

// together are the events of several tests.
func together(t testing.TB, tests ...[]event) string {
	var all strings.Builder
	for _, list := range tests {
		all.WriteString(events(t, list...))
	}
	return all.String()
}

// story is a run with an end of each kind.
func story(t testing.TB) string {
	return together(t,
		ended("TestFake/"+sentence(0), passed, `    check.go:9: reported: the text of X is "as inferred"`, `    check.go:9: reported: the text of Y is "the same"`),
		ended("TestReal/"+sentence(0), passed, `    check.go:9: reported: the text of X is "of us-east-1_AbCdEfGhI"`, `    check.go:9: reported: the text of Y is "the same"`),
		ended("TestReal/"+sentence(1)+"/a_part", failed, `    pool.go:7: error (-want +got):`, `        - "User pool does not exist."`, `        + "User pool us-east-1_AbCdEfGhI does not exist."`),
		ended("TestReal/"+sentence(1)+"/a_good_part", passed, `    pool.go:8: all is well`),
		ended("TestReal/"+sentence(1), failed),
		ended("TestReal/"+sentence(2), skipped, "    power.go:27: needs the fake: of a | reason"),
		ended("TestReal/"+sentence(3)+"/a_part", skipped, "    power.go:27: needs the fake: of another"),
		ended("TestReal/"+sentence(3), passed),
		[]event{{"run", "TestReal/" + sentence(4), ""}},
	)
}

func TestReport(t *testing.T) {
	r := newRecord()
	if err := r.read(strings.NewReader(story(t)), &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	of := func(i int) string { return backendtest.Behaviours()[i].Name }
	want := `# The contract of user pools on a real pool

- run against: a test

| behaviours | passed | failed | skipped | unfinished |
|---|---|---|---|---|
| 5 | 2 | 1 | 1 | 1 |

## Differences

Where the contract says ` + "`-`, the pool said `+`" + `.

### ` + of(1) + `

` + "````" + `
a part:
    pool.go:7: error (-want +got):
        - "User pool does not exist."
        + "User pool ‹pool› does not exist."
` + "````" + `

## What the contract does not know

Texts of which it knows the code alone, and answers that it infers: where the pool and the fake differ.

### ` + of(0) + `

- the pool: the text of X is "of ‹pool›"
- the fake: the text of X is "as inferred"

## Skipped

| behaviours | reason |
|---|---|
| 1 | needs the fake: of a \| reason |

## Every behaviour

| behaviour | result |
|---|---|
| ` + of(0) + ` | pass |
| ` + of(1) + ` | fail |
| ` + of(2) + ` | skip: needs the fake: of a \| reason |
| ` + of(3) + ` | pass, 1 of 1 parts skipped |
| ` + of(4) + ` | unfinished |
`
	if diff := cmp.Diff(want, r.markdown("- run against: a test\n")); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

func TestExitStatus(t *testing.T) {
	folder := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	out := filepath.Join(folder, "report.md")
	for _, row := range []struct {
		why    string
		args   []string
		status int
		print  string
	}{
		{"an unknown flag", []string{"-such"}, 2, "not defined: -such"},
		{"an argument", []string{"report.md"}, 2, "no arguments but flags"},
		{"no such file", []string{"-from", filepath.Join(folder, "absent")}, 1, "no such file"},
		{"the contract holds", []string{"-o", out, "-from", file("good", together(t, ended("TestReal/"+sentence(0), passed)))}, 0, "1 passed, 0 failed"},
		{"it does not", []string{"-o", out, "-from", file("bad", story(t))}, 1, "2 passed, 1 failed"},
		{"it was not run, as there are no credentials", []string{"-o", out, "-from", file("none", together(t, ended("TestReal", failed, "    real_test.go:24: real: no AWS credentials were found")))},
			1, "was not run:\n    real_test.go:24: real: no AWS credentials were found"},
		{"it does not compile", []string{"-o", out, "-from", file("broken", "check.go:7:1: syntax error\n")}, 1, "was not run:\ncheck.go:7:1: syntax error"},
	} {
		var printed bytes.Buffer
		if got := run(t.Context(), row.args, &printed); got != row.status {
			t.Errorf("%s: status = %d, want %d", row.why, got, row.status)
		}
		if !strings.Contains(printed.String(), row.print) {
			t.Errorf("%s: printed %q, want %q", row.why, printed.String(), row.print)
		}
	}
}

func FuzzReport(f *testing.F) {
	f.Add([]byte(story(f)))
	f.Add([]byte("{}\nFAIL\n{\"Action\":\"output\",\"Test\":\"TestReal/\"}"))
	f.Fuzz(func(t *testing.T, run []byte) {
		r := newRecord()
		if err := r.read(bytes.NewReader(run), &bytes.Buffer{}); err != nil {
			t.Fatal(err)
		}
		if report := r.markdown(""); !strings.HasPrefix(report, "# ") {
			t.Errorf("report = %q", report)
		}
	})
}
