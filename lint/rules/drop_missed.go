package rules

import (
	"regexp"
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var dropMissed = &lint.Rule{
	ID: "drop-missed", Group: lint.GroupDrop, Severity: lint.Warning,
	Title: "IF EXISTS found nothing to drop",
	Why: "With `IF EXISTS` a misspelt name, a wrong schema or the wrong case (`DROP TABLE Users` means `users`) passes as success, and what was meant stays. " +
		"Only a `NOTICE` says so, which deploys do not show.\n\n" +
		"Not reported: what the migration makes next (`DROP TRIGGER IF EXISTS`, `CREATE TRIGGER`), and what an earlier statement under review has already dropped.\n\n" +
		"https://www.postgresql.org/docs/current/sql-droptable.html",
	Fix:      "Correct the name, or remove the statement. Leave `IF EXISTS` out where the object must be there: the deploy then stops instead of going on with a wrong schema.",
	Measured: true,
	Check: func(p *lint.Pass) {
		if !p.Tried() || !dropsIfExists(p) {
			return
		}
		for _, notice := range p.Effect().Notices {
			if m := missingObject.FindStringSubmatch(notice); m != nil {
				checkMissed(p, m[1])
			}
		}
	},
}

// missingObject matches PostgreSQL's notice: `column "x" of relation "t" does not
// exist, skipping`. Migrations can raise notices, too, so only one line counts.
var missingObject = regexp.MustCompile(`^([^\n]+) does not exist, skipping$`)

// dropsIfExists tells whether the statement says DROP … IF EXISTS. Roles and
// databases are the cluster's: that the trial has none means nothing.
func dropsIfExists(p *lint.Pass) bool {
	if d := p.Node().GetDropStmt(); d != nil {
		return d.MissingOk
	}
	return slices.ContainsFunc(tableCommands(p.Statement), func(c *pg.AlterTableCmd) bool {
		return c.MissingOk && droppedParts[c.Subtype] != ""
	})
}

func checkMissed(p *lint.Pass, what string) {
	r := missedRemoval(p, what)
	if r.Name.Name != "" && (p.MadeAgain(r.Name) != nil || goneBefore(p, r.Name)) {
		return
	}
	f := p.Reportf(r.location, "%s does not exist, so IF EXISTS drops nothing%s; correct the name, or remove the statement", what, nearName(p, r))
	p.Measured(f, "%s does not exist, skipping", what)
}

// missedRemoval finds which of the statement's objects a notice is about.
func missedRemoval(p *lint.Pass, what string) removal {
	written := writtenRemovals(p.Statement)
	for _, r := range written {
		if strings.Contains(what, `"`+r.Name.Name+`"`) || strings.Contains(what, r.Name.Name+"(") {
			return r
		}
	}
	if len(written) == 1 {
		return written[0]
	}
	return removal{}
}

// goneBefore tells whether an earlier statement under review dropped the
// object, or the table it was part of.
func goneBefore(p *lint.Pass, n facts.Name) bool {
	return p.Gone(n) != nil || n.Kind.IsPart() && p.Gone(n.OfTable()) != nil
}

// nearName suggests what the table has instead, as "; did you mean …?".
func nearName(p *lint.Pass, r removal) string {
	t := p.Catalog(r.Relation())
	if t == nil {
		return ""
	}
	var names []string
	switch r.Kind {
	case "table column":
		for _, c := range t.Columns {
			names = append(names, c.Name)
		}
	case "table constraint":
		for _, c := range t.Constraints {
			names = append(names, c.Name)
		}
	}
	return lint.DidYouMean(r.Name.Name, names)
}
