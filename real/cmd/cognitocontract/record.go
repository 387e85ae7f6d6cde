package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/cognitotest/cognito/cognitotest/backendtest"
)

// The tests whose subtests are the behaviours: on the real pool and, to compare with, on the fake.
const root, fakeRoot = "TestReal", "TestFake"

// result is how a test ended.
type result string

const (
	passed     result = "pass"
	failed     result = "fail"
	skipped    result = "skip"
	unfinished result = "unfinished"
)

// test is what is known of a test: a behaviour, a part of one, or what is around them.
type test struct {
	name   string // as go test writes it
	result result
	lines  []string
}

// record is what go test -json has told.
type record struct {
	tests []*test // in the order in which they began
	named map[string]*test
}

func newRecord() *record { return &record{named: map[string]*test{}} }

// event is a line of go test -json.
type event struct {
	Action, Test, Output string
}

// read takes events to their end, and tells at times how many behaviours are done.
func (r *record) read(events io.Reader, progress io.Writer) error {
	lines := bufio.NewReader(events)
	for done := 0; ; {
		line, err := lines.ReadBytes('\n')
		var e event
		if json.Unmarshal(line, &e) != nil {
			e = event{Action: "output", Output: string(line)} // the compiler speaks plainly
		}
		r.take(e)
		if isBehaviour(e.Test) && isEnd(e.Action) {
			if done++; done%50 == 0 {
				fmt.Fprintf(progress, "%s: %d behaviours are done\n", root, done)
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *record) take(e event) {
	one, ok := r.named[e.Test]
	if !ok {
		one = &test{name: e.Test, result: unfinished}
		r.named[e.Test] = one
		r.tests = append(r.tests, one)
	}
	switch {
	case isEnd(e.Action):
		one.result = result(e.Action)
	case e.Action == "output" && !isFrame(e.Output):
		one.lines = append(one.lines, strings.TrimRight(e.Output, "\n"))
	}
}

func isEnd(action string) bool {
	return slices.Contains([]result{passed, failed, skipped}, result(action))
}

// isFrame reports whether a line is go test's own, such as "--- PASS: TestReal (0.00s)".
func isFrame(line string) bool {
	line = strings.TrimLeft(line, " ")
	return strings.HasPrefix(line, "=== ") || strings.HasPrefix(line, "--- ")
}

func isBehaviour(name string) bool {
	return partOf(name) != "" && !strings.Contains(partOf(name), "/")
}

// partOf returns the name below the root, or "".
func partOf(name string) string {
	_, part, _ := strings.Cut(name, root+"/")
	return part
}

// behaviours are those that were run, in the order of the contract.
type behaviours []*behaviour

func (r *record) behaviours() behaviours {
	var all behaviours
	for _, b := range backendtest.Behaviours() {
		name := root + "/" + strings.ReplaceAll(b.Name, " ", "_")
		if one, ok := r.named[name]; ok {
			all = append(all, &behaviour{b.Name, one, r.below(name), r.reported(name), r.reported(fakeRoot + name[len(root):])})
		}
	}
	return all
}

// below returns the tests that are parts of a test.
func (r *record) below(name string) []*test {
	var parts []*test
	for _, t := range r.tests {
		if strings.HasPrefix(t.name, name+"/") {
			parts = append(parts, t)
		}
	}
	return parts
}

// count counts the behaviours that ended in a way.
func (all behaviours) count(how result) int {
	n := 0
	for _, b := range all {
		if b.result == how {
			n++
		}
	}
	return n
}

func (all behaviours) summary() string {
	return fmt.Sprintf("%d behaviours: %d passed, %d failed, %d skipped, %d unfinished",
		len(all), all.count(passed), all.count(failed), all.count(skipped), all.count(unfinished))
}

// log returns what was printed outside of behaviours.
func (r *record) log() string {
	var lines []string
	for _, t := range r.tests {
		if !strings.Contains(t.name, "/") {
			lines = append(lines, t.lines...)
		}
	}
	return strings.Join(lines, "\n")
}

// reported returns what a test and its parts tell that the contract does not know.
func (r *record) reported(name string) []string {
	var found []string
	for _, t := range r.tests {
		if t.name != name && !strings.HasPrefix(t.name, name+"/") {
			continue
		}
		for _, line := range t.lines {
			if _, text, ok := strings.Cut(line, backendtest.Reported); ok {
				found = append(found, scrub(text))
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// behaviour is a behaviour of the contract that was run.
type behaviour struct {
	sentence string
	*test
	parts []*test

	pool, fake []string // what they report
}

// source is where a line of a test's log was written.
var source = regexp.MustCompile(`^\s*[\w.-]+\.go:\d+: `)

// reason returns why a behaviour was skipped.
func (b *behaviour) reason() string {
	if len(b.lines) == 0 {
		return ""
	}
	return source.ReplaceAllString(b.lines[len(b.lines)-1], "")
}

// partsSkipped counts parts that were skipped.
func (b *behaviour) partsSkipped() int {
	n := 0
	for _, part := range b.parts {
		if part.result == skipped {
			n++
		}
	}
	return n
}

// differences returns what a behaviour printed that failed, without what is reported elsewhere.
func (b *behaviour) differences() []string {
	lines := logOf(b.test)
	for _, part := range b.parts {
		if part.result == failed || part.result == unfinished {
			lines = append(append(lines, strings.ReplaceAll(part.name[len(b.name)+1:], "_", " ")+":"), logOf(part)...)
		}
	}
	return lines
}

func logOf(t *test) []string {
	return slices.DeleteFunc(slices.Clone(t.lines), func(line string) bool { return strings.Contains(line, backendtest.Reported) })
}
