package trial

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// platformSchemas are the schemas that platforms make, with the presets that have them.
// auth is Supabase's, Neon's or Nhost's, and also what many applications call their own.
var platformSchemas = map[string][]string{
	"auth": {"supabase", "neon", "nhost"}, "storage": {"supabase", "nhost"},
	"extensions": {"supabase"}, "realtime": {"supabase"}, "graphql": {"supabase"}, "graphql_public": {"supabase"}, "vault": {"supabase"},
	"supabase_functions": {"supabase"}, "supabase_migrations": {"supabase"},
	"neon_auth": {"neon"}, "hdb_catalog": {"hasura", "nhost"},
}

// platformOfRole names the preset that has a role.
var platformOfRole = map[string]string{
	"anon": "supabase", "authenticated": "supabase", "service_role": "supabase", "authenticator": "supabase", "dashboard_user": "supabase",
	"supabase_admin": "supabase", "supabase_auth_admin": "supabase", "supabase_storage_admin": "supabase", "supabase_realtime_admin": "supabase",
	"neon_superuser": "neon", "anonymous": "neon",
	"nhost_admin": "nhost", "nhost_hasura": "nhost", "nhost_auth_admin": "nhost", "nhost_storage_admin": "nhost",
}

// platformSigns are words of SQL that only one platform has. Neon's come first: it
// has auth.uid() as well, and Supabase has no auth.user_id().
// https://neon.com/docs/guides/neon-authorize
// https://supabase.com/docs/guides/database/postgres/row-level-security#helper-functions
var platformSigns = []struct {
	preset string
	words  *lazyregexp.Regexp
}{
	{"neon", lazyregexp.New(`(?i)\bauth\.(user_id|session)\s*\(|\bneon_auth\b|\bneon_superuser\b`)},
	{"nhost", lazyregexp.New(`(?i)\bauth\.user_roles\b|\bstorage\.files\b|\bnhost_\w+`)},
	{"supabase", lazyregexp.New(`(?i)\bauth\.users\b|\bauth\.(uid|jwt|role|email)\s*\(|\bstorage\.(objects|buckets|foldername)\b|\bservice_role\b|\bsupabase_\w+`)},
	{"hasura", lazyregexp.New(`(?i)\bhdb_catalog\b`)},
}

// platformLack is about a schema that no migration makes, or what is in one.
func (t *trial) platformLack(o object, r *session.Refused) string {
	schema := object{kind: "schema", name: o.schema}
	if o.kind == "schema" {
		schema.name = o.name
	}
	if o.kind == "publication" && strings.HasPrefix(o.name, "supabase_") {
		return t.presetText("supabase")
	}
	if schema.name == "" || t.makes(schema) {
		return ""
	}
	makers := slices.DeleteFunc(slices.Clone(platformSchemas[schema.name]), func(preset string) bool { return t.makesPreset(preset, schema.name) })
	if files := t.schemaFiles(schema.name, neededIn(schema.name, r)); len(files) > 0 {
		return fmt.Sprintf("%s makes the schema; if production has it from there, write before: %s in .migvet.yml", files[0], t.Source.Place.Path(files[0]))
	}
	if preset := t.signedPreset(r, makers); preset != "" && !t.hasPreset(preset) {
		return t.presetText(preset)
	}
	for _, preset := range makers {
		if t.hasPreset(preset) {
			return fmt.Sprintf("the preset %s makes no such %s; if production has it, %s", preset, o.kind, beforeText)
		}
	}
	if len(platformSchemas[schema.name]) == 0 {
		return ""
	}
	text := "if production has the schema from elsewhere, " + beforeWith("CREATE SCHEMA "+lint.QuoteIdentifier(schema.name)+";")
	if len(makers) > 0 {
		text += fmt.Sprintf(", or presets: [NAME] for that of a platform (%s)", strings.Join(makers, ", "))
	}
	return text
}

// neededIn are the names behind a schema that a refused statement has and does not make.
func neededIn(schema string, r *session.Refused) (names []string) {
	if r.Statement == nil {
		return nil
	}
	made := madeBy(r.Statement.SQL)
	named := regexp.MustCompile(`(?i)(?:^|\W)"?` + regexp.QuoteMeta(schema) + `"?\s*\.\s*"?(\w+)`)
	for _, m := range named.FindAllStringSubmatch(r.Statement.SQL, -1) {
		if !slices.ContainsFunc(made, func(n facts.Name) bool { return strings.EqualFold(n.Name, m[1]) }) {
			names = append(names, m[1])
		}
	}
	return names
}

func (t *trial) presetText(preset string) string {
	return "if production has it from the platform, " + furnishing{presets: []string{preset}}.line(t)
}

func (t *trial) schemaFiles(schema string, names []string) []string {
	if t.SchemaFiles == nil {
		return nil
	}
	return slices.DeleteFunc(t.SchemaFiles(schema, names), func(file string) bool { return t.Environment.Before != nil && file == t.Environment.Before.Path })
}

func (t *trial) hasPreset(name string) bool {
	return slices.Contains(t.presetNames(), name)
}

// signedPreset is the one of some presets that the refused statement speaks of, else that
// of which the other migrations or the repository have a sign.
func (t *trial) signedPreset(r *session.Refused, makers []string) string {
	texts := []string{r.Migration.Source}
	if r.Statement != nil {
		texts = []string{r.Statement.SQL, r.Migration.Source}
	}
	for _, m := range t.Source.Head {
		texts = append(texts, m.Source)
	}
	for _, text := range texts {
		for _, sign := range platformSigns {
			if slices.Contains(makers, sign.preset) && sign.words.MatchString(text) {
				return sign.preset
			}
		}
	}
	for _, name := range t.Platforms {
		if slices.Contains(makers, name) {
			return name
		}
	}
	return ""
}
