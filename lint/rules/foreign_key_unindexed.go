package rules

import (
	"regexp"
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/plpgsql"
)

var foreignKeyUnindexed = &lint.Rule{
	ID: "foreign-key-unindexed", Group: lint.GroupCascade, Severity: lint.Notice,
	On:    facts.Made | facts.Ran,
	Title: "No index begins with the columns of a foreign key",
	Why: "PostgreSQL makes no index for the referencing side. Every `DELETE` in the referenced table, and every `UPDATE` of its key, looks for referencing rows; without an index it reads the whole table, once for each row, whatever the action. " +
		"A new table is small today; that is why this is said while the index costs nothing. An index that a later statement of the review adds counts, and so does one that leaves out only NULL, or begins with one column of a key of several.\n\n" +
		"A warning for `CASCADE`, `SET NULL` and `SET DEFAULT`, which say that rows of the referenced table are deleted.\n\n" +
		"Silent where the key refuses (`NO ACTION`, `RESTRICT`) to let rows of a lookup table go: migrations bring its rows, as of currencies, with their codes, when they make it, it has few columns and no key of its own, and no migration deletes from it. " +
		"Columns such as `created_by` are told of once for all tables of the review.",
	Fix: "```sql\nCREATE INDEX CONCURRENTLY orders_customer_id_idx ON orders (customer_id);\n```\n\nAn index that begins with a column of the key is enough: `(customer_id, created_at)`. When rows of the referenced table are never deleted, ignore it with that reason.",
	Check: func(p *lint.Pass) {
		for _, k := range foreignKeys(p, p.Statement) {
			checkUnindexed(p, k)
		}
		for _, k := range keysInCode(p) {
			t, columns := p.TableFinal(k.table), finalNames(p, k)
			if !isIndexedByCode(p, k) && (t == nil || !isIndexed(t, columns)) && !keepsLookupRows(p, k) {
				reportUnindexed(p, k, t, columns)
			}
		}
	},
}

// keysInCode returns the foreign keys that a DO block of which no server told anything adds
// by its text.
func keysInCode(p *lint.Pass) (keys []foreignKey) {
	if p.Node().GetDoStmt() == nil || p.Effect() != nil {
		return nil
	}
	for c := range writtenCommands(p.Statement) {
		for _, s := range c.Statements {
			if c.Open || c.Dynamic && strings.Contains(s.SQL, plpgsql.Placeholder) {
				continue
			}
			for _, k := range foreignKeys(p, s) {
				if k.location += int32(s.Start); c.Dynamic {
					k.location = int32(c.Start)
				}
				k.location = c.place(int(k.location))
				keys = append(keys, k)
			}
		}
	}
	return keys
}

// finalNames returns what the columns of a key are called in the end.
func finalNames(p *lint.Pass, k foreignKey) []string {
	names := slices.Clone(k.columns)
	for i, name := range names {
		if c := p.FinalColumn(k.table, name); c != nil {
			names[i] = c.Name
		}
	}
	return names
}

// isIndexedByCode tells whether a DO block of the review makes an index for a key.
func isIndexedByCode(p *lint.Pass, k foreignKey) bool {
	for block := range reviewedBlocks(p) {
		for c := range writtenCommands(block) {
			if slices.ContainsFunc(c.Statements, func(s *lint.Statement) bool { return indexesKey(s, k) }) {
				return true
			}
		}
	}
	return false
}

// indexesKey tells whether a statement makes an index that begins with a column of a key.
func indexesKey(s *lint.Statement, k foreignKey) bool {
	if index := s.Node.GetIndexStmt(); index != nil {
		return facts.SameRelation(index.Relation, k.table) && slices.Contains(k.columns, indexColumns(index)[0])
	}
	return slices.ContainsFunc(alterCommands(s), func(c alterCommand) bool {
		constraint := c.GetDef().GetConstraint()
		return facts.SameRelation(c.table, k.table) && len(constraint.GetKeys()) > 0 && slices.Contains(k.columns, facts.Words(constraint.Keys)[0])
	})
}

func checkUnindexed(p *lint.Pass, k foreignKey) {
	t, key, gone := finalKey(p, k)
	columns := k.columns
	if key != nil {
		columns = key.Columns // which may have other names in the end
	}
	if gone || t != nil && (isIndexed(t, columns) || copiesIndexes(p, k)) || refusedIndexServes(p, k) || keepsLookupRows(p, k) {
		return
	}
	reportUnindexed(p, k, t, columns)
}

// reportUnindexed is about a table as the review leaves it, if it is known, and what the
// columns of the key are called there.
func reportUnindexed(p *lint.Pass, k foreignKey, t *lint.Table, columns []string) {
	concurrently := onlyIf(!isNewHere(p, k.table), "CONCURRENTLY ")
	f := p.Reportf(k.location, "%s, so each DELETE in %s reads %s in full; CREATE INDEX %sON %s (%s)",
		whatIsMissing(k, t, columns), tableName(k.ref), tableName(k.table), concurrently, written(k.table), writtenColumns(k.columns))
	subject := k.side() + " to " + tableName(k.ref)
	if len(columns) == 1 && auditColumn.MatchString(k.columns[0]) {
		p.TellTogether(f, "the same goes for", subject)
	} else {
		p.TellInSeries(f, "no index"+concurrently, subject)
	}
	if k.onDelete == lint.CascadeTo || k.onDelete == lint.SetNull || k.onDelete == lint.SetDefault {
		f.Severity = lint.Warning // rows of the referenced table are meant to be deleted
	}
}

// auditColumn matches columns that say who did something to a row: many tables have them, and
// one decision is behind all.
var auditColumn = regexp.MustCompile(`(?i)^(created|updated|deleted|modified|inserted|changed|edited|archived|approved|reviewed|assigned|invited|granted|revoked|cancell?ed|published|uploaded|added|removed)_?by(_?(user_?)?id)?$`)

// keepsLookupRows tells whether a key refuses to let rows of a lookup table go: its few rows
// stay, since the migrations that brought them take none out, and no DELETE has to look.
func keepsLookupRows(p *lint.Pass, k foreignKey) bool {
	if !isRefusal(k.onDelete) {
		return false
	}
	_, is := p.LookupRows(k.ref)
	return is
}

// whatIsMissing says that no index serves a key, or that one would if it left out no rows.
func whatIsMissing(k foreignKey, t *lint.Table, columns []string) string {
	if t != nil {
		for _, ix := range t.Indexes {
			if !ix.Partial || !ix.Valid || len(ix.Columns) == 0 {
				continue
			}
			if i := slices.Index(columns, ix.Columns[0]); i >= 0 && i < len(k.columns) {
				return "the WHERE of the index that begins with " + tableName(k.table) + "." + k.columns[i] + " leaves out more than NULL"
			}
		}
	}
	return "no index begins with " + k.side()
}

// copiesIndexes tells whether the table of a key may have got indexes that its
// statements do not name, by LIKE or from its parent.
func copiesIndexes(p *lint.Pass, k foreignKey) bool {
	t := p.TableAfter(k.table)
	return t != nil && t.Partial && p.ObjectAfter(facts.Named(facts.Table, k.table)).Made() != nil
}

// refusedIndexServes tells whether the review makes an index for the key that only
// the trial's rows kept from being built.
func refusedIndexServes(p *lint.Pass, k foreignKey) bool {
	for e := range p.ObjectAfter(facts.Named(facts.Table, k.table)).Reviewed(p) {
		index, is := e.Tree.(*pg.IndexStmt)
		if effect := p.EffectOf(e.Statement); is && effect != nil && effect.Err != nil && effect.Err.SQLState == "23505" && slices.Contains(k.columns, indexColumns(index)[0]) {
			return true
		}
	}
	return false
}
