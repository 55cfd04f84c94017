package rules

import (
	"strings"

	"github.com/migvet/migvet/lint"
)

var noEffect = &lint.Rule{
	ID: "no-effect", Group: lint.GroupTrial, Severity: lint.Warning, Measured: true,
	Title: "IF NOT EXISTS hit something that exists already, so nothing happened",
	Why: "PostgreSQL compares only the name. When the object that exists differs from the one written here (other columns, another type, an invalid index), " +
		"it stays as it is and the migration counts as applied. Schemas and extensions are not reported: there is nothing in them that could differ, and each migration that needs one asks for it. https://www.postgresql.org/docs/current/sql-createtable.html",
	Fix: "Leave IF NOT EXISTS out, so that a collision is an error, or write the ALTER that turns the existing object into the wanted one.",
	Check: func(p *lint.Pass) {
		if !p.Tried() || len(differingColumns(p)) > 0 {
			return // table-differs says more
		}
		for _, notice := range p.Effect().Notices {
			if object, found := strings.CutSuffix(notice, " already exists, skipping"); found && canDiffer(object) {
				f := p.Reportf(0, "nothing happens here: %s exists already and stays as it is; drop IF NOT EXISTS or alter what exists", object)
				p.Measured(f, "%s", notice)
			}
		}
	},
}

// canDiffer tells whether what exists may be another thing than the statement
// would have made: table "orders", but not schema "app" or extension "pgcrypto".
func canDiffer(object string) bool {
	return !strings.HasPrefix(object, "schema ") && !strings.HasPrefix(object, "extension ")
}
