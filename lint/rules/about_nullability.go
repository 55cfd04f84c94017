package rules

import (
	"regexp"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
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

// nullableReason says why a column should not take NULL; "" for no reason.
func nullableReason(p *lint.Pass, c column) string {
	t := typeOf(p, c)
	hasDefault := c.expr != nil && !sqlvalue.IsNull(c.expr)
	switch {
	case t.Is("bool") && hasDefault:
		return "a boolean with a third state, which its default does not keep away; add NOT NULL"
	case t.Is("bool"):
		return "a boolean with a third state, which WHERE NOT leaves out; add NOT NULL DEFAULT false, or NULL if it means something"
	case isMomentOfRow(p, c):
		return "every row has a time, but its default does not keep NULL away; add NOT NULL"
	case hasDefault && t.IsTime():
		return "" // of what may not have happened: trial_end, cancelled_at
	case hasDefault:
		return "its default does not keep NULL away, only NOT NULL does; add it while it is free"
	}
	return ""
}
