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
		"Reported of an `UPDATE` that writes all rows, or all that lack a value, of a table with a `BEFORE UPDATE … FOR EACH ROW` trigger whose function sets a column to the time, whatever is updated. Not reported where the migration sets the column itself, or switches triggers off.\n\n" +
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
				if column := columnTouched(t); column != "" && !slices.Contains(change.columns, column) && firesFor(t, change.columns) {
					f := p.Reportf(change.table.Location, "this runs trigger function %s, which sets %s of each row to the time of the migration; if that matters, disable the trigger for this statement", unqualified(p, t.Function), column)
					p.TellInSeries(f, t.Function+" "+column, "the UPDATE of "+tableName(change.table))
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

// firesFor tells whether a trigger fires for an UPDATE that sets columns. What its condition
// asks of single columns nobody knows of all rows.
func firesFor(t lint.UpdateTrigger, columns []string) bool {
	named := func(column string) bool { return slices.Contains(columns, column) }
	return (len(t.Columns) == 0 || slices.ContainsFunc(t.Columns, named)) && (t.When == "" || isOfAnyUpdate(t.When))
}

// touches matches NEW.updated_at := now() in a body.
var touches = lazyregexp.New(`(?i)\bnew\.("?\w+"?)\s*:?=\s*(?:timezone\s*\([^()]*,\s*)?\(?(?:now|clock_timestamp|transaction_timestamp|statement_timestamp|current_timestamp|localtimestamp)\b`)

// columnTouched is the column that a trigger sets to the time, whatever an UPDATE changes; ""
// for none. Of the extension moddatetime that is what its function is given.
// https://www.postgresql.org/docs/current/contrib-spi.html
func columnTouched(t lint.UpdateTrigger) string {
	if t.Source == "moddatetime" && len(t.Arguments) > 0 {
		return t.Arguments[0]
	}
	body := t.Source
	for _, at := range touches.FindAllStringSubmatchIndex(body, -1) {
		if !runsForAnyUpdate(body[:at[0]]) {
			continue
		}
		column := body[at[2]:at[3]]
		if name, quoted := strings.CutPrefix(column, `"`); quoted {
			return strings.TrimSuffix(name, `"`)
		}
		return strings.ToLower(column)
	}
	return ""
}

// A branch is an IF that is open where one reads.
type branch struct {
	condition string
	returns   bool
}

// branching matches where branches of PL/pgSQL begin and end.
var branching = lazyregexp.New(`(?is)\bend\s+if\b|\b(if|elsif|elseif)\b(.*?)\bthen\b|\belse\b|\breturn\b`)

// runsForAnyUpdate reports whether what follows some code runs whatever an UPDATE changes:
// no IF is open, and none has returned.
func runsForAnyUpdate(code string) bool {
	var open []branch
	for _, m := range branching.FindAllStringSubmatch(comments.ReplaceAllString(code, " "), -1) {
		word := strings.ToLower(m[0])
		switch {
		case strings.EqualFold(m[1], "if"):
			open = append(open, branch{condition: m[2]})
		case len(open) == 0:
		case m[1] != "":
			open[len(open)-1].condition = m[2]
		case word == "else":
			open[len(open)-1].condition = otherwise(open[len(open)-1].condition)
		case word == "return":
			open[len(open)-1].returns = true
		default:
			last := open[len(open)-1]
			if open = open[:len(open)-1]; last.returns && !isOfOtherEvents(last.condition) {
				return false
			}
		}
	}
	return !slices.ContainsFunc(open, func(b branch) bool { return !isOfAnyUpdate(b.condition) })
}

var (
	comments    = lazyregexp.New(`--[^\n]*|(?s:/\*.*?\*/)`)
	anyUpdate   = lazyregexp.New(`(?i)^[\s()]*(?:tg_op\s*=\s*'update'|(?:row\s*\(\s*)?(?:new|old)(?:\.\*)?[\s)]*(?:is\s+distinct\s+from|\*?<>)\s*(?:row\s*\(\s*)?(?:new|old)(?:\.\*)?)[\s()]*$`)
	otherEvents = lazyregexp.New(`(?i)^[\s()]*tg_op\s*=\s*'(?:insert|delete)'[\s()]*$`)
)

// isOfAnyUpdate tells a condition that every UPDATE meets, as OLD.* IS DISTINCT FROM NEW.*.
func isOfAnyUpdate(condition string) bool { return anyUpdate.MatchString(condition) }

// isOfOtherEvents tells a condition that no UPDATE meets.
func isOfOtherEvents(condition string) bool { return otherEvents.MatchString(condition) }

// otherwise is the condition of the ELSE of one, as far as it matters.
func otherwise(condition string) string {
	if isOfOtherEvents(condition) {
		return "TG_OP = 'UPDATE'"
	}
	return ""
}
