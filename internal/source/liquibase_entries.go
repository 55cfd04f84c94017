package source

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// A liquibaseEntry is one element of a changelog.
type liquibaseEntry struct {
	kind   string // "include", "includeAll", "property", "changeSet", "logicalFilePath"
	values map[string]string
	inside []liquibaseEntry // of a changeset and its rollback: the changes, with their names as kinds
}

// liquibaseEntries reads a changelog. One that is no YAML, XML or JSON has none.
func liquibaseEntries(file, text string) []liquibaseEntry {
	if strings.HasSuffix(strings.ToLower(file), ".xml") {
		return liquibaseXML(text)
	}
	var document struct {
		Entries []map[string]any `yaml:"databaseChangeLog"`
	}
	if err := yaml.Load([]byte(text), &document); err != nil {
		return nil
	}
	var all []liquibaseEntry
	for _, element := range document.Entries {
		for kind, content := range element {
			all = append(all, liquibaseYAML(kind, content))
		}
	}
	return all
}

// liquibaseYAML takes an element apart, of which lists hold changes: those of
// "changes" stand in XML beside the other elements of a changeset.
func liquibaseYAML(kind string, content any) liquibaseEntry {
	e := liquibaseEntry{kind: kind, values: map[string]string{}}
	switch c := content.(type) {
	case map[string]any:
		for name, value := range c {
			e.addYAML(name, value)
		}
	case []any:
		e.addChanges(c)
	default:
		e.values["value"] = fmt.Sprint(c)
	}
	return e
}

func (e *liquibaseEntry) addYAML(name string, value any) {
	list, isList := value.([]any)
	switch {
	case name == "changes" && isList:
		e.addChanges(list)
	case isList || name == "rollback" || isMap(value):
		e.inside = append(e.inside, liquibaseYAML(name, value))
	default:
		e.values[name] = fmt.Sprint(value)
	}
}

func isMap(value any) bool {
	_, ok := value.(map[string]any)
	return ok
}

func (e *liquibaseEntry) addChanges(list []any) {
	for _, change := range list {
		fields, _ := change.(map[string]any)
		for kind, content := range fields {
			e.inside = append(e.inside, liquibaseYAML(kind, content))
		}
	}
}

// liquibaseXML reads elements to the depth of a rollback's changes.
func liquibaseXML(text string) []liquibaseEntry {
	const deepest = 4 // databaseChangeLog, changeSet, rollback, sqlFile
	decoder := xml.NewDecoder(strings.NewReader(text))
	decoder.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // names are ASCII
	open := []liquibaseEntry{{}}
	for depth := 0; ; {
		token, err := decoder.Token()
		if err != nil {
			for ; len(open) > 1; open = closeElement(open) {
			}
			return slices.Concat(open[0].logicalPath(), open[0].inside)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; depth == 1 {
				open[0].values = xmlAttributes(t)
			} else if depth <= deepest {
				open = append(open, liquibaseEntry{kind: t.Name.Local, values: xmlAttributes(t)})
			}
		case xml.EndElement:
			if depth > 1 && depth <= deepest {
				open = closeElement(open)
			}
			depth--
		case xml.CharData:
			if depth > 1 && depth <= deepest {
				open[len(open)-1].values["value"] += strings.TrimSpace(string(t))
			}
		}
	}
}

// closeElement puts the element that was opened last into the one around it.
func closeElement(open []liquibaseEntry) []liquibaseEntry {
	last := len(open) - 1
	around := &open[last-1]
	around.inside = append(around.inside, open[last])
	return open[:last]
}

func xmlAttributes(e xml.StartElement) map[string]string {
	values := map[string]string{}
	for _, a := range e.Attr {
		values[a.Name.Local] = a.Value
	}
	return values
}

// logicalPath is an attribute in XML and an entry of its own in YAML.
func (e liquibaseEntry) logicalPath() []liquibaseEntry {
	if e.values["logicalFilePath"] == "" {
		return nil
	}
	return []liquibaseEntry{{kind: "logicalFilePath", values: map[string]string{"value": e.values["logicalFilePath"]}}}
}
