package observe

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

// Notices collects what the server says while one statement runs: its notices,
// and what the event triggers tell through INFO. The zero value is ready.
type Notices struct {
	notices   []string
	dropped   []droppedObject
	rewritten []int64
	commands  []command
	reached   []lint.CodeLine
	untold    bool // an event trigger could not tell, or told too much
	bytes     int  // of notices, of all statements so far
}

type command struct {
	Tag, Kind   string
	Names, Args []string
}

// Handler is what the connection must be opened with, as pgx's OnNotice.
func (ns *Notices) Handler() pgconn.NoticeHandler {
	return func(_ *pgconn.PgConn, n *pgconn.Notice) { ns.receive(n) }
}

func (ns *Notices) receive(n *pgconn.Notice) {
	switch {
	case n.Message != "migvet" || n.SeverityUnlocalized != "INFO":
		ns.notice(n)
	case n.Code == "MV001":
		unpackInto(ns, &ns.dropped, n.Detail)
	case n.Code == "MV002":
		unpackInto(ns, &ns.rewritten, n.Detail)
	case n.Code == "MV003":
		unpackInto(ns, &ns.commands, n.Detail)
		ns.noteCode(n.Where)
	}
}

func (ns *Notices) notice(n *pgconn.Notice) {
	if n.SeverityUnlocalized == "INFO" || n.SeverityUnlocalized == "DEBUG" || len(ns.notices) >= maxNotices {
		return
	}
	text := n.Message
	if n.Detail != "" {
		text += "\n" + n.Detail
	}
	text = shortenBytes(text, maxNoticeLen)
	if ns.bytes += len(text); ns.bytes <= maxNoticeBytes {
		ns.notices = append(ns.notices, text)
	}
}

// unpackInto adds what an event trigger packed. A migration may raise our codes with
// anything in them: what does not decode counts as not told.
func unpackInto[T any](ns *Notices, to *[]T, detail string) {
	var more []T
	if unpackAnswer(detail, &more) != nil || len(*to)+len(more) > maxObjects {
		ns.untold = true
		return
	}
	*to = append(*to, more...)
}

// reset forgets the last statement.
func (ns *Notices) reset() { *ns = Notices{bytes: ns.bytes} }

// created and altered name what DDL commands made and changed, each once.
func (ns *Notices) created() []lint.CatalogObject {
	return ns.objects(command.creates, nil)
}

func (ns *Notices) altered(created []lint.CatalogObject) []lint.CatalogObject {
	return ns.objects(func(c command) bool { return !c.creates() }, created)
}

func (c command) creates() bool { return strings.HasPrefix(c.Tag, "CREATE") || c.Tag == "SELECT INTO" }

func (ns *Notices) objects(which func(command) bool, except []lint.CatalogObject) []lint.CatalogObject {
	var out []lint.CatalogObject
	for _, c := range ns.commands {
		o := lint.CatalogObject{Kind: c.Kind, Name: objectAddress(c.Kind, c.Names, c.Args)}
		if which(c) && o.Name != "" && c.Names[0] != toastSchema && !slices.Contains(except, o) && !slices.Contains(out, o) {
			out = append(out, o)
		}
	}
	return out
}
