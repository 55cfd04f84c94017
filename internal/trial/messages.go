package trial

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/lint"
)

// Limits for what a stranger's SQL may make us remember of one statement.
const (
	maxNotices   = 50
	maxNoticeLen = 2000
	maxObjects   = 10000
)

// messages collects what the server says while one statement runs: its notices,
// and what the event triggers tell through INFO.
type messages struct {
	notices   []string
	dropped   []droppedObject
	rewritten map[int64]bool
	commands  []command
}

type droppedObject struct {
	Kind     string
	Names    []string
	Args     []string
	Original bool // named by the statement
	Normal   bool // there was a normal dependency on the way: CASCADE
	OID      int64
	Sub      int
}

type command struct{ Tag, Kind, Name string }

// receive is the connection's notice handler.
func (m *messages) receive(n *pgconn.Notice) {
	switch n.Code {
	case "MV001":
		m.dropped = appendJSON(m.dropped, n.Detail)
	case "MV002":
		if oid, err := strconv.ParseInt(n.Detail, 10, 64); err == nil {
			m.rewritten[oid] = true
		}
	case "MV003":
		m.commands = appendJSON(m.commands, n.Detail)
	default:
		m.notice(n)
	}
}

func (m *messages) notice(n *pgconn.Notice) {
	if n.Severity == "INFO" || n.Severity == "DEBUG" || len(m.notices) >= maxNotices {
		return
	}
	text := n.Message
	if n.Detail != "" {
		text += "\n" + n.Detail
	}
	m.notices = append(m.notices, text[:min(len(text), maxNoticeLen)])
}

// appendJSON ignores what does not decode: a migration may raise our codes.
func appendJSON[T any](to []T, text string) []T {
	var more []T
	if json.Unmarshal([]byte(text), &more) != nil || len(to)+len(more) > maxObjects {
		return to
	}
	return append(to, more...)
}

func (m *messages) reset() { *m = messages{rewritten: map[int64]bool{}} }

// created and altered name what DDL commands made and changed.
func (m *messages) commandObjects(created bool) []lint.Object {
	var out []lint.Object
	for _, c := range m.commands {
		if strings.HasPrefix(c.Tag, "CREATE") == created && c.Name != "" {
			out = append(out, lint.Object{Kind: c.Kind, Name: c.Name})
		}
	}
	return out
}

// plumbing are the kinds that come and go with their table and that nobody
// thinks of as objects.
var plumbing = map[string]bool{"type": true, "toast table": true, "rule": true}

// droppedObjects tells what went. A CHECK of a dropped column or table is
// reported by PostgreSQL as if it went through CASCADE; it went with its owner.
func (m *messages) droppedObjects() []lint.Object {
	owners := map[string]bool{}
	for _, d := range m.dropped {
		if owner := d.owner(); d.Original && owner != "" {
			owners[owner] = true
		}
	}
	var out []lint.Object
	for _, d := range m.dropped {
		if !d.Original && d.internal() {
			continue
		}
		o := lint.Object{Kind: d.Kind, Name: d.name()}
		if !d.Original {
			o.Cascade = d.Normal && !owners[d.table()]
			o.Auto = !o.Cascade
		}
		out = append(out, o)
	}
	return out
}

// internal objects come with something else that is told of: row types, the
// triggers of foreign keys, NOT NULL constraints of dropped tables.
func (d droppedObject) internal() bool {
	return !d.Normal && plumbing[d.Kind] || d.Kind == "trigger" && strings.Contains(d.name(), ".RI_ConstraintTrigger_") ||
		d.Kind == "table constraint" && !d.Normal && strings.HasSuffix(d.name(), "_not_null")
}

func (d droppedObject) name() string {
	name := strings.Join(d.Names, ".")
	if len(d.Args) > 0 && (d.Kind == "function" || d.Kind == "procedure" || d.Kind == "aggregate") {
		name += "(" + strings.Join(d.Args, ", ") + ")"
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

// owner is what parts are compared with: the dropped table, or the table whose
// column was dropped.
func (d droppedObject) owner() string {
	if len(d.Names) < 2 {
		return ""
	}
	return d.Names[0] + "." + d.Names[1]
}
