package rules

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
)

var accessLost = &lint.Rule{
	ID: "access-lost", Group: lint.GroupSecurity, Severity: lint.Warning, Measured: true,
	Title: "A role can no longer do what it did",
	Why: "The trial reads and writes tables as the roles that have rights on them, before the migrations and after. A privilege can go in ways that its `REVOKE` does not show: `EXECUTE` on a function is taken from `PUBLIC`, and the policy that calls it refuses every query of the table (`42501`); a view changes its owner; a function is no longer `SECURITY DEFINER`.\n\n" +
		"Not reported when only rights of PostgreSQL's own roles or of superusers change, of a table that the `REVOKE` names itself, nor when a policy lets other rows in than before: that is meant (`policy-dropped`).\n\n" +
		"https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
	Fix: "Grant what is missing to the roles that need it, in the same migration:\n\n```sql\nREVOKE EXECUTE ON FUNCTION my_org() FROM PUBLIC;\nGRANT EXECUTE ON FUNCTION my_org() TO member;\n```",
	Check: func(p *lint.Pass) {
		for _, b := range breaksOf(p) {
			if b.Function != "" || !isOfRights(b) {
				continue
			}
			if b = withoutRevoked(p, b); len(b.Does) == 0 {
				continue
			}
			f := p.Reportf(0, "%s for %s from here on%s: %s%s", deeds(p, b, "fails", "fail"), rolesOf(b), inCode(b), b.Err.Message, calledByPolicy(p, b))
			p.Measured(f, "it worked before the migrations under review: %s", b.Err)
		}
	},
}

// denied matches what PostgreSQL says of a table or view that a role may not use.
var denied = lazyregexp.New(`^permission denied for (?:table|view|materialized view|relation) (.+)$`)

// withoutRevoked leaves out what a REVOKE says itself: the role reads this table no more. A
// view of it that the role reads is another matter.
func withoutRevoked(p *lint.Pass, b lint.Break) lint.Break {
	m := denied.FindStringSubmatch(b.Err.Message)
	s := p.Node().GetGrantStmt()
	if m == nil || s == nil || s.IsGrant || len(b.Code) > 0 {
		return b
	}
	b.Does = slices.DeleteFunc(slices.Clone(b.Does), func(d lint.Deed) bool { return strings.HasSuffix("."+d.Of, "."+m[1]) })
	return b
}

func rolesOf(b lint.Break) string {
	roles := slices.Clone(b.Roles)
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
