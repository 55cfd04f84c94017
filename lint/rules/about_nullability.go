package rules

import (
	"regexp"
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

// becomesNotNull tells whether the migrations under review make a column NOT
// NULL, in the same statement or later.
func becomesNotNull(p *lint.Pass, c column) bool {
	final := p.FinalColumn(c.table, c.name)
	return final != nil && final.NotNull
}

// refusesNull says why a column can hold no NULL; "" when it can.
func refusesNull(p *lint.Pass, c column) string {
	switch {
	case c.serial() || c.identity():
		return ""
	case c.key:
		return "as a primary key without a default"
	case c.expr != nil && c.constraint(pg.ConstrType_CONSTR_NOTNULL) != nil:
		return "as NOT NULL with DEFAULT NULL"
	case c.constraint(pg.ConstrType_CONSTR_NOTNULL) != nil:
		return "as NOT NULL without a default"
	case setNotNullHere(p, c.name):
		return "and SET NOT NULL in one statement"
	}
	if d := typeOf(p, c).Domain; d != nil && d.NotNull {
		return "of domain " + d.Name + ", which is NOT NULL, without a default"
	}
	return ""
}

// setNotNullHere tells whether the statement itself sets a column NOT NULL.
func setNotNullHere(p *lint.Pass, name string) bool {
	for _, cmd := range alterCommands(p.Statement) {
		if cmd.Subtype == pg.AlterTableType_AT_SetNotNull && cmd.Name == name {
			return true
		}
	}
	return false
}

// nullableColumns returns the new columns that allow NULL without having been
// told to.
func nullableColumns(p *lint.Pass) []column {
	var found []column
	for _, c := range columns(p) {
		switch {
		case c.form == columnDefaulted || c.def.GetTypeName() == nil || c.notNull() || c.generated():
		case c.constraint(pg.ConstrType_CONSTR_NULL) != nil || becomesNotNull(p, c):
		case forcedNotNull(p, c):
		default:
			found = append(found, c)
		}
	}
	return found
}

// forcedNotNull tells whether the type is a domain that refuses NULL, or the
// server says that the column does.
func forcedNotNull(p *lint.Pass, c column) bool {
	if after := p.CatalogAfter(c.table).Column(c.name); after != nil {
		return after.NotNull
	}
	d := typeOf(p, c).Domain
	return d != nil && d.NotNull
}

var timestampName = regexp.MustCompile(`(?i)^(created|updated|inserted|modified)(_?(at|on|time|date))?$`)

// isMomentOfRow tells whether a column holds when its row was made or changed, with a
// default that says it.
func isMomentOfRow(p *lint.Pass, c column) bool {
	return c.expr != nil && !sqlvalue.IsNull(c.expr) && typeOf(p, c).IsTime() && timestampName.MatchString(c.name)
}

// mayBeAbsent matches columns of facts that not every row has: what was measured, and what
// somebody may write.
var mayBeAbsent = regexp.MustCompile(`(?i)(^|_)(notes?|comments?|description|remarks?|bio|meta_?data|weight|height|width|depth|length|latitude|longitude|lat|lng|lon|altitude|temperature|distance|duration|rating|score)$`)

// hasStrictFlag tells whether another boolean of the table is NOT NULL in the end.
func hasStrictFlag(p *lint.Pass, c column) bool {
	t := p.TableFinal(c.table)
	return t != nil && slices.ContainsFunc(t.Columns, func(other lint.Column) bool {
		return other.NotNull && (other.Base == "boolean" || facts.LastWord(other.Written.GetNames()) == "bool")
	})
}

// isFilledInReview tells whether the review gives all rows that are there a value.
func isFilledInReview(p *lint.Pass, c column) bool {
	for e := range p.Relation(c.table).After(p) {
		s, is := e.Tree.(*pg.UpdateStmt)
		if is && slices.Contains(targetColumns(s.TargetList), c.name) && (s.WhereClause == nil || s.WhereClause.GetNullTest() != nil) {
			return true
		}
	}
	return false
}

// nullableReason says why a column should not take NULL; "" for no reason.
func nullableReason(p *lint.Pass, c column) string {
	t := typeOf(p, c)
	hasDefault := c.expr != nil && !sqlvalue.IsNull(c.expr)
	switch {
	case t.Is("bool") && hasDefault:
		return "a boolean with a third state, which its default does not keep away; add NOT NULL"
	case t.Is("bool") && !hasStrictFlag(p, c) && !isFilledInReview(p, c):
		return "" // nothing tells that a third state is not meant
	case t.Is("bool"):
		return "a boolean with a third state, which WHERE NOT leaves out; add NOT NULL DEFAULT false, or NULL if it means something"
	case isMomentOfRow(p, c):
		return "every row has a time, but its default does not keep NULL away; add NOT NULL"
	case hasDefault && (t.IsTime() || mayBeAbsent.MatchString(c.name)):
		return "" // of what may not have happened, or is not known: trial_end, weight
	case hasDefault:
		return "its default does not keep NULL away, only NOT NULL does; add it while it is free"
	}
	return ""
}
