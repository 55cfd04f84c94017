package facts

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/proto"
)

// copied reads from which relations INSERT and CREATE TABLE AS take rows to a table. Rows
// of constants come from none.
func (r *reader) copied(with *pg.WithClause, query *pg.Node, table *pg.RangeVar) {
	s := query.GetSelectStmt()
	if s == nil || len(s.ValuesLists) > 0 && s.WithClause == nil && with == nil {
		return
	}
	to := Named(Table, table)
	t := tracer{with: []*pg.WithClause{with, s.WithClause}}
	t.follow(query, query, len(t.queries()))
	r.addCopies(t.found, to)
}

// merged reads from which relations UPDATE and MERGE take values to a table.
func (r *reader) merged(node *pg.Node, with *pg.WithClause, table *pg.RangeVar, sources []*pg.Node) {
	to := Named(Table, table)
	t := tracer{with: []*pg.WithClause{with}}
	for _, n := range sources {
		t.follow(n, node, len(t.queries()))
	}
	r.addCopies(t.found, to)
}

// copiedAlong reads the copies that WITH makes beside a query:
// WITH moved AS (INSERT INTO archive SELECT * FROM orders RETURNING id) SELECT count(*) FROM moved.
func (r *reader) copiedAlong(with *pg.WithClause) {
	for i, n := range with.GetCtes() {
		s := n.GetCommonTableExpr().GetCtequery().GetInsertStmt()
		if s == nil {
			continue
		}
		seen := &pg.WithClause{Ctes: with.Ctes[:i], Recursive: with.Recursive}
		if with.Recursive {
			seen.Ctes = with.Ctes
		}
		r.copied(seen, s.SelectStmt, s.Relation)
	}
}

func (r *reader) addCopies(found []source, to Name) {
	for _, s := range found {
		r.add(Fact{Verb: Copied, Name: Named(Table, s.relation), To: &to, Tree: s.query})
	}
}

// A source is a relation that a query reads, with the query that says what it takes of
// it: in WITH moved AS (DELETE FROM orders RETURNING *) INSERT INTO archive SELECT * FROM
// moved the one that WITH names.
type source struct {
	relation *pg.RangeVar
	query    *pg.Node
}

// A tracer finds the sources of a query through the names that WITH gives to others.
type tracer struct {
	with  []*pg.WithClause // of the query itself
	found []source
	read  []*pg.Node // the queries of WITH that were followed
}

// queries returns what WITH names, in its order.
func (t *tracer) queries() []*pg.CommonTableExpr {
	var all []*pg.CommonTableExpr
	for _, w := range t.with {
		for _, n := range w.GetCtes() {
			all = append(all, n.GetCommonTableExpr())
		}
	}
	return all
}

// follow reads the relations of a part of a query. Of what WITH names it sees the first
// few: WITH orders AS (SELECT * FROM orders) reads the table.
func (t *tracer) follow(part, query *pg.Node, sees int) {
	if part == nil {
		return
	}
	WalkMessages(part, func(m proto.Message) bool {
		switch m := m.(type) {
		case *pg.WithClause:
			return !slices.Contains(t.with, m)
		case *pg.IntoClause:
			return false
		case *pg.RangeVar:
			if i := t.named(m, sees); i >= 0 {
				t.through(i, query)
			} else {
				t.found = append(t.found, source{m, query})
			}
		}
		return true
	})
}

// named returns which query of WITH a relation is, -1 for a relation of the database.
func (t *tracer) named(r *pg.RangeVar, sees int) int {
	if r.Schemaname != "" {
		return -1
	}
	all := t.queries()[:sees]
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].GetCtename() == r.Relname {
			return i
		}
	}
	return -1
}

// through goes on with a query that WITH names, once, unless only a number is taken of it:
// WITH lost AS (SELECT id FROM orders) INSERT INTO counts SELECT count(*) FROM lost.
func (t *tracer) through(i int, reader *pg.Node) {
	all := t.queries()
	query := all[i].GetCtequery()
	if slices.Contains(t.read, query) || !ReturnsColumns(reader) {
		return
	}
	t.read = append(t.read, query)
	sees := i
	if t.isRecursive() {
		sees = len(all)
	}
	t.follow(query, query, sees)
}

func (t *tracer) isRecursive() bool {
	return slices.ContainsFunc(t.with, func(w *pg.WithClause) bool { return w.GetRecursive() })
}

// ReturnsColumns reports whether a query returns anything of a column: SELECT count(*)
// does not.
func ReturnsColumns(query *pg.Node) bool {
	found := false
	Walk(query, func(n *pg.Node) bool {
		target := n.GetResTarget()
		if target == nil {
			return !found
		}
		Walk(target.Val, func(n *pg.Node) bool {
			found = found || n.GetColumnRef() != nil
			return !found
		})
		return false
	})
	return found
}
