package trial

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
)

// Production has more than migrations make: extensions, roles, what its platform puts
// into a database, a search_path. A refusal for want of that says nothing about the
// migration, and names the line of the configuration that gives it to the trial.

// lackOf says what a refusal may be for want of, and the way out; "" when the
// migrations themselves are to blame. at is a database that shows what they met.
func (t *trial) lackOf(ctx context.Context, at string, r *session.Refused) (string, error) {
	if text := t.rowText(r); text != "" {
		return text, nil
	}
	if name, missing := extensionMissing(r); missing {
		return t.lackText(ctx, name)
	}
	if text := databaseText(r); text != "" {
		return text, nil
	}
	if r.Err.SQLState == session.NoPrivilege {
		return t.rightsText(r), nil
	}
	if session.ShortOfResources(r.Err.SQLState) {
		return describeRefusal(r.Err), nil
	}
	if version := laterVersion(r, t.Server.Major()); version > 0 && !t.VersionGiven {
		return r.Err.Message + "; " + versionText(version, t.Server.Major()), nil
	}
	if t.Source.Among != "" {
		return r.Err.Message + "; " + t.Source.Among, nil
	}
	if text := t.setupLack(r); text != "" {
		return r.Err.Message + "; " + text, nil
	}
	o, found := missingObject(r.Err.Message)
	if !found {
		return t.doubtsFolder(r), nil
	}
	for _, lack := range []func(object, *session.Refused) string{t.standInLack, t.extensionLack, t.roleLack, t.platformLack, t.settingLack, t.historyLack} {
		if text := lack(o, r); text != "" {
			lacking, err := t.lackingText(ctx, r)
			return r.Err.Message + "; " + text + lacking, err
		}
	}
	text, err := t.pathLack(ctx, at, o)
	if text == "" && err == nil && t.mayMiss(r) {
		text = describeRefusal(r.Err)
	}
	text = cmp.Or(text, t.doubtsFolder(r))
	if text != "" || err != nil {
		return text, err
	}
	return t.baselineLack(ctx, at, o, r)
}

// rowText is about a value that the tool's history table does not hold: no statement of
// the migration was refused. A version that is there already is the migration's own fault.
func (t *trial) rowText(r *session.Refused) string {
	if !r.Row || !strings.HasPrefix(r.Err.SQLState, "22") {
		return ""
	}
	return fmt.Sprintf("all of %s ran, but the row for it in the history table of %s was refused: %s; if another runner runs %s, write %s",
		r.Migration.Name, t.Source.Tool, describeRefusal(r.Err), t.Source.Dir, t.Source.Place.Line(t.Source.Dir, "tool: plain"))
}

// othersDatabase is the refusal of what a migration does to a database by a name that is not
// that of the trial's: ALTER DATABASE postgres SET app.tenant = 'x' in Supabase's, which has
// one of that name as the trial has, and ALTER DATABASE shop, which the trial has not.
var othersDatabase = lazyregexp.New(`^(?:must be owner of database (.+)|database "(.+)" does not exist)$`)

const noDatabase = "3D000"

func databaseText(r *session.Refused) string {
	m := othersDatabase.FindStringSubmatch(r.Err.Message)
	if m == nil || r.Err.SQLState != noDatabase && r.Err.SQLState != session.NoPrivilege {
		return "" // a migration may RAISE the words
	}
	return fmt.Sprintf("it names the database %s, and those of the trial have other names, so this was not tried; a new migration can name the one that it runs in: DO $$ BEGIN EXECUTE format('ALTER DATABASE %%I SET …', current_database()); END $$;", cmp.Or(m[1], m[2]))
}

func (t *trial) rightsText(r *session.Refused) string {
	if t.Superuser {
		return fmt.Sprintf("the throw-away server refuses this although role: superuser is set: %s; what reaches files, programs or other servers cannot be tried, nor what a statement took from the role before", r.Err)
	}
	return fmt.Sprintf("the migration needs more rights than the owner of a database has: %s; write role: superuser in .migvet.yml if yours run as one", r.Err)
}

// extensionLack is about an extension that no migration creates.
func (t *trial) extensionLack(o object, _ *session.Refused) string {
	extension := extensionOf(o)
	if extension == "" || t.creatorOf(extension) != nil || t.makes(o) {
		return ""
	}
	f := t.furnishingFor(o)
	if len(f.extensions) > 1 {
		return fmt.Sprintf("no migration creates the extensions %s; if production has them, %s", joinAnd(f.extensions), f.line(t))
	}
	return fmt.Sprintf("no migration creates the extension %s; if production has it, %s", extension, f.line(t))
}

// lackingText adds what to do about an extension that no migration creates and that the
// server does not have either.
func (t *trial) lackingText(ctx context.Context, r *session.Refused) (string, error) {
	name, err := t.lackingExtension(ctx, r)
	if name == "" || err != nil {
		return "", err
	}
	text, err := t.lackText(ctx, name)
	return "; " + text, err
}

// lackingExtension is the extension of what a refusal does not find, if no migration creates
// it and the server does not have it; "" for others.
func (t *trial) lackingExtension(ctx context.Context, r *session.Refused) (string, error) {
	o, found := missingObject(r.Err.Message)
	extension := extensionOf(o)
	if !found || extension == "" || t.creatorOf(extension) != nil || t.makes(o) {
		return "", nil
	}
	err := t.Server.Admin(ctx, func(conn *pgx.Conn) error {
		there, err := namesOf(ctx, conn, "SELECT name::text FROM pg_catalog.pg_available_extensions WHERE name = "+quote.Text(extension))
		if len(there) > 0 {
			extension = ""
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("look for the extension %s: %w", extension, err)
	}
	return extension, nil
}

func (t *trial) roleLack(o object, _ *session.Refused) string {
	if o.kind != "role" || versionOf(o) > 0 {
		return ""
	}
	if t.roleCreatorOf(o.name) != nil {
		return ""
	}
	f := t.furnishingFor(o)
	if len(f.roles)+len(f.presets) > 1 {
		return "if production has the roles, " + f.line(t)
	}
	return "if production has the role, " + f.line(t)
}

// roleCreatorOf finds the migration that has CREATE ROLE without any condition, which a
// role that is there would refuse.
func (t *trial) roleCreatorOf(name string) *lint.Migration {
	for _, m := range t.Source.Head {
		if strings.Contains(m.Source, name) && slices.ContainsFunc(m.Statements(), func(s *lint.Statement) bool { return s.Node.GetCreateRoleStmt().GetRole() == name }) {
			return m
		}
	}
	return nil
}

// customParameter is a name that SET takes as it is written here.
// https://www.postgresql.org/docs/current/runtime-config-custom.html
var customParameter = lazyregexp.New(`^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$`)

// settingLack is about current_setting('app.tenant') where ALTER DATABASE or ALTER ROLE
// set it by hand, which takes a superuser.
func (t *trial) settingLack(o object, _ *session.Refused) string {
	if o.kind != "parameter" || !customParameter.MatchString(o.name) {
		return ""
	}
	return "if production sets it for the database, " + setForDatabase(o.name)
}

// setForDatabase is the way out for a setting of the database.
func setForDatabase(name string) string {
	return beforeWith(fmt.Sprintf("DO $$ BEGIN EXECUTE format('ALTER DATABASE %%I SET %s = %%L', current_database(), 'VALUE'); END $$;", name)) + "; and role: superuser, who alone may do that"
}

// hintOf adds to a refusal that is the migrations' own fault what helps to mend it.
func (t *trial) hintOf(r *session.Refused) string {
	if version := laterVersion(r, t.Server.Major()); version > 0 {
		return "; " + versionText(version, t.Server.Major())
	}
	if mark := t.placeholderHint(r); mark != "" {
		return mark
	}
	o, found := missingObject(r.Err.Message)
	if !found {
		return t.standInHint(r) + t.guardHint(r)
	}
	extension := extensionOf(o)
	if m := t.creatorOf(extension); extension != "" && m != nil && m != r.Migration {
		return fmt.Sprintf("; the extension %s is created by %s, which runs later", extension, m.Name)
	}
	if o.kind == "role" {
		if m := t.roleCreatorOf(o.name); m != nil && m != r.Migration {
			return fmt.Sprintf("; the role is created by %s, which runs later", m.Name)
		}
	}
	if o.kind == "schema" && !t.makes(o) {
		return "; no migration makes the schema: if production has it from elsewhere, " + beforeWith("CREATE SCHEMA "+lint.QuoteIdentifier(o.name)+";")
	}
	return ""
}

// placeholderHint is about what something has to fill in before PostgreSQL sees it.
func (t *trial) placeholderHint(r *session.Refused) string {
	if r.Err.SQLState != syntaxError || r.Statement == nil {
		return ""
	}
	mark := source.TemplateMark(r.Statement.SQL)
	if mark == "" {
		return ""
	}
	return fmt.Sprintf("; something else than %s fills in %s: render the files, and name the folder of what comes of it: %s", t.Source.Tool, mark, t.Source.Place.Rendered(t.Source.Dir))
}

// unlessBlamed leaves unchecked what a refusal stops at when the migrations cannot be
// blamed for it, and reports whether it did.
func (t *trial) unlessBlamed(ctx context.Context, at string, r *session.Refused) (bool, error) {
	text, err := t.lackOf(ctx, at, r)
	if text == "" || err != nil {
		return false, err
	}
	t.notOurs(r, text)
	return true, nil
}

// notOurs is about the throw-away server, not about the migration.
func (t *trial) notOurs(r *session.Refused, why string) {
	t.leaveUnchecked(Unchecked{Path: r.Migration.Path, Start: placeOf(r), Reason: why})
}

// placeOf is the byte of the file where the server places a refusal.
func placeOf(r *session.Refused) int {
	if r.Statement == nil {
		return lint.NoPos
	}
	start := r.Statement.Start
	if o := r.Err.Offset; o >= start && o < r.Statement.End {
		start = o
	}
	return r.Migration.InFile(lint.Span{Start: start, End: r.Statement.End}).Start
}
