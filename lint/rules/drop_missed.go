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
	r := missedRemoval(p.Statement, what)
	if r.Name.Kind.IsPart() {
		if p.MadeAgain(r.Name) == nil && !goneBefore(p, r.Name) {
			reportMissed(p, r, what, "")
		}
		return
	}
	missed := lint.Remember(p, func() missedWholes { return findMissedWholes(p) })[p.Migration]
	if len(missed) == 0 || missed[0] != (missedWhole{p.Statement, what}) {
		return // it is made below, or gone before, or one of many in a file that clears up what others have made
	}
	more := ""
	if len(missed) > 1 {
		more = " (nor do others that are named below)"
	}
	reportMissed(p, r, what, more)
}

func reportMissed(p *lint.Pass, r removal, what, more string) {
	f := p.Reportf(r.location, "%s does not exist%s, so IF EXISTS drops nothing%s; correct the name, or remove the statement", what, more, nearName(p, r))
	p.Measured(f, "%s does not exist, skipping", what)
}

// missedRemoval finds which of a statement's objects a notice is about.
func missedRemoval(s *lint.Statement, what string) removal {
	written := writtenRemovals(s)
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

// goneBefore tells whether an earlier statement under review dropped the part of a
// table, or the table.
func goneBefore(p *lint.Pass, n facts.Name) bool {
	return p.Gone(n) != nil || p.Gone(n.OfTable()) != nil
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
	return lint.DidYouSlip(r.Name.Name, names)
}

// missedWholes are, of each migration, the objects that DROP … IF EXISTS does not find,
// parts of tables left out: neither does the migration make them below, nor are they
// gone since an earlier statement under review.
type missedWholes map[*lint.Migration][]missedWhole

// A missedWhole is an object as the notice of a statement names it: `table "users"`.
type missedWhole struct {
	statement *lint.Statement
	what      string
}

func findMissedWholes(p *lint.Pass) missedWholes {
	missed, gone := missedWholes{}, map[wholeName]bool{}
	for _, m := range p.History.New {
		lastMade := lastMadeIn(p, m)
		for i, s := range m.Statements() {
			for _, what := range missedBy(p, s) {
				name := wholeNamed(p, missedRemoval(s, what).Name)
				if lastMade[name] <= i && !gone[name] {
					missed[m] = append(missed[m], missedWhole{s, what})
				}
			}
			for _, name := range goneWith(p, s) {
				gone[name] = true
			}
		}
	}
	return missed
}

// missedBy returns what a DROP … IF EXISTS does not find, without parts of tables.
func missedBy(p *lint.Pass, s *lint.Statement) []string {
	e := p.EffectOf(s)
	if e == nil || !s.Node.GetDropStmt().GetMissingOk() {
		return nil
	}
	var missed []string
	for _, notice := range e.Notices {
		m := missingObject.FindStringSubmatch(notice)
		if m != nil && !missedRemoval(s, m[1]).Name.Kind.IsPart() {
			missed = append(missed, m[1])
		}
	}
	return missed
}

// lastMadeIn returns which statement of a migration, from 1, makes an object last, or gives
// something its name.
func lastMadeIn(p *lint.Pass, m *lint.Migration) map[wholeName]int {
	last := map[wholeName]int{}
	for i, s := range m.Statements() {
		for _, n := range madeNames(s) {
			last[wholeNamed(p, n)] = i + 1
		}
		if e := p.EffectOf(s); e != nil {
			for _, o := range e.Created {
				last[wholeNamed(p, facts.Identity(facts.Kind(o.Kind), o.Name))] = i + 1
			}
		}
	}
	return last
}

// goneWith names the objects that are not there any more after a statement: what it
// drops, also through CASCADE, and what it gives another name.
func goneWith(p *lint.Pass, s *lint.Statement) []wholeName {
	var gone []wholeName
	for _, f := range s.Facts() {
		if f.Verb&(facts.Dropped|facts.Renamed|facts.Moved) != 0 && !f.Name.Kind.IsPart() {
			gone = append(gone, wholeNamed(p, f.Name))
		}
	}
	if e := p.EffectOf(s); e != nil {
		for _, o := range e.Dropped {
			gone = append(gone, wholeNamed(p, facts.Identity(facts.Kind(o.Kind), o.Name)))
		}
	}
	return gone
}
