package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var tableTruncated = &lint.Rule{
	ID: "table-truncated", Group: lint.GroupDrop, Severity: lint.Error,
	On:    facts.Emptied,
	Title: "TRUNCATE empties a table",
	Why: "All rows are gone when the transaction commits, without any `ON DELETE` trigger. `CASCADE` also empties every table that has a foreign key to the table, and those that have one to them, whatever `ON DELETE` says there: even `ON DELETE SET NULL` and `RESTRICT` do not keep their rows. " +
		"It takes `ACCESS EXCLUSIVE` on all of them.\n\n" +
		"https://www.postgresql.org/docs/current/sql-truncate.html",
	Fix: "Delete the rows that are meant, so that foreign keys and triggers are heard:\n\n```sql\nDELETE FROM sessions WHERE expires_at < now();\n```\n\n" +
		"When all rows are known to be worthless, name every table, leave `CASCADE` out, and say so: `-- migvet:ignore table-truncated reason`.",
	Check: func(p *lint.Pass) {
		if s := p.Node().GetTruncateStmt(); s != nil {
			checkTruncate(p, s)
		} else {
			checkTruncatedByCode(p)
		}
	},
}

// checkTruncatedByCode tells of a TRUNCATE that code ran.
func checkTruncatedByCode(p *lint.Pass) {
	if !p.Tried() {
		return
	}
	for _, loss := range p.Effect().Lost {
		if loss.Truncated {
			f := p.Reportf(0, "TRUNCATE deletes all rows of %s (%s in the trial); delete the rows that are meant with DELETE", unqualified(p, loss.Table), noun.Count(loss.Rows, "row"))
			p.Measured(f, "%s", p.Effect())
		}
	}
}

func checkTruncate(p *lint.Pass, s *pg.TruncateStmt) {
	victims, cascades := truncateVictims(p, s)
	said := false
	for _, n := range s.Relations {
		r := n.GetRangeVar()
		if r == nil || facts.IsTemporary(r) || p.IsNew(r) {
			continue
		}
		rows := ""
		if t := p.Catalog(r); t != nil && t.Rows > 0 {
			rows = " (" + noun.Count(t.Rows, "row") + " in the trial)"
		}
		reach := ""
		if !said {
			reach = victims
		}
		said = true
		p.Reportf(r.Location, "TRUNCATE deletes all rows of %s%s%s; delete the rows that are meant with DELETE", tableName(r), rows, reach)
	}
	if !said && cascades {
		p.Reportf(0, "TRUNCATE … CASCADE%s; leave CASCADE out", victims)
	}
}

// truncateVictims says which tables CASCADE empties, as a clause; found tells
// that there are some.
func truncateVictims(p *lint.Pass, s *pg.TruncateStmt) (clause string, found bool) {
	if s.Behavior != pg.DropBehavior_DROP_CASCADE {
		return "", false
	}
	if !p.Tried() {
		return ", and CASCADE those of every table with a foreign key to it", false
	}
	names := emptiedTables(p, s)
	if len(names) == 0 {
		return "", false
	}
	return ", and CASCADE all rows of " + listed(names), true
}

// emptiedTables follows foreign keys from the named tables. TRUNCATE locks
// what it empties, which also tells of tables beyond those whose constraints
// were read.
func emptiedTables(p *lint.Pass, s *pg.TruncateStmt) []string {
	var named, reached []string
	for _, n := range s.Relations {
		if t := p.Catalog(n.GetRangeVar()); t != nil {
			named = append(named, t.QName())
			reached = followReferences(p.Effect().Before, t, reached)
		}
	}
	for _, l := range p.Effect().Locks {
		if !l.Index && l.Mode == lint.AccessExclusive && !slices.Contains(reached, l.Object) {
			reached = append(reached, l.Object)
		}
	}
	var names []string
	for _, name := range reached {
		if !slices.Contains(named, name) {
			names = append(names, unqualified(p, name))
		}
	}
	slices.Sort(names)
	return names
}

func followReferences(s *lint.Schema, t *lint.Table, reached []string) []string {
	for _, ref := range s.References(t) {
		if name := ref.From.QName(); !ref.From.New && !slices.Contains(reached, name) {
			reached = followReferences(s, ref.From, append(reached, name))
		}
	}
	return reached
}
