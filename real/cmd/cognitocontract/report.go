package main

import (
	"fmt"
	"maps"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// environment says what was tested, and by what.
func (s settings) environment() string {
	endpoint := "AWS"
	if s.from != "" {
		endpoint = "the tests of a file"
	} else if os.Getenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER")+os.Getenv("AWS_ENDPOINT_URL") != "" {
		endpoint = "another endpoint than AWS's (AWS_ENDPOINT_URL…)"
	}
	version := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
	}
	return fmt.Sprintf("- run against: %s\n- on: %s\n- by: cognitotest %s, %s on %s\n",
		endpoint, time.Now().UTC().Format(time.DateOnly), version, runtime.Version(), runtime.GOOS)
}

// markdown returns the report. Whatever comes from the run is scrubbed.
func (r *record) markdown(environment string) string {
	var w strings.Builder
	all := r.behaviours()
	fmt.Fprintf(&w, "# The contract of user pools on a real pool\n\n%s\n", environment)
	fmt.Fprintf(&w, "| behaviours | passed | failed | skipped | unfinished |\n|---|---|---|---|---|\n| %d | %d | %d | %d | %d |\n",
		len(all), all.count(passed), all.count(failed), all.count(skipped), all.count(unfinished))
	all.writeDifferences(&w)
	all.writeReported(&w)
	all.writeReasons(&w)
	all.writeAll(&w)
	return w.String()
}

func (all behaviours) writeDifferences(w *strings.Builder) {
	w.WriteString("\n## Differences\n\nWhere the contract says `-`, the pool said `+`.\n")
	for _, b := range all {
		if b.result == failed {
			fmt.Fprintf(w, "\n### %s\n\n````\n%s\n````\n", b.sentence, scrub(strings.Join(b.differences(), "\n")))
		}
	}
}

// writeReported compares what the pool and the fake say where the contract does not know what is right.
func (all behaviours) writeReported(w *strings.Builder) {
	w.WriteString("\n## What the contract does not know\n\nTexts of which it knows the code alone, and answers that it infers: where the pool and the fake differ.\n")
	for _, b := range all {
		pool, fake := without(b.pool, b.fake), without(b.fake, b.pool)
		if b.result != passed || len(pool) == 0 {
			continue
		}
		fmt.Fprintf(w, "\n### %s\n\n", b.sentence)
		for _, line := range pool {
			fmt.Fprintf(w, "- the pool: %s\n", line)
		}
		for _, line := range fake {
			fmt.Fprintf(w, "- the fake: %s\n", line)
		}
	}
}

func without(lines, others []string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return slices.Contains(others, line) })
}

func (all behaviours) writeReasons(w *strings.Builder) {
	counts := map[string]int{}
	for _, b := range all {
		if b.result == skipped {
			counts[scrub(b.reason())]++
		}
	}
	w.WriteString("\n## Skipped\n\n| behaviours | reason |\n|---|---|\n")
	for _, reason := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(w, "| %d | %s |\n", counts[reason], cell(reason))
	}
}

func (all behaviours) writeAll(w *strings.Builder) {
	w.WriteString("\n## Every behaviour\n\n| behaviour | result |\n|---|---|\n")
	for _, b := range all {
		fmt.Fprintf(w, "| %s | %s |\n", cell(b.sentence), cell(b.outcome()))
	}
}

// outcome is the result, with the reason where it was skipped.
func (b *behaviour) outcome() string {
	switch n := b.partsSkipped(); {
	case b.result == skipped:
		return "skip: " + scrub(b.reason())
	case n > 0:
		return fmt.Sprintf("%s, %d of %d parts skipped", b.result, n, len(b.parts))
	}
	return string(b.result)
}

// cell makes a text fit for a table.
func cell(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", `\|`)
}
