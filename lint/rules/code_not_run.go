package rules

import "github.com/migvet/migvet/lint"

var codeNotRun = &lint.Rule{
	ID: "code-not-run", Group: lint.GroupTrial, Severity: lint.Notice, Measured: true,
	Title: "Code that takes data away did not run in the trial",
	Why: "A trial sees what ran. In a `DO` block, or in a function that the migration calls, a `DROP`, a `TRUNCATE`, a `DELETE` or `UPDATE` without `WHERE` behind a condition that is true in production only does what nobody has seen. " +
		"This tells of those that the trial passed by, and of an `EXECUTE` of a text that is put together when it runs and of which nothing was seen.\n\n" +
		"Functions that the migrations make and do not call are for programs to call, and are not told of.\n\n" +
		"https://www.postgresql.org/docs/current/plpgsql-control-structures.html#PLPGSQL-CONDITIONALS",
	Fix: "Read the condition, and what the code does where it is true. A migration that knows what it changes needs none:\n\n" +
		"```sql\nDROP TABLE IF EXISTS sessions_old;\n```",
	Check: func(p *lint.Pass) {
		for _, r := range codeRuns(p) {
			for _, l := range r.losses {
				r.tell(p, l)
			}
		}
	},
}

func (r codeRun) tell(p *lint.Pass, l loss) {
	if r.ran(l) {
		return
	}
	where, location := "", l.location()
	if r.elsewhere {
		where, location = " in function "+r.body.routine, 0
	}
	switch {
	case l.unread:
		p.Reportf(location, "nothing of %s%s was seen in the trial, and its text is put together when it runs; check what it runs, and when", l.what, where)
	case !r.called:
		p.Reportf(location, "%s%s did not run in the trial, where its function was not called; check when it is", l.what, where)
	default:
		p.Reportf(location, "%s%s did not run in the trial: the code around it did not lead there; check when it does", l.what, where)
	}
}
