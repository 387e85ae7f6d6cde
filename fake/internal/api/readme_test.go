package api

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReadmeListsWhatIsModelled compares the README's lists with the tables of the code: every
// operation with its caveat, and every setting that is stored but not acted upon.
func TestReadmeListsWhatIsModelled(t *testing.T) {
	text, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## What is modelled\n")
	section, _, _ = strings.Cut(section, "\n## ")
	table, stored, _ := strings.Cut(section, "\n### Stored, not simulated\n")

	var got, want []string
	for _, row := range regexp.MustCompile(`(?m)^\| (\w+) \| (.*?) ?\|$`).FindAllStringSubmatch(table, -1) {
		if row[1] == "operation" {
			continue
		}
		got = append(got, row[1]+state(row[2] != "**not simulated**"))
	}
	for _, name := range slices.Sorted(maps.Keys(operations)) {
		want = append(want, name+state(operations[name].Simulated))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the README's table of operations (-want +got):\n%s", diff)
	}

	var features, bullets []string
	for _, f := range notActedUpon {
		features = append(features, f.name)
	}
	for _, b := range regexp.MustCompile(`(?m)^- (.*)$`).FindAllStringSubmatch(stored, -1) {
		bullets = append(bullets, b[1])
	}
	if diff := cmp.Diff(features, bullets); diff != "" {
		t.Errorf("the README's settings that are stored only (-want +got):\n%s", diff)
	}
}

func state(simulated bool) string {
	if simulated {
		return ": simulated"
	}
	return ": not simulated"
}
