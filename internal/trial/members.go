package trial

import (
	"slices"

	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
)

// members are names by which migrations use an extension, by what they name. Those that
// PostgreSQL itself or an application is likely to have as well are left out.
type members struct {
	types, functions, relations []string
	others                      []string // operator classes, access methods, languages, foreign-data wrappers, dictionaries
}

// of are the members that a missing object of a kind may be. A type has functions of its
// name: hstore('a', '1').
func (m members) of(kind string) []string {
	switch kind {
	case "type":
		return m.types
	case "function":
		return slices.Concat(m.functions, m.types)
	case "relation":
		return m.relations
	case "operator class", "access method", "language", "foreign-data wrapper", "text search dictionary":
		return m.others
	}
	return nil
}

// membersOf are the extensions with what they have.
var membersOf = map[string]members{
	"vector": {
		types:     []string{"vector", "halfvec", "sparsevec"},
		functions: []string{"cosine_distance", "l2_distance"},
		others: []string{
			"hnsw", "ivfflat", "vector_l2_ops", "vector_ip_ops", "vector_cosine_ops", "vector_l1_ops",
			"halfvec_l2_ops", "halfvec_ip_ops", "halfvec_cosine_ops", "sparsevec_l2_ops", "sparsevec_cosine_ops",
		},
	},
	"postgis": {
		types: []string{"geometry", "geography", "box2d", "box3d"},
		functions: []string{
			"addgeometrycolumn", "st_makepoint", "st_point", "st_setsrid", "st_geomfromtext", "st_geogfromtext", "st_geomfromgeojson", "st_asgeojson",
			"st_distance", "st_dwithin", "st_intersects", "st_contains", "st_within", "st_transform", "st_buffer", "st_x", "st_y", "st_srid", "st_area", "st_length",
			"st_union", "st_collect", "st_isvalid", "st_makevalid", "st_centroid", "st_makeenvelope", "postgis_version", "postgis_full_version", "updategeometrysrid",
		},
		relations: []string{"spatial_ref_sys", "geometry_columns", "geography_columns"},
		others:    []string{"gist_geometry_ops_2d", "gist_geography_ops"},
	},
	"postgis_raster":     {types: []string{"raster"}, relations: []string{"raster_columns", "raster_overviews"}},
	"postgis_topology":   {types: []string{"topogeometry", "topoelement"}},
	"citext":             {types: []string{"citext"}},
	"hstore":             {types: []string{"hstore"}, functions: []string{"hstore_to_json", "hstore_to_jsonb"}, others: []string{"gin_hstore_ops", "gist_hstore_ops"}},
	"ltree":              {types: []string{"ltree", "lquery", "ltxtquery"}, functions: []string{"nlevel", "subpath", "text2ltree"}, others: []string{"gist_ltree_ops"}},
	"cube":               {types: []string{"cube"}, others: []string{"gist_cube_ops"}},
	"earthdistance":      {types: []string{"earth"}, functions: []string{"ll_to_earth", "earth_distance", "earth_box"}},
	"seg":                {types: []string{"seg"}},
	"isn":                {types: []string{"isbn", "isbn13", "issn", "issn13", "ean13", "ismn", "upc"}},
	"intarray":           {types: []string{"query_int"}, functions: []string{"intset"}, others: []string{"gin__int_ops", "gist__int_ops"}},
	"pg_trgm":            {functions: []string{"similarity", "word_similarity", "strict_word_similarity", "show_trgm"}, others: []string{"gin_trgm_ops", "gist_trgm_ops"}},
	"uuid-ossp":          {functions: []string{"uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v3", "uuid_generate_v4", "uuid_generate_v5", "uuid_nil", "uuid_ns_url", "uuid_ns_dns"}},
	"pgcrypto":           {functions: []string{"crypt", "gen_salt", "digest", "hmac", "gen_random_bytes", "pgp_sym_encrypt", "pgp_sym_decrypt", "pgp_pub_encrypt", "pgp_pub_decrypt", "armor", "dearmor"}},
	"unaccent":           {functions: []string{"unaccent"}, others: []string{"unaccent"}},
	"tablefunc":          {functions: []string{"crosstab", "crosstab2", "crosstab3", "crosstab4", "connectby", "normal_rand"}},
	"fuzzystrmatch":      {functions: []string{"levenshtein", "levenshtein_less_equal", "soundex", "metaphone", "dmetaphone", "daitch_mokotoff"}},
	"moddatetime":        {functions: []string{"moddatetime"}},
	"postgres_fdw":       {others: []string{"postgres_fdw"}},
	"file_fdw":           {others: []string{"file_fdw"}},
	"dblink":             {functions: []string{"dblink", "dblink_connect", "dblink_exec"}, others: []string{"dblink_fdw"}},
	"pg_stat_statements": {functions: []string{"pg_stat_statements", "pg_stat_statements_reset"}, relations: []string{"pg_stat_statements", "pg_stat_statements_info"}},
	"bloom":              {others: []string{"bloom"}},
	"rum":                {others: []string{"rum", "rum_tsvector_ops"}},
	"hll":                {types: []string{"hll"}, functions: []string{"hll_hash_text", "hll_add_agg", "hll_cardinality"}},
	"ip4r":               {types: []string{"ip4r", "ip4", "ip6", "ip6r", "ipaddress", "iprange"}},
	"timescaledb": {functions: []string{
		"create_hypertable", "time_bucket", "add_retention_policy", "add_compression_policy", "add_continuous_aggregate_policy", "set_chunk_time_interval", "drop_chunks",
	}},
	"pg_partman":           {functions: []string{"create_parent", "run_maintenance_proc"}},
	"pgroonga":             {others: []string{"pgroonga", "pgroonga_text_full_text_search_ops_v2"}},
	"pg_search":            {others: []string{"bm25"}},
	"pgtap":                {functions: []string{"has_table", "has_column", "throws_ok", "lives_ok", "results_eq"}},
	"h3":                   {types: []string{"h3index"}, functions: []string{"h3_lat_lng_to_cell", "h3_latlng_to_cell", "h3_cell_to_parent"}},
	"pg_uuidv7":            {functions: []string{"uuid_generate_v7"}},
	"pg_jsonschema":        {functions: []string{"json_matches_schema", "jsonb_matches_schema"}},
	"pg_hashids":           {functions: []string{"id_encode", "id_decode"}},
	"semver":               {types: []string{"semver"}},
	"roaringbitmap":        {types: []string{"roaringbitmap"}, functions: []string{"rb_build"}},
	"address_standardizer": {functions: []string{"standardize_address", "parse_address"}},
	"plv8":                 {others: []string{"plv8"}}, "plpython3u": {others: []string{"plpython3u"}}, "plperl": {others: []string{"plperl"}},
	"plperlu": {others: []string{"plperlu"}}, "pltcl": {others: []string{"pltcl"}}, "plr": {others: []string{"plr"}},
}

// schemasOf are schemas that extensions make for themselves.
var schemasOf = map[string]string{
	"cron": "pg_cron", "net": "pg_net", "partman": "pg_partman", "topology": "postgis_topology", "tiger": "postgis_tiger_geocoder", "pgmq": "pgmq",
	"pgsodium": "pgsodium", "ag_catalog": "age", "pglogical": "pglogical", "repack": "pg_repack",
	"hint_plan": "pg_hint_plan", "anon": "anon", "paradedb": "pg_search", "_timescaledb_internal": "timescaledb", "timescaledb_information": "timescaledb",
	"squeeze": "pg_squeeze", "pgagent": "pgagent", "pgtle": "pg_tle", "columnar": "citus_columnar",
}

// namespacesOf are those of the parameters that extensions take of tables: WITH
// (tsdb.hypertable).
var namespacesOf = map[string]string{"tsdb": "timescaledb", "timescaledb": "timescaledb"}

// extensionOf names the extension to which a missing object belongs; "" for none.
func extensionOf(o object) string {
	if o.kind == "extension" {
		return o.name
	}
	if o.kind == defaultOperatorClass {
		return "btree_" + o.name
	}
	if o.kind == "schema" {
		return schemasOf[o.name]
	}
	if o.kind == "parameter namespace" {
		return namespacesOf[o.name]
	}
	if extension := schemasOf[o.schema]; extension != "" {
		return extension
	}
	if o.kind == "function" && !slices.Contains([]string{"", "public", "extensions"}, o.schema) {
		return "" // app.digest() is the application's
	}
	for extension, has := range membersOf {
		if slices.Contains(has.of(o.kind), o.name) {
			return extension
		}
	}
	return ""
}

// creatorOf finds the migration that creates an extension.
func (t *trial) creatorOf(extension string) *lint.Migration {
	for _, m := range t.Source.Head {
		if session.CreatesExtension(m, func(name string) bool { return name == extension }) {
			return m
		}
	}
	return nil
}
