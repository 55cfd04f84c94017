package observe

import (
	"context"
	"strconv"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
)

// called returns the routines of users that ran between two snapshots of one
// transaction.
func (o *Observer) called(ctx context.Context, before, after snapshot) (routines []lint.Routine, err error) {
	oids := []int64{}
	for oid, calls := range after.calls {
		if calls > before.calls[oid] {
			oids = append(oids, oid)
		}
	}
	if len(oids) == 0 {
		return nil, nil
	}
	argument, err := jsonLiteral(oids)
	if err != nil {
		return nil, err
	}
	return routines, askServer(ctx, o.conn, &routines, "migvet_routines("+argument+")")
}

// noteCode notes the lines of code that ran DDL, as the context of the event
// trigger's message tells, the innermost first:
//
//	PL/pgSQL function migvet_on_command() line 8 at RAISE
//	SQL statement "DROP TABLE tasks"
//	PL/pgSQL function inline_code_block line 3 at SQL statement
//
// Nothing of a migration stands behind the outermost line; what a migration
// writes into its SQL can only pretend to be one further in.
func (ns *Notices) noteCode(context string) {
	text := 0
	for _, f := range codeFrame.FindAllStringSubmatchIndex(context, -1) {
		sql := strings.TrimSpace(context[text:f[0]])
		routine, number := context[f[2]:f[3]], context[f[4]:f[5]]
		text = f[1]
		sql, isCommand := strings.CutPrefix(sql, `SQL statement "`)
		line, err := strconv.Atoi(number)
		if isCommand && err == nil {
			ns.noteLine(lint.CodeLine{Routine: routine, Line: line, SQL: shortenBytes(strings.TrimSuffix(sql, `"`), maxReachedLen)})
		}
	}
}

// A loop can run a thousand commands from one line; a few of them are enough.
const (
	maxReached    = 1000
	maxReachedAt  = 20
	maxReachedLen = 500
)

func (ns *Notices) noteLine(at lint.CodeLine) {
	if len(ns.reached) >= maxReached {
		return
	}
	same := 0
	for _, known := range ns.reached {
		if known == at {
			return
		}
		if known.Routine == at.Routine && known.Line == at.Line {
			same++
		}
	}
	if same < maxReachedAt {
		ns.reached = append(ns.reached, at)
	}
}

// codeFrame is a line of a context. https://github.com/postgres/postgres/blob/REL_18_0/src/pl/plpgsql/src/pl_exec.c#L1271
var codeFrame = lazyregexp.New(`(?m)^PL/pgSQL function (.+) line ([0-9]+) at .*$`)

// shortenBytes is the beginning of a text, of so many bytes at most.
func shortenBytes(text string, bytes int) string {
	return strings.ToValidUTF8(text[:min(len(text), bytes)], "")
}
