package newer

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// enforcement looks at [NOT] ENFORCED, the tokens from i up to j. For a constraint that
// stands by itself NOT VALID is nearest to NOT ENFORCED; one of a column takes none.
func (b *bridge) enforcement(i, j int) int {
	not := j-i == 2
	if k, altered := b.alteredConstraint(i); altered {
		kind := AlterEnforced
		if not {
			kind = AlterNotEnforced
		}
		b.blank(i, j)
		b.add(kind, i, j, b.start(k))
		return j
	}
	head, found := b.constraintHead(i)
	if !found {
		return i
	}
	kind := Enforced
	b.blank(i, j)
	if not {
		kind = NotEnforced
		if b.standsAlone(head) {
			b.write(i, j, "NOT VALID")
		}
	}
	b.add(kind, i, j, b.start(head))
	return j
}

// inherit looks at [NO] INHERIT of ALTER CONSTRAINT, the tokens from i up to j.
func (b *bridge) inherit(i, j int) int {
	k, altered := b.alteredConstraint(i)
	if !altered {
		return i
	}
	b.blank(i, j)
	b.add(AlterInherit, i, j, b.start(k))
	return j
}

func (b *bridge) no(i int) int {
	if !b.is(i, "NO", "INHERIT") {
		return i
	}
	head, found := b.constraintHead(i)
	if b.is(i-2, "NOT", "NULL") && found && !b.standsAlone(head) {
		b.blank(i, i+2)
		b.add(NotNullNoInherit, i, i+2, b.start(head))
		return i + 2
	}
	return b.inherit(i, i+2)
}

// alteredConstraint returns the ALTER of ALTER CONSTRAINT c before token i.
func (b *bridge) alteredConstraint(i int) (alter int, found bool) {
	for k := range b.back(i) {
		if b.is(k, "ALTER", "CONSTRAINT") && k+2 < i {
			return k, true
		}
	}
	return 0, false
}

// constraintHead returns the first token of the constraint that token i is an
// attribute of: CONSTRAINT where it has a name.
func (b *bridge) constraintHead(i int) (head int, found bool) {
	for k := range b.back(i) {
		switch {
		case b.is(k, "REFERENCES"):
			return b.named(b.foreignKey(k)), true
		case b.isOneOf(k, "CHECK", "UNIQUE", "EXCLUDE"), b.is(k, "PRIMARY", "KEY"), b.is(k, "NOT", "NULL"), b.is(k, "GENERATED", "ALWAYS"):
			return b.named(k), true
		}
	}
	return 0, false
}

// foreignKey returns the FOREIGN of FOREIGN KEY (a) REFERENCES, REFERENCES itself where
// a column has it.
func (b *bridge) foreignKey(references int) int {
	if b.word(references-1) != ")" {
		return references
	}
	open := b.inside[references-1]
	if open >= 2 && b.closes[open] == references-1 && b.is(open-2, "FOREIGN", "KEY") {
		return open - 2
	}
	return references
}

// named returns the CONSTRAINT that gives the constraint at token i its name, i itself
// where it has none.
func (b *bridge) named(i int) int {
	if b.word(i-2) == "CONSTRAINT" {
		return i - 2
	}
	return i
}

// standsAlone tells whether a constraint is one of a table and not behind a column.
func (b *bridge) standsAlone(head int) bool {
	switch b.word(head - 1) {
	case "ADD":
		return true
	case "(", ",":
		return b.depth[head] == 1
	}
	return false
}

// notNull looks at NOT NULL that is a constraint of a table or of a domain. Where its
// column stands, only a name may, so the whole gives way to a CHECK.
func (b *bridge) notNull(i int) int {
	head := b.named(i)
	if !b.standsAlone(head) || !b.isOneOf(0, "ALTER", "CREATE") {
		return i
	}
	if b.word(1) == "DOMAIN" {
		if b.write(i, i+2, notNullStandIn) {
			b.add(DomainNotNull, i, i+2, b.start(head))
		}
		return i + 2
	}
	column, isName := b.name(i + 2)
	if !isName || !b.write(i, i+3, notNullStandIn) {
		return i
	}
	b.add(NotNullConstraint, i, i+3, b.start(head)).column = column
	return i + 3
}

// notNullStandIn is as long as NOT NULL.
const notNullStandIn = "CHECK(0)"

// name returns token i as PostgreSQL folds it, if it is a name.
func (b *bridge) name(i int) (name string, isName bool) {
	if i >= len(b.tokens) {
		return "", false
	}
	t := b.tokens[i]
	text := b.text[t.Start:t.End]
	switch {
	case t.Token == pg.Token_UIDENT || text == "":
		return "", false
	case text[0] == '"':
		return strings.ReplaceAll(text[1:max(1, len(text)-1)], `""`, `"`), len(text) > 2
	case t.Token == pg.Token_IDENT || t.KeywordKind != pg.KeywordKind_NO_KEYWORD:
		return mapASCII('A', 'Z', text), true
	}
	return "", false
}

// generated looks at generated columns that are not STORED.
func (b *bridge) generated(i int) int {
	if !b.is(i, "GENERATED", "ALWAYS", "AS", "(") {
		return i
	}
	end := min(b.closes[i+3]+1, len(b.tokens))
	switch b.word(end) {
	case "STORED":
		return end
	case "VIRTUAL":
		b.write(end, end+1, "STORED")
		end++
	default:
		b.write(i, i+3, "DEFAULT")
	}
	b.add(Virtual, i, end, b.start(b.named(i)))
	return end
}

func (b *bridge) withoutOverlaps(i int) int {
	open := b.inside[i]
	if !b.is(i, "WITHOUT", "OVERLAPS", ")") || open < 1 {
		return i
	}
	head := open - 1
	if b.is(open-2, "PRIMARY", "KEY") {
		head--
	}
	b.blank(i, i+2)
	b.add(WithoutOverlaps, i, i+2, b.start(b.named(head)))
	return i + 2
}

// period looks at the last column of a foreign key, and of what it references.
func (b *bridge) period(i int) int {
	open := b.inside[i]
	if _, isName := b.name(i + 1); !isName || b.word(i+2) != ")" || b.word(i-1) != "," || open < 1 {
		return i
	}
	head, found := open-2, b.is(open-2, "FOREIGN", "KEY")
	if !found {
		head, found = b.constraintHead(open)
	} else {
		head = b.named(head)
	}
	if !found {
		return i
	}
	b.blank(i, i+1)
	b.add(Period, i, i+1, b.start(head))
	return i + 1
}
