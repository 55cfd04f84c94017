package rules_test

import (
	"go/ast"
	"go/parser"
	"go/token"
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
