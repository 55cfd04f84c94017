package rules

import (
	"fmt"
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var schemaDropped = &lint.Rule{
	ID: "schema-dropped", Group: lint.GroupDrop, Severity: lint.Error,
	On:    facts.Dropped,
	Title: "A schema or a database is dropped",
	Why: "`DROP SCHEMA … CASCADE` drops every table, view, type, sequence and function in the schema, with all rows, and what depends on them in other schemas. PostgreSQL says so in a `NOTICE` that deploys do not show. " +
		"Without `CASCADE` it is refused unless the schema is empty; then only grants, default privileges and `search_path` settings that name it lose their meaning.\n\n" +
		"https://www.postgresql.org/docs/current/sql-dropschema.html",
	Fix: "Drop the objects one by one, by name, so that the review shows them; then `DROP SCHEMA name;` without `CASCADE`.",
	Check: func(p *lint.Pass) {
		for _, r := range removals(p, "schema") {
			if !isNewObject(p, r.Name) {
				reportSchema(p, r)
			}
		}
		if d := p.Node().GetDropdbStmt(); d != nil {
			p.Reportf(0, "dropping database %s loses everything in it; take this statement out of the migrations", d.Dbname)
		}
	},
}

func reportSchema(p *lint.Pass, r removal) {
	mentions := stillMentioned(p, r.Name)
	if r.seen != nil {
		reportEmptied(p, r, mentions)
		return
	}
	if p.Node().GetDropStmt().GetBehavior() == pg.DropBehavior_DROP_CASCADE {
		p.Reportf(r.location, "dropping schema %s with CASCADE loses every table in it and whatever depends on them%s; drop the objects by name, then the schema without CASCADE", r, mentions)
		return
	}
	reportEmpty(p, r, mentions)
}

func reportEmptied(p *lint.Pass, r removal, mentions string) {
	rows, contents := schemaContents(p, r.Name.Name)
	if len(contents) == 0 {
		reportEmpty(p, r, mentions)
		return
	}
	lost := ""
	if rows > 0 {
		lost = fmt.Sprintf(" with %s in the trial", noun.Count(rows, "row"))
	}
	p.Reportf(r.location, "dropping schema %s takes %s%s%s; drop the objects by name, then the schema without CASCADE", r, listed(contents), lost, mentions)
}

func reportEmpty(p *lint.Pass, r removal, mentions string) {
	f := p.Reportf(r.location, "dropping schema %s is refused unless it is empty, and breaks every search_path that names it%s", r, mentions)
	f.Severity = lint.Warning
}

// schemaContents names what people would look for in a dropped schema.
func schemaContents(p *lint.Pass, schema string) (rows int64, contents []string) {
	for _, o := range p.Effect().Dropped {
		if !strings.HasPrefix(o.Name, schema+".") {
			continue
		}
		rows += o.Values
		if heldBySchema(o) {
			contents = append(contents, facts.Identity(facts.Kind(o.Kind), o.Name).Phrase())
		}
	}
	slices.Sort(contents)
	return rows, contents
}

// heldBySchema tells whether an object lies in a schema itself: parts of its
// tables, and the sequences of their columns, do not.
func heldBySchema(o lint.CatalogObject) bool {
	switch o.Kind {
	case "index":
		return false
	case "sequence":
		return !o.Auto
	}
	kind := facts.Kind(o.Kind)
	return slices.Contains(tellableKinds, kind) && !kind.IsPart()
}
