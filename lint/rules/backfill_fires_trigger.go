package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var backfillFiresTrigger = &lint.Rule{
	ID: "backfill-fires-trigger", Group: lint.GroupData, Severity: lint.Notice,
	On: facts.Updated, Measured: true,
	Title: "An UPDATE of a whole table fires a trigger that notes the time",
	Why: "A trigger that sets `updated_at` does not know a migration from a user. After the `UPDATE` every row seems to have been changed at the time of the deploy: caches expire together, lists that are sorted by it lose their order, jobs that look for what is new take everything, and the true times are gone.\n\n" +
		"Reported of an `UPDATE` that writes all rows, or all that lack a value, of a table with a `BEFORE UPDATE … FOR EACH ROW` trigger whose function sets a column to the time. Not reported where the migration sets the column itself, or switches triggers off.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altertable.html",
	Fix: "If the times matter, leave the trigger out for this statement. The lock is held until the transaction ends, so keep it short:\n\n```sql\nALTER TABLE posts DISABLE TRIGGER posts_touch;\nUPDATE posts SET slug = lower(title) WHERE slug IS NULL;\nALTER TABLE posts ENABLE TRIGGER posts_touch;\n```",
	Check: func(p *lint.Pass) {
		if p.Node().GetUpdateStmt() == nil || !p.Tried() {
			return
		}
		for _, change := range readRowChanges(p, p.Statement) {
			if p.IsNew(change.table) || !updatesAllRows(p, change) && !change.fillsNewColumns(p) && !change.asksForNull() {
				continue
			}
			for _, t := range triggersBefore(p, change.table) {
				if column := columnTouched(t.Source); column != "" && !slices.Contains(change.columns, column) {
					p.Reportf(change.table.Location, "this runs trigger function %s, which sets %s of each row to the time of the migration; if that matters, disable the trigger for this statement", unqualified(p, t.Function), column)
				}
			}
		}
	},
}

// triggersBefore are the triggers that a server saw on a table.
func triggersBefore(p *lint.Pass, table *pg.RangeVar) []lint.UpdateTrigger {
	t := p.Table(table)
	if t == nil {
		return nil
	}
	return t.UpdateTriggers
}

// touches matches NEW.updated_at := now() in a body.
var touches = lazyregexp.New(`(?i)\bnew\.("?\w+"?)\s*:?=\s*(?:timezone\s*\([^()]*,\s*)?\(?(?:now|clock_timestamp|transaction_timestamp|statement_timestamp|current_timestamp|localtimestamp)\b`)

// columnTouched is the column that the body of a trigger function sets to the time; "" for
// none.
func columnTouched(body string) string {
	m := touches.FindStringSubmatch(body)
	if m == nil {
		return ""
	}
	if name, quoted := strings.CutPrefix(m[1], `"`); quoted {
		return strings.TrimSuffix(name, `"`)
	}
	return strings.ToLower(m[1])
}
