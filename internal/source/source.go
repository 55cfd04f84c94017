// Package source reads folders of migrations the way their tools do: which
// files there are, in which order they run, how each is split and sent, in
// which transaction, and what the tool writes down about it.
package source

import (
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/yamltext"
	"github.com/migvet/migvet/lint"
)

// A Source is one folder of migrations on two branches: what the base holds,
// and what the branch under review makes of it.
type Source struct {
	Dir  string // relative to the repository root, with slashes
	Tool string // as its makers write it: "Drizzle"

	// Assumed says how the folder was read against what its files showed, and how to confirm
	// that; "" for nothing. AssumedAlone: only what is under review showed it.
	Assumed      string
	AssumedAlone bool

	// Guessed: no tool is recognised, and nobody said that the folder holds migrations.
	Guessed bool

	// Among says that a configuration has the migrations run among others, so that they
	// may need what the trial does not have; "" for others.
	Among string

	// AsOnBase tells that the tool's settings that have a part in what the base's migrations
	// do are those of the base.
	AsOnBase bool

	// Place is migvet's configuration, into which proposed lines go; may be nil.
	Place *yamltext.Place

	// Head are the migrations of the branch under review in the order the tool
	// runs them, old ones with the text that they have there. Those of the base
	// branch are in History.
	Head []*lint.Migration

	// Config is the file of the tool's configuration that names the folder, where
	// migvet reads one that does; "" else.
	Config string

	// History is what is linted: the base's migrations, then the new ones.
	History *lint.History

	// Database is the name by which the migrations call the database that they
	// run in, which must exist in the trial; "" when they do not.
	Database string

	// Fill puts the values of the folder's placeholders into SQL that runs before the first
	// migration; nil where the tool has no placeholders outside of migrations. An error
	// names one whose value is not known. It sets Database where the SQL names that.
	Fill func(sql string) (string, error)

	// Setup is what the tool runs on a new database before the first migration, and nobody
	// in the trial does.
	Setup []SetupFile

	// SearchPath is the search_path of the tool's sessions; "" for the server's.
	SearchPath string

	// RenamedFrom is under which names migrations of Head are on the base; Gone are those of
	// the base that Head has under no name.
	RenamedFrom map[*lint.Migration]string
	Gone        map[*lint.Migration]bool

	// Declared and BaseDeclared are what the tool thinks the migrations of the
	// two branches make; nil when it keeps nothing of the kind.
	Declared, BaseDeclared *Declared

	Findings []lint.Finding // about the history itself

	// Unchecked are the files that could not be read, or not as the tool reads them.
	Unchecked []Unchecked

	// LeftOut are the files of SQL among the migrations that are taken for none. Findings or
	// Unchecked tell of those that are new, of many alike once.
	LeftOut []string

	// Lists are the files that say what runs, and in which order, such as changelogs.
	Lists []string

	Runner Runner
	Undo   *Undo             // how the tool takes migrations back; nil when it does not
	Files  map[string]string // text of the files findings point into, by path
}

// A Runner knows how a tool applies migrations, so that the trial can do it in
// the tool's place.
type Runner interface {
	// Setup is the SQL that makes the history table, as the tool writes it; ""
	// when there is none.
	Setup() quote.SQL

	// Table is the history table, quoted and schema-qualified; "" when there is
	// none.
	Table() quote.SQL

	// Applied is a query for what the history table knows: one text column, in
	// the order that Pending wants.
	Applied() quote.SQL

	// Pending returns the migrations of head that the tool would run, given
	// the rows of Applied.
	Pending(applied []string, head []*lint.Migration) ([]*lint.Migration, error)

	// Record is the SQL by which the tool notes that m was applied; "" when it
	// notes nothing. It runs in m's transaction.
	Record(m *lint.Migration) quote.SQL
}
