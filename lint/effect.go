package lint

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An Effect is what one statement did to a database with rows. Relations are
// named "schema.name", unquoted, and only those that existed before the
// migrations under review are told of where others could be waiting for them:
// in Locks, Rewritten and Scanned.
type Effect struct {
	Postgres string // server version: "16.14"

	// Before and After hold the relations the statement names, with what
	// foreign keys connect them to, as they were and as they are.
	Before, After *Schema

	Locks     []Lock   // newly taken by this statement, strongest mode per relation
	Held      []Lock   // taken by earlier statements of the transaction, on tables that this one rewrote, read in full or wrote to, and strong enough for it
	Rewritten []string // tables whose rows were all written again, and indexes rebuilt without their table
	Scanned   []string // tables read in full

	// Rebuilt counts the indexes that were built again together with a table
	// of Rewritten.
	Rebuilt map[string]int

	// Lost are the rows that TRUNCATE or DELETE took from existing tables, also
	// through foreign keys. Rows of dropped tables are in Dropped.
	Lost []RowLoss

	// Wrote are the existing tables in which the statement, or a trigger or function
	// that it runs, inserted rows, or updated or deleted some one by one.
	Wrote []RowsWritten

	// Called are the functions and procedures of users that ran, triggers
	// included; nil also when the server does not count calls.
	Called []Routine

	// Reached are the lines of PL/pgSQL that ran DDL, with some of the commands.
	Reached []CodeLine

	// Changed are the columns of existing tables whose type changed and some of whose values are
	// not what they were: rounded, truncated, cut.
	Changed []ColumnChange

	// Swapped are the tables that took the name of another one here, and lack something of it
	// when all migrations under review have run.
	Swapped []Swap

	// Ungranted are the tables and sequences made here that roles may not use when all
	// migrations under review have run, although they may use those around them.
	Ungranted []Ungranted

	// Breaks are reads and writes that worked in front of the migrations under review, and
	// do not from here on until all have run.
	Breaks []Break

	Created, Altered []CatalogObject
	Dropped          []CatalogObject

	// CommitsItself tells that it ran outside of a transaction, as CALL of a
	// procedure with COMMIT does, so that its locks, its updates and its calls were
	// gone before they could be seen.
	CommitsItself bool

	// Incomplete says what could not be observed; empty when everything was.
	Incomplete string

	Notices  []string
	Err      *SQLError // it failed on the benign rows
	Duration time.Duration
}

// LockMode is a table-level lock mode under PostgreSQL's name in pg_locks.
// https://www.postgresql.org/docs/current/explicit-locking.html
type LockMode string

const (
	AccessShare          LockMode = "AccessShareLock"
	RowShare             LockMode = "RowShareLock"
	RowExclusive         LockMode = "RowExclusiveLock"
	ShareUpdateExclusive LockMode = "ShareUpdateExclusiveLock"
	Share                LockMode = "ShareLock"
	ShareRowExclusive    LockMode = "ShareRowExclusiveLock"
	Exclusive            LockMode = "ExclusiveLock"
	AccessExclusive      LockMode = "AccessExclusiveLock"
)

var lockModes = []LockMode{AccessShare, RowShare, RowExclusive, ShareUpdateExclusive, Share, ShareRowExclusive, Exclusive, AccessExclusive}

// LockModeOf is the mode of LOCK TABLE by the number that the parser gives it, 1 (ACCESS SHARE)
// to 8 (ACCESS EXCLUSIVE); "" for another.
func LockModeOf(number int32) LockMode {
	if number < 1 || int(number) > len(lockModes) {
		return ""
	}
	return lockModes[number-1]
}

// Strength orders modes, 1 (AccessShareLock) to 8 (AccessExclusiveLock); 0 is
// an unknown mode.
func (m LockMode) Strength() int { return slices.Index(lockModes, m) + 1 }

// BlocksWrites reports whether INSERT, UPDATE and DELETE wait for it.
func (m LockMode) BlocksWrites() bool { return m.Strength() >= Share.Strength() }

// BlocksReads reports whether SELECT waits for it.
func (m LockMode) BlocksReads() bool { return m == AccessExclusive }

// A Lock is one relation's strongest lock.
type Lock struct {
	Object string // "public.tasks"
	Mode   LockMode
	Index  bool // the relation is an index
	Child  bool // it is a partition or child of a table that is locked as well
}

// A CatalogObject is something a statement created, altered or dropped.
type CatalogObject struct {
	Kind    string // as PostgreSQL's event triggers name it: "table column", "index"
	Name    string // its identity: "public.tasks.title"
	Cascade bool   // dropped through CASCADE, not named by the statement
	Auto    bool   // dropped with its parent (the index of a dropped column)
	Values  int64  // dropped tables: rows; dropped columns: values that were not NULL; 0 when they could not be counted
}

// A RowLoss is the rows that left a table.
type RowLoss struct {
	Table     string // "public.tasks"
	Rows      int64
	Truncated bool // not deleted one by one: the table has a new, empty file
}

// RowsWritten counts what happened to the rows of a table. Those of a
// partitioned table are the sum of its partitions, which are told of as well.
type RowsWritten struct {
	Table string // "public.tasks"
	Had   int64  // before the statement

	// Inserted and Updated are 0 also where the statement commits itself.
	Inserted, Updated, Deleted int64
}

// A Routine is a function or procedure as the catalog has it.
type Routine struct {
	Name     string // "public.purge"
	Language string // "plpgsql", "sql"
	Source   string // its body, as between the quotes of CREATE FUNCTION; "" of one in BEGIN ATOMIC
	Trigger  bool   // it returns trigger
}

// An Ungranted is a new table on which a role has no privilege, or a new sequence from which
// it may draw no number for a table that it may write into.
type Ungranted struct {
	Table    string // "public.orders"
	Sequence string // "public.orders_id_seq"; "" where it is about the table
	Role     string

	Granted, Others int // of the other tables of the schema, how many the role has privileges on
}

// A Break is a read or a write that no longer works. Those that are refused alike are one.
type Break struct {
	Does     []Deed
	Table    string   // of the first of them: "public.orders"; "" of a function
	Function string   // whose body is refused: "public.total(order_id bigint)"; "" of a table
	Roles    []string // as whom; "" is a role that has only what all roles have
	Owner    bool     // the owner of the table is among them

	Err      *SQLError // nil where no row is written, and nothing says so
	Code     []string  // the functions that were running, the innermost first: "user_name(bigint)"
	Triggers []string  // that keep the rows from being written, as far as that is known
	Policies []string  // of the table that call the function that may not be called
}

// A Deed is what one does with a table.
type Deed struct {
	Verb string // "INSERT", "UPDATE", "DELETE", "SELECT"
	Of   string // "orders", "app.orders"
}

// A CodeLine is a line of a PL/pgSQL body from which a command was run. Lines are
// counted as in error contexts: the first is the one with the opening quote.
type CodeLine struct {
	Routine string // "public.purge(integer)", without the schema where the search path finds it; "inline_code_block" for DO
	Line    int
	SQL     string // the command, of a long one the beginning
}

// A ColumnChange is a column whose values a change of its type changed.
type ColumnChange struct {
	Table  string // "public.tasks"
	Column string
	Rows   int64 // whose value cast back is another one than before
}

// An SQLError is a refusal by the server.
type SQLError struct {
	SQLState string // https://www.postgresql.org/docs/current/errcodes-appendix.html
	Message  string
	Detail   string
	Hint     string
	Offset   int // bytes in the file; NoPos when the server gave no position

	// Blameless: the server lacks what production has, an extension or a role, or an
	// earlier statement was refused for want of it. Where the statement runs, it does
	// what its text says.
	Blameless bool
}

func (e *SQLError) Error() string { return fmt.Sprintf("%s (%s)", e.Message, e.SQLState) }

// broken reports whether the statement is refused on any data: names that do not
// exist, what others depend on, what a transaction forbids. A missing privilege
// is the trial's, not the statement's.
func (e *SQLError) broken() bool {
	if e.Blameless {
		return false
	}
	switch e.SQLState {
	case "42501":
		return false
	case "2BP01", "0A000", "25001", "55P04", "3F000", "2D000":
		return true
	}
	return strings.HasPrefix(e.SQLState, "42")
}

// LockOn returns the mode in which a relation was locked, "" when it was not.
func (e *Effect) LockOn(name string) LockMode {
	for _, l := range e.Locks {
		if l.Object == name {
			return l.Mode
		}
	}
	return ""
}

// LockDuring returns the mode in which a relation was locked while the statement
// worked, whichever statement of the transaction took the lock.
func (e *Effect) LockDuring(name string) LockMode {
	mode := e.LockOn(name)
	for _, l := range e.Held {
		if l.Object == name && l.Mode.Strength() > mode.Strength() {
			mode = l.Mode
		}
	}
	return mode
}

// DidRewrite reports whether a table was rewritten.
func (e *Effect) DidRewrite(name string) bool { return slices.Contains(e.Rewritten, name) }

// DidScan reports whether a table was read in full.
func (e *Effect) DidScan(name string) bool { return slices.Contains(e.Scanned, name) }

// LeftInvalid returns what the statement made or left unchecked: constraints
// that are NOT VALID, or not enforced, and indexes that are not used.
func (e *Effect) LeftInvalid() []CatalogObject {
	var out []CatalogObject
	if e.After == nil {
		return nil
	}
	for _, t := range e.After.Tables {
		was := e.Before.Find(t.Schema, t.Name)
		for _, c := range t.Constraints {
			if before := was.Constraint(c.Name); !c.Valid && (before == nil || before.Valid) {
				out = append(out, CatalogObject{Kind: "table constraint", Name: t.QName() + "." + c.Name})
			}
		}
		for _, ix := range t.Indexes {
			if before := was.Index(ix.Name); !ix.Valid && (before == nil || before.Valid) {
				out = append(out, CatalogObject{Kind: "index", Name: t.Schema + "." + ix.Name})
			}
		}
	}
	return out
}

// Major is the major version of the server: 16 for "16.14"; 0 when it is not known.
func (e *Effect) Major() int {
	isNoDigit := func(r rune) bool { return r < '0' || r > '9' }
	digits := strings.FieldsFunc(e.Postgres, isNoDigit)
	if len(digits) == 0 {
		return 0
	}
	major, err := strconv.Atoi(digits[0])
	if err != nil {
		return 0
	}
	return major
}
