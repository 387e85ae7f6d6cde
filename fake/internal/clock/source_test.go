package clock

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// wall are the functions that read the time of the machine, or wait for it.
var wall = map[string][]string{
	"time":    {"Now", "Since", "Until", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick", "Sleep"},
	"context": {"WithTimeout", "WithTimeoutCause", "WithDeadline", "WithDeadlineCause"},
}

// TestNobodyElseReadsTheWallClock looks through the code of the fake. The program fakecognito waits for the
// requests under way when it ends, which is no time of a server.
func TestNobodyElseReadsTheWallClock(t *testing.T) {
	files := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		path = filepath.ToSlash(path)
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		if strings.HasPrefix(path, "../../internal/clock/") || path == "../../cmd/fakecognito/main.go" {
			return nil
		}
		files++
		for _, use := range wallUses(t, path) {
			t.Errorf("%s: take the time of the server's clock", use)
		}
		return nil
	})
	if err != nil || files < 100 {
		t.Errorf("looked through %d files, %v", files, err)
	}
	if uses := wallUses(t, "clock.go"); len(uses) == 0 {
		t.Error("found no use of the wall clock in this package, which has some")
	}
}

// wallUses returns where a file reads the wall clock.
func wallUses(t *testing.T, path string) (uses []string) {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if pkg, ok := s.X.(*ast.Ident); ok && slices.Contains(wall[pkg.Name], s.Sel.Name) {
			uses = append(uses, files.Position(s.Pos()).String()+": "+pkg.Name+"."+s.Sel.Name)
		}
		return true
	})
	return uses
}
