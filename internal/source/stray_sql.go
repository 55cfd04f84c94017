package source

import (
	"path"
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/plpgsql"
)

// Stray says what a file of SQL that is in no folder of migrations would do to a
// database.
type Stray uint8

const (
	Harmless Stray = iota // no schema is changed: queries, rows; or it is a test, a dump, for another database
	Creates               // it makes objects, and changes only what it makes, as the schema of a generator does
	Alters                // it changes or drops what something else has made, as migrations do
)

// strayFolders are directories whose SQL deploys nothing, whatever is in it, beside those
// of tests and of what makes a database once.
var strayFolders = []string{
	"__tests__", "benchmark", "benchmarks", "doc", "docs", "example", "examples", "sample", "samples", "verify",
}

var (
	// strayFile is a name of files that deploy nothing, such as postgrator's way back,
	// 002.undo.add-b.sql.
	strayFile = lazyregexp.New(`(?i)^(schema|structure|seeds?|fixtures?|down|undo|rollback|revert|test)[._-]?\w*\.sql$|[._-](down|undo|rollback|revert|tests?|seeds?|dump|backup|query|queries)\.sql$|^dump|^\d+\.undo\.`)

	// strayText is in dumps, in sqlc's queries, and in tests that run in a database of their
	// own. https://docs.sqlc.dev/en/latest/reference/query-annotations.html
	strayText = lazyregexp.New(`(?im)^-- (PostgreSQL database dump|Name: .*; Type: |name: \w+ :(one|many|exec\w*|batch\w+|copyfrom)\b)|\b(plan\s*\(\s*\d+\s*\)|no_plan\s*\(\s*\)|finish\s*\(\s*(true)?\s*\))\s*;|\bpgtap\b`)
)

// operationsFolders are directories of scripts that somebody runs by hand.
var operationsFolders = []string{"ops", "operations", "monitoring", "observability", "maintenance", "roles", "grants"}

// OperationsFile tells whether a file lies among scripts for operations. What makes roles or
// views for monitoring there is no migration; what alters tables may be one all the same.
func OperationsFile(name string) bool {
	return slices.ContainsFunc(strings.Split(strings.ToLower(path.Dir(name)), "/"), func(part string) bool { return slices.Contains(operationsFolders, part) })
}

// StrayFile tells whether a file of this name counts, wherever it is: one below tests/,
// seeds/ or queries/ does not, and neither does schema.sql.
func StrayFile(name string) bool {
	if !strings.EqualFold(path.Ext(name), ".sql") || strayFile.MatchString(path.Base(name)) {
		return false
	}
	dir := strings.ToLower(path.Dir(name))
	variant, clue := variantOf(path.Base(name)), dialectOfPath(dir)
	if variant.separator == "." && variant.isForeign() || clue.dialect != "" && clue.dialect != postgresql && !slices.Contains(ambiguous, clue.dialect) || PassesOver(dir) != "" {
		return false
	}
	return !slices.ContainsFunc(strings.Split(dir, "/"), func(part string) bool {
		return slices.ContainsFunc([][]string{strayFolders, setupFolders, dataFolders, backwardFolders}, func(list []string) bool { return slices.Contains(list, part) })
	})
}

// ReadStray reads a file that counts by its name.
func ReadStray(text string) Stray {
	bare := sqlNoise.ReplaceAllString(text, " ")
	if strayText.MatchString(text) || foreignSyntax(bare) != "" {
		return Harmless
	}
	m := lint.Migration{Source: text, Allowance: lint.NewAllowance(lint.MaxTokens)}
	statements := m.Statements()
	made := map[string]bool{}
	for _, s := range statements {
		for _, f := range s.Facts() {
			if f.Verb&facts.Made == 0 {
				continue
			}
			made[strayKey(f.Name)] = true
			made[rolesMade] = made[rolesMade] || f.Name.Kind == facts.Role
		}
	}
	does := Harmless
	for _, s := range statements {
		does = max(does, strayStatement(s, made))
	}
	return does
}

const strayChanges = facts.Changed | facts.Dropped | facts.Renamed | facts.Moved | facts.Attached | facts.Detached

func strayStatement(s *lint.Statement, made map[string]bool) (does Stray) {
	if s.Node == nil {
		return unparsedStray(s.SQL)
	}
	if index := s.Node.GetIndexStmt(); index != nil && !made["."+index.GetRelation().GetRelname()] {
		return Alters
	}
	if s.Node.GetDoStmt() != nil {
		does = blockStray(s.Node, made)
	}
	for _, f := range s.Facts() {
		switch {
		case isOfRole(f), f.Verb&facts.Granted != 0 && made[rolesMade]:
		case f.Verb&strayChanges != 0 && !made[strayKey(f.Name)], isPartOf(f.Name) && f.Verb&facts.Made != 0 && !made[tableKey(f.Name)]:
			return Alters
		case f.Verb&(facts.Made|facts.Granted|strayChanges) != 0:
			does = Creates
		}
	}
	return does
}

// blockStray reads what a DO block runs, also what it EXECUTEs as far as that is constant.
func blockStray(block *pg.Node, made map[string]bool) (does Stray) {
	language, code := facts.CodeOf(block)
	if language != "plpgsql" || len(code) == 0 {
		return Harmless
	}
	for c := range plpgsql.Read(code[0]) {
		for _, s := range c.Statements {
			does = max(does, strayStatement(s, made))
		}
	}
	return does
}

// rolesMade is the key of roles that a file makes: what it grants is mostly for them, as a
// script that sets up who may read does. No name has it.
const rolesMade = ". role"

// isOfRole tells whether a statement is about a role and nothing in the database: DROP OWNED
// is about both.
func isOfRole(f facts.Fact) bool {
	switch f.Tree.(type) {
	case *pg.DropOwnedStmt, *pg.ReassignOwnedStmt:
		return false
	}
	return f.Name.Kind == facts.Role
}

// isPartOf tells whether an object is a column or a constraint: what adds one to a table
// that is there changes that.
func isPartOf(n facts.Name) bool { return n.Kind == facts.Column || n.Kind == facts.Constraint }

// strayKey is how an object is recognised in its file, whatever kind the statement says
// that it is.
func strayKey(n facts.Name) string { return strings.TrimSuffix(n.Table+"."+n.Name, ".") }

func tableKey(n facts.Name) string { return "." + n.Table }

// unparsedStray goes by the first word: the parser does not know what follows.
func unparsedStray(sql string) Stray {
	word, _, _ := strings.Cut(strings.TrimSpace(sqlNoise.ReplaceAllString(sql, " ")), " ")
	switch strings.ToUpper(word) {
	case "ALTER", "DROP":
		return Alters
	case "CREATE":
		return Creates
	default:
		return Harmless
	}
}
