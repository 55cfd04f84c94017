package program

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// starters are the functions that start processes, and where the path of the
// program comes from. Whoever adds one sees to it that it comes from Find, or
// from somewhere else that a pull request cannot choose.
var starters = map[string]string{
	"internal/drizzlekit/generate.go run":           "the project's own drizzle-kit, because the user says so",
	"internal/postgres/alone_linux.go alone":        "none: no such file",
	"internal/postgres/child.go childCommand":       "ourselves",
	"internal/postgres/child_linux.go become":       "an Installation",
	"internal/postgres/docker.go command":           "Find",
	"internal/postgres/npm.go npmPack":              "Find",
	"internal/postgres/supervise_unix.go supervise": "an Installation",
	"internal/postgres/version.go output":           "a candidate that mayRun, PG_CONFIG that was checked, --postgres-bin",
	"internal/changes/git.go command":               "Find",
	"internal/skip/root.go UnlessRoot":              "the system, in tests",
}

// starting are the ways to start a process or to look for a program.
var starting = map[string][]string{
	"os":                    {"StartProcess"},
	"os/exec":               {"Command", "CommandContext", "LookPath", "Cmd"},
	"syscall":               {"Exec", "ForkExec", "StartProcess"},
	"golang.org/x/sys/unix": {"Exec", "Execve", "ForkExec"},
}

func TestProgramsAreLookedUpHereAlone(t *testing.T) {
	root := filepath.Join("..", "..")
	found := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (e.Name() == "testdata" || strings.HasSuffix(e.Name(), "test") || // of tests, such as postgrestest
			path != root && strings.HasPrefix(e.Name(), ".") && e.Name() != "..") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		return starts(path, filepath.ToSlash(name), found)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range slices.Sorted(maps.Keys(found)) {
		if starters[at] == "" {
			t.Errorf("%s starts or looks for a program: which, and from where?", at)
		}
	}
	for at := range starters {
		if !found[at] {
			t.Errorf("%s starts no program any more", at)
		}
	}
}

// starts adds the functions of a file that start processes.
func starts(path, name string, found map[string]bool) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		return err
	}
	ways := map[string]bool{} // "exec.Command"
	for _, i := range file.Imports {
		imported := strings.Trim(i.Path.Value, `"`)
		short := imported[strings.LastIndex(imported, "/")+1:]
		if i.Name != nil {
			short = i.Name.Name
		}
		for _, function := range starting[imported] {
			ways[short+"."+function] = true
		}
	}
	for _, d := range file.Decls {
		function := "declaration"
		if f, ok := d.(*ast.FuncDecl); ok {
			function = f.Name.Name
		}
		ast.Inspect(d, func(n ast.Node) bool {
			if way := selected(n); ways[way] && !isType(n, d) {
				found[fmt.Sprintf("%s %s", name, function)] = true
			}
			return true
		})
	}
	return nil
}

// selected is "exec.Command" for such a selector.
func selected(n ast.Node) string {
	s, ok := n.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	x, ok := s.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return x.Name + "." + s.Sel.Name
}

// isType reports whether a selector only names a type, as in *exec.Cmd.
func isType(n ast.Node, in ast.Decl) bool {
	pointed := false
	ast.Inspect(in, func(m ast.Node) bool {
		star, ok := m.(*ast.StarExpr)
		pointed = pointed || ok && star.X == n
		return true
	})
	return pointed
}
