package trial

import (
	"slices"

	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
)

// membersOf are names by which migrations use an extension: types, functions, operator
// classes, access methods, languages and the like. Those that PostgreSQL itself or an
// application is likely to have as well are left out.
var membersOf = map[string][]string{
	"vector": {
		"vector", "halfvec", "sparsevec", "hnsw", "ivfflat", "vector_l2_ops", "vector_ip_ops", "vector_cosine_ops", "vector_l1_ops",
		"halfvec_l2_ops", "halfvec_ip_ops", "halfvec_cosine_ops", "sparsevec_l2_ops", "sparsevec_cosine_ops", "cosine_distance", "l2_distance",
	},
	"postgis": {
		"geometry", "geography", "box2d", "box3d", "spatial_ref_sys", "geometry_columns", "geography_columns", "gist_geometry_ops_2d", "gist_geography_ops",
		"addgeometrycolumn", "st_makepoint", "st_point", "st_setsrid", "st_geomfromtext", "st_geogfromtext", "st_geomfromgeojson", "st_asgeojson",
		"st_distance", "st_dwithin", "st_intersects", "st_contains", "st_within", "st_transform", "st_buffer", "st_x", "st_y", "st_srid", "st_area", "st_length",
		"st_union", "st_collect", "st_isvalid", "st_makevalid", "st_centroid", "st_makeenvelope", "postgis_version", "postgis_full_version", "updategeometrysrid",
	},
	"postgis_raster":       {"raster", "raster_columns", "raster_overviews"},
	"postgis_topology":     {"topogeometry", "topoelement"},
	"citext":               {"citext"},
	"hstore":               {"hstore", "hstore_to_json", "hstore_to_jsonb", "gin_hstore_ops", "gist_hstore_ops"},
	"ltree":                {"ltree", "lquery", "ltxtquery", "nlevel", "subpath", "text2ltree", "gist_ltree_ops"},
	"cube":                 {"cube", "gist_cube_ops"},
	"earthdistance":        {"ll_to_earth", "earth_distance", "earth_box", "earth"},
	"seg":                  {"seg"},
	"isn":                  {"isbn", "isbn13", "issn", "issn13", "ean13", "ismn", "upc"},
	"intarray":             {"gin__int_ops", "gist__int_ops", "query_int", "intset"},
	"pg_trgm":              {"gin_trgm_ops", "gist_trgm_ops", "similarity", "word_similarity", "strict_word_similarity", "show_trgm"},
	"uuid-ossp":            {"uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v3", "uuid_generate_v4", "uuid_generate_v5", "uuid_nil", "uuid_ns_url", "uuid_ns_dns"},
	"pgcrypto":             {"crypt", "gen_salt", "digest", "hmac", "gen_random_bytes", "pgp_sym_encrypt", "pgp_sym_decrypt", "pgp_pub_encrypt", "pgp_pub_decrypt", "armor", "dearmor"},
	"unaccent":             {"unaccent"},
	"tablefunc":            {"crosstab", "crosstab2", "crosstab3", "crosstab4", "connectby", "normal_rand"},
	"fuzzystrmatch":        {"levenshtein", "levenshtein_less_equal", "soundex", "metaphone", "dmetaphone", "daitch_mokotoff"},
	"moddatetime":          {"moddatetime"},
	"postgres_fdw":         {"postgres_fdw"},
	"file_fdw":             {"file_fdw"},
	"dblink":               {"dblink", "dblink_connect", "dblink_exec", "dblink_fdw"},
	"pg_stat_statements":   {"pg_stat_statements", "pg_stat_statements_reset", "pg_stat_statements_info"},
	"bloom":                {"bloom"},
	"rum":                  {"rum", "rum_tsvector_ops"},
	"hll":                  {"hll", "hll_hash_text", "hll_add_agg", "hll_cardinality"},
	"ip4r":                 {"ip4r", "ip4", "ip6", "ip6r", "ipaddress", "iprange"},
	"timescaledb":          {"create_hypertable", "time_bucket", "add_retention_policy", "add_compression_policy", "add_continuous_aggregate_policy", "set_chunk_time_interval", "drop_chunks"},
	"pg_partman":           {"create_parent", "run_maintenance_proc"},
	"pgroonga":             {"pgroonga", "pgroonga_text_full_text_search_ops_v2"},
	"pg_search":            {"bm25"},
	"pgtap":                {"has_table", "has_column", "throws_ok", "lives_ok", "results_eq"},
	"h3":                   {"h3index", "h3_lat_lng_to_cell", "h3_latlng_to_cell", "h3_cell_to_parent"},
	"pg_uuidv7":            {"uuid_generate_v7"},
	"pg_jsonschema":        {"json_matches_schema", "jsonb_matches_schema"},
	"pg_hashids":           {"id_encode", "id_decode"},
	"semver":               {"semver"},
	"roaringbitmap":        {"roaringbitmap", "rb_build"},
	"address_standardizer": {"standardize_address", "parse_address"},
	"plv8":                 {"plv8"}, "plpython3u": {"plpython3u"}, "plperl": {"plperl"}, "plperlu": {"plperlu"}, "pltcl": {"pltcl"}, "plr": {"plr"},
}

// schemasOf are schemas that extensions make for themselves.
var schemasOf = map[string]string{
	"cron": "pg_cron", "net": "pg_net", "partman": "pg_partman", "topology": "postgis_topology", "tiger": "postgis_tiger_geocoder", "pgmq": "pgmq",
	"pgsodium": "pgsodium", "ag_catalog": "age", "pglogical": "pglogical", "repack": "pg_repack",
	"hint_plan": "pg_hint_plan", "anon": "anon", "paradedb": "pg_search", "_timescaledb_internal": "timescaledb", "timescaledb_information": "timescaledb",
	"squeeze": "pg_squeeze", "pgagent": "pgagent", "pgtle": "pg_tle", "columnar": "citus_columnar",
}

// extensionOf names the extension to which a missing object belongs; "" for none.
func extensionOf(o object) string {
	if o.kind == "extension" {
		return o.name
	}
	if o.kind == "schema" {
		return schemasOf[o.name]
	}
	if extension := schemasOf[o.schema]; extension != "" {
		return extension
	}
	if o.kind == "function" && !slices.Contains([]string{"", "public", "extensions"}, o.schema) {
		return "" // app.digest() is the application's
	}
	for extension, members := range membersOf {
		if slices.Contains(members, o.name) {
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
