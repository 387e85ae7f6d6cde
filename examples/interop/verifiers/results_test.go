package verifiers

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
)

var (
	judge  = flag.Bool("judge", false, "run the suite itself: its failures are the findings, with their reasons")
	update = flag.Bool("update", false, "write the results to the README")
)

// TestSuite is the suite on each verifier. It runs with -judge alone, and fails then.
func TestSuite(t *testing.T) {
	if !*judge {
		return
	}
	for _, s := range subjects() {
		for as, newVerifier := range map[string]maker{"shown": s.shown, "complete": s.complete} {
			t.Run(s.name+"/"+as, func(t *testing.T) {
				t.Parallel()
				cognitotest.TestAuthorizer(t, newVerifier, s.options()...)
			})
		}
	}
}

// TestResults compares the table of the README with what the suite finds, and each finding with a token, a request or a
// key service that is written by hand.
func TestResults(t *testing.T) {
	if *judge {
		return
	}
	needNode(t)
	all := runSuite(t)
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	got := replaceResults(string(readme), all.markdown(t))
	if *update {
		if err := os.WriteFile("README.md", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if diff := cmp.Diff(string(readme), got); diff != "" {
		t.Errorf("the README is not what the suite finds; see what changed with -judge, then run with -update (-README +found):\n%s", diff)
	}
	for _, s := range subjects() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			checkByHand(t, s, all)
		})
	}
}

func needNode(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not installed: install Node.js")
	}
	if _, err := os.Stat("../node/node_modules/aws-jwt-verify"); err != nil {
		t.Skip("the packages are not installed: npm ci --prefix examples/interop/node")
	}
}

// results are, by "library/as/case", whether the case failed.
type results map[string]bool

// runSuite runs TestSuite in a process of its own, whose failures are not ours.
func runSuite(t *testing.T) results {
	t.Helper()
	var out bytes.Buffer
	cmd := exec.Command(os.Args[0], "-test.run=^TestSuite$", "-test.v", "-test.parallel=2", "-judge")
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	all := results{}
	for _, line := range regexp.MustCompile(`(?m)^ *--- (PASS|FAIL|SKIP): TestSuite/(\S+/\S+/\S+/\S+) `).FindAllStringSubmatch(out.String(), -1) {
		all[strings.ReplaceAll(line[2], "_", " ")] = line[1] == "FAIL"
	}
	if len(all) == 0 {
		t.Fatalf("the suite did not run: %v\n%s", err, out.String())
	}
	return all
}

// of returns the cases that ran on a verifier, and those that failed, both in order.
func (r results) of(name, as string) (ran, failed []string) {
	for _, key := range slices.Sorted(maps.Keys(r)) {
		if one, found := strings.CutPrefix(key, name+"/"+as+"/"); found {
			ran = append(ran, one)
			if r[key] {
				failed = append(failed, one)
			}
		}
	}
	return ran, failed
}

const beginResults, endResults = "<!-- results: written by go test -update -->\n", "<!-- end of results -->"

func replaceResults(readme, table string) string {
	before, rest, _ := strings.Cut(readme, beginResults)
	_, after, _ := strings.Cut(rest, endResults)
	return before + beginResults + table + endResults + after
}

// markdown writes the two tables.
func (r results) markdown(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	versions := readVersions(t)
	fmt.Fprint(&b, "| | version | tokens | cases | fail as shown | fail when complete |\n|---|---|---|---|---|---|\n")
	rows := map[string]bool{}
	header, line := "| case |", "|---|"
	for _, s := range subjects() {
		ran, shown := r.of(s.name, "shown")
		_, complete := r.of(s.name, "complete")
		fmt.Fprintf(&b, "| %s | %s | %s | %d | %d | %d |\n", s.name, versions.of(s.modules), s.tokens, len(ran), len(shown), len(complete))
		header, line = header+" "+s.name+" |", line+":-:|"
		for _, one := range slices.Concat(shown, complete) {
			rows[one] = true
		}
	}
	fmt.Fprintf(&b, "\n%s\n%s\n", header, line)
	for _, row := range slices.Sorted(maps.Keys(rows)) {
		fmt.Fprintf(&b, "| %s |", row)
		for _, s := range subjects() {
			fmt.Fprintf(&b, " %s |", r.cell(s.name, row))
		}
		fmt.Fprintln(&b)
	}
	return b.String()
}

// cell says how a verifier fared in a case.
func (r results) cell(name, row string) string {
	shown, ran := r[name+"/shown/"+row]
	switch complete := r[name+"/complete/"+row]; {
	case !ran:
		return "–"
	case shown && complete:
		return "●"
	case shown:
		return "○"
	case complete:
		return "complete fails alone"
	}
	return ""
}

// versions are those of modules and packages.
type versions map[string]string

func readVersions(t *testing.T) versions {
	t.Helper()
	v := versions{}
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range regexp.MustCompile(`(?m)^\t(\S+) (v\S+)`).FindAllStringSubmatch(string(mod), -1) {
		v[line[1]] = line[2]
	}
	var npm struct{ Dependencies map[string]string }
	text, err := os.ReadFile("../node/package.json")
	if err == nil {
		err = json.Unmarshal(text, &npm)
	}
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(v, npm.Dependencies)
	return v
}

func (v versions) of(modules []string) string {
	var all []string
	for _, m := range modules {
		all = append(all, m+" "+v[m])
	}
	return strings.Join(all, ", ")
}
