package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var lockTimeoutMissing = &lint.Rule{
	ID: "lock-timeout-missing", Group: lint.GroupTx, Severity: lint.Off,
	On:    facts.Locked,
	Title: "A table in use is locked without a lock_timeout",
	Why: "A statement that needs a strong lock waits behind the longest query on the table, and everybody who comes later waits behind the statement, readers too: a migration of a millisecond stops the table for as long as one report runs. " +
		"With a `lock_timeout` it gives up (`55P03`), everybody goes on, and the migration can be tried again.\n\n" +
		"Opt-in, because the timeout is often set for the role or by the tool: `ALTER ROLE migrator SET lock_timeout = '2s'`.\n\n" +
		"https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT",
	Fix: "```sql\nSET LOCAL lock_timeout = '2s';\n```",
	Check: func(p *lint.Pass) {
		own := lockedInUse(p, p.Statement)
		if len(own) == 0 || p.HasLocked() || timeoutIsSet(p, "lock_timeout") {
			return
		}
		f := p.Reportf(0, "locking %s waits behind the longest query on it, and everybody else behind this; SET LOCAL lock_timeout first", tableName(own[0]))
		set := "SET "
		if p.InTransaction() {
			set = "SET LOCAL "
		}
		p.Offer(f, 0, 0, set+"lock_timeout = '2s'"+separator(p))
	},
}
