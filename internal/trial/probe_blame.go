package trial

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/probe"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
)

// blame runs the migrations statement by statement, and what they break after each. The
// statement to blame is the first after which it fails for good as it does in the end: what a
// later one mends is between both only, and what it is refused for next hides what was first.
// What it finds it adds to the effects of the statements.
func (t *trial) blame(ctx context.Context, p *probing, f faithful, seen observed, found broken) error {
	blamed := make([]culprit, len(found.breaks))
	err := t.asSuperuser(ctx, p.database, func(watcher *pgx.Conn) error {
		return t.eachStatement(ctx, p.database, f.pending, func(s *lint.Statement) error {
			now, err := probe.ReadCatalog(ctx, watcher)
			if err != nil {
				return err
			}
			return t.noteBlame(ctx, p, found, blamed, now, s)
		})
	})
	if err != nil {
		return err
	}
	for i := range found.breaks {
		if err := t.noteBreak(ctx, p.database, f, seen, found, &found.breaks[i], blamed[i].statement()); err != nil {
			return err
		}
	}
	return nil
}

// A culprit is who is to blame for a break: the first statement after which something fails
// as it does in the end, or else in any way.
type culprit struct{ same, any *lint.Statement }

func (c *culprit) statement() *lint.Statement {
	if c.same != nil {
		return c.same
	}
	return c.any
}

// note notes what a break is behind a statement; nil where it is none.
func (c *culprit) note(s *lint.Statement, in, end *probe.Break) {
	if in == nil {
		*c = culprit{}
		return
	}
	if c.any == nil {
		c.any = s
	}
	switch {
	case !in.IsSame(end):
		c.same = nil
	case c.same == nil:
		c.same = s
	}
}

// noteBlame notes of each break whether it is there behind a statement.
func (t *trial) noteBlame(ctx context.Context, p *probing, found broken, blamed []culprit, now *probe.Catalog, s *lint.Statement) error {
	for i := range found.breaks {
		again, _, err := p.session.Again(ctx, found.baseline, []probe.Passed{found.breaks[i].Passed}, now, after(2*t.probeTime()))
		if err != nil {
			return err
		}
		var in *probe.Break
		if len(again) > 0 {
			in = &again[0]
		}
		blamed[i].note(s, in, &found.breaks[i])
	}
	return nil
}

// eachStatement runs migrations statement by statement, and calls behind after those that can
// break something. When there is no more time it does so at the end of each file.
func (t *trial) eachStatement(ctx context.Context, database string, pending []*lint.Migration, behind func(*lint.Statement) error) error {
	conn, err := t.connect(ctx, database, nil)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	late := after(2 * t.probeTime())
	for _, m := range pending {
		var unseen *lint.Statement
		for _, s := range m.Statements() {
			if err := attemptAlone(ctx, conn, m, s); err != nil {
				return err
			}
			if !canBreak(s) {
				continue
			}
			if unseen = s; late() {
				continue
			}
			if err := behind(s); err != nil {
				return err
			}
			unseen = nil
		}
		if unseen == nil {
			continue
		}
		if err := behind(unseen); err != nil {
			return err
		}
	}
	return nil
}

// attemptAlone runs a statement in a transaction of its own, and does not mind when it is
// refused for that: LOCK TABLE wants one of the migration's.
func attemptAlone(ctx context.Context, conn *pgx.Conn, m *lint.Migration, s *lint.Statement) error {
	if controlsTransaction(s) {
		return nil
	}
	if _, err := session.Attempt(ctx, conn, s); err != nil {
		return session.InMigration(m, err)
	}
	if err := session.Rollback(ctx, conn); err != nil {
		return session.InMigration(m, err)
	}
	return nil
}

// noteBreak adds a break to what a statement did, unless the server is to blame: it lacks an
// extension that the code calls. Without a statement to blame it is told of the last one.
func (t *trial) noteBreak(ctx context.Context, database string, f faithful, seen observed, found broken, b *probe.Break, s *lint.Statement) error {
	m, s := blameable(f.pending, seen.effects, s)
	if s == nil {
		return nil
	}
	if blameless, err := t.isOfServer(ctx, database, m, s, b); blameless || err != nil {
		return err
	}
	e := seen.effects[s]
	e.Breaks = withBreak(e.Breaks, breakOf(b, found))
	return nil
}

// blameable returns a statement that has an effect, and its migration: s, or the last one.
func blameable(pending []*lint.Migration, effects map[*lint.Statement]*lint.Effect, s *lint.Statement) (of *lint.Migration, blamed *lint.Statement) {
	for _, m := range pending {
		for _, candidate := range m.Statements() {
			if effects[candidate] != nil && canBreak(candidate) {
				of, blamed = m, candidate
			}
			if candidate == s && blamed != nil {
				return of, blamed
			}
		}
	}
	return of, blamed
}

// isOfServer reports whether a break is for want of what production has.
func (t *trial) isOfServer(ctx context.Context, database string, m *lint.Migration, s *lint.Statement, b *probe.Break) (bool, error) {
	if b.Err == nil || b.Err.Code == session.NoPrivilege {
		return false, nil
	}
	return t.unlessBlamed(ctx, database, &session.Refused{Migration: m, Statement: s, Err: session.SQLError(b.Err, "", 0)})
}

// breakOf is a break as rules are told of it.
func breakOf(b *probe.Break, found broken) lint.Break {
	is := lint.Break{Roles: []string{b.Role}, Code: b.Code()}
	if b.Table != nil {
		is.Does = []lint.Deed{{Verb: string(b.Kind), Of: b.Table.Display()}}
		is.Table, is.Owner = b.Table.Schema+"."+b.Table.Name, b.Role == b.Table.Owner
	}
	if b.Function != nil {
		is.Function, is.Owner = b.Function.Schema+"."+b.Function.Signature, true
	}
	if b.Err == nil {
		is.Triggers = b.Droppers(found.baseline.Catalog, found.after)
		return is
	}
	is.Err = session.SQLError(b.Err, "", 0)
	is.Policies = b.CallingPolicies(found.after)
	return is
}

// withBreak adds a break, or joins it to one that is refused alike.
func withBreak(all []lint.Break, is lint.Break) []lint.Break {
	i := slices.IndexFunc(all, func(old lint.Break) bool { return isSameBreak(old, is) })
	if i < 0 {
		return append(all, is)
	}
	old := &all[i]
	old.Does, old.Roles = addMissing(old.Does, is.Does), addMissing(old.Roles, is.Roles)
	old.Owner = old.Owner || is.Owner
	return all
}

func addMissing[T comparable](list, more []T) []T {
	for _, item := range more {
		if !slices.Contains(list, item) {
			list = append(list, item)
		}
	}
	return list
}

func isSameBreak(a, b lint.Break) bool {
	if a.Err == nil || b.Err == nil {
		return a.Err == nil && b.Err == nil && a.Table == b.Table
	}
	return a.Function == b.Function && *a.Err == *b.Err && slices.Equal(a.Code, b.Code)
}
