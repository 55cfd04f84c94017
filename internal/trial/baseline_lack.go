package trial

import (
	"fmt"
	"slices"

	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// baselineLack is about a relation that no migration makes where all of history is tried:
// many histories begin on a database that JPA, an ORM or a dump has made. What is new
// on top of a base that applies is to blame itself.
func (t *trial) baselineLack(o object, r *session.Refused) string {
	whole := len(t.Source.History.Base) == 0 && t.BaseSchema == nil || slices.Contains(t.Source.History.Base, r.Migration)
	if o.kind != "relation" || !whole || t.makes(o) || lint.DidYouMean(o.name, t.madeRelations()) != "" {
		return ""
	}
	text := fmt.Sprintf("%s, and no migration in %s makes it; if production had it before the first one, write before: FILE.sql in .migvet.yml, with the SQL that makes it", r.Err.Message, t.Source.Dir)
	if len(t.Source.History.Base) == 0 {
		text += ", or run this with --base-schema FILE.sql, a dump of the schema from before the first one (pg_dump --schema-only)"
	}
	return text
}

// madeRelations are the names of tables and views that migrations make, as far as their
// text tells: a name that is nearly one of them is a slip.
func (t *trial) madeRelations() (names []string) {
	for _, m := range t.Source.Head {
		for _, s := range m.Statements() {
			for _, f := range s.Facts() {
				if f.Verb&facts.Made != 0 && f.Name.Kind.Space() == facts.Table.Space() && f.Name.Table == "" {
					names = append(names, f.Name.Name)
				}
			}
		}
	}
	return names
}
