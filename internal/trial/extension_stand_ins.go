package trial

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/presets"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// Some extensions of platforms cannot be had on a throw-away server: pg_cron has to be
// loaded when a server starts, and pg_graphql is in no package. What migrations do with
// them is to schedule a job or to post a request, of which nothing is seen in the schema. So
// a stand-in takes their place, and the rest of the migrations is tried.

// findStandIns returns the extensions that migrations or the configuration create, which
// the server cannot, and for which there is a stand-in.
func (t *trial) findStandIns(ctx context.Context) ([]string, error) {
	wanted := slices.DeleteFunc(presets.ExtensionStandIns(), func(name string) bool { return !t.wantsExtension(name) })
	if len(wanted) == 0 || t.Server.External() {
		return nil, nil
	}
	err := t.Server.Admin(ctx, func(conn *pgx.Conn) error {
		there, err := namesOf(ctx, conn, "SELECT name::text FROM pg_catalog.pg_available_extensions")
		if err != nil {
			return err
		}
		var loaded string
		if err := conn.QueryRow(ctx, "SELECT pg_catalog.current_setting('shared_preload_libraries')").Scan(&loaded); err != nil {
			return err
		}
		wanted = slices.DeleteFunc(wanted, func(name string) bool {
			return slices.Contains(there, name) && (!presets.IsPreloaded(name) || strings.Contains(loaded, name))
		})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for extensions: %w", err)
	}
	return wanted, nil
}

func (t *trial) wantsExtension(name string) bool {
	creates := func(m *lint.Migration) bool {
		return session.CreatesExtension(m, func(created string) bool { return created == name })
	}
	return slices.Contains(t.Environment.Extensions, name) || slices.ContainsFunc(t.creators(), creates)
}

// creators are all migrations and dumps that may create an extension.
func (t *trial) creators() []*lint.Migration {
	all := slices.Concat(t.Source.History.Base, t.Source.Head, t.besides())
	if t.Environment.Before != nil {
		all = append(all, t.Environment.Before)
	}
	if t.BaseSchema != nil {
		all = append(all, t.BaseSchema.Dump)
	}
	return all
}

// standInScripts is the function that gives the script of a stand-in; NULL for other extensions.
func (t *trial) standInScripts() (quote.SQL, error) {
	choice := quote.SQL("SELECT NULL::text")
	if len(t.standIns) > 0 {
		choice = "SELECT CASE extension"
		for _, name := range t.standIns {
			script, err := presets.ExtensionScript(name)
			if err != nil {
				return "", err
			}
			choice += " WHEN " + quote.Text(name) + " THEN " + quote.Text(script.ForServer())
		}
		choice += " END"
	}
	return "CREATE FUNCTION pg_catalog.migvet_script(extension text) RETURNS text LANGUAGE sql IMMUTABLE AS " + quote.Text(choice.ForServer()), nil
}

// noteStandIns says of the stand-ins that new migrations use what was not tried.
func (t *trial) noteStandIns() {
	var used []string
	where := ""
	for _, name := range t.standIns {
		if i := slices.IndexFunc(t.fresh, func(m *lint.Migration) bool { return usesExtension(m, name) }); i >= 0 {
			used, where = append(used, name), cmp.Or(where, t.fresh[i].Path)
		}
	}
	if len(used) == 0 {
		return
	}
	t.leaveUnchecked(Unchecked{Path: where, Start: lint.NoPos, Minor: true, Reason: fmt.Sprintf(
		"what is done by the functions of %s, which a throw-away server cannot have: tables and functions of the same names stand in, and do nothing", joinAnd(used))})
}

// usesExtension tells whether a migration creates an extension, or names its schema or one
// of its functions.
func usesExtension(m *lint.Migration, extension string) bool {
	if session.CreatesExtension(m, func(name string) bool { return name == extension }) {
		return true
	}
	for schema, of := range schemasOf {
		if of == extension && strings.Contains(m.Source, schema+".") {
			return true
		}
	}
	script, err := presets.ExtensionScript(extension)
	return err == nil && slices.ContainsFunc(madeBy(script.ForServer()), func(made facts.Name) bool {
		return made.Kind == facts.Function && strings.Contains(m.Source, made.Name+"(")
	})
}

// standInLack is about what the stand-in for an extension does not have.
func (t *trial) standInLack(o object, _ *session.Refused) string {
	extension := extensionOf(o)
	if !slices.Contains(t.standIns, extension) {
		return ""
	}
	return fmt.Sprintf("what stands in for the extension %s here does not have it; pass --docker IMAGE or --database-url URL of a server that has the extension", extension)
}
