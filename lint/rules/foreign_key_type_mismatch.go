package rules

import (
	"fmt"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var foreignKeyTypeMismatch = &lint.Rule{
	ID: "foreign-key-type-mismatch", Group: lint.GroupCascade, Severity: lint.Warning,
	On:    facts.Made | facts.Changed,
	Title: "A foreign key's column cannot hold every key it references",
	Why: "PostgreSQL accepts an `integer` column that references a `bigint` key, or a shorter `varchar`. Once the referenced table has a key that does not fit, the row cannot be referenced at all: the insert fails with 22003 or 22001. " +
		"Making the column wider later rewrites the table. Other differences (a `date` that references a `timestamp`) convert at every check and are a notice. A wider integer than the key is harmless and not reported.\n\n" +
		"Making a referenced key wider (`integer` to `bigint`) leaves the columns that reference it as they are, which is reported of each of them.",
	Fix: "Declare the column with the type of the key it references.",
	Check: func(p *lint.Pass) {
		for _, k := range foreignKeys(p, p.Statement) {
			for i, pair := range typePairs(p, k) {
				reportMismatch(p, k, k.columns[i], pair)
			}
		}
		for _, c := range alterCommands(p.Statement) {
			if c.Subtype == pg.AlterTableType_AT_AlterColumnType {
				reportLeftBehind(p, c)
			}
		}
	},
}

// reportLeftBehind reports the keys to a column whose type changes that can no longer hold
// each of its values.
func reportLeftBehind(p *lint.Pass, c alterCommand) {
	for _, o := range p.Relation(c.table).Referrers() {
		own := p.FoldedAfter(o.Table())
		key := own.Constraint(o.Name(p).Name)
		if made := o.Made(); own == nil || key == nil || !key.IsEnforced() || made != nil && made.New { // one of the review is told of where it is made
			continue
		}
		k := foreignKey{
			name: key.Name, table: o.Table().Name(p).Relation(), columns: key.Columns,
			ref: c.table, refColumns: key.RefColumns, onDelete: key.OnDelete, location: c.location,
		}
		for i, pair := range typePairs(p, k) {
			if pair.refName == c.Name && misfit(pair.own, pair.ref) != convertsEachCheck {
				reportMismatch(p, k, k.columns[i], pair)
			}
		}
	}
}

// A typePair is the types of both sides of one column of a key.
type typePair struct {
	own, ref sqlvalue.Type
	refName  string
}

// typePairs returns one pair for each column of the key, with the types that the
// review leaves; nil when they are not known, or the key goes again.
func typePairs(p *lint.Pass, k foreignKey) []typePair {
	names := k.refColumns
	if len(names) == 0 {
		names = p.TableAfter(k.ref).PrimaryKey()
	}
	if len(names) != len(k.columns) {
		return nil
	}
	if _, _, gone := finalKey(p, k); gone {
		return nil
	}
	var pairs []typePair
	for i := range names {
		own, ref := lastColumn(p, k.table, k.columns[i]), lastColumn(p, k.ref, names[i])
		if own == nil || ref == nil {
			return nil
		}
		pairs = append(pairs, typePair{columnType(p, own), columnType(p, ref), names[i]})
	}
	return pairs
}

// columnType returns the type of a column, through its domains.
func columnType(p *lint.Pass, c *lint.Column) sqlvalue.Type {
	if c.Written != nil {
		return resolveType(p, c.Written)
	}
	return sqlvalue.ParseType(c.Base)
}

func reportMismatch(p *lint.Pass, k foreignKey, name string, pair typePair) {
	problem := misfit(pair.own, pair.ref)
	if problem == "" {
		return
	}
	f := p.Reportf(k.location, "%s.%s is %s but %s.%s is %s: %s; declare it %s",
		tableName(k.table), name, pair.own, tableName(k.ref), pair.refName, pair.ref, problem, pair.ref)
	if problem == convertsEachCheck {
		f.Severity = lint.Notice
	}
}

const convertsEachCheck = "every check has to convert"

// misfit says what is wrong with two types; "" when nothing is.
func misfit(own, ref sqlvalue.Type) string {
	ownBits, refBits := integerWidths[own.Name], integerWidths[ref.Name]
	switch {
	case !own.IsUnderstood() || !ref.IsUnderstood():
		return ""
	case ownBits > 0 && refBits > ownBits:
		return fmt.Sprintf("keys above %d cannot be referenced", int64(1)<<ownBits-1)
	case ownBits > 0 && refBits > 0:
		return ""
	case own.IsText() && ref.IsText():
		return shorterType(own, ref)
	case own.Name != ref.Name || own.Array != ref.Array:
		return convertsEachCheck
	}
	return ""
}

func shorterType(own, ref sqlvalue.Type) string {
	if len(own.Mods) == 0 || len(ref.Mods) > 0 && ref.Mods[0] <= own.Mods[0] {
		return ""
	}
	return fmt.Sprintf("keys longer than %d cannot be referenced", own.Mods[0])
}
