package rules

import (
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var defaultNull = &lint.Rule{
	ID: "default-null", Group: lint.GroupDefault, Severity: lint.Warning,
	On:    facts.Made | facts.Changed,
	Title: "A default is NULL where none can be, or not the NULL it seems",
	Why: "PostgreSQL accepts `NOT NULL DEFAULT NULL`: it is the same as no default, and every INSERT that leaves the column out fails (SQLSTATE 23502). " +
		"`DEFAULT 'null'` of a json column is JSON's null, a value: `IS NULL` does not find it and `NOT NULL` lets it in.",
	Fix: "Leave `DEFAULT NULL` out, or give a value. To take a default away write `ALTER COLUMN … DROP DEFAULT`. For no JSON, write no default at all.",
	Check: func(p *lint.Pass) {
		for _, c := range columns(p) {
			l, ok := sqlvalue.ReadLiteral(c.expr)
			switch {
			case !ok:
			case l.Kind == sqlvalue.NullLiteral:
				checkNullDefault(p, c)
			case l.Kind == sqlvalue.StringLiteral && strings.TrimSpace(l.Text) == "null" && typeOf(p, c).Is("json", "jsonb"):
				p.Reportf(c.defaultLocation(), "default 'null' of %s is the JSON value null, which is not NULL: IS NULL does not find it; write no default", c)
			}
		}
	},
}

func checkNullDefault(p *lint.Pass, c column) {
	switch {
	case c.form == columnDefaulted:
		if isNotNull(p, c) {
			p.Reportf(c.location, "%s is NOT NULL, so with DEFAULT NULL every INSERT that leaves it out fails; write DROP DEFAULT if that is meant", c)
		}
	case existingRows(p, c): // not-null-fails tells
	case refusesNull(p, c) != "":
		p.Reportf(c.defaultLocation(), "%s is NOT NULL, so with DEFAULT NULL every INSERT that leaves it out fails; drop the default or give a value", c)
	}
}

// isNotNull tells whether an existing column is NOT NULL.
func isNotNull(p *lint.Pass, c column) bool {
	if known := catalogColumn(p, c); known != nil {
		return known.NotNull
	}
	known := p.Table(c.table).Column(c.name)
	return known != nil && known.NotNull
}
