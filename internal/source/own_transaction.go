package source

import (
	"fmt"
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// That each file of a plain folder runs in a transaction is an assumption. Files that
// PostgreSQL would refuse in one, or that open their own, refute it: what runs the folder
// opens none, as psql -f does.

// refutingWords are in every text that the expressions below match, in lower case. They
// spare the expressions, which take longer than to parse what most files hold.
var refutingWords = []string{
	"concurrently", "vacuum", "system", "database", "tablespace", "reindex", "cluster", "discard", "subscription", "repack", "begin", "start",
}

func mayRefute(text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(refutingWords, func(word string) bool { return strings.Contains(text, word) })
}

var (
	// maybeRefused is what statements have that PostgreSQL refuses in a transaction.
	maybeRefused = lazyregexp.New(`(?i)\b(concurrently|vacuum|system|database|tablespace|reindex|cluster|discard|subscription|repack)\b`)

	ownBegin = lazyregexp.New(`(?im)^\s*(begin|start\s+transaction)(\s+(work|transaction|isolation|read)\b[^;]*)?\s*;`)
)

// A refutation is a statement that shows that nothing opens a transaction around its file.
type refutation struct {
	step *step
	line int
	what string // "CREATE INDEX CONCURRENTLY, which PostgreSQL refuses in one"
}

// assumeRunner sets what runs the folder from what speaks against its tool's own way: the
// files, scripts of the repository, and bodies that the tool would cut. It returns what was
// assumed, and whether that is known.
func assumeRunner(base, head *Folder) (assumed string, known bool) {
	if assumed, known = refuteTransaction(base, head); assumed != "" {
		return assumed, known
	}
	if assumed, known = runAsScriptsSay(base, head); assumed != "" {
		return assumed, known
	}
	assumed = refuteCuts(base, head)
	return assumed, assumed != ""
}

// refuteTransaction reads both branches' folder without transactions where their files
// refute them, and says so; "" where they do not, or a person has told. known is whether
// the base proves it.
func refuteTransaction(base, head *Folder) (assumed string, known bool) {
	if head.Tool != Plain || head.Habits != (Habits{}) {
		return "", false
	}
	var r *refutation
	if base != nil {
		r = base.refutation()
	}
	known = r != nil
	if !known {
		r = head.refutation()
	}
	if r == nil {
		return "", false
	}
	for _, f := range []*Folder{base, head} {
		if f != nil {
			f.Habits.Transaction = InNone
			f.applyHabits()
		}
	}
	return head.withoutTransaction(r, known), known
}

func (f *Folder) withoutTransaction(r *refutation, known bool) string {
	says := fmt.Sprintf("its files were run without a transaction, statement by statement, as psql -f sends them: %s:%d has %s", r.step.path, r.line, r.what)
	line := f.Place.Line(f.Dir, "transaction: "+InNone)
	if known {
		return fmt.Sprintf("%s; %s confirms that, transaction: file says otherwise", says, line)
	}
	return fmt.Sprintf("%s, and nothing else tells how the folder runs; %s confirms that; if each file runs in a transaction, write transaction: file, and the migration is refused as it would be there", says, line)
}

// refutation finds the first statement that PostgreSQL would have refused, or else the BEGIN
// of the first file where most have their own.
func (f *Folder) refutation() *refutation {
	var own []*refutation
	for i := range f.steps {
		s := &f.steps[i]
		if s.tx != lint.TxFile || s.opaque != "" || s.unreadable || s.missing || s.standIn != "" {
			continue
		}
		refused, begins := s.refutation()
		if refused != nil {
			return refused
		}
		if begins != nil {
			own = append(own, begins)
		}
	}
	if len(own) == 0 || 2*len(own) < len(f.steps) {
		return nil
	}
	return own[0]
}

// refutation reads one file. Behind a COMMIT that ends no transaction of its own it proves
// nothing: that is how files get out of a runner's.
func (s *step) refutation() (refused, begins *refutation) {
	if !mayRefute(s.text) || !maybeRefused.MatchString(s.text) && !ownBegin.MatchString(s.text) {
		return nil, nil
	}
	m := lint.Migration{Source: s.text, Allowance: lint.NewAllowance(lint.MaxTokens)}
	var open *refutation
	for _, stmt := range m.Statements() {
		at := func(what string) *refutation {
			return &refutation{s, 1 + strings.Count(s.text[:m.Place(stmt).Start], "\n"), what}
		}
		if what := rules.OnlyOutsideTransaction(stmt); what != "" && open == nil {
			return at(what + ", which PostgreSQL refuses in a transaction"), nil
		}
		switch stmt.Node.GetTransactionStmt().GetKind() {
		case pg.TransactionStmtKind_TRANS_STMT_BEGIN, pg.TransactionStmtKind_TRANS_STMT_START:
			open = at("its own BEGIN and COMMIT")
		case pg.TransactionStmtKind_TRANS_STMT_COMMIT:
			if open == nil {
				return nil, nil
			}
			begins, open = open, nil
		}
	}
	return nil, begins
}
