package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var tableLocked = &lint.Rule{
	ID: "table-locked", Group: lint.GroupLock, Severity: lint.Warning,
	Title: "LOCK TABLE stops others until the transaction ends",
	Why: "`LOCK TABLE` without a mode is `ACCESS EXCLUSIVE`: nobody reads or writes the table until the transaction ends, and the statement itself waits for everybody who does. `SHARE` and stronger modes stop writes.\n\n" +
		"https://www.postgresql.org/docs/current/sql-lock.html",
	Fix: "Leave it out: each statement takes the lock it needs. To keep two runs of a migration apart, lock a number instead: `SELECT pg_advisory_xact_lock(42)`.",
	Check: func(p *lint.Pass) {
		s := p.Node().GetLockStmt()
		mode := lint.LockModeOf(s.GetMode())
		if !mode.BlocksWrites() {
			return
		}
		for _, r := range rangeVars(s.Relations) {
			if p.IsNew(r) || facts.IsTemporary(r) {
				continue
			}
			kept := "writing"
			if mode.BlocksReads() {
				kept = "reading and writing"
			}
			f := p.Reportf(r.Location, "LOCK TABLE keeps everybody from %s %s until the transaction ends; leave locks to the statements that need them", kept, tableName(r))
			p.Measured(f, "%s", p.Effect())
		}
	},
}
