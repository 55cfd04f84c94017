package files_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// opens are the functions of package os that reach files by name.
var opens = []string{
	"Chmod", "Chtimes", "CopyFS", "Create", "CreateTemp", "DirFS", "Link", "Mkdir", "MkdirAll", "MkdirTemp", "Open", "OpenFile", "OpenInRoot", "OpenRoot",
	"ReadDir", "ReadFile", "Remove", "RemoveAll", "Rename", "Symlink", "Truncate", "WriteFile",
}

// others may open files too, and why.
var others = map[string]string{
	"internal/postgres":   "directories of its own, and programs of the machine",
	"internal/drizzlekit": "copies of its own; runs code of the branch, which may read what it likes",
	"internal/rundir":     "directories of its own",
	"internal/changes":    "what it keeps of the base for the next step",

	"internal/cli/action.go appendTo": "GITHUB_OUTPUT and GITHUB_STEP_SUMMARY, which the runner names and makes",
	"internal/cli/fetch.go keepBase":  "a new directory in RUNNER_TEMP",
}

// Whoever opens a file that a person or a branch has named does it here, so that
// no pipe is waited for, nothing is read without a limit, and no link leads out of
// the repository.
func TestNobodyElseOpensFiles(t *testing.T) {
	used := map[string]bool{}
	err := fs.WalkDir(os.DirFS("../.."), ".", func(file string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") || strings.HasPrefix(file, "internal/files/") {
			return err
		}
		for _, place := range opened(t, file) {
			key := path.Dir(file)
			if others[key] == "" {
				key = file + " " + place.function
			}
			used[key] = true
			if others[key] == "" {
				t.Errorf("%s: %s calls os.%s; use internal/files", file, place.function, place.call)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for key := range others {
		if !used[key] {
			t.Errorf("%s opens no files; take it off the list", key)
		}
	}
}

type opening struct{ function, call string }

// opened lists where a file of Go uses package os to open files.
func opened(t *testing.T, file string) []opening {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), "../../"+file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []opening
	for _, d := range parsed.Decls {
		function := "a declaration"
		if f, ok := d.(*ast.FuncDecl); ok {
			function = f.Name.Name
		}
		ast.Inspect(d, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if pkg, ok := s.X.(*ast.Ident); ok && pkg.Name == "os" && slices.Contains(opens, s.Sel.Name) {
				found = append(found, opening{function, s.Sel.Name})
			}
			return true
		})
	}
	for _, i := range parsed.Imports {
		if i.Path.Value == `"os"` && i.Name != nil || i.Path.Value == `"io/ioutil"` {
			t.Errorf("%s imports %s in a way that this test does not see through", file, i.Path.Value)
		}
	}
	return found
}
