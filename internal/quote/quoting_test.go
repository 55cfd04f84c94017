package quote_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// conversions are the functions that make SQL of text that is no constant, with
// what makes that right. Whatever else sends SQL puts it together of constants, of
// quote.Name, quote.Text and quote.Number: the compiler sees to it.
var conversions = map[string]string{
	"internal/session/branch.go BranchSQL":           "SQL of the branch, in sessions as the owner",
	"internal/drizzlekit/ddl.go snapshotSQL":         "expressions of a snapshot: one statement a message, in a session as the owner",
	"internal/probe/probe.go definitionSQL":          "a function as the server's catalog writes it, in sessions of a role that becomes its owner",
	"internal/probe/probe.go querySQL":               "a query of a function, which the server prepares and does not run, in sessions of a role that becomes its owner",
	"internal/rows/catalog.go catalogSQL":            "expressions and types as the server's catalog writes them, in sessions of the filler",
	"internal/schema/read.go ownSQL":                 "a file that is compiled into migvet",
	"internal/presets/presets.go SQL":                "a file that is compiled into migvet",
	"internal/presets/extensions.go ExtensionScript": "a file that is compiled into migvet",
}

// plainSessions are the functions that connect as anybody does, and not pinned to
// settings of ours.
var plainSessions = map[string]string{
	"internal/trial/connect.go connect":      "the session in which a tool runs migrations",
	"internal/trial/probed.go connectProber": "the session in which probes run as applications do",
	"internal/trial/roles.go setSuperuser":   "reads the name of the role, and does not connect",
	"internal/postgres/session.go Pinned":    "pins it",
}

// sending are the methods of pgx that take SQL, by the place of the argument.
var sending = map[string]int{
	"Exec": 1, "ExecParams": 1, "Query": 1, "QueryRow": 1, "Prepare": 2, "SendQueryParams": 0, "SendPrepare": 1, "CopyFrom": 2, "CopyTo": 2, "Queue": 0,
}

// TestSQLIsQuoted looks at everything that sends SQL, and at everything that makes
// SQL of text.
func TestSQLIsQuoted(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range sources(t) {
		for _, i := range f.file.Imports {
			if i.Name != nil && strings.HasSuffix(i.Path.Value, `/internal/quote"`) {
				t.Errorf("%s: quote is imported as %s, under which no conversion is found", f.name, i.Name.Name)
			}
		}
		for _, d := range f.file.Decls {
			place := f.name + " " + nameOf(d)
			ast.Inspect(d, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				where := f.set.Position(call.Pos())
				switch {
				case isConversion(call) && !f.constant(call.Args[0]):
					seen[place] = true
					if conversions[place] == "" && f.name != "internal/quote/quote.go" {
						t.Errorf("%s: text becomes SQL; use quote.Name, quote.Text or constants", where)
					}
				case f.sends(call) && !f.constant(call.Args[sending[selector(call)]]) && !forServer(call.Args[sending[selector(call)]]):
					t.Errorf("%s: %s is sent text; make it quote.SQL and send sql.ForServer()", where, selector(call))
				case selector(call) == "Config" && len(call.Args) == 2 && !strings.HasPrefix(f.name, "internal/sizes/"):
					seen[place] = true
					if plainSessions[place] == "" {
						t.Errorf("%s: a session of our own is not pinned; use Server.Pinned", where)
					}
				}
				return true
			})
		}
	}
	for _, list := range []map[string]string{conversions, plainSessions} {
		for place := range list {
			if !seen[place] {
				t.Errorf("%s does nothing of the kind any more", place)
			}
		}
	}
}

// nameOf is the name of a function; variables of a package have none of their own.
func nameOf(d ast.Decl) string {
	if fn, ok := d.(*ast.FuncDecl); ok {
		return fn.Name.Name
	}
	return "variables"
}

// A parsed is a file of the program, without tests.
type parsed struct {
	name      string // from the root
	set       *token.FileSet
	file      *ast.File
	constants map[string]bool // of its package
}

func sources(t *testing.T) []parsed {
	t.Helper()
	const root = "../.."
	var all []parsed
	constants := map[string]map[string]bool{}
	err := filepath.WalkDir(root+"/internal", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "/postgrestest/") {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir := filepath.Dir(path)
		if constants[dir] == nil {
			constants[dir] = map[string]bool{}
		}
		noteConstants(file, constants[dir])
		name := filepath.ToSlash(strings.TrimPrefix(path, root+string(filepath.Separator)))
		all = append(all, parsed{name, set, file, constants[dir]})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// noteConstants notes constants wherever they are declared: a variable of the same
// name elsewhere in the package would be a strange thing.
func noteConstants(file *ast.File, constants map[string]bool) {
	ast.Inspect(file, func(n ast.Node) bool {
		if d, ok := n.(*ast.GenDecl); ok && d.Tok == token.CONST {
			for _, s := range d.Specs {
				for _, name := range s.(*ast.ValueSpec).Names {
					constants[name.Name] = true
				}
			}
		}
		return true
	})
}

func (f parsed) constant(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return true
	case *ast.Ident:
		return f.constants[e.Name]
	case *ast.BinaryExpr:
		return f.constant(e.X) && f.constant(e.Y)
	case *ast.ParenExpr:
		return f.constant(e.X)
	}
	return false
}

func selector(call *ast.CallExpr) string {
	if s, ok := call.Fun.(*ast.SelectorExpr); ok {
		return s.Sel.Name
	}
	return ""
}

// isConversion: quote.SQL(x), or SQL(x) in the package itself.
func isConversion(call *ast.CallExpr) bool {
	if len(call.Args) != 1 {
		return false
	}
	if s, ok := call.Fun.(*ast.SelectorExpr); ok {
		x, ok := s.X.(*ast.Ident)
		return ok && x.Name == "quote" && s.Sel.Name == "SQL"
	}
	return false
}

// sends reports whether a call is one of pgx.
func (f parsed) sends(call *ast.CallExpr) bool {
	place, known := sending[selector(call)]
	if !known || len(call.Args) <= place {
		return false
	}
	for _, i := range f.file.Imports {
		if strings.HasPrefix(i.Path.Value, `"github.com/jackc/pgx/`) {
			return true
		}
	}
	return false
}

func forServer(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	return ok && selector(call) == "ForServer"
}
