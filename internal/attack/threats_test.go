package attack_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const securityPage = "../../SECURITY.md"

// Every threat and every promise of SECURITY.md names tests that hold it, and they
// are there.
func TestThreatsAreHeld(t *testing.T) {
	text, err := os.ReadFile(securityPage)
	if err != nil {
		t.Fatal(err)
	}
	known := testsOf(t, "../..")
	for _, heading := range []string{"| threat |", "| promise |"} {
		rows := tableRows(string(text), heading)
		if len(rows) < 5 {
			t.Errorf("the table %q has %d rows", heading, len(rows))
		}
		for _, row := range rows {
			for _, problem := range unheld(row, known) {
				t.Errorf("%s: %s", row[0], problem)
			}
		}
	}
}

// The check above can fail.
func TestUnheldThreats(t *testing.T) {
	known := map[string]bool{"attack.TestAttacks": true, "cli/strangers": true}
	for row, want := range map[string]int{
		"a|b|`attack.TestAttacks`":                 0,
		"a|b|`attack.TestAttacks` `cli/strangers`": 0,
		"a|b|":                         1,
		"a|b|trust us":                 1,
		"a|b|`attack.TestGone`":        1,
		"a|b|`attack.TestAttacks` `x`": 1,
	} {
		if got := unheld(strings.Split(row, "|"), known); len(got) != want {
			t.Errorf("%s: %q, want %d problems", row, got, want)
		}
	}
	if rows := tableRows("x\n| threat | y |\n|---|---|\n| a | b |\n\n| c | d |", "| threat |"); len(rows) != 1 {
		t.Errorf("the rows are %q", rows)
	}
}

var quotedName = regexp.MustCompile("`([^`]+)`")

// unheld says what is wrong with the last cell of a row: the names of tests.
func unheld(row []string, known map[string]bool) (problems []string) {
	names := quotedName.FindAllStringSubmatch(row[len(row)-1], -1)
	if len(names) == 0 {
		return []string{"no test holds it"}
	}
	for _, name := range names {
		if !known[name[1]] {
			problems = append(problems, "there is no test "+name[1])
		}
	}
	return problems
}

// tableRows are the cells of the rows below a heading.
func tableRows(text, heading string) (rows [][]string) {
	_, rest, _ := strings.Cut(text, "\n"+heading)
	for n, line := range strings.Split(rest, "\n") {
		if n < 2 {
			continue // the heading, and the line below it
		}
		if !strings.HasPrefix(line, "| ") {
			break
		}
		rows = append(rows, strings.Split(strings.Trim(line, "| "), " | "))
	}
	return rows
}

// testsOf are all tests of the module: package.TestName, and cli/name of the scripts.
func testsOf(t *testing.T, root string) map[string]bool {
	t.Helper()
	known := map[string]bool{}
	files := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case filepath.Ext(path) == ".txtar" && filepath.Base(filepath.Dir(path)) == "cli":
			known["cli/"+strings.TrimSuffix(d.Name(), ".txtar")] = true
		case strings.HasSuffix(path, "_test.go"):
			return addTests(known, files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return known
}

func addTests(known map[string]bool, files *token.FileSet, path string) error {
	file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && (strings.HasPrefix(f.Name.Name, "Test") || strings.HasPrefix(f.Name.Name, "Fuzz")) {
			known[strings.TrimSuffix(file.Name.Name, "_test")+"."+f.Name.Name] = true
		}
	}
	return nil
}
