package mutate

import (
	"fmt"
	"strings"
)

// renamedPrefix is what new names begin with.
const renamedPrefix = "newly_"

// Renamed gives every relation of the base another name at its end, as a
// migration would that ran before those under review. What PostgreSQL named
// after the old one, orders_pkey, keeps that name.
func Renamed() Mutation {
	return Mutation{
		Name:  "renamed",
		Apply: renameScript,
		Undo:  func(text string) string { return strings.ReplaceAll(text, renamedPrefix, "") },
	}
}

func renameScript(s Script) Script {
	names := map[string]bool{}
	base := s.Base
	for _, r := range relationsOf(s.Base) {
		names[r.name] = true
		base += fmt.Sprintf("\nALTER %s %s RENAME TO %s;", r.kind, r.sql(), quotedIfNeeded(renamedPrefix+r.name))
	}
	change := func(s sentence, i int) string { return renameWord(names, s, i) }
	out := Script{Base: base + "\n", Names: map[string]string{}}
	for name := range names {
		out.Names[name] = renamedPrefix + name
	}
	for _, text := range s.New {
		out.New = append(out.New, rewriteWords(text, change))
	}
	return out
}

func renameWord(names map[string]bool, s sentence, i int) string {
	w := s[i]
	if s.namesRelation(i) {
		return renameLiteral(names, w.text)
	}
	if !names[w.name()] {
		return w.text
	}
	if strings.HasPrefix(w.text, `"`) {
		return quotedName(renamedPrefix + w.name())
	}
	return quotedIfNeeded(renamedPrefix + w.name())
}

// renameLiteral renames the relation in a string: 'orders', 'public.orders'.
func renameLiteral(names map[string]bool, literal string) string {
	schema, name, qualified := strings.Cut(stringText(literal), ".")
	if !qualified {
		schema, name = "", schema
	}
	bare := strings.Trim(name, `"`)
	if !names[bare] {
		return literal
	}
	if qualified {
		schema += "."
	}
	return "'" + schema + quotedIfNeeded(renamedPrefix+bare) + "'"
}

// quotedIfNeeded writes a name; no new name is a word of SQL.
func quotedIfNeeded(name string) string {
	for _, r := range name {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' {
			return quotedName(name)
		}
	}
	return name
}
