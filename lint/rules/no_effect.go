package rules

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// What no-effect says of an object stands between these.
const (
	NothingHappens = "nothing happens here: "
	ExistsAlready  = " exists already and stays as it is; drop IF NOT EXISTS or alter what exists"
)

// NoEffect is about IF NOT EXISTS that finds something.
var NoEffect = &lint.Rule{
	ID: "no-effect", Group: lint.GroupTrial, Severity: lint.Warning, Measured: true,
	Title: "IF NOT EXISTS hit something that exists already, so nothing happened",
	Why: "PostgreSQL compares only the name. When the object that exists differs from the one written here (other columns, another type, an invalid index), " +
		"it stays as it is and the migration counts as applied. Not reported where it is what the statement would have made, as in a migration that repairs databases which lack it: an index with the same definition, a column of the same type, a table with the same columns. Schemas and extensions are not reported: there is nothing in them that could differ, and each migration that needs one asks for it; but an extension with a `VERSION` or a `SCHEMA` of its own is. https://www.postgresql.org/docs/current/sql-createtable.html",
	Fix: "Leave IF NOT EXISTS out, so that a collision is an error, or write the ALTER that turns the existing object into the wanted one.",
	Check: func(p *lint.Pass) {
		if !p.Tried() || len(differingColumns(p)) > 0 || heals(p) || existsAsWritten(p) {
			return // table-differs says more
		}
		for _, notice := range p.Effect().Notices {
			if object, found := strings.CutSuffix(notice, " already exists, skipping"); found && canDiffer(p.Node(), object) {
				f := p.Reportf(0, "%s", NothingHappens+object+ExistsAlready)
				p.Measured(f, "%s", notice)
			}
		}
	},
}

// canDiffer tells whether what exists may be another thing than the statement
// would have made: table "orders", but not schema "app" or extension "pgcrypto", unless a version
// or a schema of the extension is asked for.
func canDiffer(n *pg.Node, object string) bool {
	if strings.HasPrefix(object, "extension ") {
		return facts.HasOption(n.GetCreateExtensionStmt().GetOptions(), "new_version") || facts.HasOption(n.GetCreateExtensionStmt().GetOptions(), "schema")
	}
	return !strings.HasPrefix(object, "schema ")
}

// heals tells whether a statement adds columns only where an older table lacks them:
// CREATE TABLE IF NOT EXISTS orders (id int, note text) above, in the same migration,
// and here ALTER TABLE orders ADD COLUMN IF NOT EXISTS note text.
func heals(p *lint.Pass) bool {
	if s := p.Node().GetCreateStmt(); s != nil {
		return isCompletedBelow(p, s)
	}
	commands := alterCommands(p.Statement)
	for _, c := range commands {
		if c.Subtype != pg.AlterTableType_AT_AddColumn || !c.MissingOk {
			return false
		}
		made := p.Object(facts.PartOf(facts.Column, c.table, c.Def.GetColumnDef().GetColname())).Made()
		if !made.IsHere(p) || !sameTypes(made.Tree, c.Def.GetColumnDef()) {
			return false
		}
	}
	return len(commands) > 0
}

// isCompletedBelow tells whether the review adds a column that CREATE TABLE writes and
// the table that exists lacks.
func isCompletedBelow(p *lint.Pass, s *pg.CreateStmt) bool {
	for _, n := range s.TableElts {
		def := n.GetColumnDef()
		if def != nil && p.Table(s.Relation).Column(def.Colname) == nil && isAddedLater(p, s.Relation, def) {
			return true
		}
	}
	return false
}
