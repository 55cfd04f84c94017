package rules

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// A longName is a name beyond 63 bytes that a statement gives to something.
type longName struct {
	name    string
	start   int32        // in the statement
	of      []facts.Name // what gets it, as it is cut: of a primary key the index, too
	maybe   bool         // if there is such a name, nothing is made and nothing fails
	inBlock bool         // of DO

	statement *lint.Statement
	place     int // of the statement in the history
}

func (n longName) isThe(other longName) bool {
	return n.statement == other.statement && n.start == other.start
}

// givenLongNames are those of a statement and of the DO block that it is.
func givenLongNames(s *lint.Statement) (given []longName) {
	if s.Node.GetDoStmt() == nil {
		if givesNames(s.Node) {
			given = namesOf(longNames(s.SQL), s.Facts())
		}
	} else if b, found := bodyOf(s); found {
		catches := len(handlersIn(b.text)) > 0
		for c := range b.commands() {
			given = append(given, namesInBlock(b, c, catches)...)
		}
	}
	for i := range given {
		given[i].statement = s
	}
	return given
}

func namesInBlock(b body, c codeCommand, catches bool) (given []longName) {
	if c.Dynamic || c.End > len(b.text) {
		return nil
	}
	for _, inner := range c.Statements {
		if !givesNames(inner.Node) {
			continue
		}
		for _, n := range namesOf(longNames(b.text[c.Start:c.End]), inner.Facts()) {
			n.start, n.inBlock, n.maybe = b.location(c.Start+int(n.start)), true, n.maybe || catches
			given = append(given, n)
		}
	}
	return given
}

// namesOf finds out what gets each name.
func namesOf(names []longName, all []facts.Fact) []longName {
	for i, n := range names {
		for _, f := range all {
			if to, gives := nameGiven(f); gives && to.Name == cutName(n.name) && !to.Kind.IsRoutine() {
				names[i].of, names[i].maybe = append(names[i].of, to), f.Maybe
			}
		}
	}
	return names
}

func nameGiven(f facts.Fact) (n facts.Name, gives bool) {
	switch {
	case f.Verb&facts.Made != 0:
		return f.Name, true
	case f.Verb&facts.Renamed != 0 && f.To != nil:
		return *f.To, true
	}
	return n, false
}

// cutName is what PostgreSQL makes of a name.
func cutName(name string) string {
	end := min(len(name), facts.MaxIdentifier)
	for end < len(name) && !utf8.RuneStart(name[end]) {
		end--
	}
	return name[:end]
}

// longNamesGiven are those of a history, by what must be unique.
type longNamesGiven struct {
	names map[facts.Name][]longName
	drops []droppedName
}

// A droppedName is a statement that drops or renames something, by whatever long name.
type droppedName struct {
	sql   string
	place int
}

func readLongNames(p *lint.Pass) longNamesGiven {
	given := longNamesGiven{names: map[facts.Name][]longName{}}
	for place, s := range p.Statements() {
		if !mayHaveLongName(s.SQL) {
			continue
		}
		if facts.Verbs(s.Facts())&(facts.Dropped|facts.Renamed) != 0 {
			given.drops = append(given.drops, droppedName{s.SQL, place})
		}
		for _, n := range givenLongNames(s) {
			n.place = place
			for _, of := range n.of {
				given.names[uniqueIn(of)] = append(given.names[uniqueIn(of)], n)
			}
		}
	}
	return given
}

// uniqueIn is a name as far as no two things may have it.
func uniqueIn(n facts.Name) facts.Name {
	n.Kind, n.Args = n.Kind.Space(), ""
	if n.Schema == "" {
		n.Schema = "public"
	}
	return n
}

// nameMet returns the other name before this one that is the same when it is cut; nil when
// there is none, or what had it lost it by that name.
func nameMet(p *lint.Pass, n longName) (other *longName, as facts.Name) {
	given := lint.Remember(p, func() longNamesGiven { return readLongNames(p) })
	for _, of := range n.of {
		for _, other := range given.names[uniqueIn(of)] {
			isBefore := other.place < p.Place() || other.place == p.Place() && other.start < n.start
			if isBefore && other.name != n.name && !given.isDropped(other, p.Place()) {
				return &other, of
			}
		}
	}
	return nil, facts.Name{}
}

func (g longNamesGiven) isDropped(n longName, before int) bool {
	for _, d := range g.drops {
		if n.place < d.place && d.place <= before && strings.Contains(d.sql, n.name) {
			return true
		}
	}
	return false
}

// longNamesReviewed are the long names that a review gives outside of DO blocks.
type longNamesReviewed []longName

// firstLongName is the one that is told for all, and how many others there are, in words.
func firstLongName(p *lint.Pass) (first longName, others string) {
	all := lint.Remember(p, func() longNamesReviewed {
		var all longNamesReviewed
		for _, m := range p.History.New {
			for _, s := range m.Statements() {
				if s.Node.GetDoStmt() == nil && mayHaveLongName(s.SQL) {
					all = append(all, givenLongNames(s)...)
				}
			}
		}
		return all
	})
	if len(all) == 0 {
		return longName{}, ""
	}
	if n := len(all) - 1; n > 0 {
		others = " (as " + noun.Count(n, "more name") + " of this review)"
	}
	return all[0], others
}

// drizzleTool cuts its own names alike wherever it uses them.
const drizzleTool = "Drizzle"

var longWord = lazyregexp.New(`\b[A-Za-z0-9]\w*_\w{20,}\b`)

// givesSuchNames tells whether long names are nobody's doing here, or a habit.
func givesSuchNames(p *lint.Pass) bool {
	type habit bool
	return p.History.Tool == drizzleTool || bool(lint.Remember(p, func() habit {
		for _, m := range p.History.Base {
			for _, word := range longWord.FindAllString(m.Source, -1) {
				if len(word) > facts.MaxIdentifier {
					return true
				}
			}
		}
		return false
	}))
}

// uncut is a name with all that tells it from another one.
func uncut(name string) string {
	const shown = 200
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, name)
	if len(name) > shown {
		return strings.ToValidUTF8(name[:shown], "") + "…"
	}
	return name
}

// givesNames leaves out statements that only use names: those are cut alike
// and find what they mean.
func givesNames(n *pg.Node) bool {
	if facts.IsQuery(n) {
		return false
	}
	switch n.GetNode().(type) {
	case nil, *pg.Node_DropStmt, *pg.Node_DoStmt, *pg.Node_CommentStmt, *pg.Node_VariableSetStmt, *pg.Node_GrantStmt, *pg.Node_CopyStmt:
		return false
	}
	return true
}

// mayHaveLongName spares most statements the scan.
func mayHaveLongName(sql string) bool {
	if strings.Contains(sql, `"`) && len(sql) > facts.MaxIdentifier {
		return true
	}
	run := 0
	for i := range len(sql) {
		if !isNameByte(sql[i]) {
			run = 0
			continue
		}
		if run++; run > facts.MaxIdentifier {
			return true
		}
	}
	return false
}

func isNameByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_' || b == '$' || b >= 0x80
}

// longNames finds the names beyond the limit, each once. The parse tree has
// them cut already.
func longNames(sql string) (found []longName) {
	tokens, err := lint.Scan(sql)
	if err != nil {
		return nil
	}
	seen := map[string]bool{}
	for i, t := range tokens {
		if t.Token != pg.Token_IDENT || usesName(tokens[:i]) {
			continue
		}
		name := sql[t.Start:t.End]
		if strings.HasPrefix(name, `"`) {
			name = strings.ReplaceAll(strings.Trim(name, `"`), `""`, `"`)
		} else {
			name = strings.ToLower(name)
		}
		if len(name) > facts.MaxIdentifier && !seen[name] {
			seen[name] = true
			found = append(found, longName{name: name, start: t.Start})
		}
	}
	return found
}

// usesName tells whether what is named behind some words has its name already: DROP
// CONSTRAINT IF EXISTS, ALTER TABLE ONLY, RENAME COLUMN.
func usesName(before []*pg.ScanToken) bool {
	last := func(words ...pg.Token) bool {
		n := len(before)
		if n == 0 || !slices.Contains(words, before[n-1].Token) {
			return false
		}
		before = before[:n-1]
		return true
	}
	for last(pg.Token_IF_P, pg.Token_EXISTS, pg.Token_ONLY) {
	}
	last(pg.Token_CONSTRAINT, pg.Token_COLUMN, pg.Token_TABLE, pg.Token_INDEX, pg.Token_SEQUENCE, pg.Token_VIEW, pg.Token_TYPE_P)
	return last(pg.Token_DROP, pg.Token_ALTER, pg.Token_VALIDATE, pg.Token_RENAME)
}
