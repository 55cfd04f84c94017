package schema

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// isMadeAgain tells whether a table has what another one had: something of the kind and the
// name, even if it is defined otherwise now, or something that does the same under another
// name, as LIKE chooses it.
func isMadeAgain(o *Object, has []*Object) bool {
	return slices.ContainsFunc(has, func(other *Object) bool {
		switch {
		case other.Kind == o.Kind && (o.Kind == PrimaryKey || other.Name == o.Name || substance(other) == substance(o)):
			return true
		case isUnique(o):
			return isUnique(other) && access(other) == access(o)
		}
		return o.Kind == Index && serves(access(other), access(o))
	})
}

// substance is what an object says behind its name.
func substance(o *Object) string {
	definition := strings.TrimSuffix(o.Property("definition"), " NOT VALID")
	switch o.Kind {
	case Trigger:
		return from(definition, " BEFORE ", " AFTER ", " INSTEAD OF ")
	case Rule:
		return from(definition, " AS ON ")
	case Statistics:
		return from(definition, " ON ")
	case Policy:
		return strings.Join([]string{o.Property("command"), o.Property("restrictive"), o.Property("to"), o.Property("using"), o.Property("with check")}, "\n")
	case Index:
		return o.Property("unique") + definition
	}
	return definition
}

// from returns a text from the first of some words that it has.
func from(text string, words ...string) string {
	for _, w := range words {
		if i := strings.Index(text, w); i >= 0 {
			return text[i:]
		}
	}
	return text
}

func isUnique(o *Object) bool {
	return o.Kind == Unique || o.Kind == PrimaryKey || o.Kind == Index && o.Property("unique") != ""
}

// access writes the index of a key or index in one way: "USING btree (a, b)".
func access(o *Object) string {
	definition := o.Property("definition")
	switch o.Kind {
	case Index:
		return definition
	case PrimaryKey, Unique:
		if _, columns, is := strings.Cut(definition, "("); is {
			return "USING btree (" + columns
		}
	}
	return ""
}

// serves tells whether an index finds what another one does: it is over the same columns,
// or over these first.
func serves(index, other string) bool {
	return other != "" && (index == other || !strings.Contains(index, " WHERE ") && strings.HasPrefix(index, strings.TrimSuffix(other, ")")+", "))
}

// isOver tells whether an object is about one of some columns.
func isOver(o *Object, columns []string) bool {
	return slices.ContainsFunc(columns, func(name string) bool {
		return slices.Contains(o.Columns, name) || hasWord(o.Property("definition"), name)
	})
}

// staysWith returns what has meant a table and means it still under its new name. Its own
// parts are not told.
func staysWith(was, left *Object, before, after *Schema) []*Object {
	type identity struct {
		kind Kind
		id   string
	}
	known := map[identity]*Object{}
	for i := range before.Objects {
		o := &before.Objects[i]
		known[identity{o.Kind, o.id}] = o
	}
	var stays []*Object
	for i := range after.Objects {
		o := &after.Objects[i]
		earlier := known[identity{o.Kind, o.id}]
		if o.id == "" || earlier == nil || o.Kind == Publication || o.Within() == left.Within() {
			continue
		}
		if slices.ContainsFunc(o.Properties, func(p Property) bool {
			return hasName(earlier.Property(p.Name), was) && hasName(p.Value, left) && !hasName(p.Value, was)
		}) {
			stays = append(stays, o)
		}
	}
	return stays
}

// drawsFrom tells whether a column of a table takes its numbers from a sequence.
func drawsFrom(parts []*Object, sequence *Object) bool {
	return slices.ContainsFunc(parts, func(o *Object) bool { return o.Kind == Column && hasName(o.Property("default"), sequence) })
}

// hasName tells whether a text of the catalog has the full name of a table or sequence.
func hasName(text string, o *Object) bool {
	return hasWord(unquoted(text), o.Schema+"."+o.Name)
}

func unquoted(text string) string { return strings.ReplaceAll(text, `"`, "") }

// hasWord tells whether a text has a name that is no part of a longer one.
func hasWord(text, word string) bool {
	for i := strings.Index(text, word); i >= 0 && word != ""; {
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		behind, _ := utf8.DecodeRuneInString(text[i+len(word):])
		if !isOfName(before) && !isOfName(behind) {
			return true
		}
		next := strings.Index(text[i+len(word):], word)
		if next < 0 {
			return false
		}
		i += len(word) + next
	}
	return false
}

func isOfName(r rune) bool { return r == '_' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r) }
