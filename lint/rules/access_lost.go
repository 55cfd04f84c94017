package rules

import (
	"cmp"
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var accessLost = &lint.Rule{
	ID: "access-lost", Group: lint.GroupSecurity, Severity: lint.Warning, Measured: true,
	Title: "A role can no longer do what it did",
	Why: "The trial reads and writes tables as the roles that have rights on them, before the migrations and after. A privilege can go in ways that its `REVOKE` does not show: `EXECUTE` on a function is taken from `PUBLIC`, and the policy that calls it refuses every query of the table (`42501`); a view changes its owner; a function is no longer `SECURITY DEFINER`.\n\n" +
		"Not reported when only rights of PostgreSQL's own roles or of superusers change, of a table that the `REVOKE` names itself where `privilege-revoked` says so, nor when a policy lets other rows in than before: that is meant (`policy-dropped`).\n\n" +
		"https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
	Fix: "Grant what is missing to the roles that need it, in the same migration:\n\n```sql\nREVOKE EXECUTE ON FUNCTION my_org() FROM PUBLIC;\nGRANT EXECUTE ON FUNCTION my_org() TO member;\n```",
	Check: func(p *lint.Pass) {
		var revoked lint.Break // all that the statement takes by its own words
		for _, b := range breaksOf(p) {
			if b.Function != "" || !isOfRights(b) {
				continue
			}
			direct, other := splitRevoked(p, b)
			if len(direct.Does) > 0 {
				revoked.Err = b.Err
				revoked.Does, revoked.Roles = append(revoked.Does, direct.Does...), append(revoked.Roles, direct.Roles...)
			}
			if len(other.Does) > 0 {
				f := p.Reportf(0, "%s for %s from here on%s: %s%s", deeds(p, other, "fails", "fail"), rolesOf(other), inCode(b), b.Err.Message, calledByPolicy(p, b))
				p.Measured(f, "it worked before the migrations under review: %s", b.Err)
			}
		}
		if len(revoked.Does) > 0 {
			f := p.Reportf(0, "%s for %s from here on: this takes what default privileges gave; first deploy code that does without", deeds(p, revoked, "fails", "fail"), rolesOf(revoked))
			p.Measured(f, "it worked before the migrations under review: %s", revoked.Err)
		}
	},
}

// denied matches what PostgreSQL says of a table or view that a role may not use.
var denied = lazyregexp.New(`^permission denied for (?:table|view|materialized view|relation) (.+)$`)

// splitRevoked tells what a REVOKE takes by its own words from what fails behind that: a view
// of the table that the role reads. What privilege-revoked tells is left out: of what a GRANT
// gave, but not of what default privileges did, which no statement says of the table.
func splitRevoked(p *lint.Pass, b lint.Break) (direct, other lint.Break) {
	direct, other = b, b
	direct.Does, other.Does = nil, nil
	m := denied.FindStringSubmatch(b.Err.Message)
	s := p.Node().GetGrantStmt()
	for _, d := range b.Does {
		switch {
		case m == nil || s == nil || s.IsGrant || len(b.Code) > 0 || !strings.HasSuffix("."+d.Of, "."+m[1]):
			other.Does = append(other.Does, d)
		case !takesGranted(p, s, m[1], b.Roles):
			direct.Does = append(direct.Does, d)
		}
	}
	return direct, other
}

// takesGranted tells whether a REVOKE takes from all of the roles what statements granted them
// on a table, or on all tables of a schema.
func takesGranted(p *lint.Pass, s *pg.GrantStmt, table string, roles []string) bool {
	takes := func(f facts.Fact, role string) bool {
		return (f.Name.Name == table || f.Name.Kind == facts.Schema) && len(lostPrivileges(p, s, f.Name, cmp.Or(role, public))) > 0
	}
	return !slices.ContainsFunc(roles, func(role string) bool {
		return !slices.ContainsFunc(p.Facts(), func(f facts.Fact) bool { return takes(f, role) })
	})
}

func rolesOf(b lint.Break) string {
	roles := slices.Clone(b.Roles)
	slices.Sort(roles)
	roles = slices.Compact(roles)
	for i, role := range roles {
		if role == "" {
			roles[i] = "roles without rights of their own (PUBLIC)"
		}
	}
	return listed(roles)
}

func calledByPolicy(p *lint.Pass, b lint.Break) string {
	switch len(b.Policies) {
	case 0:
		return ""
	case 1:
		return ", which policy " + b.Policies[0] + " of " + unqualified(p, b.Table) + " calls"
	}
	return ", which policies " + listed(b.Policies) + " of " + unqualified(p, b.Table) + " call"
}
