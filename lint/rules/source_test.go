package rules_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestEveryRuleIsListed compares the list in rules.go with the rules that the
// sources declare: one that is not in it would never run.
func TestEveryRuleIsListed(t *testing.T) {
	listed := listedRules(t, parseGo(t, "rules.go"))
	if byName := slices.SortedFunc(slices.Values(listed), compareRuleNames); !slices.Equal(byName, listed) {
		t.Errorf("the list in rules.go is not alphabetical; this is:\n\t%s,", strings.Join(byName, ",\n\t"))
	}
	var declared []string
	for _, file := range goFiles(t, ".") {
		declared = append(declared, declaredRules(file, "")...)
	}
	for _, file := range goFiles(t, "..") {
		declared = append(declared, declaredRules(file, "lint.")...)
	}
	if slices.SortFunc(declared, compareRuleNames); !slices.Equal(declared, listed) {
		t.Errorf("rules.go lists\n%s\nbut there are\n%s", listed, declared)
	}
}

// compareRuleNames orders names as people look them up: lint.RestNotLinted
// stands under R.
func compareRuleNames(a, b string) int {
	key := func(name string) string { return strings.ToLower(strings.TrimPrefix(name, "lint.")) }
	return strings.Compare(key(a), key(b))
}

func goFiles(t *testing.T, dir string) []*ast.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no sources in %s: %v", dir, err)
	}
	var files []*ast.File
	for _, name := range names {
		if !strings.HasSuffix(name, "_test.go") {
			files = append(files, parseGo(t, name))
		}
	}
	return files
}

func parseGo(t *testing.T, name string) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// listedRules returns the names in the variable alphabetical, in its order.
func listedRules(t *testing.T, file *ast.File) []string {
	t.Helper()
	for _, v := range variables(file) {
		list, is := v.Values[0].(*ast.CompositeLit)
		if !is || v.Names[0].Name != "alphabetical" {
			continue
		}
		var names []string
		for _, element := range list.Elts {
			switch e := element.(type) {
			case *ast.Ident:
				names = append(names, e.Name)
			case *ast.SelectorExpr:
				names = append(names, "lint."+e.Sel.Name)
			}
		}
		return names
	}
	t.Fatal("rules.go has no list called alphabetical")
	return nil
}

// declaredRules returns the variables of a file that hold &lint.Rule{…}.
func declaredRules(file *ast.File, prefix string) []string {
	var names []string
	for _, v := range variables(file) {
		if isRuleLiteral(v.Values[0]) {
			names = append(names, prefix+v.Names[0].Name)
		}
	}
	return names
}

// variables returns what a file declares at its top with one value each.
func variables(file *ast.File) []*ast.ValueSpec {
	var found []*ast.ValueSpec
	for _, d := range file.Decls {
		g, is := d.(*ast.GenDecl)
		if !is {
			continue
		}
		for _, spec := range g.Specs {
			if v, is := spec.(*ast.ValueSpec); is && len(v.Values) == 1 {
				found = append(found, v)
			}
		}
	}
	return found
}

func isRuleLiteral(e ast.Expr) bool {
	pointer, is := e.(*ast.UnaryExpr)
	if !is {
		return false
	}
	literal, is := pointer.X.(*ast.CompositeLit)
	if !is {
		return false
	}
	switch t := literal.Type.(type) {
	case *ast.Ident:
		return t.Name == "Rule"
	case *ast.SelectorExpr:
		return t.Sel.Name == "Rule"
	}
	return false
}

// TestHelpersStandByThemselves keeps what several files use out of files of
// rules, where nobody looks for it: a file declares one rule and what only that
// rule needs, or is called about_SUBJECT.go.
func TestHelpersStandByThemselves(t *testing.T) {
	set := token.NewFileSet()
	sources := sourcesOf(t, set)
	isRuleFile := map[string]bool{}
	for name, file := range sources {
		bare := strings.ReplaceAll(strings.TrimSuffix(name, ".go"), "_", "")
		switch declared := declaredRules(file, ""); {
		case len(declared) > 0:
			isRuleFile[name] = true
			if len(declared) > 1 || !strings.EqualFold(declared[0], bare) {
				t.Errorf("%s declares %s; a rule has a file of its name", name, declared)
			}
		case !strings.HasPrefix(name, "about_") && !slices.Contains([]string{"rules.go", "identifiers.go"}, name):
			t.Errorf("%s declares no rule; call it about_SUBJECT.go", name)
		}
	}
	for id, object := range usesIn(set, sources) {
		at, from := set.Position(id.Pos()).Filename, set.Position(object.Pos()).Filename
		if isRuleFile[from] && from != at && at != "rules.go" {
			t.Errorf("%s uses %s of %s; move it to a file about_SUBJECT.go", at, id.Name, from)
		}
	}
}

// sourcesOf parses the files of this package.
func sourcesOf(t *testing.T, set *token.FileSet) map[string]*ast.File {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*ast.File{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = file
	}
	return files
}

// usesIn returns where what the package declares is used. Packages that it
// imports are not read: what comes from them is of no interest here.
func usesIn(set *token.FileSet, sources map[string]*ast.File) map[*ast.Ident]types.Object {
	info := types.Info{Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: noImports{}, Error: func(error) {}}
	_, _ = config.Check("rules", set, slices.Collect(maps.Values(sources)), &info) // all errors are about imports
	uses := map[*ast.Ident]types.Object{}
	for id, object := range info.Uses {
		_, isLocal := object.(*types.Var)
		isLocal = isLocal && object.Parent() != nil && object.Parent().Parent() != types.Universe
		if object.Pos().IsValid() && !isLocal {
			uses[id] = object
		}
	}
	return uses
}

type noImports struct{}

func (noImports) Import(path string) (*types.Package, error) {
	return nil, errors.New(path + " is not read")
}
