package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var triggerDisabled = &lint.Rule{
	ID: "trigger-disabled", Group: lint.GroupLock, Severity: lint.Warning,
	On:      facts.Changed,
	Remains: true,
	Title:   "Triggers are switched off",
	Why: "What a disabled trigger did stops for everybody, not for the migration alone, until it is enabled again. `DISABLE TRIGGER ALL` switches off foreign keys as well (only a superuser can): rows without a parent come in, nothing checks them later, and the constraint still counts as valid. " +
		"It takes `SHARE ROW EXCLUSIVE` on the table until the transaction ends.\n\n" +
		"Switched on again in the same migration it is a notice: in a transaction nobody else can write meanwhile.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-DISABLE-ENABLE-TRIGGER",
	Fix: "Let the trigger function look away for one transaction, as with `current_setting('app.quiet', true)`, or drop the trigger when it is not needed any more.",
	Check: func(p *lint.Pass) {
		for _, c := range alterCommands(p.Statement) {
			if what := disabledTrigger(c); what != "" && !p.IsNew(c.table) {
				reportDisabled(p, c, what)
			}
		}
	},
}

func disabledTrigger(c alterCommand) string {
	switch c.Subtype {
	case pg.AlterTableType_AT_DisableTrig:
		return "trigger " + c.Name
	case pg.AlterTableType_AT_DisableTrigUser:
		return "all triggers"
	case pg.AlterTableType_AT_DisableTrigAll:
		return "all triggers and foreign keys"
	}
	return ""
}

func reportDisabled(p *lint.Pass, c alterCommand, what string) {
	enabled := false
	for _, later := range laterCommands(p, c) {
		switch later.Subtype {
		case pg.AlterTableType_AT_EnableTrig, pg.AlterTableType_AT_EnableAlwaysTrig:
			enabled = enabled || later.Name == c.Name
		case pg.AlterTableType_AT_EnableTrigUser, pg.AlterTableType_AT_EnableTrigAll:
			enabled = true
		}
	}
	if enabled {
		f := p.Reportf(c.location, "%s of %s do nothing until they are enabled below, while other writes wait; keep what is between short", what, tableName(c.table))
		f.Severity = lint.Notice
		p.Measured(f, "%s", p.Effect())
		return
	}
	f := p.Reportf(c.location, "disabling %s of %s stops what they did for everybody, and nothing will fail; enable them again or drop them", what, tableName(c.table))
	p.Measured(f, "%s", p.Effect())
}
