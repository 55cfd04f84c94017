package rules

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
)

var lockTimeoutMissing = &lint.Rule{
	ID: "lock-timeout-missing", Group: lint.GroupTx, Severity: lint.Off,
	Title: "A table in use is locked without a lock_timeout",
	Why: "A statement that needs a strong lock waits behind the longest query on the table, and everybody who comes later waits behind the statement, readers too: a migration of a millisecond stops the table for as long as one report runs. " +
		"With a `lock_timeout` it gives up (`55P03`), everybody goes on, and the migration can be tried again.\n\n" +
		"Opt-in, because the timeout is often set for the role or by the tool: `ALTER ROLE migrator SET lock_timeout = '2s'`.\n\n" +
		"https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT",
	Fix: "```sql\nSET LOCAL lock_timeout = '2s';\n```",
	Check: func(p *lint.Pass) {
		own := oldLocked(p, p.Statement)
		if len(own) == 0 || limits(reviewedBefore(p), "lock_timeout") {
			return
		}
		statements := p.Migration.Statements()
		for _, s := range statements[:slices.Index(statements, p.Statement)] {
			if len(oldLocked(p, s)) > 0 {
				return // told at the first
			}
		}
		f := p.Reportf(0, "locking %s waits behind the longest query on it, and everybody else behind this; SET LOCAL lock_timeout first", tableName(own[0]))
		set := "SET "
		if p.InTransaction() {
			set = "SET LOCAL "
		}
		p.Offer(f, 0, 0, set+"lock_timeout = '2s'"+separator(p))
	},
}

// limits tells whether the last statement that sets a timeout, of those given
// nearest first, sets one; 0 is none.
func limits(before []*lint.Statement, timeout string) bool {
	for _, s := range before {
		for _, set := range settings(s) {
			if strings.EqualFold(set.name, timeout) {
				return !set.reset && strings.Trim(set.value, "0 ms") != ""
			}
		}
	}
	return false
}
