package trial

import (
	"fmt"
	"slices"
	"strings"
)

// contribExtensions are the extensions that come with PostgreSQL itself.
// https://www.postgresql.org/docs/current/contrib.html
var contribExtensions = []string{
	"adminpack", "amcheck", "autoinc", "bloom", "btree_gin", "btree_gist", "citext", "cube", "dblink", "dict_int", "dict_xsyn",
	"earthdistance", "file_fdw", "fuzzystrmatch", "hstore", "insert_username", "intagg", "intarray", "isn", "lo", "ltree", "moddatetime",
	"old_snapshot", "pageinspect", "pg_buffercache", "pg_freespacemap", "pg_prewarm", "pg_stat_statements", "pg_surgery", "pg_trgm",
	"pg_visibility", "pg_walinspect", "pgcrypto", "pgrowlocks", "pgstattuple", "postgres_fdw", "refint", "seg", "sslinfo", "tablefunc",
	"tcn", "tsm_system_rows", "tsm_system_time", "unaccent", "uuid-ossp", "xml2",
}

// debianNames are the packages' words for extensions, where they differ.
var debianNames = map[string]string{
	"vector": "pgvector", "postgis_topology": "postgis-3", "postgis_raster": "postgis-3", "postgis_tiger_geocoder": "postgis-3",
	"postgis": "postgis-3", "postgis_sfcgal": "postgis-3", "address_standardizer": "postgis-3", "pg_cron": "cron", "pg_partman": "partman", "pg_repack": "repack",
	"plpgsql_check": "plpgsql-check", "pg_hint_plan": "pg-hint-plan", "set_user": "set-user",
}

// debianPackage is what has an extension on Debian and Ubuntu, with packages of
// the PostgreSQL project for what the distribution lacks.
func debianPackage(extension string, major int) string {
	name := debianNames[extension]
	switch {
	case slices.Contains(contribExtensions, extension):
		return fmt.Sprintf("postgresql-%d", major)
	case strings.HasPrefix(extension, "plpython"), strings.HasPrefix(extension, "plperl"):
		return fmt.Sprintf("postgresql-%s-%d", strings.TrimSuffix(extension, "u"), major)
	case name == "":
		name = strings.ReplaceAll(extension, "_", "-")
	}
	return fmt.Sprintf("postgresql-%d-%s", major, name)
}

// missingText says what to do about an extension that the server lacks.
func missingText(extension string, major int) string {
	return fmt.Sprintf("this server does not have the extension %s; install it (on Debian and Ubuntu: apt-get install %s), or pass --database-url of a server that has it",
		extension, debianPackage(extension, major))
}
