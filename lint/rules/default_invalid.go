package rules

import (
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var defaultInvalid = &lint.Rule{
	ID: "default-invalid", Group: lint.GroupDefault, Severity: lint.Error,
	On:    facts.Made | facts.Changed,
	Title: "A default is no value of its column's type",
	Why: "PostgreSQL reads a constant when the statement runs and refuses what the type does not know: `uuid DEFAULT ''`, `jsonb DEFAULT ''`, `text[] DEFAULT '[]'`, `boolean DEFAULT 0`, a date such as `'0000-00-00'`, a label that the enum does not have. " +
		"What breaks a `CHECK`, of the table or of a domain, it accepts: then every INSERT that leaves the column out fails (SQLSTATE 23514), and so does `ADD COLUMN` as soon as the table has a row.\n\n" +
		"https://www.postgresql.org/docs/current/ddl-default.html",
	Fix: "Write a value of the type: `'{}'` for an empty array or JSON object, `false` for a boolean, no default at all for nothing. " +
		"A new label is added to an enum before its use, in a migration of its own: `ALTER TYPE mood ADD VALUE 'new'`.",
	Explains: []string{"22P02", "22007", "22008", "22023", "42804", "42P18", "23514"},
	Check: func(p *lint.Pass) {
		for _, d := range constantDefaults(p) {
			if problem := refusedDefault(p, d); problem != "" {
				if !p.Tried() {
					p.Reportf(d.defaultLocation(), "%s %s; PostgreSQL refuses the statement", d, problem)
				}
				continue
			}
			checkViolated(p, d)
		}
		for _, c := range columns(p) {
			if array := c.expr.GetAArrayExpr(); array != nil && len(array.Elements) == 0 && !p.Tried() {
				p.Reportf(c.defaultLocation(), "default ARRAY[] of %s has no type; PostgreSQL refuses the statement, write '{}'", c)
			}
		}
	},
}

// refusedDefault says why PostgreSQL refuses a default while it reads the
// statement; "" when it does not.
func refusedDefault(p *lint.Pass, d constantDefault) string {
	last := d.typ
	if len(d.Casts) > 0 {
		last = resolveType(p, d.Casts[len(d.Casts)-1])
	}
	switch {
	case d.Kind == sqlvalue.StringLiteral:
		read := d.typ
		if len(d.Casts) > 0 {
			read = resolveType(p, d.Casts[0])
		}
		if problem := read.InputProblem(d.Text); problem != "" {
			return problem
		}
	case len(d.Casts) == 0 && d.Kind == sqlvalue.NumberLiteral && (d.typ.Array || noNumber[d.typ.Name] || d.typ.Labels != nil):
		return "is a number, which does not become " + article(d.typ) + " by itself" + insteadOfNumber(d)
	case len(d.Casts) == 0 && d.Kind == sqlvalue.BooleanLiteral && (d.typ.Array || noBoolean[d.typ.Name] || d.typ.Labels != nil):
		return "is a boolean, which does not become " + article(d.typ) + " by itself"
	}
	if len(d.Casts) > 0 && last.IsText() && (d.typ.Array || noText[d.typ.Name] || d.typ.Labels != nil) {
		return "is cast to " + last.String() + ", which does not become " + article(d.typ) + " by itself; leave the cast out"
	}
	return ""
}

// Types that PostgreSQL does not assign a number, a boolean or a text to
// without an explicit cast.
var (
	noNumber  = wordSet("bool date time timetz timestamp timestamptz interval uuid json jsonb inet cidr bytea bit varbit")
	noBoolean = wordSet("int2 int4 int8 numeric float4 float8 money date time timetz timestamp timestamptz interval uuid json jsonb inet cidr bytea bit varbit")
	noText    = wordSet("bool int2 int4 int8 numeric float4 float8 date time timetz timestamp timestamptz interval uuid json jsonb inet cidr bytea bit varbit")
)

func article(t sqlvalue.Type) string {
	if text := t.String(); text != "" && strings.Contains("aeio", text[:1]) {
		return "an " + text
	}
	return "a " + t.String()
}

func insteadOfNumber(d constantDefault) string {
	switch {
	case d.typ.Is("bool") && d.Text == "0":
		return ", write false"
	case d.typ.Is("bool") && d.Text == "1":
		return ", write true"
	}
	return ""
}

// checkViolated reports a default that breaks a CHECK.
func checkViolated(p *lint.Pass, d constantDefault) {
	broken := ""
	for _, expr := range checksOn(p, d.column) {
		if sqlvalue.NewSubject(d.name, d.Literal, d.typ).Satisfies(expr) == sqlvalue.False {
			broken = "a CHECK of " + tableName(d.table)
		}
	}
	if d.typ.Domain != nil {
		for _, expr := range d.typ.Domain.Checks {
			if sqlvalue.NewSubject("value", d.Literal, d.typ).Satisfies(expr) == sqlvalue.False {
				broken = "the CHECK of domain " + d.typ.Domain.Name
			}
		}
	}
	if broken == "" || (d.form == columnAdded && passedOnRows(p, d.table)) {
		return
	}
	p.Reportf(d.defaultLocation(), "%s breaks %s; %s", d, broken, violationOutcome(p, d))
}

func violationOutcome(p *lint.Pass, d constantDefault) string {
	if d.form == columnAdded && existingRows(p, d.column) {
		return "the statement fails as soon as " + tableName(d.table) + " has a row"
	}
	return "PostgreSQL accepts it and then refuses every INSERT that leaves the column out"
}
