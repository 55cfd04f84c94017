package mutate

import (
	"strings"
	"unicode"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// Quoted gives what the scripts make (relations, columns, constraints, indexes,
// types and so on) mixed-case names, which have to be quoted everywhere:
// "Orders", "User_Id". Names that are also words of SQL, or of an operator class,
// type or function that the scripts do not make, stay as they are.
func Quoted() Mutation {
	return Mutation{
		Name:  "quoted",
		Apply: quoteScript,
		Undo:  func(text string) string { return strings.ReplaceAll(strings.ToLower(text), `"`, "") },
	}
}

// mixedCase is the new name for one in lower case: user_id becomes User_Id.
func mixedCase(name string) string {
	upper := true
	return strings.Map(func(r rune) rune {
		c := r
		if upper {
			c = unicode.ToUpper(r)
		}
		upper = r == '_'
		return c
	}, name)
}

func quoteScript(s Script) Script {
	names := namesMade(append([]string{s.Base}, s.New...))
	change := func(s sentence, i int) string { return quoteWord(names, s, i) }
	out := Script{Base: rewriteWords(s.Base, change), Names: map[string]string{}}
	for name := range names.made {
		if mixed := names.mixed(name); mixed != name {
			out.Names[name] = mixed
		}
	}
	for _, text := range s.New {
		out.New = append(out.New, rewriteWords(text, change))
	}
	return out
}

func quoteWord(names names, s sentence, i int) string {
	w := s[i]
	if s.namesRelation(i) {
		return quoteLiteral(names, w.text)
	}
	if s.at(i-4) == "pg_get_serial_sequence" && s.at(i-1) == "," { // its column is read as it stands
		return "'" + names.mixed(stringText(w.text)) + "'"
	}
	if w.Token != pg.Token_IDENT {
		return w.text
	}
	if name := names.mixed(w.name()); name != w.name() {
		return quotedName(name)
	}
	return w.text
}

// quoteLiteral quotes the relation that a string names.
func quoteLiteral(names names, literal string) string {
	schema, name, qualified := strings.Cut(stringText(literal), ".")
	if !qualified {
		schema, name = "", schema
	}
	mixed := names.mixed(name)
	if mixed == name {
		return literal
	}
	if qualified {
		schema += "."
	}
	return "'" + schema + quotedName(mixed) + "'"
}

func quotedName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
