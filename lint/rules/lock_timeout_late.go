package rules

import (
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var lockTimeoutLate = &lint.Rule{
	ID: "lock-timeout-late", Group: lint.GroupLock, Severity: lint.Warning,
	On:    facts.Set | facts.Queried,
	Title: "A lock_timeout comes after the lock, or lets everybody wait for long",
	Why: "A `lock_timeout` holds for the statements behind it. What was locked before waited as long as it took, with everybody who came later behind it, and the statement looks like a protection that there is none of.\n\n" +
		"One of a minute or more, or more than `max-lock-timeout` of the [configuration](../../docs/configuration.md#what-is-checked), protects little: for that long the waiting statement blocks every query on the table that comes after it.\n\n" +
		"https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT",
	Fix: "Set it first, to a few seconds, and try again when it fails:\n\n```sql\nSET lock_timeout = '2s';\nALTER TABLE orders ADD COLUMN note text;\n```",
	Check: func(p *lint.Pass) {
		for _, set := range settingsIn(p.Statement) {
			wait, given := sqlvalue.ParseDuration(set.value)
			if !strings.EqualFold(set.name, "lock_timeout") || set.reset || !given || wait == 0 {
				continue
			}
			switch {
			case p.HasLocked() && !timeoutIsSet(p, "lock_timeout"):
				p.Reportf(set.location, "lock_timeout comes after the first lock of this migration, which waits without it; set it at the top")
			case wait > p.MaxLockTimeout():
				p.Reportf(set.location, "with lock_timeout = %s everybody waits that long behind a statement that waits; a few seconds, and another try, block nobody", set.value).Severity = lint.Notice
			}
		}
	},
}
