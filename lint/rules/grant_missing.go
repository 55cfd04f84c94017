package rules

import (
	"fmt"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var grantMissing = &lint.Rule{
	ID: "grant-missing", Group: lint.GroupSecurity, Severity: lint.Warning,
	On: facts.Made, Measured: true,
	Title: "A role may not use what is new, unlike what is around it",
	Why: "`GRANT … ON ALL TABLES IN SCHEMA` reaches the tables that are there, and not those that are made later. A role that uses the others is refused: “permission denied for table refunds” (`42501`). So it is with the sequence of a serial column, without which a role that may `INSERT` cannot; that of an identity column needs no privilege.\n\n" +
		"Reported of a table when a role has privileges on at least three others of its schema, on nine in ten of them, and none on this one after all migrations under review. Not reported where default privileges name the role, nor where it has the table as owner, as a member of another role, or through `PUBLIC`. Only a trial tells.\n\n" +
		"https://www.postgresql.org/docs/current/sql-grant.html",
	Fix: "```sql\nGRANT SELECT, INSERT, UPDATE, DELETE ON refunds TO app;\nGRANT USAGE ON SEQUENCE refunds_id_seq TO app;\n```\n\n" +
		"So that it cannot be forgotten, say it once for what the role that runs migrations will make:\n\n```sql\nALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO app;\n```",
	Check: func(p *lint.Pass) {
		if !p.Tried() {
			return
		}
		for _, group := range ungrantedTogether(p.Effect().Ungranted) {
			reportUngranted(p, group)
		}
	},
}

// ungrantedTogether groups roles that may not use the same thing.
func ungrantedTogether(all []lint.Ungranted) (groups [][]lint.Ungranted) {
	for _, u := range all {
		if last := len(groups) - 1; last >= 0 && groups[last][0].Table == u.Table && groups[last][0].Sequence == u.Sequence {
			groups[last] = append(groups[last], u)
			continue
		}
		groups = append(groups, []lint.Ungranted{u})
	}
	return groups
}

func reportUngranted(p *lint.Pass, group []lint.Ungranted) {
	first := group[0]
	var roles []string
	least := first.Granted
	for _, u := range group {
		roles = append(roles, u.Role)
		least = min(least, u.Granted)
	}
	who, table := listed(roles), unqualified(p, first.Table)
	if first.Sequence != "" {
		sequence := unqualified(p, first.Sequence)
		f := p.Reportf(0, "sequence %s is not granted to %s, so that INSERT into %s, which is, fails (42501); GRANT USAGE on it", sequence, who, table)
		p.TellInSeries(f, "sequence"+who, sequence+" of "+table)
		return
	}
	f := p.Reportf(0, "table %s is not granted to %s, unlike %s of its schema, so that queries fail (42501); GRANT it, or set default privileges", table, who, othersOf(least, first.Others))
	p.TellInSeries(f, who+othersOf(least, first.Others), table)
}

// othersOf says how many of the other tables: "all 12 others", "11 of the 12 others".
func othersOf(granted, others int) string {
	if granted == others {
		return "all " + noun.Count(others, "other table")
	}
	return fmt.Sprintf("%d of the %s", granted, noun.Count(others, "other table"))
}
