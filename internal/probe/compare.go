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
	var hidden Probe // an UPDATE from which policies hide all rows, as from those of other columns
	for i, p := range plan {
		if late() {
			b.Left = len(plan) - i
			return b, nil
		}
		if p.isBeside(hidden) {
			b.Failed++
			continue
		}
		v, which, err := s.best(ctx, p.scripts(c, r), p.Role, 0)
		switch {
		case err != nil:
			return b, err
		case v.passed() && (v.rows > 0 || p.Kind == Select || p.Kind == Compile):
			b.Passed = append(b.Passed, Passed{p, v.rows, which})
		default:
			b.Failed++
			if p.Kind == Update && v.passed() && p.Table.hidesRowsFrom(p.Role) {
				hidden = p
			}
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
		found := Break{Passed: p, Err: v.err, seen: v.rows}
		if !v.ran || !found.isOne(b.Catalog, now) {
			continue
		}
		gone, err := s.rowsAreGone(ctx, b, &found, now)
		if err != nil {
			return broken, 0, err
		}
		if !gone {
			broken = append(broken, found)
		}
	}
	return broken, 0, nil
}

// rowsAreGone reports whether a write found no row because there is none: a migration has
// deleted it, and perhaps made others.
func (s *Session) rowsAreGone(ctx context.Context, b *Baseline, found *Break, now *Catalog) (bool, error) {
	if found.Err != nil {
		return false, nil
	}
	sql := found.rowsSQL(now.follow(found.Table), b.Rows)
	if sql == "" {
		return false, nil
	}
	v, err := s.run(ctx, script{sql: sql}, found.Role)
	return v.rows == 0, err
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
// new table that took the name of another one has no rows to update, and policies hide rows
// that are there: row 1 is not one that auth.uid() owns.
func (b *Break) isOfTriggers(now *Catalog) bool {
	switch b.Kind {
	case Insert, InsertBare:
		return true
	case Update, Delete:
		t := now.follow(b.Table)
		return t.OID == b.Table.OID && !t.hidesRowsFrom(b.Role)
	}
	return false
}

// hidesRowsFrom reports whether policies of the table bind a role.
func (t *Table) hidesRowsFrom(role string) bool {
	return t.RowSecurity && (t.Forced || t.Owner != role)
}

// IsSame reports whether both are refused alike.
func (b *Break) IsSame(other *Break) bool {
	if b.Err == nil || other.Err == nil {
		return b.Err == nil && other.Err == nil
	}
	return b.Err.Code == other.Err.Code && b.Err.Message == other.Err.Message
}

// isOfText tells that a text in a body is no value of the type that is asked for now:
// status <> 'gone', where status became an integer.
func isOfText(err *pgconn.PgError) bool {
	return err.Code == "22P02" || err.Code == "22007" || err.Code == "22008"
}

// isOne tells a break from what is only of our rows, or of the moment.
func (b *Break) isOne(was, now *Catalog) bool {
	if b.Err == nil {
		return b.rows > 0 && b.seen == 0 && b.isOfTriggers(now) && !b.isMeant(was, now)
	}
	state := b.Err.Code
	switch {
	case b.Kind == Compile:
		return strings.HasPrefix(state, "42") && state != session.NoPrivilege || isOfText(b.Err)
	case strings.HasPrefix(state, "57") || state == "55P03" || session.ShortOfResources(state):
		return false
	case b.Err.Routine == "exec_stmt_raise":
		return false // a guard, which may mean it
	case state == "23505" || state == "23503":
		return false
	case state == session.NoPrivilege && b.Err.Routine == "ExecWithCheckOptions":
		return len(b.Code()) > 0 // the row is ours, and the policy is for other ones
	case strings.HasPrefix(state, "22") || strings.HasPrefix(state, "23"):
		return len(b.Code()) > 0
	}
	return true
}
