package trial

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
)

// Databases and tablespaces that migrations make belong to the cluster, as roles
// do, and outlive the database of a part; a subscription keeps that from being
// dropped. All are taken back by the names that the migrations give them, so
// that nothing of anybody else's is touched on a server that is not ours.

// A leftover is something of the cluster that a migration makes.
type leftover struct {
	kind quote.SQL // "DATABASE"
	name string
}

var makesLeftovers = lazyregexp.New(`(?i)\bcreate\s+(database|tablespace)\b`)

// findLeftovers returns the databases and tablespaces that the migrations would make
// and that do not exist yet.
func (t *trial) findLeftovers(ctx context.Context) (made []leftover, err error) {
	for _, m := range slices.Concat(t.Source.Head, t.besides()) {
		if !makesLeftovers.MatchString(m.Source) {
			continue
		}
		for _, s := range m.Statements() {
			if d := s.Node.GetCreatedbStmt(); d != nil {
				made = append(made, leftover{"DATABASE", d.Dbname})
			}
			if ts := s.Node.GetCreateTableSpaceStmt(); ts != nil {
				made = append(made, leftover{"TABLESPACE", ts.Tablespacename})
			}
		}
	}
	if len(made) == 0 {
		return nil, nil
	}
	var there []string
	err = t.Server.Admin(ctx, func(conn *pgx.Conn) (err error) {
		there, err = namesOf(ctx, conn, `SELECT 'DATABASE ' || datname FROM pg_catalog.pg_database UNION ALL SELECT 'TABLESPACE ' || spcname FROM pg_catalog.pg_tablespace`)
		return err
	})
	return slices.DeleteFunc(made, func(l leftover) bool { return slices.Contains(there, string(l.kind)+" "+l.name) }), err
}

// dropLeftovers takes back what a part made: databases before the tablespaces
// they may be in.
func (t *trial) dropLeftovers(ctx context.Context) error {
	if len(t.shared.leftovers) == 0 {
		return nil
	}
	return t.Server.Admin(ctx, func(conn *pgx.Conn) error {
		var problems []error
		for _, kind := range []quote.SQL{"DATABASE", "TABLESPACE"} {
			for _, l := range t.shared.leftovers {
				if l.kind == kind {
					problems = append(problems, session.Execute(ctx, conn, "DROP "+kind+" IF EXISTS "+quote.Name(l.name)))
				}
			}
		}
		if err := errors.Join(problems...); err != nil {
			return fmt.Errorf("drop what the migrations made: %w", err)
		}
		return nil
	})
}

var makesSubscriptions = lazyregexp.New(`(?i)\bsubscription\b`)

// dropSubscriptions takes back those of a database that is about to go, without
// a word to their publishers.
func (t *trial) dropSubscriptions(ctx context.Context, database string) error {
	if !slices.ContainsFunc(slices.Concat(t.Source.Head, t.besides()), func(m *lint.Migration) bool { return makesSubscriptions.MatchString(m.Source) }) {
		return nil
	}
	return t.asSuperuser(ctx, database, func(conn *pgx.Conn) error {
		names, err := namesOf(ctx, conn, `SELECT subname::text FROM pg_catalog.pg_subscription
			WHERE subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())`)
		if err != nil {
			return err
		}
		for _, name := range names {
			s := "SUBSCRIPTION " + quote.Name(name)
			for _, sql := range []quote.SQL{"ALTER " + s + " DISABLE", "ALTER " + s + " SET (slot_name = NONE)", "DROP " + s} {
				if err := session.Execute(ctx, conn, sql); err != nil {
					return fmt.Errorf("drop subscription %s made by the migrations: %w", name, err)
				}
			}
		}
		return nil
	})
}

func namesOf(ctx context.Context, conn *pgx.Conn, query quote.SQL) ([]string, error) {
	rows, err := conn.Query(ctx, query.ForServer())
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
