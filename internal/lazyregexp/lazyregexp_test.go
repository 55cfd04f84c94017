package lazyregexp_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/lazyregexp"
)

func TestNew(t *testing.T) {
	r := lazyregexp.New(`^(a)(b)?$`)
	if !r.MatchString("ab") || r.MatchString("ba") || r.String() != `^(a)(b)?$` {
		t.Error("matches other texts than its expression")
	}
	defer func() {
		if recover() == nil {
			t.Error("a wrong expression does not panic")
		}
	}()
	lazyregexp.New("(").MatchString("")
}

// What is compiled late is wrong late, unless a test looks.
func TestAllCompile(t *testing.T) {
	n := 0
	err := fs.WalkDir(os.DirFS("../.."), ".", func(file string, e fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), "../../"+file, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(parsed, func(node ast.Node) bool {
			if expression, ok := newCall(node); ok {
				n++
				if _, err := regexp.Compile(expression); err != nil {
					t.Errorf("%s: %v", file, err)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n < 150 {
		t.Errorf("%d expressions found, want some 170", n)
	}
}

// newCall returns the argument of lazyregexp.New, if it is all literals.
func newCall(node ast.Node) (expression string, ok bool) {
	call, ok := node.(*ast.CallExpr)
	if !ok || len(call.Args) != 1 {
		return "", false
	}
	function, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || function.Sel.Name != "New" {
		return "", false
	}
	if name, ok := function.X.(*ast.Ident); !ok || name.Name != "lazyregexp" {
		return "", false
	}
	return literal(call.Args[0])
}

func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.BinaryExpr:
		left, leftOK := literal(e.X)
		right, rightOK := literal(e.Y)
		return left + right, leftOK && rightOK
	}
	return "", false
}
