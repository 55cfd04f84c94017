package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/plpgsql"
)

// A loss is data that a command in code takes away when it runs.
type loss struct {
	codeCommand
	what   string // "DROP TABLE tasks"
	sql    string // of the command; "" when it is not known
	unread bool   // EXECUTE of a text that is not known
	seen   func(*lint.Effect) bool
}

// lossesIn returns what a command takes away from what existed before.
func lossesIn(p *lint.Pass, c codeCommand) (losses []loss) {
	for _, s := range c.Statements {
		losses = append(losses, dropLosses(p, s)...)
		losses = append(losses, truncateLosses(p, s)...)
		losses = append(losses, changeLosses(p, s)...)
	}
	if len(losses) == 0 && c.Open && !leavesNoTrace(c) {
		losses = append(losses, loss{what: "this EXECUTE", unread: true, seen: func(*lint.Effect) bool { return false }})
	}
	for i := range losses {
		losses[i].codeCommand = c
	}
	return losses
}

// leavesNoTrace tells whether the text of an EXECUTE begins like a command of
// which a trial can see nothing although it ran.
func leavesNoTrace(c codeCommand) bool {
	if len(c.Statements) == 0 {
		return false
	}
	return slices.Contains([]string{"select", "values", "table", "set", "reset", "analyze", "notify", "lock"}, wordsOf(c.Statements[0]).at(0))
}

// takenKinds are the kinds of objects that hold data.
var takenKinds = map[facts.Kind]bool{
	"table": true, "materialized view": true, "schema": true, "extension": true, "sequence": true, "table column": true,
}

func dropLosses(p *lint.Pass, s *lint.Statement) (losses []loss) {
	cascades := s.Node.GetDropStmt().GetBehavior() == pg.DropBehavior_DROP_CASCADE
	for _, o := range droppedNames(s) {
		if !takenKinds[o.Kind] && !(cascades && o.Kind == "type") || o.Name == "" {
			continue
		}
		if t := o.Relation(); isNewObject(p, o) || t != nil && isTemporaryHere(p, t) {
			continue
		}
		losses = append(losses, loss{
			what: "DROP " + strings.ToUpper(o.Noun()) + " " + o.String(), sql: s.SQL,
			seen: func(e *lint.Effect) bool {
				return slices.ContainsFunc(e.Dropped, func(gone lint.CatalogObject) bool { return p.Same(o, facts.Identity(facts.Kind(gone.Kind), gone.Name)) })
			},
		})
	}
	if s.Node.GetDropOwnedStmt() != nil {
		losses = append(losses, loss{what: "DROP OWNED", sql: s.SQL, seen: func(e *lint.Effect) bool { return len(e.Dropped) > 0 }})
	}
	return losses
}

func truncateLosses(p *lint.Pass, s *lint.Statement) (losses []loss) {
	for _, n := range s.Node.GetTruncateStmt().GetRelations() {
		r := n.GetRangeVar()
		if p.IsNew(r) || isTemporaryHere(p, r) {
			continue
		}
		name := catalogName(p, r)
		losses = append(losses, loss{
			what: "TRUNCATE " + tableName(r), sql: s.SQL,
			seen: func(e *lint.Effect) bool {
				return e.LockDuring(name) == lint.AccessExclusive || slices.ContainsFunc(e.Lost, func(l lint.RowLoss) bool {
					return l.Truncated && (l.Table == name || r.Relname == plpgsql.Placeholder)
				})
			},
		})
	}
	return losses
}

func changeLosses(p *lint.Pass, s *lint.Statement) (losses []loss) {
	for _, c := range readRowChanges(p, s) {
		if !c.all() || p.IsNew(c.table) || isTemporaryHere(p, c.table) || !c.isDelete && c.fillsNewColumns(p) {
			continue
		}
		what := "UPDATE of every row of "
		if c.isDelete {
			what = "DELETE of all rows of "
		}
		losses = append(losses, loss{what: what + tableName(c.table), sql: s.SQL, seen: func(e *lint.Effect) bool { return c.seenIn(p, e) }})
	}
	return losses
}

// seenIn tells whether all rows of the table were changed or deleted, went some
// other way as well, or, where it had none, whether something took the lock that
// it takes.
func (c rowChange) seenIn(p *lint.Pass, e *lint.Effect) bool {
	name := catalogName(p, c.table)
	if !c.isDelete && e.CommitsItself {
		return true // or nobody knows
	}
	for _, w := range e.Wrote {
		if w.Table != name && c.table.Relname != plpgsql.Placeholder {
			continue
		}
		if rows := w.Updated; c.isDelete && w.Deleted >= w.Had || !c.isDelete && rows >= w.Had {
			return true
		}
	}
	if slices.ContainsFunc(e.Lost, func(l lint.RowLoss) bool { return l.Truncated && l.Table == name }) ||
		slices.ContainsFunc(e.Dropped, func(o lint.CatalogObject) bool { return o.Kind == "table" && o.Name == name }) {
		return true
	}
	t := e.Before.Find(c.table.Schemaname, c.table.Relname)
	return (t == nil || t.Rows == 0) && e.LockDuring(name).Strength() >= lint.RowExclusive.Strength()
}

// ran tells whether a command was seen to run: nothing leads around it in code
// that ran, it did what it does, or the server told its line.
func (r codeRun) ran(l loss) bool {
	if r.called && l.Always {
		return true
	}
	return slices.ContainsFunc(r.effects, func(e *lint.Effect) bool {
		return l.seen(e) || r.reached(e, l) || l.unread && r.wroteElsewhere(e)
	})
}

// reached tells whether the server told that DDL ran from the line of the
// command: the command itself, or, where its text is not known, one that the code
// does not write out.
func (r codeRun) reached(e *lint.Effect, l loss) bool {
	return slices.ContainsFunc(e.Reached, func(at lint.CodeLine) bool {
		if at.Line != l.Line || !r.isIn(at.Routine) {
			return false
		}
		if l.Open {
			return !r.known[onOneLine(at.SQL)]
		}
		return strings.Contains(onOneLine(at.SQL), onOneLine(l.sql))
	})
}

// isIn tells whether an error context's name of a routine is that of the code.
func (r codeRun) isIn(context string) bool {
	name, _, _ := strings.Cut(context, "(")
	name = strings.ToLower(strings.Trim(name[strings.LastIndexByte(name, '.')+1:], `"`))
	if r.body.routine == "" {
		return name == "inline_code_block"
	}
	return name == strings.ToLower(r.body.routine)
}

// wroteElsewhere tells whether rows of a table changed, or a routine was called,
// that the code does not name: an EXECUTE did that.
func (r codeRun) wroteElsewhere(e *lint.Effect) bool {
	isNamed := func(qname string) bool {
		_, name, _ := strings.Cut(qname, ".")
		return r.named[strings.ToLower(name)]
	}
	return slices.ContainsFunc(e.Wrote, func(w lint.RowsWritten) bool { return !isNamed(w.Table) }) ||
		slices.ContainsFunc(e.Lost, func(l lint.RowLoss) bool { return !isNamed(l.Table) }) ||
		slices.ContainsFunc(e.Called, func(c lint.Routine) bool { return !isNamed(c.Name) && c.Source != r.body.text && !c.Trigger })
}

// onOneLine is a command on one line.
func onOneLine(sql string) string { return strings.Join(strings.Fields(sql), " ") }
