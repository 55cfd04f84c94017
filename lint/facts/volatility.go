package facts

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// Volatility is how often a function can return something new. The larger one is
// the worse.
// https://www.postgresql.org/docs/current/xfunc-volatility.html
type Volatility uint8

// The volatilities, with the one of a function that nobody knows among them: it
// is worse than stable, as it may be volatile.
const (
	Immutable         Volatility = iota
	Stable                       // one value for the whole statement
	UnknownVolatility            // nobody can tell from here
	Volatile                     // a new value for each row
)

// volatileFunctions are those of PostgreSQL and its usual extensions that a
// default can call with some sense; others that it has are taken for stable.
var volatileFunctions = wordSet(`random random_normal gen_random_uuid uuidv4 uuidv7 clock_timestamp timeofday
	nextval currval lastval setval set_config current_query array_sample array_shuffle
	uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 gen_random_bytes gen_salt`)

// stableFunctions return one value for a whole statement: as the default of a
// new column, one for all rows that are there.
var stableFunctions = wordSet(`now transaction_timestamp statement_timestamp current_date current_time current_timestamp
	localtime localtimestamp current_user current_role user session_user current_catalog current_schema current_database
	current_setting txid_current pg_current_xact_id pg_backend_pid inet_client_addr inet_server_addr version`)

// harmlessFunctions only transform what they are given.
var harmlessFunctions = wordSet(`lower upper initcap concat concat_ws format md5 sha256 encode decode left right substr substring trim btrim ltrim rtrim
	replace translate lpad rpad repeat length char_length to_char to_date to_timestamp to_number to_json to_jsonb date_trunc date_part extract age timezone
	date make_date make_time make_timestamp make_timestamptz make_interval justify_days justify_hours abs ceil ceiling floor round trunc mod power sqrt sign
	json_build_object json_build_array jsonb_build_object jsonb_build_array json_object jsonb_object jsonb_set json_strip_nulls jsonb_strip_nulls
	array_append array_cat array_fill array_length string_to_array array_to_string coalesce nullif greatest least to_tsvector to_tsquery
	int4range int8range numrange tsrange tstzrange daterange inet host set_masklen row_to_json get_byte get_bit ascii chr quote_literal quote_ident
	overlay position strpos reverse split_part regexp_replace bit_length octet_length cardinality unaccent citext text hstore`)

func wordSet(text string) map[string]bool {
	found := map[string]bool{}
	for _, word := range strings.Fields(text) {
		found[word] = true
	}
	return found
}

// FunctionVolatility returns the volatility of a function of PostgreSQL or of its
// usual extensions, in whatever schema it is: extensions.uuid_generate_v4. known
// is false for others.
func FunctionVolatility(name string) (v Volatility, known bool) {
	name = name[strings.LastIndexByte(name, '.')+1:]
	switch {
	case volatileFunctions[name]:
		return Volatile, true
	case stableFunctions[name]:
		return Stable, true
	case harmlessFunctions[name]:
		return Immutable, true
	}
	return UnknownVolatility, false
}

// IsCommonFunction reports whether a function is one that no CREATE FUNCTION of the
// history makes: one of those that [FunctionVolatility] knows, or an aggregate that
// migrations call.
func IsCommonFunction(name string) bool {
	switch name {
	case "count", "sum", "min", "max", "avg", "bool_and", "bool_or", "array_agg", "string_agg", "json_agg", "jsonb_agg", "row_number", "rank", "lag", "lead":
		return true
	}
	_, known := FunctionVolatility(name)
	return known
}

// WorstVolatility judges an expression by the function in it that changes most
// often, and names it: [Volatile] and "random" for round(random() * 10). Functions
// that [FunctionVolatility] does not know are left to declared, which is given
// their names as [FunctionName] has them.
func WorstVolatility(expr *pg.Node, declared func(name string) Volatility) (worst Volatility, function string) {
	Walk(expr, func(n *pg.Node) bool {
		name := FunctionName(n)
		if name == "" {
			return true
		}
		v, known := FunctionVolatility(name)
		if !known {
			v = declared(name)
		}
		if v > worst {
			worst, function = v, name
		}
		return true
	})
	return worst, function
}
