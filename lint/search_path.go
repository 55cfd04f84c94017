package lint

import (
	"slices"
	"sort"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint/facts"
)

// A searchPath are the schemas in which names without one are looked for, in this
// order. Nil stands for public, as servers have it: "$user", public.
type searchPath []string

// home is the schema in which a name without one is made.
func (path searchPath) home() string {
	if len(path) == 0 {
		return "public"
	}
	return path[0]
}

// newSearchPath leaves out what is no schema of a migration's: "$user" is one of the
// application's role, and has no tables where there are others.
func newSearchPath(schemas []string) searchPath {
	path := searchPath(slices.DeleteFunc(slices.Clone(schemas), func(name string) bool {
		return name == "" || name == "$user" || strings.HasPrefix(name, "pg_")
	}))
	if len(path) == 0 || len(path) == 1 && path[0] == "public" {
		return nil
	}
	return path
}

// ReadSearchPath reads a search path as SET has it: app, "$user", public. What cannot
// be read is none.
func ReadSearchPath(text string) []string {
	statements, _ := Parse("SET search_path = " + text)
	if len(statements) != 1 {
		return nil
	}
	return constants(statements[0].Node.GetVariableSetStmt().GetArgs())
}

func constants(nodes []*pg.Node) (texts []string) {
	for _, n := range nodes {
		texts = append(texts, n.GetAConst().GetSval().GetSval())
	}
	return texts
}

// A pathSince is the search path of the statements from a place on.
type pathSince struct {
	place int32
	path  searchPath
}

// pathAt returns the search path with which the statement at a place runs.
func (t *timeline) pathAt(place int32) searchPath {
	i := sort.Search(len(t.paths), func(i int) bool { return t.paths[i].place > place })
	if i == 0 {
		return nil
	}
	return t.paths[i-1].path
}

// findBefore returns what has a name before the statement at a place, as that means it.
func (t *timeline) findBefore(n facts.Name, place int32) *Object {
	return t.find(t.qualified(n, t.pathAt(place), place-1), place-1)
}

// qualified gives a name the schema in which a search path finds it after the
// statement at a place: the first with an object of that name, else the first that
// had or will have one, else that in which it would be made.
func (t *timeline) qualified(n facts.Name, path searchPath, place int32) facts.Name {
	whole := n
	if n.Kind.IsPart() {
		whole = n.OfTable()
	}
	if whole.Schema != "" || isGlobal(whole.Kind) {
		return n
	}
	n.Schema = t.schemaIn(whole, path, place)
	return n
}

func (t *timeline) schemaIn(n facts.Name, path searchPath, place int32) string {
	if t.hasTemporary && n.Kind.Space() == facts.Table {
		n.Schema = facts.TemporarySchema
		if t.at(t.scopeAt(n, place), place).object != nil {
			return n.Schema
		}
	}
	if len(path) < 2 {
		return path.home()
	}
	known := ""
	for _, n.Schema = range path {
		s := t.scopeAt(n, place)
		if t.at(s, place).object != nil {
			return n.Schema
		}
		if known == "" && len(t.bindings[s]) > 0 {
			known = n.Schema
		}
	}
	if known != "" {
		return known
	}
	return path.home()
}

// A sessionPath is the search path that the statements of a session see, as far as
// they set it.
type sessionPath struct {
	start searchPath // of a new session
	path  searchPath
	outer searchPath // what SET LOCAL covers until the transaction ends
	local bool
}

// set takes in what a statement says of the search path.
func (s *sessionPath) set(st *Statement) {
	if end := st.Node.GetTransactionStmt(); end != nil {
		switch end.Kind {
		case pg.TransactionStmtKind_TRANS_STMT_COMMIT, pg.TransactionStmtKind_TRANS_STMT_ROLLBACK:
			s.endTransaction()
		}
		return
	}
	for _, f := range st.Facts() {
		if f.Verb&facts.Set == 0 || f.Name.Kind != facts.Setting {
			continue
		}
		switch tree := f.Tree.(type) {
		case *pg.VariableSetStmt:
			s.setByStatement(f.Name.Name, tree)
		case *pg.FuncCall:
			s.setByFunction(f.Name.Name, tree)
		case *pg.DiscardStmt:
			s.path, s.local = s.start, false
		}
	}
}

func (s *sessionPath) setByStatement(name string, set *pg.VariableSetStmt) {
	switch {
	case name == "all", name == "search_path" && (set.Kind == pg.VariableSetKind_VAR_RESET || set.Kind == pg.VariableSetKind_VAR_SET_DEFAULT):
		s.change(s.start, set.IsLocal)
	case name == "search_path":
		s.change(newSearchPath(constants(set.Args)), set.IsLocal)
	}
}

// setByFunction reads set_config('search_path', 'app, public', false).
func (s *sessionPath) setByFunction(name string, call *pg.FuncCall) {
	if name != "search_path" || len(call.Args) != 3 {
		return
	}
	local := call.Args[2].GetAConst().GetBoolval().GetBoolval()
	s.change(newSearchPath(ReadSearchPath(call.Args[1].GetAConst().GetSval().GetSval())), local)
}

func (s *sessionPath) change(to searchPath, local bool) {
	if local && !s.local {
		s.outer, s.local = s.path, true
	}
	if !local {
		s.outer = to
	}
	s.path = to
}

func (s *sessionPath) endTransaction() {
	if s.local {
		s.path, s.local = s.outer, false
	}
}

// restart begins a new session.
func (s *sessionPath) restart() { s.path, s.local = s.start, false }

// configure reads ALTER DATABASE … SET search_path and ALTER ROLE … SET search_path,
// which sessions begin with that are opened later.
func (s *sessionPath) configure(st *Statement) {
	set := st.Node.GetAlterDatabaseSetStmt().GetSetstmt()
	if set == nil {
		set = st.Node.GetAlterRoleSetStmt().GetSetstmt()
	}
	if strings.EqualFold(set.GetName(), "search_path") && set.Kind == pg.VariableSetKind_VAR_SET_VALUE {
		s.start = newSearchPath(constants(set.Args))
	}
}
