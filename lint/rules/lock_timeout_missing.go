package rules

import (
	"strings"

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
		own := oldLocked(p, p.Statement)
		if len(own) == 0 || !isFirstLock(p, "lock_timeout") || limits(p, "lock_timeout") {
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

// limits tells whether the last statement of the review that sets a timeout sets
// one; 0 is none.
func limits(p *lint.Pass, timeout string) bool {
	for e := range p.Object(facts.Name{Kind: facts.Setting, Name: timeout}).Before(p) {
		if !e.New {
			return false
		}
		for _, set := range settings(e.Statement) {
			if strings.EqualFold(set.name, timeout) {
				return !set.reset && strings.Trim(set.value, "0 ms") != ""
			}
		}
	}
	return false
}

// firstLocks are the first statements of migrations that lock tables in use, by
// the rule that tells of them.
type firstLocks map[string]map[*lint.Migration]*lint.Statement

// isFirstLock tells whether no earlier statement of the migration was asked for:
// a rule tells of the first alone.
func isFirstLock(p *lint.Pass, rule string) bool {
	locks := lint.Remember(p, func() firstLocks { return firstLocks{} })
	if locks[rule] == nil {
		locks[rule] = map[*lint.Migration]*lint.Statement{}
	}
	if locks[rule][p.Migration] == nil {
		locks[rule][p.Migration] = p.Statement
	}
	return locks[rule][p.Migration] == p.Statement
}
