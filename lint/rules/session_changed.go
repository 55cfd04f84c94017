package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var sessionChanged = &lint.Rule{
	ID: "session-changed", Group: lint.GroupTx, Severity: lint.Warning,
	On:    facts.Set | facts.Queried | facts.Filled,
	Title: "A migration changes the session for the files after it",
	Why: "Tools run all pending migrations, and write down which ones ran, in one session. What a migration sets for the session stays: with another `search_path` or role the next file finds or makes other tables, and the tool its own table no more (`42P01`). " +
		"Not reported either is a value that the session has already: of `search-path` in `.migvet.yml`, of the role or the database, of a file before; nor one that the last three files of the base leave behind as well. " +
		"With `session_replication_role = replica` foreign keys and triggers stay silent. A dump begins with `set_config('search_path', '', false)`, so this often comes with a first migration made by `pg_dump`. " +
		"Not reported is what the tool takes back: psql runs each script of Sqitch in a session of its own, the Supabase CLI begins each file with `RESET ALL`, which leaves the role, and Flyway goes back to its own role before each.\n\n" +
		"`DISCARD ALL` and `RESET ALL` undo what the tool set for itself, timeouts included, and `pg_advisory_unlock_all()` and `DISCARD ALL` release the lock with which the tool keeps a second one away.\n\n" +
		"On a developer's machine files are applied one by one as they are written, so it shows in the next full run only.\n\n" +
		"https://www.postgresql.org/docs/current/sql-set.html",
	Fix: "Set it for the transaction, or write what is meant:\n\n```sql\nSET LOCAL search_path = app;   -- or: CREATE TABLE app.orders …\nSELECT set_config('search_path', 'app', true);\n```\n\nElse undo it at the end of the file with `RESET search_path`.",
	Check: func(p *lint.Pass) {
		if what := forgetsSettings(p.Node()); what != "" && outlasts(p, "all") {
			p.Reportf(0, "%s undoes what the migration tool set for its session, for the files after this one too; reset what this file set, by name", what)
		}
		if outlasts(p, "all") && functionCalled(p.Node(), "pg_advisory_unlock_all") {
			p.Reportf(0, "pg_advisory_unlock_all() also releases the lock with which the migration tool keeps a second one away; unlock by number")
		}
		for _, s := range settingsIn(p.Statement) {
			if leaksSetting(p, s) && !isHadAlready(p, s) && !isHabit(p, s) {
				p.Reportf(s.location, "%s stays changed for the files after this one and for what the migration tool notes about itself; %s", s.name, keepLocal(s))
			}
		}
	},
}

// outlasts tells whether what is set is there for the next file.
func outlasts(p *lint.Pass, setting string) bool {
	return p.History.Outlasts == nil || p.History.Outlasts(strings.ToLower(setting))
}

func forgetsSettings(n *pg.Node) string {
	if n.GetDiscardStmt().GetTarget() == pg.DiscardMode_DISCARD_ALL {
		return "DISCARD ALL"
	}
	return onlyIf(n.GetVariableSetStmt().GetKind() == pg.VariableSetKind_VAR_RESET_ALL, "RESET ALL")
}

// meaningful are the parameters that change what the statements of another
// file do, rather than how long they take.
var meaningful = []string{"search_path", "role", "session_authorization", "session_replication_role", "default_transaction_read_only", "row_security"}

// leaksSetting tells whether a setting changes the meaning of what follows and is not
// taken back in the same migration.
func leaksSetting(p *lint.Pass, s setting) bool {
	if s.local || s.reset || !slices.Contains(meaningful, strings.ToLower(s.name)) || isNone(s) || !outlasts(p, s.name) {
		return false
	}
	for e := range p.ObjectAfter(facts.Name{Kind: facts.Setting, Name: "all"}).After(p) {
		if e.IsHere(p) && forgetsSettings(e.Statement.Node) != "" {
			return false
		}
	}
	for e := range p.ObjectAfter(facts.Name{Kind: facts.Setting, Name: strings.ToLower(s.name)}).After(p) {
		if e.IsHere(p) && slices.ContainsFunc(settingsIn(e.Statement), func(undo setting) bool {
			return strings.EqualFold(undo.name, s.name) && !undo.local && (undo.reset || isNone(undo))
		}) {
			return false
		}
	}
	return true
}

// isHadAlready tells whether the session has the value before the statement: as sessions
// begin, or since an earlier file of the review, of which that is told.
func isHadAlready(p *lint.Pass, s setting) bool {
	if strings.EqualFold(s.name, "search_path") && s.text != "" && p.KeepsSearchPath() {
		return true
	}
	for e := range p.Object(facts.Name{Kind: facts.Setting, Name: strings.ToLower(s.name)}).Before(p) {
		if !e.New || resetsAll(p, &e) {
			return false
		}
		for _, earlier := range settingsIn(e.Statement) {
			if strings.EqualFold(earlier.name, s.name) && !earlier.local {
				return earlier.text == s.text && !earlier.reset
			}
		}
	}
	return false
}

// habitual is how many files of the base, the last ones, make a habit.
const habitual = 3

// isHabit tells whether the last files of the base leave the same value behind: the tool
// lives with it.
func isHabit(p *lint.Pass, s setting) bool {
	base := p.History.Base
	if len(base) < habitual {
		return false
	}
	return !slices.ContainsFunc(base[len(base)-habitual:], func(m *lint.Migration) bool { return !leaves(m, s) })
}

// leaves tells whether a migration leaves a setting with the value of s.
func leaves(m *lint.Migration, s setting) bool {
	for _, st := range slices.Backward(m.Statements()) {
		for _, set := range settingsIn(st) {
			if strings.EqualFold(set.name, s.name) && !set.local || set.name == "all" {
				return set.text == s.text && !set.reset
			}
		}
	}
	return false
}

// isNone tells whether the value is what a session begins with.
func isNone(s setting) bool {
	switch strings.ToLower(s.name) {
	case "role":
		return s.value == "none"
	case "session_replication_role":
		return s.value == "origin"
	case "row_security":
		return s.value == "on" || s.value == "true"
	case "default_transaction_read_only":
		return s.value == "off" || s.value == "false"
	}
	return false
}

func keepLocal(s setting) string {
	if s.location > 0 {
		return "set it for the transaction alone: set_config(…, true)"
	}
	if s.name == "session_authorization" {
		return "use SET LOCAL SESSION AUTHORIZATION"
	}
	return "use SET LOCAL, or RESET " + s.name + " at the end"
}

// functionCalled tells whether a query calls a function.
func functionCalled(n *pg.Node, name string) bool {
	found := false
	if n.GetSelectStmt() != nil {
		facts.Walk(n, func(n *pg.Node) bool {
			found = found || facts.FunctionName(n) == name
			return !found
		})
	}
	return found
}
