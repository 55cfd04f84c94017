package postgres

import (
	"maps"

	"github.com/jackc/pgx/v5"
)

// There are two kinds of sessions. In [Server.Config]'s, whatever the database or
// the role is set to holds, as in production: they run migrations. In
// [Server.Pinned]'s, nothing holds that SQL of strangers could have set: they are
// migvet's own. A setting in the start-up packet beats ALTER DATABASE, ALTER ROLE
// and RESET.
// https://www.postgresql.org/docs/current/config-setting.html

// Config is how a role connects to a database as everybody does. A server of the
// user has one role for all, which must be a superuser for what Superuser and
// Filler do. The result is the caller's to change.
func (s *Server) Config(role Role, database string) *pgx.ConnConfig {
	c := s.config.Copy()
	if database != "" {
		c.Database = database
	}
	if !s.External() {
		c.User = role.name()
	} else if role.fills() && s.superuser {
		c.RuntimeParams["session_replication_role"] = "replica"
	}
	return c
}

// Pinned is how migvet connects for SQL of its own: names are looked up in
// pg_catalog alone, where no object of a stranger is.
func (s *Server) Pinned(role Role, database string) *pgx.ConnConfig {
	c := s.Config(role, database)
	maps.Copy(c.RuntimeParams, pinnedSettings(s.major))
	if s.isSuperuser(role) {
		maps.Copy(c.RuntimeParams, pinnedBySuperuser(s.major))
		if role.fills() {
			c.RuntimeParams["session_replication_role"] = "replica"
		}
	}
	return c
}

func (s *Server) isSuperuser(role Role) bool {
	if s.External() {
		return s.superuser
	}
	return role == Superuser || role == SuperFiller
}

func (r Role) fills() bool { return r == Filler || r == SuperFiller }

// pinnedSettings are the settings that everybody may change for a role or a database of
// his, and that decide what our SQL means, whether it may run and what it answers.
func pinnedSettings(major int) map[string]string {
	settings := map[string]string{
		// pg_temp is searched for relations and types even where it is not named,
		// and first: named last, temporary tables hide nothing.
		"search_path":                         "pg_catalog, pg_temp",
		"role":                                "none",
		"local_preload_libraries":             "",
		"client_encoding":                     "UTF8",
		"standard_conforming_strings":         "on",
		"backslash_quote":                     "safe_encoding",
		"transform_null_equals":               "off",
		"array_nulls":                         "on",
		"quote_all_identifiers":               "off",
		"DateStyle":                           "ISO, MDY",
		"IntervalStyle":                       "postgres",
		"TimeZone":                            "UTC",
		"bytea_output":                        "hex",
		"extra_float_digits":                  "1",
		"xmlbinary":                           "base64",
		"xmloption":                           "content",
		"row_security":                        "on",
		"check_function_bodies":               "on",
		"default_transaction_read_only":       "off",
		"default_transaction_isolation":       "read committed",
		"default_transaction_deferrable":      "off",
		"default_tablespace":                  "",
		"temp_tablespaces":                    "",
		"default_table_access_method":         "heap",
		"statement_timeout":                   "0",
		"lock_timeout":                        "0",
		"idle_in_transaction_session_timeout": "0",
		"idle_session_timeout":                "0",
		"client_min_messages":                 "notice",
		"plan_cache_mode":                     "auto",
		"jit":                                 "off", // it compiles for longer than our questions take
	}
	if major >= 17 {
		settings["transaction_timeout"] = "0"
	}
	return settings
}

// pinnedBySuperuser are the settings that only a superuser may change, such as a
// migration with role: superuser.
func pinnedBySuperuser(major int) map[string]string {
	settings := map[string]string{
		"session_preload_libraries": "",
		"session_replication_role":  "origin",
		"lo_compat_privileges":      "off",
		"allow_system_table_mods":   "off",
	}
	if major >= 17 {
		settings["event_triggers"] = "on"
	}
	return settings
}
