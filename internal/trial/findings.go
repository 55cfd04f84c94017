package trial

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/rows"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// findingAt places a finding at the refused statement, at the server's position
// in it when there is one.
func findingAt(r *session.Refused, rule *lint.Rule, message string) lint.Finding {
	f := rule.AtFile(r.Migration.Path, message)
	if r.Statement != nil {
		f = rule.AtStatement(r.Migration, r.Statement, message)
		if o := r.Err.Offset; o >= r.Statement.Start && o < r.Statement.End {
			f.Start = o
		}
	}
	f.Cause = r.Err.SQLState
	return f
}

// describeRefusal is the refusal in one line: message, detail, hint.
func describeRefusal(e *lint.SQLError) string {
	text := e.Error()
	for _, more := range []string{e.Detail, e.Hint} {
		if more != "" {
			text += "; " + more
		}
	}
	return strings.Join(strings.Fields(text), " ")
}

// doesNotApply is about what the faithful run stops at in a database. It is false when
// that may be for want of what production has: the throw-away server's fault, or that
// of rows that only the application writes.
func (t *trial) doesNotApply(ctx context.Context, at string, b base, pending []*lint.Migration, r *session.Refused) (bool, error) {
	t.noteMissing(r)
	if err := t.unlessStandIn(r); err != nil {
		return false, err
	}
	for _, blameless := range []func() (bool, error){
		func() (bool, error) { return t.unlessBlamed(ctx, at, r) },
		func() (bool, error) { return t.wantsRows(ctx, b.database, r) },
		func() (bool, error) { return t.unlessGuard(r), nil },
	} {
		if found, err := blameless(); found || err != nil {
			return false, err
		}
	}
	hint := cmp.Or(t.hintOf(r), t.hintOfMade(r), t.hintOfSkipped(r, pending))
	if hint == "" {
		var err error
		if hint, err = t.foreignHint(ctx, at, r); err != nil {
			return false, err
		}
	}
	f := findingAt(r, rules.DoesNotApply, fmt.Sprintf("%s does not apply: %s%s%s", r.Migration.Name, r.Err.Message, hint+t.hintOfLeftover(r.Migration), notRun(pending, r.Migration)))
	f.Evidence = fmt.Sprintf("refused by PostgreSQL %s without any rows added: %s", t.Server.Version(), describeRefusal(r.Err))
	f.Stops = true
	t.report(f)
	return true, nil
}

// unlessGuard leaves unchecked what stops itself, and reports whether it did.
func (t *trial) unlessGuard(r *session.Refused) bool {
	text := t.guardLack(r)
	if text != "" {
		t.notOurs(r, text)
	}
	return text != ""
}

// notRun names the migrations that do not run because of a failure.
func notRun(pending []*lint.Migration, failed *lint.Migration) string {
	i := slices.Index(pending, failed)
	var names []string
	for _, m := range pending[i+1:] {
		names = append(names, m.Name)
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("; %s behind it does not run", names[0])
	}
	return fmt.Sprintf("; the %d migrations behind it do not run (%s)", len(names), strings.Join(names, ", "))
}

func (t *trial) skipped(m *lint.Migration) {
	f := rules.MigrationSkipped.AtFile(m.Path, fmt.Sprintf("%s is new but %s does not run it: no database that has the base branch's migrations will get it", m.Name, t.Source.Tool))
	f.Cause = "skipped"
	f.Evidence = fmt.Sprintf("tried on PostgreSQL %s: not run on top of the base branch's history", t.Server.Version())
	t.report(f)
}

func (t *trial) runsTwice(m *lint.Migration) {
	t.report(rules.MigrationSkipped.AtFile(m.Path, fmt.Sprintf("%s is pending again after it was applied: %s runs it at every deploy", m.Name, t.Source.Tool)))
}

// failsOnRows reports what the benign rows refuse, and returns what they or the
// faithful run refused. A refusal behind another one may only follow from it.
func (t *trial) failsOnRows(ctx context.Context, database string, f faithful, seen observed) (map[*lint.Statement]bool, error) {
	refused := map[*lint.Statement]bool{}
	if f.stopped != nil {
		refused[f.stopped.Statement] = true
	}
	var certain []*session.Refused
	for i, r := range seen.refusals {
		if i > 0 {
			forgetFollowing(seen.effects, r)
		}
		if refused[r.Statement] || f.isBehindStop(r.Migration, r.Statement) || f.fails && !session.CausedByData(r.Err) || i > 0 && session.FollowsFailure(r.Err.SQLState) {
			continue
		}
		refused[r.Statement] = true
		switch {
		case meetsOurRow(r):
		case session.ShortOfResources(r.Err.SQLState):
			t.notOurs(r, describeRefusal(r.Err))
		case !session.CausedByData(r.Err):
			if err := t.refusedForOther(ctx, database, f, seen, r); err != nil {
				return refused, err
			}
		case isOfUnwrittenRows(r, seen.refusals[:i]):
		case isCertain(f.pending, r, seen.roots) && !isConsequence(r, certain):
			certain = append(certain, r)
			t.failsOnAnyRows(r, "")
		case !isConsequence(r, seen.refusals[:i]):
			t.mayFail(r)
		}
	}
	return refused, nil
}

func (t *trial) failsOnAnyRows(r *session.Refused, hint string) {
	f := findingAt(r, rules.FailsOnRows, fmt.Sprintf("this fails on any table that has rows%s: %s; it passes only where there are none%s", inFunctions(r), r.Err.Message, hint))
	f.Evidence = fmt.Sprintf("tried on PostgreSQL %s with %d rows in each table: %s", t.Server.Version(), rowsPerTable, describeRefusal(r.Err))
	t.report(f)
}

// inFunctions says in which functions something was refused: ", in links_activity()".
func inFunctions(r *session.Refused) string {
	names := session.Running(r.Raw)
	names = slices.DeleteFunc(names, func(name string) bool { return strings.HasPrefix(name, "inline_code_block") })
	if len(names) == 0 {
		return ""
	}
	return ", in " + strings.Join(names, ", called by ")
}

// forgetFollowing removes the effect of a statement that failed only because an
// earlier one did: nothing was learned about it.
func forgetFollowing(effects map[*lint.Statement]*lint.Effect, r *session.Refused) {
	if r.Statement != nil && session.FollowsFailure(r.Err.SQLState) {
		delete(effects, r.Statement)
	}
}

const rowsPerTable = 12

// mayFailOnRows reports what only the adversarial rows refuse; refused are the
// statements that were refused without them.
func (t *trial) mayFailOnRows(f faithful, all []*session.Refused, refused map[*lint.Statement]bool) {
	for i, r := range all {
		if !refused[r.Statement] && !f.isBehindStop(r.Migration, r.Statement) && session.CausedByData(r.Err) && !meetsOurRow(r) && !isConsequence(r, all[:i]) {
			t.mayFail(r)
		}
	}
}

func (t *trial) mayFail(r *session.Refused) {
	data := ""
	if r.Raw != nil {
		data = rows.Describe(r.Raw)
	}
	if data == "" {
		data = "a row of a kind that real tables hold"
	}
	there := "there is"
	if strings.HasPrefix(data, "two ") {
		there = "there are"
	}
	words := fmt.Sprintf("this fails when %s %s", there, data)
	if !strings.Contains(data, r.Err.Message) {
		words += ": " + r.Err.Message
	}
	f := findingAt(r, rules.MayFailOnRows, words)
	f.Evidence = fmt.Sprintf("tried on PostgreSQL %s with such rows: %s", t.Server.Version(), describeRefusal(r.Err))
	t.report(f)
}

// bootstrapFails is told in a notice where the base stops there as well.
func (t *trial) bootstrapFails(r *session.Refused, onBase bool) {
	if session.ShortOfResources(r.Err.SQLState) {
		t.notOurs(r, describeRefusal(r.Err))
		return
	}
	f := findingAt(r, rules.BootstrapFails, fmt.Sprintf("running all migrations on an empty database stops at %s: %s", r.Migration.Name, r.Err.Message))
	f.Cause = ""
	f.Evidence = fmt.Sprintf("tried on PostgreSQL %s: %s", t.Server.Version(), describeRefusal(r.Err))
	if onBase {
		f.Severity = lint.Notice
		f.Message += " (not new here: the base branch stops there as well)"
	}
	t.report(f)
}

// historyTwin returns the migration under review that is m, or nil.
func (t *trial) historyTwin(m *lint.Migration) *lint.Migration {
	for _, n := range t.fresh {
		if n == m || n.Path == m.Path {
			return n
		}
	}
	return nil
}

// historyTable is the tool's table as observers name it.
func (t *trial) historyTable() string {
	return strings.ReplaceAll(string(t.Source.Runner.Table()), `"`, "")
}
