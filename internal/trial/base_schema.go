package trial

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/internal/shelltext"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// A BaseSchema is a dump that stands for what the migrations of the base make, where
// these cannot be replayed.
type BaseSchema struct {
	Dump *lint.Migration // see source.ReadDump
	Key  string          // what names the file: "base-schema in .migvet.yml"

	// Elsewhere says why the dump may be another branch's than the base's, in words that
	// fit behind "it": "was read from this branch"; "" where it is the base's.
	Elsewhere string
}

// restore makes the base out of the dump, and notes its migrations as run.
func (t *trial) restore(ctx context.Context, database string) error {
	conn, err := t.connect(ctx, database, nil)
	if err != nil {
		return err
	}
	t.Log("restoring %s in place of %d migrations of the base", t.BaseSchema.Dump.Path, len(t.Source.History.Base))
	err = t.restoreDump(ctx, conn, dump{
		Migration: t.BaseSchema.Dump, key: t.BaseSchema.Key, role: "stands for the base", meets: !t.Environment.empty(),
		wayOut: "; make it anew with pg_dump --schema-only --no-owner of a database that has what the base branch has",
	})
	if err := errors.Join(err, conn.Close(context.WithoutCancel(ctx))); err != nil {
		return err
	}
	if conn, err = t.connect(ctx, database, nil); err != nil { // whose settings the dump has not changed
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return t.noteBase(ctx, conn)
}

// A dump is a file of SQL that makes what is there before migrations run.
type dump struct {
	*lint.Migration
	key    string // what names it: "before in .migvet.yml"
	role   string // what it is to the trial: "stands for the base"
	wayOut string // what may help where it does not apply, behind "; "
	meets  bool   // something else is there already, which it may have, too
}

// restoreDump sends the statements of the dump, one by one.
func (t *trial) restoreDump(ctx context.Context, conn *pgx.Conn, d dump) error {
	var left []leftOut
	var made []string
	for i := range d.Chunks {
		r, roles, err := restoreChunk(ctx, conn, d, i)
		made = append(made, roles...)
		if err != nil {
			return fmt.Errorf("%s: %w", d.key, session.InMigration(d.Migration, err))
		}
		if r == nil {
			continue
		}
		if session.InTransaction(conn) || !d.mayLeaveOut(r) { // what comes behind it in a transaction is lost with it
			return t.dumpFails(ctx, d, r)
		}
		left = append(left, leftOut{line: lineOf(d.Migration, r.Statement), why: r.Err.Message, there: isThere(r)})
	}
	if session.InTransaction(conn) {
		return fmt.Errorf("%s: %s leaves a transaction open; end it with COMMIT", d.key, d.Path)
	}
	t.noteDump(d, left, made)
	return nil
}

// restoreChunk sends one message, and again with the roles that it lacks.
func restoreChunk(ctx context.Context, conn *pgx.Conn, d dump, chunk int) (r *session.Refused, made []string, err error) {
	for {
		if r, err = session.Send(ctx, conn, d.Migration, chunk); r == nil || err != nil {
			return r, made, err
		}
		role, found := missingObject(r.Err.Message)
		if !found || role.kind != "role" || slices.Contains(made, role.name) || session.InTransaction(conn) {
			return r, made, nil
		}
		if err := makeRole(ctx, conn, role.name); err != nil {
			return r, made, fmt.Errorf("make role %s: %w", role.name, err)
		}
		made = append(made, role.name)
	}
}

// mayLeaveOut tells whether the schema is as good without a statement of the dump: who
// owns something and may use it, comments, settings, and what is there already.
func (d dump) mayLeaveOut(r *session.Refused) bool {
	if r.Statement == nil || r.Statement.Node == nil {
		return false
	}
	there := isThere(r)
	switch n := r.Statement.Node.GetNode().(type) {
	case *pg.Node_CommentStmt, *pg.Node_VariableSetStmt, *pg.Node_AlterOwnerStmt, *pg.Node_SecLabelStmt,
		*pg.Node_CreatedbStmt, *pg.Node_DropdbStmt, *pg.Node_AlterDatabaseStmt, *pg.Node_AlterDatabaseSetStmt, *pg.Node_AlterRoleStmt, *pg.Node_AlterRoleSetStmt, *pg.Node_GrantRoleStmt:
		return true
	case *pg.Node_GrantStmt, *pg.Node_AlterDefaultPrivilegesStmt, *pg.Node_CreateEventTrigStmt, *pg.Node_AlterEventTrigStmt, *pg.Node_CreatePublicationStmt:
		return r.Err.SQLState == session.NoPrivilege || strings.HasPrefix(r.Err.SQLState, "0L") || there
	case *pg.Node_AlterTableStmt:
		return changesOwner(n.AlterTableStmt)
	case *pg.Node_CreateSchemaStmt, *pg.Node_CreateRoleStmt:
		return there
	}
	return there && d.meets
}

// isThere reports whether a refusal says that what a statement makes is there already.
func isThere(r *session.Refused) bool {
	return session.IsDuplicate(r.Err.SQLState) || r.Err.SQLState == "42P04" // a database
}

func changesOwner(s *pg.AlterTableStmt) bool {
	return len(s.Cmds) == 1 && s.Cmds[0].GetAlterTableCmd().GetSubtype() == pg.AlterTableType_AT_ChangeOwner
}

func lineOf(m *lint.Migration, s *lint.Statement) int {
	if s == nil {
		return 1
	}
	return 1 + strings.Count(m.Source[:s.Start], "\n")
}

// dumpFails says where the dump does not apply, and the way out.
func (t *trial) dumpFails(ctx context.Context, d dump, r *session.Refused) error {
	at := fmt.Sprintf("%s: %s:%d", d.key, d.Path, refusedLine(r))
	if name, missing := extensionMissing(r); missing {
		text, err := t.lackText(ctx, name)
		if err != nil {
			return err
		}
		return fmt.Errorf("%s: %s", at, text)
	}
	wayOut := d.wayOut
	if r.Err.SQLState == session.NoPrivilege {
		wayOut = "; write role: superuser in .migvet.yml if only a superuser may do that"
	}
	return fmt.Errorf("%s does not apply: %s%s", at, describeRefusal(r.Err), wayOut)
}

// refusedLine is the line where the server places a refusal, else that of the statement.
func refusedLine(r *session.Refused) int {
	if s, o := r.Statement, r.Err.Offset; s != nil && (o < s.Start || o >= s.End) {
		return lineOf(r.Migration, s)
	}
	return 1 + strings.Count(r.Migration.Source[:max(0, r.Err.Offset)], "\n")
}

// A leftOut is a statement of the dump that was refused and is not missed.
type leftOut struct {
	line  int
	why   string
	there bool // it makes what is there already
}

// noteDump tells what of the dump is otherwise here than in production.
func (t *trial) noteDump(d dump, left []leftOut, made []string) {
	var told []string
	if len(made) > 0 {
		told = append(told, fmt.Sprintf("made the roles that it names, which cannot log in: %s", strings.Join(made, ", ")))
	}
	there := slices.DeleteFunc(slices.Clone(left), func(l leftOut) bool { return !l.there })
	left = slices.DeleteFunc(left, func(l leftOut) bool { return l.there })
	told = append(told, tellLeft(left, "about owners, rights, comments and settings")...)
	told = append(told, tellLeft(there, "for what is there already")...)
	if len(told) > 0 {
		t.leaveUnchecked(Unchecked{Path: d.Path, Start: lint.NoPos, Minor: true, Reason: d.role + "; the trial " + strings.Join(told, "; and ")})
	}
}

// tellLeft says which statements of a kind were left out; nothing for none.
func tellLeft(left []leftOut, kind string) []string {
	if len(left) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("left out %s %s, the first on line %d: %s", noun.Count(len(left), "statement"), kind, left[0].line, left[0].why)}
}

// noteBase writes the migrations of the base into the history table. The dump may have
// brought that, with rows of its own.
func (t *trial) noteBase(ctx context.Context, conn *pgx.Conn) error {
	runner := t.Source.Runner
	if runner.Table() == "" {
		return nil
	}
	var there bool
	if err := conn.QueryRow(ctx, "SELECT pg_catalog.to_regclass($1) IS NOT NULL", string(runner.Table())).Scan(&there); err != nil {
		return fmt.Errorf("look for the history table: %w", err)
	}
	if there {
		if err := t.emptyHistory(ctx, conn, runner); err != nil {
			return err
		}
	} else if err := session.Execute(ctx, conn, runner.Setup()); err != nil {
		return fmt.Errorf("create the history table of %s: %w", t.Source.Tool, err)
	}
	for _, m := range t.Source.History.Base {
		if err := session.Execute(ctx, conn, runner.Record(m)); err != nil {
			return fmt.Errorf("%s: note %s in %s: %w; leave the table out of the dump: pg_dump --exclude-table", t.BaseSchema.Key, m.Name, t.historyTable(), err)
		}
	}
	return nil
}

// emptyHistory forgets the rows of the dump's own history table, which say whether the
// new migrations are in the dump as well.
func (t *trial) emptyHistory(ctx context.Context, conn *pgx.Conn, runner source.Runner) error {
	pending, err := t.askPending(ctx, conn)
	var refusal *source.Refusal
	if errors.As(err, &refusal) {
		pending, err = refusal.Otherwise, nil
	}
	if err != nil {
		return fmt.Errorf("%s: the history table of the dump: %w", t.BaseSchema.Key, err)
	}
	for _, m := range t.fresh {
		if !slices.Contains(pending, m) && m.Opaque == "" {
			return &holdsNew{t.BaseSchema, m, "lists it in " + t.historyTable()}
		}
	}
	return session.Execute(ctx, conn, "DELETE FROM "+runner.Table())
}

// holdsNew says that the dump is of a database in which new migrations have run.
type holdsNew struct {
	schema    *BaseSchema
	migration *lint.Migration
	why       string
}

func (e *holdsNew) Error() string {
	from := ""
	if e.schema.Elsewhere != "" {
		from = ", which " + e.schema.Elsewhere + ","
	}
	return fmt.Sprintf("%s: %s%s already holds what the new %s makes: it %s; give the dump as it was before that: git show %s > FILE, and --base-schema FILE",
		e.schema.Key, e.schema.Dump.Path, from, e.migration.Name, e.why, shelltext.Word("BASE:"+e.schema.Dump.Path))
}

// checkDump looks in a dump that is not the base's for what the new migrations make.
func (t *trial) checkDump() error {
	if t.BaseSchema == nil || t.BaseSchema.Elsewhere == "" {
		return nil
	}
	made := map[facts.Name]bool{}
	for _, s := range t.BaseSchema.Dump.Statements() {
		for _, f := range s.Facts() {
			if f.Verb&facts.Made != 0 {
				made[inPublic(f.Name)] = true
			}
		}
	}
	for _, m := range t.fresh {
		for _, s := range m.Statements() {
			for _, f := range s.Facts() {
				n := inPublic(f.Name)
				switch {
				case f.Verb&facts.Dropped != 0:
					delete(made, n)
				case f.Verb&facts.Made != 0 && !f.Derived && made[n] && !replaces(s):
					return &holdsNew{t.BaseSchema, m, "has " + f.Name.Phrase()}
				}
			}
		}
	}
	return nil
}

// inPublic writes a name as the dump and the migration would both have it.
func inPublic(n facts.Name) facts.Name {
	n.Kind, n.Args = n.Kind.Space(), ""
	if n.Schema == "" {
		n.Schema = "public"
	}
	return n
}

// replaces tells whether a statement takes the place of what may be there.
func replaces(s *lint.Statement) bool {
	return s.Node.GetCreateFunctionStmt().GetReplace() || s.Node.GetViewStmt().GetReplace() || s.Node.GetCreateTrigStmt().GetReplace()
}
