package trial

import (
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/lint"
)

// Limits for what a stranger's SQL may make us remember: of one statement, and
// of all together.
const (
	maxNotices     = 50
	maxNoticeLen   = 2000
	maxNoticeBytes = 1 << 20
	maxObjects     = 10000
)

// messages collects what the server says while one statement runs: its notices,
// and what the event triggers tell through INFO.
type messages struct {
	notices   []string
	dropped   []droppedObject
	rewritten []int64
	commands  []command
	reached   []lint.CodeLine
	untold    bool // an event trigger could not tell, or told too much
	bytes     int  // of notices, of all statements so far
}

type droppedObject struct {
	Kind     string
	Names    []string
	Args     []string
	Original bool // named by the statement
	Normal   bool // there was a normal dependency on the way: CASCADE
}

type command struct {
	Tag, Kind   string
	Names, Args []string
}

// receive is the connection's notice handler.
func (m *messages) receive(n *pgconn.Notice) {
	switch {
	case n.Message != "migvet" || n.SeverityUnlocalized != "INFO":
		m.notice(n)
	case n.Code == "MV001":
		told(m, &m.dropped, n.Detail)
	case n.Code == "MV002":
		told(m, &m.rewritten, n.Detail)
	case n.Code == "MV003":
		told(m, &m.commands, n.Detail)
		m.reach(n.Where)
	}
}

func (m *messages) notice(n *pgconn.Notice) {
	if n.SeverityUnlocalized == "INFO" || n.SeverityUnlocalized == "DEBUG" || len(m.notices) >= maxNotices {
		return
	}
	text := n.Message
	if n.Detail != "" {
		text += "\n" + n.Detail
	}
	text = shortened(text, maxNoticeLen)
	if m.bytes += len(text); m.bytes <= maxNoticeBytes {
		m.notices = append(m.notices, text)
	}
}

// told adds what an event trigger packed. A migration may raise our codes with
// anything in them: what does not decode counts as not told.
func told[T any](m *messages, to *[]T, detail string) {
	var more []T
	if unpack(detail, &more) != nil || len(*to)+len(more) > maxObjects {
		m.untold = true
		return
	}
	*to = append(*to, more...)
}

// reset forgets the last statement.
func (m *messages) reset() { *m = messages{bytes: m.bytes} }

// created and altered name what DDL commands made and changed, each once.
func (m *messages) created() []lint.CatalogObject {
	return m.objects(command.creates, nil)
}

func (m *messages) altered(created []lint.CatalogObject) []lint.CatalogObject {
	return m.objects(func(c command) bool { return !c.creates() }, created)
}

func (c command) creates() bool { return strings.HasPrefix(c.Tag, "CREATE") || c.Tag == "SELECT INTO" }

func (m *messages) objects(which func(command) bool, except []lint.CatalogObject) []lint.CatalogObject {
	var out []lint.CatalogObject
	for _, c := range m.commands {
		o := lint.CatalogObject{Kind: c.Kind, Name: identity(c.Kind, c.Names, c.Args)}
		if which(c) && o.Name != "" && c.Names[0] != toastSchema && !slices.Contains(except, o) && !slices.Contains(out, o) {
			out = append(out, o)
		}
	}
	return out
}

// plumbing are the kinds that come and go with their table and that nobody
// thinks of as objects.
var plumbing = map[string]bool{"type": true, "toast table": true, "rule": true}

// droppedObjects tells what went. Parts of a dropped table, and a CHECK of a
// dropped column, are reported by PostgreSQL as if they went through CASCADE;
// they went with their owner. Policies, triggers, rules and generated columns
// need CASCADE before a column of their own table can go.
func (m *messages) droppedObjects() []lint.CatalogObject {
	owners := map[string]bool{}  // whole tables, and other things with parts
	columns := map[string]bool{} // tables that lose a column
	gone := map[string]bool{}    // columns, however they went
	for _, d := range m.dropped {
		gone[d.name()] = gone[d.name()] || d.Kind == "table column"
		switch {
		case !d.Original:
		case d.Kind == "table column":
			columns[d.table()] = true
		case len(d.Names) == 2:
			owners[d.name()] = true
		}
	}
	var out []lint.CatalogObject
	for _, d := range m.dropped {
		if !d.Original && d.internal() {
			continue
		}
		o := lint.CatalogObject{Kind: d.Kind, Name: d.name()}
		if !d.Original {
			withColumn := d.Kind == "table constraint" && columns[d.table()] || d.Kind == "default value" && gone[d.name()]
			o.Cascade = d.Normal && !owners[d.table()] && !withColumn
			o.Auto = !o.Cascade
		}
		out = append(out, o)
	}
	return out
}

const (
	toastSchema = "pg_toast"
	viewRule    = "_RETURN" // what makes a view a view
)

// internal objects come with something else that is told of: row types, the
// triggers of foreign keys, NOT NULL constraints of dropped tables.
func (d droppedObject) internal() bool {
	if len(d.Names) > 0 && (d.Names[0] == toastSchema || d.Names[len(d.Names)-1] == viewRule) {
		return true
	}
	return !d.Normal && plumbing[d.Kind] || d.Kind == "trigger" && strings.Contains(d.name(), ".RI_ConstraintTrigger_") ||
		d.Kind == "table constraint" && !d.Normal && strings.HasSuffix(d.name(), "_not_null")
}

func (d droppedObject) name() string { return identity(d.Kind, d.Names, d.Args) }

// identity joins the parts of an object's address. Functions of one name differ
// in their arguments.
func identity(kind string, names, args []string) string {
	name := strings.Join(names, ".")
	if kind == "domain constraint" {
		return strings.Join(slices.Concat(names, args), ".")
	}
	if len(args) > 0 && (kind == "function" || kind == "procedure" || kind == "aggregate") {
		name += "(" + strings.Join(args, ", ") + ")"
	}
	return name
}

// table is the table that a part of a table belongs to.
func (d droppedObject) table() string {
	if len(d.Names) < 3 {
		return ""
	}
	return d.Names[0] + "." + d.Names[1]
}
