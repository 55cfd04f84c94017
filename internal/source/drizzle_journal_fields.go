package source

import "strings"

// plainFields returns the fields of a JSON object as drizzle-kit writes them, each
// with its value as it stands there: {"idx": 0, "when": 1700000000000, "tag":
// "0000_init", "breakpoints": true}. ok is false for an object that holds another,
// a list or an escape, for which encoding/json is asked; it takes five times as
// long. The text is valid JSON.
func plainFields(text string) (fields map[string]string, ok bool) {
	text = strings.TrimSpace(text)
	if len(text) < 2 || text[0] != '{' || strings.ContainsAny(text[1:], `\{[`) {
		return nil, false
	}
	fields = map[string]string{}
	rest := skipBlanks(text[1:])
	for rest != "" && rest[0] == '"' {
		name, behind, found := strings.Cut(rest[1:], `"`)
		if !found {
			return nil, false
		}
		value := skipBlanks(skipBlanks(behind)[1:]) // behind the colon
		end := strings.IndexAny(value, ",} \t\r\n")
		if value[0] == '"' {
			end = strings.IndexByte(value[1:], '"') + 2
		}
		fields[name] = value[:end]
		rest = skipBlanks(value[end:])
		if rest[0] == ',' {
			rest = skipBlanks(rest[1:])
		}
	}
	return fields, true
}

func skipBlanks(text string) string { return strings.TrimLeft(text, " \t\r\n") }
