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
		"Not reported: what the migration makes next (`DROP TRIGGER IF EXISTS`, `CREATE TRIGGER`), and what an earlier statement under review has already dropped. Of several tables, functions or types in one file the first is named.\n\n" +
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
	before, behind := otherMissed(p)
	if before > 0 && !r.Name.Kind.IsPart() {
		return // a file that clears up what others have made
	}
	more := ""
	if behind > 0 && !r.Name.Kind.IsPart() {
		more = " (nor do others that are named below)"
	}
	f := p.Reportf(r.location, "%s does not exist%s, so IF EXISTS drops nothing%s; correct the name, or remove the statement", what, more, nearName(p, r))
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

// otherMissed counts the statements of the migration, before this one and behind it,
// that drop something else than a part of a table and find nothing.
func otherMissed(p *lint.Pass) (before, behind int) {
	count := &before
	for _, s := range p.Migration.Statements() {
		if s == p.Statement {
			count = &behind
			continue
		}
		if e := p.EffectOf(s); e != nil && s.Node.GetDropStmt().GetMissingOk() && slices.ContainsFunc(e.Notices, missesWhole) && !isMadeBelow(p.Migration, s) {
			*count++
		}
	}
	return before, behind
}

// isMadeBelow tells whether a migration makes below what a statement drops.
func isMadeBelow(m *lint.Migration, drop *lint.Statement) bool {
	names := droppedNames(drop)
	below := false
	for _, s := range m.Statements() {
		below = below || s == drop
		for _, f := range s.Facts() {
			if below && f.Verb&facts.Made != 0 && slices.ContainsFunc(names, f.Name.Same) {
				return true
			}
		}
	}
	return false
}

// missesWhole tells whether a notice is about what is no part of a table.
func missesWhole(notice string) bool {
	return missingObject.MatchString(notice) && !strings.Contains(notice, " of relation ") && !strings.Contains(notice, " for relation ")
}
