package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var statementTimeoutMissing = &lint.Rule{
	ID: "statement-timeout-missing", Group: lint.GroupTx, Severity: lint.Off,
	On:    facts.Locked,
	Title: "A table in use is locked without a statement_timeout",
	Why: "A `lock_timeout` ends the waiting for a lock, not what is done once it is there: a scan or rewrite that nobody expected keeps the table locked until it is finished, or until somebody notices. A `statement_timeout` ends it (`57014`), and everything is as it was.\n\n" +
		"Opt-in, because it is often set for the role or by the tool: `ALTER ROLE migrator SET statement_timeout = '30s'`.\n\n" +
		"https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-STATEMENT-TIMEOUT",
	Fix: "```sql\nSET LOCAL statement_timeout = '30s';\n```",
	Check: func(p *lint.Pass) {
		own := lockedInUse(p, p.Statement)
		if len(own) == 0 || p.HasLocked() || timeoutIsSet(p, "statement_timeout") {
			return
		}
		p.Reportf(0, "%s stays locked for however long this takes; SET LOCAL statement_timeout first", tableName(own[0]))
	},
}
