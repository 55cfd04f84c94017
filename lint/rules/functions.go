package rules

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// volatility is how often a function can return something new.
// https://www.postgresql.org/docs/current/xfunc-volatility.html
type volatility uint8

const (
	immutable volatility = iota
	stable               // one value for the whole statement
	unknown              // nobody can tell from here
	volatile             // a new value for each row
)

// volatileFunctions are those of PostgreSQL and its usual extensions that a
// default can call with some sense; others that it has are taken for stable.
var volatileFunctions = list(`random random_normal gen_random_uuid uuidv4 uuidv7 clock_timestamp timeofday
	nextval currval lastval setval set_config current_query array_sample array_shuffle
	uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 gen_random_bytes gen_salt`)

// stableFunctions return one value for a whole statement: as the default of a
// new column, one for all rows that are there.
var stableFunctions = list(`now transaction_timestamp statement_timestamp current_date current_time current_timestamp
	localtime localtimestamp current_user current_role user session_user current_catalog current_schema current_database
	current_setting txid_current pg_current_xact_id pg_backend_pid inet_client_addr inet_server_addr version`)

// harmlessFunctions only transform what they are given.
var harmlessFunctions = list(`lower upper initcap concat concat_ws format md5 sha256 encode decode left right substr substring trim btrim ltrim rtrim
	replace translate lpad rpad repeat length char_length to_char to_date to_timestamp to_number to_json to_jsonb date_trunc date_part extract age timezone
	date make_date make_time make_timestamp make_timestamptz make_interval justify_days justify_hours abs ceil ceiling floor round trunc mod power sqrt sign
	json_build_object json_build_array jsonb_build_object jsonb_build_array json_object jsonb_object jsonb_set json_strip_nulls jsonb_strip_nulls
	array_append array_cat array_fill array_length string_to_array array_to_string coalesce nullif greatest least to_tsvector to_tsquery
	int4range int8range numrange tsrange tstzrange daterange inet host set_masklen row_to_json get_byte get_bit ascii chr quote_literal quote_ident
	overlay position strpos reverse split_part regexp_replace bit_length octet_length cardinality unaccent citext text hstore`)

func list(text string) map[string]bool {
	found := map[string]bool{}
	for _, word := range strings.Fields(text) {
		found[word] = true
	}
	return found
}

// volatilityOf judges an expression by the function in it that changes most
// often, and names it.
func volatilityOf(p *lint.Pass, expr *pg.Node) (worst volatility, function string) {
	facts.Walk(expr, func(n *pg.Node) bool {
		name := facts.FunctionName(n)
		if name == "" {
			return true
		}
		if v := functionVolatility(p, name); v > worst {
			worst, function = v, name
		}
		return true
	})
	return worst, function
}

func functionVolatility(p *lint.Pass, name string) volatility {
	_, last := qualified(strings.Split(name, "."))
	switch {
	case volatileFunctions[last]:
		return volatile
	case stableFunctions[last]:
		return stable
	case harmlessFunctions[last]:
		return immutable
	}
	return declaredVolatility(p, last)
}

// declaredVolatility asks the CREATE FUNCTION of an earlier migration. A
// function that says nothing is volatile, but one in SQL may be inlined to a
// constant, so nothing is certain there.
func declaredVolatility(p *lint.Pass, name string) volatility {
	for s := range p.Earlier() {
		create := s.Node.GetCreateFunctionStmt()
		if _, made := qualified(words(create.GetFuncname())); create == nil || made != name {
			continue
		}
		for _, option := range create.Options {
			if d := option.GetDefElem(); d.GetDefname() == "volatility" {
				return volatilities[d.GetArg().GetString_().GetSval()]
			}
		}
		return unknown
	}
	return unknown
}

var volatilities = map[string]volatility{"immutable": immutable, "stable": stable, "volatile": unknown}
