package rules

import (
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var tableSwapped = &lint.Rule{
	ID: "table-swapped", Group: lint.GroupDrop, Severity: lint.Warning,
	On:    facts.Made | facts.Renamed | facts.Moved,
	Title: "A table takes the name of another one, without all that the other one had",
	Why: "A copy has what the statement that made it says. `CREATE TABLE … AS` and `SELECT INTO` copy columns and rows: no key, `NOT NULL`, default, identity, check or index. `LIKE … INCLUDING ALL` copies these, and still no foreign key, trigger, policy, row level security, grant, owner or place in a publication. " +
		"All of it stays with the old table, or goes with it, and nothing fails at the rename: duplicates and NULLs are stored from then on, or roles are refused, or see every row.\n\n" +
		"Whatever else means the old table means it under its new name, too: foreign keys of other tables, views, policies and functions that PostgreSQL keeps by identity. The sequence of a serial column is still owned by the old table, and goes with it.\n\n" +
		"An error where writes fail: when a column that cannot be NULL no longer fills itself in (`23502`), and when other tables still reference the old one (`23503`). A notice when only comments and the like are missing. What the review makes again is not reported, whatever its name.\n\n" +
		"https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-LIKE",
	Fix: "Make on the new table all that the old one has, before it takes the name:\n\n" +
		"```sql\nCREATE TABLE orders_new (LIKE orders INCLUDING ALL);\nALTER TABLE orders_new ENABLE ROW LEVEL SECURITY;\nGRANT SELECT, INSERT ON orders_new TO app;\nALTER SEQUENCE orders_id_seq OWNED BY orders_new.id;\n```\n\n" +
		"Where it is possible, change the table with `ALTER TABLE` instead.",
	Check: func(p *lint.Pass) {
		for _, s := range swapsHere(p) {
			if !isEmptiedBySwap(p, s) {
				reportSwapped(p, s)
			}
		}
	},
}

// isEmptiedBySwap tells whether a table is dropped and made again without its rows, which
// are told of where it is dropped: it is another table, and not a copy.
func isEmptiedBySwap(p *lint.Pass, s lint.Swap) bool {
	if s.Left != "" || facts.Verbs(p.Facts())&(facts.Renamed|facts.Moved) != 0 {
		return false
	}
	gone := p.Gone(facts.Identity(facts.Table, s.Table))
	if gone == nil {
		return false
	}
	for e := range gone.Object.Reviewed(p) {
		if e.Verb&facts.Copied != 0 {
			return false
		}
	}
	return true
}

func reportSwapped(p *lint.Pass, s lint.Swap) {
	var words []string
	if lost := lostWords(s.Lost); len(lost) > 0 {
		words = append(words, " lacks "+listed(lost)+" of the former one")
	}
	if len(s.Stays) > 0 {
		words = append(words, " leaves "+listed(lostWords(s.Stays))+" with "+unqualified(p, s.Left))
	}
	fails := ""
	if len(s.Unfilled) > 0 {
		fails += "; INSERTs that leave out " + columnsOf(unqualified(p, s.Table), s.Unfilled) + " fail (23502)"
	}
	if len(staying(s, "foreign key")) > 0 {
		fails += "; rows that refer to its new ones are refused (23503)"
	}
	f := p.Reportf(nameLocation(p), "%s is another table from here on, which%s%s; make that again before it takes the name", unqualified(p, s.Table), strings.Join(words, " and"), fails)
	switch {
	case fails != "":
		f.Severity = lint.Error
	case len(s.Stays) == 0 && isOnlyDescribed(s.Lost):
		f.Severity = lint.Notice
	}
}

// nameLocation is where a statement names the table that gets another name.
func nameLocation(p *lint.Pass) int32 { return p.Node().GetRenameStmt().GetRelation().GetLocation() }

func staying(s lint.Swap, kind string) (found []lint.CatalogObject) {
	for _, o := range s.Stays {
		if o.Kind == kind {
			found = append(found, o)
		}
	}
	return found
}

// isOnlyDescribed tells whether nothing is lost on which a result depends.
func isOnlyDescribed(lost []lint.CatalogObject) bool {
	for _, o := range lost {
		if o.Kind != "comment" && o.Kind != "statistics object" && o.Kind != "options" {
			return false
		}
	}
	return true
}
