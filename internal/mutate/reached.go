package mutate

import (
	"regexp"
	"strings"
)

// Reached makes every object of the schema public in another schema, which the search
// path of the sessions begins with: what names no schema stays as it is written.
func Reached() Mutation {
	inOther := regexp.MustCompile(`"?\b` + otherSchema + `"?\.|\bpublic\.`)
	otherOne := regexp.MustCompile(`\b` + otherSchema + `\b`)
	return Mutation{
		Name:  "reached",
		Apply: reachScript,
		Undo: func(text string) string {
			return otherOne.ReplaceAllString(inOther.ReplaceAllString(text, ""), "public")
		},
	}
}

// InPublic takes a text about a script that went through Reached back to the schema of
// before, with its name.
func InPublic(text string) string { return strings.ReplaceAll(text, otherSchema, "public") }

func reachScript(s Script) Script {
	out := Script{
		Base:       "CREATE SCHEMA " + otherSchema + ";\n" + rewriteWords(s.Base, reachWord),
		SearchPath: []string{otherSchema, "public"},
	}
	for _, text := range s.New {
		out.New = append(out.New, rewriteWords(text, reachWord))
	}
	return out
}

func reachWord(s sentence, i int) string {
	w := s[i]
	if literal := stringText(w.text); literal == "public" || strings.HasPrefix(literal, "public.") {
		return "'" + otherSchema + strings.TrimPrefix(literal, "public") + "'"
	}
	if w.name() == "public" && w.text != "PUBLIC" { // which is every role
		return otherSchema
	}
	return w.text
}
