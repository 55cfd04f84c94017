package lint

import "github.com/migvet/migvet/lint/facts"

// Group is the subject of a rule; it orders documentation and nothing else.
type Group string

const (
	GroupHistory  Group = "History"  // edited, deleted, reordered migrations
	GroupDrop     Group = "Drop"     // what is removed, and what goes with it
	GroupNotNull  Group = "NotNull"  // missing or unsafe NOT NULL
	GroupDefault  Group = "Default"  // wrong or expensive DEFAULT
	GroupCascade  Group = "Cascade"  // what a foreign key does to other tables
	GroupLock     Group = "Lock"     // who waits, and for how long
	GroupCompat   Group = "Compat"   // the code that still runs during the deploy
	GroupTx       Group = "Tx"       // transactions
	GroupData     Group = "Data"     // rows that a migration changes, deletes or brings
	GroupSecurity Group = "Security" // who may read and change what
	GroupTrial    Group = "Trial"    // what only running the migration can tell
	GroupStyle    Group = "Style"    // conventions: off unless asked for
	GroupMeta     Group = "Meta"     // about migvet's own reading of the files
)

// A Rule is one thing migvet knows, with its documentation. Rules are values:
// nothing changes them after they are declared.
type Rule struct {
	ID       string // kebab-case, says what is there: "column-dropped"
	Group    Group
	Severity Severity // Off for opt-in rules
	Title    string   // one line, no full stop
	Why      string   // what happens, as PostgreSQL does it; Markdown paragraphs
	Fix      string   // the way out; Markdown, SQL in fences where it helps

	// Explains lists causes (SQLSTATEs, or "skipped") that the rule accounts
	// for. A finding of the trial with such a cause at the same place becomes
	// evidence of this rule's finding instead of standing beside it.
	Explains []string

	// On says what the rule is about: facts.Made|facts.Dropped, say. It is called
	// for statements that do one of these, and for all that a server tried, since
	// code does what its text does not say. 0 is every statement. Statements that
	// the parser does not know do nothing that is known.
	On facts.Verb

	// Measured rules need a server: without one they are not called.
	Measured bool

	// Scales marks rules about work and waiting that take the longer the larger
	// the table is. They are not listened to where all tables are small.
	Scales bool

	// Remains marks rules about what a table is left with: a trigger that is switched off.
	// They are not asked about a table that the same migration drops below.
	Remains bool

	// Check reports on one statement. It keeps nothing from one call to the next, and
	// is called for several statements at once. It is nil for rules whose findings
	// are made elsewhere: by the migration tool's reader or by the trial.
	Check func(*Pass)
}
