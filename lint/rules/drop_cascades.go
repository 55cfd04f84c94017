package rules

import (
	"fmt"
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var dropCascades = &lint.Rule{
	ID: "drop-cascades", Group: lint.GroupDrop, Severity: lint.Warning,
	On:    facts.Dropped | facts.Changed,
	Title: "CASCADE drops objects that the statement does not name",
	Why: "`CASCADE` drops whatever depends on the object, and what depends on that. Only a `NOTICE` says so, after the fact. What goes is often a surprise: " +
		"dropping a type or an extension takes every *column* of its types, with the values; dropping a function or sequence takes the defaults, triggers, generated columns and indexes that use it; dropping a table takes views and the foreign keys of other tables.\n\n" +
		"When columns or tables go, this is an error: they hold data. The contents of a dropped schema are told by `schema-dropped`. What the same migration makes again is left out.\n\n" +
		"https://www.postgresql.org/docs/current/ddl-depend.html",
	Fix: "Leave `CASCADE` out. PostgreSQL then refuses and lists what depends on the object; drop or change that by name, so that the review shows it.",
	Check: func(p *lint.Pass) {
		if p.Tried() && p.Effect().Incomplete == "" {
			reportCascaded(p)
			return
		}
		predictCascade(p)
	},
}

func reportCascaded(p *lint.Pass) {
	if p.Node().GetDropStmt() != nil && !writesCascade(p) {
		return // members of an extension that depend on one another
	}
	var names []string
	data := false
	for _, o := range cascaded(p) {
		data = data || slices.Contains([]facts.Kind{facts.Table, facts.Column, facts.MaterializedView}, o.Kind)
		names = append(names, describeObject(p, o))
	}
	if len(names) == 0 {
		return
	}
	// The order of deletion follows object identifiers: not the same in every
	// database.
	slices.Sort(names)
	f := p.Reportf(cascadeLocation(p), "CASCADE also drops %s; drop what is meant by name, without CASCADE", listed(names))
	p.Measured(f, "%s dropped that the statement does not name", noun.Count(len(names), "object"))
	if data {
		f.Severity = lint.Error
	}
}

// cascaded returns what CASCADE took from people: not the insides of what went,
// nothing that the migrations made themselves or make again.
func cascaded(p *lint.Pass) []facts.Name {
	gone := goneContainers(p)
	var out []facts.Name
	for _, o := range p.Effect().Dropped {
		name := facts.Identity(facts.Kind(o.Kind), o.Name)
		if !o.Cascade || !slices.Contains(tellableKinds, name.Kind) || gone[name.OfTable()] || gone[facts.Name{Kind: facts.Schema, Name: name.Schema}] {
			continue
		}
		if isNewObject(p, name) || madeAnew(p, name) != nil || isPerhapsMember(p, name.Kind) {
			continue
		}
		out = append(out, name)
	}
	return out
}

// isPerhapsMember tells whether an object of a kind that goes with DROP EXTENSION
// may be the extension's own, such as citext's functions: the server names them
// all. Its tables would be rare, and columns of its types are people's.
func isPerhapsMember(p *lint.Pass, kind facts.Kind) bool {
	return p.Node().GetDropStmt().GetRemoveType() == pg.ObjectType_OBJECT_EXTENSION && (kind.IsRoutine() || kind == facts.Type)
}

// goneContainers holds the schemas and tables that went: what was in them is
// not worth telling one by one.
func goneContainers(p *lint.Pass) map[facts.Name]bool {
	gone := map[facts.Name]bool{}
	for _, o := range p.Effect().Dropped {
		switch name := facts.Identity(facts.Kind(o.Kind), o.Name); {
		case name.Kind.IsRelation():
			name.Kind = facts.Table
			gone[name] = true
		case name.Kind == facts.Schema:
			gone[name] = true
		}
	}
	return gone
}

// predictCascade says what PostgreSQL would drop, when nobody has seen it.
func predictCascade(p *lint.Pass) {
	if s := p.Node().GetDropOwnedStmt(); s.GetBehavior() == pg.DropBehavior_DROP_CASCADE {
		p.Reportf(0, "CASCADE also drops objects of other roles that depend on what is dropped; leave CASCADE out to see them listed")
		return
	}
	if p.Node().GetDropStmt() != nil && !writesCascade(p) {
		return
	}
	cascading := cascadingCommands(p)
	for _, r := range writtenRemovals(p.Statement) {
		takes := dependents[r.Kind]
		if takes == "" || isNewObject(p, r.Name) || r.Kind.IsPart() && !cascading[r.location] {
			continue
		}
		what := fmt.Sprintf(takes, r.Phrase())
		switch knowledgeOf(p, r) {
		case isKnown:
			p.Reportf(r.location, "CASCADE also drops %s; drop that by name, and leave CASCADE out", what)
		case isUnheard:
			p.Reportf(r.location, "CASCADE also drops %s, if that is there; leave CASCADE out", what).Severity = lint.Notice
		}
	}
}

// dependents says what can depend on an object of a kind. The contents of a
// schema are schema-dropped's to tell.
var dependents = map[facts.Kind]string{
	"table":             "views and foreign keys of other tables that depend on %s",
	"foreign table":     "views that depend on %s",
	"view":              "views that depend on %s",
	"materialized view": "views that depend on %s",
	"type":              "every column of %s with its values, and functions that take or return it",
	"function":          "triggers, defaults, policies, generated columns, indexes and views that use %s",
	"procedure":         "whatever depends on %s",
	"aggregate":         "views that use %s",
	"sequence":          "the column defaults that use %s",
	"extension":         "every column, index, default and function that uses %s",
	"table column":      "views, and foreign keys of other tables, that depend on %s",
	"table constraint":  "foreign keys of other tables, and views, that depend on %s",
}

func writesCascade(p *lint.Pass) bool {
	return p.Node().GetDropStmt().GetBehavior() == pg.DropBehavior_DROP_CASCADE
}

// cascadingCommands holds where the actions of an ALTER TABLE begin that say
// CASCADE.
func cascadingCommands(p *lint.Pass) map[int32]bool {
	at := map[int32]bool{}
	for _, c := range alterCommands(p.Statement) {
		if c.Behavior == pg.DropBehavior_DROP_CASCADE {
			at[c.location] = true
		}
	}
	return at
}

// cascadeLocation is where the word CASCADE applies: the first action that
// says it.
func cascadeLocation(p *lint.Pass) int32 {
	for _, c := range alterCommands(p.Statement) {
		if c.Behavior == pg.DropBehavior_DROP_CASCADE {
			return c.location
		}
	}
	return 0
}
