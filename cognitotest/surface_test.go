package cognitotest_test

import (
	"bytes"
	"flag"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite api.txt")

const surfaceFile = "../api.txt"

// TestSurface compares the exported names of the public packages with api.txt.
func TestSurface(t *testing.T) {
	got := strings.Join(surface(t, func(string, *ast.CommentGroup) {}), "\n") + "\n"
	if *update {
		if err := os.WriteFile(surfaceFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(surfaceFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the exported surface differs from api.txt; if that is wanted, run go test ./cognitotest -run TestSurface -update (-want +got):\n%s", diff)
	}
}

func TestSurfaceIsDocumented(t *testing.T) {
	surface(t, func(name string, doc *ast.CommentGroup) {
		if doc == nil {
			t.Errorf("%s has no doc comment", name)
		}
	})
}

// surface lists the exported names of all public packages, a line each, and shows each to seen with
// its doc comment.
func surface(t *testing.T, seen func(name string, doc *ast.CommentGroup)) []string {
	t.Helper()
	var lines []string
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains([]string{"internal", "examples", "cmd", "testdata", ".git", ".ci"}, d.Name()) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		ast.FileExports(file)
		pkg := filepath.ToSlash(strings.TrimPrefix(filepath.Dir(path), ".."+string(filepath.Separator)))
		for _, decl := range file.Decls {
			lines = append(lines, exported(pkg, decl, seen)...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return lines
}

// exported lists the exported names of one declaration.
func exported(pkg string, decl ast.Decl, seen func(string, *ast.CommentGroup)) []string {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Recv != nil && !ast.IsExported(strings.TrimLeft(render(d.Recv.List[0].Type), "*")) {
			return nil
		}
		seen(pkg+"."+d.Name.Name, d.Doc)
		return []string{pkg + ": " + render(&ast.FuncDecl{Recv: d.Recv, Name: d.Name, Type: d.Type})}
	case *ast.GenDecl:
		var lines []string
		for _, spec := range d.Specs {
			lines = append(lines, exportedSpec(pkg, d, spec, seen)...)
		}
		return lines
	}
	return nil
}

func exportedSpec(pkg string, d *ast.GenDecl, spec ast.Spec, seen func(string, *ast.CommentGroup)) []string {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		seen(pkg+"."+s.Name.Name, either(s.Doc, d.Doc))
		s.Doc, s.Comment = nil, nil
		return []string{pkg + ": type " + render(s)}
	case *ast.ValueSpec:
		var lines []string
		for _, name := range s.Names {
			seen(pkg+"."+name.Name, either(either(s.Doc, s.Comment), d.Doc))
			lines = append(lines, pkg+": "+d.Tok.String()+" "+name.Name)
		}
		return lines
	}
	return nil
}

func either(a, b *ast.CommentGroup) *ast.CommentGroup {
	if a != nil {
		return a
	}
	return b
}

// render renders a node on one line, without comments.
func render(node any) string {
	ast.Inspect(node.(ast.Node), func(n ast.Node) bool {
		if f, ok := n.(*ast.Field); ok {
			f.Doc, f.Comment = nil, nil
		}
		return true
	})
	var b bytes.Buffer
	printer.Fprint(&b, token.NewFileSet(), node)
	return strings.Join(strings.Fields(b.String()), " ")
}
