package trial

import (
	"fmt"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/plpgsql"
)

// sinceVersion are names by their kind and the major version of PostgreSQL that brought
// them: a server that is older says that they do not exist. From the release notes,
// https://www.postgresql.org/docs/release/
var sinceVersion = map[string]map[int][]string{
	"function": {
		14: {"bit_count", "bit_xor", "date_bin", "string_to_table", "trim_array", "unistr", "range_agg", "multirange"},
		15: {"regexp_count", "regexp_instr", "regexp_like", "regexp_substr"},
		16: {
			"any_value", "array_sample", "array_shuffle", "random_normal", "erf", "erfc", "date_add", "date_subtract", "pg_input_is_valid", "pg_input_error_info",
			"json_object_agg_strict", "json_object_agg_unique", "jsonb_object_agg_strict", "jsonb_object_agg_unique",
		},
		17: {
			"json_table", "json_exists", "json_query", "json_value", "json_scalar", "json_serialize", "to_bin", "to_oct", "uuid_extract_timestamp", "uuid_extract_version",
			"xmltext", "unicode_assigned", "icu_unicode_version", "unicode_version", "pg_basetype", "pg_column_toast_chunk_id",
		},
		18: {"uuidv7", "uuidv4", "casefold", "array_sort", "array_reverse", "crc32", "crc32c", "gamma", "lgamma", "pg_get_acl", "has_largeobject_privilege"},
	},
	"type": {
		14: {"int4multirange", "int8multirange", "nummultirange", "tsmultirange", "tstzmultirange", "datemultirange", "anymultirange", "anycompatiblemultirange"},
	},
	"relation": {
		14: {"pg_stat_wal", "pg_stat_progress_copy", "pg_stat_replication_slots", "pg_backend_memory_contexts", "pg_stats_ext_exprs"},
		15: {"pg_ident_file_mappings", "pg_stat_recovery_prefetch", "pg_stat_subscription_stats", "pg_parameter_acl", "pg_publication_namespace"},
		16: {"pg_stat_io"},
		17: {"pg_stat_checkpointer", "pg_wait_events"},
		18: {"pg_aios", "pg_shmem_allocations_numa"},
	},
	"role": {
		14: {"pg_database_owner", "pg_read_all_data", "pg_write_all_data"},
		15: {"pg_checkpoint"},
		16: {"pg_create_subscription", "pg_use_reserved_connections"},
		17: {"pg_maintain"},
		18: {"pg_signal_autovacuum_worker"},
	},
	"privilege": {17: {"maintain"}},
	"parameter": {
		14: {"idle_session_timeout", "default_toast_compression", "compute_query_id"},
		15: {"security_invoker", "recursive_worktable_factor"},
		16: {"createrole_self_grant", "reserved_connections", "scram_iterations", "debug_parallel_query", "vacuum_buffer_usage_limit"},
		17: {"transaction_timeout", "event_triggers", "allow_alter_system", "serializable_buffers", "huge_pages_status"},
		18: {"extension_control_path", "file_copy_method", "io_method", "autovacuum_worker_slots", "idle_replication_slot_timeout"},
	},
}

// parserVersion is the version whose grammar migvet's parser has: what it takes and
// an older server refuses, that version takes.
const parserVersion = 16

// laterVersion is the oldest version that knows what a server refuses; 0 when it is
// not for want of a newer one.
func laterVersion(r *session.Refused, server int) int {
	version := 0
	switch o, found := missingObject(r.Err.Message); {
	case found && versionOf(o) > 0:
		version = versionOf(o)
	case r.Err.SQLState == unsafeNewValue && makesTypeHere(r):
		version = 17
	case isSyntax(r) && len(r.Statement.Newer) > 0:
		version = newestOfSyntax(r.Statement)
	case isSyntax(r) && r.Statement.Node.GetMergeStmt() != nil:
		version = mergeVersion
	case isSyntax(r):
		version = parserVersion
	case isSyntaxOfBody(r):
		version = newestInBody(r.Statement)
	}
	if version <= server {
		return 0
	}
	return version
}

// isSyntax reports whether the server refused the grammar of a statement that the
// parser took. What it says of code in a string is nothing that the parser has read.
func isSyntax(r *session.Refused) bool {
	if r.Statement == nil || runsCode(r.Statement) {
		return false
	}
	return r.Err.SQLState == syntaxError && r.Statement != nil && r.Statement.ParseError == nil && r.Statement.Node != nil &&
		(strings.HasPrefix(r.Err.Message, "syntax error") || strings.HasSuffix(r.Err.Message, "must have an alias"))
}

// isSyntaxOfBody reports whether the server refused the grammar of code in a string, which
// it parses when a function is made or a DO block runs.
func isSyntaxOfBody(r *session.Refused) bool {
	return r.Statement != nil && runsCode(r.Statement) && r.Err.SQLState == syntaxError && strings.HasPrefix(r.Err.Message, "syntax error")
}

// newestInBody is the version that knows all the newer syntax of the statements in a body; 0
// for a body without any.
func newestInBody(s *lint.Statement) int {
	var inner []*lint.Statement
	language, texts := facts.CodeOf(s.Node)
	switch {
	case len(texts) == 0 || len(texts[0]) > maxBody:
	case language == "plpgsql":
		for command := range plpgsql.Read(texts[0]) {
			inner = append(inner, command.Statements...)
		}
	case language == "sql":
		inner, _ = lint.Parse(texts[0])
	}
	version := 0
	for _, piece := range inner {
		if piece.Node.GetMergeStmt() != nil {
			version = max(version, mergeVersion)
		}
		version = max(version, newestOfSyntax(piece))
	}
	return version
}

// mergeVersion is the version that brought MERGE.
const mergeVersion = 15

// runsCode reports whether a statement holds code as text: DO $$ … $$.
func runsCode(s *lint.Statement) bool {
	if s.Node.GetDoStmt() != nil || s.Node.GetCallStmt() != nil {
		return true
	}
	f := s.Node.GetCreateFunctionStmt()
	return f != nil && f.SqlBody == nil
}

const syntaxError = "42601"

// unsafeNewValue is the state of a label of an enum that is used in the transaction that
// adds it. PostgreSQL 17 takes it where the transaction made the type, too.
// https://www.postgresql.org/docs/release/17.0/
const unsafeNewValue = "55P04"

var enumOfNewValue = lazyregexp.New(`of enum type "?([^".]+\.)?([^".]+)"?$`)

// makesTypeHere reports whether the refused migration makes the enum that a refusal
// names.
func makesTypeHere(r *session.Refused) bool {
	m := enumOfNewValue.FindStringSubmatch(r.Err.Message)
	if m == nil || r.Migration == nil {
		return false
	}
	for _, s := range r.Migration.Statements() {
		for _, f := range s.Facts() {
			if f.Verb&facts.Made != 0 && f.Name.Kind == facts.Type && f.Name.Name == m[2] {
				return true
			}
		}
	}
	return false
}

// newestOfSyntax is the version that knows all the newer syntax of a statement.
func newestOfSyntax(s *lint.Statement) int {
	version := 0
	for _, c := range s.Newer {
		version = max(version, c.Kind.Since())
	}
	return version
}

// versionOf is the version that brought an object of PostgreSQL's own; 0 for any other.
func versionOf(o object) int {
	if o.schema != "" && o.schema != "pg_catalog" {
		return 0
	}
	for version, names := range sinceVersion[o.kind] {
		if slices.Contains(names, o.name) {
			return version
		}
	}
	return 0
}

// versionText is the way out for what only a newer PostgreSQL knows.
func versionText(version, server int) string {
	return fmt.Sprintf("PostgreSQL %d does not know it, %d and newer do; write postgres: %d in .migvet.yml, or the version that production has", server, version, version)
}
