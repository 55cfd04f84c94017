package trial

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
)

// besides are the migrations that run beside those of the source: of the folders
// before it, and the dump that stands for its base.
func (t *trial) besides() []*lint.Migration {
	var all []*lint.Migration
	for _, s := range t.Preceding {
		all = append(all, slices.Collect(s.History.All())...)
	}
	if t.BaseSchema != nil {
		all = append(all, t.BaseSchema.Dump)
	}
	return all
}

// precede runs the folders whose migrations come first in the same database, old and new
// ones. A refusal is theirs.
func (t *trial) precede(ctx context.Context, database string) (*session.Refused, error) {
	for _, s := range t.Preceding {
		if r, err := t.precedeWith(ctx, database, s); r != nil || err != nil {
			return r, err
		}
	}
	return nil, nil
}

func (t *trial) precedeWith(ctx context.Context, database string, s *source.Source) (*session.Refused, error) {
	conn, err := t.connectFor(ctx, database, s)
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	t.Log("applying the migrations in %s first", s.Dir)
	if err := session.Execute(ctx, conn, s.Runner.Setup()); err != nil {
		return nil, fmt.Errorf("create the history table of %s: %w", s.Tool, err)
	}
	for m := range s.History.All() {
		if r, err := t.replay(ctx, conn, m, s.Runner); r != nil || err != nil {
			return r, session.InMigration(m, err)
		}
	}
	return nil, t.giveWay(ctx, conn, s)
}

// giveWay drops the history table of a folder before where that of the source has the
// same name: production has two, whose names nobody has told.
func (t *trial) giveWay(ctx context.Context, conn *pgx.Conn, s *source.Source) error {
	if table := s.Runner.Table(); table != "" && table == t.Source.Runner.Table() {
		return session.Execute(ctx, conn, "DROP TABLE IF EXISTS "+table+" CASCADE")
	}
	return nil
}

// connectFor opens a session as the tool of a folder does.
func (t *trial) connectFor(ctx context.Context, database string, s *source.Source) (*pgx.Conn, error) {
	of := trial{Options: t.Options}
	of.Source = s
	return of.connect(ctx, database, nil)
}

// precedingFails is about a folder whose migrations come first and do not apply.
func (t *trial) precedingFails(r *session.Refused) error {
	if err := t.unlessStandIn(r); err != nil {
		return err
	}
	t.notTried(t.Source.Dir, lint.NoPos, fmt.Sprintf("nothing new was tried, because the migrations that come before it in the same database do not apply: %s: %s", r.Migration.Path, describeRefusal(r.Err)+t.hintOf(r)))
	return nil
}

// noteMissing keeps what a run stopped at for want of something, which another folder
// may make.
func (t *trial) noteMissing(r *session.Refused) {
	if slices.Contains(missingStates, r.Err.SQLState) {
		t.result.Missing = r.Err
	}
}
