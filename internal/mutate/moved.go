package mutate

import (
	"fmt"
	"regexp"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// otherSchema is where relations move to.
const otherSchema = "elsewhere"

// Moved puts every relation of the base's public schema into another schema at
// the base's end, and with it its indexes and the sequences its columns own;
// what the scripts make later is made there as well. Types, functions and
// sequences of nobody stay where they are.
func Moved() Mutation {
	inOther := regexp.MustCompile(`"?\b` + otherSchema + `"?\.|\bpublic\.`)
	return Mutation{
		Name:  "moved",
		Apply: moveScript,
		Undo:  func(text string) string { return inOther.ReplaceAllString(text, "") },
	}
}

func moveScript(s Script) Script {
	base := s.Base + "\nCREATE SCHEMA " + otherSchema + ";"
	moving, bare := map[string]bool{}, map[string]bool{} // bare: written without a schema, as RENAME TO has it
	for _, r := range relationsOf(s.Base) {
		if r.schema == "" && !r.temporary {
			moving[r.name] = true
			base += fmt.Sprintf("\nALTER %s %s SET SCHEMA %s;", r.kind, r.sql(), otherSchema)
		}
	}
	for _, text := range s.New {
		for _, r := range relationsMade(text) {
			moving[r.name] = moving[r.name] || r.schema == "" && !r.temporary
			bare[r.name] = r.kind == ""
		}
	}
	for _, name := range ownedSequences(strings.Join(append([]string{s.Base}, s.New...), "\n")) {
		moving[name] = true
	}
	change := func(s sentence, i int) string { return moveWord(moving, s, i) }
	out := Script{Base: base + "\n", Names: map[string]string{}}
	for name, moves := range moving {
		if moves && !bare[name] {
			out.Names[name] = otherSchema + "." + name
		}
	}
	for _, text := range s.New {
		out.New = append(out.New, rewriteWords(text, change))
	}
	return out
}

func moveWord(moving map[string]bool, s sentence, i int) string {
	w := s[i]
	switch {
	case s.namesRelation(i):
		return moveLiteral(moving, w.text)
	case w.name() == "public" && s.at(i+1) == "." && i+2 < len(s) && (moving[s[i+2].name()] || s.listsIndexes(i)):
		return otherSchema
	case s.at(i-1) == ".":
		return w.text
	case s.listsIndexes(i) && w.name() != "" && s.at(i+1) != ".":
		return otherSchema + "." + w.text
	case moving[w.name()] && s.isRelation(i):
		return otherSchema + "." + w.text
	}
	return w.text
}

func moveLiteral(moving map[string]bool, literal string) string {
	name := strings.TrimPrefix(stringText(literal), "public.")
	if !moving[strings.Trim(name, `"`)] {
		return literal
	}
	return "'" + otherSchema + "." + name + "'"
}

// isRelation reports whether the name of a relation at a place means it, not a
// column, alias or constraint of that name, nor qualifies a column in a query,
// where PostgreSQL takes it without the schema.
func (s sentence) isRelation(i int) bool {
	switch s.at(i - 1) {
	case "as", "constraint", "%":
		return false
	case "to":
		return s.begins("create") // a rule: ON INSERT TO orders
	case "column":
		return s.begins("comment on")
	case "using":
		return !s.begins("create index") && !s.begins("create unique index")
	}
	if s.at(i+1) == "." {
		return s.begins("comment on") || s.at(i-1) == "by" || s.at(i+3) == "%"
	}
	return true
}

// listsIndexes reports whether an index stands at a place: DROP INDEX
// CONCURRENTLY IF EXISTS here, here.
func (s sentence) listsIndexes(i int) bool {
	if s.begins("drop index") || s.begins("alter index") {
		return i > 1 && s.isIndexWord(i)
	}
	return s.begins("reindex") && s.at(i-1) == "index" && s.isIndexWord(i)
}

func (s sentence) isIndexWord(i int) bool {
	switch s.at(i - 1) {
	case "index", "concurrently", "exists", ",", "partition":
		return s[i].Token == pg.Token_IDENT
	case ".":
		return true
	}
	return false
}
