package trial

import (
	"fmt"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/presets"
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

// debianPackages are the packages of extensions on apt.postgresql.org, as
// postgresql-VERSION-WORD, most of which Debian and Ubuntu have as well. The name
// of an extension does not tell whether there is a package, nor what it is called.
// https://apt.postgresql.org/pub/repos/apt/pool/main/p/
var debianPackages = map[string]string{
	"vector": "pgvector", "age": "age", "pg_cron": "cron", "pg_partman": "partman", "pg_repack": "repack", "pgrouting": "pgrouting",
	"postgis": "postgis-3", "postgis_topology": "postgis-3", "postgis_raster": "postgis-3", "postgis_tiger_geocoder": "postgis-3",
	"postgis_sfcgal": "postgis-3", "address_standardizer": "postgis-3", "address_standardizer_data_us": "postgis-3",
	"timescaledb": "timescaledb", "hll": "hll", "http": "http", "h3": "h3", "h3_postgis": "h3", "hypopg": "hypopg", "ip4r": "ip4r", "jsquery": "jsquery",
	"pgaudit": "pgaudit", "pgauditlogtofile": "pgauditlogtofile", "pg_hint_plan": "pg-hint-plan", "pg_qualstats": "pg-qualstats",
	"pg_stat_kcache": "pg-stat-kcache", "pg_track_settings": "pg-track-settings", "pg_wait_sampling": "pg-wait-sampling", "powa": "powa",
	"pglogical": "pglogical", "pgl_ddl_deploy": "pgl-ddl-deploy", "pgfincore": "pgfincore", "pgtap": "pgtap", "pgq": "pgq3", "pgmp": "pgmp",
	"pgpcre": "pgpcre", "pg_sphere": "pgsphere", "pointcloud": "pointcloud", "pointcloud_postgis": "pointcloud", "plpgsql_check": "plpgsql-check",
	"plprofiler": "plprofiler", "pldbgapi": "pldebugger", "plproxy": "plproxy", "plr": "plr", "plsh": "plsh", "pllua": "pllua", "prefix": "prefix",
	"q3c": "q3c", "rdkit": "rdkit", "roaringbitmap": "roaringbitmap", "rum": "rum", "semver": "semver", "set_user": "set-user", "similarity": "similarity",
	"pg_similarity": "similarity", "pg_squeeze": "squeeze", "tablelog": "tablelog", "tdigest": "tdigest", "tds_fdw": "tds-fdw", "mysql_fdw": "mysql-fdw",
	"ogr_fdw": "ogr-fdw", "oracle_fdw": "oracle-fdw", "orafce": "orafce", "periods": "periods", "debversion": "debversion", "icu_ext": "icu-ext",
	"extra_window_functions": "extra-window-functions", "first_last_agg": "first-last-agg", "numeral": "numeral", "unit": "unit", "topn": "topn",
	"credcheck": "credcheck", "pg_fact_loader": "pg-fact-loader", "pg_dirtyread": "dirtyread", "repmgr": "repmgr", "toastinfo": "toastinfo",
}

// languagePackages are those of procedural languages: postgresql-WORD-VERSION.
var languagePackages = map[string]string{
	"plperl": "plperl", "plperlu": "plperl", "bool_plperl": "plperl", "jsonb_plperl": "plperl", "hstore_plperl": "plperl",
	"plpython3u": "plpython3", "jsonb_plpython3u": "plpython3", "hstore_plpython3u": "plpython3", "ltree_plpython3u": "plpython3", "pltcl": "pltcl", "pltclu": "pltcl",
}

// debianPackage is what has an extension on Debian and Ubuntu, with the packages of
// the PostgreSQL project; "" when none is known.
func debianPackage(extension string, major int) string {
	if slices.Contains(contribExtensions, extension) {
		return fmt.Sprintf("postgresql-%d", major)
	}
	if language := languagePackages[extension]; language != "" {
		return fmt.Sprintf("postgresql-%s-%d", language, major)
	}
	if name := debianPackages[extension]; name != "" {
		return fmt.Sprintf("postgresql-%d-%s", major, name)
	}
	return ""
}

// missingText says what to do about extensions that the server lacks.
func missingText(extensions []string, major int) string {
	it, they := "it", "the extension "
	if len(extensions) > 1 {
		it, they = "them", "the extensions "
	}
	they += joinAnd(extensions)
	if i := slices.IndexFunc(extensions, presets.IsPreloaded); i >= 0 {
		which := "which"
		if len(extensions) > 1 {
			which = "and " + extensions[i] + " is one that"
		}
		return fmt.Sprintf("this server does not have %s, %s a server loads when it starts; pass --docker IMAGE or --database-url URL of one that has %s", they, which, it)
	}
	install := "install " + it + " on this server"
	if names := debianPackagesOf(extensions, major); len(names) > 0 {
		install = fmt.Sprintf("install %s (on Debian and Ubuntu, with the packages of apt.postgresql.org: apt-get install %s)", it, strings.Join(names, " "))
	}
	return fmt.Sprintf("this server does not have %s; %s, or pass --docker IMAGE or --database-url URL of a server that has %s", they, install, it)
}

// debianPackagesOf are the packages of all extensions; none where one has no package.
func debianPackagesOf(extensions []string, major int) (names []string) {
	for _, extension := range extensions {
		name := debianPackage(extension, major)
		if name == "" {
			return nil
		}
		addName(&names, name)
	}
	return names
}
