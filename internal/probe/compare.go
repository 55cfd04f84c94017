package probe

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/internal/session"
)

// A Baseline is what the probes of a plan said in front of the migrations.
type Baseline struct {
	Catalog *Catalog
	Rows    *Rows
	Passed  []Passed
	Failed  int // that failed already
	Left    int // that were not run: there was no time
}

// Passed is a probe that succeeded in front of the migrations.
type Passed struct {
	Probe
	rows   int64
	script int // the one that passed
}

// A Break is a probe that succeeded in front of the migrations, and what is wrong with it
// behind them.
type Break struct {
	Passed
	Err  *pgconn.PgError // nil when it passes, but writes no row
	seen int64
}

// Run runs the probes of a plan on a database as it is, until there is no more time.
func (s *Session) Run(ctx context.Context, c *Catalog, r *Rows, plan []Probe, late func() bool) (*Baseline, error) {
	b := &Baseline{Catalog: c, Rows: r}
	for i, p := range plan {
		if late() {
			b.Left = len(plan) - i
			return b, nil
		}
		v, which, err := s.best(ctx, p.scripts(c, r), p.Role, 0)
		switch {
		case err != nil:
			return b, err
		case v.passed() && (v.rows > 0 || p.Kind == Select || p.Kind == Compile):
			b.Passed = append(b.Passed, Passed{p, v.rows, which})
		default:
			b.Failed++
		}
	}
	return b, nil
}

// best runs scripts until one passes, and returns what came of it, and which it is. Where
// none does it is the favourite, or the first that got to the probe itself.
func (s *Session) best(ctx context.Context, scripts []script, role string, favourite int) (best verdict, which int, err error) {
	for i, p := range scripts {
		v, err := s.run(ctx, p, role)
		if err != nil || v.passed() {
			return v, i, err
		}
		if v.ran && (!best.ran || i == favourite) {
			best, which = v, i
		}
	}
	return best, which, nil
}

// Again runs what passed once more, on a database whose catalog is now, and returns what
// does not pass any more, and how many there was no time for.
func (s *Session) Again(ctx context.Context, b *Baseline, passed []Passed, now *Catalog, late func() bool) (broken []Break, left int, err error) {
	for i, p := range passed {
		if late() {
			return broken, len(passed) - i, nil
		}
		v, _, err := s.best(ctx, p.now(b, now), p.Role, p.script)
		if err != nil {
			return broken, 0, err
		}
		if found := (Break{Passed: p, Err: v.err, seen: v.rows}); v.ran && found.isOne(now) {
			broken = append(broken, found)
		}
	}
	return broken, 0, nil
}

// now are the scripts under the names that everything has now, and as the running version
// writes them. What one of both does, the other may not: a view has taken the old name.
func (p Passed) now(b *Baseline, now *Catalog) []script {
	scripts := p.scripts(now, b.Rows)
	if len(scripts) == 0 || p.Kind == Compile {
		return scripts
	}
	return append(scripts, p.scripts(b.Catalog, b.Rows)...)
}

// isOfTriggers tells writes of a table that can have lost their rows to triggers only. A
// new table that took the name of another one has no rows to update.
func (b *Break) isOfTriggers(now *Catalog) bool {
	switch b.Kind {
	case Insert, InsertBare:
		return true
	case Update, Delete:
		return now.follow(b.Table).OID == b.Table.OID
	}
	return false
}

// isOne tells a break from what is only of our rows, or of the moment.
func (b *Break) isOne(now *Catalog) bool {
	if b.Err == nil {
		return b.rows > 0 && b.seen == 0 && b.isOfTriggers(now)
	}
	state := b.Err.Code
	switch {
	case b.Query != "":
		return strings.HasPrefix(state, "42") && state != session.NoPrivilege
	case strings.HasPrefix(state, "57") || state == "55P03" || session.ShortOfResources(state):
		return false
	case b.Err.Routine == "exec_stmt_raise":
		return false // a guard, which may mean it
	case state == "23505" || state == "23503":
		return false
	case strings.HasPrefix(state, "22") || strings.HasPrefix(state, "23"):
		return len(b.Code()) > 0
	}
	return true
}
