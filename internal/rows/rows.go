// Package rows fills the tables of any PostgreSQL schema with synthetic rows.
//
// Row n of a table is a pure function of n. A column under a foreign key evaluates the function of the column it
// refers to, for the row it refers to: references hold whatever the order of loading, cycles and composite keys
// included, and filling the same schema twice gives the same rows.
//
// CHECK, domain, partition and uniqueness constraints are evaluated over the planned rows before anything is
// inserted. Where one does not hold, other values are tried, within a budget. A table that cannot be filled is
// reported, and its foreign keys are treated so that no other table refers to rows that are not there. A table that
// takes no row beside those that migrations wrote keeps them, and others refer to them.
package rows

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// A Set says what kind of rows to make.
type Set int

const (
	// Benign rows have every column filled and every value distinct, and text that other types can read. What
	// fails on them fails on any table that has rows. The first row of a tree has no parent, see Filled.Roots. A column with a constant text, enum or boolean default, or
	// a constant default under a CHECK, has that default instead: it is what real rows have.
	Benign Set = iota
	// Adversarial rows have what tables hold in the long run and migrations forget: NULLs, in all columns of a row and,
	// in a few more rows, in one of any two columns and not in the other, duplicates in every
	// column that no unique index protects, names that differ in case only, values without a parent where no
	// foreign key asks for one, long, empty and padded text, negative and big numbers, fractions, every enum label.
	Adversarial
)

const (
	defaultRows = 12
	// fillTime bounds the work of one Fill, so that a schema with constraints made to be slow cannot stall a run.
	fillTime = 20 * time.Second
)

// Options say which tables to fill and how.
type Options struct {
	Set  Set
	Rows int // per table; 12 when zero
	// Tables are as format('%I.%I') quotes them; nil means every user table. Tables they refer to are added, names
	// of no table ignored. Of a partitioned table the partitions are filled, and reported, except that one
	// partitioned by hash is filled as a whole.
	Tables  []string
	Exclude []string // tables never to touch, such as a migration tool's history
	Path    []string // schemas in which applications look for names; nil means those of the session
}

// Filled is what one table got.
type Filled struct {
	Table string // as format('%I.%I') quotes it
	Rows  int    // inserted
	Err   error  // why fewer than planned
	Roots []Root // where benign rows have a NULL all the same
}

// ErrNotReplica is returned by Fill when triggers and foreign keys would fire.
var ErrNotReplica = errors.New("session_replication_role is not replica; ALTER ROLE … SET session_replication_role = replica before connecting")

// Fill inserts rows over conn and moves the sequences that feed the filled columns past them. The session of conn
// must have session_replication_role = replica, set for its role by a superuser, so that neither triggers nor
// foreign keys act on the rows; it needs the rights of the tables' owners and nothing more. Fill changes settings of
// that session, so it should not be used for anything else.
//
// The error is about the connection or the catalog. What a single table lacks is in its Filled.
func Fill(ctx context.Context, conn *pgx.Conn, o Options) ([]Filled, error) {
	if o.Rows <= 0 {
		o.Rows = defaultRows
	}
	s, err := openSession(ctx, conn, o.Path)
	if err != nil {
		return nil, fmt.Errorf("prepare to fill tables: %w", err)
	}
	tables, hollow, err := loadCatalog(ctx, s, o)
	if err != nil {
		return nil, fmt.Errorf("read the catalog to fill tables: %w", err)
	}
	if err := s.useSchemas(ctx, schemasOf(tables)); err != nil {
		return nil, fmt.Errorf("prepare to fill tables: %w", err)
	}
	plan := newPlan(tables, o)
	deadline, cancel := context.WithTimeout(ctx, fillTime)
	defer cancel()
	f := &filler{session: s, plan: plan, repairer: newRepairer(s, plan), deadline: deadline}
	if err := f.run(ctx); err != nil {
		return nil, fmt.Errorf("fill tables: %w", err)
	}
	return f.result(hollow), nil
}
