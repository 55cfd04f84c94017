package trial

import (
	"fmt"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/internal/yamltext"
	"github.com/migvet/migvet/lint"
)

// historyNames are the names that runners give to the table where they note what has
// run: schema_migrations, flyway_schema_history, goose_db_version, _prisma_migrations.
var historyNames = lazyregexp.New(`(?i)^_*((schema|drizzle|prisma|sqlx|diesel_schema|gorp|knex|pg|kysely|seaql|django|db|refinery_schema)_*)?(migrations?|migrations?_lock|migrations?_history|version)$` +
	`|^_*(flyway|refinery)_schema_history$|^goose_db_version$|^databasechangelog(lock)?$|^pgmigrations$|^atlas_schema_revisions$|^alembic_version$|^ar_internal_metadata$|^sequelizemeta$|^schemaversion$`)

// historyLack is about the runner's own table, which it has made before the first
// migration, under a name that only its configuration knows.
func (t *trial) historyLack(o object, r *session.Refused) string {
	if o.kind == "schema" {
		o = relationIn(r, o.name)
	}
	if o.kind != "relation" || !historyNames.MatchString(o.name) || t.makes(o) {
		return ""
	}
	name := o.name
	if o.schema != "" {
		name = o.schema + "." + o.name
	}
	if !source.TableMayBe(t.Source.Tool, name) {
		return fmt.Sprintf("if %s is the table in which the runner notes what has run, %s (history-table: does not help: that of %s cannot have this name)", name, beforeText, t.Source.Tool)
	}
	return fmt.Sprintf("if %s is the table in which the runner notes what has run, write %s", name, t.Source.Place.Line(t.Source.Dir, "history-table: "+yamltext.Scalar(name)))
}

// relationIn is the relation of a schema that a refused statement names: where the schema
// is missing, the server speaks of that alone.
func relationIn(r *session.Refused, schema string) (o object) {
	if r.Statement == nil {
		return o
	}
	for _, s := range withBodies([]*lint.Statement{r.Statement}) {
		for _, table := range rangeVarsIn(s.Node) {
			if table.Schemaname == schema {
				return object{kind: "relation", schema: schema, name: table.Relname}
			}
		}
	}
	return o
}
