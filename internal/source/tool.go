package source

import (
	"io/fs"

	"github.com/migvet/migvet/internal/quote"
)

// Names of tools, as their makers write them.
const (
	Drizzle = "Drizzle"
	Plain   = "plain SQL" // no tool known: the files of a folder in the order of their names
)

// A tool is one migration tool: how its folders look, how one is read, and
// what it does to a history that was changed behind its back.
type tool struct {
	name string // as its makers write it
	key  string // as it is written in the configuration

	// detect tells whether d is a folder of this tool. It may look into d's
	// children and parents, and reports what speaks against checking it.
	detect func(d *directory) (Found, bool)

	// load reads one branch's state. Problems of the content are Folder's, not
	// errors; errors are failures to read.
	load func(d *directory, f Found) (*Folder, error)

	// leaves says of a file of SQL among the migrations, by its path, why it is none; nil
	// for one that needs no word. The field is nil for tools that run every file, or whose
	// layout tells of strays.
	leaves func(d *directory, file string) *leftOut

	// configure adds to what was loaded what the project's configuration of the tool
	// says of schemas; nil where that is not read.
	configure func(f *Folder, d *directory)

	// configured is the tool as a folder's configuration has it; nil where that changes
	// nothing here.
	configured func(f *Folder) tool

	// onEdit says, behind "; ", what the tool makes of an edited migration.
	onEdit string

	// strict: onEdit holds for any change to the file, even of a comment.
	strict bool

	// sameSum tells whether the tool's checksum sees no difference between two texts
	// of a migration, as Liquibase's sees none in white space. nil where every
	// difference counts.
	sameSum func(from, to *step) bool

	// lineEnds: it holds even for line ends, which git may change at a checkout.
	lineEnds bool

	// onLoss says, behind "; ", what the tool makes of a migration that was
	// applied and whose file is gone; "" when it does not notice.
	onLoss string

	// onRepeatableLoss is the same for one that it runs whenever its text changes.
	onRepeatableLoss string

	// declared reads the schema that the tool keeps beside the migrations; nil
	// for tools that keep none.
	declared func(f *Folder) *Declared

	// review adds the findings that depend on the tool.
	review func(r *review)

	runner func(r *review) Runner

	// table is the quoted name of its history table where a project may give
	// another one; "" where none can. tableIn finds what the project's
	// configuration of the tool says, "" for nothing; nil where that is no file.
	// schemaOnly: only the schema can have another name.
	table quote.SQL
	// tableOn is tableIn for tools whose configuration detect has read, on another
	// branch.
	schemaOnly bool
	tableIn    func(d *directory) (schema, table string)
	tableOn    func(f Found, fsys fs.FS) (schema, table string)

	// places are where the project's configuration of the tool says that migrations
	// are, one setting each; nil where that is not read.
	places func(d *directory) []string

	// undo is how it takes migrations back, nil when it does not; withoutDown
	// says what it does with one that has no down.
	undo        *undoing
	withoutDown string

	// inner is the directory in its folder that holds the files: a person may name that
	// one, as reports print it. "" where there is none.
	inner string

	// takesAll: it runs every file, whatever database the name speaks of. anyDepth: it takes
	// files in any directory below its folder.
	takesAll, anyDepth bool

	// outlasts tells of a setting, by its name in lower case, whether what a migration sets
	// for the session is there for the next one; of "all", whether the session itself is.
	// nil where everything is.
	outlasts func(setting string) bool

	nested    bool   // it looks for migrations in the directories below its folder, too
	sealed    bool   // the repository holds checksums of the files
	generated bool   // the files are made from a schema that is kept elsewhere
	separator string // what ends a statement in a file; "" means a semicolon and a new line
}

// tools returns the tools that migvet knows. Of two that take a folder for theirs,
// the first one gets it. A new tool is a file with a function such as dbmate, and
// a line here.
func tools() []tool {
	return []tool{
		drizzle(), drizzle1(), prisma(), sqitch(), graphileMigrate(), liquibase(), hasura(), diesel(), goose(), dbmate(),
		sqlMigrate(), postgrator(), refinery(), flyway(), tern(), sqlx(), nodePgMigrate(), postgresMigrations(),
		atlas(), encore(), golangMigrate(), supabase(), plain(),
	}
}

// toolOf returns the tool of a folder, as it is configured there.
func toolOf(f *Folder) tool {
	t, _ := toolNamed(f.Tool)
	if t.configured != nil {
		return t.configured(f)
	}
	return t
}

func toolNamed(name string) (tool, bool) {
	for _, t := range tools() {
		if t.name == name {
			return t, true
		}
	}
	return tool{}, false
}

// Tools returns the names of tools that At accepts.
func Tools() []string {
	var keys []string
	for _, t := range tools() {
		keys = append(keys, t.key)
	}
	return keys
}
