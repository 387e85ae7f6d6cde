package fake_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake"
)

// refusal is what an error of Import looks like: it begins with a place, in which strange names are quoted.
var refusal = regexp.MustCompile(`^cognitotest: import: (line \d+, column \d+|document|([^ "]|"([^"\\]|\\.)*")+?): .`)

// maxRefusal is how many bytes the text of an error may have.
const maxRefusal = 1000

// wantWhole imports a document into a server that has a pool already. It reports whether that was refused,
// and then the server must be as it was before.
func wantWhole(t *testing.T, s *fake.Server, before, document string) (refused bool) {
	t.Helper()
	err := s.Import(strings.NewReader(document))
	if err == nil {
		return false
	}
	if text := err.Error(); !refusal.MatchString(text) || len(text) > maxRefusal {
		t.Errorf("error %q of %d bytes, want a place and a short text; the document:\n%s", text, len(text), document)
	}
	if d := cmp.Diff(before, exported(t, s)); d != "" {
		t.Errorf("the refused document has changed the server (-before +after):\n%s\nIt is:\n%s", d, document)
	}
	return true
}

// TestDamagedDocuments imports at least 1,000 damaged documents: each is refused with a place, and nothing
// of it is left. Some of the damage does no harm.
func TestDamagedDocuments(t *testing.T) {
	const damaged = 1000
	random := rand.New(rand.NewPCG(1, 2))
	s := imported(t, smallFixture)
	before := exported(t, s)
	full := testdata(t, "full.golden.json")
	for refused := 0; refused < damaged; {
		document := damagedText(random, full)
		if random.IntN(2) == 0 {
			document = damagedTree(t, random, full)
		}
		if wantWhole(t, s, before, document) {
			refused++
			continue
		}
		s = imported(t, smallFixture)
		before = exported(t, s)
	}
}

// damagedText changes a few bytes of a text.
func damagedText(random *rand.Rand, text string) string {
	b := []byte(text)
	for range 1 + random.IntN(3) {
		i := random.IntN(len(b))
		end := min(len(b), i+1+random.IntN(30))
		switch random.IntN(5) {
		case 0:
			b[i] ^= 1 << random.IntN(8)
		case 1:
			b = b[:i+1]
		case 2:
			b = slices.Delete(b, i, end)
		case 3:
			b = slices.Insert(b, i, b[i:end]...)
		default:
			b = slices.Insert(b, i, `{}[],:"\0`[random.IntN(9)])
		}
	}
	return string(b)
}

// damagedTree replaces values of a document, or takes them out.
func damagedTree(t *testing.T, random *rand.Rand, text string) string {
	t.Helper()
	var tree any
	if err := json.Unmarshal([]byte(text), &tree); err != nil {
		t.Fatal(err)
	}
	for range 1 + random.IntN(3) {
		tree = damagedValue(random, tree)
	}
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(tree); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// damagedValue goes down into a tree, and damages what it comes to.
func damagedValue(random *rand.Rand, tree any) any {
	switch tree := tree.(type) {
	case map[string]any:
		if len(tree) == 0 {
			break
		}
		names := make([]string, 0, len(tree))
		for name := range tree {
			names = append(names, name)
		}
		slices.Sort(names)
		name := names[random.IntN(len(names))]
		switch random.IntN(12) {
		case 0:
			delete(tree, name)
		case 1:
			tree[strings.ToUpper(name)] = tree[name]
		default:
			tree[name] = damagedValue(random, tree[name])
		}
		return tree
	case []any:
		if len(tree) == 0 {
			break
		}
		i := random.IntN(len(tree))
		if random.IntN(12) == 0 {
			return append(tree, tree[i])
		}
		tree[i] = damagedValue(random, tree[i])
		return tree
	}
	return strange(random)
}

// strange returns a value that nobody expects.
func strange(random *rand.Rand) any {
	values := []any{
		nil, true, -1, 1e300, 2.5, "", "x", "\u0000", "2026-02-30T00:00:00Z", "9999-12-31T23:59:59Z", "-9223372036854775808ns",
		strings.Repeat("long ", 1000), []any{}, []any{nil}, []any{"x", "x"}, map[string]any{}, map[string]any{"x": "y"}, map[string]any{strings.Repeat("n", 1000): 1},
	}
	return values[random.IntN(len(values))]
}

func FuzzImport(f *testing.F) {
	f.Add([]byte(smallFixture))
	f.Add([]byte(testdata(f, "full.golden.json")))
	f.Add([]byte(`{"version":1,"pools":[{"users":[{"username":"ann"},{"username":"ann"}]}]}`))
	f.Add([]byte(`{"version":1,"pools":[{"id":"us-east-1_Small0001"}],"clock":{"offset":"1h"}}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		s := fake.NewServer(fake.Config{})
		defer s.Close()
		if err := s.Import(strings.NewReader(smallFixture)); err != nil {
			t.Fatal(err)
		}
		if wantWhole(t, s, exported(t, s), string(document)) {
			return
		}
		second := fake.NewServer(fake.Config{})
		defer second.Close()
		state := exported(t, s)
		if err := second.Import(strings.NewReader(state)); err != nil {
			t.Fatalf("what was imported and exported is refused: %v\n%s", err, state)
		}
		if again := exported(t, second); again != state {
			t.Fatalf("export of %s\nimported is\n%s", state, again)
		}
	})
}
