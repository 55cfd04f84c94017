package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var columnNameReused = &lint.Rule{
	ID: "column-name-reused", Group: lint.GroupCompat, Severity: lint.Warning,
	On:    facts.Renamed,
	Title: "A column is renamed and its old name given to a new one",
	Why: "Code that is still running finds a column of the name that it knows and fails with nothing: it reads the default or NULL instead of the value, and writes where the new version does not look. " +
		"A column that is only renamed at least breaks that code with `42703`.\n\n" +
		"It is the same where another column takes the old name: `description` becomes `summary`, and `body` becomes `description`.\n\n" +
		"Not reported when the review writes the new column from the renamed one, as where a type is changed this way.",
	Fix: "Give the new column a name that was never used. Where the old name is wanted, first deploy code that knows neither, and reuse it in a later migration.",
	Check: func(p *lint.Pass) {
		r := p.Node().GetRenameStmt()
		if !renamesColumn(r) || p.IsNew(r.Relation) || facts.IsTemporary(r.Relation) || columnIsNew(p, r.Relation, r.Subname) {
			return
		}
		again := p.ComesBack(facts.PartOf(facts.Column, r.Relation, r.Subname))
		if again == nil || isWrittenLater(p, r) {
			return
		}
		if again.Verb&facts.Renamed != 0 && again.New && !isMadeHere(again.Object) {
			p.Reportf(r.Relation.GetLocation(), "%s.%s becomes %s and %s gets its name, so code that is still running reads and writes another column without an error; give each of them a name that was never used",
				tableName(r.Relation), r.Subname, r.Newname, again.Name.Name)
			return
		}
		if again.Verb&facts.Made == 0 {
			return
		}
		p.Reportf(r.Relation.GetLocation(), "%s.%s becomes %s and a new column gets its name, so code that is still running reads and writes the new one without an error; give the new column another name",
			tableName(r.Relation), r.Subname, r.Newname)
	},
}

// isWrittenLater tells whether the review copies the renamed column into the one that
// takes the old name.
func isWrittenLater(p *lint.Pass, r *pg.RenameStmt) bool {
	for e := range p.Relation(r.Relation).After(p) {
		if copiesColumn(e.Tree, r.Newname, r.Subname) {
			return true
		}
	}
	return false
}
