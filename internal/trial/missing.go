package trial

import (
	"fmt"
	"slices"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
)

// What refusals say of things that are made outside of migrations.
var (
	missingRole     = lazyregexp.New(`^role "(.+)" does not exist$`)
	missingType     = lazyregexp.New(`^type "(?:.*\.)?(\w+)(?:\[\])?" does not exist$`)
	missingOpclass  = lazyregexp.New(`^operator class "(\w+)" does not exist`)
	missingFunction = lazyregexp.New(`^function (?:\w+\.)?(\w+)\(.*\) does not exist$`)
	missingSchema   = lazyregexp.New(`^schema "(auth|storage|extensions|realtime|neon_auth)" does not exist$`)
)

// madeBy are names by the extension that makes them.
var madeBy = map[string]string{
	"vector": "vector", "halfvec": "vector", "sparsevec": "vector",
	"vector_l2_ops": "vector", "vector_ip_ops": "vector", "vector_cosine_ops": "vector", "halfvec_cosine_ops": "vector",
	"geometry": "postgis", "geography": "postgis", "box2d": "postgis", "raster": "postgis_raster",
	"citext": "citext", "hstore": "hstore", "ltree": "ltree", "cube": "cube", "seg": "seg", "isbn": "isn",
	"gin_trgm_ops": "pg_trgm", "gist_trgm_ops": "pg_trgm", "similarity": "pg_trgm", "word_similarity": "pg_trgm",
	"uuid_generate_v1": "uuid-ossp", "uuid_generate_v4": "uuid-ossp", "uuid_generate_v5": "uuid-ossp",
	"crypt": "pgcrypto", "gen_salt": "pgcrypto", "digest": "pgcrypto", "hmac": "pgcrypto", "gen_random_bytes": "pgcrypto", "pgp_sym_encrypt": "pgcrypto",
	"unaccent": "unaccent", "crosstab": "tablefunc", "levenshtein": "fuzzystrmatch", "soundex": "fuzzystrmatch", "moddatetime": "moddatetime",
}

// platformOf names the preset that has a role or schema.
var platformOf = map[string]string{
	"anon": "supabase", "authenticated": "supabase", "service_role": "supabase", "supabase_admin": "supabase", "supabase_auth_admin": "supabase",
	"auth": "supabase", "storage": "supabase", "extensions": "supabase", "realtime": "supabase",
	"neon_superuser": "neon", "neon_auth": "neon", "anonymous": "neon",
	"nhost_admin": "nhost", "nhost_hasura": "nhost", "nhost_auth_admin": "nhost", "nhost_storage_admin": "nhost",
}

// madeElsewhere reports whether a refusal is for want of something that production
// may have from elsewhere, and says how the trial gets it.
func madeElsewhere(e *lint.SQLError) (wayOut string, elsewhere bool) {
	if m := missingRole.FindStringSubmatch(e.Message); m != nil {
		return fmt.Sprintf("%s; if production has the role, write %s in .migvet.yml", e.Message, roleLine(m[1])), true
	}
	if m := missingSchema.FindStringSubmatch(e.Message); m != nil {
		return fmt.Sprintf("%s; if a platform makes it, write presets: [%s] in .migvet.yml, or make it in a before: file", e.Message, platformOf[m[1]]), true
	}
	for _, missing := range []*lazyregexp.Regexp{missingType, missingOpclass, missingFunction} {
		m := missing.FindStringSubmatch(e.Message)
		if m != nil && madeBy[m[1]] != "" {
			return fmt.Sprintf("%s; no migration creates the extension %s; if production has it, write extensions: [%s] in .migvet.yml", e.Message, madeBy[m[1]], madeBy[m[1]]), true
		}
	}
	return "", false
}

func roleLine(role string) string {
	if preset := platformOf[role]; preset != "" {
		return "presets: [" + preset + "]"
	}
	return "roles: [" + role + "]"
}

// madeHere reports whether migrations create the extension whose absence a
// refusal is about, so that the refusal is theirs.
func (t *trial) madeHere(e *lint.SQLError) bool {
	for _, missing := range []*lazyregexp.Regexp{missingType, missingOpclass, missingFunction} {
		if m := missing.FindStringSubmatch(e.Message); m != nil && madeBy[m[1]] != "" {
			return slices.ContainsFunc(t.Source.Head, func(mig *lint.Migration) bool {
				return session.CreatesExtension(mig, func(name string) bool { return name == madeBy[m[1]] })
			})
		}
	}
	return false
}
