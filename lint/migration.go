package lint

import (
	"iter"
	"sort"
	"sync"
	"sync/atomic"
)

// TxMode says which transaction a migration tool runs a migration in.
type TxMode uint8

const (
	TxFile       TxMode = iota // one transaction for each migration
	TxAllPending               // one transaction for all pending migrations
	TxNone                     // none; a message of several statements is an implicit one
	TxAfterFirst               // one that begins behind the first message, which refuses to be in one
)

// A Span is a half-open range of bytes in a migration's Source.
type Span struct{ Start, End int }

// A Migration is one step of a history, usually one file.
type Migration struct {
	Path string // relative to the repository root, with slashes
	Name string // what the tool calls it: "0019_cuddly_hulk"
	Tx   TxMode

	// Source is the whole file; what does not run forwards (down sections,
	// markers) is overwritten with blanks, so that every offset stays true but
	// for what Replaced says.
	Source   string
	Replaced []Replacement // in order; placeholders with their values in Source

	// Chunks are the messages the tool sends to the server, in order. Nil stands
	// for one message with the whole of Source, which Statements puts here; a tool
	// that sends nothing has chunks that are empty and not nil.
	Chunks []Span

	// Rows are what the tool sends behind the messages that are COPY … FROM
	// STDIN, by chunk; nil when it sends none.
	Rows map[int]string

	// Opaque says why nothing here knows what the migration does: it is code, or
	// a template. It has no chunks then. "" for SQL.
	Opaque string

	// Allowance bounds what is parsed of all migrations that share it.
	Allowance *Allowance

	// Always: the tool is told to run it at every deploy.
	Always bool

	// Repeatable: the tool runs it whenever its text changes, which is how views and
	// functions are kept that other migrations drop in between.
	Repeatable bool

	parsing    sync.Mutex
	done       atomic.Bool // the statements are there, with their trees
	parsed     bool        // without them
	cuttings   []cutting   // by chunk, between cutUp and admit
	statements []*Statement
	ignores    []Ignore
	parted     map[int]Parted
	findOnce   sync.Once // of parted
}

// Statements returns the statements of all chunks, which it finds and parses on
// first use.
func (m *Migration) Statements() []*Statement {
	m.parse()
	return m.statements
}

// Sent returns the statements of one chunk.
func (m *Migration) Sent(chunk int) []*Statement {
	statements := m.Statements()
	first := sort.Search(len(statements), func(i int) bool { return statements[i].Chunk >= chunk })
	behind := sort.Search(len(statements), func(i int) bool { return statements[i].Chunk > chunk })
	return statements[first:behind]
}

// Ignores returns the ignore comments of the file.
func (m *Migration) Ignores() []Ignore {
	m.parse()
	return m.ignores
}

// maxIgnores bounds the ignore comments of a migration that count: each is held
// against each finding. Those behind silence nothing, which shows.
const maxIgnores = 10_000

// A History is one directory of migrations in the order its tool runs them.
type History struct {
	Dir  string // relative to the repository root, with slashes
	Tool string // as its makers write it: "Drizzle"

	Base []*Migration // on the base branch: replayed, not reported
	New  []*Migration // under review; they run behind those of Base

	// Downs are what takes back the migrations under review, where their tool
	// does: in the files of those, or in others. Nothing but comments is read in
	// them; the trial runs them.
	Downs []*Migration

	// Outlasts tells whether what a migration sets for its session is there for the next
	// one: psql runs each script of Sqitch in a session of its own. The name of a setting
	// is in lower case; "all" stands for the session itself. nil: everything outlasts.
	Outlasts func(setting string) bool

	// SearchPath are the schemas in which sessions of migrations look for names without
	// one; nil for what servers have, "$user", public.
	SearchPath []string

	// Configured is where, and how, migvet's configuration says something of the folder,
	// such as "transaction: none"; nil where nobody has one.
	Configured func(settings string) string

	// Editing says which repairs of the files are allowed.
	Editing Editing
}

// All yields the migrations of the base branch, then those under review.
func (h *History) All() iter.Seq[*Migration] {
	return func(yield func(*Migration) bool) {
		for _, list := range [][]*Migration{h.Base, h.New} {
			for _, m := range list {
				if !yield(m) {
					return
				}
			}
		}
	}
}
